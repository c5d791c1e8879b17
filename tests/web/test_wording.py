"""Figures and times in the words of the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.cases.queries import CaseClock, Key, Standing, key_from, key_text
from sanderling.core.timing import NEVER
from sanderling.web import wording
from sanderling.web.marks import said

NOW = datetime(2026, 10, 13, 9, 5, tzinfo=UTC)
CASE = Standing("open", False, NOW, NOW + timedelta(minutes=30), "answer", None, NOW)


@pytest.mark.parametrize(
    ("seconds", "figure"),
    [(0, "1s"), (12, "12s"), (60, "1m"), (3599, "59m"), (7200, "2h"), (47 * 3600, "47h"),
     (49 * 3600, "2d")],
)  # fmt: skip
def test_a_length_of_time_is_one_figure(seconds, figure):
    assert wording.short(seconds) == figure


@pytest.mark.parametrize(
    ("followers", "figure"),
    [(0, "0"), (640, "640"), (1412, "1,412"), (18_200, "18.2K"), (96_400, "96.4K"),
     (20_000, "20K"), (412_345, "412K"), (1_260_000, "1.3M")],
)  # fmt: skip
def test_reach_is_at_most_four_figures(followers, figure):
    assert wording.reach(followers) == figure


def test_a_ring_turns_from_calm_to_late():
    looks = [wording.ring(CASE, NOW + timedelta(minutes=m)).look for m in (1, 19, 23, 30)]
    assert looks == ["ok", "soon", "risk", "over"]


def test_a_ring_says_what_is_owed():
    assert wording.ring(CASE, NOW).says == "30 minutes left to answer"
    late = wording.ring(CASE, NOW + timedelta(minutes=31))
    assert (late.figure, late.says) == ("+1m", "1 minute past the time to answer")


def test_a_ring_without_a_clock_rests():
    waiting = replace(CASE, state="waiting", due_at=NEVER)
    assert wording.ring(waiting, NOW).says == "Waiting on the customer"
    assert wording.ring(replace(CASE, snoozed=True), NOW).look == "paused"
    assert wording.ring(replace(CASE, state="resolved"), NOW).look == "done"


@given(st.integers(-(10**7), 10**7), st.integers(0, 10**7))
def test_a_ring_never_shows_a_share_outside_its_circle(left, began):
    case = replace(
        CASE, due_at=NOW + timedelta(seconds=left), due_from=NOW - timedelta(seconds=began)
    )
    assert 0 <= wording.ring(case, NOW).left <= 100


@pytest.mark.parametrize(
    ("micros", "told"),
    [(0, ""), (15_000, "$0.015"), (30_000, "$0.03"), (400_000, "$0.40"), (1_234_567, "$1.23"),
     (1_200_000_000, "$1,200.00")],
)  # fmt: skip
def test_money_has_as_many_decimals_as_it_needs(micros, told):
    assert wording.money(micros, "USD") == told


def test_a_time_of_another_day_names_the_day():
    zone = ZoneInfo("Europe/Berlin")
    assert wording.clock_time(NOW, zone, NOW) == "11:05"
    assert wording.clock_time(NOW - timedelta(days=1), zone, NOW) == "12 Oct, 11:05"


def test_a_zone_that_is_none_is_utc():
    assert wording.zone_from("../../etc/passwd") is UTC


@given(st.text(max_size=40))
def test_any_name_gives_initials_and_a_colour(name):
    assert 1 <= len(wording.initials(name)) <= 6
    assert 0 <= wording.hue(name) < 360


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**62))
def test_a_key_comes_back_from_its_address(at, case_id):
    if at.year >= 1970:
        assert key_from(key_text(Key(at, case_id))) == Key(at, case_id)


@pytest.mark.parametrize("text", ["", "-", "1", "1-", "x-1", "-1-1", "9" * 40 + "-1", "²-1"])
def test_what_is_no_key_is_none(text):
    assert key_from(text) is None


@given(st.text(max_size=200))
def test_no_text_becomes_a_tag(text):
    shown = said(text)
    for own in ('<span class="at">', '<span class="sig">', "</span>", "<br>"):
        shown = shown.replace(own, "")
    assert "<" not in shown


def test_mentions_and_the_signature_are_marked():
    assert said("@nw hi ^AB") == '<span class="at">@nw</span> hi <span class="sig">^AB</span>'


def clock(kind: str = "answer", **changes) -> CaseClock:
    running = CaseClock(kind, NOW, NOW + timedelta(hours=1), "everybody", 3, None, None, None, None)
    return replace(running, **changes)


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("answer", {}, "Answer by 10:05"),
        ("answer", {"due_at": NOW - timedelta(minutes=5)}, "Answer by 09:00, which has passed"),
        ("answer", {"met_at": NOW + timedelta(minutes=9)}, "Answered 09:14, in time"),
        ("acknowledge", {"met_at": NOW + timedelta(minutes=72)},
         "Acknowledged 10:17, 12 minutes late"),
        ("solve", {"due_at": NEVER}, "Solve: the clock rests while we wait"),
        ("follow up", {"void_at": NOW}, "Follow up: not owed any more"),
    ],
)  # fmt: skip
def test_a_promise_says_how_it_stands(kind, changes, says):
    assert wording.promise(clock(kind, **changes), NOW) == says
