"""What agents do with a case. Each action is one transaction and tells the pages.

Writes that follow from posts are in placing.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from sanderling.cases import placing, rejudging, tally
from sanderling.cases.models import Case, Clock, Note, Placement
from sanderling.cases.queries import NoSuchCase
from sanderling.cases.stands import need_of
from sanderling.core.lives import CASE
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect
from sanderling.listen.actions import hold
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.triage.correcting import Corrected, correct_verdict

LONGEST_NOTE = 10_000
Then = Literal["wait", "keep open", "resolve"]


class NoSuchPost(Exception):
    """The post is not there, or is our own."""


class AlreadyTaken(Exception):
    """Somebody else owns the case."""


@transaction.atomic
def claim(*, case_id: int, by: int, now: datetime) -> None:
    """Make the case mine. Claiming my own is nothing; raises AlreadyTaken if it is another's."""
    case = _case(case_id)
    if case.owner_id == by:
        return
    if case.owner_id is not None:
        raise AlreadyTaken("A colleague took this case a moment before you.")
    _own(case, owner=by, by=by, now=now)


@transaction.atomic
def take_up(*, case_id: int, by: int, now: datetime) -> None:
    """Whoever answers a case that nobody has, has it; another's stays another's."""
    case = _case(case_id)
    if case.owner_id is None:
        _own(case, owner=by, by=by, now=now)


@transaction.atomic
def assign(*, case_id: int, to: int | None, by: int, now: datetime) -> None:
    """Give the case to an agent, or back to nobody."""
    case = _case(case_id)
    if case.owner_id != to:
        _own(case, owner=to, by=by, now=now)


@transaction.atomic
def resolve(*, case_id: int, by: int, now: datetime, note: str = "") -> None:
    """The matter is settled: no clock runs any longer; it closes by itself if nobody writes."""
    _resolve(_undisturbed(case_id), by=by, now=now, note=note)


@transaction.atomic
def dismiss(*, case_id: int, by: int, now: datetime, note: str = "") -> None:
    """A new case that needs no answer after all."""
    _end(_undisturbed(case_id), "dismiss", by=by, now=now, note=note)


@transaction.atomic
def reopen(*, case_id: int, by: int, now: datetime) -> None:
    """Take a resolved or closed case up again, in the name of whoever does so."""
    case = _case(case_id)
    before = tally.standing(case)
    advance(
        case,
        CASE,
        "reopen",
        by=by,
        now=now,
        owner_id=case.owner_id or by,
        ended_at=None,
        wake_at=None,
        snoozed=False,
    )
    _told(case, before)


@transaction.atomic
def snooze(*, case_id: int, until: datetime, by: int, now: datetime) -> None:
    """Out of the queues until `until`, or until the customer writes."""
    case = _case(case_id)
    if case.state not in ("new", "open", "waiting"):
        raise Overtaken("Only a case that is still being worked on can be snoozed.")
    before = tally.standing(case)
    case.snoozed, case.wake_at = True, until
    case.save(update_fields=["snoozed", "wake_at"])
    record(case, "snooze", by=by, now=now)
    _told(case, before)


@transaction.atomic
def replied(*, case_id: int, post_id: int, then: Then, by: int, now: datetime) -> None:
    """Our post stands on the network: it joins the case, meets its clocks and moves it on.

    `then`: "wait" for an answer, "keep open" for an acknowledgement, "resolve" to settle it too.
    """
    case = _undisturbed(case_id)
    placing.place_own(post_id=post_id, case=case, ends=then != "keep open", now=now)
    if then == "resolve":
        case.refresh_from_db()
        if "resolve" in CASE.may(case.state):
            _resolve(case, by=by, now=now)


@transaction.atomic
def open_for(*, post_id: int, by: int, now: datetime) -> int:
    """Make a case of a post that triage let rest, in the name of `by`; gives the case's number.

    A post that stands in a case already gives that case. Raises NoSuchPost.
    """
    account_id = placing.account_of(post_id)
    if account_id is None:
        raise NoSuchPost(f"There is no post {post_id}.")
    hold(account_id)
    placing.need(post_id, now=now)
    case_id = placing.case_of(post_id)
    if case_id is None:
        raise NoSuchPost("Only a customer's post can become a case.")
    if _case(case_id).owner_id is None:
        claim(case_id=case_id, by=by, now=now)
    return case_id


