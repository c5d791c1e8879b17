"""A whole small drill: begun by a button, marked everywhere, answered, ended, and scored."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.everyone import problems
from e2e.steps import DESK, PHONE
from practice_server import Net
from processes import eventually
from serving import SOURCE, free_port

PATIENCE_S = 180
SOON = 90_000
"""Milliseconds: a worker and a network are at it, on a machine that has much else to do."""


@pytest.fixture(scope="module")
def desk(data_home: Path) -> Iterator[tuple[str, Path]]:
    """A demo of its own, on which a drill disturbs no other test: its address and its folder."""
    home, port = data_home / "drill", free_port()
    home.mkdir()
    env = {
        **os.environ, "PYTHONPATH": str(SOURCE), "SANDERLING_DATA": str(home),
        "SANDERLING_CAREFUL": "false",
    }  # fmt: skip
    options = ["--scenario", "quiet", "--speed", "0", "--no-browser", "--port", str(port)]
    demo = subprocess.Popen([sys.executable, "-m", "sanderling", "demo", *options], env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        assert eventually(lambda: _answers(f"{address}/signin/"), within=PATIENCE_S)
        yield address, home / "demo"
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture
def page(browser: Browser, desk: tuple[str, Path]) -> Iterator[Page]:
    """The lead of the demo, who is signed in."""
    address, home = desk
    context = browser.new_context(viewport=DESK, base_url=address, service_workers="block")
    context.set_default_timeout(SOON)
    made = context.new_page()
    made.goto("/signin/")
    made.fill("[name=email]", "anika.brandt@northwind.example")
    made.fill("[name=password]", (home / "demo-password").read_text())
    made.click("button[type=submit]")
    made.wait_for_url("**/desk/")
    yield made
    context.close()


def test_a_whole_drill(page, desk, browser):
    _, home = desk
    beside = page.context.new_page()  # a page that stands open while the drill begins
    beside.goto("/people/")
    expect(beside.locator("#drill")).to_be_hidden()

    page.goto("/drills/")
    page.locator(".drills__one", has_text="An outage at noon").get_by_role("button").click()
    page.wait_for_url("**/drills/*/")
    mark = page.locator("#drill")
    expect(mark).to_contain_text("Nothing leaves to real networks.")
    expect(page).to_have_title("Drill: Drill: An outage at noon · Sanderling")
    expect(beside.locator("#drill")).to_contain_text("Drill: An outage at noon", timeout=SOON)
    assert problems(page, "a drill that runs") == []

    net = Net(json.loads((home / "practice" / "practice.json").read_text()), lambda: None)
    net.advance(minutes=16)  # of the story: the outage has begun
    net.close()
    page.goto("/desk/?q=team")
    expect(page.locator(".row").first).to_be_visible(timeout=SOON)
    page.locator(".row .row__link").first.click()
    page.locator("input[name=room][value=public]").check(force=True)
    page.locator("#draft-public").fill("Sorry about this. We see it too and are working on it.")
    case = page.locator("#composer").get_attribute("data-case")
    page.locator(".send__main").click()
    undo, anyway = page.locator(".toast--undo"), page.get_by_role("button", name="Send anyway")
    expect(undo.or_(anyway)).to_be_visible(timeout=SOON)
    if anyway.is_visible():  # the customer wrote once more meanwhile
        anyway.click()
    expect(undo).to_be_visible(timeout=SOON)
    assert eventually(lambda: _stands(page, case), within=PATIENCE_S)

    page.get_by_role("button", name="End drill").click()
    page.locator("#ask-yes").click()
    page.wait_for_url("**/drills/*/")
    expect(page.locator(".score__sum")).to_contain_text("of 100 points")
    expect(page.locator(".score__parts")).to_contain_text("Nothing was said to everybody")
    expect(page.locator("#drill")).to_be_hidden()
    expect(beside.locator("#drill")).to_be_hidden(timeout=SOON)
    expect(page).to_have_title(re.compile(r"^(\(\d+\) )?Drill: An outage at noon · Sanderling$"))
    assert problems(page, "a score") == []

    page.set_viewport_size(PHONE["viewport"])
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    for path in (page.url, "/drills/"):
        page.goto(path)
        assert page.evaluate(wide), path
    assert problems(page, "drills on a phone") == []


def _stands(page: Page, case: str) -> bool:
    """Whether the answer stands on the network, as its case says."""
    told = page.request.get(f"/case/{case}/timeline", headers={"X-Desk": "1"}).text()
    return "We see it too" in told and "withdraw" not in told
