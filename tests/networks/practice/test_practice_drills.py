"""What the practice network can do for drills: begin late in a story, tell the truth, and storm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from practice_server import practice_server
from processes import eventually
from sanderling.networks.practice.scenario import drills, load
from sanderling.networks.practice.service import Service
from sanderling.networks.practice.touched import touched
from sanderling.networks.practice.world import Posted

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_story_without_its_beginning_is_the_same_story_later():
    whole = load("outage")
    late = whole.after(62)
    for minute in (0, 5, 20, 100, 200):
        assert late.rate(60 * minute) == pytest.approx(whole.rate(60 * (minute + 62)))
        then, now = whole.phase(60 * (minute + 62)), late.phase(60 * minute)
        assert (then and then.name) == (now and now.name)


@pytest.mark.parametrize("name", drills())
def test_a_drill_touches_many_within_its_time_and_nobody_before_it(name, tmp_path):
    service = Service(tmp_path, "quiet", None, NOW)
    try:
        drill = drills()[name]
        service.turn_to(name, NOW, seed=3, skip=drill.skip)
        begun = service.simulation.tick
        for half in (0.5, 1):
            until = begun + 60 * drill.minutes * drill.speed * half
            service.simulation.run(until, lambda t: NOW + timedelta(seconds=(t - begun) / 10))
        found = list(touched(service.simulation, drill.about, NOW))
        assert len(found) >= 100
        assert len({one.who for one in found}) == len(found)
        first = min(one.first_at for one in found)
        assert timedelta() < first - NOW < timedelta(minutes=5)
        assert all(0 <= one.upset <= 3 and 0 <= one.now <= 3 for one in found)
        late = NOW + timedelta(minutes=drill.minutes / 2)
        assert len(list(touched(service.simulation, drill.about, late))) < len(found)
    finally:
        service.close()


def test_a_drill_goes_on_after_a_restart_where_it_was(tmp_path):
    first = Service(tmp_path, "quiet", None, NOW)
    first.turn_to("outage", NOW, seed=3, skip=drills()["outage"].skip)
    first.simulation.run(first.simulation.tick + 900, lambda t: NOW)
    before = story(first)
    again = Service(tmp_path, "outage", 3, NOW)
    assert story(again) == before


def story(service: Service) -> tuple[list[str], float]:
    """Everything that was said, and when the story's first phase begins; the service is closed."""
    said = [e.what.post.writing.text for e in service.world.log if isinstance(e.what, Posted)]
    service.close()
    return said, service.simulation.scenario.phases[0].start


def test_a_storm_writes_so_many_posts_and_each_is_told_once(tmp_path):
    with practice_server(tmp_path / "net") as net:
        before = len(net.posts())
        net._ask("POST", "/api/admin/storm", json={"posts": 300, "seconds": 0.5})
        assert eventually(lambda: net._ask("GET", "/api/admin/storm")["written"] == 300)
        told = net.posts()
        assert len(told) == before + 300
        replies = [post for post in told.values() if post.reply_to]
        assert all(post.reply_to in told for post in replies)
        assert net._ask("GET", "/api/admin/story")["scenario"] == "quiet"
