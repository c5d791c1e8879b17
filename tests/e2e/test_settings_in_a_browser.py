"""Settings, and notices for who looks elsewhere, in real browsers."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import factories
from e2e.everyone import problems
from e2e.steps import SIZES
from pictures import png
from sanderling.cases import actions
from sanderling.people.preferring import prefer
from sanderling.people.queries import taste
from sanderling.store import announce

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 10
PATIENCE_S = 15.0
COUNTING = """
window.Notification = class {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title, { body }) { window.told(title, body); }
  close() {}
};
"""
"""Stands in for the desktop, only to count: what is shown there no browser tells."""


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def case():
    return factories.case(
        factories.account(), factories.identity("Jonas Veld"), "Third day without a signal",
        due_at=datetime.now(UTC) + timedelta(hours=3),
    )  # fmt: skip


def opened(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("data-script", "")
    return page


def kept(page: Page, work) -> None:
    """Do something that the desk keeps, and wait until it has."""
    with page.expect_response("**/settings/taste/") as answer:
        work()
    assert answer.value.ok


def test_what_an_agent_likes_follows_to_a_second_browser(signed_in, ada):
    here = opened(signed_in(ada), "/settings/")
    kept(here, lambda: here.get_by_label("Dark").check(force=True))
    kept(here, lambda: here.get_by_label("Compact", exact=True).check(force=True))
    kept(here, lambda: here.get_by_label("Single-letter keys").first.uncheck())
    expect(here.locator("html")).to_have_attribute("data-letters", "off")
    here.keyboard.press("?")
    expect(here.locator("#keys")).to_be_hidden()

    there = opened(signed_in(ada), "/people/")
    for name, value in (("theme", "dark"), ("density", "compact"), ("letters", "off")):
        expect(there.locator("html")).to_have_attribute(f"data-{name}", value)
    there.keyboard.press("?")
    expect(there.locator("#keys")).to_be_hidden()
    kept(there, lambda: there.locator(".side [data-theme-toggle]").click())
    here.reload()
    expect(here.locator("html")).to_have_attribute("data-theme", "light")


def test_a_notice_is_shown_once_however_many_tabs_are_open(signed_in, ada, case):
    prefer(agent_id=ada.pk, desktop=True, words=True)
    context, told, asking = signed_in(ada), [], set()
    context.expose_function("told", lambda title, body: told.append((title, body)))
    context.on("request", lambda r: "/notices?" in r.url and asking.add(r.frame.page))
    context.add_init_script(COUNTING)
    tabs = [opened(context, "/people/") for _ in range(TABS)]
    ben = factories.agent("Ben Oduya")

    def name_her(text: str) -> None:
        """Each notice is waited for; whatever came twice is in the list by the next one."""
        actions.write_note(case_id=case.pk, text=text, by=ben.pk, now=datetime.now(UTC))
        end = time.monotonic() + PATIENCE_S
        while not any(body == text for _, body in told) and time.monotonic() < end:
            tabs[-1].wait_for_timeout(100)

    notes = ["@Ada one", "@Ada two", "@Ada three", "@Ada four"]
    name_her(notes[0])
    name_her(notes[1])
    (teller,) = asking
    teller.close()  # and another one goes on
    tabs.remove(teller)
    name_her(notes[2])
    name_her(notes[3])
    assert told == [("Ben Oduya named you", text) for text in notes]
    assert len(asking) == 2, "one tab at a time asks for all"


def test_the_title_and_the_icon_follow_what_is_at_risk_on_every_page(signed_in, ada):
    page = opened(signed_in(ada), "/settings/")
    expect(page).to_have_title("Settings · Sanderling")
    made = factories.case(
        factories.account(), factories.identity("Jonas Veld"), due_at=datetime.now(UTC)
    )
    announce.announce([announce.QUEUES])
    expect(page).to_have_title("(1) Settings · Sanderling")
    expect(page.locator("#favicon")).to_have_attribute("href", re.compile("favicon-risk"))
    actions.resolve(case_id=made.pk, outcome="solved", by=ada.pk, now=datetime.now(UTC))
    expect(page).to_have_title("Settings · Sanderling")
    expect(page.locator("#favicon")).to_have_attribute("href", re.compile(r"favicon\.svg"))


def test_the_browser_is_asked_only_by_a_click(signed_in, ada):
    context, asked = signed_in(ada), []
    context.expose_function("asked", lambda: asked.append(1))
    context.add_init_script(
        "window.Notification = class { static permission = 'default';"
        " static async requestPermission() { await window.asked();"
        " return (Notification.permission = 'denied'); } }"
    )
    prefer(agent_id=ada.pk, sound=True)
    page = opened(context, "/settings/")
    assert asked == []
    kept(page, lambda: page.get_by_label("On the desktop").check())
    assert asked == [1]
    expect(page.locator("#permission")).to_contain_text("does not let the desk show notices")
    assert taste(ada.pk).desktop


def test_a_picture_is_made_small_and_shown_to_colleagues(signed_in, ada):
    page = opened(signed_in(ada), "/settings/")
    page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": png(1600, 1200)}
    )
    face = page.locator(".mine .ava__own")
    expect(face).to_be_visible()
    assert face.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 256
    other = opened(signed_in(factories.agent("Ben Oduya")), "/people/")
    expect(other.locator(f"#agent-{ada.pk} .ava__own")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(signed_in, ada, size):
    context = signed_in(ada, viewport=SIZES[size], reduced_motion="reduce")
    page = opened(context, "/settings/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems(page, "settings") == []
