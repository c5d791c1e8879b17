"""The gauge: authors make a storm and posts do not, more reach is never less, nothing flutters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.gauge import (
    LEVELS,
    MOST,
    SLACK,
    UNTOLD,
    VOICES,
    Heard,
    Mark,
    Reading,
    Steps,
    level,
    measure,
    reasons,
)

NOW = datetime(2026, 11, 20, 8, 20, tzinfo=UTC)
STEPS = Steps(choppy=20_000, storm=500_000)
MINUTE = timedelta(minutes=1)


def post(author: int, ago_s: float = 30, /, **said) -> Heard:
    return Heard(at=NOW - timedelta(seconds=ago_s), author=author, **said)


def crowd(n: int, /, **said) -> list[Heard]:
    return [post(author, 30 + author % 200, **said) for author in range(1, n + 1)]


heard = st.builds(
    post,
    st.integers(1, 40),
    st.floats(-60, 600),
    reach=st.none() | st.integers(0, 10_000_000),
    reposts=st.integers(0, 5_000),
    tone=st.none() | st.integers(0, 5),
    copies=st.booleans(),
    new=st.booleans(),
    customer=st.booleans(),
)
posts = st.lists(heard, max_size=80)


def test_what_is_counted_is_who_writes_and_whom_they_reach():
    found = measure([*crowd(40, reach=1_000), post(1, 40, reach=1_000)], now=NOW, steps=STEPS)
    assert (found.posts, found.authors, found.copied) == (41, 40, 0)
    assert found.velocity == pytest.approx(41 / 5)
    assert found.rate == pytest.approx(40 / 5)
    assert found.reach == pytest.approx(40_000 / 5)
    assert found.level == "choppy"


def test_what_is_older_than_the_window_or_not_yet_written_does_not_count():
    found = measure([post(1, 301), post(2, -5), post(3, 299)], now=NOW, steps=STEPS)
    assert found.authors == 1


def test_an_audience_counts_once_however_often_it_is_written_to():
    once = measure([post(1, reach=90_000)], now=NOW, steps=STEPS)
    often = measure([post(1, n / 10, reach=90_000) for n in range(1000)], now=NOW, steps=STEPS)
    assert often.reach == once.reach
    assert often.rate == once.rate
    assert often.velocity > once.velocity


@given(
    reach=st.none() | st.integers(0, 10**9),
    reposts=st.integers(0, 10**6),
    was=st.sampled_from(LEVELS),
)
def test_one_author_with_a_thousand_posts_never_makes_a_storm(reach, reposts, was):
    last = measure(crowd(30, reach=10**6), now=NOW, steps=STEPS)
    last = msgspec.structs.replace(last, level=was)
    said = [post(7, n % 300, reach=reach, reposts=reposts) for n in range(1000)]
    assert measure(said, now=NOW, steps=STEPS, last=last).level == "calm"


def test_who_only_repeats_others_counts_a_quarter():
    own = measure(crowd(40, reach=100), now=NOW, steps=STEPS)
    copied = measure(crowd(40, reach=100, copies=True), now=NOW, steps=STEPS)
    assert copied.rate == pytest.approx(own.rate / 4)
    assert copied.copied == 40
    both = measure([post(1, copies=True), post(1)], now=NOW, steps=STEPS)
    assert both.copied == 0, "who also has words of their own is a voice"


@given(posts, st.integers(0, 79), st.integers(1, 10**7), st.sampled_from(LEVELS))
def test_more_reach_is_never_less(said, n, more, was):
    last = msgspec.structs.replace(measure([], now=NOW, steps=STEPS), level=was)
    before = measure(said, now=NOW, steps=STEPS, last=last)
    if n < len(said):
        told = UNTOLD if said[n].reach is None else said[n].reach
        said = [*said[:n], msgspec.structs.replace(said[n], reach=told + more), *said[n + 1 :]]
    after = measure(said, now=NOW, steps=STEPS, last=last)
    assert after.force >= before.force
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)


@given(posts, st.randoms())
def test_the_order_of_posts_does_not_matter(said, chance):
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert measure(said, now=NOW, steps=STEPS) == measure(shuffled, now=NOW, steps=STEPS)


@given(posts)
def test_shares_are_shares_and_all_is_kept_as_json(said):
    found = measure(said, now=NOW, steps=STEPS)
    shares = [found.new, found.outside, found.furious, *(c.share for c in found.carriers)]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(c.share for c in found.carriers) <= 1.000001
    assert len(found.carriers) <= 5
    assert 1 <= len(reasons(found, STEPS)) <= 5
    assert msgspec.json.decode(msgspec.json.encode(found), type=Reading) == found


@given(
    st.lists(st.floats(SLACK, 1, exclude_max=True), min_size=2, max_size=30),
    st.sampled_from(["choppy", "storm"]),
    st.booleans(),
)
def test_between_leaving_and_reaching_a_level_nothing_flutters(forces, name, above):
    takes = STEPS.choppy if name == "choppy" else STEPS.storm
    was = name if above else LEVELS[LEVELS.index(name) - 1]
    for force in forces:
        now = level(takes * force, 100, steps=STEPS, was=was)
        assert now == was, "half of it, and all of it, are the edges; between them nothing moves"


def test_a_level_is_reached_at_once_and_left_at_half():
    takes = STEPS.storm
    assert level(takes, 12, steps=STEPS, was="calm") == "storm"
    assert level(takes * 0.51, 12, steps=STEPS, was="storm") == "storm"
    assert level(takes * 0.49, 12, steps=STEPS, was="storm") == "choppy"
    assert level(takes, VOICES["storm"] - 1, steps=STEPS, was="calm") == "choppy"
    assert level(0, 0, steps=STEPS, was="storm") == "calm"


def test_a_flood_is_measured_by_its_newest_posts_over_the_time_they_took():
    flood = [
        Heard(at=NOW - timedelta(milliseconds=3 * n), author=n, reach=10) for n in range(3 * MOST)
    ]
    found = measure(flood, now=NOW, steps=STEPS)
    assert found.posts == MOST
    assert found.velocity == pytest.approx(60_000 / 3, rel=0.01)


def test_it_rises_eases_and_holds_and_says_since_when():
    def path(*forces: float) -> list[Mark]:
        return [
            Mark(NOW - (len(forces) - n) * MINUTE, force, 1.0, "calm")
            for n, force in enumerate(forces)
        ]

    sea = crowd(10, reach=1_000)  # a force of 4,000
    rising = measure(sea, now=NOW, steps=STEPS, path=path(*[400.0] * 12))
    assert (rising.trend, rising.before) == ("rising", pytest.approx(10))
    again = measure(sea, now=NOW + MINUTE, steps=STEPS, path=path(*[400.0] * 12), last=rising)
    assert again.since == rising.since, "the same trend goes on"
    forces = [9_000.0] * 3 + [80_000.0] + [9_000.0] * 8
    easing = measure(sea, now=NOW, steps=STEPS, path=path(*forces), last=rising)
    assert easing.trend == "easing"
    assert easing.since == NOW - 9 * MINUTE, "since its peak"
    held = measure(sea, now=NOW, steps=STEPS, path=path(*[4_000.0] * 12), last=easing)
    assert (held.trend, held.since) == ("holding", NOW)


def test_it_says_why():
    steps = Steps(choppy=1_000, storm=10_000)
    few = measure(crowd(8, reach=10**6), now=NOW, steps=steps)
    assert few.level == "choppy"
    assert "Too few people write for a storm, however far they reach." in reasons(few, steps)
    said = [*crowd(30, reach=100, new=True), post(99, reach=7_000, customer=True)]
    why = reasons(measure(said, now=NOW, steps=STEPS, usual=0.31), STEPS)
    assert why == [
        "31 people wrote about it in the last 5 minutes, 31 times in all; about 2,000 people a"
        " minute may read that.",
        "That is 20 times as much as is written to us on an ordinary day, about anything.",
        "97 per cent never wrote to us before, 97 per cent never were customers.",
        "5 authors carry 74 per cent of the reach.",
        "That is 62 per cent of what makes a choppy sea.",
    ]
    copies = reasons(measure(crowd(30, copies=True), now=NOW, steps=STEPS), STEPS)
    assert "30 of them only repeat the words of others, and count a quarter each." in copies
    assert reasons(measure([], now=NOW, steps=STEPS), STEPS) == [
        "Nobody wrote about it in the last minutes."
    ]
