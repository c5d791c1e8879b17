"""Days over lists, and moments in questions, as the language of who reads writes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_skeleton

from sanderling.core.words import language, say


def heading(day: date, today: date) -> str:
    """Today, Yesterday, 12 October, or 12 October 2025."""
    if day == today:
        return say("Today")
    if day == today - timedelta(days=1):
        return say("Yesterday")
    this_year = day.year == today.year
    if language() == "en":
        return f"{day.day} {day:%B}" if this_year else f"{day.day} {day:%B %Y}"
    if this_year:
        return format_skeleton("MMMMd", day, locale=language())
    return format_date(day, "long", locale=language())


def moment(there: datetime) -> str:
    """Sat 24 Oct 18:00, by the clock of whoever reads it."""
    if language() == "en":
        return f"{there:%a} {there.day} {there:%b %H:%M}"
    day = format_skeleton("MMMEd", there, locale=language())
    return say("{day}, {time}", day=day, time=f"{there:%H:%M}")
