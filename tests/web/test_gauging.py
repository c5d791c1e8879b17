"""The meter of an incident: where it stands and why, drawn and in words."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
import seas
from sanderling.cases.acquainted import known
from sanderling.core.gauge import Mark, Steps
from sanderling.incidents.gauging import gauge_standing
from sanderling.incidents.models import Alert
from sanderling.web import clock
from sanderling.web.sea_map import BOTTOM, LEFT, RIGHT, TOP, drawn

NOW = seas.NOW
MINUTE = timedelta(minutes=1)
STEPS = Steps(choppy=20_000, storm=500_000)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


def gauge(now=NOW, told=()):
    gauge_standing(steps=STEPS, told=told, known=known, now=now)


def panel(client, about) -> str:
    answer = client.get(f"/incidents/{about.pk}/gauge/", headers={"X-Desk": "1"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.django_db
def test_the_panel_says_where_it_stands_why_and_who_carries_it(client, ada):
    about = seas.incident()
    seas.wrote(about, 3, at=NOW - 6 * MINUTE, followers=500)
    gauge(NOW - 6 * MINUTE)
    seas.wrote(about, 30, followers=1_000)
    star = seas.wrote(about, 1, followers=96_400)[0].author
    star.name = "The <b>Courier</b>"
    star.save()
    gauge()
    said = panel(client, about)
    assert "Choppy sea" in said
    assert "rising since 08:59" in said
    assert "31 people wrote about it in the last 5 minutes, 31 times in all;" in said
    assert "The &lt;b&gt;Courier&lt;/b&gt;" in said
    assert "76 %" in said
    assert "reach about <b>25.3K</b> people" in said
    assert "at most 6 and 25.3K at 09:05, now 6 and 25.3K." in said
    svg = ElementTree.fromstring(
        said[
            said.index('<svg class="gauge__map') : said.rindex(
                "</svg>", 0, said.index("gauge__now-says")
            )
            + 6
        ]
    )
    assert svg.get("role") == "img"


@pytest.mark.django_db
def test_before_the_first_reading_it_says_so(client, ada):
    assert "Not measured yet." in panel(client, seas.incident())
    assert client.get("/incidents/999/gauge/").status_code == 404


@pytest.mark.django_db
def test_alerts_and_what_went_wrong_with_them_stand_in_the_room(client, ada):
    about = seas.incident()
    at = {"incident": about, "says": "x", "at": NOW}
    Alert.objects.create(step="choppy", sent_at=NOW, tries=1, **at)
    trouble = "Address 2 (Slack) refused it (404)."
    Alert.objects.create(step="storm", tries=2, again_at=NOW, trouble=trouble, **at)
    said = panel(client, about)
    assert "told outside" in said
    assert "not told outside" in said
    assert trouble in said


@pytest.mark.django_db
def test_nobody_sees_it_without_signing_in(client):
    answer = client.get(f"/incidents/{seas.incident().pk}/gauge/")
    assert answer.status_code == 302


marks = st.builds(
    Mark,
    st.integers(0, 10**6).map(lambda n: NOW + n * MINUTE),
    st.floats(0, 1e7),
    st.floats(0, 1e12),
    st.sampled_from(["calm", "choppy", "storm"]),
)


@settings(max_examples=30)
@given(st.lists(marks, max_size=150), marks, st.integers(1, 10**9), st.integers(1, 10**6))
def test_whatever_the_path_it_stays_within_the_drawing(path, now, choppy, times):
    made = drawn(path, now, Steps(choppy, choppy * (times + 1)))
    spots = [tuple(map(float, pair.split(","))) for pair in made.trail.split()]
    assert len(spots) <= 151
    for x, y in [*spots, made.now, *made.words.values(), *(label.spot for label in made.labels)]:
        assert LEFT - 0.1 <= x <= RIGHT + 0.1
        assert TOP - 0.1 <= y <= BOTTOM + 0.1


def test_more_is_to_the_right_and_up_and_a_level_is_a_line_of_equal_product():
    low, high = Mark(NOW, 2, 3_000, "calm"), Mark(NOW, 46, 640_000, "storm")
    made = drawn([low], high, STEPS)
    (x, y), (x2, y2) = ((spot.split(",")) for spot in made.trail.split())
    assert float(x) < float(x2)
    assert float(y) > float(y2)
    for rate in (0.1, 1, 20):
        on_line = drawn([], Mark(NOW, rate, STEPS.choppy / rate, "calm"), STEPS)
        left, right, *_ = (tuple(map(float, p.split(","))) for p in on_line.bands[0].split())
        at = left[1] + (on_line.now.x - left[0]) / (right[0] - left[0]) * (right[1] - left[1])
        assert at == pytest.approx(on_line.now.y, abs=0.2)
