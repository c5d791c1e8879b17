"""Deadlines, working hours and pauses: arithmetic on given instants."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Due where no clock runs: after everything, so that queues can be walked by key."""

HORIZON = timedelta(days=400)
"""How far ahead an opening or a due time is looked for: some calendars have no open day."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NONE = timedelta()
_DAY = timedelta(days=1)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)
_LENGTH = 32  # days of a block: about a month
_BLOCKS = (_LAST - _FIRST).days // _LENGTH + 1
_AHEAD = HORIZON.days // _LENGTH + 1  # blocks after its own that an instant's horizon touches
_KEPT = 128  # blocks: eleven years, and a bound on what posts with odd dates can make us keep

_Opening = tuple[datetime, datetime]  # from, until


def pause(failures: int, *, first: float = 2.0, most: float = 300.0) -> timedelta:
    """How long to rest after the given number of failures in a row: doubling, bounded (seconds)."""
    return timedelta(seconds=min(most, first * 2 ** min(max(failures - 1, 0), 20)))


class Hours(NamedTuple):
    """Opening hours, in minutes of the local day, 0 to 1440. (0, 1440) is the whole day.

    A `stop` that is not after `start` is meant for the next day: (1320, 360) is from ten at night
    to six in the morning.
    """

    start: int
    stop: int


@dataclass(frozen=True)
class Calendar:
    """When people work. Instants are aware and in UTC; durations are time that really passes.

    `week`: the hours of the seven days, Monday first; what overlaps counts once. `holidays` are
    closed; `exceptions` give a date hours of its own, () for closed, and beat both. Hours over
    midnight belong to the day on which they start: a closed date closes only what starts on it.

    An opening lasts from the first to the last moment at which the local clock shows a time in it.
    So a shift over a change of the clocks is an hour shorter or longer, and means what people on
    the spot would say: a start or stop that the clock skips is the moment of the change; in an hour
    that comes twice, we start at the first showing and stop at the second.

    Openings are worked out once and kept, so what a calendar is made of must not change. Before
    1970 and from 2100 on it is closed, whatever date a post claims to have. ValueError, in words
    for people, where hours are not as described.
    """

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    exceptions: Mapping[date, tuple[Hours, ...]]
    holidays: Container[date]

    def __post_init__(self) -> None:
        if not isinstance(self.week, (tuple, list)) or len(self.week) != len(_WEEKDAYS):
            raise ValueError(
                "A week has seven days, Monday first: give hours for each, () if none."
            )
        for name, day in zip(_WEEKDAYS, self.week, strict=True):
            _check(name, day)
        for on, day in self.exceptions.items():
            _check(f"The exception of {on}", day)

    def is_open(self, at: datetime) -> bool:
        """Whether people work at `at`: yes when an opening starts, no when it stops."""
        return self._block(_number(at)).is_open(at)

    def opens(self, at: datetime) -> datetime:
        """`at` itself when open, else the next start; NEVER where none comes within HORIZON."""
        if self.is_open(at):
            return at
        since = max(at, _FIRST)
        number = _number(since)
        for block in map(self._block, range(number, number + _AHEAD + 1)):
            following = bisect_left(block.starts, since)
            if following < len(block.starts):
                start = block.starts[following]
                return start if start - since <= HORIZON else NEVER
        return NEVER

    def after(self, since: datetime, worked: timedelta) -> datetime:
        """When so much open time has passed since `since`; NEVER beyond HORIZON.

        What fits an opening exactly ends with it, not when the next one starts. No time at all has
        passed at once: `since`, open or not.
        """
        if worked <= _NONE:
            return since
        if worked > HORIZON:
            return NEVER
        start = max(since, _FIRST)
        number = _number(start)
        last = number + _AHEAD
        block = self._block(number)
        left = block.until(start) + worked
        while left > block.total:
            if number == last:
                return NEVER
            left -= block.total
            number += 1
            block = self._block(number)
        due = block.reached(left)
        return due if due - start <= HORIZON else NEVER

    def before(self, due: datetime, left: timedelta) -> datetime:
        """The last moment from which so much open time remains until `due`: the mirror of `after`,
        and `due` itself where none should. Where the time lies further back than HORIZON, or `due`
        never comes, `due`."""
        if left <= _NONE or due >= _LAST:
            return due
        number = _number(due)
        first = max(number - _AHEAD, 0)
        over = left - self._block(number).until(due)  # what must lie before this block
        while over > _NONE:
            number -= 1
            if number < first:
                return due
            over -= self._block(number).total
        found = self._block(number).left(-over)
        return found if due - found <= HORIZON else due

    def between(self, start: datetime, stop: datetime) -> timedelta:
        """The open time from `start` to before `stop`; none where `stop` is not later.

        Exact over any span. A long one is slower: its months are worked out, if not kept.
        """
        if stop <= start:
            return _NONE
        first, last = _number(start), _number(stop)
        passed = self._block(last).until(stop) - self._block(first).until(start)
        if first == last:
            return passed
        whole = range(max(first, 0), min(last, _BLOCKS))
        return sum((self._block(number).total for number in whole), passed)

    @cached_property
    def _blocks(self) -> dict[int, _Block]:
        return {}

    def _block(self, number: int) -> _Block:
        block = self._blocks.get(number)
        if block is None:
            if len(self._blocks) >= _KEPT:
                self._blocks.clear()
            block = self._blocks[number] = self._worked_out(number)
        return block

    def _worked_out(self, number: int) -> _Block:
        if not 0 <= number < _BLOCKS:
            return _block_of([])
        start = _FIRST + number * _LENGTH * _DAY
        stop = min(start + _LENGTH * _DAY, _LAST)
        inside = ((max(a, start), min(b, stop)) for a, b in self._openings(start))
        return _block_of((a, b) for a, b in inside if a < b)

    def _openings(self, start: datetime) -> Iterator[_Opening]:
        """All openings that have a part in the block from `start`, and some beside it."""
        spells = _spells(self.zone, start - 4 * _DAY, _LENGTH + 8)
        # Local dates run up to a day beside those of UTC, and hours up to two days further.
        for n in range(-3, _LENGTH + 2):
            midnight = start + n * _DAY
            for hours in self._hours(midnight.date()):
                opening = _opening(midnight, hours, spells)
                if opening is not None:
                    yield opening

    def _hours(self, day: date) -> tuple[Hours, ...]:
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception
        hours = self.week[day.weekday()]
        return () if hours and day in self.holidays else hours


class _Block(NamedTuple):
    """The openings of some days in order, with a pause between any two.

    `before`: the open time of the block before each opening; `total`: that of the whole block.
    """

    starts: list[datetime]
    stops: list[datetime]
    before: list[timedelta]
    total: timedelta

    def is_open(self, at: datetime) -> bool:
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.stops[i]

    def until(self, at: datetime) -> timedelta:
        """The open time of the block before `at`."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return _NONE
        return self.before[i] + (min(at, self.stops[i]) - self.starts[i])

    def reached(self, worked: timedelta) -> datetime:
        """When so much of the open time has passed: more than none, and at most all of it."""
        i = bisect_left(self.before, worked) - 1
        return self.starts[i] + (worked - self.before[i])

    def left(self, worked: timedelta) -> datetime:
        """The last moment at which so much of the open time had passed: less than all of it."""
        i = bisect_right(self.before, worked) - 1
        return self.starts[i] + (worked - self.before[i])


