"""In what order the network tells its events, and what goes wrong on the way on demand."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import msgspec

from sanderling.networks.practice.journal import Lines
from sanderling.networks.practice.world import (
    Deleted,
    Edited,
    Event,
    Liked,
    Posted,
    Refusal,
    Reposted,
    World,
    may_read,
)

TOLD = (Posted, Edited, Deleted, Liked, Reposted)


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What goes wrong on demand. Shares run from 0 (never) to 1 (always); times are in seconds.

    On the way to the reader: `lose`, `repeat` (shares of events), `delay_s` (every event waits),
    `reorder_s` (every event waits up to so long, so that they overtake each other), `edit_first_s`
    (a post waits for its edit, at most so long).
    Calls: `throttle_s` (answered 429 for so long), `unreachable` (503), `sign_in_lost` (401).
    Pushes: `push_lost` (cut before anything happened), `push_cut` (taken, then cut without an
    answer), `push_refused` (taken, then answered 403), `push_failed` (answered 500, every other
    time taken before), `push_hang_s` (taken, then the answer waits), `forget_keys` (a key is never
    known).
    """

    lose: float = 0
    repeat: float = 0
    delay_s: float = 0
    reorder_s: float = 0
    edit_first_s: float = 0
    throttle_s: float = 0
    unreachable: bool = False
    sign_in_lost: bool = False
    push_lost: float = 0
    push_cut: float = 0
    push_refused: float = 0
    push_failed: float = 0
    push_hang_s: float = 0
    forget_keys: bool = False

    def __post_init__(self) -> None:
        for name in ("lose", "repeat", "push_lost", "push_cut", "push_refused", "push_failed"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share: it must be between 0 and 1")
        for name in ("delay_s", "reorder_s", "edit_first_s", "throttle_s", "push_hang_s"):
            if not 0 <= getattr(self, name) <= 3600:
                raise ValueError(f"{name} is a time in seconds: it must be between 0 and 3600")


class Window(msgspec.Struct, frozen=True):
    """Some events as told, where to go on, and whether more wait already."""

    events: list[Event]
    cursor: str
    more: bool


class Delivery:
    """The order in which events are told. The order is kept on disk, so that cursors stay true.

    Whoever reads from the beginning gets the history, which is always whole, and then the live
    order, which is only as good as `faults` lets it be.
    """

    def __init__(self, world: World, lines: Lines, faults: Faults, rng: Random) -> None:
        self.world = world
        self.faults = faults
        self._lines = lines
        self._rng = rng
        numbers = [int(line) for line in lines.read() if line.lstrip(b"-").isdigit()]
        self.order = [number for number in numbers if 0 < number <= len(world.log)]
        settled = {abs(number) for number in numbers}
        self._held: list[tuple[datetime, int]] = []
        for event in world.log:
            if isinstance(event.what, TOLD) and event.seq not in settled:
                self._tell(event.seq)
        world.listeners.append(self.take)

    def take(self, event: Event) -> None:
        """Put a new event in the order, now or later, as the faults will have it."""
        if not isinstance(event.what, TOLD):
            return
        if self._rng.random() < self.faults.lose:
            self._lines.append(b"-%d" % event.seq)
            return
        wait = self.faults.delay_s + self._rng.uniform(0, self.faults.reorder_s)
        if isinstance(event.what, Posted):
            wait += self.faults.edit_first_s
        if wait:
            self._held.append((event.at + timedelta(seconds=wait), event.seq))
        else:
            self._tell(event.seq)
        if isinstance(event.what, Edited):
            self._tell_after_edit(event.what.post)

    def release(self, now: datetime) -> bool:
        """Tell what has waited long enough, and everything once no fault holds it back.

        True where there was something to tell.
        """
        faults = self.faults
        free = not (faults.delay_s or faults.reorder_s or faults.edit_first_s)
        due = sorted(held for held in self._held if free or held[0] <= now)
        if due:
            self._held = sorted(set(self._held).difference(due))
        for _, seq in due:
            self._tell(seq)
        return bool(due)

    def _tell_after_edit(self, post_id: str) -> None:
        """A post that only waited for its edit follows it, unless other faults hold them both."""
        if self.faults.delay_s or self.faults.reorder_s:
            return
        waiting = [held for held in self._held if self._posts(held[1], post_id)]
        self._held = [held for held in self._held if held not in waiting]
        for _, seq in waiting:
            self._tell(seq)

    def _posts(self, seq: int, post_id: str) -> bool:
        what = self.world.log[seq - 1].what
        return isinstance(what, Posted) and what.post.id == post_id

    def _tell(self, seq: int) -> None:
        times = 2 if self._rng.random() < self.faults.repeat else 1
        for _ in range(times):
            self.order.append(seq)
            self._lines.append(b"%d" % seq)

    def read(self, who: str, since: str | None, limit: int) -> Window:
        """What `who` may know after the cursor `since`; raises Refusal for a cursor not ours."""
        kind, place = self._place(since)
        if kind == "history":
            seqs: list[int] = [event.seq for event in self.world.log[place:]]
        else:
            seqs = self.order[place:]
        events: list[Event] = []
        used = 0
        for seq in seqs:
            used += 1
            event = self.world.log[seq - 1]
            if self._may_know(who, event):
                events.append(event)
            if len(events) == limit:
                break
        more = used < len(seqs)
        if kind == "history" and not more:
            kind, place, used = "live", len(self.order), 0
        return Window(events, f"{self.world.born}-{kind}-{place + used}", more)

    def _place(self, since: str | None) -> tuple[str, int]:
        if since is None:
            return "history", 0
        born, _, rest = since.partition("-")
        kind, _, place = rest.partition("-")
        ends = {"history": len(self.world.log), "live": len(self.order)}
        known = born == str(self.world.born) and place.isdigit() and kind in ends
        if not known or int(place) > ends[kind]:
            raise Refusal(
                "This network does not know the place to go on from: its data were replaced. "
                "Connect the account again to read everything anew."
            )
        return kind, int(place)

    def _may_know(self, who: str, event: Event) -> bool:
        what = event.what
        if not isinstance(what, TOLD):
            return False
        post = what.post if isinstance(what, Posted) else self.world.posts[what.post]
        return may_read(who, post)
