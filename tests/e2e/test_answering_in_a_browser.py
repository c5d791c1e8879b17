"""Answers that cannot go wrong, as agents see it: two browsers, two rooms, one text."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.steps import open_case

TEXT = "We are on it today, sorry for the trouble."


def write(page: Page, room: str, text: str) -> None:
    page.locator(f".mode--{'dm' if room == 'direct' else room}").click()
    page.locator(f"#draft-{room}").fill(text)


def test_what_a_colleague_said_meanwhile_is_shown_before_anything_leaves(stage, sign_in):
    ada, ben = sign_in("ada"), sign_in("ben")
    name = stage.customer("my router blinks red since noon")
    open_case(ada, name)
    open_case(ben, name)
    write(ada, "public", TEXT)
    ada.locator("#composer").evaluate("form => { window.seen = form.elements.seen.value }")

    write(ben, "public", "Please restart it once, then it works today.")
    ben.locator(".send__more").click()
    ben.get_by_role("button", name="Send, keep it open").click()
    expect(ada.locator("#tl .post--us")).to_contain_text("restart it once", timeout=30_000)
    expect(ada.locator("#tl .way")).to_have_count(0, timeout=30_000)
    # as it is where the page has not heard of it yet
    ada.locator("#composer").evaluate("form => { form.elements.seen.value = window.seen }")

    ada.locator("#draft-public").press("Control+Enter")
    panel = ada.locator("#stopped")
    expect(panel).to_contain_text("1 new since you began")
    expect(panel).to_contain_text("Mira Solberg")
    expect(panel).to_contain_text("restart it once")
    expect(ada.locator("#draft-public")).to_have_value(TEXT)
    panel.get_by_role("button", name="Send anyway").click()
    expect(ada.locator(".toast--undo")).to_be_visible()
    expect(panel).to_be_hidden()


def test_a_private_text_does_not_get_into_the_open(stage, sign_in):
    page = sign_in()
    open_case(page, stage.customer("where is my money", messages_from="everyone"))
    write(page, "public", "Is 4111 1111 1111 1111 your card?")
    page.locator("#draft-public").press("Control+Enter")
    panel = page.locator("#stopped")
    expect(panel.locator("mark")).to_have_text("4111 1111 1111 1111")
    expect(panel.get_by_role("button", name="Send anyway")).to_have_count(0)
    panel.get_by_role("button", name="Show it").click()
    marked = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    assert page.locator("#draft-public").evaluate(marked) == "4111 1111 1111 1111"
    panel.get_by_role("button", name="direct message").click()
    expect(page.locator("#draft-direct")).to_have_value("Is 4111 1111 1111 1111 your card?")
    expect(page.locator("#draft-public")).to_have_value("")

    write(page, "direct", "Your contract ends in May, Ada says.")
    page.locator("#draft-direct").blur()
    expect(page.locator("#saved")).to_have_text("Draft kept")
    write(page, "public", "Your contract ends in May, Ada says.")
    page.locator("#draft-public").press("Control+Enter")
    expect(panel).to_contain_text("everyone could read it")
    panel.get_by_role("button", name="Change my answer").click()
    expect(panel).to_be_hidden()
    expect(page.locator("#draft-public")).to_be_focused()


def test_a_long_answer_is_counted_in_posts_and_taken_back_as_one(stage, sign_in):
    page = sign_in()
    open_case(page, stage.customer("please explain the whole bill to me"))
    text = "This is one more sentence about your bill. " * 20
    write(page, "public", text.strip())
    expect(page.locator("#count")).to_contain_text(re.compile(r"^[45] posts"))
    page.locator(".send__more").click()
    page.get_by_role("button", name="Send, keep it open").click()
    expect(page.locator("#tl .way__part")).to_have_count(4)
    page.locator(".toast--undo button").click()
    expect(page.locator("#draft-public")).to_have_value(text.strip())
    expect(page.locator("#tl .way")).to_have_count(0)


def test_colleagues_see_at_once_who_reads_and_who_replies(stage, sign_in):
    ada, ben = sign_in("ada"), sign_in("ben")
    name = stage.customer("my line is dead, dead, dead")
    open_case(ada, name)
    open_case(ben, name)
    expect(ada.locator("#reading")).to_have_text("Mira is reading")
    ben.locator(".mode--public").click()
    ben.locator("#draft-public").press_sequentially("Hello")
    expect(ada.locator("#here")).to_contain_text("Mira is replying.", timeout=1_500)
    expect(ada.locator("#reading")).to_have_text("")
    ben.goto("/deck/")
    expect(ada.locator("#here")).to_have_text("")
    expect(ada.locator("#reading")).to_have_text("")
