"""The time line: everything that happened, once, in its order, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from sanderling.core.lives import ROUND
from sanderling.incidents import actions, timeline
from sanderling.incidents.models import Alert, Entry
from sanderling.incidents.timeline import CannotWrite, Key, Line, merged
from sanderling.respond import timeline as said
from sanderling.respond.models import Broadcast, Round
from sanderling.store.moves import advance, record

NOW = factories.NOW
pytestmark = pytest.mark.django_db


def minutes(n):
    return NOW + timedelta(minutes=n)


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def incident(ada):
    return actions.open_incident(name="No signal", by=ada.pk, now=NOW)


def write(incident, ada, text, kind="note", at=1):
    timeline.write_down(incident_id=incident, kind=kind, text=text, by=ada.pk, now=minutes(at))


def pages(incident, size):
    before, found = timeline.END, []
    while page := timeline.lines(incident, before=before, limit=size):
        found += page
        before = Key(page[-1].at, page[-1].key)
    return found


def test_what_happened_is_told_newest_first(incident, ada):
    write(incident, ada, "We pay one month back", "decision", at=2)
    Alert.objects.create(incident_id=incident, step="storm", says="It is a storm", at=minutes(3))
    actions.say_cause(incident_id=incident, cause="A mast", by=ada.pk, now=minutes(4))
    found = timeline.lines(incident)
    assert [(line.kind, line.says, line.words) for line in found] == [
        ("state", "Cause", "A mast"),
        ("alert", "Alert", "It is a storm"),
        ("decision", "Decision", "We pay one month back"),
        ("state", "Confirmed", ""),
        ("state", "Opened", ""),
    ]
    assert [line.by and line.by.name for line in found[:3]] == ["Ada Lund", None, "Ada Lund"]


def test_of_another_incident_nothing_is_told(incident, ada):
    other = actions.open_incident(name="Bills", by=ada.pk, now=NOW)
    write(other, ada, "Elsewhere")
    assert "Elsewhere" not in [line.words for line in timeline.lines(incident)]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_hold_everything_once_also_where_much_happens_at_one_time(incident, ada, size):
    for n in range(4):
        write(incident, ada, f"note {n}", at=0)
    whole = timeline.lines(incident)
    assert len(whole) == 6
    assert pages(incident, size) == whole


def test_what_cannot_be_written_down_is_refused(incident, ada):
    for text, kind in (("", "note"), ("\0 ", "note"), ("x" * 2001, "note"), ("x", "guess")):
        with pytest.raises(CannotWrite):
            write(incident, ada, text, kind)
    assert not Entry.objects.exists()


def test_what_was_said_and_the_rounds_stand_in_the_same_line(incident, ada):
    Broadcast.objects.create(
        incident_id=incident, label="We see it", text="No signal: we see it", by=ada,
        at=minutes(2), next_at=minutes(40),
    )  # fmt: skip
    row = Round.objects.create(
        incident_id=incident, kind="acknowledge", state="running", text="", per_hour=1, by=ada,
        at=minutes(1),
    )  # fmt: skip
    record(row, "look", by=ada.pk, now=minutes(2))  # moves nothing, so it is no line
    assert said.next_word(incident) == minutes(40)
    found = merged(timeline.lines(incident), said.lines(incident))
    assert [line.says for line in found] == ["Public status: We see it", "Confirmed", "Opened"]
    assert said.lines(incident, before=Key(minutes(2), "")) == []


def test_moves_of_a_round_are_told(incident, ada):
    row = Round.objects.create(
        incident_id=incident, kind="close", state="prepared", text="", per_hour=1, by=ada, at=NOW
    )
    advance(row, ROUND, "begin", by=ada.pk, now=minutes(1))
    (line,) = said.lines(incident)
    assert (line.kind, line.says) == ("round", "Closing with everyone: running")


LINES = st.lists(
    st.builds(
        lambda minute, n: Line(minutes(minute), f"move-{n:03}", "state", ""),
        st.integers(0, 4), st.integers(0, 30),
    ),
    max_size=20,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES, st.integers(0, 50))
def test_two_lines_become_one_in_order(some, others, limit):
    def order(lines):
        return sorted(lines, key=lambda one: (one.at, one.key), reverse=True)

    assert merged(order(some), order(others), limit=limit) == order([*some, *others])[:limit]
