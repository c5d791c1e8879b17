"""From an empty folder to the first answered case; and what stays when the line is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from processes import eventually
from serving import SOURCE, free_port

PATIENCE_S = 120
PASSWORD = "tide-and-sand"


@pytest.fixture(scope="module")
def new_desk(data_home: Path) -> Iterator[str]:
    """The address that a new desk prints, as somebody starts it in an empty folder."""
    home, port = data_home / "new", free_port()
    home.mkdir()
    env = {
        **os.environ, "PYTHONPATH": str(SOURCE), "SANDERLING_DATA": str(home),
        "SANDERLING_CAREFUL": "false",
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    up = subprocess.Popen([sys.executable, "-m", "sanderling", "up", "--port", str(port)], env=env)
    try:
        eventually(lambda: _answers(f"http://127.0.0.1:{port}/signin/"), within=PATIENCE_S)
        yield (home / "welcome").read_text().strip()
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def lead(browser: Browser, new_desk: str) -> Iterator[BrowserContext]:
    """The browser of the first lead."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin")
    made.set_default_timeout(20_000)
    yield made
    made.close()


def go_on(page: Page, text: str, to: str) -> None:
    page.get_by_role("button", name=text).click()
    page.wait_for_url(f"**{to}")


def set_up(page: Page, address: str) -> str:
    """All steps, one after the other; the link for a colleague."""
    page.goto(address)
    page.get_by_label("Work email").fill("ana@harbour.example")
    page.get_by_label("Your name").fill("Ana Lind")
    expect(page.get_by_label("Your initials")).to_have_value("AL")
    page.get_by_label("A password").fill(PASSWORD)
    go_on(page, "Begin", "/welcome/company/")
    page.get_by_label("Name of your company").fill("Harbour Mobile")
    go_on(page, "Keep it and go on", "/welcome/hear/")
    page.get_by_role("button", name="Try it here").click()
    expect(page.locator(".heard")).to_contain_text("NorthwindCare")
    go_on(page, "Go on", "/welcome/hours/")
    expect(page.get_by_label("Time zone of your company")).to_have_value("Europe/Berlin")
    go_on(page, "Keep them and go on", "/welcome/invite/")
    page.get_by_label("Their name").fill("Ben Okafor")
    page.get_by_label("Their email").fill("ben@harbour.example")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("[data-link]").input_value()
    go_on(page, "Go on", "/desk/")
    return link


@pytest.fixture(scope="module")
def begun(lead: BrowserContext, new_desk: str) -> Iterator[tuple[Page, str]]:
    """The desk set up, with a first case: the lead's page, and the link for a colleague."""
    page = lead.new_page()
    link = set_up(page, new_desk)
    expect(page.locator(".row").first).to_be_visible(timeout=PATIENCE_S * 1000)
    yield page, link
    page.close()


def test_from_an_empty_folder_to_the_first_answered_case(begun, new_desk, browser):
    page, link = begun
    page.goto(page.url)
    expect(page.locator(".begin .done")).to_have_count(4)
    page.get_by_role("button", name="Put this list away").click()
    expect(page.locator(".begin")).to_have_count(0)
    page.locator(".row .row__link").first.click()
    box = page.locator("#draft-public")
    page.locator("input[name=room][value=public]").check(force=True)
    box.fill("We are on it and tell you here.")
    case = page.locator("#composer").get_attribute("data-case")
    page.locator(".send__main").click()
    expect(page.locator(".toast--undo")).to_be_visible()
    page.goto(page.url.partition("/case/")[0] + f"/case/{case}/")
    expect(page.locator("#tl").get_by_text("We are on it and tell you here.")).to_be_visible()

    ben = browser.new_page()
    ben.goto(link)
    ben.get_by_label("A password").fill("sand-and-tide")
    ben.get_by_role("button", name="Join").click()
    ben.wait_for_url("**/desk/")
    expect(ben.locator(".row").first).to_be_visible()
    ben.close()


def open_case(lead: BrowserContext, new_desk: str) -> Page:
    """A case with its composer, in a page that the service worker looks after."""
    page = lead.new_page()
    page.goto(new_desk.partition("/welcome/")[0] + "/desk/?q=unassigned")
    page.locator(".row .row__link").first.click()
    page.wait_for_selector("#composer")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(page.url)
    eventually(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    page.locator("input[name=room][value=note]").check(force=True)
    return page


def all_with_the_desk(page: Page) -> bool:
    """Whether this browser keeps no text that the desk does not have."""
    held = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")
    return not held


@pytest.mark.usefixtures("begun")
def test_a_lost_line_loses_no_text_and_says_so(lead, new_desk):
    page = open_case(lead, new_desk)
    case = page.url.split("/case/")[1].split("/")[0]
    box = page.locator("#draft-note")
    lead.set_offline(True)
    box.fill("Half a thought while the train goes into the")
    expect(page.locator("#saved")).to_have_text("No line: kept in this browser")
    page.locator(".send__main").click()
    expect(page.locator(".toast--bad")).to_contain_text("Your text is kept here")
    expect(box).to_have_value("Half a thought while the train goes into the")

    page.reload()
    expect(page.get_by_role("heading", name="No line to the desk")).to_be_visible()
    expect(page.locator("#still")).to_contain_text(f"#{case}")
    expect(page.locator("#still")).to_contain_text("Half a thought")

    lead.set_offline(False)
    expect(page.locator("#draft-note")).to_have_value(
        "Half a thought while the train goes into the", timeout=30_000
    )
    eventually(lambda: all_with_the_desk(page))
    page.reload()
    expect(page.locator("#draft-note")).to_have_value(
        "Half a thought while the train goes into the"
    )
    page.close()


@pytest.mark.usefixtures("begun")
def test_a_text_that_two_devices_wrote_is_asked_about_and_neither_is_lost(lead, new_desk):
    page = open_case(lead, new_desk)
    page.locator("#draft-note").fill("")
    eventually(lambda: all_with_the_desk(page))
    lead.set_offline(True)
    page.locator("#draft-note").fill("from the train")
    expect(page.locator("#saved")).to_have_text("No line: kept in this browser")
    where = page.url
    page.evaluate("navigator.sendBeacon = () => false")  # it would find a line that is not there
    page.goto("about:blank")
    lead.set_offline(False)
    _from_another_device(lead, where, "from the office")
    page.goto(where)
    page.locator("input[name=room][value=note]").check(force=True)
    expect(page.locator("#draft-note")).to_have_value("from the office")
    page.get_by_role("button", name="Add it here").click()
    expect(page.locator("#draft-note")).to_have_value("from the office\nfrom the train")
    expect(page.locator("#kept")).to_be_hidden()
    page.close()


def _from_another_device(lead: BrowserContext, where: str, text: str) -> None:
    cookies = {c["name"]: c["value"] for c in lead.cookies()}
    fields = {"room": "note", "text": text, "csrfmiddlewaretoken": cookies["csrftoken"]}
    answer = httpx.post(
        where.split("?")[0] + "draft/", data=fields, headers={"X-Desk": "1"}, cookies=cookies
    )
    assert answer.is_success, answer.text


@pytest.mark.usefixtures("begun")
def test_no_cache_keeps_a_word_of_anybody(lead, new_desk):
    page = open_case(lead, new_desk)
    page.goto(new_desk.partition("/welcome/")[0] + "/people/")
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys())
              found.push(new URL(request.url).pathname);
          return found;
        }"""
    )
    assert "/offline/" in kept
    assert [path for path in kept if path != "/offline/" and not path.startswith("/static/")] == []
    page.close()
