"""Each address outside is told once, again after a rest where it was not, and in nobody's way."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

import seas
from sanderling.core.alarming import Told
from sanderling.incidents.alerting import TRIES, tell_due
from sanderling.incidents.models import Alert, Drill

pytestmark = pytest.mark.django_db
NOW = seas.NOW
MINUTE = timedelta(minutes=1)


class Outside:
    """Two addresses; `deaf` are those that take nothing."""

    def __init__(self) -> None:
        self.deaf: set[str] = set()
        self.told: list[tuple[str, str, str]] = []

    def tell(self, title, text, *, but=()):
        keys = [key for key in ("slack", "mail") if key not in but]
        self.told += [(key, title, text) for key in keys if key not in self.deaf]
        return [Told(k, k, f"{k} refused it (404)." if k in self.deaf else "") for k in keys]

    def look(self):
        return []


@pytest.fixture
def outside() -> Outside:
    return Outside()


def alert(**changes) -> Alert:
    about = changes.pop("about", None) or seas.incident()
    given = {"step": "storm", "says": "38 people wrote.", "at": NOW, "again_at": NOW}
    return Alert.objects.create(incident=about, **{**given, **changes})


def tell(outside, at=NOW) -> int:
    return tell_due(outside, home="https://desk.example", clock=lambda: at)


def test_all_are_told_once_with_the_way_to_the_room(outside):
    row = alert()
    assert [tell(outside), tell(outside, NOW + 9 * MINUTE)] == [1, 0]
    link = f"https://desk.example/incidents/{row.incident_id}/"
    said = ("Storm: No signal in the west", f"38 people wrote.\n\n{link}")
    assert outside.told == [("slack", *said), ("mail", *said)]
    row.refresh_from_db()
    assert (row.sent_at, row.again_at, row.trouble) == (NOW, None, "")


def test_who_was_not_told_is_told_again_later_and_the_others_are_not(outside, caplog):
    row = alert()
    outside.deaf = {"slack"}
    with caplog.at_level(logging.WARNING):
        tell(outside)
    row.refresh_from_db()
    assert (row.sent_at, row.again_at, row.told) == (None, NOW + MINUTE, ["mail"])
    assert row.trouble == "slack refused it (404)."
    assert "slack refused it (404)." in caplog.text
    assert tell(outside, NOW + MINUTE / 2) == 0
    tell(outside, NOW + MINUTE)
    row.refresh_from_db()
    assert row.again_at == NOW + 3 * MINUTE, "each rest is twice as long"
    outside.deaf = set()
    tell(outside, NOW + 3 * MINUTE)
    row.refresh_from_db()
    assert (row.sent_at, row.trouble) == (NOW + 3 * MINUTE, "")
    assert [key for key, *_ in outside.told] == ["mail", "slack"]


def test_it_is_given_up_after_half_a_day(outside):
    row, at = alert(), NOW
    outside.deaf = {"slack", "mail"}
    for _ in range(TRIES):
        assert tell(outside, at) == 1
        row.refresh_from_db()
        at = row.again_at or at
    assert row.again_at is None
    assert row.sent_at is None
    assert timedelta(hours=10) < at - NOW < timedelta(hours=14)


def test_what_one_worker_tells_no_other_tells(outside):
    row = alert()

    class Killed(Outside):
        def tell(self, *_, **__):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(Killed())
    assert tell(outside, NOW + MINUTE) == 0, "somebody may be at it"
    row.refresh_from_db()
    assert row.sent_at is None
    assert tell(outside, NOW + 4 * MINUTE) == 1, "whoever was killed is followed by another"


def test_what_is_not_told_outside_waits_for_nobody(outside):
    alert(again_at=None)
    assert tell(outside) == 0
    alert()
    assert tell(None) == 0


def test_a_drill_says_that_it_is_one(outside):
    drill = Drill.objects.create(
        scenario="outage", title="Outage", seed=1, begun_at=NOW, ends_at=NOW + MINUTE
    )
    alert(about=seas.incident(drill=drill), step="choppy")
    tell(outside)
    assert {title for _, title, _ in outside.told} == {"Drill. Choppy: No signal in the west"}
