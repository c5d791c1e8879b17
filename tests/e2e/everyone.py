"""axe: what keeps somebody from using a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def problems(page: Page, where: str) -> list[str]:
    """What axe minds about the page as it stands."""
    page.evaluate("document.getAnimations().forEach((a) => a.finish())")
    found = Axe().run(page, options=RULES)
    return [
        f"{where}: {v['id']}: {node['html'][:160]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]
