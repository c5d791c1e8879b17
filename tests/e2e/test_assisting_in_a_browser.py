"""What helps while writing, in a real browser: suggestions put in, pictures sent."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.steps import eventually, open_case
from pictures import photograph

ASKED = "you charged me twice for September, where is my refund? Order 48213-7"
AGAIN = "I was charged two times this month, please refund the second charge"
SAID = "we paid the second charge back today; order 48213-7 is settled."


def suggested(page: Page):
    """Open the panel until the worker has remembered the solved case."""
    item = page.locator("#suggestions [data-suggestion]", has_text="second charge back")
    end = time.monotonic() + 90
    while time.monotonic() < end:
        page.keyboard.press("Control+.")
        expect(page.locator("#suggestions-h")).to_be_visible()
        if item.count():
            return item.first
        page.keyboard.press("Escape")
        page.wait_for_timeout(1_000)
    raise AssertionError("nothing was suggested")


def test_the_answer_of_a_solved_case_is_put_in_by_keyboard(stage, sign_in):
    page = sign_in()
    first = stage.customer(ASKED)
    open_case(page, first)
    page.keyboard.press("1")
    page.keyboard.type(f"{first.split()[0]}, {SAID}")
    page.locator("[popovertarget=send-menu]").click()
    page.get_by_role("button", name="Send and resolve").click()
    expect(page.locator("#toasts")).to_contain_text("Public reply leaves")

    second = stage.customer(AGAIN)
    open_case(page, second)
    page.keyboard.press("1")
    item = suggested(page)
    expect(item).to_contain_text("From #")
    expect(item).to_contain_text("To fill in: {number}")
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    box = page.locator("#draft-public")
    expect(box).to_be_focused()
    name = second.split()[0]
    expect(box).to_have_value(
        f"{name}, we paid the second charge back today; order {{number}} is settled."
    )
    page.keyboard.type("NW-1")  # the blank was ready to be overwritten
    expect(box).to_have_value(
        f"{name}, we paid the second charge back today; order NW-1 is settled."
    )
    assert first.split()[0] not in box.input_value() or first.split()[0] == name


def test_a_picture_is_attached_described_and_stands_on_the_network(stage, sign_in, tmp_path: Path):
    page = sign_in()
    open_case(page, stage.customer("how do I reset the router"))
    page.keyboard.press("1")
    page.keyboard.type("The button is here.")
    file = tmp_path / "router.jpg"
    file.write_bytes(photograph())
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach a picture").click()
    chooser.value.set_files(file)
    alt = page.get_by_label("Describe the picture")
    expect(alt).to_be_focused()
    page.locator("#draft-public").focus()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_text("Describe the picture for those who cannot see it.")).to_be_visible()
    expect(alt).to_be_focused()
    page.keyboard.type("The small button beside the plug of the router")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#tl")).to_contain_text("Leaves in")
    expect(page.locator(".pic")).to_have_count(0)
    expect(page.locator("#tl .way")).to_have_count(0, timeout=30_000)
    expect(page.locator("#tl .post--us")).to_contain_text("The small button beside the plug")

    def on_the_network():
        found = [p for p in stage.net.posts().values() if "The button is here" in p.text]
        return [media.alt for post in found for media in post.media]

    eventually(on_the_network, ["The small button beside the plug of the router"])


def test_a_picture_can_be_taken_away_and_comes_back_with_undo(stage, sign_in, tmp_path: Path):
    page = sign_in()
    open_case(page, stage.customer("where is the button of my router"))
    page.keyboard.press("1")
    page.keyboard.type("Here.")
    file = tmp_path / "router.jpg"
    file.write_bytes(photograph())
    page.locator("[data-pictures=public] input[type=file]").set_input_files(file)
    expect(page.locator(".pic")).to_have_count(1)
    page.get_by_role("button", name="Remove the picture").click()
    expect(page.locator(".pic")).to_have_count(0)
    page.locator("[data-pictures=public] input[type=file]").set_input_files(file)
    page.get_by_label("Describe the picture").fill("A button")
    page.locator("#draft-public").focus()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".pic")).to_have_count(0)
    page.locator("#toasts").get_by_role("button").first.click()
    expect(page.get_by_label("Describe the picture")).to_have_value("A button")
