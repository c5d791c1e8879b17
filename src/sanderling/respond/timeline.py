"""What was said in public about an incident, and what rounds did, as lines of its time line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanderling.core.words import later, retold, say
from sanderling.incidents.timeline import END, PAGE, Key, Line
from sanderling.people.queries import Colleague
from sanderling.store.sql import Row, fetch

SAYS = {
    "word": later("Public status: {label}"),
    "acknowledge": later("Acknowledging everyone: {state}"),
    "close": later("Closing with everyone: {state}"),
}


def lines(incident_id: int, *, before: Key = END, limit: int = PAGE) -> list[Line]:
    """What was said, and how far rounds were, before then, newest first."""
    params = {"incident": incident_id, "at": before.at, "key": before.key, "limit": limit}
    return [_line(*row[:5], _face(row[5:])) for row in fetch("respond/timeline", params)]


def next_word(incident_id: int) -> datetime | None:
    """When the newest public status promised the next one; None where it promised none."""
    found = fetch("respond/next_word", {"incident": incident_id})
    return found[0][0] if found else None


def _line(*told: Any) -> Line:
    at, key, kind, about, words, by = told
    if kind == "word":
        return Line(at, key, "word", say(SAYS[kind], label=retold(about)), words, by)
    return Line(at, key, "round", say(SAYS[kind], state=say(about)), retold(words), by)


def _face(row: Row) -> Colleague | None:
    return Colleague(*row) if row[0] is not None else None
