"""Help from outside the team: a secret link, an answer that waits, and an end."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from river import connected, hear, minutes, says, writes
from sanderling.cases.models import Case, Note
from sanderling.core.network import Limits
from sanderling.people.models import Agent
from sanderling.policy.actions import apply
from sanderling.respond.actions import Objections
from sanderling.respond.approving import NotYours, approve, send_back
from sanderling.respond.helping import (
    MOST_WRITTEN,
    LinkEnded,
    NoSuchLink,
    TooMuch,
    answer,
    invite,
    links,
    opened,
    revoke,
    tell,
    written,
)
from sanderling.respond.models import Approval, Draft, HelperLink, Outgoing
from sanderling.respond.waiting import waiting
from sanderling.store.models import Move

NOW = minutes(10)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)
POLICY = """
name = "Test"
[[goals]]
name = "Everything"
acknowledge = "1h"
[[approvals]]
name = "Law"
when = 'words.contains("court")'
reason = "This is about law."
"""

pytestmark = pytest.mark.django_db


def limits_for(account_id: int) -> Limits:
    return LIMITS


def agent(name: str, sign: str, **more) -> int:
    email = f"{name.lower()}@northwind.example"
    return Agent.objects.create(email=email, name=name, initials=sign, **more).pk


@pytest.fixture
def account() -> int:
    return connected()


@pytest.fixture
def case(account) -> int:
    apply(text=POLICY, by=None, note="", now=NOW)
    hear(account, says("1"))
    return Case.objects.get().pk


@pytest.fixture
def ada(case) -> int:
    return agent("Ada", "AB")


def asked(case: int, by: int, **more) -> str:
    given = {
        "name": "Rita Sand",
        "initials": "rs",
        "question": "Is the mast up?",
        "days": 2,
        **more,
    }
    return invite(case_id=case, by=by, now=NOW, **given)


def says_rita(token: str, text: str = "The mast works again since noon.", now=NOW) -> Outgoing:
    return Outgoing.objects.get(
        pk=answer(token=token, text=text, now=now, limits_for=limits_for)
    )  # fmt: skip


def test_only_the_digest_of_a_link_is_kept(case, ada):
    token = asked(case, ada)
    link = HelperLink.objects.get()
    assert bytes(link.digest) == sha256(token.encode()).digest()
    assert len(token) > 40
    stored = " ".join(str(v) for v in HelperLink.objects.values().get().values())
    assert token not in stored
    assert token not in " ".join(Note.objects.values_list("text", flat=True))
    assert asked(case, ada) != token


def test_a_link_opens_its_case_and_says_who_asked(case, ada):
    found = opened(asked(case, ada), now=NOW)
    assert (found.case_id, found.name, found.initials, found.asked_by, found.direct) == (
        case, "Rita Sand", "RS", "Ada", False,
    )  # fmt: skip
    assert HelperLink.objects.get().seen_at == NOW
    assert opened(asked(case, ada, direct=True), now=NOW).direct


def test_what_a_link_opens_cannot_be_changed_in_the_link(case, ada):
    token = asked(case, ada)
    for wrong in ("b" + token[1:], token[:-1], token + "x", "", "p", "\0", "é" * 300):
        with pytest.raises(NoSuchLink):
            opened(wrong, now=NOW)


def test_a_link_ends_by_its_time_or_by_hand(case, ada):
    token = asked(case, ada)
    with pytest.raises(LinkEnded, match="Ask Ada"):
        opened(token, now=NOW + timedelta(days=2))
    revoke(link_id=HelperLink.objects.get().pk, case_id=case, by=ada, now=NOW)
    revoke(link_id=HelperLink.objects.get().pk, case_id=case, by=ada, now=NOW)
    for act in (lambda: opened(token, now=NOW), lambda: says_rita(token),
                lambda: tell(token=token, text="Hi", now=NOW)):  # fmt: skip
        with pytest.raises(LinkEnded, match="ended this link"):
            act()
    assert [m.move for m in Move.objects.filter(kind="helperlink").order_by("id")] == [
        "invite", "revoke",
    ]  # fmt: skip
    assert links(case)[0].revoked_at == NOW


def test_a_link_of_another_case_is_not_revoked_from_here(account, case, ada):
    asked(case, ada)
    revoke(link_id=HelperLink.objects.get().pk, case_id=case + 1, by=ada, now=NOW)
    assert HelperLink.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "R ^S"}, {"name": "x" * 61}, {"initials": "R.S"}, {"initials": ""},
     {"initials": "ABCDE"}, {"question": " "}, {"question": "x" * 2001}, {"days": 0},
     {"days": 31}],
)  # fmt: skip
def test_an_invitation_names_who_helps_with_what_and_how_long(case, ada, wrong):
    with pytest.raises(ValueError):  # noqa: PT011  each says something else
        asked(case, ada, **wrong)
    assert not HelperLink.objects.exists()


def test_a_helpers_answer_is_signed_by_them_and_waits(case, ada):
    row = says_rita(asked(case, ada))
    assert row.text == "The mast works again since noon. ^RS"
    assert (row.state, row.by_id, row.helper, row.room) == (
        "held", ada, "Rita Sand ^RS", "public",
    )  # fmt: skip
    [found] = waiting(ada)
    assert (found.may, found.helper, found.text) == (
        True, "Rita Sand ^RS", "The mast works again since noon.",
    )  # fmt: skip
    assert found.by_whom == "Ada or a team lead"


def test_who_asked_approves_and_so_does_a_lead_and_nobody_else(case, ada):
    ben, lead = agent("Ben", "BC"), agent("Lea", "LO", is_lead=True)
    approval = Approval.objects.get(outgoing=says_rita(asked(case, ada)))
    with pytest.raises(NotYours):
        approve(approval_id=approval.pk, by=ben, now=NOW, limits_for=limits_for)
    assert {w.may for w in waiting(lead)} == {True}
    approve(approval_id=approval.pk, by=ada, now=NOW, limits_for=limits_for,
            text="The mast works again.")  # fmt: skip
    row = Outgoing.objects.get()
    assert (row.text, row.state) == ("The mast works again. ^RS", "queued")
    assert (row.by_id, row.edited_by_id, row.helper) == (ada, ada, "Rita Sand ^RS")


def test_a_rule_of_the_policy_goes_before_the_word_of_who_asked(case, ada):
    approval = Approval.objects.get(outgoing=says_rita(asked(case, ada), "See you in court."))
    assert approval.rule == "Law"
    with pytest.raises(NotYours):
        approve(approval_id=approval.pk, by=ada, now=NOW, limits_for=limits_for)
    lead = agent("Lea", "LO", is_lead=True)
    approve(approval_id=approval.pk, by=lead, now=NOW, limits_for=limits_for)


def test_who_asked_does_not_edit_past_a_rule(case, ada):
    approval = Approval.objects.get(outgoing=says_rita(asked(case, ada)))
    with pytest.raises(Objections, match="about law"):
        approve(approval_id=approval.pk, by=ada, now=NOW, limits_for=limits_for,
                text="See you in court.")  # fmt: skip


def test_what_is_sent_back_is_read_under_the_link_and_is_nobodys_draft(case, ada):
    token = asked(case, ada)
    approval = Approval.objects.get(outgoing=says_rita(token))
    send_back(approval_id=approval.pk, by=ada, now=NOW, note="Which mast?")
    assert not Draft.objects.exists()
    [told] = written(opened(token, now=NOW))
    assert (told.state, told.note) == ("withdrawn", "Which mast?")
    says_rita(token, "The mast at Quay Street works again.")


@pytest.mark.parametrize(
    ("text", "says"), [("", "nothing"), ("x" * 300, "too long"), ("4111 1111 1111 1111", "card")]
)
def test_the_guards_look_at_what_a_helper_writes(case, ada, text, says):
    with pytest.raises(Objections) as found:
        says_rita(asked(case, ada), text)
    assert says in str(found.value)
    assert not Outgoing.objects.exists()


def test_one_answer_of_a_helper_waits_at_a_time(case, ada):
    token = asked(case, ada)
    says_rita(token)
    with pytest.raises(Objections, match="waits for Ada already"):
        says_rita(token, "And one more")


def test_who_wrote_only_in_private_is_not_answered_in_public_by_a_helper(account, case, ada):
    hear(account, writes("9", who="olga", counterpart="olga"))
    other = Case.objects.exclude(pk=case).get().pk
    with pytest.raises(Objections, match="only in private"):
        says_rita(asked(other, ada))


def test_a_helpers_note_stays_with_the_team_in_their_name(case, ada):
    tell(token=asked(case, ada), text="Ask for the postcode.", now=NOW)
    note = Note.objects.order_by("pk").last()
    assert note.text == "Rita Sand ^RS: Ask for the postcode."
    assert not Outgoing.objects.exists()
    with pytest.raises(ValueError, match="nothing"):
        tell(token=asked(case, ada), text=" \0", now=NOW)


def test_a_helper_does_not_flood_the_desk(case, ada):
    token = asked(case, ada)
    for n in range(MOST_WRITTEN):
        tell(token=token, text=f"Thought {n}", now=NOW)
    with pytest.raises(TooMuch, match="Ada has it all"):
        tell(token=token, text="One more", now=NOW)
    with pytest.raises(TooMuch):
        says_rita(token)
    tell(token=token, text="Good morning", now=NOW + timedelta(days=1, seconds=1))
