"""axe: what keeps somebody from using a page."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""All that another colour scheme may change."""
MINDED = """async (rules) => {
  document.getAnimations().forEach((animation) => animation.finish());
  const { violations } = await axe.run({ ...rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""
"""axe describes at length all that is well, unless it is asked for what is not."""
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
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{where}: {found}" for found in page.evaluate(MINDED, rules)]
