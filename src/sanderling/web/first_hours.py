"""Working hours as the first set-up asks for them, written into the text of a policy.

What must be acknowledged within a quarter of an hour is counted day and night: danger does not wait
for the morning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sanderling.core.policy.document import DAYS
from sanderling.core.policy.editing import Value, add_table, put
from sanderling.core.policy.reading import parsed
from sanderling.core.policy.spans import span

NAME = "office"
AT_ONCE = timedelta(minutes=15)


def day_and_night(text: str, zone: str) -> str:
    """The text with this time zone, where no promise waits for the office. Raises CannotWrite."""
    text = put(text, ("zone",), zone)
    for at, goal in enumerate(_goals(text)):
        if goal.get("hours") == NAME:
            text = put(text, ("goals", at, "hours"), None)
    return text


def within(text: str, zone: str, days: Collection[str], start: str, stop: str) -> str:
    """The text with working hours from `start` to `stop` ("09:00") on `days`, in which everything
    but the most urgent is counted. Raises CannotWrite."""
    text = put(text, ("zone",), zone)
    hours: dict[str, Value] = {day: [f"{start}-{stop}"] for day in DAYS if day in days}
    known: Any = parsed(text)[0].get("hours", {})
    if NAME not in known:
        text = add_table(text, ("hours", NAME), hours)
    for day in DAYS if NAME in known else ():
        text = put(text, ("hours", NAME, day), hours.get(day))
    for at, goal in enumerate(_goals(text)):
        if not goal.get("hours") and not _urgent(goal):
            text = put(text, ("goals", at, "hours"), NAME)
    return text


def _goals(text: str) -> list[dict[str, Any]]:
    found: Any = parsed(text)[0].get("goals", [])
    return [goal for goal in found if isinstance(goal, dict)]


def _urgent(goal: Mapping[str, Any]) -> bool:
    try:
        return span(str(goal.get("acknowledge", "1d"))) <= AT_ONCE
    except ValueError:
        return False
