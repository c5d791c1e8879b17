"""The clocks of a matter: what its turns were promised, and how each promise stands.

A pure function of the story, of what was promised, and of the clocks that stand already. A clock
that has ended is never changed again; one that runs keeps the version of the policy it began with.

    acknowledge, answer   from the turn's first post until we said something, or answered
    solve                 from a matter's first turn until an agent resolves it; it pauses while we
                          wait for the customer
    follow up             is begun and ended by those who resolve and speak, not by a story
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sanderling.core.placing import Story, Turn
from sanderling.core.policy import Policy, Promise
from sanderling.core.timing import NEVER

Key = tuple[int, str]
"""The post that opened a turn, and the kind of clock."""


class Given(NamedTuple):
    """What a version of the policy promises to a turn."""

    version: int
    promises: Sequence[Promise]


Promised = Mapping[int, Given]
"""What is promised to turns by what they say now, by the post that opened each. Turns that are not
in it stand as they stood."""


class Clock(NamedTuple):
    """A promise about a turn. Columns as in `cases.models.Clock`."""

    turn: int
    kind: str
    started_at: datetime
    due_at: datetime
    policy: int
    rule: str
    hours: str
    budget: timedelta
    next_at: datetime | None = None
    warned_at: datetime | None = None
    broken_at: datetime | None = None
    met_at: datetime | None = None
    void_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Names the clock within its case."""
        return self.turn, self.kind

    @property
    def runs(self) -> bool:
        """Whether it has not ended; a paused clock runs too, and is due never."""
        return self.met_at is None and self.void_at is None


class Fact(NamedTuple):
    """What happened to a clock: met, void, paused, resumed or promised anew."""

    clock: Clock
    fact: str


def clocks(
    told: Story,
    stand: Mapping[Key, Clock],
    promised: Promised,
    *,
    policy_of: Callable[[int], Policy],
    ended: bool,
    now: datetime,
) -> list[Clock]:
    """How all clocks of a matter stand after its story was told, those that ended included.

    Clocks whose turn is none any more are void; those of a kind that stories know nothing of stay.
    `ended`: an agent resolved the matter, and nothing is to be solved.
    """
    found = {c.key: c for turn in told.turns for c in _of_turn(turn, stand, promised, now)}
    if not ended and (solving := _solving(told, stand, promised, policy_of)):
        found[solving.key] = solving
    for key, clock in stand.items():
        if key not in found:
            found[key] = clock._replace(void_at=now) if _pointless(clock) else clock
    return [_watched(c, policy_of) for c in found.values()]


def due(standing: Iterable[Clock]) -> tuple[datetime, str]:
    """When the first running clock is due and of which kind it is; NEVER and "" where none runs."""
    running = ((c.due_at, c.kind) for c in standing if c.runs and c.due_at != NEVER)
    return min(running, default=(NEVER, ""))


def facts(before: Mapping[Key, Clock], after: Iterable[Clock]) -> Iterator[Fact]:
    """What happened to clocks; that one began is told by the clock itself."""
    for clock in after:
        was = before.get(clock.key)
        if was is None or not was.runs:
            continue
        if clock.met_at is not None:
            yield Fact(clock, "met")
        elif clock.void_at is not None:
            yield Fact(clock, "void")
        elif clock.due_at != was.due_at:
            yield Fact(clock, _shifted(was.due_at, clock.due_at))


def watch(clock: Clock, policy: Policy) -> datetime | None:
    """When somebody must look at the clock: to warn, then to say that it is broken; None if never
    again."""
    if not clock.runs or clock.due_at == NEVER or clock.broken_at is not None:
        return None
    if clock.warned_at is not None:
        return clock.due_at
    return policy.warns(clock.kind, clock.due_at, clock.hours, clock.budget)


def _pointless(clock: Clock) -> bool:
    """Whether a clock ends because the story has no such turn any more; what was answered before
    the turn went away stays met as well."""
    if clock.kind == "solve":
        return clock.runs
    return clock.kind in ("acknowledge", "answer") and clock.void_at is None


