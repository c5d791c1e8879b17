"""Handing a case over: offered with a note, and theirs who gave it until somebody accepts.

offered --accept--> accepted      the receiver has it
        --decline-> declined      the giver keeps it, and reads why
        --withdraw> withdrawn     by the giver, or because the case ended or was given away
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sanderling.cases.actions import is_for, locked, open_offers, own
from sanderling.cases.models import ACTIVE, Case, Handover
from sanderling.core.lives import HANDOVER
from sanderling.core.words import figure, later, say
from sanderling.people.queries import colleague, name_of, teams
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.store.sql import fetch

LONGEST = 1_000
"""Characters of a note, or of a reason."""
MOST = 50
WORKED_ON = (*ACTIVE, "waiting")


class CannotHand(Exception):
    """The case cannot be handed over so; says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A case that is offered, as its giver and its receiver see it; `to` is a name."""

    id: int
    case_id: int
    customer: str
    title: str
    by_id: int
    by: str
    to: str
    to_id: int | None
    to_team: int | None
    note: str
    at: datetime


@transaction.atomic
def offer(
    *, case_id: int, to: int | None = None, team: int | None = None, note: str, by: int,
    now: datetime,
) -> int:  # fmt: skip
    """Offer a case to a colleague or to a team; gives the number of the offer.

    Whoever has the case may, a lead may for anybody, and everybody where nobody has it. An earlier
    offer is withdrawn. Raises CannotHand, Overtaken where the case has ended, NoSuchCase.
    """
    case = locked(case_id)
    note = _words(note, say("Say in the note what the receiver must know."))
    name = _receiver(case, to, team)
    _may_give(case, by)
    if case.state not in WORKED_ON:
        raise Overtaken(say("Only a case that is still being worked on can be handed over."))
    for earlier in open_offers(case):
        _decide(earlier, "withdraw", by=by, now=now)
    made = Handover.objects.create(
        case=case, by_id=by, to_id=to, to_team_id=team, note=note, state=HANDOVER.first, at=now
    )
    record(case, "offer", by=by, now=now, note=f"{name}: “{note}”")
    _tell(case)
    return made.pk


@transaction.atomic
def accept(*, offer_id: int, by: int, now: datetime) -> int:
    """The case is mine from now on; gives its number. Accepting twice is the same as once.

    Of a team the first who accepts has it. Raises CannotHand, or Overtaken where it is too late.
    """
    made, case = _locked(offer_id)
    if made.state == "accepted" and made.decided_by_id == by:
        return case.pk
    _still(made)
    if not is_for(made, by):
        raise CannotHand(say("This case is offered to somebody else."))
    if case.state not in WORKED_ON:
        raise Overtaken(say("This case has ended meanwhile."))
    if case.owner_id == by:  # it came to them in another way meanwhile
        _decide(made, "accept", by=by, now=now)
        _tell(case)
    else:
        own(
            case,
            owner=by,
            by=by,
            now=now,
            note=later("from {name}").format(name=name_of(made.by_id)),
        )
        _accepted_elsewhere(made, by=by, now=now)
    return case.pk


@transaction.atomic
def decline(*, offer_id: int, why: str, by: int, now: datetime) -> int:
    """No, and why: who gave it keeps it. Raises CannotHand, or Overtaken where it is too late."""
    made, case = _locked(offer_id)
    why = _words(why, say("Say why, so that the case finds somebody else."))
    _still(made)
    if not is_for(made, by):
        raise CannotHand(say("This case is offered to somebody else."))
    _decide(made, "decline", by=by, now=now, why=why)
    record(case, "decline", by=by, now=now, note=why)
    _tell(case)
    return case.pk


@transaction.atomic
def withdraw(*, offer_id: int, by: int, now: datetime) -> int:
    """Take an offer back. Raises CannotHand, or Overtaken where it was decided already."""
    made, case = _locked(offer_id)
    _still(made)
    if made.by_id != by:
        _may_give(case, by)
    _decide(made, "withdraw", by=by, now=now)
    record(case, "keep", by=by, now=now)
    _tell(case)
    return case.pk


def offered_to(agent_id: int) -> list[Offer]:
    """What an agent may accept, oldest first: offered to them, or to a team they work in."""
    return _offers(agent=agent_id)


def offer_of(case_id: int) -> Offer | None:
    """The open offer of a case, if there is one."""
    return next(iter(_offers(case=case_id)), None)


def offer_numbered(offer_id: int) -> Offer | None:
    """One offer, decided or not."""
    return next(iter(_offers(offer=offer_id)), None)


def _offers(*, agent: int = 0, case: int = 0, offer: int = 0) -> list[Offer]:
    facts = {"agent": agent, "case": case, "offer": offer, "most": MOST}
    return [Offer(*row) for row in fetch("cases/offers", facts)]


def _words(text: str, missing: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise CannotHand(missing)
    if len(text) > LONGEST:
        raise CannotHand(
            say(
                "A note here may have {most} characters; this has {n}.",
                most=figure(LONGEST),
                n=figure(len(text)),
            )
        )
    return text


def _receiver(case: Case, to: int | None, team: int | None) -> str:
    """The name of whom it is offered to; raises CannotHand where there is nobody."""
    if (to is None) == (team is None):
        raise CannotHand(say("Choose one colleague, or one team."))
    if team is not None:
        if team not in (known := teams()):
            raise CannotHand(say("There is no such team."))
        return known[team]
    somebody = colleague(to) if to is not None else None
    if somebody is None:
        raise CannotHand(say("That colleague is not at the desk any more."))
    if case.owner_id == to:
        raise CannotHand(say("{name} has the case already.", name=somebody.name))
    return somebody.name


def _may_give(case: Case, by: int) -> None:
    giver = colleague(by)
    if case.owner_id not in (None, by) and not (giver and giver.is_lead):
        raise CannotHand(
            say(
                "{name} has this case. They, or a lead, can offer it.",
                name=name_of(case.owner_id),
            )
        )


def _locked(offer_id: int) -> tuple[Handover, Case]:
    """The offer with its case, both locked: the case first, as everywhere."""
    found = Handover.objects.filter(pk=offer_id).values_list("case_id", flat=True).first()
    if found is None:
        raise CannotHand(say("There is no such offer."))
    case = locked(found)
    return Handover.objects.select_for_update().get(pk=offer_id), case


_DECIDED = {
    "accepted": later("This offer was accepted already."),
    "declined": later("This offer was declined already."),
    "withdrawn": later("This offer was withdrawn already."),
}


def _still(made: Handover) -> None:
    if made.state != "offered":
        raise Overtaken(say(_DECIDED[made.state]))


def _decide(made: Handover, move: str, *, by: int, now: datetime, why: str = "") -> None:
    advance(made, HANDOVER, move, by=by, now=now, decided_at=now, decided_by_id=by, why=why)


def _accepted_elsewhere(made: Handover, *, by: int, now: datetime) -> None:
    """An offer of a case that became part of another one is not settled with that one's owner."""
    made.refresh_from_db()
    if made.state == "offered":
        _decide(made, "accept", by=by, now=now)


def _tell(case: Case) -> None:
    announce.announce([announce.case(case.pk), announce.QUEUES])
