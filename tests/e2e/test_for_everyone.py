"""Pages that everybody can use: axe finds nothing, by day, by night, and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def problems(page, where: str) -> list[str]:
    """What axe minds about the page as it stands."""
    page.evaluate("document.getAnimations().forEach((a) => a.finish())")
    found = Axe().run(page, options=RULES)
    return [
        f"{where}: {v['id']}: {node['html'][:160]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(stage, context, sign_in, size, scheme):
    given = {"viewport": SIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    stranger = context(**given).new_page()
    stranger.goto("/signin/")
    found = problems(stranger, "sign-in")
    page = sign_in(**given)
    stage.customer("a bill twice as high as last month")
    page.wait_for_timeout(800)
    page.goto("/desk/")
    found += problems(page, "desk")
    page.goto("/desk/?q=snoozed")
    found += problems(page, "an empty queue")
    page.goto("/desk/")
    page.goto(page.locator(".row__link").first.get_attribute("href"))
    for mode in ("public", "direct", "note"):
        page.locator(f"[name=room][value={mode}]").check(force=True)
        found += problems(page, f"case, {mode}")
    page.locator("[data-open=resolve]").click()
    found += problems(page, "resolve")
    page.keyboard.press("Escape")
    page.goto("/deck/")
    found += problems(page, "deck")
    page.get_by_role("button", name="Add column").click()
    found += problems(page, "a new column")
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
