"""The palette and the keys, in a browser, without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

BOX = "#palette input"
PLACES = (
    "/desk/", "/deck/", "/mentions/", "/approvals/", "/lists/", "/judgement/", "/policy/",
    "/handover/", "/unsent/", "/people/", "/templates/", "/networks/", "/causes/",
    "/search/?q=bill", "/history/", "/views/", "/settings/",
)  # fmt: skip
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')].filter((stop) =>
    stop.tabIndex >= 0 && !stop.disabled && !stop.closest('[inert]')
    && stop.checkVisibility({visibilityProperty: true}) && stop.type !== 'hidden')"""
"""What can be seen and used."""


def chosen(page: Page):
    return page.locator("#palette [aria-selected=true]")


def ask(page: Page, typed: str) -> None:
    """Open the palette and type."""
    page.keyboard.press("Control+k")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type(typed)


def a_case(stage, page: Page) -> str:
    """A new case, open on the page; its customer's name."""
    name = stage.customer("my bill is twice as high as last month")
    row = page.locator(".row", has_text=name)
    for _ in range(60):
        page.goto("/desk/")
        if row.count():
            break
        page.wait_for_timeout(250)
    page.goto(row.locator(".row__link").get_attribute("href"))
    return name


def test_by_initials_to_a_page_and_by_name_to_a_case_and_to_a_colleague(stage, sign_in):
    page = sign_in()
    name = a_case(stage, page)
    ask(page, "ho")
    expect(chosen(page)).to_contain_text("Hand-over")
    page.keyboard.press("Enter")
    page.wait_for_url("**/handover/")

    ask(page, name[:6].lower())
    expect(chosen(page)).to_contain_text(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/*/")

    ask(page, "mira")
    expect(chosen(page)).to_contain_text("Assign to Mira")
    page.keyboard.press("Enter")
    expect(page.locator("#case-head")).to_contain_text("Mira")

    ask(page, "resol")
    expect(chosen(page)).to_contain_text("Resolve…")
    page.keyboard.press("Enter")
    expect(page.locator("#resolve")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Lately")).to_contain_text("Hand-over")
    expect(page.locator(BOX)).to_have_attribute("aria-activedescendant", "do-resolve")


def test_while_one_writes_the_palette_opens_and_leaves_the_words_alone(stage, sign_in):
    page = sign_in()
    a_case(stage, page)
    page.keyboard.press("3")
    page.keyboard.type("jk? ")
    box = page.locator("#draft-note")
    expect(box).to_have_value("jk? ")
    ask(page, "?ja[")  # no letter is a key in here
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#palette-none")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.type("still here")
    expect(box).to_have_value("jk? still here")


def test_arrows_go_round_and_signs_narrow(stage, sign_in):
    page = sign_in()
    page.keyboard.press("Control+k")
    first = chosen(page).get_attribute("id")
    page.keyboard.press("ArrowUp")
    last = chosen(page).get_attribute("id")
    assert last != first
    page.keyboard.press("ArrowDown")
    assert chosen(page).get_attribute("id") == first
    page.keyboard.type(">theme")
    expect(chosen(page)).to_contain_text("Switch theme")
    before = page.locator("html").get_attribute("data-theme")
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-theme", before or "")
    ask(page, "@theme")
    expect(page.locator("#palette-none")).to_be_visible()


def test_on_a_phone_it_is_a_sheet_at_the_foot(stage, sign_in):
    page = sign_in(viewport={"width": 390, "height": 844})
    page.locator(".tabbar button").click()
    page.locator("#me-menu [data-palette]").click()
    box = page.locator("#palette").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    page.locator(BOX).fill("netw")
    page.locator("#palette [role=option]").first.click()
    page.wait_for_url("**/networks/")


def test_the_keys_of_the_table_lead_where_it_says(stage, sign_in):
    page = sign_in()
    for key, place in (("f", "mentions"), ("u", "unsent"), ("m", "templates"), ("h", "handover")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"**/{place}/")
    a_case(stage, page)
    page.keyboard.press("l")
    expect(page.locator("#belong")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#belong")).to_be_hidden()
    page.keyboard.press("Shift+L")
    expect(page.locator("#link-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Link a case…")


def test_a_long_list_is_one_stop_and_its_rows_are_reached_by_j_and_k(stage, sign_in):
    page = sign_in()
    a_case(stage, page)
    a_case(stage, page)
    page.goto("/desk/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".row__link").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    for _ in range(3):  # the row's own stops, then out of the list
        inside = page.evaluate("document.activeElement.closest('.row')?.id")
        assert inside in (None, second.evaluate("(link) => link.closest('.row').id"))
        page.keyboard.press("Tab")
    assert not page.evaluate("Boolean(document.activeElement.closest('#rows'))")


@pytest.mark.parametrize("place", PLACES)
def test_everything_on_the_page_is_reached_by_tab_is_seen_to_be_and_nothing_holds(
    stage, sign_in, place
):
    page = sign_in()
    page.goto(place)
    page.wait_for_function("'script' in document.documentElement.dataset")
    page.keyboard.press("Tab")
    wanted = page.evaluate(
        f"""() => {{ window.stops = ({STOPS})(); window.met = new Set([document.activeElement]);
            return window.stops.length }}"""
    )
    unseen = []
    for _ in range(wanted + 3):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => { const at = document.activeElement; window.met.add(at);
            const look = (node, part) => getComputedStyle(node, part).outlineStyle !== 'none';
            return at === document.body || look(at) || look(at, '::after')
                || look(at.closest('.row') ?? at.parentElement)
                ? [] : [at.outerHTML.slice(0, 120)] }"""
        )
    left = page.evaluate(
        """() => window.stops.filter((stop) => !window.met.has(stop) && stop.isConnected
            && stop.tabIndex >= 0 && !(stop.type === 'radio'))
            .map((stop) => stop.outerHTML.slice(0, 120))"""
    )
    assert (left, unseen) == ([], [])
