"""X's ids: numbers that grow with time and tell it.

The first 41 bits are milliseconds since 4 Nov 2010 (docs.x.com, "Twitter IDs", snowflake).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FIRST = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
_OLDEST = 30_000_000_000
"""Ids under this are from before they told the time."""


def born(id: str) -> datetime | None:
    """When what has this id was made, to the millisecond; None where it does not say."""
    if not is_id(id) or int(id) < _OLDEST:
        return None
    return _FIRST + timedelta(milliseconds=int(id) >> 22)


def is_id(text: str) -> bool:
    """Whether X would take `text` for an id."""
    return text.isascii() and text.isdecimal() and len(text) <= 19


def newest(ids: list[str]) -> str:
    """The greatest id; "" of none."""
    return max(filter(is_id, ids), key=int, default="")
