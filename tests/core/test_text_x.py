"""X's count of a text against twitter-text as others have written it, and against X's own facts."""

from __future__ import annotations

import random

import pytest

from sanderling.core.text import LINK, cut, has_link, length

twitter_text = pytest.importorskip("twitter_text", reason="twitter-text-parser is not installed.")


def words(text: str) -> list[str]:
    return text.split()


# Emoji are of the version the second opinion knows (12); we count newer ones as X says: all alike.
EMOJI = words(
    "🙂 👍🏽 👩\u200d👩\u200d👧 👨🏿\u200d💻 🇩🇪 1\ufe0f\u20e3 #\ufe0f\u20e3 ❤️ ❤ ☺ ☺\ufe0e © ™ ‼ "
    "🏳️\u200d🌈 🤷🏻\u200d♀️ ℹ️ 🀄 🅰 ✔ ↔ ⌚ "
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
)
EAST = words("日本語 漢字 カタカナ ｶﾅ 한국어 ㄱ 中文")
NEAR = words("hello ünter é ½ № € → “so” ’tis — … ăâîșț Việt Привет Ελλάδα ქართული")
FAR = words("مرحبا שלום हिन्दी ไทย বাংলা தமிழ் አማርኛ ភាសាខ្មែរ")
MARKS = words("e\u0301 n\u0303o q\u0323\u0307 A\u030a \u2126 ﬁ 각 \u1112\u1161\u11ab")
SIGNS = words("@ada #tag $ABC & <b> 1234 12.50 1.2.3.4 v2.0 ( ) : / - _ . ! ? ...")
LINKS = words("""
https://example.com http://example.com/a/b?c=d&e=f#g https://EXAMPLE.com example.com example.de
www.example.co.uk/path sub.example.info https://t.co/abcdefghij https://münchen.de/straße
münchen.de https://例え.jp/ https://例え.テスト.jp xn--mnchen-3ya.de https://example.com:8080/a
example.com:8080/a example.com:8080 https://example.com/a_(b) https://example.com/a,b.
foo.photography example.museum https://example.shop/x x.ai go.to/this example.com?a=b
https://localhost/ https://a.notadomain/x file.py readme.md e.g etc... a@example.com @example.com
#example.com $example.com http://пример.рф пример.рф https://a-b.example.com/~user/?q=%20
ftp://example.com https:// http://a a..b.com -example.com my_shop.example.com exa_mple.com
https://exa_mple.example.com bit.ly/3abc youtu.be/x?t=1 example.한국 https://example.com/日本
https://example.com/@ada/ https://example.com/путь https://example.com/a–b http://example.com/#!/a
""")
WORDS = (EMOJI, EAST, NEAR, FAR, MARKS, SIGNS, LINKS)
BETWEEN = (" ", " ", " ", "\n", "\r\n", "  ", "\t", " (", ") ", ", ", ". ", "! ", " “", "” ")
EASTERN = ("。", "、", "「", "」", "！")


def texts(count: int, seed: int = 7) -> list[str]:
    """Texts of every kind of word; some touch the one before."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        text, before = "", None
        for _ in range(chance.randint(1, 8)):
            kind = chance.choice(WORDS)
            word = chance.choice(kind)
            touches = before in (EAST, NEAR) and word[0].isalnum() and chance.random() < 0.3
            if touches and kind is not LINKS:
                text += chance.choice(("", *EASTERN))
            elif touches:
                text += chance.choice(EASTERN)
            else:
                text += chance.choice(BETWEEN)
            text += word
            before = kind
        made.append(text)
    return made


def test_ten_thousand_texts_count_as_twitter_text_counts_them() -> None:
    wrong = [
        (text, ours, theirs)
        for text in texts(10_000)
        if (ours := length(text, "weighted")) != (theirs := judged(text))
    ]
    assert not wrong, f"{len(wrong)} of 10000, such as {min(wrong, key=lambda each: len(each[0]))}"


def test_a_cut_text_fits_x_by_the_same_judge() -> None:
    short = [cut(text, 40, "weighted") for text in texts(1_000, seed=8)]
    assert [text for text in short if text and judged(text) > 40] == []


def judged(text: str) -> int:
    return twitter_text.parse_tweet(text).weightedLength


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("a" * 280, 280),
        ("日" * 140, 280),
        ("é" * 280, 280),
        ("e\u0301" * 280, 280),
        ("ж" * 280, 280),
        ("ა" * 280, 280),
        ("ᄀ" * 140, 280),
        ("😷" * 140, 280),
        ("👨\u200d👩\u200d👧\u200d👦" * 140, 280),
        ("🇯🇵🇺🇸", 4),
        ("#️⃣", 2),
        ("https://" + "a" * 60 + ".com/" + "b" * 200, LINK),
        ("http://a.co", LINK),
        ("a.co", LINK),
        ("http://x.com http://y.com", 2 * LINK + 1),
        ("日本語http://example.com日本語", 12 + LINK),
        ("日本語example.com日本語", 12 + LINK),
        ("me@example.com", 14),
        ("@example.com", 12),
        ("http://localhost", 16),
        ("\u2018\u2019\u201c\u201d\u2013\u2014", 6),
        ("\u2026", 2),
        ("\r\n", 1),
        ("a\nb", 3),
    ],
)
def test_facts_that_x_has_published(text: str, units: int) -> None:
    assert length(text, "weighted") == units


# Emoji younger than the second opinion: X says that every emoji counts two.
@pytest.mark.parametrize(
    "emoji", ["🫲🏿", "🫱🏻\u200d🫲🏿", "🧑\u200d🧑\u200d🧒", "⛓️\u200d💥", "🫨", "🩷"]
)
def test_a_young_emoji_counts_two(emoji: str) -> None:
    assert length(emoji, "weighted") == 2


@pytest.mark.parametrize("text", ["see shop.photography", "http://例え.jp", "shop.рф", "it.is.me"])
def test_a_link_that_costs_is_seen(text: str) -> None:
    assert has_link(text)
    assert twitter_text.extract_urls(text)
