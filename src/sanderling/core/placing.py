"""Whose matter a post is, and what a matter's story comes to: pure functions of what was heard.

Everything a customer and we wrote to each other is a set of entries. The same set gives the same
matters, turns and clocks, in whatever order and grouping the entries arrived: that is why late
posts, repeated pages and edits before their posts need no code of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal, NamedTuple

from sanderling.core.lifecycle import Impossible
from sanderling.core.lives import CASE

QUIET = timedelta(days=42)
"""Silence after which a customer's next post is a new matter, unless it stands in an old thread."""

Role = Literal["requester", "us", "bystander"]


class Need(IntEnum):
    """How much a customer's post needs us. Thanks are a matter only where nothing else is."""

    NONE = 0
    THANKS = 1
    ANSWER = 2


_RANK = {"requester": 0, "bystander": 1, "us": 2}


class Entry(NamedTuple):
    """A post as its matter sees it.

    `names` are hashes of the ids by which a thread holds together: its own, what it replies to, the
    conversation, known answers. `needs`: the most that a wording of it needed. `ends`: ours, and
    an answer rather than an acknowledgement. `gone`: deleted. `starts` a thread. `settled`: an
    agent resolved the matter having it. `case` is where it stands already; `fresh`: it has just
    arrived.
    """

    post: int
    at: datetime
    role: Role
    needs: Need
    ends: bool
    gone: bool
    names: tuple[int, ...]
    starts: bool
    settled: bool = False
    case: int | None = None
    fresh: bool = False

    @property
    def order(self) -> tuple[datetime, int, int]:
        """By time; at the same instant the customer speaks before we do, then by id hash."""
        return self.at, _RANK[self.role], self.names[0]


class Ended(NamedTuple):
    """A case that was resolved or closed, and when."""

    at: datetime
    for_good: bool


class Turn(NamedTuple):
    """What the customer wrote since we last answered: opened by a post, met or still waiting.

    `posts` are those that need us, the one that opened it first. `settled`: never answered, but an
    agent resolved the matter knowing it.
    """

    opened_by: int
    since: datetime
    settled: bool
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    posts: tuple[int, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the customer is still owed an answer."""
        return self.answered_at is None and not self.settled


class Story(NamedTuple):
    """What a matter comes to. `about` is the newest post that needs us; `last_at` is when the
    customer or we last said something."""

    turns: tuple[Turn, ...]
    first: int
    about: int
    opened_at: datetime
    last_at: datetime
    replied: bool

    @property
    def pending(self) -> Turn | None:
        """The turn that still waits for an answer."""
        return self.turns[-1] if self.turns and self.turns[-1].waits else None


def matters(entries: Sequence[Entry], ended: Mapping[int, Ended]) -> list[list[Entry]]:
    """Split one customer's entries into matters, each in order.

    Posts belong together when they share a thread or follow each other within `QUIET`. After a
    case has ended, a post that starts a thread begins a new matter; so does any post outside the
    old thread once the case is closed. What stands in two cases stays apart unless a new post
    joins them.
    """
    ordered = sorted(entries, key=lambda e: e.order)
    root = list(range(len(ordered)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = i = root[root[i]]
        return i

    def join(i: int, j: int) -> None:
        a, b = ordered[i].case, ordered[j].case
        if a is None or b is None or a == b:
            root[find(j)] = find(i)

    named: dict[int | str, int] = {}
    for j, entry in enumerate(ordered):
        if (
            j
            and entry.at - ordered[j - 1].at <= QUIET
            and not _begins(entry, ordered[j - 1], ended)
        ):
            join(j - 1, j)
        for name in entry.names:
            join(named.setdefault(name, j), j)
        if entry.case is not None:
            join(named.setdefault(f"case {entry.case}", j), j)
    found: dict[int, list[Entry]] = {}
    for i, entry in enumerate(ordered):
        found.setdefault(find(i), []).append(entry)
    return list(found.values())


def _begins(entry: Entry, before: Entry, ended: Mapping[int, Ended]) -> bool:
    """Whether `entry` begins something new although it follows soon after `before`."""
    if entry.case is not None or entry.role != "requester" or before.case is None:
        return False
    end = ended.get(before.case)
    return end is not None and entry.at > end.at and (end.for_good or entry.starts)


def story(entries: Sequence[Entry]) -> Story | None:
    """What a matter's entries, in order, come to; None where nothing in it ever needed us."""
    needing = [e for e in entries if e.needs and e.role == "requester"]
    if not needing:
        return None
    most = max(e.needs for e in needing)
    needing = [e for e in needing if e.needs == most]
    live = [e for e in needing if not e.gone]
    spoken = [e.at for e in entries if e.role != "bystander"]
    return Story(
        turns=_turns(entries, most),
        first=needing[0].post,
        about=(live or needing)[-1].post,
        opened_at=needing[0].at,
        last_at=spoken[-1],
        replied=any(e.role == "us" and e.ends and not e.gone for e in entries),
    )


def _turns(entries: Sequence[Entry], need: Need) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    pending: Turn | None = None
    for e in entries:
        if e.gone:
            continue
        if e.role == "requester" and e.needs == need:
            if pending is None or (pending.settled and not e.settled):
                turns += [pending] if pending else []
                pending = Turn(e.post, e.at, e.settled)
            pending = pending._replace(posts=(*pending.posts, e.post))
        elif e.role == "us" and pending is not None:
            pending = pending._replace(acknowledged_at=pending.acknowledged_at or e.at)
            if e.ends:
                turns.append(pending._replace(answered_at=e.at))
                pending = None
    return (*turns, pending) if pending else tuple(turns)


def standing(told: Story, state: str | None, *, owned: bool, fresh: bool) -> str:
    """The state of a case whose story is `told` and that stands in `state` (None: just opened).

    `fresh`: a post of the customer that needs us has just arrived. Where no agent has acted, this
    depends on the story alone.
    """
    ended = state in ("resolved", "closed")
    if ended and not (fresh and told.pending):
        return str(state)
    if told.pending:
        spoken = len(told.turns) > 1 or told.replied
        return "open" if owned or ended or spoken else "new"
    if told.replied:
        return "waiting"
    return "open" if owned and told.turns else "withdrawn"  # settled, and taken up again


_BY_STORY = ("customer wrote", "reply", "withdraw", "late post")


def move_between(state: str, target: str) -> str | None:
    """The move by which posts lead a case from `state` to `target`; None where nothing moves.

    Raises Impossible where posts alone cannot do that.
    """
    if state == target:
        return None
    for move in _BY_STORY:
        if CASE.moves.get((state, move)) == target:
            return move
    raise Impossible(f"No post can lead a case from {state} to {target}.")
