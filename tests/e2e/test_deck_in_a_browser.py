"""The Deck in a real browser: its editor by keyboard, what is read stands still, acts and undo."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def deck(stage, sign_in):
    """A deck of one's own, with one column that follows this word."""

    def make(word: str, **given) -> Page:
        page = sign_in(**given)
        page.goto("/deck/")
        page.locator(".deck__name").click()
        page.get_by_role("button", name="New deck").click()
        page.fill("#new-deck [name=name]", f"About {word}")
        page.locator("#new-deck .btn--ink").click()
        page.get_by_role("link", name="Add column").click()
        page.fill("#deck-sheet [name=name]", word)
        page.fill("#query", word)
        page.locator("#deck-sheet .btn--ink").click()
        expect(page.locator(".col")).to_have_count(1)
        return page

    return make


def wrote(stage, text: str) -> dict[str, str]:
    someone = stage.someone()
    stage.net.write(someone["handle"], text)
    return someone


def test_a_query_is_completed_tried_and_saved_by_keyboard(stage, sign_in):
    page = sign_in()
    page.goto("/deck/")
    page.get_by_role("link", name="Add column").press("Enter")
    expect(page.locator("#deck-sheet [name=name]")).to_be_focused()
    page.keyboard.type("Pelicans")
    page.keyboard.press("Tab")
    page.keyboard.type("pelican is:")
    expect(page.locator("#query-words li:visible")).to_have_count(4)
    expect(page.locator("#tried .pointed mark")).to_have_text("is:")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_have_value("pelican is:reply ")
    page.keyboard.type("lan")
    page.keyboard.press("Tab")
    page.keyboard.type("e")
    page.keyboard.press("Escape")
    expect(page.locator("#deck-sheet")).to_be_visible()  # Escape closed the list only
    page.keyboard.type("n")
    expect(page.locator("#query")).to_have_value("pelican is:reply lang:en")
    expect(page.locator("#tried")).to_contain_text("Nothing in the last day")
    page.locator("#deck-sheet [name=name]").press("Enter")
    made = page.locator(".col", has=page.get_by_role("heading", name="Pelicans"))
    expect(made).to_be_visible()
    grip = made.locator(".col__grip")
    grip.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(made).to_have_attribute("data-width", "wide")
    page.keyboard.press("ArrowLeft")
    page.reload()
    expect(made).to_have_attribute("data-width", "wide")
    expect(page.locator(".col").nth(-2)).to_contain_text("Pelicans")


def test_what_is_being_read_stands_still_until_one_asks(stage, deck):
    page = deck("gannet")
    wrote(stage, "A gannet on the mast")
    first = page.locator(".tw", has_text="on the mast")
    first.hover()
    before = first.bounding_box()
    wrote(stage, "Another gannet")
    wrote(stage, "And a third gannet")
    bar = page.locator(".col__paused button")
    expect(bar).to_have_text("2 waiting")
    assert first.bounding_box()["x"] == before["x"]
    expect(page.locator(".tw")).to_have_count(1)
    bar.click()
    expect(page.locator(".tw")).to_have_count(3)
    expect(page.locator(".tw").first).to_be_focused()


def test_posts_are_liked_ignored_and_muted_by_key_and_it_is_undone(stage, deck):
    page = deck("puffin")
    author = wrote(stage, "A puffin here")
    stage.net.write(author["handle"], "The puffin again")
    expect(page.locator(".tw")).to_have_count(2)
    page.locator(".tw").first.focus()
    page.keyboard.press("l")
    expect(page.locator(".tw").first.get_by_role("img", name="Liked by us")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator(".tw")).to_have_count(1)
    expect(page.locator(".tw").first).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".tw")).to_have_count(2)

    page.locator(".tw").first.focus()
    page.keyboard.press("m")
    expect(page.locator("#deck-sheet [name=what]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".tw")).to_have_count(0)
    page.get_by_role("link", name="options").click()
    expect(page.locator("#deck-sheet .outs")).to_contain_text(f"@{author['handle']}")
    page.get_by_role("button", name="Show again").click()
    expect(page.locator(".tw")).to_have_count(2)


def test_on_a_phone_the_editor_is_a_sheet_and_nothing_sticks_out(stage, deck):
    page = deck("heron", viewport={"width": 390, "height": 844}, has_touch=True)
    page.get_by_role("link", name="options").click()
    expect(page.locator("#deck-sheet")).to_be_visible()
    box = page.locator("#deck-sheet").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert round(box["y"] + box["height"]) == 844
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
