"""How far an account has been read: the connector's cursor. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from sanderling.networks.bluesky import translate
from sanderling.networks.wire.sweep import Sweep

FAR = timedelta(days=30)
MOST_PAGES = 5
"""A first reading goes back this far, or this many pages of a hundred."""
OVERLAP = timedelta(seconds=10)
"""The network's own servers take in posts side by side: one may show up a little late."""


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """The place in one list, newest first; what is known is known by time. `pages` are read."""

    sweep: Sweep = Sweep()
    pages: int = 0

    @property
    def token(self) -> str | None:
        """The token of the page to read next; None for the newest."""
        return self.sweep.next or None

    def fresh(self, at: datetime) -> bool:
        """Whether something of that time may not have been told yet."""
        known = translate.time(self.sweep.known)
        return known is None or at >= known - OVERLAP

    def after(self, times: list[datetime], next: str, now: datetime) -> Reading:
        """The place after a page with things of these times and the token `next` ("": none)."""
        known = translate.time(self.sweep.known)
        enough = known is None and self.pages + 1 >= MOST_PAGES
        last = known or now - FAR
        sweep = self.sweep.after(
            newest=max(times).isoformat() if times else "",
            next=next,
            reached=enough or not times or any(at < last for at in times),
        )
        return Reading(sweep, self.pages + 1 if sweep.under_way else 0)


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
