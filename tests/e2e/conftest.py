"""Two desks for a real browser: the demo as a stranger starts it, with a worker and a network of
people (`stage`, `sign_in`), and a bare one on the tests' own tables (`address`, `signed_in`,
`opened`)."""

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
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from e2e.steps import DESK
from practice_server import Net
from sanderling.people.models import Agent
from serving import SOURCE, free_port, served, session_of, settled

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The shell draws no window of its own, which takes a third less of the machine."""
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ALONE = {"service_workers": "block"}
"""A browser that closes while a service worker begins may hang; tests of the app have their own."""
PATIENCE_S = 120.0
expect.set_options(timeout=20_000)  # of a machine that has much else to do
AGENTS = {
    "ada": "anika.brandt@northwind.example",
    "ben": "mira.solberg@northwind.example",
    "tom": "tomas.ibarra@northwind.example",
}
"""Three of the demo's agents: Anika, who is a lead, Mira and Tomás."""


class Stage:
    """Where the desk is, how one signs in, its data folder, and the network beside it."""

    def __init__(self, address: str, home: Path, net: Net) -> None:
        self.address, self.home, self.net = address, home, net
        self.password = (home / "demo-password").read_text()
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
        yield Stage(address, home / "demo", net)
        net.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)


def said_by(error: Error) -> str:
    """What a script stumbled over, and where."""
    return error.stack or str(error)


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
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The browser's loop sleeps while later tests of this process read rows.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        found = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser, stage: Stage) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of their own; what a page complains about fails the test."""
    made: list[BrowserContext] = []
    troubles: list[str] = []

    def make(**given) -> BrowserContext:
        given = {"viewport": DESK, "base_url": stage.address, **ALONE, **given}
        found = browser.new_context(**given)
        found.set_default_timeout(15_000)
        found.on("weberror", lambda error: troubles.append(said_by(error.error)))
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


@pytest.fixture(scope="session", autouse=True)
def _rows_are_read_beside_the_browser() -> Iterator[None]:
    """The browser's loop sleeps while a test reads rows; it must be said before the first one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A bare desk, which sees what the test has committed."""
    with django_db_blocker.unblock(), served() as found:
        yield found


@pytest.fixture
def signed_in(browser: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers in which an agent is signed in at the bare desk; what their pages complain
    about fails the test."""
    made: list[BrowserContext] = []
    troubles: list[str] = []

    def make(agent: Agent, **given) -> BrowserContext:
        given = {"viewport": DESK, "base_url": address, **ALONE, **given}
        context = browser.new_context(**given)
        context.set_default_timeout(15_000)
        cookie = {"name": "sessionid", "value": session_of(agent), "url": given["base_url"]}
        context.add_cookies([cookie])
        context.on("weberror", lambda error: troubles.append(said_by(error.error)))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    settled()
    assert not troubles


@pytest.fixture
def opened(signed_in) -> Callable[..., Page]:
    """A page of an agent, in a browser of their own."""

    def make(agent: Agent, path: str, **given) -> Page:
        page = signed_in(agent, **given).new_page()
        page.goto(path)
        return page

    return make
