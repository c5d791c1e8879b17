"""What agents do all day with a case: with the mouse, with the keyboard alone, and with a thumb on
a telephone. One story for all three."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

import factories
from e2e.steps import DESK, PHONE, eventually
from sanderling.cases.models import Case, Handover, Note
from sanderling.respond.models import Outgoing

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "#case-head"


class Mouse:
    """Points at what is on the page."""

    given = {"viewport": DESK}  # noqa: RUF012  what a browser is made with

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, place: Locator) -> None:
        """Use what is there."""
        place.click()

    def do(self, place: Locator, key: str) -> None:
        """What a key does as well, by what is on the page for it."""
        self.at(place)

    def pick(self, menu: str, key: str, words: str) -> None:
        """Choose from a menu."""
        self.do(self.page.locator(f"[popovertarget={menu}]").first, key)
        self.at(self.page.locator(f"#{menu} .menu__i", has_text=words))

    def open(self, name: str) -> None:
        self.at(self.page.locator(".row", has_text=name).locator(".row__link"))

    def choose(self, place: Locator, words: str) -> None:
        """Choose one of a list in a form."""
        option = place.locator("option", has_text=words)
        place.select_option(option.get_attribute("value"))

    def write(self, place: Locator, text: str) -> None:
        self.at(place)
        self.page.keyboard.insert_text(text)

    def tick(self, place: Locator) -> None:
        self.at(place.locator("xpath=.."))

    def send(self) -> None:
        self.at(self.page.locator(".send__main"))

    def more(self, words: str) -> None:
        """One of the other ways to send."""
        self.at(self.page.locator("[popovertarget=send-menu]"))
        self.at(self.page.locator("#send-menu").get_by_role("button", name=words))


class Thumb(Mouse):
    """The same on a telephone, where list and case are two pages."""

    given = PHONE

    def at(self, place: Locator) -> None:
        place.tap()


class Keys(Mouse):
    """Never points."""

    def at(self, place: Locator) -> None:
        self._until(place, "Tab")
        self.page.keyboard.press("Enter")

    def do(self, place: Locator, key: str) -> None:
        if self.page.evaluate("document.activeElement.matches('textarea, input')"):
            self.page.keyboard.press("Escape")
        self.page.keyboard.press(key)

    def pick(self, menu: str, key: str, words: str) -> None:
        self.do(self.page.locator(HEAD), key)
        expect(self.page.locator(f"#{menu}")).to_be_visible()
        self._until(self.page.locator(f"#{menu} .menu__i", has_text=words), "ArrowDown")
        self.page.keyboard.press("Enter")

    def open(self, name: str) -> None:
        self._until(self.page.locator(".row", has_text=name).locator(".row__link"), "j")
        self.page.keyboard.press("Enter")

    def choose(self, place: Locator, words: str) -> None:
        self._until(place, "Tab")
        self.page.keyboard.type(words)

    def write(self, place: Locator, text: str) -> None:
        self._until(place, "Tab")
        self.page.keyboard.type(text)

    def tick(self, place: Locator) -> None:
        self._until(place, "Tab")
        self.page.keyboard.press("Space")

    def send(self) -> None:
        self.page.keyboard.press("Control+Enter")

    def more(self, words: str) -> None:
        self.page.keyboard.press("Control+Shift+Enter")

    def _until(self, place: Locator, key: str) -> None:
        """Press a key until the focus is there."""
        for _ in range(80):
            if place.evaluate("place => place === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead there")


@pytest.fixture(params=[Mouse, Keys, Thumb], ids=["mouse", "keyboard", "phone"])
def way(request, opened):
    """An agent at the Desk, by one of the three ways."""
    ada = factories.agent("Ada Lund")
    factories.agent("Ben Oduya")
    now = datetime.now(UTC)
    factories.case(
        factories.account(), factories.identity("Jonas Veld"), "Third day without a signal",
        opened_at=now - timedelta(minutes=5), due_at=now + timedelta(hours=1),
    )  # fmt: skip
    return request.param(opened(ada, "/desk/?q=team", **request.param.given))


def case() -> Case:
    return Case.objects.select_related("owner").get()


@pytest.fixture
def page(way) -> Page:
    way.open("Jonas Veld")
    expect(way.page.locator(HEAD)).to_contain_text("Nobody")
    return way.page


def test_a_case_is_taken_noted_answered_and_the_answer_taken_back(way, page):
    way.pick("assign-menu", "a", "Ada Lund")
    expect(page.locator("#tl")).to_contain_text("Ada Lund took the case")
    assert case().owner.name == "Ada Lund"

    way.do(page.locator(".mode--note"), "3")
    way.write(page.locator("#draft-note"), "He is on the old plan")
    way.send()
    expect(page.locator(".note")).to_contain_text("He is on the old plan")
    assert Note.objects.count() == 1

    way.do(page.locator(".mode--public"), "1")
    way.write(page.locator("#draft-public"), "We look into it, sorry.")
    way.more("Send, keep it open")
    expect(page.locator("#tl .way")).to_contain_text("Leaves in")
    way.do(page.locator(".toast--undo button"), "Control+z")
    expect(page.locator("#draft-public")).to_have_value("We look into it, sorry.")
    assert Outgoing.objects.get().state == "withdrawn"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_case_is_put_aside_handed_over_and_resolved(way, page):
    way.pick("snooze-menu", "h", "2 hours")
    expect(page.locator(HEAD)).to_contain_text("Snoozed until")
    assert case().snoozed

    way.pick("assign-menu", "a", "Ada Lund")
    expect(page.locator("#tl")).to_contain_text("Ada Lund took the case")
    way.pick("assign-menu", "a", "Hand over…")
    way.choose(page.locator("#hand [name=to]"), "Ben Oduya")
    way.write(page.locator("#hand [name=note]"), "He rings at six")
    way.at(page.locator("#hand button[type=submit]"))
    expect(page.locator(".offered")).to_contain_text("You offered this to Ben Oduya.")
    assert Handover.objects.get().note == "He rings at six"

    way.do(page.locator("#case-head [data-open=resolve]"), "Shift+R")
    expect(page.locator("#resolve")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    way.tick(page.locator("#resolve [name=outcome]").first)
    way.at(page.locator("#resolve .resolve__go"))
    eventually(lambda: case().state, "resolved")
