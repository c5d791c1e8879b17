"""A second pair of eyes: who may decide, what is edited, and what happens when nobody looks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from outbox import next_wake
from river import connected, hear, minutes, says, writes
from sanderling.cases.actions import resolve
from sanderling.cases.models import Case
from sanderling.core.network import Deletion, Limits, Room
from sanderling.listen.models import Identity
from sanderling.people.models import Agent, Membership, Team
from sanderling.policy.actions import apply
from sanderling.respond.actions import (
    News,
    Objections,
    TooLate,
    propose,
    save_draft,
    undo,
    withdraw,
)
from sanderling.respond.approving import NotYours, approve, expire_due, send_back
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Approval, Draft, Outgoing
from sanderling.respond.outbox import start_next
from sanderling.respond.queries import drafts_of, outgoing_of
from sanderling.respond.waiting import count, decided_in, edited, one, sent_back, waiting
from sanderling.store.models import Move

NOW = minutes(10)
LATE = NOW + timedelta(hours=2)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)
LINE = "Thank you. We are looking into this with care."
POLICY = f"""
name = "Test"
[[goals]]
name = "Everything"
acknowledge = "1h"
[[approvals]]
name = "Money"
when = 'words.contains("refund")'
reason = "Money is promised."
by = "Billing"
expires = "2h"
holding = "{LINE}"
[[approvals]]
name = "Law"
when = 'words.contains("court")'
reason = "This is about law."
by = "lead"
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
def ada() -> int:
    return agent("Ada", "AB")


@pytest.fixture
def lead() -> int:
    return agent("Lea", "LO", is_lead=True)


@pytest.fixture
def billing(case) -> int:
    found = agent("Bill", "BC")
    Membership.objects.create(agent_id=found, team=Team.objects.get(name="Billing"))
    return found


def answer(case: int, by: int, text: str = "You get a refund today.", **more) -> Outgoing:
    given = {"room": Room.PUBLIC, "reply_to_post": None, "then": "wait", "now": NOW}
    given = {"seen": newest_post(case), **given, **more}
    number = propose(case_id=case, by=by, text=text, limits_for=limits_for, **given)
    return Outgoing.objects.get(pk=number)


def asked(case: int, by: int, **more) -> int:
    """An answer that waits; the number of its approval."""
    return Approval.objects.get(outgoing=answer(case, by, **more), decision="").pk


def yes(approval: int, by: int, **more) -> int:
    return approve(approval_id=approval, by=by, limits_for=limits_for, **{"now": NOW, **more})


def expire(now=LATE) -> int:
    return expire_due(now=now, limits_for=limits_for)


def line() -> Outgoing | None:
    return Outgoing.objects.filter(text=LINE).first()


def test_who_leads_the_desk_alone_does_not_wait_for_ever(case, ada, lead):
    row = answer(case, lead, "See you in court.")
    assert (row.state, Approval.objects.count()) == ("queued", 0)
    move = Move.objects.get(kind="outgoing", row=row.pk, move="alone")
    assert (move.by_id, move.note) == (lead, "Law")


def test_a_lead_waits_for_another_lead_or_for_the_team(case, lead, billing):
    assert answer(case, lead).state == "held"
    agent("Leo", "LP", is_lead=True)
    assert answer(case, lead, "See you in court.", room=Room.PUBLIC).state == "held"


def test_an_answer_that_a_rule_minds_waits_and_leaves_by_no_clock(case, ada):
    row = answer(case, ada)
    assert (row.state, row.held_for, row.wake_at) == ("held", "approval", None)
    found = Approval.objects.get()
    assert (found.rule, found.reason, found.approvers) == ("Money", "Money is promised.", "Billing")
    assert (found.was, found.holding, found.expires_at) == ("You get a refund today.", LINE, LATE)
    assert found.policy > 0
    assert next_wake() is None
    assert [o.state for o in outgoing_of(case)] == ["held"]


def test_an_answer_that_no_rule_minds_leaves_as_ever(case, ada):
    assert answer(case, ada, text="Sorry, we look into it.").state == "queued"
    assert not Approval.objects.exists()


