"""What hangs on a status: its poster, and how long it plays."""

from __future__ import annotations

import pytest

from sanderling.networks.mastodon.payload import Attachment
from sanderling.networks.mastodon.translate import _media


def test_a_film_tells_its_poster_and_its_length():
    film = _media(
        Attachment(
            type="video",
            url="https://m.example/a.mp4",
            preview_url="https://m.example/a.png",
            description="A router",
            meta={"original": {"duration": 62.4}},
        )
    )
    assert film is not None
    assert (film.kind, film.poster, film.seconds) == ("film", "https://m.example/a.png", 62.4)


@pytest.mark.parametrize("meta", [None, 7, {}, {"original": []}, {"original": {"duration": "x"}}])
def test_a_length_that_makes_no_sense_is_not_told(meta):
    film = _media(Attachment(type="video", url="https://m.example/a.mp4", meta=meta))
    assert film is not None
    assert (film.poster, film.seconds) == ("", None)
