"""Rate limits as X's answers tell them: who has nothing left waits, and does not ask in vain.

Every endpoint has a window of its own, for the app and for each account (x-rate-limit-* headers,
docs.x.com/x-api/fundamentals/rate-limits, 2026-08-22).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sanderling.core.network import Throttled
from sanderling.core.words import later
from sanderling.networks.wire.calling import on_our_clock

LIMITS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
_IDS = re.compile(r"(?<=/)[0-9]{2,}(?=/|$)")


class Windows:
    """What each endpoint has left."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._shut: dict[str, datetime] = {}

    def enter(self, endpoint: str) -> None:
        """Raises Throttled where X has said that this endpoint is shut for now."""
        until = self._shut.get(endpoint)
        if until is None:
            return
        if until > self._clock():
            raise Throttled(
                until,
                later("X's limit for this is used up until {time} UTC.").format(
                    time=f"{until:%H:%M:%S}"
                ),
            )
        del self._shut[endpoint]

    def note(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """Remember what an answer told of its endpoint: for the window, and for the day."""
        for limit in LIMITS:
            left, reset = headers.get(f"{limit}-remaining"), headers.get(f"{limit}-reset")
            if left == "0" and reset and reset.isdecimal() and len(reset) < 12:
                at = datetime.fromtimestamp(int(reset), UTC)
                until = on_our_clock(at, headers, self._clock())
                self._shut[endpoint] = max(until, self._shut.get(endpoint, until))


def endpoint(method: str, path: str, whose: str) -> str:
    """The window a call counts in: ids in the path make no other."""
    return f"{whose} {method} {_IDS.sub('*', path)}"
