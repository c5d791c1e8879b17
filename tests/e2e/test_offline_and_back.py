"""A line that breaks while one reads or writes, a tab that sleeps, a clock that jumps a night: the
page says so, loses nothing, sends nothing twice, and goes on by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

import factories
from e2e.steps import eventually
from sanderling.cases import actions
from sanderling.people.preferring import prefer
from sanderling.respond.models import Draft, Outgoing
from servers.proxy import Proxy

pytestmark = pytest.mark.django_db(transaction=True)

AREA = "#draft-public"
SEND = r"POST /case/\d+/send/"
KEPT = {"timeout": 40_000}
"""A stream that lost its server tries again after up to twenty seconds."""


@pytest.fixture
def line(address):
    """The line between the browser and the desk."""
    with Proxy(address) as found:
        yield found


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def ben():
    return factories.agent("Ben Oduya")


def case(name="Jonas Veld", minutes=50):
    now = datetime.now(UTC)
    return factories.case(
        factories.account(), factories.identity(name), "Third day without a signal",
        opened_at=now - timedelta(minutes=10), due_at=now + timedelta(minutes=minutes),
    )  # fmt: skip


def at(opened, agent, made, line) -> Page:
    page = opened(agent, f"/case/{made.pk}/", base_url=line.url)
    page.evaluate("window.sameness = 1")
    expect(page.locator("html")).to_have_attribute("data-script", "")
    return page


def went_on(page: Page) -> bool:
    """It is still the page that was opened first."""
    return page.evaluate("window.sameness") == 1


def note(made, by, text) -> None:
    actions.write_note(case_id=made.pk, text=text, by=by.pk, now=datetime.now(UTC))


def drafts() -> list[str]:
    """What the desk has kept by now."""
    return list(Draft.objects.values_list("text", flat=True))


def offline(page: Page, line: Proxy) -> None:
    line.go_away()
    page.context.set_offline(True)


def online(page: Page, line: Proxy) -> None:
    line.come_back()
    page.context.set_offline(False)


def test_who_reads_is_told_and_sees_later_what_came_meanwhile(opened, ada, ben, line):
    made = case()
    page = at(opened, ada, made, line)
    expect(page.locator("#lost")).to_be_hidden()
    offline(page, line)
    expect(page.locator("#lost")).to_contain_text("This device has no line.")
    note(made, ben, "He rang in the meantime")
    other = case("Lena Ott")
    page.locator("#list").hover()
    online(page, line)
    expect(page.locator("#tl")).to_contain_text("He rang in the meantime", **KEPT)
    expect(page.locator("#lost")).to_be_hidden(**KEPT)
    page.locator("[data-shownew]").click()
    expect(page.locator(f"#row-{other.pk}")).to_be_visible()
    assert went_on(page)


def test_a_line_that_breaks_somewhere_else_is_told_as_well(opened, ada, ben, line):
    made = case()
    page = at(opened, ada, made, line)
    note(made, ben, "The stream is open")
    expect(page.locator("#tl")).to_contain_text("The stream is open")
    with line.away():
        expect(page.locator("#lost")).to_contain_text("Live updates stopped", **KEPT)
        note(made, ben, "He rang in the meantime")
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#tl")).to_contain_text("He rang in the meantime")
    expect(page.locator("#lost")).to_be_hidden()
    assert went_on(page)


def test_what_is_written_offline_is_kept_and_sent_once_when_asked_again(opened, ada, line):
    made = case()
    page = at(opened, ada, made, line)
    page.locator(AREA).press_sequentially("We are on it")
    expect(page.locator("#saved")).to_have_text("Draft kept")
    offline(page, line)
    page.locator(AREA).press_sequentially(", and write again tonight.")
    expect(page.locator("#saved")).to_have_text("No line: kept in this browser")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#toasts")).to_contain_text("Your text is kept here")
    expect(page.locator(AREA)).to_have_value("We are on it, and write again tonight.")
    assert drafts() == ["We are on it"]
    assert not Outgoing.objects.exists()

    online(page, line)
    eventually(drafts, ["We are on it, and write again tonight."])
    expect(page.locator("#saved")).to_have_text("Draft kept")
    assert not Outgoing.objects.exists()
    page.locator(AREA).press("Control+Shift+Enter")
    expect(page.locator(AREA)).to_have_value("")
    assert Outgoing.objects.count() == 1
    assert went_on(page)


def test_an_answer_whose_echo_is_lost_does_not_leave_twice(opened, ada, line):
    made = case()
    page = at(opened, ada, made, line)
    page.locator(AREA).fill("We are on it.")
    line.let("cut after", SEND)
    page.locator(AREA).press("Control+Shift+Enter")
    expect(page.locator("#toasts")).to_contain_text("it does not leave twice")
    expect(page.locator(AREA)).to_have_value("We are on it.")
    line.well()
    page.locator(AREA).press("Control+Shift+Enter")
    expect(page.locator(AREA)).to_have_value("")
    expect(page.locator(".toast--undo")).to_be_visible()
    expect(page.locator("#tl .way")).to_have_count(1)
    assert Outgoing.objects.count() == 1


def test_other_words_after_a_lost_echo_are_neither_lost_nor_sent_unasked(opened, ada, line):
    made = case()
    page = at(opened, ada, made, line)
    page.locator(AREA).fill("We are on it.")
    line.let("cut after", SEND)
    page.locator(AREA).press("Control+Shift+Enter")
    expect(page.locator("#toasts")).to_contain_text("it does not leave twice")
    line.well()
    page.locator(AREA).fill("It works again.")
    page.locator(AREA).press("Control+Shift+Enter")
    expect(page.locator("#toasts")).to_contain_text("did reach the desk")
    expect(page.locator(AREA)).to_have_value("It works again.")
    assert Outgoing.objects.count() == 1
    page.locator(AREA).press("Control+Shift+Enter")
    expect(page.locator(AREA)).to_have_value("")
    assert Outgoing.objects.count() == 2


def test_a_case_that_cannot_be_fetched_leaves_the_one_that_is_open(opened, ada, line):
    made, other = case(), case("Lena Ott")
    page = at(opened, ada, made, line)
    page.locator(AREA).fill("Half an answer")
    page.route("**/pane?*", lambda route: page.wait_for_timeout(700) or route.abort())
    page.locator(f"#row-{other.pk} .row__link").click()
    expect(page.locator("#toasts")).to_contain_text("The desk did not answer.")
    expect(page.locator("#case")).to_have_attribute("data-case", str(made.pk))
    expect(page.locator(AREA)).to_have_value("Half an answer")
    expect(page.locator(f"#row-{made.pk}")).to_have_attribute("aria-current", "true")
    page.unroute_all()
    page.locator(f"#row-{other.pk} .row__link").click()
    expect(page.locator("#cust-h")).to_contain_text("Lena Ott")


def test_a_frozen_tab_wakes_up_with_what_came_and_with_the_text(opened, ada, ben, line):
    made = case()
    page = at(opened, ada, made, line)
    page.locator(AREA).fill("Half an answer")
    tab = page.context.new_cdp_session(page)
    tab.send("Page.setWebLifecycleState", {"state": "frozen"})
    line.hang_up()
    note(made, ben, "While you slept")
    tab.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.locator("#tl")).to_contain_text("While you slept", **KEPT)
    expect(page.locator(AREA)).to_have_value("Half an answer")
    eventually(drafts, ["Half an answer"])
    assert went_on(page)


def test_after_a_night_the_page_is_right_by_itself(opened, signed_in, ada, ben, line):
    made = case()
    page = signed_in(ada, base_url=line.url).new_page()
    page.clock.install()
    page.goto(f"/case/{made.pk}/")
    page.evaluate("window.sameness = 1")
    ring = page.locator(f"#row-{made.pk} .ring")
    expect(ring).to_have_attribute("aria-label", re.compile("minutes left"))
    with page.expect_request("**/timeline?*"):  # though nobody said that anything is new
        page.clock.fast_forward("09:00:00")
    expect(ring).to_have_attribute("aria-label", re.compile("minutes left"))
    page.clock.run_for(3_000)  # this machine's clock is wrong by nine hours, and the ring goes on
    expect(ring).to_have_attribute("aria-label", re.compile("minutes left"))
    note(made, ben, "Good morning to you")
    expect(page.locator("#tl")).to_contain_text("Good morning to you")
    page.locator(AREA).fill("Good morning")
    eventually(drafts, ["Good morning"])
    assert went_on(page)


def test_a_page_whose_words_come_late_hears_what_happens_all_the_same(signed_in, ada, ben, line):
    prefer(agent_id=ada.pk, language="de")
    made = case()
    page = signed_in(ada, base_url=line.url).new_page()
    page.route("**/words/**", lambda route: page.wait_for_timeout(700) or route.continue_())
    page.goto(f"/case/{made.pk}/")
    expect(page.locator("html")).to_have_attribute("data-script", "")
    note(made, ben, "Hallo")
    expect(page.locator("#tl")).to_contain_text("Hallo")
