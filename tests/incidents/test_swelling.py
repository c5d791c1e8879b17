"""A brand that everybody writes to is noticed even where no two posts are alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
import seas
from sanderling.core.cusum import BUCKET
from sanderling.core.words import speaking
from sanderling.incidents import swelling
from sanderling.incidents.actions import move
from sanderling.incidents.models import Incident, Tide
from sanderling.incidents.queries import SWELL, incident
from sanderling.incidents.swelling import QUIET, watch_brand
from sanderling.listen.models import Post
from sanderling.web.speaking import catalogue

pytestmark = pytest.mark.django_db
NOW = factories.NOW.replace(minute=0)


@pytest.fixture
def us():
    return factories.account()


def ordinary_weeks(upto: int = 0) -> None:
    """Three weeks in which ten people write every ten minutes, up to ten minutes ago."""
    times = [NOW - n * BUCKET for n in range(2, 21 * 144)]
    Tide.objects.bulk_create(Tide(at=at, authors=8 + at.minute // 10, upto=upto) for at in times)


def write(us, n: int) -> None:
    for _ in range(n):
        factories.post(us, factories.identity(), "What are you thinking", created_at=NOW)


def test_who_wrote_is_counted_once_and_by_heads(us):
    assert watch_brand(now=NOW) is None
    jo = factories.identity()
    for _ in range(5):
        factories.post(us, jo, "No", created_at=NOW)
    write(us, 2)
    factories.post(us, jo, "Secret", room="direct")
    factories.post(us, jo, "We", direction="ours")
    for at in (NOW + BUCKET, NOW + BUCKET + timedelta(minutes=3), NOW + 2 * BUCKET):
        watch_brand(now=at)
    assert list(Tide.objects.order_by("at").values_list("authors", flat=True)) == [0, 3, 0]


def test_a_swell_is_suspected_with_what_was_written_and_not_again_for_a_day(us):
    ordinary_weeks()
    factories.post(us, factories.identity(), "Long before", created_at=NOW - QUIET)
    Tide.objects.update(upto=Post.objects.get().pk)
    numbers = []
    for n in range(4):
        write(us, 90)
        numbers.append(watch_brand(now=NOW + n * BUCKET))
    [row] = Incident.objects.all()
    assert [number for number in numbers if number] == [row.pk]
    assert row.key.startswith(SWELL)
    assert (row.state, row.name) == ("suspected", "Far more posts than usual")
    with speaking(catalogue("de")):
        assert incident(row.pk).name == "Weit mehr Beiträge als sonst"
    begun = numbers.index(row.pk) + 1
    assert row.posts == row.authors == 90 * begun
    assert f"{90 * begun} people wrote to us within" in row.why
    move(incident_id=row.pk, move="dismiss", by=None, now=NOW + 4 * BUCKET)
    write(us, 90)
    assert watch_brand(now=NOW + 4 * BUCKET) is None
    Incident.objects.update(noticed_at=NOW - QUIET)
    write(us, 90)
    assert watch_brand(now=NOW + 5 * BUCKET)


def test_only_the_last_of_very_many_posts_stand_in_it(us, monkeypatch):
    monkeypatch.setattr(swelling, "MOST_POSTS", 50)
    ordinary_weeks()
    numbers = []
    for n in range(4):
        write(us, 90)
        numbers.append(watch_brand(now=NOW + n * BUCKET))
    assert any(numbers)
    assert Incident.objects.get().posts == 50


def test_where_an_incident_stands_it_is_silent(us):
    ordinary_weeks()
    seas.incident()
    for n in range(4):
        write(us, 90)
        assert watch_brand(now=NOW + n * BUCKET) is None


def test_an_ordinary_day_is_no_swell(us):
    ordinary_weeks()
    write(us, 14)
    assert watch_brand(now=NOW) is None
