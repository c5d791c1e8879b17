"""axe: what keeps somebody from using a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""All that another colour scheme may change."""
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


def problems(page: Page, where: str) -> list[str]:
    """What axe minds about the page as it stands, and about the colours of the other scheme; the
    page is left in its own."""
    own, other = ("dark", "light") if page.evaluate(IS_DARK) else ("light", "dark")
    found = _minded(page, where, RULES)
    page.emulate_media(color_scheme=other)
    found += _minded(page, f"{where}, {other}", COLOURS)
    page.emulate_media(color_scheme=own)
    return found


def _minded(page: Page, where: str, rules: dict[str, object]) -> list[str]:
    page.evaluate("document.getAnimations().forEach((a) => a.finish())")
    found = Axe().run(page, options=rules)
    return [
        f"{where}: {v['id']}: {node['html'][:160]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]
