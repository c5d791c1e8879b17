"""Cases by the name of who asked, as somebody types it."""

from __future__ import annotations

from sanderling.store.sql import fetch

LAST = chr(0x10FFFF)
"""Above every letter, so that it ends what begins with the same ones."""


def called(start: str, *, limit: int) -> list[int]:
    """The newest case of each customer whose name or handle begins with `start`, newest first."""
    begins = start.lower().removeprefix("@")
    if not begins:
        return []
    params = {"from": begins, "until": begins + LAST, "limit": limit}
    return [row[0] for row in fetch("cases/called", params)]
