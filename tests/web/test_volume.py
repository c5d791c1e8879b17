"""How a figure over time is cut and said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sanderling.web import volume
from sanderling.web.volume import Figure, Point

NOON = datetime(2026, 10, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.integers(0, 60 * 24 * 30), st.integers(0, 59))
def test_a_figure_holds_the_whole_incident_in_so_many_steps(minutes, seconds):
    began = NOON + seconds * timedelta(seconds=1)
    until = began + minutes * MINUTE
    since, to, step = volume.span(began, until)
    assert since <= began - volume.BEFORE + step
    assert to <= until or to == since + step
    assert until - to < step or to == since + step
    assert (to - since) % step == timedelta()
    assert (to - since) / step <= volume.MOST_POINTS + 1
    assert since.timestamp() % step.total_seconds() == 0


def test_as_time_goes_on_the_steps_stay_where_they_are():
    began = NOON
    first = volume.span(began, began + 40 * MINUTE)
    second = volume.span(began, began + 41 * MINUTE)
    assert first[2] == second[2]
    assert first[0] == second[0]


def test_a_line_has_a_point_for_each_step_and_stays_in_its_box():
    drawn = volume.spark([0, 5, 10]).split()
    assert drawn == ["0.0,26.0", "48.0,14.0", "96.0,2.0"]
    assert volume.spark([0, 0]).split() == ["0.0,26.0", "96.0,26.0"]


def test_a_rate_is_said_in_few_figures():
    assert [volume.rate(r) for r in (0, 0.25, 4, 4.25, 38.4, 1412)] == [
        "0", "0.2", "4", "4.2", "38", "1,412",
    ]  # fmt: skip


def test_it_is_said_how_long_after_the_first_post_it_was_noticed():
    says = volume.found(NOON, NOON - 12 * MINUTE)
    assert says == "Noticed at 12:00, 12 minutes after the first post."
    assert volume.found(NOON, NOON) == "Noticed at 12:00, with the first post."


def test_the_peak_is_the_first_of_the_highest():
    points = [Point(NOON + n * MINUTE, posts, 0, 2) for n, posts in enumerate((1, 7, 3, 7))]
    assert Figure(MINUTE, points, []).peak == points[1]
    assert Figure(MINUTE, [], []).peak is None
