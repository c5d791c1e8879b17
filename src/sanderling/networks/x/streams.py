"""X's streams: their lines, their heartbeats, and how long to wait before another try.

Blank lines come every 20 seconds. After a broken line wait a little longer each time, to 16 s;
after a failure of X's own 5 s doubling to 320 s; after a 429 a minute doubling (docs.x.com,
handling disconnections, 2026-08-22).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import msgspec

from sanderling.core.network import NetworkError, Refused, Throttled, Unreachable
from sanderling.core.words import later
from sanderling.networks.x.client import Crowded, Failing, Json

LONGEST_LINE = 2_000_000
FORBIDDEN_S = 900.0
"""What X forbids it may allow another day."""
LONGEST_S = 900.0


async def lines(response: httpx.Response) -> AsyncIterator[Json | None]:
    """What a stream says, line by line; None for a heartbeat. A line that is no JSON is left out.

    Raises Unreachable for a line that never ends.
    """
    rest = b""
    async for part in response.aiter_bytes():
        *whole, rest = (rest + part).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Unreachable(later("X's stream sent a line without an end."))
        for line in whole:
            said = _said(line.strip())
            if said is not None or not line.strip():
                yield said


def pause(error: NetworkError, failures: int, now: datetime) -> float:
    """How long to wait after so many failures in a row, in seconds."""
    doubled = 2.0 ** min(failures - 1, 10)
    if isinstance(error, Crowded):
        return min(60 * doubled, LONGEST_S)
    if isinstance(error, Throttled):
        return max((error.until - now).total_seconds(), min(60 * doubled, LONGEST_S))
    if isinstance(error, Failing):
        return min(5 * doubled, 320)
    if isinstance(error, Refused):
        return FORBIDDEN_S
    return min(0.25 * failures, 16)


def _said(line: bytes) -> Json | None:
    try:
        found = msgspec.json.decode(line) if line else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
