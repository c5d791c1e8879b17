"""A brand that everybody writes to is noticed even where no two posts are alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
import seas
from sanderling.core.cusum import BUCKET
from sanderling.incidents.models import Incident, Tide
from sanderling.incidents.swelling import KEY, QUIET, watch_brand

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


def watch(now=NOW) -> list[str]:
    found: list[str] = []
    watch_brand(swelled=lambda key, swell: found.append(key), now=now)
    return found


def test_who_wrote_is_counted_once_and_by_heads(us):
    assert watch() == []
    jo = factories.identity()
    for _ in range(5):
        factories.post(us, jo, "No", created_at=NOW)
    write(us, 2)
    factories.post(us, jo, "Secret", room="direct")
    factories.post(us, jo, "We", direction="ours")
    watch(NOW + BUCKET)
    watch(NOW + BUCKET + timedelta(minutes=3))
    watch(NOW + 2 * BUCKET)
    assert list(Tide.objects.order_by("at").values_list("authors", flat=True)) == [0, 3, 0]


def test_a_swell_is_told_once_and_not_again_for_a_day(us):
    ordinary_weeks()
    told = []
    for n in range(4):
        write(us, 90)
        told += (found := watch(NOW + n * BUCKET))
        for key in found:
            seas.incident(state="dismissed", key=key, noticed_at=NOW + n * BUCKET)
    assert len(told) == 1
    assert told[0].startswith(KEY)
    write(us, 90)
    assert watch(NOW + 4 * BUCKET) == []
    Incident.objects.update(noticed_at=NOW - QUIET)
    write(us, 90)
    assert len(watch(NOW + 5 * BUCKET)) == 1


def test_where_an_incident_stands_it_is_silent(us):
    ordinary_weeks()
    seas.incident()
    for n in range(4):
        write(us, 90)
        assert watch(NOW + n * BUCKET) == []


def test_an_ordinary_day_is_no_swell(us):
    ordinary_weeks()
    write(us, 14)
    assert watch() == []