def test_what_the_customer_was_flagged_with_in_any_post_is_asked_about(account, case, ada):
    apply(text=POLICY.replace('words.contains("court")', '"legal" in flags'), by=None, note="",
          now=NOW)  # fmt: skip
    hear(account, says("2", text="@NorthwindCare my lawyer will sue you in court", at=1))
    hear(account, says("3", text="@NorthwindCare is anybody there? my phone is dead", at=2))
    assert answer(case, ada, text="We are here.").state == "held"


def test_who_may_decide_is_a_lead_or_a_member_of_the_team_and_never_the_author(
    case, ada, lead, billing
):
    approval = asked(case, ada)
    other = agent("Olga", "OP")
    for nobody in (ada, other):
        with pytest.raises(NotYours, match="team Billing or a team lead"):
            yes(approval, nobody)
        with pytest.raises(NotYours):
            send_back(approval_id=approval, by=nobody, now=NOW, note="No")
    assert {who: one(approval, who).may for who in (ada, other, lead, billing)} == {
        ada: False, other: False, lead: True, billing: True,
    }  # fmt: skip
    yes(approval, billing)


@pytest.mark.parametrize("who", ["lead", "billing"])
def test_who_may_approve_may_not_approve_their_own(request, case, who):
    me = request.getfixturevalue(who)
    agent("Leo", "LP", is_lead=True)
    with pytest.raises(NotYours, match="second pair of eyes"):
        yes(asked(case, me), me)


def test_the_number_in_the_navigation_is_that_of_the_page(case, ada, lead, billing):
    asked(case, ada)
    asked(case, ada, text="See you in court.")
    other = agent("Olga", "OP")
    for who, wanted in ((ada, 0), (lead, 2), (billing, 1), (other, 0)):
        assert count(who, now=NOW) == wanted == sum(w.may for w in waiting(who))


def test_who_left_the_desk_decides_nothing(case, ada, lead):
    approval = asked(case, ada)
    Agent.objects.filter(pk=lead).update(is_active=False)
    with pytest.raises(NotYours):
        yes(approval, lead)


def test_an_approved_answer_leaves_after_a_fresh_undo_window(case, ada, lead):
    row = yes(asked(case, ada), lead, now=minutes(50))
    found = Outgoing.objects.get(pk=row)
    assert (found.state, found.held_for, found.edited_by_id) == ("queued", "", None)
    assert found.leaves_at == found.wake_at == next_wake() == minutes(50) + undo()
    assert found.text == "You get a refund today. ^AB"
    moves = Move.objects.filter(kind="outgoing", row=row).order_by("id")
    assert [(m.move, m.by_id) for m in moves] == [
        ("propose", ada), ("hold", None), ("approve", lead),
    ]  # fmt: skip


def test_an_edited_answer_keeps_both_names_the_original_and_the_authors_signature(case, ada, lead):
    approval = asked(case, ada)
    row = Outgoing.objects.get(pk=yes(approval, lead, text="You get a refund this week."))
    assert row.text == "You get a refund this week. ^AB"
    assert (row.by_id, row.edited_by_id) == (ada, lead)
    assert Approval.objects.get(pk=approval).was == "You get a refund today."
    assert [(p.kind, p.text) for p in edited(approval)][1:3] == [
        ("out", "today"),
        ("in", "this week"),
    ]
    [told] = decided_in([case])
    assert (told.decision, told.by, told.author, told.edited) == ("approved", "Lea", "Ada", True)


def test_an_edit_that_changes_nothing_is_none(case, ada, lead):
    row = Outgoing.objects.get(pk=yes(asked(case, ada), lead, text=" You get a refund today.\r\n"))
    assert row.edited_by_id is None


@pytest.mark.parametrize(
    ("text", "says"),
    [("x y " * 90, "takes 2 posts"), ("4111 1111 1111 1111", "card"), (" ", "nothing")],
)
def test_the_guards_look_at_the_edited_text(case, ada, lead, text, says):
    approval = asked(case, ada)
    with pytest.raises(Objections) as found:
        yes(approval, lead, text=text)
    assert says in str(found.value)
    assert Outgoing.objects.get().state == "held"


def test_the_guards_look_again_at_what_was_not_edited(account, case, ada, lead):
    approval = asked(case, ada)
    hear(account, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(12)),))
    with pytest.raises(Objections, match="deleted"):
        yes(approval, lead)


