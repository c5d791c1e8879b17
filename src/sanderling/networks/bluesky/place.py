"""How far an account has been read: the connector's cursor. Pure."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

import msgspec

from sanderling.networks.bluesky import translate
from sanderling.networks.wire.sweep import Sweep

FAR = timedelta(days=30)
MOST_PAGES = 5
"""A first reading goes back this far, or this many pages of a hundred."""
OVERLAP = timedelta(seconds=10)
"""The network's own servers take in posts side by side: one may show up a little late."""


Listed = dict[str, datetime]
"""What a page lists: names, and when the network took each in."""


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """The place in one list, newest first; what is known is known by time.

    `pages` are read in the sweep under way; `mark` tells what lay in the overlap, so that it is
    told again only when something slipped in.
    """

    sweep: Sweep = Sweep()
    pages: int = 0
    mark: int = 0

    @property
    def token(self) -> str | None:
        """The token of the page to read next; None for the newest."""
        return self.sweep.next or None

    def fresh(self, listed: Listed) -> set[str]:
        """The names of what may not have been told yet."""
        known = translate.time(self.sweep.known)
        if known is None:
            return set(listed)
        if self._unchanged(listed, known):
            return set()
        return {name for name, at in listed.items() if at >= known - OVERLAP}

    def after(self, listed: Listed, next: str, now: datetime) -> Reading:
        """The place after a page that lists this, with the token `next` ("": no older page)."""
        known, newest = translate.time(self.sweep.known), max(listed.values(), default=None)
        if known and self._unchanged(listed, known):
            return self
        enough = known is None and self.pages + 1 >= MOST_PAGES
        last = known - OVERLAP if known else now - FAR
        sweep = self.sweep.after(
            newest=newest.isoformat() if newest else "",
            next=next,
            reached=enough or newest is None or min(listed.values()) < last,
        )
        mark = self.mark if self.token or newest is None else _mark(listed, newest)
        return Reading(sweep, self.pages + 1 if sweep.under_way else 0, mark)

    def _unchanged(self, listed: Listed, known: datetime) -> bool:
        """Whether the newest page lists just what it listed when it was last read."""
        return self.token is None and self.mark != 0 and _mark(listed, known) == self.mark


def _mark(listed: Listed, known: datetime) -> int:
    """A number for what is listed since shortly before `known`."""
    names = (name for name, at in sorted(listed.items()) if at >= known - OVERLAP)
    return zlib.crc32(" ".join(names).encode("utf-8", "surrogatepass"))


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """`notices` and `own`: what concerns us, and what we wrote. `log`: the last event of our
    conversations, `older` the token of older conversations while they are read for the first time.
    `seq`: the place in the stream at the address `stream`.
    """

    notices: Reading = Reading()
    own: Reading = Reading()
    log: str = ""
    older: str = ""
    seq: int = 0
    stream: str = ""

    @property
    def under_way(self) -> bool:
        """Whether older things are still to be read."""
        return self.notices.sweep.under_way or self.own.sweep.under_way or bool(self.older)

    def written(self) -> str:
        """The place as a cursor."""
        return msgspec.json.encode(self).decode()


def place(cursor: str | None) -> Place:
    """The place that a cursor names; the beginning where it names none."""
    try:
        return msgspec.json.decode(cursor or "{}", type=Place)
    except msgspec.MsgspecError:
        return Place()
