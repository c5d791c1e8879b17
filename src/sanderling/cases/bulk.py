"""One act for many cases. Each case is a transaction of its own through the act that one case has:
it is done whole or not at all, and what speaks against one keeps back no other.

A form that comes twice does nothing twice: what is so already is said to be so, and a case that a
person moved since it was chosen is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from django.db import transaction

from sanderling.cases import actions, handing, linking, rooms
from sanderling.cases.actions import AlreadyTaken, locked, open_offers, undisturbed
from sanderling.cases.endings import Unfitting
from sanderling.cases.handing import CannotHand
from sanderling.cases.linking import NotLinked
from sanderling.cases.models import Case, Link, Promise
from sanderling.cases.queries import NoSuchCase, rows_of
from sanderling.cases.resting import no_later_than_clocks
from sanderling.core.lifecycle import Impossible
from sanderling.core.lives import CASE
from sanderling.core.rooms import SETTLED
from sanderling.core.rooms import Outcome as End
from sanderling.core.verdict import Flag
from sanderling.core.words import figure, say
from sanderling.store.moves import Overtaken
from sanderling.store.sql import fetch

MOST = 200
"""Cases at once."""
REFUSED = (AlreadyTaken, CannotHand, Impossible, NoSuchCase, NotLinked, Overtaken, Unfitting)
"""Why one case may be left as it is; each is a sentence."""
CARE = {Flag.SELFHARM, Flag.SAFETY}
"""Somebody may be in danger: such a case ends by itself, by somebody who has read it."""


class TooMany(ValueError):
    """So many cases are not acted on at once, or none is chosen; the sentence says which."""


class Mark(NamedTuple):
    """How far a case had come when it was chosen: `moved` is the newest step that a person took."""

    moved: int
    last_at: datetime


class Step(NamedTuple):
    """What takes an act back, while `move` is the newest step of the case: its owner was `was` (0
    for nobody), it was awake, or the offer `was` is withdrawn."""

    case_id: int
    move: int
    kind: str
    was: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went for one case: `why` says why nothing was done; `back` takes it back, if it can
    be."""

    case_id: int
    why: str = ""
    back: Step | None = None

    @property
    def done(self) -> bool:
        """Whether the case is now as it was wanted."""
        return not self.why


class Act(Protocol):
    """One thing that is done to each case."""

    def lock(self, case_id: int) -> Case:
        """The case, locked as this act needs it."""

    def stands(self, case: Case, by: int) -> bool:
        """Whether the case is so already."""

    def against(self, case: Case, mark: Mark | None) -> str:
        """Why it cannot be done together with others; empty if it can."""

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        """Do it; raises one of REFUSED."""

    def back(self, case: Case) -> tuple[str, int] | None:
        """The kind of a Step, and what was, told before it is done; None if there is no way."""


class _Plain:
    """An act that nothing special speaks against, and that is not taken back."""

    __slots__ = ()

    def lock(self, case_id: int) -> Case:
        return locked(case_id)

    def against(self, case: Case, mark: Mark | None) -> str:
        return ""

    def back(self, case: Case) -> tuple[str, int] | None:
        return None


class _Owning(_Plain):
    __slots__ = ()

    def back(self, case: Case) -> tuple[str, int] | None:
        """The owner from before, unless this accepts an offer: that is a promise."""
        return None if open_offers(case) else ("owner", case.owner_id or 0)


