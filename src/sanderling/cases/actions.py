"""What agents do with a case. Each action is one transaction and tells the pages.

Writes that follow from posts are in placing.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from sanderling.cases import clocking, endings, placing, rejudging, rooms, tally
from sanderling.cases.endings import Ending
from sanderling.cases.models import Ask, Case, Handover, Placement
from sanderling.cases.noting import keep_note
from sanderling.cases.queries import NoSuchCase
from sanderling.cases.resting import put_aside, wake_up
from sanderling.cases.stands import need_of
from sanderling.core.lives import CASE, HANDOVER
from sanderling.core.rooms import SETTLED, Outcome
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect
from sanderling.core.words import say
from sanderling.listen.actions import hold
from sanderling.people.queries import name_of, works_in
from sanderling.store import announce
from sanderling.store.moves import advance, record
from sanderling.triage.correcting import Corrected, correct_verdict

Then = Literal["wait", "keep open", "resolve"]


class NoSuchPost(Exception):
    """The post is not there, or is our own."""


class AlreadyTaken(Exception):
    """Somebody else owns the case."""


@transaction.atomic
def claim(*, case_id: int, by: int, now: datetime) -> None:
    """Make the case mine. Claiming my own is nothing; raises AlreadyTaken, which names who has it,
    if it is another's."""
    case = locked(case_id)
    if case.owner_id == by:
        return
    if case.owner_id is not None:
        who = name_of(case.owner_id)
        raise AlreadyTaken(say("{who} took this case a moment before you.", who=who))
    own(case, owner=by, by=by, now=now)


@transaction.atomic
def take_up(*, case_id: int, by: int, now: datetime) -> None:
    """Whoever answers a case that nobody has, has it; another's stays another's."""
    case = locked(case_id)
    if case.owner_id is None:
        own(case, owner=by, by=by, now=now)


@transaction.atomic
def assign(*, case_id: int, to: int | None, by: int, now: datetime) -> None:
    """Give the case to an agent, or back to nobody."""
    case = locked(case_id)
    if case.owner_id != to:
        own(case, owner=to, by=by, now=now)


@transaction.atomic
def resolve(  # noqa: PLR0913  an end is told with all that belongs to it
    *,
    case_id: int,
    outcome: Outcome,
    cause: int | None = None,
    by: int,
    now: datetime,
    note: str = "",
    not_owed: str = "",
) -> None:
    """The matter has ended with `outcome` and, if known, a `cause`: no turn is waited for any
    longer, and it closes by itself if nobody writes.

    A matter that began in public and ended in private owes a public follow-up, unless `not_owed`
    says why not. Raises Unfitting for an outcome or a cause that cannot be.
    """
    case = undisturbed(case_id)
    ending = endings.ending(case, outcome=outcome, cause=cause, note=note)
    _resolve(case, ending, by=by, now=now, not_owed=not_owed)


@transaction.atomic
def dismiss(
    *, case_id: int, cause: int | None = None, by: int, now: datetime, note: str = ""
) -> None:
    """A new case that needs no answer after all; raises Unfitting for a cause that cannot be."""
    case = undisturbed(case_id)
    ending = endings.ending(case, outcome="no answer", cause=cause, note=note)
    _end(case, "dismiss", by=by, now=now, ending=ending)


@transaction.atomic
def reopen(*, case_id: int, by: int, now: datetime) -> None:
    """Take a resolved or closed case up again, in the name of whoever does so."""
    case = locked(case_id)
    before = tally.standing(case)
    advance(
        case,
        CASE,
        "reopen",
        by=by,
        now=now,
        owner_id=case.owner_id or by,
        owned_at=case.owned_at if case.owner_id else now,
        ended_at=None,
        wake_at=None,
        snoozed=False,
    )
    _told(case, before)


@transaction.atomic
def snooze(*, case_id: int, until: datetime, by: int, now: datetime) -> None:
    """Out of the queues until `until`, until the customer writes, or until a clock runs short."""
    put_aside(locked(case_id), "snooze", until=until, by=by, now=now)


