"""The mark that every page bears while a drill runs."""

from __future__ import annotations

from typing import NamedTuple

from django.db import Error

from sanderling.incidents.drills import running
from sanderling.web import clock
from sanderling.web.wording import in_words, stamp


class Mark(NamedTuple):
    """Which drill runs: its number, its title in English, how long it still takes in words, and
    until when in milliseconds."""

    id: int
    title: str
    left: str
    until: int


def mark() -> Mark | None:
    """The mark of this page; none where no drill runs. One short statement.

    A page that tells of a lost database bears none.
    """
    try:
        drill = running()
    except Error:
        return None
    if drill is None:
        return None
    left = in_words(max(0.0, (drill.ends_at - clock.now()).total_seconds()))
    return Mark(drill.id, drill.title, left, stamp(drill.ends_at))
