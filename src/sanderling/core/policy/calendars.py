"""Working hours of a policy as calendars."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from sanderling.core.policy.document import DAYS, WorkingHours
from sanderling.core.policy.spans import hours
from sanderling.core.timing import Calendar, Hours
from sanderling.core.words import say


def calendar(said: WorkingHours, zone: str) -> Calendar:
    """The calendar of these hours, in `zone` where they name none. Raises ValueError, in words."""
    return Calendar(
        zone=zone_named(said.zone or zone),
        week=tuple(intervals(getattr(said, day)) for day in DAYS),
        exceptions=dict.fromkeys(said.closed, ()) | {d: intervals(t) for d, t in said.on.items()},
        holidays=national(said.holidays) if said.holidays else (),
    )


def intervals(texts: tuple[str, ...]) -> tuple[Hours, ...]:
    """ "08:00-12:00", "13:00-18:00" as hours of a day. Raises ValueError."""
    return tuple(hours(text) for text in texts)


def zone_named(name: str) -> ZoneInfo:
    """A time zone. Raises ValueError, in words."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            say(
                "There is no time zone “{name}”. Write it as Europe/Berlin or America/New_York.",
                name=name[:40],
            )
        ) from error


@cache
def national(name: str) -> holidays.HolidayBase:
    """The holidays of a country, or of a part of it ("DE-BY"); each year is looked up when it is
    first asked about. Raises ValueError, in words."""
    country, _, part = name.partition("-")
    parts = _supported().get(country)
    if parts is None:
        raise ValueError(
            say(
                "No holidays are known for “{name}”. Write a country as DE, or a part as DE-BY.",
                name=name[:40],
            )
        )
    if part and part not in parts:
        raise ValueError(
            say(
                "“{name}” is no part of {country}. There are {parts}.",
                name=name[:40],
                country=country,
                parts=", ".join(parts),
            )
            if parts
            else say(
                "Holidays of {country} are known for the whole country only: write “{country}”.",
                country=country,
            )
        )
    return holidays.country_holidays(country, subdiv=part or None)


@cache
def _supported() -> dict[str, list[str]]:
    return holidays.list_supported_countries()
