"""The language of the search box."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.searching import (
    FILTERS,
    LONGEST,
    Condition,
    Problem,
    Search,
    Words,
    parse,
    say,
    span,
    tones,
)  # fmt: skip

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 31, 22, tzinfo=UTC)
"""When the first of November begins, two hours east."""
KNOWN = {"owner": ("Anika Brandt", "AB"), "team": ("Billing",), "topic": ("Roaming abroad",)}
STARTS = [f"{name}:" for name in FILTERS]
VALUES = [value for f in FILTERS.values() for value in f.values]
OTHERS = ['"', "-", " ", "<", ">=", "2d", "2026-11-01", "@ada", "0.7", "me", "http://x", "12:30"]
PIECES = st.sampled_from([*STARTS, *VALUES, *OTHERS])
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


def only(text: str) -> Condition | Words:
    found = parse(text, KNOWN)
    assert isinstance(found, Search), found
    (part,) = found.parts
    return part


def wrong(text: str) -> Problem:
    found = parse(text, KNOWN)
    assert isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("is:open", Condition("is", "open")),
        ("IS:Open", Condition("is", "open")),
        ("-is:late", Condition("is", "late", denied=True)),
        ("owner:me", Condition("owner", "me")),
        ('owner:"anika brandt"', Condition("owner", "Anika Brandt")),
        ("owner:ab", Condition("owner", "AB")),
        ('topic:"roaming abroad"', Condition("topic", "Roaming abroad")),
        ("network:bluesky", Condition("network", "bluesky")),
        ("tone:>0.7", Condition("tone", "0.7", ">")),
        ("tone:>=Annoyed", Condition("tone", "annoyed", ">=")),
        ("from:@ada.bsky.social", Condition("from", "ada.bsky.social")),
        ("from:ada", Condition("from", "ada")),
        ("opened:>2026-11-01", Condition("opened", "2026-11-01", ">")),
        ("due:<1h", Condition("due", "1h", "<")),
        ("refund", Words("refund")),
        ("-refund", Words("refund", denied=True)),
        ('"no  signal"', Words("no signal", phrase=True)),
        ("https://northwind.example/status", Words("https://northwind.example/status")),
        ("12:30", Words("12:30")),
        ("-", Words("-")),
    ],
)  # fmt: skip
def test_what_is_typed_is_understood(text, part):
    assert only(text) == part


def test_all_parts_are_kept_in_their_order():
    found = parse('is:open owner:me network:bluesky tone:>0.7 "refund"')
    assert isinstance(found, Search)
    assert [c.field for c in found.conditions] == ["is", "owner", "network", "tone"]
    assert found.words == (Words("refund", phrase=True),)


@pytest.mark.parametrize(
    ("text", "place", "perhaps"),
    [
        ("no ownr:me", "ownr", "owner"),
        ("is:opne", "opne", "open"),
        ("is:res", "res", "resolved"),
        ("owner:Anka", "Anka", ""),
        ('owner:"anika brand"', '"anika brand"', '"Anika Brandt"'),
        ("team:biling", "biling", "Billing"),
        ("tone:0.7", "0.7", ""),
        ("tone:>7", ">7", ""),
        ("tone:>angy", ">angy", ">angry"),
        ("x opened:2d", "2d", ""),
        ("opened:>2026-13-01", ">2026-13-01", ""),
        ("opened:>0001-01-01", ">0001-01-01", ""),
        ('a "b', '"b', '"b"'),
        ('""', '""', ""),
        ("is:", "is:", "is:open"),
        ("from:@", "@", ""),
        ("lang:klingon!", "klingon!", ""),
    ],
)
def test_a_problem_says_where_and_what_was_perhaps_meant(text, place, perhaps):
    found = wrong(text)
    assert text[found.at : found.at + found.length] == place
    assert found.perhaps == perhaps
    assert found.message


def test_a_text_without_end_is_refused():
    assert "no longer" in wrong("a" * (LONGEST + 1)).message
    assert "no more" in wrong("a " * 30).message


@given(TEXTS)
def test_any_text_is_a_search_or_a_problem_within_it(text):
    found = parse(text, KNOWN)
    if isinstance(found, Problem):
        assert 0 <= found.at <= found.at + found.length <= max(len(text), LONGEST + 1)
        return
    for condition in found.conditions:
        if condition.field == "tone":
            assert set(tones(condition)) <= set(range(6))
        if condition.field in ("opened", "due"):
            begin, end = span(condition, now=NOW, zone=UTC)
            assert begin or end


@given(TEXTS)
def test_what_is_written_out_is_read_the_same_again(text):
    found = parse(text, KNOWN)
    if isinstance(found, Search):
        assert parse(say(found), KNOWN) == found


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("tone:angry", [4]), ("tone:>=annoyed", [3, 4, 5]), ("tone:<calm", [0]),
        ("tone:>0.7", [4, 5]), ("tone:<=0.4", [0, 1, 2]), ("tone:>furious", []),
    ],
)  # fmt: skip
def test_tones_are_words_or_shares_of_the_scale(text, which):
    assert tones(only(text)) == which


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("opened:<2d", NOW - timedelta(days=2), None),
        ("opened:>=1w", None, NOW - timedelta(weeks=1)),
        ("due:<1h", None, NOW + timedelta(hours=1)),
        ("due:>30m", NOW + timedelta(minutes=30), None),
        ("opened:2026-11-01", MIDNIGHT, MIDNIGHT + timedelta(days=1)),
        ("opened:>2026-11-01", MIDNIGHT + timedelta(days=1), None),
        ("opened:<2026-11-01", None, MIDNIGHT),
        ("opened:<=2026-11-01", None, MIDNIGHT + timedelta(days=1)),
    ],
)  # fmt: skip
def test_times_count_from_now_and_days_are_those_of_the_agent(text, begin, end):
    assert span(only(text), now=NOW, zone=timezone(timedelta(hours=2))) == (begin, end)


@pytest.mark.parametrize(
    "text", ["ownr:me", "is:opne", 'owner:"anika brand"', "x tone:>angy", "is:"]
)
def test_what_was_perhaps_meant_can_be_put_in_the_place_of_the_problem(text):
    problem = wrong(text)
    mended = text[: problem.at] + problem.perhaps + text[problem.at + problem.length :]
    assert isinstance(parse(mended, KNOWN), Search)
