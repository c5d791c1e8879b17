"""How a text is counted: as Mastodon does, and where mastodon-mock counts otherwise, we know why."""

from __future__ import annotations

import random

import pytest
import regex

from sanderling.core.text import length

statuses = pytest.importorskip(
    "mastodon_mock.routers.statuses", reason="mastodon-mock is not installed"
)
MOST = 500
PIECES = (
    [f"{word} " for word in ("Guten", "Tag", "спасибо", "請稍候", "नमस्ते", "o", "e\u0301tait", "مرحبا")]
    + ["\n", "#störung ", "@jo ", "jo@b.example ", "👍", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣"]
    + ["@jo@b.example ", "https://shop.example/a/b?c=d ", "http://x.example "]
)  # fmt: skip
LINK = regex.compile(r"https?://\S+")
REMOTE = regex.compile(r"(?<=@jo)@b\.example")


def mock_takes(text: str) -> bool:
    return statuses._validate_status_params({"status": text}) is None


def as_mastodon(text: str) -> int:
    """Mastodon's own rule for texts of these pieces (StatusLengthValidator)."""
    return len(regex.findall(r"\X", REMOTE.sub("", LINK.sub("x" * 23, text))))


def texts(count: int) -> list[str]:
    some = random.Random(4711)
    return ["".join(some.choices(PIECES, k=some.randint(1, 150))) for _ in range(count)]


def test_ten_thousand_texts_are_counted_as_mastodon_counts_them() -> None:
    assert [t for t in texts(10_000) if length(t, "characters") != as_mastodon(t)] == []


def test_the_mock_agrees_wherever_it_counts_as_mastodon_does() -> None:
    """It counts code points, links and servers in full: only such texts may be judged otherwise."""
    alike, otherwise = 0, 0
    for text in texts(10_000):
        if (length(text, "characters") <= MOST) == mock_takes(text):
            alike += 1
        else:
            otherwise += 1
            assert len(text) != as_mastodon(text)
    assert alike > 5_000
    assert otherwise > 0