@dataclass(frozen=True, slots=True)
class Take(_Owning):
    """Make cases mine that nobody has."""

    def stands(self, case: Case, by: int) -> bool:
        return case.owner_id == by

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        actions.claim(case_id=case.pk, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Give(_Owning):
    """Give cases to an agent."""

    to: int

    def stands(self, case: Case, by: int) -> bool:
        return case.owner_id == self.to

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        actions.assign(case_id=case.pk, to=self.to, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Offer(_Plain):
    """Offer cases to a team, with a note: whoever has them keeps them until somebody accepts."""

    team: int
    note: str

    def stands(self, case: Case, by: int) -> bool:
        return any(o.to_team_id == self.team and o.by_id == by for o in open_offers(case))

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        handing.offer(case_id=case.pk, team=self.team, note=self.note, by=by, now=now)

    def back(self, case: Case) -> tuple[str, int] | None:
        return None if open_offers(case) else ("offer", self.team)


@dataclass(frozen=True, slots=True)
class Aside(_Plain):
    """Put cases aside until a time, or until a clock of theirs runs short."""

    until: datetime

    def stands(self, case: Case, by: int) -> bool:
        return case.snoozed and case.wake_at == no_later_than_clocks(case, self.until)

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        actions.snooze(case_id=case.pk, until=self.until, by=by, now=now)

    def back(self, case: Case) -> tuple[str, int] | None:
        return None if case.snoozed else ("aside", 0)


@dataclass(frozen=True, slots=True)
class Resolve(_Plain):
    """End cases in one way, for one cause. What is still owed to somebody is not ended so."""

    outcome: End
    cause: int | None = None
    note: str = ""

    def lock(self, case_id: int) -> Case:
        return undisturbed(case_id)

    def stands(self, case: Case, by: int) -> bool:
        return case.state in ("resolved", "closed") and case.outcome == self.outcome

    def against(self, case: Case, mark: Mark | None) -> str:
        if mark and case.last_at != mark.last_at:
            return say("Something was written since you chose it. Read it first.")
        if self.outcome in SETTLED and rooms.will_owe(rooms.rooms_of(case.pk)):
            return say(
                "It was settled in private and owes a public follow-up: resolve it by itself."
            )
        if Promise.objects.filter(case_id=case.pk, kept_at=None, dropped_at=None).exists():
            return say("A promise to the customer is still open.")
        if any(CARE.intersection(row.marks.flags) for row in rows_of([case.pk])):
            return say("Somebody may be in danger: read it, and resolve it by itself.")
        return ""

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        if self.outcome == "no answer" and "dismiss" in CASE.may(case.state):
            actions.dismiss(case_id=case.pk, cause=self.cause, note=self.note, by=by, now=now)
            return
        actions.resolve(
            case_id=case.pk, outcome=self.outcome, cause=self.cause, note=self.note, by=by, now=now
        )


@dataclass(frozen=True, slots=True)
class LinkTo(_Plain):
    """Say that cases belong to another one, and why."""

    other: int
    why: str

    def lock(self, case_id: int) -> Case:
        """The smaller number first: so nobody waits for each other."""
        locked(min(case_id, self.other))
        return locked(case_id)

    def stands(self, case: Case, by: int) -> bool:
        one, other = sorted((case.pk, self.other))
        return Link.objects.filter(one_id=one, other_id=other, until=None).exists()

    def do(self, case: Case, *, by: int, now: datetime) -> None:
        linking.link(one=case.pk, other=self.other, why=self.why, by=by, now=now)


def act_on(
    *, case_ids: Sequence[int], act: Act, marks: Mapping[int, Mark], by: int, now: datetime
) -> list[Outcome]:
    """Do it to each case in turn, and say how it went. Raises TooMany.

    `marks` say how far each case had come when it was chosen; one without a mark is not compared.
    """
    cases = list(dict.fromkeys(case_ids))
    if not cases:
        raise TooMany(say("Choose a case first."))
    if len(cases) > MOST:
        raise TooMany(
            say("At most {most} cases at once; you chose {n}.", most=MOST, n=figure(len(cases)))
        )
    return [_tried(case, act, marks.get(case), by, now) for case in cases]


def take_back(*, steps: Sequence[Step], by: int, now: datetime) -> list[Outcome]:
    """Undo what was done a moment ago, where the case has not moved since."""
    return [_undone(step, by, now) for step in steps[:MOST]]


def marks_of(case_ids: Sequence[int]) -> dict[int, Mark]:
    """How far each case has come."""
    found = fetch("cases/marks_of_cases", {"ids": list(case_ids)})
    return {case: Mark(by_person, last_at) for case, last_at, _, by_person in found}


def _tried(case_id: int, act: Act, mark: Mark | None, by: int, now: datetime) -> Outcome:
    try:
        return _done(case_id, act, mark, by, now)
    except REFUSED as error:
        return Outcome(case_id, str(error))


@transaction.atomic
def _done(case_id: int, act: Act, mark: Mark | None, by: int, now: datetime) -> Outcome:
    case = act.lock(case_id)
    if case.pk != case_id:
        raise Overtaken(say("It became part of case {number} meanwhile.", number=case.pk))
    if act.stands(case, by):
        return Outcome(case_id)
    if mark and marks_of([case_id])[case_id].moved != mark.moved:
        raise Overtaken(say("A colleague moved it since you chose it."))
    if why := act.against(case, mark):
        return Outcome(case_id, why)
    back = act.back(case)
    act.do(case, by=by, now=now)
    return Outcome(case_id, back=Step(case_id, _newest_step(case_id), *back) if back else None)


def _undone(step: Step, by: int, now: datetime) -> Outcome:
    try:
        _put_back(step, by, now)
    except REFUSED as error:
        return Outcome(step.case_id, str(error))
    return Outcome(step.case_id)


@transaction.atomic
def _put_back(step: Step, by: int, now: datetime) -> None:
    case = locked(step.case_id)
    if _newest_step(case.pk) != step.move:
        raise Overtaken(say("It moved on since, and stays as it is."))
    if step.kind == "owner":
        actions.assign(case_id=case.pk, to=step.was or None, by=by, now=now)
    elif step.kind == "aside":
        actions.wake(case_id=case.pk, by=by, now=now)
    else:
        for offer in open_offers(case):
            handing.withdraw(offer_id=offer.pk, by=by, now=now)


def _newest_step(case_id: int) -> int:
    return int(fetch("cases/marks_of_cases", {"ids": [case_id]})[0][2])
