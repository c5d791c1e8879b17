"""How a policy writes times: "15m", "4h", "1d 2h", and hours of a day: "08:00-18:00"."""

from __future__ import annotations

from datetime import timedelta

import regex

from sanderling.core.timing import HORIZON, Hours
from sanderling.core.words import say

_SPAN = regex.compile(r"(?:([0-9]{1,3}) ?d)? ?(?:([0-9]{1,3}) ?h)? ?(?:([0-9]{1,4}) ?m)?")
_HOURS = regex.compile(r"([01][0-9]|2[0-4]):([0-5][0-9]) ?[-–] ?([01][0-9]|2[0-4]):([0-5][0-9])")


class Span(timedelta):
    """A time as the policy writes it. `str` gives it back: "1d 2h"."""

    def __str__(self) -> str:
        return written(self)


def span(text: str) -> Span:
    """ "15m", "4h" or "1d 2h" as a time. Raises ValueError, in words."""
    found = _SPAN.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise ValueError(say("“{text}” is no time. Write it as 15m, 4h or 1d 2h.", text=text[:40]))
    days, hours, minutes = (int(part or 0) for part in found.groups())
    made = Span(days=days, hours=hours, minutes=minutes)
    if not timedelta() < made <= HORIZON:
        raise ValueError(
            say(
                "“{text}” must be more than nothing and at most {days}d.",
                text=text[:40],
                days=HORIZON.days,
            )
        )
    return made


def written(time: timedelta) -> str:
    """A time as the policy writes it, in whole minutes; "" for none."""
    minutes = int(time.total_seconds()) // 60
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "m"))
    return " ".join(f"{n}{unit}" for n, unit in parts if n)


def hours(text: str) -> Hours:
    """ "08:00-18:00" as hours of a day; "22:00-06:00" runs over midnight. Raises ValueError."""
    found = _HOURS.fullmatch(text.strip())
    if found:
        a, b, c, d = (int(part) for part in found.groups())
        start, stop = a * 60 + b, c * 60 + d
        if start < 1440 and stop <= 1440 and start != stop:
            return Hours(start, stop)
    raise ValueError(say("“{text}” are no hours. Write them as 08:00-18:00.", text=text[:40]))
