"""A photograph is kept as it is, and a change is seen where letters smoothed otherwise are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from playwright.sync_api import Browser

from photos import BEARABLE, decoded, difference, different, encoded, photo, unfiltered

SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3))


@given(arrays(np.uint8, SHAPES, elements=st.integers(0, 15)))
def test_what_is_encoded_comes_back(seen):
    assert (decoded(encoded(seen)) == seen).all()


def test_more_colours_than_a_palette_holds_come_back_too():
    seen = np.arange(30 * 40 * 3).reshape(30, 40, 3).astype(np.uint8) % 16
    seen[..., 0] = np.arange(30)[:, None] % 16
    seen[..., 1] = np.arange(40)[None, :] % 16
    assert (decoded(encoded(seen)) == seen).all()


def test_a_moved_line_is_seen_and_a_shade_is_not():
    before = np.full((200, 200, 3), 15, np.uint8)
    before[100, 20:180] = 0
    smoothed = before.copy()
    smoothed[99] -= 2
    moved = np.roll(before, 1, axis=0)
    assert different(before, smoothed) == 0
    assert different(before, moved) > BEARABLE
    assert different(before, before[:-1]) == 1
    assert (difference(before, moved)[101, 20:180] == (15, 0, 0)).all()
    assert difference(before, before[:-1]).shape == before.shape


def test_a_screenshot_of_a_browser_is_read_right(browser: Browser):
    page = browser.new_page(viewport={"width": 40, "height": 20})
    page.set_content(
        "<body style='margin:0;background:linear-gradient(90deg, #f00 50%, #00f 50%)'></body>"
    )
    seen = photo(page.screenshot())
    page.close()
    assert seen.shape == (10, 20, 3)
    assert (seen[:, :10] == (15, 0, 0)).all()
    assert (seen[:, 10:] == (0, 0, 15)).all()


@pytest.mark.parametrize("how", range(5))
def test_every_way_in_which_a_row_may_be_written_is_read(how):
    chance = np.random.default_rng(how)
    row, above = (chance.integers(0, 256, 24).astype(np.uint8) for _ in range(2))
    assert (unfiltered(how, _filtered(how, row, above, 3), above, 3) == row).all()


def _filtered(how: int, row, above, step: int):
    """As the standard of PNG says."""
    left, corner = np.zeros_like(row), np.zeros_like(row)
    left[step:], corner[step:] = row[:-step], above[:-step]
    a, b, c = (part.astype(int) for part in (left, above, corner))
    near = a + b - c
    far = [abs(near - one) for one in (a, b, c)]
    paeth = np.where((far[0] <= far[1]) & (far[0] <= far[2]), a, np.where(far[1] <= far[2], b, c))
    guess = (np.zeros_like(a), a, b, (a + b) // 2, paeth)[how]
    return (row - guess).astype(np.uint8)
