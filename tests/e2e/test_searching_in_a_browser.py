"""Searching by keyboard: the filter over the list, completion, saved views, the search page."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from processes import eventually

ROWS = "#rows .row:not(.row--left)"


def test_the_list_is_filtered_by_keyboard_and_the_filter_is_kept_as_a_view(sign_in, stage):
    stage.customer("The roaming refund for my zeppelin never came, I am furious")
    other = stage.customer("Where is my parcel?")
    page = sign_in()
    expect(page.locator(ROWS, has_text=other)).to_be_visible(timeout=30_000)
    eventually(lambda: "<mark>" in page.request.get("/search/?q=zeppelin").text())
    page.keyboard.press("f")
    box = page.locator("#filter-in")
    expect(box).to_be_focused()
    page.keyboard.type("ow")
    expect(page.locator("#filter-in-list li")).to_have_text([re.compile("owner:")])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("owner:")
    page.keyboard.type("no")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("owner:none ")
    page.keyboard.type("zeppelin")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(1, timeout=15_000)
    expect(page).to_have_url(re.compile("f=owner%3Anone"))
    stage.customer("My phone is lost")  # what comes in must meet the filter too
    page.wait_for_timeout(2_000)
    expect(page.locator(ROWS)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.locator("#filter-keep").click()
    page.fill("[name=name]", "Zeppelins of nobody")
    page.locator("#keep button[type=submit]").click()
    expect(page.locator("#views [aria-current]")).to_have_text("Zeppelins of nobody")
    expect(page.locator(ROWS)).to_have_count(1)


def test_a_wrong_filter_is_marked_and_mended(sign_in, stage):
    page = sign_in()
    page.keyboard.press("f")
    page.keyboard.type("is:opne")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.locator("#filter-wrong mark")).to_have_text("opne")
    expect(page.locator("#filter-in")).to_have_attribute("aria-invalid", "true")
    page.locator("#filter-wrong a").click()
    expect(page.locator("#filter-in")).to_have_value("is:open")
