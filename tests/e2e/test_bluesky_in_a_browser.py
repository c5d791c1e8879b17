"""An empty desk, a browser, and Bluesky's own servers: connect, hear, answer in both rooms."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from atproto import client_utils
from playwright.sync_api import Browser, Page, expect

from servers.bluesky.devnet import PASSWORD, Devnet
from serving import SOURCE, free_port

LEAD, WORD = "ada@northwind.example", "a long enough password"


@pytest.fixture
def desk(data_home: Path) -> Iterator[str]:
    """A desk of one's own, as `sanderling up` runs it, with a lead and no account."""
    home, port = data_home / secrets.token_hex(3), free_port()
    home.mkdir()
    env = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "SANDERLING_DATA": str(home),
        "SANDERLING_PRIVATE_SERVERS": "true",
    }
    run = [sys.executable, "-m", "sanderling"]
    add = [*run, "add-agent", LEAD, "Ada Brandt", "AB", "--password", WORD, "--lead"]
    subprocess.run(add, env=env, check=True, stdout=subprocess.DEVNULL)
    up = subprocess.Popen([*run, "up", "--port", str(port)], env=env)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(30)


@pytest.fixture
def page(browser: Browser, desk: str) -> Iterator[Page]:
    context = browser.new_context(base_url=desk, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    for _ in range(200):
        try:
            page.goto("/signin/")
            break
        except Exception:
            time.sleep(0.2)
    page.fill("[name=email]", LEAD)
    page.fill("[name=password]", WORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/")
    yield page
    context.close()


def connect(page: Page, devnet: Devnet, handle: str, password: str) -> None:
    page.goto("/networks/")
    page.get_by_role("link", name="Bluesky").click()
    page.fill("[name=handle]", handle)
    page.fill("[name=password]", password)
    page.locator("details.more summary").click()
    page.fill("[name=server]", devnet.pds)
    page.fill("[name=stream]", devnet.jetstream.stream)
    page.fill("[name=chat]", devnet.chat.proxy)
    page.get_by_role("button", name=re.compile("^Connect")).click()
    expect(page.locator(".tried")).to_contain_text("is connected", timeout=30_000)


def texts(client, did: str) -> list[str]:
    return [item.post.record.text for item in client.get_author_feed(did).feed]


def eventually(found, seconds: float = 30):
    end = time.monotonic() + seconds
    while not (said := found()) and time.monotonic() < end:
        time.sleep(0.05)
    assert said
    return said


def test_a_customer_on_bluesky_is_heard_and_answered_in_public_and_in_private(
    devnet: Devnet, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    tail = secrets.token_hex(3)
    brand, jonas = devnet.person(f"care{tail}"), devnet.person(f"jonas{tail}")
    open_to_all(brand)
    connect(page, devnet, brand.me.handle, devnet.app_password(brand, privileged=True))
    page.goto("/desk/")
    time.sleep(2)  # the worker finds the account within a second, and opens the stream

    began = time.monotonic()
    jonas.send_post(mention(brand, "my phone is dead since monday, please help"))
    row = page.locator(".row", has_text="my phone is dead")
    pill = page.locator("[data-shownew]")
    eventually(lambda: row.is_visible() or pill.is_visible())
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\nFrom the customer's click to the desk's screen: {took:.2f} s\n")
    if pill.is_visible():
        pill.click()
    row.locator(".row__link").click()
    expect(page.locator("#cust-h")).to_contain_text(jonas.me.handle)
    page.keyboard.press("1")
    page.keyboard.type("Sorry! Which phone is it?")
    page.keyboard.press("Control+Shift+Enter")
    eventually(lambda: "Sorry! Which phone is it? ^AB" in texts(jonas, brand.me.did))
    answer = jonas.get_author_feed(brand.me.did).feed[0]
    assert answer.reply.parent.author.did == jonas.me.did

    messages = devnet.messenger(jonas)
    convo = messages.get_convo_for_members({"members": [brand.me.did]}).convo
    messages.send_message({"convo_id": convo.id, "message": {"text": "It is a Fathom 3"}})
    expect(page.locator(".lane--dm")).to_contain_text("It is a Fathom 3", timeout=30_000)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.keyboard.type("We have sent you a new one.")
    page.keyboard.press("Control+Shift+Enter")
    said = "We have sent you a new one. ^AB"

    def newest() -> str:
        return messages.get_messages({"convo_id": convo.id}).messages[0].text

    eventually(lambda: newest() == said)
    assert said not in texts(jonas, brand.me.did), "what is private never stands in public"


def open_to_all(who) -> None:
    """Let everybody write to them, as the official app's settings do."""
    kind = "chat.bsky.actor.declaration"
    record = {"$type": kind, "allowIncoming": "all"}
    place = {"repo": who.me.did, "collection": kind, "rkey": "self"}
    who.com.atproto.repo.put_record({**place, "record": record})


def mention(who, text: str):
    """A post that names `who`, as the official app writes it."""

    return client_utils.TextBuilder().mention(f"@{who.me.handle}", who.me.did).text(f" {text}")


def test_a_password_that_may_not_read_messages_is_told_what_to_do(
    devnet: Devnet, page: Page
) -> None:
    brand = devnet.person(f"plain{secrets.token_hex(3)}")
    connect(page, devnet, brand.me.handle, devnet.app_password(brand))
    expect(page.locator(".tried .not")).to_contain_text("direct messages")
    assert PASSWORD not in page.content()
