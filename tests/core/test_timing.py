"""Working hours: deadlines that rest at night, checked against someone who watches the clock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sanderling.core.timing import ALWAYS, HORIZON, NEVER, Calendar, Hours

NONE = timedelta()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WINDOW = 3 * DAY

OFFICE = (Hours(9 * 60, 17 * 60),)
NIGHT = (Hours(22 * 60, 6 * 60),)
ROUND = (Hours(0, 1440),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(start: str, stop: str) -> Hours:
    first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (start, stop))
    return Hours(first, last)


def office(zone: str = "Europe/Berlin", exceptions=None, holidays=frozenset()) -> Calendar:
    """Monday to Friday, nine to five."""
    return Calendar(ZoneInfo(zone), (OFFICE,) * 5 + ((), ()), exceptions or {}, holidays)


def only(zone: str, exceptions: dict[date, tuple[Hours, ...]]) -> Calendar:
    """Open on some dates and on no others."""
    return Calendar(ZoneInfo(zone), ((),) * 7, exceptions, ())


def daily(zone: str, *day: Hours) -> Calendar:
    return Calendar(ZoneInfo(zone), (day,) * 7, {}, ())


class Everything:
    """A calendar of holidays that counts how often it is asked, and always says yes."""

    asked = 0

    def __contains__(self, day: object) -> bool:
        self.asked += 1
        return True


# By hand.


def test_a_clock_rests_over_the_weekend() -> None:
    friday = at("2026-06-12 14:00")  # four o'clock in Berlin
    assert office().after(friday, 3 * HOUR) == at("2026-06-15 09:00")
    assert office().between(friday, at("2026-06-15 09:00")) == 3 * HOUR


def test_what_fits_an_opening_exactly_ends_with_it() -> None:
    assert office().after(at("2026-06-12 07:00"), 8 * HOUR) == at("2026-06-12 15:00")
    assert office().after(at("2026-06-12 07:00"), 16 * HOUR) == at("2026-06-15 15:00")


def test_no_time_has_passed_at_once_open_or_not() -> None:
    sunday = at("2026-06-14 12:00")
    assert office().after(sunday, NONE) == sunday
    assert office().after(sunday, -HOUR) == sunday
    assert ALWAYS.after(sunday, -HOUR) == sunday


def test_an_opening_has_its_first_moment_and_not_its_last() -> None:
    assert not office().is_open(at("2026-06-12 06:59:59.999999"))
    assert office().is_open(at("2026-06-12 07:00"))
    assert office().is_open(at("2026-06-12 14:59:59.999999"))
    assert not office().is_open(at("2026-06-12 15:00"))


def test_it_opens_now_when_open_and_else_in_the_morning() -> None:
    assert office().opens(at("2026-06-12 10:01")) == at("2026-06-12 10:01")
    assert office().opens(at("2026-06-12 15:00")) == at("2026-06-15 07:00")


def test_nothing_passes_backwards() -> None:
    assert office().between(at("2026-06-12 10:00"), at("2026-06-12 09:00")) == NONE
    assert ALWAYS.between(at("2026-06-12 10:00"), at("2026-06-12 09:00")) == NONE


@pytest.mark.parametrize(
    ("zone", "day", "clock", "opens", "closes"),
    [
        # A night shift starts on its own day; over the changes it has seven and nine hours.
        ("Europe/Berlin", "2026-06-12", ("22:00", "06:00"), "06-12 20:00", "06-13 04:00"),
        ("Europe/Berlin", "2026-03-28", ("22:00", "06:00"), "03-28 21:00", "03-29 04:00"),
        ("Europe/Berlin", "2026-10-24", ("22:00", "06:00"), "10-24 20:00", "10-25 05:00"),
        ("America/New_York", "2026-03-07", ("22:00", "06:00"), "03-08 03:00", "03-08 10:00"),
        ("America/New_York", "2026-10-31", ("22:00", "06:00"), "11-01 02:00", "11-01 11:00"),
        # Whole days, and 24 hours from eight.
        ("Europe/Berlin", "2026-03-29", ("00:00", "24:00"), "03-28 23:00", "03-29 22:00"),
        ("Europe/Berlin", "2026-10-25", ("00:00", "24:00"), "10-24 22:00", "10-25 23:00"),
        ("Europe/Berlin", "2026-10-24", ("08:00", "08:00"), "10-24 06:00", "10-25 07:00"),
        # From two to three the clock is put forward: what it skips is the moment of the change.
        ("Europe/Berlin", "2026-03-29", ("02:30", "05:00"), "03-29 01:00", "03-29 03:00"),
        ("Europe/Berlin", "2026-03-29", ("01:00", "02:30"), "03-29 00:00", "03-29 01:00"),
        # From three to two it is put back: the first half past two opens, the second closes.
        ("Europe/Berlin", "2026-10-25", ("02:30", "05:00"), "10-25 00:30", "10-25 04:00"),
        ("Europe/Berlin", "2026-10-25", ("01:00", "02:30"), "10-24 23:00", "10-25 01:30"),
        ("Europe/Berlin", "2026-10-25", ("02:10", "02:20"), "10-25 00:10", "10-25 01:20"),
        # Who leaves at two leaves when it first strikes two, and who comes at three comes late.
        ("Europe/Berlin", "2026-10-25", ("01:00", "02:00"), "10-24 23:00", "10-25 00:00"),
        ("Europe/Berlin", "2026-10-25", ("03:00", "04:00"), "10-25 02:00", "10-25 03:00"),
        # Half an hour's change, and clocks that are no whole hours from ours.
        ("Australia/Lord_Howe", "2026-04-05", ("01:00", "03:00"), "04-04 14:00", "04-04 16:30"),
        ("Australia/Lord_Howe", "2026-04-05", ("01:45", "05:00"), "04-04 14:45", "04-04 18:30"),
        ("Australia/Lord_Howe", "2026-10-04", ("01:00", "03:00"), "10-03 14:30", "10-03 16:00"),
        ("Asia/Kolkata", "2026-06-12", ("09:30", "18:15"), "06-12 04:00", "06-12 12:45"),
        ("Asia/Kolkata", "2026-06-12", ("00:00", "04:00"), "06-11 18:30", "06-11 22:30"),
        # In Havana midnight itself comes twice, or not at all.
        ("America/Havana", "2026-10-31", ("12:00", "24:00"), "10-31 16:00", "11-01 04:00"),
        ("America/Havana", "2026-11-01", ("00:00", "12:00"), "11-01 04:00", "11-01 17:00"),
        ("America/Havana", "2026-03-08", ("00:00", "12:00"), "03-08 05:00", "03-08 16:00"),
    ],
)
def test_an_opening_is_what_people_on_the_spot_would_say(
    zone: str, day: str, clock: tuple[str, str], opens: str, closes: str
) -> None:
    calendar = only(zone, {date.fromisoformat(day): (hours(*clock),)})
    first, last = at(f"2026-{opens}"), at(f"2026-{closes}")
    assert calendar.opens(first - 5 * DAY) == first
    assert calendar.between(first - 5 * DAY, last + 5 * DAY) == last - first
    assert calendar.after(first - 5 * DAY, last - first) == last
    assert calendar.is_open(last - MINUTE)
    assert not calendar.is_open(last)


def test_hours_that_the_clock_skips_are_no_opening() -> None:
    calendar = only("Europe/Berlin", {date(2026, 3, 29): (hours("02:10", "02:50"),)})
    assert calendar.opens(at("2026-03-25 00:00")) == NEVER
    assert calendar.between(at("2026-03-25 00:00"), at("2026-04-02 00:00")) == NONE


def test_a_day_that_was_skipped_is_no_opening() -> None:
    calendar = only("Pacific/Apia", {date(2011, 12, 30): ROUND})
    assert calendar.opens(at("2011-12-25 00:00")) == NEVER


def test_a_leap_day_is_a_day() -> None:
    calendar = office("UTC")
    assert calendar.between(at("2028-02-28 00:00"), at("2028-03-02 00:00")) == 24 * HOUR
    assert calendar.after(at("2028-02-28 09:00"), 12 * HOUR) == at("2028-02-29 13:00")
    closed = office("UTC", exceptions={date(2028, 2, 29): ()})
    assert closed.after(at("2028-02-28 09:00"), 12 * HOUR) == at("2028-03-01 13:00")


def test_a_holiday_is_closed_and_an_exception_beats_it() -> None:
    christmas = {date(2026, 12, 24), date(2026, 12, 25)}
    assert office(holidays=christmas).opens(at("2026-12-23 18:00")) == at("2026-12-28 08:00")
    eve = {date(2026, 12, 24): (hours("10:00", "14:00"),)}
    calendar = office(exceptions=eve, holidays=christmas)
    assert calendar.opens(at("2026-12-23 18:00")) == at("2026-12-24 09:00")
    assert calendar.after(at("2026-12-23 18:00"), 5 * HOUR) == at("2026-12-28 09:00")


def test_an_exception_replaces_the_weekday_whole() -> None:
    saturday, monday = date(2026, 6, 13), date(2026, 6, 15)
    calendar = office(exceptions={saturday: (hours("10:00", "12:00"),), monday: ()})
    assert calendar.between(at("2026-06-12 15:00"), at("2026-06-16 07:00")) == 2 * HOUR


def test_a_closed_date_closes_only_what_starts_on_it() -> None:
    saturday = date(2026, 6, 13)
    for closed in ({"exceptions": {saturday: ()}}, {"holidays": {saturday}}):
        parts = {"exceptions": {}, "holidays": frozenset()} | closed
        calendar = Calendar(ZoneInfo("Europe/Berlin"), (NIGHT,) * 7, **parts)
        assert calendar.is_open(at("2026-06-13 03:59"))
        assert calendar.opens(at("2026-06-13 04:00")) == at("2026-06-14 20:00")


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ((hours("09:00", "12:00"), hours("13:00", "17:00")), 7),
        ((hours("09:00", "13:00"), hours("11:00", "17:00")), 8),
        ((hours("13:00", "17:00"), hours("09:00", "13:00")), 8),
        ((hours("09:00", "17:00"), hours("10:00", "11:00"), hours("09:00", "17:00")), 8),
        ((hours("20:00", "10:00"), hours("08:00", "12:00")), 16),
        ((hours("00:00", "24:00"), hours("22:00", "06:00")), 24),
        ((hours("24:00", "02:00"),), 2),
        ((hours("24:00", "24:00"),), 24),
    ],
)
def test_what_overlaps_or_touches_counts_once(day: tuple[Hours, ...], worked: int) -> None:
    week = daily("Asia/Kolkata", *day)
    assert week.between(at("2026-06-01 00:00"), at("2026-06-11 00:00")) == 10 * worked * HOUR


def test_whole_days_make_whole_years_on_a_clock_that_changes() -> None:
    start, stop = at("1971-05-01 12:34"), at("2099-11-30 01:02")
    assert daily("Europe/Berlin", *ROUND).between(start, stop) == stop - start


def test_nothing_is_looked_for_beyond_the_horizon() -> None:
    day = date(2027, 7, 6)
    opens = at("2027-07-06 09:00")
    calendar = only("UTC", {day: OFFICE})
    assert calendar.opens(opens - HORIZON) == opens
    assert calendar.opens(opens - HORIZON - MINUTE) == NEVER
    assert calendar.after(opens - HORIZON + HOUR, HOUR) == opens + HOUR
    assert calendar.after(opens - HORIZON + HOUR - MINUTE, HOUR) == NEVER
    assert calendar.between(opens - 3 * HORIZON, opens + 3 * HORIZON) == 8 * HOUR


@pytest.mark.parametrize("calendar", [ALWAYS, daily("Europe/Berlin", *ROUND)])
def test_no_deadline_lies_beyond_the_horizon(calendar: Calendar) -> None:
    since = at("2026-06-12 10:00")
    assert calendar.after(since, HORIZON) == since + HORIZON
    assert calendar.after(since, HORIZON + MINUTE) == NEVER
    assert calendar.after(since, timedelta.max) == NEVER


def test_where_every_day_is_a_holiday_the_search_ends_and_is_not_made_twice() -> None:
    holidays = Everything()
    calendar = office(holidays=holidays)
    since = at("2026-06-12 10:00")
    assert calendar.after(since, HOUR) == NEVER
    assert 0 < holidays.asked < 1000
    holidays.asked = 0
    assert calendar.after(since, HOUR) == NEVER
    assert calendar.opens(since) == NEVER
    assert calendar.between(since, since + HORIZON) == NONE
    assert holidays.asked == 0


@pytest.mark.parametrize("calendar", [ALWAYS, office(), office(holidays=Everything())])
@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31", "2099-12-31", "9999-12-30"])
def test_a_date_out_of_this_world_does_no_harm(calendar: Calendar, text: str) -> None:
    odd = at(text)
    assert calendar.opens(odd) >= odd
    assert calendar.after(odd, 9 * HOUR) >= odd + 9 * HOUR
    assert NONE <= calendar.between(odd, NEVER) <= NEVER - odd
    assert calendar.after(NEVER, HOUR) == NEVER
    assert calendar.opens(NEVER) == NEVER


def test_a_post_that_claims_to_be_ancient_is_overdue_and_not_forgotten() -> None:
    assert office().after(at("0001-01-01 00:00"), HOUR) == at("1970-01-01 09:00")


@pytest.mark.parametrize(
    ("week", "says"),
    [
        ((OFFICE,) * 6, "seven days"),
        ((OFFICE,) * 8, "seven days"),
        (None, "seven days"),
        ((OFFICE[0],) * 7, "Monday"),
        ((OFFICE,) * 6 + (None,), "Sunday"),
        ((OFFICE,) * 6 + ("closed",), "Sunday"),
        ((OFFICE, (Hours(0, 1441),)) + (OFFICE,) * 5, "Tuesday"),
        ((OFFICE, (Hours(-1, 60),)) + (OFFICE,) * 5, "Tuesday"),
        ((OFFICE, ((540, 720, 1020),)) + (OFFICE,) * 5, "Tuesday"),
        ((OFFICE, (("09:00", "17:00"),)) + (OFFICE,) * 5, "Tuesday"),
    ],
)
def test_a_week_of_a_wrong_shape_is_refused_in_words(week, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Calendar(ZoneInfo("UTC"), week, {}, ())


def test_an_exception_of_a_wrong_shape_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="exception of 2026-12-24"):
        office(exceptions={date(2026, 12, 24): None})


# By someone who looks at the clock once a minute.

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",  # changes at midnight
    "Africa/Cairo",  # goes back over midnight into the day before
    "Pacific/Chatham",  # 12:45 ahead of UTC, or 13:45
    "Africa/Casablanca",  # changes for Ramadan
)
DATES = [date(2023, 1, 1) + n * DAY for n in range(6 * 365)]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def ahead(zone: ZoneInfo, day: date) -> timedelta | None:
    return midnight(day).astimezone(zone).utcoffset()


def changes(zone: ZoneInfo) -> list[date]:
    """The days on which the clocks change, in UTC; some day where they never do."""
    found = [a for a, b in pairwise(DATES) if ahead(zone, a) != ahead(zone, b)]
    return found or DATES[:1]


CHANGES = {name: changes(ZoneInfo(name)) for name in ZONES}


def watched(
    calendar: Calendar, start: datetime, stop: datetime, step: timedelta = MINUTE
) -> list[datetime]:
    """The minutes from `start` to `stop` in which people work.

    For each pair of hours, those from the first to the last at which the clock is seen between
    them. Looked at from three hours before to three hours after, for a clock may be put back.
    """
    sightings: dict[tuple[date, int, int], list[datetime]] = {}
    now = start - 3 * HOUR
    while now < stop + 3 * HOUR:
        clock = now.astimezone(calendar.zone)
        for days_ago in range(3):
            day = clock.date() - days_ago * DAY
            minute = days_ago * 1440 + clock.hour * 60 + clock.minute
            for opens, closes in day_plan(calendar, day):
                if opens <= minute < closes + (1440 if closes <= opens else 0):
                    sightings.setdefault((day, opens, closes), []).append(now)
        now += step
    found: set[datetime] = set()
    for seen in sightings.values():
        found.update(every(step, seen[0], seen[-1] + step))
    return sorted(minute for minute in found if start <= minute < stop)


def day_plan(calendar: Calendar, day: date) -> tuple[Hours, ...]:
    if day in calendar.exceptions:
        return calendar.exceptions[day]
    if day in calendar.holidays:
        return ()
    return calendar.week[day.weekday()]


def every(step: timedelta, start: datetime, stop: datetime) -> Iterator[datetime]:
    while start < stop:
        yield start
        start += step


def parts(
    minutes: list[datetime], start: datetime, stop: datetime, step: timedelta = MINUTE
) -> Iterator[tuple[datetime, timedelta]]:
    """What of each open minute lies from `start` to `stop`: its begin and its length."""
    for minute in minutes[max(bisect_left(minutes, start) - 1, 0) :]:
        begins, ends = max(minute, start), min(minute + step, stop)
        if begins < ends:
            yield begins, ends - begins


def counted(
    minutes: list[datetime], start: datetime, stop: datetime, step: timedelta = MINUTE
) -> timedelta:
    return sum((length for _, length in parts(minutes, start, stop, step)), NONE)


def first_open(minutes: list[datetime], since: datetime, until: datetime) -> datetime | None:
    return next((begins for begins, _ in parts(minutes, since, until)), None)


def used_up(
    minutes: list[datetime], since: datetime, worked: timedelta, until: datetime
) -> datetime | None:
    """When `worked` has passed, if it has before `until`."""
    for begins, length in parts(minutes, since, until):
        if worked <= length:
            return begins + worked
        worked -= length
    return None


class Scene(NamedTuple):
    """A calendar, and a few days to look at, often those of a change of the clocks."""

    calendar: Calendar
    start: datetime


TELLING = st.sampled_from([0, 1, 30, 60, 90, 105, 120, 150, 165, 180, 225, 1380, 1410, 1439, 1440])
MINUTES = st.one_of(TELLING, st.integers(0, 1440))
HOURS = st.lists(st.builds(Hours, MINUTES, MINUTES), max_size=3).map(tuple)
BRIEF = st.timedeltas(NONE, WINDOW)
SPANS = st.timedeltas(NONE, 700 * DAY)


@st.composite
def scenes(draw) -> Scene:
    name = draw(st.sampled_from(ZONES))
    day = draw(st.one_of(st.sampled_from(CHANGES[name]), st.sampled_from(DATES)))
    near = [day + n * DAY for n in range(-4, 6)]
    calendar = Calendar(
        ZoneInfo(name),
        draw(st.tuples(*[HOURS] * 7)),
        draw(st.dictionaries(st.sampled_from(near), HOURS, max_size=3)),
        draw(st.frozensets(st.sampled_from(near), max_size=3)),
    )
    return Scene(calendar, midnight(day) - DAY)


@settings(max_examples=80, deadline=None)
@given(scenes(), st.lists(BRIEF, min_size=3, max_size=6), st.timedeltas(MINUTE, WINDOW / 2))
@example(Scene(daily("Europe/Berlin", *NIGHT), at("2026-10-24 00:00")), [DAY, 1.05 * DAY], 9 * HOUR)
def test_every_answer_agrees_with_a_look_at_the_clock(
    scene: Scene, moments: list[timedelta], worked: timedelta
) -> None:
    calendar, start = scene
    stop = start + WINDOW
    minutes = watched(calendar, start, stop)
    ends = [one + MINUTE for one, other in pairwise(minutes) if other > one + MINUTE][:4]
    telling = [start, stop, *minutes[:: max(len(minutes) // 4, 1)][:5], *ends]
    instants = sorted([*telling, *(start + moment for moment in moments)])
    for one in instants:
        opened = first_open(minutes, one, stop)
        if one < stop:
            assert calendar.is_open(one) == (opened == one)
        assert calendar.opens(one) == opened if opened else calendar.opens(one) >= stop
        due = used_up(minutes, one, worked, stop)
        assert calendar.after(one, worked) == due if due else calendar.after(one, worked) > stop
        for other in instants:
            assert calendar.between(one, other) == counted(minutes, one, other)


@pytest.mark.parametrize("zone", ZONES)
def test_a_hundred_days_agree_too(zone: str) -> None:
    step = timedelta(minutes=15)
    day = (hours("08:30", "12:00"), hours("13:00", "17:45"), hours("22:00", "02:30"))
    shut = {date(2026, 3, 20): (), date(2026, 4, 24): NIGHT}
    calendar = Calendar(ZoneInfo(zone), (day,) * 6 + ((),), shut, {date(2026, 5, 1)})
    start = at("2026-02-10 00:00")
    stop = start + 100 * DAY
    minutes = watched(calendar, start, stop, step)
    for one in every(DAY * 1.3, start, stop):
        assert calendar.between(start, one) == counted(minutes, start, one, step)
        assert calendar.between(one, stop) == counted(minutes, one, stop, step)


# Whatever the calendar.


@settings(deadline=None)
@given(scenes(), SPANS, SPANS)
def test_a_deadline_for_what_has_passed_has_passed(
    scene: Scene, early: timedelta, span: timedelta
) -> None:
    since = scene.start + early
    until = since + span % HORIZON
    assert scene.calendar.after(since, scene.calendar.between(since, until)) <= until


@settings(deadline=None)
@given(scenes(), SPANS, st.timedeltas(timedelta(microseconds=1), 50 * DAY))
def test_at_its_deadline_so_much_has_passed_and_not_before(
    scene: Scene, early: timedelta, worked: timedelta
) -> None:
    calendar, since = scene.calendar, scene.start + early
    due = calendar.after(since, worked)
    if due == NEVER:
        assert calendar.between(since, since + HORIZON) < worked
    else:
        assert calendar.between(since, due) == worked
        assert calendar.between(since, due - timedelta(microseconds=1)) < worked


@settings(deadline=None)
@given(scenes(), SPANS, st.timedeltas(timedelta(microseconds=1), 50 * DAY))
def test_before_a_deadline_so_much_is_left_and_later_less(
    scene: Scene, span: timedelta, left: timedelta
) -> None:
    calendar, due = scene.calendar, scene.start + span
    warned = calendar.before(due, left)
    if warned == due:  # there was not so much open time before it
        assert calendar.between(due - HORIZON, due) <= left + DAY
    else:
        assert warned < due
        assert calendar.between(warned, due) == left
        assert calendar.is_open(warned)
        assert calendar.between(warned + timedelta(microseconds=1), due) < left


def test_a_warning_is_given_while_people_work() -> None:
    monday = at("2026-06-15 08:00")  # an hour after the opening in Berlin
    assert office().before(monday, HOUR) == at("2026-06-15 07:00")
    assert office().before(monday, 2 * HOUR) == at("2026-06-12 14:00")
    assert office().before(monday, NONE) == monday
    assert ALWAYS.before(monday, HOUR) == at("2026-06-15 07:00")
    assert office(holidays=Everything()).before(monday, HOUR) == monday
    assert office().before(NEVER, HOUR) == ALWAYS.before(NEVER, HOUR) == NEVER


@given(scenes(), st.tuples(SPANS, SPANS), st.tuples(BRIEF, BRIEF))
def test_later_and_more_are_never_due_sooner(
    scene: Scene, when: tuple[timedelta, timedelta], much: tuple[timedelta, timedelta]
) -> None:
    """But for the horizon: from too far away, a due time is not seen."""
    calendar = scene.calendar
    early, late = sorted(scene.start + span for span in when)
    less, more = sorted(much)
    due, opens = calendar.after(early, less), calendar.opens(early)
    assert due <= calendar.after(early, more)
    assert due == NEVER or due <= calendar.after(late, less)
    assert opens == NEVER or opens <= calendar.opens(late)


@settings(deadline=None)
@given(scenes(), st.tuples(SPANS, SPANS, SPANS))
def test_open_time_grows_with_its_span_and_no_faster(
    scene: Scene, spans: tuple[timedelta, timedelta, timedelta]
) -> None:
    between = scene.calendar.between
    a, b, c = sorted(scene.start + span for span in spans)
    assert NONE <= between(a, b) <= between(a, c) <= c - a
    assert between(b, c) <= between(a, c)


@settings(deadline=None)
@given(scenes(), st.lists(SPANS, min_size=3, max_size=8))
def test_splitting_never_changes_a_sum(scene: Scene, spans: list[timedelta]) -> None:
    between = scene.calendar.between
    cuts = sorted(scene.start + span for span in spans)
    assert sum((between(a, b) for a, b in pairwise(cuts)), NONE) == between(cuts[0], cuts[-1])


@settings(deadline=None)
@given(scenes(), SPANS)
def test_it_opens_when_it_is_open_and_not_before(scene: Scene, span: timedelta) -> None:
    calendar, since = scene.calendar, scene.start + span
    opens = calendar.opens(since)
    assert calendar.is_open(since) == (opens == since)
    if opens != NEVER:
        assert calendar.is_open(opens)
    assert calendar.between(since, min(opens, since + HORIZON)) == NONE


@given(st.sampled_from(DATES), SPANS, SPANS)
def test_always_is_a_calendar_of_whole_days(day: date, span: timedelta, worked: timedelta) -> None:
    start, whole = midnight(day), daily("Asia/Kolkata", *ROUND)
    stop = start + span
    assert ALWAYS.is_open(stop) == whole.is_open(stop)
    assert ALWAYS.opens(stop) == whole.opens(stop)
    assert ALWAYS.between(start, stop) == whole.between(start, stop)
    assert ALWAYS.after(start, worked) == whole.after(start, worked)
