"""The room of an incident, and cases that are part of it, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

import factories
from e2e.everyone import problems
from e2e.steps import SIZES, eventually
from sanderling.cases.models import Case
from sanderling.incidents import actions
from sanderling.incidents.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada():
    return factories.agent("Ada Lund", is_lead=True)


@pytest.fixture
def case():
    return factories.case(
        factories.account(), factories.identity("Jonas Veld"), "No data since seven",
        state="open", due_at=datetime.now(UTC) + timedelta(hours=1),
        opened_at=datetime.now(UTC) - 10 * MINUTE,
    )  # fmt: skip


@pytest.fixture
def suspected(case):
    """A suspected incident with three posts, one of them in a case."""
    now = datetime.now(UTC)
    posts = [case.about_post] + [
        factories.post(case.account, factories.identity(name), text, created_at=now - ago * MINUTE)
        for name, text, ago in (
            ("Sam Oduya", "My mum can’t reach me", 12),
            ("Oskar Brenn", "Card terminal at Quayside is dead", 7),
        )
    ]
    one = Incident.objects.create(
        state="suspected", name="no data seven", key="k", began_at=now - 12 * MINUTE,
        noticed_at=now - 4 * MINUTE, why="3 posts by 3 people say “no data”.",
    )  # fmt: skip
    put(one.pk, posts)
    return one.pk


def put(incident, posts):
    actions.put_in(
        incident_id=incident, posts=[p.pk for p in posts], how="detector", by=None,
        now=datetime.now(UTC),
    )  # fmt: skip


def test_a_suspicion_is_confirmed_and_its_room_stays_current(opened, ada, case, suspected):
    page = opened(ada, "/incidents/")
    expect(page.locator(f"#incident-{suspected}")).to_contain_text("3 posts by 3 people")
    page.get_by_role("link", name="no data seven").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".phases [aria-current]")).to_contain_text("Confirmed")
    expect(page.locator("#way-incidents")).to_contain_text("1 live")

    chart = page.locator(".chart")
    expect(chart.locator("canvas")).to_be_visible()
    assert "Noticed at" in (chart.get_attribute("aria-label") or "")
    page.get_by_text("Show as table").click()
    expect(page.locator(".as-table td.n").first).to_be_visible()

    # What somebody types stays while posts come.
    page.locator("#cause summary").click()
    page.locator("#cause textarea").fill("The west mast")
    late = factories.post(
        case.account, factories.identity("Inês Calado"), "No data at River works either",
        created_at=datetime.now(UTC),
    )  # fmt: skip
    put(suspected, [late])
    expect(page.locator("#room-crowd")).to_contain_text("Inês Calado")
    expect(page.locator(".as-table td.n").first).to_be_visible()
    expect(page.locator("#cause textarea")).to_have_value("The west mast")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".phases [aria-current]")).to_contain_text("Cause known")
    expect(chart.locator("canvas")).to_be_visible()


def test_a_case_is_added_by_a_key_and_taken_back(opened, ada, case, suspected):
    page = opened(ada, f"/case/{case.pk}/")
    expect(page.locator("#looks-like")).to_contain_text("no data seven")
    expect(page.locator(f"#row-{case.pk}")).to_contain_text("Looks like no data seven")
    page.keyboard.press("l")
    expect(page.locator("#belong")).to_be_visible()
    page.locator("#belong-find").fill("data")
    page.locator("#belong-list button").first.click()
    expect(page.locator("#in-incident")).to_contain_text("no data seven")
    expect(page.locator(f"#row-{case.pk} .inchip")).to_contain_text("no data seven")
    eventually(lambda: Case.objects.get().incident_id, suspected)
    page.locator(".toast--undo button").click()
    expect(page.locator("#in-incident")).to_have_count(0)
    eventually(lambda: Case.objects.get().incident_id, None)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_keeps_anybody_out(opened, ada, case, suspected, size):
    given = {"viewport": SIZES[size]}
    page = opened(ada, f"/incidents/{suspected}/", **given)
    expect(page.locator(".chart canvas")).to_be_visible()
    found = problems(page, "room")
    for place in ("/incidents/", f"/incidents/{suspected}/posts/", f"/case/{case.pk}/incident/"):
        page.goto(place)
        found += problems(page, place)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{place} is {wide} px too wide"] * (wide > 0)
    assert found == []
