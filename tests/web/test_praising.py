"""Praise: thanked, liked, asked to be quoted; nothing is sent by any of it."""

from __future__ import annotations

import pytest

import factories
from sanderling.cases.praising import praised
from sanderling.core.network import Limits, Unreachable
from sanderling.respond.models import Draft, Outgoing
from sanderling.triage.models import Verdict
from sanderling.web import hanging, praising

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}
LIMITS = Limits(public_length=280, direct_length=1000, counts="characters", keeps_keys=True)


class Deaf:
    """A network on which nothing can be liked."""

    name, limits = "deaf", LIMITS


class Kind:
    """A network that takes likes, or is away."""

    name, limits = "kind", LIMITS

    def __init__(self, away=False) -> None:
        self.away, self.liked = away, []

    def like(self, remote_id: str) -> None:
        if self.away:
            raise Unreachable("It does not answer.")
        self.liked.append(remote_id)


@pytest.fixture
def network(monkeypatch):
    def use(made):
        for module in (hanging, praising):
            monkeypatch.setattr(module, "network_for", lambda _: made)
        return made

    return use


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    return factories.case(
        factories.account(), factories.identity("Jo Veld"), "You are the best!", kind="praise"
    )


def do(client, case, what, **more):
    return client.post(f"/case/{case.pk}/praise/", {"do": what}, **more)


def page(client, case):
    return client.get(f"/case/{case.pk}/matters", headers=SCRIPT).text


def test_praise_is_liked_once_on_a_network_that_has_likes(client, case, network):
    made = network(Kind())
    assert ">Like<" in page(client, case)
    do(client, case, "like")
    assert made.liked == [case.about_post.remote_id]
    shown = page(client, case)
    assert ">Like<" not in shown
    assert "We liked the post." in shown


def test_where_nothing_can_be_liked_it_is_not_offered_and_refused_in_words(client, case, network):
    network(Deaf())
    assert ">Like<" not in page(client, case)
    said = do(client, case, "like", headers=SCRIPT)
    assert (said.status_code, said.json()["why"]) == (
        409, ["Posts cannot be liked on this network."]
    )  # fmt: skip


def test_a_like_that_the_network_did_not_take_is_no_like(client, case, network):
    network(Kind(away=True))
    said = do(client, case, "like", headers=SCRIPT)
    assert said.json()["why"] == ["The network did not take the like: It does not answer."]
    assert not praised([case.pk]).liked


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "Thank you, Jo"), ("de-AT", "Vielen Dank, Jo"), ("xx", "Thank you, Jo")],
)
def test_thanks_are_begun_in_the_language_of_the_praise_and_sent_by_nobody(
    client, ada, case, lang, words
):
    Verdict.objects.filter(post=case.about_post).update(lang=lang)
    do(client, case, "thank")
    do(client, case, "thank")  # pressing twice begins once
    assert Draft.objects.get().text.count(words) == 1
    assert not Outgoing.objects.exists()


def test_what_was_typed_before_stays_above_the_thanks(client, ada, case):
    client.post(f"/case/{case.pk}/draft/", {"room": "public", "text": "Hi!"})
    said = do(client, case, "thank", headers=SCRIPT).json()
    assert said["drafts"]["public"].startswith("Hi!\nThank you")


def test_who_says_yes_may_be_quoted_and_the_newest_word_counts(client, ada, case):
    do(client, case, "quote asked")
    assert "May we quote your words" in Draft.objects.get().text
    assert "What was the answer?" in page(client, case)
    do(client, case, "quote allowed")
    assert "may be quoted, written down by Ada Lund" in page(client, case)
    do(client, case, "quote refused")
    assert "may not be quoted" in page(client, case)
    assert praised([case.pk]).consent == "quote refused"


def test_what_is_no_act_is_refused(client, ada, case):
    assert do(client, case, "merge", headers=SCRIPT).status_code == 422
    assert praised([case.pk]).consent == ""


def test_a_complaint_is_not_offered_thanks(client, ada):
    case = factories.case(factories.account(), factories.identity())
    assert 'id="praise"' not in page(client, case)