def test_an_edit_that_needs_other_eyes_is_not_approved_by_these(case, ada, billing, lead):
    approval = asked(case, ada)
    with pytest.raises(Objections, match="about law"):
        yes(approval, billing, text="See you in court.")
    yes(approval, lead, text="See you in court.")


def test_a_customer_who_wrote_again_is_read_before_approving(account, case, ada, lead):
    approval = asked(case, ada)
    seen = one(approval, lead).newest
    hear(account, says("2", text="@NorthwindCare never mind, my phone works", at=20))
    with pytest.raises(News):
        yes(approval, lead, seen=seen)
    newest = one(approval, lead).newest
    assert Outgoing.objects.get(pk=yes(approval, lead, seen=newest)).seen == newest


def test_an_answer_sent_back_is_its_authors_draft_again_with_the_note(case, ada, lead):
    approval = asked(case, ada)
    assert count(lead, now=NOW) == 1
    assert send_back(approval_id=approval, by=lead, now=NOW, note=" Say when. ") == case
    assert Outgoing.objects.get().state == "withdrawn"
    assert [(d.room, d.text) for d in drafts_of(case, ada)] == [
        ("public", "You get a refund today.")
    ]
    [told] = sent_back(ada, now=NOW)
    assert (told.note, told.by, told.case_id) == ("Say when.", "Lea", case)
    assert (count(ada, now=NOW), count(lead, now=NOW)) == (1, 0)


def test_a_text_that_stands_in_the_draft_already_is_not_doubled(case, ada, lead):
    approval = asked(case, ada)
    save_draft(case_id=case, agent_id=ada, room="public", text="You get a refund today. ", now=NOW)
    send_back(approval_id=approval, by=lead, now=NOW, note="When?")
    assert [d.text.strip() for d in drafts_of(case, ada)] == ["You get a refund today."]


def test_who_looks_a_second_time_is_shown_only_what_changed(case, ada, lead):
    send_back(approval_id=asked(case, ada), by=lead, now=NOW, note="Say when.")
    asked(case, ada, text="You get a refund on Friday.")
    [found] = waiting(lead)
    assert "".join(p.text for p in found.difference if p.kind != "in") == found.before
    assert {p.text for p in found.difference if p.kind == "out"} == {"today"}
    assert found.note == "Say when."
    assert sent_back(ada, now=NOW) == []


def test_sending_back_takes_a_note(case, ada, lead):
    approval = asked(case, ada)
    with pytest.raises(ValueError, match="few words"):
        send_back(approval_id=approval, by=lead, now=NOW, note=" \0 ")
    with pytest.raises(ValueError, match="2,000"):
        send_back(approval_id=approval, by=lead, now=NOW, note="x" * 2001)


def test_the_author_may_withdraw_what_waits(case, ada, lead):
    approval = asked(case, ada)
    withdraw(outgoing_id=Outgoing.objects.get().pk, by=ada, now=NOW)
    assert Approval.objects.get().decision == "withdrawn"
    assert waiting(lead) == []
    with pytest.raises(TooLate, match="Ada took it back already"):
        yes(approval, lead)
    assert Draft.objects.get().text == "You get a refund today."


def test_what_was_decided_is_not_decided_again(case, ada, lead, billing):
    approval = asked(case, ada)
    yes(approval, billing)
    for act in (lambda: yes(approval, lead),
                lambda: send_back(approval_id=approval, by=lead, now=NOW, note="No")):  # fmt: skip
        with pytest.raises(TooLate, match="Bill approved it already"):
            act()
    with pytest.raises(TooLate, match="no such answer"):
        yes(approval + 1000, lead)


def test_two_answers_to_one_customer_do_not_wait_side_by_side(case, ada, lead):
    asked(case, ada)
    with pytest.raises(Objections, match="Ada's answer waits for approval"):
        answer(case, lead, text="Hello from me")


# ── nobody looked ─────────────────────────────────────────────────────────────────────────────────