class _Spell(NamedTuple):
    """A stretch of time in which the local clock is `ahead` of UTC."""

    start: datetime
    stop: datetime
    ahead: timedelta


def _number(at: datetime) -> int:
    """Which block `at` is in; negative before 1970."""
    return (at - _FIRST).days // _LENGTH


def _check(name: str, day: object) -> None:
    if not isinstance(day, (tuple, list)) or not all(map(_are_hours, day)):
        raise ValueError(
            f"{name} cannot be open at {day!r}. Give a list of hours, each with a start and a stop"
            " in minutes of the day, 0 to 1440."
        )


def _are_hours(given: object) -> bool:
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        return False
    return all(isinstance(minute, int) and 0 <= minute <= 1440 for minute in given)


def _block_of(openings: Iterable[_Opening]) -> _Block:
    """A block of openings in any order, joined where they touch or overlap."""
    starts: list[datetime] = []
    stops: list[datetime] = []
    for start, stop in sorted(openings):
        if stops and start <= stops[-1]:
            stops[-1] = max(stop, stops[-1])
        else:
            starts.append(start)
            stops.append(stop)
    before = [_NONE]
    for start, stop in zip(starts, stops, strict=True):
        before.append(before[-1] + (stop - start))
    return _Block(starts, stops, before, total=before.pop())


def _opening(midnight: datetime, hours: Hours, spells: list[_Spell]) -> _Opening | None:
    """From the first to the last moment at which the clock shows `hours`; None if it never does.

    `midnight` is what the clock shows as the day begins, written as if it were UTC.
    """
    start, stop = hours
    shows = midnight + timedelta(minutes=start)
    hides = midnight + timedelta(minutes=stop if stop > start else stop + 1440)
    shown = [(max(shows - s.ahead, s.start), min(hides - s.ahead, s.stop)) for s in spells]
    shown = [(first, last) for first, last in shown if first < last]
    return (shown[0][0], shown[-1][1]) if shown else None


def _spells(zone: ZoneInfo, start: datetime, days: int) -> list[_Spell]:
    nights = [start + n * _DAY for n in range(days + 1)]
    ahead = [_ahead(zone, night) for night in nights]
    changes = [
        _change(zone, night)
        for night, (was, becomes) in zip(nights, pairwise(ahead), strict=False)
        if was != becomes
    ]
    edges = [nights[0], *changes, nights[-1]]
    return [_Spell(a, b, _ahead(zone, a)) for a, b in pairwise(edges)]


def _change(zone: ZoneInfo, night: datetime) -> datetime:
    """When, in the day after `night`, the clocks of `zone` are changed."""
    was = _ahead(zone, night)

    def changed(second: int) -> bool:
        return _ahead(zone, night + timedelta(seconds=second)) != was

    return night + timedelta(seconds=bisect_left(range(86_400), True, key=changed))


def _ahead(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).replace(tzinfo=UTC) - at


class _Always(Calendar):
    """Open in every year too, and without looking anything up."""

    def is_open(self, at: datetime) -> bool:
        return True

    def opens(self, at: datetime) -> datetime:
        return at

    def after(self, since: datetime, worked: timedelta) -> datetime:
        if worked <= _NONE:
            return since
        return NEVER if worked > HORIZON or worked > NEVER - since else since + worked

    def before(self, due: datetime, left: timedelta) -> datetime:
        return due if left <= _NONE or due >= NEVER else due - left

    def between(self, start: datetime, stop: datetime) -> timedelta:
        return max(stop - start, _NONE)


ALWAYS: Calendar = _Always(ZoneInfo("UTC"), ((Hours(0, 1440),),) * 7, {}, ())
"""Open day and night."""