def _of_turn(
    turn: Turn, stand: Mapping[Key, Clock], promised: Promised, now: datetime
) -> Iterator[Clock]:
    for kind, met_at in (("acknowledge", turn.acknowledged_at), ("answer", turn.answered_at)):
        clock = _begun(turn, kind, stand, promised)
        if clock is not None:
            void_at = (clock.void_at or now) if turn.settled and met_at is None else None
            yield clock._replace(met_at=met_at, void_at=void_at)


def _begun(turn: Turn, kind: str, stand: Mapping[Key, Clock], promised: Promised) -> Clock | None:
    """The clock as it stood, or as it is promised now; None where nothing promises it."""
    clock = stand.get((turn.opened_by, kind))
    if turn.opened_by not in promised or (clock is not None and not clock.runs):
        return clock
    version, promises = promised[turn.opened_by]
    new = _of_kind(kind, promises)
    if new is None:
        return None
    if clock is not None and (clock.due_at, clock.rule) == (new.due_at, new.rule):
        return clock
    broken = clock.broken_at if clock else None
    return Clock(
        turn.opened_by, kind, turn.since, new.due_at, version, new.rule, new.hours, new.budget,
        next_at=None if broken else new.warn_at, broken_at=broken,
    )  # fmt: skip


def _of_kind(kind: str, promises: Sequence[Promise]) -> Promise | None:
    return next((p for p in promises if p.kind == kind), None)


def _solving(
    told: Story,
    stand: Mapping[Key, Clock],
    promised: Promised,
    policy_of: Callable[[int], Policy],
) -> Clock | None:
    """The clock until the matter is solved: its budget is used up only while we are to move."""
    turns = _unsolved(told, stand)
    if not turns:
        return None
    first = turns[0]
    clock = _to_solve(first, stand, promised)
    if clock is None:
        return None
    policy = policy_of(clock.policy)
    used = sum(
        (policy.worked(clock.hours, t.since, t.answered_at) for t in turns if t.answered_at),
        timedelta(),
    )
    waits = turns[-1].waits
    due_at = policy.due(clock.hours, turns[-1].since, clock.budget - used) if waits else NEVER
    if not clock.runs or clock.due_at == due_at:
        return clock
    return clock._replace(due_at=due_at, next_at=None)


def _to_solve(turn: Turn, stand: Mapping[Key, Clock], promised: Promised) -> Clock | None:
    """The clock of a matter's first turn, by what is promised now; its due time is as it was. One
    that ended because the turn was away runs again."""
    clock = stand.get((turn.opened_by, "solve"))
    if clock is None:
        return _begun(turn, "solve", stand, promised)
    if clock.met_at is not None:
        return clock
    clock = clock._replace(void_at=None)
    if turn.opened_by not in promised:
        return clock
    version, promises = promised[turn.opened_by]
    new = _of_kind("solve", promises)
    if new is None:
        return None
    if (clock.budget, clock.hours, clock.rule) == (new.budget, new.hours, new.rule):
        return clock
    return clock._replace(
        policy=version, budget=new.budget, hours=new.hours, rule=new.rule, warned_at=None
    )


def _unsolved(told: Story, stand: Mapping[Key, Clock]) -> list[Turn]:
    """The turns since the matter was last resolved."""
    solved = [c.met_at for c in stand.values() if c.kind == "solve" and c.met_at is not None]
    last = max(solved, default=None)
    return [t for t in told.turns if not t.settled and (last is None or t.since > last)]


def _watched(clock: Clock, policy_of: Callable[[int], Policy]) -> Clock:
    if clock.due_at == NEVER or not clock.runs:
        return clock._replace(next_at=None)
    if clock.next_at is not None:  # as it was promised, or stood
        return clock
    return clock._replace(next_at=watch(clock, policy_of(clock.policy)))


def _shifted(was: datetime, now: datetime) -> str:
    if now == NEVER:
        return "paused"
    return "resumed" if was == NEVER else "promised anew"
