"""How far an account's lists have been read: what its cursor says. Pure.

Three lists are read newest first: what happened to us, what we wrote, and our conversations. At the
first connection only what is recent is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from sanderling.core.network import Refused
from sanderling.core.words import later
from sanderling.networks.wire.sweep import Sweep

MOST_AT_FIRST = 500
OLDEST_AT_FIRST = timedelta(days=30)
Source = Literal["notifications", "statuses", "conversations"]
SOURCES: tuple[Source, ...] = ("notifications", "statuses", "conversations")


class Reached(Sweep, frozen=True, omit_defaults=True):
    """A sweep that counts what it has read since it began."""

    read: int = 0

    def further(self, items: Mapping[str, datetime], older: str, *, now: datetime) -> Reached:
        """The place after a page of `items` (times by id), with `older` naming the next page."""
        ids = sorted(items, key=age)
        read = self.read + len(ids)
        down = bool(ids) and bool(self.known) and age(ids[0]) <= age(self.known)
        enough = not self.known and (read >= MOST_AT_FIRST or _old(items.values(), now))
        stuck = bool(self.next) and age(older) >= age(self.next)
        swept = self.after(
            newest=self._newest(ids), next=older, reached=down or enough or stuck or not ids
        )
        read = read if swept.under_way else 0
        return Reached(known=swept.known, top=swept.top, next=swept.next, read=read)

    def _newest(self, ids: list[str]) -> str:
        return max([*ids[-1:], self.known], key=age)


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far everything has been read on the server `host`; `tags`: the newest status of each."""

    host: str
    reached: dict[str, Reached] = {}
    tags: dict[str, str] = {}

    def of(self, source: Source) -> Reached:
        """How far a list has been read."""
        return self.reached.get(source, Reached())

    @property
    def unfinished(self) -> tuple[Source, ...]:
        """The lists of which older pages are still to be read."""
        return tuple(source for source in SOURCES if self.of(source).under_way)

    def as_text(self) -> str:
        """As a cursor."""
        return msgspec.json.encode(self).decode()


def place(cursor: str | None, host: str) -> Place:
    """What a cursor says; raises Refused where it is not one of this server."""
    if cursor is None:
        return Place(host)
    try:
        found = msgspec.json.decode(cursor, type=Place)
    except (msgspec.MsgspecError, RecursionError):
        found = Place("")
    if found.host != host:
        raise Refused(
            later(
                "The desk's place in this account is not one on {host}. Connect the account again."
            ).format(host=host)
        )
    return found


def age(id: str) -> tuple[int, str]:
    """How ids are ordered, oldest first: numbers by value, others (ULIDs, flakes) as text."""
    return len(id), id


def _old(times: Iterable[datetime], now: datetime) -> bool:
    return any(at < now - OLDEST_AT_FIRST for at in times)