@transaction.atomic
def replied(
    *, case_id: int, post_id: int, then: Then, by: int, now: datetime, invites: bool = False
) -> None:
    """Our post stands on the network: it joins the case, meets its clocks and moves it on.

    `then`: "wait" for an answer, "keep open" for an acknowledgement, "resolve" to settle it too.
    `invites`: it asks the customer to write in private.
    """
    case = undisturbed(case_id)
    placing.place_own(post_id=post_id, case=case, ends=then != "keep open", now=now)
    case.refresh_from_db()
    if placing.room_of(post_id) == "public":
        said = rooms.Said(at=now, answers=then != "keep open", invites=invites)
        rooms.said_in_public(case, said, by=by, now=now)
    if then == "resolve" and "resolve" in CASE.may(case.state):
        _resolve(case, endings.ending(case, outcome="solved"), by=by, now=now)


@transaction.atomic
def not_answered(*, case_id: int, by: int, now: datetime) -> None:
    """An answer of `by` did not reach the customer: the case comes back to where it is seen.

    It wakes and opens again, and whoever wrote it has it where nobody does. What was settled
    since the last answer that did arrive waits again, under its old clocks.
    """
    case = undisturbed(case_id)
    wake_up(case, by=None, now=now)
    if "not answered" not in CASE.may(case.state):
        return
    before = tally.standing(case)
    advance(
        case,
        CASE,
        "not answered",
        by=None,
        now=now,
        owner_id=case.owner_id or by,
        owned_at=case.owned_at if case.owner_id else now,
        ended_at=None,
        wake_at=None,
    )
    _told(case, before)
    placing.unsettle(case=case, now=now)


@transaction.atomic
def open_for(*, post_id: int, by: int, now: datetime) -> int:
    """Make a case of a post that triage let rest, in the name of `by`; gives the case's number.

    A post that stands in a case already gives that case. Raises NoSuchPost.
    """
    account_id = placing.account_of(post_id)
    if account_id is None:
        raise NoSuchPost(say("There is no post {number}.", number=post_id))
    hold(account_id)
    placing.need(post_id, now=now)
    case_id = placing.case_of(post_id)
    if case_id is None:
        raise NoSuchPost(say("Only a customer's post can become a case."))
    if locked(case_id).owner_id is None:
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
        raise NoSuchPost(say("There is no post {number}.", number=post_id))
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
        _note_correction(locked(case_id), aspect, corrected, by=agent_id, now=now)


def _note_correction(
    case: Case, aspect: Aspect, corrected: Corrected, *, by: int, now: datetime
) -> None:
    record(case, "correct", by=by, now=now, note=f"{aspect}: {corrected.was} → {corrected.now}")
    announce.announce([announce.case(case.pk)])


@transaction.atomic
def wake(*, case_id: int, now: datetime, by: int | None = None, why: str = "") -> None:
    """Back into the queues, whomever it waited on; waking twice is the same as once."""
    wake_up(locked(case_id), by=by, now=now, why=why)


@transaction.atomic
def close(*, case_id: int, now: datetime) -> None:
    """A resolved case that stayed quiet ends by itself."""
    _end(undisturbed(case_id), "close", by=None, now=now)


@transaction.atomic
def write_note(*, case_id: int, text: str, by: int, now: datetime) -> None:
    """Leave a note for the team; whoever is named in it hears of it (@Mira, @MS).

    Raises ValueError if it says nothing or far too much.
    """
    keep_note(locked(case_id), text, by=by, now=now)


