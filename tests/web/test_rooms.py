"""Two rooms on the page: the way, how a case ends, invitations, the lists, causes and persons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import factories
from sanderling.cases import causes
from sanderling.cases.models import Case, Clock
from sanderling.listen.models import Linking
from sanderling.listen.persons import link
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Outgoing
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}
HOSTILE = "<b>Jonas</b> \"'> {{ 7 * 7 }}"


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund", is_lead=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def ben(client):
    agent = factories.agent("Ben Ost")
    client.force_login(agent)
    return agent


@pytest.fixture
def case():
    return factories.case(factories.account(), factories.identity(), state="open")


@pytest.fixture
def in_private(case):
    """Our last word to a public complaint was private."""
    us = factories.identity("Northwind Care")
    answers = {"direction": "ours", "origin": "desk"}
    for ago, room in ((15, "public"), (10, "direct")):
        at = factories.NOW - timedelta(minutes=ago)
        post = factories.post(case.account, us, "Ours", room=room, created_at=at, **answers)
        factories.place(case, post, "us")
    return case


def end(client, case, **fields):
    fields.setdefault("seen", newest_post(case.pk))
    return client.post(f"/case/{case.pk}/resolve/", fields, headers=SCRIPT)


def again(case):
    return Case.objects.get(pk=case.pk)


# How it ends


def test_a_case_does_not_end_without_an_outcome(client, ada, case):
    answer = end(client, case)
    assert (answer.status_code, answer.json()["why"]) == (422, ["Say how it ended."])
    assert end(client, case, outcome="vanished").status_code == 422
    assert again(case).state == "open"


def test_an_outcome_and_a_cause_are_kept_and_told(client, ada, case):
    cause = causes.add_cause(name="Billing", parent=None, by=None, now=factories.NOW)
    assert 'value="never came"' not in client.get(f"/case/{case.pk}/").text
    assert (
        end(client, case, outcome="told we cannot", cause=cause, note="No tower").status_code == 200
    )
    assert (again(case).outcome, again(case).cause_id) == ("told we cannot", cause)
    told = client.get(f"/case/{case.pk}/timeline").text
    assert "resolved the case: Told honestly that we cannot. Cause: Billing. No tower" in told


def test_never_came_is_offered_only_to_who_was_invited_and_did_not_come(client, ada, case):
    assert end(client, case, outcome="never came").status_code == 422
    Case.objects.filter(pk=case.pk).update(invited_at=factories.NOW)
    assert 'value="never came"' in client.get(f"/case/{case.pk}/").text
    assert end(client, case, outcome="never came").status_code == 200


def test_a_cause_that_was_put_away_is_refused(client, ada, case):
    assert "not there any more" in end(client, case, outcome="solved", cause="77").json()["why"][0]
    assert again(case).state == "open"


# Public follow-up


def test_the_follow_up_is_a_step_only_where_it_will_be_owed(client, ada, case, in_private):
    assert "Public follow-up on Practice" in client.get(f"/case/{in_private.pk}/").text
    other = factories.case(factories.account(), factories.identity())
    assert "Public follow-up on" not in client.get(f"/case/{other.pk}/").text


def test_what_is_asked_at_the_end_can_be_asked_for_again(client, ada, case, in_private):
    part = client.get(f"/case/{case.pk}/ending").text
    assert "Public follow-up on Practice" in part
    assert 'data-asks="True-False"' in part
    assert 'data-asks="True-False"' in client.get(f"/case/{case.pk}/head").text


def test_writing_it_now_resolves_and_sends(client, ada, in_private):
    answer = end(client, in_private, outcome="solved", follow="now", text_follow="It is fixed.")
    sent = Outgoing.objects.get()
    assert answer.json()["outgoing"] == sent.pk
    assert (sent.room, sent.then, sent.text) == ("public", "wait", "It is fixed. ^AL")
    assert again(in_private).state == "resolved"
    assert again(in_private).owed_at is not None
    assert again(in_private).followed_at is None


@pytest.mark.parametrize(
    ("text", "why"), [("", "Write the public follow-up"), ("Card 4111 1111 1111 1111", "card")]
)
def test_a_follow_up_that_cannot_be_sent_ends_nothing(client, ada, in_private, text, why):
    answer = end(client, in_private, outcome="solved", follow="now", text_follow=text)
    assert answer.status_code == 422
    assert why in " ".join(answer.json()["why"])
    assert again(in_private).state == "open"
    assert not Outgoing.objects.exists()


def test_what_was_written_meanwhile_is_read_before_the_follow_up_leaves(client, ada, in_private):
    asked = end(client, in_private, outcome="solved", follow="now", text_follow="Fixed.", seen=1)
    assert asked.status_code == 409
    assert "wrote after this was begun" in asked.json()["why"][0]
    assert again(in_private).state == "open"
    known = asked.json()["seen"]
    end(client, in_private, outcome="solved", follow="now", text_follow="Fixed.", seen=known)
    assert again(in_private).state == "resolved"


def test_a_doubt_about_the_follow_up_is_asked_once(client, ada, in_private):
    said = {"outcome": "solved", "follow": "now", "text_follow": "We will get back to you soon."}
    asked = end(client, in_private, **said)
    assert (asked.status_code, asked.json()["ask"]) == (409, "Post it all the same")
    assert again(in_private).state == "open"
    end(client, in_private, **said, confirmed=asked.json()["confirmed"])
    assert again(in_private).state == "resolved"


def test_owing_it_is_seen_on_the_case_and_in_the_list(client, ada, in_private):
    end(client, in_private, outcome="solved", follow="owe")
    assert "A public follow-up is owed" in client.get(f"/case/{in_private.pk}/").text
    assert f"/case/{in_private.pk}/" in client.get("/lists/").text


def test_not_owing_it_needs_a_reason(client, ada, in_private):
    answer = end(client, in_private, outcome="solved", follow="not", why=" ")
    assert (answer.status_code, again(in_private).state) == (422, "open")
    end(client, in_private, outcome="solved", follow="not", why="They asked us not to")
    assert again(in_private).followed_at is not None
    assert "“They asked us not to”" in client.get(f"/case/{in_private.pk}/timeline").text


def test_a_debt_is_waived_later_with_a_reason(client, ada, in_private):
    end(client, in_private, outcome="solved", follow="owe")
    path = f"/case/{in_private.pk}/follow-up/"
    assert client.post(path, {"why": ""}, headers=SCRIPT).status_code == 422
    assert client.post(path, {"why": "They left"})["Location"] == f"/case/{in_private.pk}/"
    assert client.post(path, {"why": "Again"}, headers=SCRIPT).status_code == 422
    assert Clock.objects.get(kind="follow up").void_at is not None


def test_what_is_owed_by_a_case_that_became_part_of_another_is_seen_there(client, ada, in_private):
    end(client, in_private, outcome="solved", follow="owe")
    heir = factories.case(in_private.account, factories.identity(), state="waiting")
    Case.objects.filter(pk=in_private.pk).update(state="merged", merged_into=heir)
    assert "A public follow-up is owed" in client.get(f"/case/{heir.pk}/").text
    client.post(f"/case/{heir.pk}/follow-up/", {"why": "Told by phone"})
    assert again(in_private).followed_at is not None


# Inviting


def test_an_invitation_is_offered_in_words_and_said_with_the_answer(client, ada, case):
    page = client.get(f"/case/{case.pk}/").text
    assert 'data-invitation="Could you send us a direct message' in page
    fields = {"room": "public", "text_public": "Please write to us.", "invites": "yes"}
    fields["seen"] = newest_post(case.pk)
    client.post(f"/case/{case.pk}/send/", fields, headers=SCRIPT)
    assert Outgoing.objects.get().invites


def test_a_question_in_between_does_not_forget_the_invitation(client, ada, case):
    fields = {"room": "public", "text_public": "Please.", "invites": "yes", "seen": "0"}
    asked = client.post(f"/case/{case.pk}/send/", fields)
    assert 'name="invites" value="yes"' in asked.text


def test_who_came_is_not_invited_again(client, ada, case):
    Case.objects.filter(pk=case.pk).update(came_at=factories.NOW)
    assert "data-invitation" not in client.get(f"/case/{case.pk}/").text


def test_the_way_is_drawn_with_words(client, ada, case, in_private):
    head = client.get(f"/case/{case.pk}/head").text
    assert 'aria-label="The way of this case: acknowledged"' in head
    assert 'aria-current="step"' in head


# Lists


@pytest.mark.parametrize("name", ["owed", "invited", "silent"])
def test_an_empty_list_says_so(client, ben, name):
    page = client.get(f"/lists/{name}/").text
    assert 'aria-current="page"' in page
    assert 'class="empty"' in page


def test_a_list_that_there_is_not(client, ben):
    assert client.get("/lists/lost/").status_code == 404
    assert client.get("/lists/owed/?after=rubbish").status_code == 200


def test_a_list_is_walked_by_key(client, ben):
    account, now = factories.account(), datetime.now(UTC)
    for n in range(51):
        factories.case(
            account, factories.identity(HOSTILE), state="closed", owed_at=now - timedelta(hours=n),
            due_at=now,
        )  # fmt: skip
    first = client.get("/lists/owed/").text
    assert first.count('class="workitem"') == 50
    assert "<b>Jonas</b>" not in first
    assert '<span class="count">51</span>' in first
    more = first.split("/lists/owed/?after=")[1].split('"')[0]
    rest = client.get(f"/lists/owed/?after={more}").text
    assert rest.count('class="workitem"') == 1


# Causes


def test_only_leads_shape_the_causes(client, ben):
    assert client.get("/causes/").status_code == 403
    assert client.post("/causes/add/", {"name": "X"}).status_code == 403


def test_a_lead_adds_renames_and_puts_away(client, ada):
    client.post("/causes/add/", {"name": "Network"})
    [network] = causes.causes()
    client.post("/causes/add/", {"name": HOSTILE, "parent": network.id})
    page = client.get("/causes/").text
    assert "<b>Jonas</b>" not in page
    assert "&lt;b&gt;Jonas" in page
    client.post(f"/causes/{network.id}/change/", {"how": "rename", "name": "Coverage"})
    client.post(f"/causes/{network.id}/change/", {"how": "put away", "name": "Coverage"})
    assert causes.causes() == []
    assert "1 cause put away" in client.get("/causes/").text
    client.post(f"/causes/{network.id}/change/", {"how": "bring back"})
    assert [c.name for c in causes.causes()] == ["Coverage"]
    wrong = client.post("/causes/add/", {"name": "Coverage"}, headers=SCRIPT)
    assert (wrong.status_code, "already" in wrong.json()["why"][0]) == (422, True)


# Persons


def test_identities_are_linked_and_separated_from_the_card(client, ben, case):
    other = factories.identity("Jonas", network="bluesky", handle="jonas.example")
    fields = {"handle": "@Jonas.example", "why": HOSTILE}
    client.post(f"/case/{case.pk}/person/link/", fields)
    page = client.get(f"/case/{case.pk}/").text
    assert "@jonas.example" in page
    assert "Linked by Ben Ost" in page
    assert "<b>Jonas</b>" not in page
    separate = f"/case/{case.pk}/person/separate/"
    assert client.post(separate, {"identity": other.pk}, headers=SCRIPT).status_code == 422
    client.post(separate, {"identity": other.pk, "why": "Another Jonas"})
    assert "@jonas.example" not in client.get(f"/case/{case.pk}/").text
    assert Linking.objects.filter(until_why="Another Jonas").exists()
    assert Move.objects.filter(kind="identity", row=other.pk, by=ben).count() == 2


def test_a_handle_that_names_nobody_or_several_is_said(client, ben, case):
    path = f"/case/{case.pk}/person/link/"
    lost = client.post(path, {"handle": "nobody", "why": "Sure"}, headers=SCRIPT)
    assert "Nobody called “nobody”" in lost.json()["why"][0]
    for network in ("x", "bluesky"):
        factories.identity("Two", network=network, handle="two")
    several = client.post(path, {"handle": "two", "why": "Sure"}, headers=SCRIPT)
    assert "Choose the network" in several.json()["why"][0]
    one = client.post(path, {"handle": "two", "network": "x", "why": "Sure"}, headers=SCRIPT)
    assert one.status_code == 200


def test_the_card_shows_plan_number_and_cases_of_all_identities(client, ben, case):
    other = factories.identity("Jonas", network="bluesky", handle="jonas.example")
    past = factories.case(case.account, other, "Port-in took nine days", state="closed")
    link(identity_id=case.requester_id, other_id=other.pk, why="Same", by=ben.pk, now=factories.NOW)
    person = Linking.objects.first().person
    person.reference, person.plan, person.source = "C-1042", "Business Flex", "customers.csv"
    person.plan_until = datetime(2027, 4, 1, tzinfo=UTC)
    person.save()
    page = client.get(f"/case/{case.pk}/").text
    for words in ("Business Flex", "31 Mar 2027", "C-1042", "told by customers.csv"):
        assert words in page
    assert f"/case/{past.pk}/" in page
    person.plan_until = datetime(2020, 4, 1, tzinfo=UTC)
    person.save()
    assert "ended" in client.get(f"/case/{case.pk}/").text