def test_the_holding_line_goes_in_its_place_once_and_the_answer_waits_on(case, ada, lead):
    approval = asked(case, ada)
    assert expire(LATE - timedelta(seconds=1)) == 0
    assert expire() == 1
    found = line()
    assert (found.state, found.then, found.room, found.reply_to) == (
        "queued", "keep open", "public", "1",
    )  # fmt: skip
    assert found.wake_at == LATE + undo()
    assert start_next(now=LATE + undo()).pk == found.pk
    assert start_next(now=LATE + undo()) is None
    assert Approval.objects.get(pk=approval).decision == "expired"
    [still] = waiting(lead)
    assert (still.text, still.expires_at, still.has_holding) == (
        "You get a refund today.", None, False,
    )  # fmt: skip
    assert expire(LATE + timedelta(days=30)) == 0
    assert Outgoing.objects.count() == 2
    with pytest.raises(TooLate, match="still waits"):
        yes(approval, lead)
    yes(still.id, lead, now=LATE + timedelta(hours=1))


def test_a_line_that_has_not_left_is_dropped_when_the_answer_may_leave_after_all(case, ada, lead):
    asked(case, ada)
    expire()
    yes(waiting(lead)[0].id, lead, now=LATE)
    assert line().state == "withdrawn"
    assert Outgoing.objects.get(state="queued").text == "You get a refund today. ^AB"


def test_a_line_that_left_stays(case, ada, lead):
    asked(case, ada)
    expire()
    Outgoing.objects.filter(text=LINE).update(state="sent", wake_at=None, remote_id="77")
    yes(waiting(lead)[0].id, lead, now=LATE)
    assert line().state == "sent"


def test_no_line_is_said_in_a_case_that_is_resolved(case, ada, lead):
    asked(case, ada)
    resolve(case_id=case, by=lead, now=NOW, outcome="solved")
    assert expire() == 1
    assert line() is None
    assert len(waiting(lead)) == 1


def test_no_line_is_said_where_none_may_be_and_the_reason_is_kept(account, case, ada):
    asked(case, ada)
    hear(account, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(12)),))
    Case.objects.update(state="open")
    expire()
    assert line() is None
    assert "deleted" in Approval.objects.get(decision="expired").note


def test_a_rule_without_an_end_waits_as_long_as_it_takes(case, ada):
    asked(case, ada, text="See you in court.")
    assert expire(LATE + timedelta(days=90)) == 0


def test_an_answer_in_a_message_gets_its_line_in_a_message(account, case, ada):
    hear(account, writes("9", at=2))
    asked(case, ada, room=Room.DIRECT)
    expire()
    assert (line().room, line().to, line().reply_to) == ("direct", "lena", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival", ["approve", "send back", "withdraw", "expire"])
def test_of_two_who_decide_at_once_only_one_does(case, ada, lead, rival):
    for turn in range(6):
        Outgoing.objects.filter(state="held").update(state="withdrawn")
        Approval.objects.filter(decision="").update(decision="withdrawn")
        row = answer(case, ada, text=f"Refund number {turn}")
        approval = Approval.objects.get(outgoing=row, decision="").pk
        rivals = {
            "approve": lambda a=approval: yes(a, lead, now=LATE),
            "send back": lambda a=approval: send_back(approval_id=a, by=lead, now=LATE, note="No"),
            "withdraw": lambda r=row.pk: withdraw(outgoing_id=r, by=ada, now=LATE),
            "expire": expire,
        }  # fmt: skip
        outcomes = at_once(rivals[rival], expire)
        lines = Outgoing.objects.filter(text=LINE, created_at=LATE, state="queued")
        leaves = Outgoing.objects.filter(pk=row.pk, state="queued").count()
        assert lines.count() + leaves <= 1, outcomes
        decided = Approval.objects.filter(outgoing=row).exclude(decision="")
        assert decided.filter(decision="expired").count() <= 1
        lines.update(state="withdrawn")
        Outgoing.objects.filter(pk=row.pk, state="queued").update(state="withdrawn")


def at_once(*acts):
    start = Barrier(len(acts))

    def do(act):
        with closing(connection):
            connection.ensure_connection()
            start.wait(timeout=10)
            try:
                return act()
            except TooLate as late:
                return late

    with ThreadPoolExecutor(len(acts)) as threads:
        return [running.result(timeout=60) for running in [threads.submit(do, a) for a in acts]]


def test_a_very_large_audience_is_a_reason(case, ada):
    rule = POLICY.replace('words.contains("court")', 'room == "public" && followers > 1000')
    apply(text=rule, by=None, note="", now=NOW)
    Identity.objects.filter(handle="lena").update(followers=5000)
    assert answer(case, ada, text="Sorry").state == "held"
