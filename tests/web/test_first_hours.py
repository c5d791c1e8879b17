"""Working hours of the first set-up, written into a policy that still holds together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.policy import Situation, check, read, shipped_text
from sanderling.core.policy.document import DAYS
from sanderling.core.verdict import Flag
from sanderling.web.first_hours import NAME, day_and_night, within

TIMES = st.integers(0, 47).map(lambda n: f"{n // 2:02}:{n % 2 * 30:02}")
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])


SPANS = st.lists(TIMES, min_size=2, max_size=2, unique=True)


@given(st.sets(st.sampled_from(DAYS), min_size=1), SPANS, ZONES)
def test_whatever_hours_are_told_the_policy_that_ships_stays_whole(days, times, zone):
    text = within(shipped_text(), zone, days, *times)
    assert not check(text).problems
    again = within(text, zone, DAYS[:1], "08:00", "12:00")
    assert not check(again).problems
    hours = read(again, 1).document.hours[NAME]
    assert (hours.monday, hours.tuesday) == (("08:00-12:00",), ())
    assert not check(day_and_night(again, zone)).problems


def test_an_ordinary_promise_waits_for_monday_and_danger_does_not():
    policy = read(within(shipped_text(), "UTC", DAYS[:5], "09:00", "17:00"), 1)
    saturday = datetime(2026, 11, 21, 10, tzinfo=UTC)

    def acknowledged(**said: object) -> datetime:
        promises, _ = policy.verdict(Situation(**said, at=saturday), saturday)
        return next(p.due_at for p in promises if p.kind == "acknowledge")

    assert acknowledged() == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert acknowledged(flags=(Flag.SAFETY,)) == saturday + timedelta(minutes=15)


def test_day_and_night_is_so_again_after_hours_were_told():
    text = day_and_night(within(shipped_text(), "UTC", DAYS[:5], "09:00", "17:00"), "Asia/Kolkata")
    assert read(text, 1).document.zone == "Asia/Kolkata"
    assert not any(goal.hours for goal in read(text, 1).document.goals)
