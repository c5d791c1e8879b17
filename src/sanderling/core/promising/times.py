"""When something that was said is due. The day ends with its working hours, the week on Friday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sanderling.core.promising.language import Said

CLOSING = time(18)
PARTS = {"morning": time(12), "noon": time(12), "afternoon": CLOSING, "evening": time(22)}
"""By when something is done that is done in this part of the day."""
LATEST = timedelta(days=400)
"""Nobody is held to what lies further ahead."""
_DAY = timedelta(days=1)
_FURTHEST = timedelta(days=300)
"""A date without a year that lies further ahead is rather one of the past."""
_SATURDAY = 5
_LAST_OF_AFTERNOON = 7  # "at 5" is five in the afternoon, "at 8" eight in the morning


def due_at(said: Sequence[Said], now: datetime, zone: tzinfo) -> datetime | None:
    """When the pieces of one time are due (UTC); None where that is past, beyond LATEST, or no time
    at all."""
    of = {piece.place: piece for piece in said}
    try:
        at = _span(of["span"].of, now, zone) if "span" in of else _moment(of, now, zone)
    except (ValueError, OverflowError):  # the 31st of February
        return None
    return at if at is not None and now < at <= now + LATEST else None


def _span(of: Mapping[str, str], now: datetime, zone: tzinfo) -> datetime | None:
    """So many hours from now to the minute; days and longer by the closing of the last one."""
    n = max(float(of.get("n", 1)), float(of.get("n2", 0)))
    unit = of["unit"]
    if unit in ("minute", "hour"):
        return now + n * (timedelta(hours=1) if unit == "hour" else timedelta(minutes=1))
    today = now.astimezone(zone).date()
    if unit == "working day":
        return _closing(_worked(today, int(n)), zone)
    return _closing(today + n * {"day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY}[unit], zone)


def _worked(day: date, n: int) -> date:
    """The nth working day after `day`, weekends apart."""
    for _ in range(min(n, 100)):
        day += _DAY
        while day.weekday() >= _SATURDAY:
            day += _DAY
    return day


def _moment(of: Mapping[str, Said], now: datetime, zone: tzinfo) -> datetime | None:
    """A day and its hour, or one of them: an hour alone is the next one that the clock shows."""
    today = now.astimezone(zone).date()
    clock, day = _clock(of), of.get("day")
    if day is None:
        if clock is None:
            return None
        at = _at(today, clock, zone)
        lasts = "hour" not in of and clock > PARTS["noon"]
        return at if at > now else _at(today + _DAY, time(0) if lasts else clock, zone)
    on = _DAYS[day.kind](day.of, today)
    if on is None:
        return None
    at = _at(on, clock or _FIXED.get(day.kind, CLOSING), zone)
    if at <= now and on == today and clock is None and day.kind != "this morning":
        return _at(today + _DAY, time(0), zone)
    return at


def _clock(of: Mapping[str, Said]) -> time | None:
    """The hour that was said, or by which a part of the day is over."""
    part = next((piece.of["part"] for piece in of.values() if "part" in piece.of), "")
    if "hour" not in of:
        return PARTS[part] if part else None
    hour, minute = int(of["hour"].of["h"]), int(of["hour"].of.get("m", 0))
    half = of["hour"].of.get("pm", "").replace(".", "")
    if half == "pm" or (part in ("afternoon", "evening") and hour < 12):
        hour = hour % 12 + 12
    elif half == "am":
        hour %= 12
    elif "guess" in of["hour"].of and hour <= _LAST_OF_AFTERNOON:
        hour += 12
    return time(hour % 24, minute)


def _closing(on: date, zone: tzinfo) -> datetime:
    return _at(on, CLOSING, zone)


def _at(on: date, clock: time, zone: tzinfo) -> datetime:
    """A moment of a local day; an hour that the clock skips is the one after the change."""
    return datetime.combine(on, clock, zone).astimezone(UTC)


def _weekday(of: Mapping[str, str], today: date) -> date:
    """The next such day, never today; `weeks` ahead where it is said to be in that week."""
    wanted = int(of["wd"]) - 1
    if of.get("weeks"):
        return today + (7 - today.weekday() + wanted) * _DAY
    return today + ((wanted - today.weekday() - 1) % 7 + 1) * _DAY


def _date(of: Mapping[str, str], today: date) -> date | None:
    month, day = int(of.get("mon", today.month)), int(of["day"])
    if year := of.get("year"):
        return date(int(year) % 2000 + 2000, month, day)
    if "mon" not in of:
        return _day_of_month(day, today)
    on = date(today.year, month, day)
    on = on if on >= today else date(today.year + 1, month, day)
    return on if on - today <= _FURTHEST else None


def _day_of_month(day: int, today: date) -> date:
    """The next 5th."""
    first = today.replace(day=1)
    if day < today.day:
        first = (first + 32 * _DAY).replace(day=1)
    return first.replace(day=day)


def _end_of_month(today: date, months: int = 0) -> date:
    first = today.replace(day=1)
    for _ in range(months):
        first = (first + 32 * _DAY).replace(day=1)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _friday(today: date, weeks: int = 0) -> date:
    """Friday of a week; of this one its last day where Friday is over."""
    friday = today + (4 - today.weekday() + 7 * weeks) * _DAY
    return friday if friday >= today else friday + 2 * _DAY


_DAYS: dict[str, Callable[[Mapping[str, str], date], date | None]] = {
    "today": lambda _, today: today,
    "this morning": lambda _, today: today,
    "tonight": lambda _, today: today,
    "midnight": lambda _, today: today + _DAY,
    "tomorrow": lambda _, today: today + _DAY,
    "day after": lambda _, today: today + 2 * _DAY,
    "weekend": lambda _, today: today + (6 - today.weekday()) * _DAY,
    "this week": lambda _, today: _friday(today),
    "next week": lambda _, today: _friday(today, 1),
    "this month": lambda _, today: _end_of_month(today),
    "next month": lambda _, today: _end_of_month(today, 1),
    "weekday": _weekday,
    "date": _date,
}
_FIXED = {"this morning": PARTS["morning"], "tonight": PARTS["evening"], "midnight": time(0)}
"""Days that say their hour."""