def locked(case_id: int) -> Case:
    """The case, locked until the transaction ends."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    if case.merged_into_id is not None:
        return locked(case.merged_into_id)
    return case


def undisturbed(case_id: int) -> Case:
    """The case, locked, while nobody places posts: its story stands still until we are done."""
    for account_id in Case.objects.filter(pk=case_id).values_list("account_id", flat=True):
        hold(account_id)
    return locked(case_id)


def own(
    case: Case, *, owner: int | None, by: int | None, now: datetime, move: str = "", note: str = ""
) -> None:
    before = tally.standing(case)
    change_owner(case, owner=owner, by=by, now=now, move=move, note=note)
    _told(case, before)


def change_owner(
    case: Case, *, owner: int | None, by: int | None, now: datetime, move: str = "", note: str = ""
) -> None:
    """The owner alone, with its history; an offer of who had it before is over.

    `move` says how; by default whoever gives it to themselves takes it. Counters and pages are left
    to the caller.
    """
    accepted = _settle_offers(case, owner=owner, by=by, now=now)
    had = {
        "owner_id": owner,
        "owned_at": now if owner else None,
        "last_owner_id": case.owner_id or case.last_owner_id,
        "team_id": case.team_id,
    }
    if not move:
        move = "put back" if owner is None else "take" if owner == by else "assign"
    if accepted:
        move = "take over"
    if move == "assign" and owner is not None:
        note = note or name_of(owner)
    if case.state == "new" and owner is not None:
        advance(case, CASE, move, by=by, now=now, note=note, **had)
    else:
        for name, value in had.items():
            setattr(case, name, value)
        case.save(update_fields=list(had))
        record(case, move, by=by, now=now, note=note)


def _settle_offers(case: Case, *, owner: int | None, by: int | None, now: datetime) -> bool:
    """A locked case that has an owner, or has ended, is offered no longer; whether it was accepted.

    Whoever takes what was offered to them, or to their team, accepts it.
    """
    accepted = False
    for offer in open_offers(case):
        theirs = owner is not None and is_for(offer, owner)
        move = "accept" if theirs else "withdraw"
        advance(
            offer,
            HANDOVER,
            move,
            by=by,
            now=now,
            decided_at=now,
            decided_by_id=owner if theirs else by,
        )
        if theirs and offer.to_team_id is not None:
            case.team_id = offer.to_team_id
        accepted = accepted or theirs
    return accepted


def open_offers(case: Case) -> list[Handover]:
    """What a locked case is offered as, locked too."""
    return list(Handover.objects.select_for_update().filter(case_id=case.pk, state="offered"))


def is_for(offer: Handover, agent_id: int) -> bool:
    """Whether an agent may accept an offer: it is made to them, or to a team they work in."""
    if offer.to_team_id is None:
        return offer.to_id == agent_id
    return works_in(agent_id, offer.to_team_id)


def _resolve(case: Case, ending: Ending, *, by: int, now: datetime, not_owed: str = "") -> None:
    after, _ = CASE.timeouts["resolved"]
    _end(case, "resolve", by=by, now=now, ending=ending, wake_at=now + after)
    rooms.settled(case, outcome=ending.outcome, by=by, now=now, not_owed=not_owed)


def _end(
    case: Case,
    move: str,
    *,
    by: int | None,
    now: datetime,
    ending: Ending | None = None,
    wake_at: datetime | None = None,
) -> None:
    before = tally.standing(case)
    _settle_offers(case, owner=None, by=by, now=now)
    said = {"outcome": ending.outcome, "cause_id": ending.cause} if ending else {}
    advance(
        case,
        CASE,
        move,
        by=by,
        now=now,
        note=ending.says if ending else "",
        **said,
        due_at=NEVER,
        due_kind="",
        ended_at=now,
        owner_id=case.owner_id or by,
        owned_at=case.owned_at if case.owner_id else now,
        snoozed=False,
        waits_on="",
        wake_at=wake_at,
    )
    open_asks = Ask.objects.filter(case_id=case.pk, answered_at=None, withdrawn_at=None)
    open_asks.update(withdrawn_at=now, remind_at=None)
    solved = ending is not None and ending.outcome in SETTLED
    clocking.end(case.pk, solved=solved, now=now)
    Placement.objects.filter(
        account_id=case.account_id, customer_id=case.requester_id, case_id=case.pk
    ).update(settled=True)
    _told(case, before)


def _told(case: Case, before: tally.Standing) -> None:
    tally.shift([before], [tally.standing(case)])
    announce.announce([announce.case(case.pk), announce.QUEUES])
