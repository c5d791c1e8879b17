"""Every part of the desk looks as it did when somebody last looked: sections of the style guide.

Where a part is meant to look different, `make pictures` keeps the new photographs; look at them in
tests/e2e/kept before they are committed. A browser or fonts other than those of the photographs
draw other letters, so there they are not compared.
"""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route

from photos import BEARABLE, decoded, difference, different, encoded, photo
from sanderling.web.static import files
from sanderling.web.styleguide import styleguide

KEPT = Path(__file__).parent / "kept"
MADE_WITH = KEPT / "made-with.txt"
SIZES = {"desk": 1440, "phone": 390}
THEMES = ("light", "dark")
MOST_BYTES = 700_000
HOST = "http://desk.example"
FONTS = ("sans-serif", "sans-serif:lang=ar", "emoji", "monospace")


@pytest.fixture
def guide(browser: Browser, settings) -> Iterator[Callable[[int, str], Page]]:
    """The style guide at a width in a theme; it needs neither a server nor a database."""
    settings.DEBUG = True
    contexts = []

    def opened(width: int, query: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", locale="en-GB"
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", _answer)
        page.goto(f"{HOST}/styleguide/?{query}")
        page.evaluate("document.fonts.ready")
        return page

    yield opened
    for context in contexts:
        context.close()


def _answer(route: Route) -> None:
    _, _, path = route.request.url.removeprefix(f"{HOST}/static/").partition("/")
    if "/static/" in route.request.url:
        file = files()._files[path.partition("#")[0]]
        route.fulfill(content_type=file.kind, body=file.body)
    else:
        asked = RequestFactory(HTTP_HOST="localhost").get(route.request.url.removeprefix(HOST))
        page = styleguide(asked).content
        route.fulfill(content_type="text/html; charset=utf-8", body=page)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_every_part_looks_as_it_did(guide, browser, request, tmp_path_factory, size, theme):
    page = guide(SIZES[size], f"theme={theme}")
    found = dict(_photographed(page))
    if request.config.getoption("--accept"):
        for name, seen in found.items():
            file = KEPT / f"{name}-{size}-{theme}.png"
            if different(_kept(file, seen), seen) > BEARABLE:
                file.write_bytes(encoded(seen))
        MADE_WITH.write_text(_made_with(browser))
        pytest.skip("the photographs were taken anew; look at them before they are committed")
    if MADE_WITH.read_text() != _made_with(browser):
        pytest.skip(f"the photographs were made with {MADE_WITH.read_text()!r}, which is not here")
    folder, wrong = tmp_path_factory.mktemp("photographs"), []
    for name, seen in found.items():
        file = KEPT / f"{name}-{size}-{theme}.png"
        before = _kept(file, seen)
        if (share := different(before, seen)) > BEARABLE:
            wrong.append(f"{name} ({share:.1%})")
            (folder / f"{name}-1-kept.png").write_bytes(encoded(before))
            (folder / f"{name}-2-now.png").write_bytes(encoded(seen))
            (folder / f"{name}-3-difference.png").write_bytes(encoded(difference(before, seen)))
    assert not wrong, (
        f"These look different now: {', '.join(wrong)}. See {folder}. If they are meant to,"
        " keep the new ones with: make pictures"
    )


def _kept(file: Path, now: Any) -> Any:
    """The photograph in a file; one of another size where there is none."""
    return decoded(file.read_bytes()) if file.exists() else now[:1]


def test_every_photograph_that_is_kept_is_of_a_section_and_all_are_small(guide):
    sections = re.findall(r'class="sg__sec" id="([\w-]+)"', guide(1440, "").content())
    named = {f"{s}-{size}-{theme}.png" for s in sections for size in SIZES for theme in THEMES}
    kept = list(KEPT.glob("*.png"))
    assert {file.name for file in kept} == named
    assert sum(file.stat().st_size for file in kept) < MOST_BYTES


@pytest.mark.parametrize("width", SIZES.values())
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_stands_beyond_the_edge(guide, width, direction):
    page = guide(width, f"dir={direction}")
    wide, high = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"
    )
    assert wide == width
    assert high > 2_000


def _photographed(page: Page) -> Iterator[tuple[str, Any]]:
    """Each section with its photograph. Asked of Chromium itself, which then writes plain rows."""
    cdp = page.context.new_cdp_session(page)
    for section in page.locator(".sg__sec").all():
        box = section.bounding_box()
        assert box is not None
        clip = {**{side: round(length) for side, length in box.items()}, "scale": 1}
        taken = cdp.send(
            "Page.captureScreenshot",
            {"optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip},
        )
        yield section.get_attribute("id") or "", photo(base64.b64decode(taken["data"]))


def _made_with(browser: Browser) -> str:
    """What draws letters here: the browser's version, and the fonts beside our own."""
    told = [
        subprocess.run(["fc-match", asked], capture_output=True, text=True, check=False).stdout
        for asked in FONTS
    ]
    return f"Chromium {browser.version.split('.')[0]}, {', '.join(t.strip() for t in told)}"
