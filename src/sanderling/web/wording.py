"""Figures and times in the words of the desk: short, 24 h, never guessed.

Pure functions; scripts repeat `short` and `ring` for the one clock of a page (static/js/clock.js).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from sanderling.cases.queries import CLOSE, Standing
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect, Kind, Tone

TONES = [tone.name.capitalize() for tone in Tone]
KINDS: dict[str, str] = {
    Kind.COMPLAINT: "message-square-warning",
    Kind.QUESTION: "circle-question-mark",
    Kind.REQUEST: "inbox",
    Kind.PRAISE: "heart",
    Kind.OTHER: "waves",
    Kind.SPAM: "ban",
}
"""The icon of each kind."""
ASPECTS: dict[str, str] = {
    Aspect.NEEDS_US: "Needs us",
    Aspect.KIND: "Kind",
    Aspect.TONE: "Tone",
    Aspect.URGENCY: "Urgency",
    Aspect.LANG: "Language",
    Aspect.TOPIC: "Topic",
}
"""What can be doubted about a post, and corrected."""

SEAS = (
    "M0 9.500C6 5.500 18 5.500 24 9.500V14H0Z",
    "M0 11.200C4 10.800 8 11.600 12 11.200S20 10.800 24 11.200V14H0Z",
    "M0 9.600C3 8.400 5 8.400 8 9.600S13 10.800 16 9.600 21 8.400 24 9.600V14H0Z",
    "M0 8C2.500 5.600 4.500 5.600 7 8S11 10.400 13.500 8 18 5.600 20 8 22.500 9.600 24 8.400V14H0Z",
    "M0 7.200C2 2.800 4 3 6 6.600S10 10 12 6.600 15.500 2.800 18 6.600 22 9.400 24 5.600V14H0Z",
    "M0 5.5C1.5 1 3.2.6 5.2 5.4 5.8 6.8 6.8 6.8 7.4 5.4 9.4.4 10.8.4 12.6 5.4 13.2 6.8 14.2 6.8"
    " 14.8 5.4 16.8.6 18.2.4 20 5.4 20.6 6.8 21.6 6.6 24 2.2V14H0Z",
)
"""The sea for each tone, from glad to furious."""

ZONES = available_timezones()
"""Read once: looking through the files of all zones costs as much as a page."""

MINUTE, HOUR, DAY = 60, 3600, 86400
SIZES = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))


def stamp(moment: datetime) -> int:
    """Milliseconds since 1970, as scripts and event ids count."""
    return int(moment.timestamp() * 1000)


def short(seconds: float) -> str:
    """A length of time in one figure: 12s, 8m, 3h, 2d; nothing is below one second."""
    seconds = max(1, round(seconds))
    if seconds < MINUTE:
        return f"{seconds}s"
    if seconds < HOUR:
        return f"{seconds // MINUTE}m"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR}h"
    return f"{seconds // DAY}d"


def in_words(seconds: float) -> str:
    """A length of time for a sentence: 1 minute, 12 minutes, 3 hours, 2 days."""
    minutes = max(1, round(abs(seconds) / MINUTE))
    if minutes < 60:
        return _many(minutes, "minute")
    if minutes < 48 * 60:
        return _many(minutes // 60, "hour")
    return _many(minutes // (24 * 60), "day")


def _many(n: int, one: str) -> str:
    return f"{n} {one}{'' if n == 1 else 's'}"


def many(n: int, one: str, more: str = "") -> str:
    """`1 post`, `4 posts`."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def reach(followers: int) -> str:
    """Followers in at most four figures: 640, 1,412, 18.2K, 1.3M."""
    if followers < 10_000:
        return f"{followers:,}"
    size, letter = next(pair for pair in SIZES if followers >= pair[0])
    share = followers / size
    return f"{share:.1f}".removesuffix(".0") + letter if share < 100 else f"{share:.0f}{letter}"


def clock_time(moment: datetime, zone: tzinfo = UTC, now: datetime | None = None) -> str:
    """08:47 today; with the day before it on any other day: 12 Oct, 08:47."""
    there = moment.astimezone(zone)
    hour = f"{there:%H:%M}"
    if now is None or there.date() == now.astimezone(zone).date():
        return hour
    year = "" if there.year == now.astimezone(zone).year else f" {there.year}"
    return f"{there.day} {there:%b}{year}, {hour}"


def day(moment: datetime, zone: tzinfo = UTC) -> str:
    """Oct 2026."""
    return f"{moment.astimezone(zone):%b %Y}"


def zone_from(name: str) -> tzinfo:
    """The time zone a browser named, or UTC."""
    return ZoneInfo(name) if name in ZONES else UTC


class Ring(NamedTuple):
    """A clock as it is drawn: `look` names its style, `left` is the share left in per cent."""

    look: str
    left: int
    figure: str
    says: str


def ring(case: Standing, now: datetime) -> Ring:
    """The clock of a case at `now`; clock.js draws the same for running ones."""
    if case.state in ("resolved", "closed"):
        return Ring("done", 100, "", "Resolved" if case.state == "resolved" else "Closed")
    if case.snoozed:
        return Ring("paused", 100, "", "Snoozed, clock not shown")
    if case.due_at >= NEVER:
        waits = case.state == "waiting"
        return Ring("paused", 100, "", "Waiting on the customer" if waits else "No clock runs")
    left = (case.due_at - now).total_seconds()
    act = f"to {case.due_kind}" if case.due_kind in ("acknowledge", "answer") else ""
    if left <= 0:
        late = f"{in_words(left)} past the time {act}".strip()
        return Ring("over", 100, f"+{short(-left)}", late)
    allowed = (case.due_at - (case.due_from or now)).total_seconds() or left
    share = min(100, round(100 * left / max(allowed, left)))
    look = "risk" if share <= 25 else "soon" if share <= 40 else "ok"
    return Ring(look, share, short(left), f"{in_words(left)} left {act}".strip())


def group(case: Standing, now: datetime) -> str:
    """The heading under which a case stands in a queue that is ordered by deadline."""
    if case.due_at >= NEVER:
        return "No deadline"
    left = case.due_at - now
    if left < CLOSE:
        return "Due within 15 minutes"
    if left < timedelta(hours=24):
        return "Due within a day"
    return "Later"


def doubts(unsure: Collection[str]) -> str:
    """What a person is asked to decide: kind and tone."""
    named = [label.lower() for aspect, label in ASPECTS.items() if aspect in unsure]
    *most, last = named or ["the verdict"]
    return f"{', '.join(most)} and {last}" if most else last


def initials(name: str) -> str:
    """Two letters for an avatar: of the first and the last word, whatever the script."""
    words = [w for w in name.replace("@", " ").split() if w[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def hue(name: str) -> int:
    """A colour for a name, always the same one (degrees)."""
    return sum(ord(c) * (i + 7) for i, c in enumerate(name)) * 47 % 360


def network_name(network: str) -> str:
    """A network's name as people write it."""
    return network.replace("_", " ").title()


def first_name(name: str, handle: str) -> str:
    """What to call somebody in a button: the first word of the name, else the handle."""
    words = name.split()
    return (words[0] if words and len(words[0]) <= 24 else f"@{handle}")[:40]


def money(micros: int, currency: str) -> str:
    """An amount in millionths, with as many decimals as small prices need; nothing for nothing."""
    if not micros:
        return ""
    exact = micros < 1_000_000 and micros % 10_000
    figure = f"{micros / 1_000_000:,.{3 if exact else 2}f}"
    return f"${figure}" if currency == "USD" else f"{figure} {currency}"
