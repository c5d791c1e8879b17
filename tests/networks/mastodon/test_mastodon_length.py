"""How a text is counted: as Mastodon does; where mastodon-mock counts otherwise, we know why."""

from __future__ import annotations

import random

import pytest
import regex

from sanderling.core.text import length

statuses = pytest.importorskip(
    "mastodon_mock.routers.statuses", reason="mastodon-mock is not installed"
)
MOST = 500
WORDS = ("Guten", "Tag", "спасибо", "請稍候", "नमन", "o", "e\u0301tait", "مرحبا", "#störung", "@jo")
PIECES = (
    *(f"{word} " for word in (*WORDS, "jo@b.example", "@jo@b.example")),
    *("\n", "👍", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣"),
    *("https://shop.com/a/b?c=d ", "http://x.de "),
)
LINK = regex.compile(r"https?://\S+")
REMOTE = regex.compile(r"(?<=@jo)@b\.example")


def mock_takes(text: str) -> bool:
    return statuses._validate_status_params({"status": text}) is None


def as_mastodon(text: str) -> int:
    """Mastodon's own rule for texts of these pieces (StatusLengthValidator)."""
    return len(regex.findall(r"\X", REMOTE.sub("", LINK.sub("x" * 23, text))))


def test_ten_thousand_texts_are_counted_as_mastodon_counts_them() -> None:
    """The mock counts code points, and links and servers in full: only there may it differ."""
    some = random.Random(4711)
    alike, otherwise = 0, 0
    for _ in range(10_000):
        text = "x " + "".join(some.choices(PIECES, k=some.choice((3, 10, 30, 85))))
        counted = length(text, "characters")
        assert counted == as_mastodon(text)
        if (counted <= MOST) == mock_takes(text):
            alike += 1
        else:
            otherwise += 1
            assert len(text) != counted
    assert alike > 9_000
    assert otherwise > 0
