"""Several cases at once in real browsers: by mouse, by keyboard alone, on a phone, and while the
list is changing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from e2e.steps import PHONE, row, show


def names(stage, page: Page, n: int) -> list[str]:
    """Customers whose cases stand in the list."""
    made = [stage.customer(f"the meter shows nonsense, number {k}") for k in range(n)]
    for name in made:
        show(page, name)
    return made


def pick(page: Page, name: str):
    return row(page, name).locator(".row__pick input")


def owners(page: Page, whom: list[str], owner: str) -> None:
    for name in whom:
        expect(row(page, name).get_by_role("img", name=f"Owner: {owner}")).to_be_visible()


def nobodys(page: Page, whom: list[str]) -> None:
    for name in whom:
        expect(row(page, name).locator(".noowner")).to_be_visible()


@pytest.fixture
def page(sign_in) -> Page:
    return sign_in()


def test_a_range_is_taken_by_mouse_and_taken_back(stage, page):
    whom = names(stage, page, 3)
    first, last = sorted(whom, key=lambda name: row(page, name).bounding_box()["y"])[::2]
    pick(page, first).click()
    pick(page, last).click(modifiers=["Shift"])
    expect(page.locator("#many")).to_contain_text(re.compile(r"[3-9]\d? chosen"))
    for name in whom:
        expect(pick(page, name)).to_be_checked()
    page.locator("#many [value=take]").click()
    owners(page, whom, "Anika Brandt")
    expect(page.locator("#many")).to_be_hidden()
    page.locator(".toast--undo button").click()
    nobodys(page, whom)


def test_the_keyboard_alone_chooses_gives_and_clears(stage, page):
    whom = names(stage, page, 2)
    for name in whom:
        row(page, name).locator(".row__link").focus()
        page.keyboard.press("x")
        expect(pick(page, name)).to_be_checked()
    expect(page.locator("#say")).to_have_text("2 chosen")
    page.locator("#many [value=give]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#bulk-sheet [name=to]")).to_be_focused()
    page.keyboard.type("Mira")
    page.locator("#bulk-sheet button[type=submit]").focus()
    page.keyboard.press("Enter")
    owners(page, whom, "Mira Solberg")
    page.keyboard.press("Control+z")
    nobodys(page, whom)
    row(page, whom[0]).locator(".row__link").focus()
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(pick(page, whom[0])).not_to_be_checked()
    expect(page.locator("#say")).to_have_text("None chosen")


def test_marks_stay_with_their_cases_while_fifty_changes_arrive(stage, page):
    whom = names(stage, page, 2)
    for name in whom:
        pick(page, name).check()

    crowd = [stage.someone() for _ in range(5)]

    def changes() -> None:
        for n in range(50):
            stage.net.write(
                crowd[n % 5]["handle"], f"@NorthwindCare still nothing here, change {n}"
            )

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(changes)
        while not coming.done():
            page.wait_for_timeout(100)
            if page.locator("[data-shownew]").is_visible():
                page.locator("[data-shownew]").click()
        coming.result()
    last = stage.customer("and this is the last one of them all")
    show(page, last)
    for name in whom:
        expect(pick(page, name)).to_be_checked()
    expect(page.locator(".row__pick :checked")).to_have_count(2)
    expect(page.locator("#many")).to_contain_text("2 chosen")
    page.locator("#many [value=resolve]").click()
    page.locator("#bulk-sheet .endpick", has_text="No answer needed").click()
    page.locator("#bulk-sheet button[type=submit]").click()
    for name in whom:
        expect(row(page, name)).to_have_count(0)
    expect(row(page, last)).to_be_visible()


def test_on_a_phone_a_button_begins_and_a_touch_chooses(stage, sign_in):
    page = sign_in(**PHONE)
    whom = names(stage, page, 2)
    page.locator("[data-select]").tap()
    for name in whom:
        row(page, name).locator(".row__link").tap()
        expect(pick(page, name)).to_be_checked()
    assert page.url.endswith("/desk/")
    page.locator("#many [value=aside]").tap()
    page.locator("#bulk-sheet .endpick", has_text="In 2 hours").tap()
    page.locator("#bulk-sheet button[type=submit]").tap()
    for name in whom:
        expect(row(page, name)).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".toast--undo button").tap()
    for name in whom:
        show(page, name)


def test_the_list_is_sorted_from_its_menu_and_stays_so(stage, page):
    names(stage, page, 1)
    page.locator(".order").click()
    page.locator("#sort-menu [data-sort=newest]").click()
    expect(page.locator("#order")).to_have_text("Newest first")
    expect(page.locator("#rows .list__group")).to_have_text("Newest first")
    page.reload()
    expect(page.locator("#order")).to_have_text("Newest first")
    page.locator(".order").click()
    page.locator("#sort-menu [data-sort=due]").click()
    expect(page.locator("#order")).to_have_text("Due first")


def test_without_a_script_the_form_says_how_it_went(stage, sign_in, context):
    helper = sign_in()
    name = names(stage, helper, 1)[0]
    signed_in = helper.context.storage_state()
    page = context(java_script_enabled=False, storage_state=signed_in).new_page()
    page.goto("/desk/")
    pick(page, name).check()
    page.locator("#many [value=take]").click()
    page.locator("button", has_text="Take them").click()
    expect(page.locator("h1")).to_have_text("How it went")
    page.locator("button", has_text="Take it back").click()
    expect(page.locator("#list-h")).to_contain_text("Team")
