"""Drills on pages: every page bears their mark, leads begin and end them, all see the score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from sanderling import drills, wiring
from sanderling.core.drilling import Facts, Mistakes
from sanderling.core.network import Author, Connected, Refused
from sanderling.incidents import drills as rows
from sanderling.incidents.models import Drill, Incident
from sanderling.urls import urlpatterns
from sanderling.web.drill_mark import mark

pytestmark = pytest.mark.django_db
LASTS = timedelta(minutes=30)
WITHOUT = ("/styleguide/", "/offline/")
"""Pages that no agent works on: one for builders, one that is kept for when there is no line."""
FACTS = Facts(
    began_at=factories.NOW, noticed_at=factories.NOW + timedelta(minutes=3), affected=4,
    waited=(timedelta(minutes=2), timedelta(minutes=3)), turned=1,
    mistakes=Mistakes(unanswered=2),
)  # fmt: skip


@pytest.fixture
def lead(client):
    agent = factories.agent("Anika Brandt", is_lead=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


def begun(scenario: str = "outage", **changes) -> int:
    given = {"title": drills.TITLES[scenario], "seed": 7, "lasts": LASTS, "by": None,
             "now": datetime.now(UTC)}  # fmt: skip
    return rows.begin(scenario=scenario, **{**given, **changes})


def ended(facts: Facts | None, **changes) -> int:
    drill = begun(**changes)
    score = None if facts is None else msgspec.to_builtins(facts)
    rows.end(drill_id=drill, score=score, by=None, now=datetime.now(UTC))
    return drill


# ── the mark ──────────────────────────────────────────────────────────────────────────────────────


def pages(case: int) -> list[str]:
    """Every address without a place in it, and pages of a case."""
    plain = [f"/{p.pattern}" for p in urlpatterns if "<" not in str(p.pattern)]
    return [*plain, f"/case/{case}/", f"/case/{case}/history", "/case/987654/", "/nowhere/"]


def test_every_page_bears_the_mark_while_a_drill_runs(client, lead):
    case = factories.case(factories.account(), factories.identity())
    seen = {}
    for running in (False, True):
        if running:
            begun()
        for path in pages(case.pk):
            page = client.get(path).content.decode(errors="replace")
            if page.lstrip().lower().startswith("<!doctype html>") and path not in WITHOUT:
                seen[path] = seen.get(path, 0) + 1
                assert ("<title>Drill: " in page) == running, path
                assert ("Drill: An outage at noon" in page) == running, path
                assert ("Nothing leaves to real networks." in page) == running, path
    assert {"/desk/", "/deck/", "/settings/", "/nowhere/", f"/case/{case.pk}/"} <= set(seen)
    assert len(seen) >= 20
    assert set(seen.values()) == {2}


def test_who_is_not_signed_in_yet_sees_it_too(client):
    factories.agent()
    begun()
    assert "Drill: An outage at noon" in client.get("/signin/").text


def test_only_leads_can_end_it_from_there(client, ada):
    begun()
    assert "End drill" not in client.get("/desk/").text
    assert client.post("/drills/end/").status_code == 403
    assert client.post("/drills/begin/", {"scenario": "leak"}).status_code == 403
    assert Drill.objects.get().ended_at is None
    client.force_login(factories.agent("Anika Brandt", is_lead=True))
    assert "End drill" in client.get("/desk/").text


def test_the_mark_costs_one_short_statement_and_says_how_long_it_takes():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert mark() is None
    assert len(asked) == 1
    drill = begun()
    assert mark().id == drill
    assert mark().left == "30 minutes"


def test_a_page_that_stands_open_fetches_the_mark_alone(client, lead):
    assert "hidden" in client.get("/drills/banner", headers={"X-Desk": "1"}).text
    begun()
    part = client.get("/drills/banner", headers={"X-Desk": "1"}).text
    assert part.lstrip().startswith('<aside id="drill"')
    assert "A drill runs: An outage at noon." in part


# ── beginning and ending ──────────────────────────────────────────────────────────────────────────


class Stage:
    """A practice network that is only asked: what it did stands in `played`."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.played: list[str] = []

    def drills(self) -> dict[str, int]:
        return dict.fromkeys(drills.TITLES, 30)

    def play(self, scenario: str, *, seed: int, speed: float = 0.0) -> Connected:
        if self.refuses:
            raise Refused(self.refuses)
        self.played.append(scenario)
        who = Author(id="1000001", handle="NorthwindCare", name="Northwind Care")
        return Connected(who=who, address="http://127.0.0.1:1", secret="x")

    def touched(self, scenario: str, since: datetime) -> tuple[()]:
        return ()

    def rest(self) -> None:
        self.played.append("rest")


