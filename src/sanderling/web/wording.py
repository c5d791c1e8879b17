"""Figures and times in the words of the desk: short, 24 h, never guessed.

Pure functions; scripts repeat `short` and `ring` for the one clock of a page (static/js/clock.js).
English is written out here, which is fast; how other languages write dates, figures and lists,
Babel knows. Figures are those of the West everywhere, so that server and scripts agree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import DateTimePattern, match_skeleton, parse_pattern
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_currency

from sanderling.cases.queries import CLOSE, Badge, CaseClock, Standing
from sanderling.core import words
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect, Kind
from sanderling.core.words import figure, language, later, say
from sanderling.people.queries import Taste

TONES = [
    later("Glad"),
    later("Calm"),
    later("Uneasy"),
    later("Annoyed"),
    later("Angry"),
    later("Furious"),
]
_TONES = [
    later("glad"),
    later("calm"),
    later("uneasy"),
    later("annoyed"),
    later("angry"),
    later("furious"),
]
KINDS: dict[str, str] = {
    Kind.COMPLAINT: "message-square-warning",
    Kind.QUESTION: "circle-question-mark",
    Kind.REQUEST: "inbox",
    Kind.PRAISE: "heart",
    Kind.OTHER: "waves",
    Kind.SPAM: "ban",
}
"""The icon of each kind."""
KIND_NAMES: dict[str, str] = {
    Kind.COMPLAINT: later("Complaint"),
    Kind.QUESTION: later("Question"),
    Kind.REQUEST: later("Request"),
    Kind.PRAISE: later("Praise"),
    Kind.OTHER: later("Other"),
    Kind.SPAM: later("Spam"),
}
ASPECTS: dict[str, str] = {
    Aspect.NEEDS_US: later("Needs us"),
    Aspect.KIND: later("Kind"),
    Aspect.TONE: later("Tone"),
    Aspect.URGENCY: later("Urgency"),
    Aspect.LANG: later("Language"),
    Aspect.TOPIC: later("Topic"),
}
"""What can be doubted about a post, and corrected."""
_ASPECTS: dict[str, str] = {
    Aspect.NEEDS_US: later("needs us"),
    Aspect.KIND: later("kind"),
    Aspect.TONE: later("tone"),
    Aspect.URGENCY: later("urgency"),
    Aspect.LANG: later("language"),
    Aspect.TOPIC: later("topic"),
}
STATES: dict[str, str] = {
    "new": later("new"), "open": later("open"), "waiting": later("waiting"),
    "resolved": later("resolved"), "closed": later("closed"), "withdrawn": later("withdrawn"),
    "merged": later("merged"),
    "queued": later("queued"), "held": later("held"), "sending": later("sending"),
    "sent": later("sent"), "unsure": later("unsure"), "failed": later("failed"),
}  # fmt: skip
"""The states of cases and answers."""

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
        return say("{n}s", n=seconds)
    if seconds < HOUR:
        return say("{n}m", n=seconds // MINUTE)
    if seconds < 2 * DAY:
        return say("{n}h", n=seconds // HOUR)
    return say("{n}d", n=seconds // DAY)


def length(seconds: float) -> str:
    """How long something plays, as players write it: 0:42, 12:05, 1:02:10."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_words(seconds: float) -> str:
    """A length of time for a sentence: 1 minute, 12 minutes, 3 hours, 2 days."""
    minutes = max(1, round(abs(seconds) / MINUTE))
    if minutes < 60:
        return words.many("{n} minute", "{n} minutes", minutes)
    if minutes < 48 * 60:
        return words.many("{n} hour", "{n} hours", minutes // 60)
    return words.many("{n} day", "{n} days", minutes // (24 * 60))


def reach(followers: int) -> str:
    """Followers in at most four figures: 640, 1,412, 18.2K, 1.3M."""
    if followers < 10_000:
        return figure(followers)
    if locale := _locale(language()):
        short = str(format_compact_decimal(followers, fraction_digits=1, locale=locale))
        return figure(followers) if short.isdecimal() else short
    size, letter = next(pair for pair in SIZES if followers >= pair[0])
    share = followers / size
    return f"{share:.1f}".removesuffix(".0") + letter if share < 100 else f"{share:.0f}{letter}"


def clock_time(moment: datetime, zone: tzinfo = UTC, now: datetime | None = None) -> str:
    """08:47 today; with the day before it on any other day: 12 Oct, 08:47."""
    there = moment.astimezone(zone)
    hour = f"{there:%H:%M}"
    if now is None or there.date() == now.astimezone(zone).date():
        return hour
    this_year = there.year == now.astimezone(zone).year
    if locale := _locale(language()):
        on = _pattern(locale, "MMMd" if this_year else "yMMMd").apply(there, locale)
        return _joined(locale).format(hour, on)
    year = "" if this_year else f" {there.year}"
    return f"{there.day} {there:%b}{year}, {hour}"


def day(moment: datetime, zone: tzinfo = UTC) -> str:
    """Oct 2026."""
    there = moment.astimezone(zone)
    if locale := _locale(language()):
        return _pattern(locale, "yMMM").apply(there, locale)
    return f"{there:%b %Y}"


def last_day(until: datetime) -> str:
    """31 Mar 2027: the last day (UTC) before `until`."""
    last = (until - timedelta(seconds=1)).astimezone(UTC)
    if locale := _locale(language()):
        return _pattern(locale, "yMMMd").apply(last, locale)
    return f"{last.day} {last:%b %Y}"


@lru_cache(maxsize=16)
def _locale(code: str) -> Locale | None:
    """What Babel knows of a language; None for English, which is written out here."""
    return None if code == "en" else Locale.parse(code)


@lru_cache(maxsize=64)
def _pattern(locale: Locale, skeleton: str) -> DateTimePattern:
    """How a language writes a date of these parts."""
    known = locale.datetime_skeletons
    return parse_pattern(known[match_skeleton(skeleton, known)])


@lru_cache(maxsize=16)
def _joined(locale: Locale) -> str:
    """How a language puts a time {0} and a day {1} together."""
    return str(locale.datetime_formats["medium"]).replace("'", "")


def listed(these: Sequence[str]) -> str:
    """Several things in a sentence: kind, tone and topic; "" for none."""
    if locale := _locale(language()):
        return str(format_list(list(these), locale=locale))
    *most, last = these or [""]
    return f"{', '.join(most)} and {last}" if most else last


def zone_from(name: str) -> tzinfo:
    """The time zone a browser named, or UTC."""
    return ZoneInfo(name) if name in ZONES else UTC


class Ring(NamedTuple):
    """A clock as it is drawn: `look` names its style, `left` is the share left in per cent."""

    look: str
    left: int
    figure: str
    says: str


class Owed(NamedTuple):
    """The sentences about one thing that is promised."""

    name: str
    left: str
    past: str
    by: str
    passed: str
    kept: str
    late: str


OWED = {
    "acknowledge": Owed(
        later("Acknowledge"),
        later("{length} left to acknowledge"),
        later("{length} past the time to acknowledge"),
        later("Acknowledge by {time}"),
        later("Acknowledge by {time}, which has passed"),
        later("Acknowledged {time}, in time"),
        later("Acknowledged {time}, {length} late"),
    ),
    "answer": Owed(
        later("Answer"),
        later("{length} left to answer"),
        later("{length} past the time to answer"),
        later("Answer by {time}"),
        later("Answer by {time}, which has passed"),
        later("Answered {time}, in time"),
        later("Answered {time}, {length} late"),
    ),
    "solve": Owed(
        later("Solve"),
        later("{length} left to solve"),
        later("{length} past the time to solve"),
        later("Solve by {time}"),
        later("Solve by {time}, which has passed"),
        later("Solved {time}, in time"),
        later("Solved {time}, {length} late"),
    ),
    "follow up": Owed(
        later("Follow up"),
        later("{length} left to follow up"),
        later("{length} past the time to follow up"),
        later("Follow up by {time}"),
        later("Follow up by {time}, which has passed"),
        later("Followed up in public {time}, in time"),
        later("Followed up in public {time}, {length} late"),
    ),
}
"""What is promised, by the kinds of clocks."""
_ANYTHING = Owed(
    later("Act"),
    later("{length} left"),
    later("{length} past the time"),
    later("Act by {time}"),
    later("Act by {time}, which has passed"),
    later("Done {time}, in time"),
    later("Done {time}, {length} late"),
)


def ring(case: Standing, now: datetime) -> Ring:
    """The clock of a case at `now`; clock.js draws the same for running ones."""
    if case.state in ("resolved", "closed"):
        return Ring("done", 100, "", say("Resolved") if case.state == "resolved" else say("Closed"))
    if case.snoozed:
        return Ring("paused", 100, "", say("Snoozed, clock not shown"))
    if case.due_at >= NEVER:
        waits = case.state == "waiting"
        return Ring(
            "paused", 100, "", say("Waiting on the customer") if waits else say("No clock runs")
        )
    left = (case.due_at - now).total_seconds()
    owed = OWED.get(case.due_kind, _ANYTHING)
    if left <= 0:
        return Ring("over", 100, f"+{short(-left)}", say(owed.past, length=in_words(left)))
    allowed = (case.due_at - (case.due_from or now)).total_seconds() or left
    share = min(100, round(100 * left / max(allowed, left)))
    look = "risk" if share <= 25 else "soon" if share <= 40 else "ok"
    return Ring(look, share, short(left), say(owed.left, length=in_words(left)))


def promise(clock: CaseClock, now: datetime, zone: tzinfo = UTC) -> str:
    """A promise and how it stands: “Answer by 14:30”, “Acknowledged 12:05, 5 minutes late”."""
    owed = OWED.get(clock.kind, _ANYTHING)
    if clock.met_at is not None:
        late = (clock.met_at - clock.due_at).total_seconds()
        at = clock_time(clock.met_at, zone, now)
        return (
            say(owed.late, time=at, length=in_words(late)) if late > 0 else say(owed.kept, time=at)
        )
    if clock.void_at is not None:
        return say("{promise}: not owed any more", promise=say(owed.name))
    if clock.due_at >= NEVER:
        return say("{promise}: the clock rests while we wait", promise=say(owed.name))
    due = clock_time(clock.due_at, zone, now)
    return say(owed.passed if clock.due_at <= now else owed.by, time=due)


def group(case: Standing, now: datetime) -> str:
    """The heading under which a case stands in a queue that is ordered by deadline."""
    if case.due_at >= NEVER:
        return say("No deadline")
    left = case.due_at - now
    if left < CLOSE:
        return say("Due within 15 minutes")
    if left < timedelta(hours=24):
        return say("Due within a day")
    return say("Later")


def state_in_words(name: str) -> str:
    """A state of a case or an answer."""
    return say(STATES.get(name, name))


def kind_in_words(name: str) -> str:
    """What a post is about: Complaint."""
    return say(KIND_NAMES.get(name, name))


def tone_in_words(level: int) -> str:
    """A tone inside a sentence: calm."""
    return say(_TONES[level])


def aspect_in_words(aspect: str) -> str:
    """What can be doubted, inside a sentence: needs us, tone."""
    return say(_ASPECTS[aspect])


def doubts(unsure: Collection[str]) -> str:
    """What a person is asked to decide: kind and tone."""
    named = [aspect_in_words(aspect) for aspect in ASPECTS if aspect in unsure]
    return listed(named or [say("the verdict")])


def initials(name: str) -> str:
    """Two letters for an avatar: of the first and the last word, whatever the script."""
    parts = [part for part in name.replace("@", " ").split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def hue(name: str) -> int:
    """A colour for a name, always the same one (degrees)."""
    return sum(ord(c) * (i + 7) for i, c in enumerate(name)) * 47 % 360


def network_name(network: str) -> str:
    """A network's name as people write it."""
    return say(network.replace("_", " ").title())


def first_name(name: str, handle: str) -> str:
    """What to call somebody in a button: the first word of the name, else the handle."""
    parts = name.split()
    return (parts[0] if parts and len(parts[0]) <= 24 else f"@{handle}")[:40]


def money(micros: int, currency: str) -> str:
    """An amount in millionths, with as many decimals as small prices need; nothing for nothing."""
    if not micros:
        return ""
    decimals = 3 if micros < 1_000_000 and micros % 10_000 else 2
    if locale := _locale(language()):
        amount = round(Decimal(micros) / 1_000_000, decimals)
        return format_currency(amount, currency, locale=locale, decimal_quantization=False)
    written = f"{micros / 1_000_000:,.{decimals}f}"
    return f"${written}" if currency == "USD" else f"{written} {currency}"


def ways(liked: Taste) -> str:
    """How an agent is told of what is new, for the scripts: desktop, sound, both or nothing."""
    return " ".join(way for way in ("desktop", "sound") if getattr(liked, way))


def at_risk(found: Mapping[str, Badge], queue: str = "") -> int:
    """The number before a page's title: what is late or soon will be in this queue; elsewhere in
    an agent's own cases and in those that nobody has."""
    names = [queue] if queue in found else [] if queue else ["mine", "unassigned"]
    return sum(found[name].at_risk for name in names)
