"""The demo as a stranger starts it, for a real browser: desk, worker, and a network of people."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from practice_server import Net
from serving import SOURCE, free_port

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 60.0
AGENTS = {"ada": "anika.brandt@northwind.example", "ben": "mira.solberg@northwind.example"}
"""Two of the demo's agents: Anika and Mira."""


class Stage:
    """Where the desk is, how one signs in, and the network beside it."""

    def __init__(self, address: str, password: str, net: Net) -> None:
        self.address, self.password, self.net = address, password, net
        self._used: set[str] = set()

    def someone(self, **wanted: str) -> dict[str, str]:
        """A person who did not appear yet."""
        person = next(p for p in self.net.people(**wanted) if p["name"] not in self._used)
        self._used.add(person["name"])
        return person

    def customer(self, text: str, **wanted: str) -> str:
        """Somebody complains in public; their name."""
        person = self.someone(**wanted)
        self.net.write(person["handle"], f"@NorthwindCare {text}")
        return person["name"]


@pytest.fixture(scope="session")
def stage(data_home: Path) -> Iterator[Stage]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    home = data_home / "demo"
    home.mkdir()
    port = free_port()
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "SANDERLING_DATA": str(home)}
    options = ["--scenario", "quiet", "--speed", "0", "--no-browser", "--port", str(port)]
    demo = subprocess.Popen([sys.executable, "-m", "sanderling", "demo", *options], env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(demo, f"{address}/signin/")
        card = json.loads((home / "demo/practice/practice.json").read_text())
        net = Net(card, lambda: None)
        yield Stage(address, (home / "demo/demo-password").read_text(), net)
        net.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)


def _wait_for(demo: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        assert demo.poll() is None, f"The demo ended with {demo.returncode}."
        try:
            httpx.get(address, timeout=2).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"The demo did not answer within {PATIENCE_S:.0f} seconds.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser, stage: Stage) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of their own; what a page complains about fails the test."""
    made: list[BrowserContext] = []
    troubles: list[str] = []

    def make(**given) -> BrowserContext:
        given = {"viewport": {"width": 1440, "height": 900}, "base_url": stage.address, **given}
        found = browser.new_context(**given)
        found.set_default_timeout(15_000)
        found.on("weberror", lambda error: troubles.append(str(error.error)))
        found.on("console", lambda said: said.type == "error" and troubles.append(said.text))
        made.append(found)
        return found

    yield make
    for found in made:
        found.close()
    harmless = re.compile("status of 4(03|04|09|22|29)")
    assert not [trouble for trouble in troubles if not harmless.search(trouble)]


@pytest.fixture
def sign_in(context, stage: Stage) -> Callable[..., Page]:
    """A page of an agent who is signed in, in a browser of their own."""

    def make(who: str = "ada", **given) -> Page:
        page = context(**given).new_page()
        page.goto("/signin/")
        page.fill("[name=email]", AGENTS[who])
        page.fill("[name=password]", stage.password)
        page.click("button[type=submit]")
        page.wait_for_url("**/desk/")
        return page

    return make