def test_a_lead_begins_a_drill_by_a_button_and_ends_it(client, lead, monkeypatch):
    stage = Stage()
    monkeypatch.setattr(wiring, "PRACTICE_HERE", stage)
    page = client.get("/drills/").text
    for title in drills.TITLES.values():
        assert title in page
    answer = client.post("/drills/begin/", {"scenario": "leak"})
    drill = Drill.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/drills/{drill.pk}/")
    assert (drill.by_id, drill.ends_at - drill.begun_at) == (lead.pk, LASTS)
    assert "the score comes when it ends" in client.get(f"/drills/{drill.pk}/").text
    assert client.post("/drills/begin/", {"scenario": "outage"}).status_code == 409
    assert client.post("/drills/end/")["Location"] == f"/drills/{drill.pk}/"
    assert stage.played == ["leak", "rest"]
    assert "Nobody wrote about it" in client.get(f"/drills/{drill.pk}/").text
    assert client.post("/drills/end/").status_code == 409


def test_what_the_network_cannot_play_is_said_and_nothing_has_begun(client, lead, monkeypatch):
    monkeypatch.setattr(wiring, "PRACTICE_HERE", Stage(refuses="No port is free."))
    answer = client.post("/drills/begin/", {"scenario": "leak"}, headers={"X-Desk": "1"})
    assert (answer.status_code, answer.json()["why"]) == (422, ["No port is free."])
    assert client.post("/drills/begin/", {"scenario": "quiet"}).status_code == 422
    assert not Drill.objects.exists()


# ── the score ─────────────────────────────────────────────────────────────────────────────────────


def test_a_score_is_shown_with_its_parts_its_lessons_and_its_incidents(client, ada):
    drill = ended(FACTS)
    row = Incident.objects.create(
        state="over", name="<b>Westmere</b>", drill_id=drill, began_at=factories.NOW,
        noticed_at=factories.NOW,
    )  # fmt: skip
    page = client.get(f"/drills/{drill}/").text
    assert "2 of 4 customers heard from us, 2 of them within 15 minutes." in page
    assert "Nothing was said to everybody in public." in page
    assert page.count("<meter") == 5
    assert page.count("<li>") >= 3
    assert f'href="/incidents/{row.pk}/"' in page
    assert "&lt;b&gt;Westmere" in page


def test_earlier_drills_are_held_against_each_other_by_their_kind(client, ada):
    at = datetime.now(UTC)
    ended(FACTS, now=at - timedelta(days=3))
    ended(FACTS, scenario="leak", now=at - timedelta(days=2))
    better = ended(
        msgspec.structs.replace(FACTS, word_at=factories.NOW + timedelta(minutes=5)),
        now=at - timedelta(days=1),
    )  # fmt: skip
    broken = ended(None, now=at)
    page = client.get("/drills/").text
    assert page.count("20 points better") == 1
    assert "broken off" in page
    assert "20 points better than last time" in client.get(f"/drills/{better}/").text
    assert "there is no score" in client.get(f"/drills/{broken}/").text
    assert client.get(f"/drills/{broken}/score.md").status_code == 404
    assert client.get("/drills/999/").status_code == 404


def test_a_score_leaves_as_markdown(client, ada):
    answer = client.get(f"/drills/{ended(FACTS)}/score.md")
    assert answer["Content-Type"].startswith("text/markdown")
    lines = answer.text.splitlines()
    assert lines[0] == "# Drill: An outage at noon"
    assert (
        "- **Noticed** (20/20): Seen as one incident 3 minutes after it began; the goal is 5."
        in lines
    )
    assert "## What to do better" in lines