@transaction.atomic
def correct(
    *, post_id: int, aspect: Aspect, value: str, agent_id: int, why: str = "", now: datetime
) -> None:
    """Say what is right about a post, whatever was found; the case that follows from it follows.

    A post that needs us after all opens a case or joins one, one that does not may empty its case,
    which then withdraws. Values are texts, as `triage.correcting.correct_verdict` says. Raises
    NoSuchPost, and NotJudged and WrongValue of `triage.correcting`.
    """
    account_id = placing.account_of(post_id)
    if account_id is None:
        raise NoSuchPost(f"There is no post {post_id}.")
    hold(account_id)
    corrected = correct_verdict(
        post_id=post_id, aspect=aspect, value=value, by=agent_id, why=why, now=now
    )
    if corrected is None:
        return
    need = need_of(corrected.after)
    decided = aspect is Aspect.NEEDS_US or need != need_of(corrected.before)
    rejudging.follow([post_id], {post_id: need} if decided else {}, by=agent_id, now=now)
    if case_id := placing.case_of(post_id):
        _note_correction(_case(case_id), aspect, corrected, by=agent_id, now=now)


def _note_correction(
    case: Case, aspect: Aspect, corrected: Corrected, *, by: int, now: datetime
) -> None:
    record(case, "correct", by=by, now=now, note=f"{aspect}: {corrected.was} → {corrected.now}")
    announce.announce([announce.case(case.pk)])


@transaction.atomic
def wake(*, case_id: int, now: datetime) -> None:
    """Back into the queues; waking twice is the same as once."""
    case = _case(case_id)
    if not case.snoozed:
        return
    before = tally.standing(case)
    case.snoozed, case.wake_at = False, None
    case.save(update_fields=["snoozed", "wake_at"])
    _told(case, before)


@transaction.atomic
def close(*, case_id: int, now: datetime) -> None:
    """A resolved case that stayed quiet ends by itself."""
    _end(_undisturbed(case_id), "close", by=None, now=now)


@transaction.atomic
def write_note(*, case_id: int, text: str, by: int, now: datetime) -> None:
    """Leave a note for the team; raises ValueError if it says nothing or far too much."""
    text = text.strip()
    if not text:
        raise ValueError("A note needs some words.")
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"A note may have {LONGEST_NOTE:,} characters; this has {len(text):,}.")
    case = _case(case_id)
    Note.objects.create(case=case, by_id=by, text=text, at=now)
    announce.announce([announce.case(case.pk)])


def _case(case_id: int) -> Case:
    """The case, locked until the transaction ends."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NoSuchCase(f"There is no case {case_id}.")
    if case.merged_into_id is not None:
        return _case(case.merged_into_id)
    return case


def _undisturbed(case_id: int) -> Case:
    """The case, locked, while nobody places posts: its story stands still until we are done."""
    for account_id in Case.objects.filter(pk=case_id).values_list("account_id", flat=True):
        hold(account_id)
    return _case(case_id)


def _own(case: Case, *, owner: int | None, by: int, now: datetime) -> None:
    before = tally.standing(case)
    if case.state == "new" and owner is not None:
        advance(case, CASE, "take", by=by, now=now, owner_id=owner)
    else:
        case.owner_id = owner
        case.save(update_fields=["owner"])
        record(case, "assign" if owner else "put back", by=by, now=now)
    _told(case, before)


def _resolve(case: Case, *, by: int, now: datetime, note: str = "") -> None:
    after, _ = CASE.timeouts["resolved"]
    _end(case, "resolve", by=by, now=now, note=note, wake_at=now + after)


def _end(
    case: Case,
    move: str,
    *,
    by: int | None,
    now: datetime,
    note: str = "",
    wake_at: datetime | None = None,
) -> None:
    before = tally.standing(case)
    advance(
        case,
        CASE,
        move,
        by=by,
        now=now,
        note=note,
        due_at=NEVER,
        due_kind="",
        ended_at=now,
        owner_id=case.owner_id or by,
        snoozed=False,
        wake_at=wake_at,
    )
    Clock.objects.filter(case_id=case.pk, met_at=None, void_at=None).update(void_at=now)
    Placement.objects.filter(
        account_id=case.account_id, customer_id=case.requester_id, case_id=case.pk
    ).update(settled=True)
    _told(case, before)


def _told(case: Case, before: tally.Standing) -> None:
    tally.shift([before], [tally.standing(case)])
    announce.announce([announce.case(case.pk), announce.QUEUES])
