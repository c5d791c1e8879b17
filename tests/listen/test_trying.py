"""A query is tried on the posts of the last day before it is saved."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from river import NOON, connected, hear, says, writes
from sanderling.core.query import parse
from sanderling.listen import columns, trying
from sanderling.listen.models import ColumnPost, Post
from sanderling.listen.trying import trial

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=20)


def test_a_trial_finds_what_the_column_would_have_caught():
    account = connected()
    asked = (
        "dead", "phone -dead", "is:dm", "to:NorthwindCare", "@NorthwindCare bill",
        "min_followers:1", "network:practice phone", "lang:en bill",
    )  # fmt: skip
    made = {q: columns.add_column(name="a", query=q, by=None, now=NOON) for q in asked}
    hear(
        account,
        says("1"), says("2", "@NorthwindCare the bill is wrong"), says("3", "see https://example.com/x"),
        writes("4", "my phone please"),
    )  # fmt: skip
    found = {}
    for query, column in made.items():
        caught = ColumnPost.objects.filter(column_id=column).values_list("post_id", flat=True)
        found[query] = trial(parse(query), LATER)
        assert {p.id for p in found[query].newest} == set(caught), query
    assert found["dead"].caught == 1
    assert found["is:dm"].caught == 1
    assert trial(parse("url:example.com"), LATER).caught == 1  # links in the text, at the least
    assert (found["dead"].tried, found["dead"].whole, found["dead"].a_day) == (4, True, 1)


def test_older_and_deleted_posts_are_not_tried_and_the_newest_are_shown():
    account, sam = factories.account(), factories.identity("Sam Oduya")
    _, gone, *new = (
        factories.post(account, sam, f"signal {n}", created_at=LATER - timedelta(hours=25 - n))
        for n in range(16)
    )
    Post.objects.filter(pk=gone.pk).update(deleted_at=LATER)
    found = trial(parse("signal"), LATER)
    assert (found.tried, found.caught) == (14, 14)
    assert [p.id for p in found.newest] == [p.pk for p in reversed(new)][: trying.SHOWN]


def test_where_not_the_whole_day_fits_the_number_is_an_estimate(monkeypatch):
    monkeypatch.setattr(trying, "MOST_TRIED", 4)
    account, sam = factories.account(), factories.identity("Sam Oduya")
    for n in range(9):
        factories.post(
            account,
            sam,
            "signal" if n % 2 else "calm",
            created_at=LATER - timedelta(minutes=8 * (9 - n)),
        )
    found = trial(parse("signal"), LATER)
    assert (found.tried, found.caught, found.whole) == (4, 2, False)
    assert found.hours == pytest.approx(32 / 60)
    assert found.a_day == pytest.approx(2 * 24 * 60 / 32)
