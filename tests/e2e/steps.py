"""What browser tests do again and again at a desk, wherever it runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

PATIENCE_S = 30.0
DESK = {"width": 1440, "height": 900}
SIZES = {"desk": DESK, "phone": {"width": 390, "height": 844}}
PHONE = {"viewport": SIZES["phone"], "has_touch": True, "is_mobile": True}


def row(page: Page, name: str) -> Locator:
    """The customer's row in the list."""
    return page.locator(".row", has_text=name)


def show(page: Page, name: str) -> None:
    """Let the case of `name` into the list, from behind the pill if it waits there."""
    end = time.monotonic() + PATIENCE_S
    while not row(page, name).count() and time.monotonic() < end:
        page.wait_for_timeout(100)
        if page.locator("[data-shownew]").is_visible():
            page.locator("[data-shownew]").click()
    expect(row(page, name)).to_be_visible()


def open_case(page: Page, name: str) -> None:
    """Open the case of `name` from the list."""
    show(page, name)
    row(page, name).locator(".row__link").click()
    expect(page.locator("#cust-h")).to_contain_text(name)


def eventually(found: Callable[[], Any], wanted: Any = True) -> None:
    """Wait for what no page tells, and say what there is instead."""
    end = time.monotonic() + PATIENCE_S
    while (last := found()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    assert last == wanted
