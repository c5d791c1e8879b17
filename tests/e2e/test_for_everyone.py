"""Pages that everybody can use: axe finds nothing, by day, by night, and on a phone."""

from __future__ import annotations

import pytest

from e2e.everyone import problems
from e2e.steps import SIZES


def deck_problems(page) -> list[str]:
    """The same of the Deck and its dialogs."""
    page.goto("/deck/")
    found = problems(page, "deck")
    page.get_by_role("link", name="Add column").click()
    page.fill("#query", "outage (")
    page.wait_for_selector("#tried .pointed")
    found += problems(page, "a new column")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="options").first.click()
    page.wait_for_selector("#deck-sheet .tried__n")
    found += problems(page, "a column")
    page.keyboard.press("Escape")
    page.locator(".tw__acts [data-sheet]").first.dispatch_event("click")
    page.wait_for_selector("#deck-sheet [name=what]")
    found += problems(page, "mute")
    page.keyboard.press("Escape")
    page.locator(".deck__name").click()
    found += problems(page, "the menu of decks")
    page.get_by_role("button", name="New deck").click()
    found += problems(page, "a new deck")
    return found


PLACES = (
    "/approvals/", "/templates/", "/lists/", "/lists/asked/", "/lists/others/", "/lists/promises/",
    "/mentions/", "/policy/", "/people/", "/handover/", "/unsent/", "/judgement/",
    "/search/?q=the", "/search/?q=is:nonsense", "/desk/?q=team&f=tone:calm", "/views/", "/history/",
    "/settings/",
)  # fmt: skip
"""Pages that stand for themselves, as they are when little has happened yet."""


def problems_of_keys(page) -> list[str]:
    """What axe minds about the palette and the map, which lie over any page."""
    page.keyboard.press("Control+k")
    found = problems(page, "palette")
    page.keyboard.type("take")
    page.wait_for_selector("#palette [role=option]")
    found += problems(page, "palette, something typed")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found += problems(page, "keyboard map")
    page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(stage, context, sign_in, size):
    given = {"viewport": SIZES[size], "reduced_motion": "reduce"}
    stranger = context(**given).new_page()
    stranger.goto("/signin/")
    found = problems(stranger, "sign-in")
    page = sign_in(**given)
    stage.customer("a bill twice as high as last month")
    page.wait_for_timeout(800)
    page.goto("/desk/")
    found += problems(page, "desk")
    found += problems_of_keys(page)
    page.goto("/desk/?q=snoozed")
    found += problems(page, "an empty queue")
    page.goto("/desk/")
    page.goto(page.locator(".row__link").first.get_attribute("href"))
    for mode in ("public", "direct", "note"):
        page.locator(f"[type=radio][name=room][value={mode}]").check(force=True)
        found += problems(page, f"case, {mode}")
    page.locator("[data-open=resolve]").click()
    found += problems(page, "resolve")
    page.keyboard.press("Escape")
    number = page.locator("#case").get_attribute("data-case")
    page.goto(f"/desk/many/?case={number}")
    page.locator("[value=look]").click()
    page.wait_for_selector("[value=send], .manyone--not")
    found += problems(page, "one answer to many")
    page.goto(f"/case/{number}/helpers/")
    found += problems(page, "help from outside")
    for place in PLACES:
        page.goto(place)
        found += problems(page, place)
    page.goto("/causes/")
    page.locator("summary", has_text="Change").first.click()
    found += problems(page, "causes")
    found += deck_problems(page)
    page.goto("/networks/")
    page.locator("summary", has_text="Disconnect…").click()
    found += problems(page, "networks")
    for network in ("bluesky", "x", "mastodon", "feed", "mail"):
        page.goto(f"/networks/connect/{network}/")
        found += problems(page, f"connect {network}")
    page.fill("[name=address]", "no such place")
    page.fill("[name=password]", "of no use")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("#trouble")
    found += problems(page, "what went wrong")
    page.goto("/case/987654/")
    found += problems(page, "nothing here")
    assert not found, "\n".join(found)
