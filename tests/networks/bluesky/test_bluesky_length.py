"""The desk and Bluesky's own server agree on how long a text is."""

from __future__ import annotations

import unicodedata
from random import Random

import pytest
import regex
from atproto_client.exceptions import BadRequestError

from sanderling.core.text import cut, length
from servers.bluesky.devnet import Devnet, missing
from servers.bluesky.graphemes import counted

MOST = 300
NEWER_THAN_THE_SERVER = set("\u1cf5\u1cf6")
"""Prepended letters since Unicode 17."""


def letters(*blocks: tuple[int, int]) -> list[str]:
    every = (chr(code) for first, last in blocks for code in range(first, last + 1))
    return [c for c in every if unicodedata.category(c) != "Cn" and c not in NEWER_THAN_THE_SERVER]


KINDS = {
    "latin": letters((0x20, 0x7E), (0xC0, 0x17F)),
    "marks": letters((0x300, 0x36F), (0x20D0, 0x20F0), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F)),
    "cjk": letters((0x3040, 0x30FF), (0x4E00, 0x4E80), (0xFF01, 0xFF60)),
    "arabic": letters((0x600, 0x6FF), (0x750, 0x77F)),
    "hebrew": letters((0x590, 0x5F4)),
    "jamo": letters((0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB)),
    "hangul": letters((0xAC00, 0xAC60)),
    "devanagari": [*letters((0x900, 0x97F), (0x1CD0, 0x1CF4)), "क्ष", "\u200d", "\u200c"],
    "bengali": [*letters((0x980, 0x9FE)), "অ্যা", "ক্ষ"],
    "indic": letters((0xA00, 0xD7F)),
    "south-east": letters((0xE00, 0xFDA), (0x1000, 0x109F), (0x1780, 0x17F9), (0xA980, 0xA9DF)),
    "emoji": regex.findall(r"\p{Emoji_Presentation}", "".join(letters((0x1F300, 0x1FAFF)))),
    "tones": letters((0x1F3FB, 0x1F3FF)),
    "glue": [
        "\u200d",
        "\ufe0f",
        "\ufe0e",
        "\u20e3",
        "\u200b",
        "\xad",
        *letters((0xE0061, 0xE007F)),
    ],
    "flags": letters((0x1F1E6, 0x1F1FF)),
    "families": [
        "👨‍👩‍👧‍👦",
        "👩🏽‍🚀",
        "🏳️‍🌈",
        "🧑🏿‍🤝‍🧑🏻",
        "❤️‍🔥",
        "1️⃣",
        "🇩🇪",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
    "addresses": ["https://example.com/a?b=c#d ", "www.example.org/ä ", "@anna.test ", "#täg "],
    "blank": ["\r\n", "\n", "\r", "\t", "\u2028", "\u3000"],
}


def text(dice: Random, most: int = 60) -> str:
    kinds = dice.sample(list(KINDS), dice.randint(1, 4))
    return "".join(dice.choice(KINDS[dice.choice(kinds)]) for _ in range(dice.randint(1, most)))


@pytest.mark.skipif(bool(missing()), reason=missing() or "installed")
def test_both_count_ten_thousand_texts_alike():
    dice = Random(20_261)
    texts = [text(dice) for _ in range(10_000)]
    both = zip(texts, counted(texts), strict=True)
    apart = [(ascii(t), length(t, "graphemes"), n) for t, n in both if length(t, "graphemes") != n]
    assert apart == []


def test_the_server_takes_what_fits_and_nothing_longer(devnet: Devnet):
    long, dice = devnet.person("long"), Random(300)
    wrong = []
    for number in range(60):
        just = _of_length(MOST - 1 + number % 3, dice)
        units = length(just, "graphemes")
        said = _refusal(long, just)
        if (units > MOST) is not bool(said) or (said and f"(maximum 300, got {units})" not in said):
            wrong.append((ascii(just), units, said))
    assert wrong == []


def _of_length(wanted: int, dice: Random) -> str:
    """A text of so many graphemes, and of not too many bytes."""
    while True:
        made = cut(text(dice, 600), wanted, "graphemes")
        if length(made, "graphemes") == wanted and len(made.encode()) <= 3_000:
            return made


def _refusal(who, text: str) -> str:
    """Why the server does not take a text; empty where it takes it."""
    try:
        who.send_post(text)
    except BadRequestError as refused:
        return str(refused.response.content.message)
    return ""
