"""Clocks of the cases of a page: asked of the policy together, and written together.

`core.clocks` decides; here is what it must know, and what becomes of it. One statement a table.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sanderling.cases.ruling import Rulings
from sanderling.core.clocks import Clock, Given, Key, Promised, clocks, due, facts
from sanderling.core.placing import Story, Turn
from sanderling.core.policy import Policy, Promise
from sanderling.store.sql import as_json, fetch, run

Standing = dict[Key, Clock]
"""The clocks of a case."""

MOST_ASKED = 20
"""Of a turn's posts, how many may promise something: the first, and the newest."""


class Matter(NamedTuple):
    """A case whose story was told: `case` are its columns, `fresh` the posts that are new in it, or
    seen anew. `loosen`: what they are promised now may be later than what stands."""

    case: dict[str, Any]
    story: Story
    stand: Standing
    fresh: Container[int]
    loosen: bool = True

    @property
    def ended(self) -> bool:
        """Whether an agent resolved it."""
        return self.case["state"] in ("resolved", "closed")


def standing_clocks(cases: Iterable[int]) -> dict[int, Standing]:
    """All clocks of some cases, by case."""
    wanted = list(cases)
    found: dict[int, Standing] = {}
    if wanted:
        for case, *columns in fetch("cases/clocks_of_cases", {"ids": wanted}):
            clock = Clock(*columns)
            found.setdefault(case, {})[clock.key] = clock
    return found


def concerned(matters: Iterable[Matter]) -> Iterator[int]:
    """The posts of which the policy must say what it promises for them."""
    return (post for matter in matters for turn in _asking(matter) for post in _heard(turn))


def keep(matters: Sequence[Matter], rulings: Rulings, *, now: datetime) -> None:
    """Start the clocks that the stories ask for, stop those that were met or are no turns, and tell
    each case when it is due. The cases have their numbers; `rulings` knows who is `concerned`."""
    rows: list[dict[str, Any]] = []
    happened: list[dict[str, Any]] = []
    for matter in matters:
        stands = clocks(
            matter.story,
            matter.stand,
            _promised(matter, rulings),
            policy_of=rulings.version,
            ended=matter.ended,
            now=now,
        )
        number = matter.case["id"]
        rows += [_row(number, c) for c in stands if matter.stand.get(c.key) != c]
        told = facts(matter.stand, stands)
        happened += [{**_row(number, f.clock), "fact": f.fact} for f in told]
        active = matter.case["state"] in ("new", "open")
        matter.case["due_at"], matter.case["due_kind"] = due(stands if active else ())
    if rows:
        run("cases/put_clocks", {"rows": as_json(rows)})
    if happened:
        run("cases/put_facts", {"rows": as_json(happened), "now": now})


def end(case_id: int, *, solved: bool, now: datetime) -> None:
    """No clock of the case runs any longer, but for a public follow-up that is owed."""
    run("cases/end_clocks", {"case": case_id, "solved": solved, "now": now})


def _asking(matter: Matter) -> list[Turn]:
    """Turns that say something new, were promised nothing yet, or are now the first to solve."""
    known = {turn for turn, _ in matter.stand}
    solving = {turn for turn, kind in matter.stand if kind == "solve"}
    first = next((t.opened_by for t in matter.story.turns if not t.settled), None)
    moved = first if solving and first not in solving else None
    return [
        t
        for t in matter.story.turns
        if t.opened_by == moved
        or t.opened_by not in known
        or any(p in matter.fresh for p in t.posts)
    ]


def _heard(turn: Turn) -> tuple[int, ...]:
    first, *others = turn.posts
    return (first, *others[-MOST_ASKED:])


def _row(case_id: int, clock: Clock) -> dict[str, Any]:
    return {"case_id": case_id, **clock._asdict(), "budget": clock.budget.total_seconds()}


def _promised(matter: Matter, rulings: Rulings) -> Promised:
    """The tightest that any post of a turn is promised, by the version that it began with."""
    return {turn.opened_by: _given(matter, turn, rulings) for turn in _asking(matter)}


def _given(matter: Matter, turn: Turn, rulings: Rulings) -> Given:
    standing = [c for c in matter.stand.values() if c.turn == turn.opened_by]
    version = next((c.policy for c in standing), None)
    policy = rulings.current if version is None else rulings.version(version)
    tightest = {} if matter.loosen else {c.kind: _made(c, policy) for c in standing}
    for post in _heard(turn):
        promises, _ = rulings.of(post, policy)
        for promise in promises:
            kept = tightest.get(promise.kind)
            if kept is None or promise.due_at < kept.due_at:
                tightest[promise.kind] = promise
    return Given(policy.version, tuple(tightest.values()))


def _made(clock: Clock, policy: Policy) -> Promise:
    """The promise that a clock was begun with, whatever pauses it had since."""
    due_at = policy.due(clock.hours, clock.started_at, clock.budget)
    warn_at = clock.next_at or due_at
    return Promise(clock.kind, clock.budget, clock.hours, due_at, warn_at, clock.rule)
