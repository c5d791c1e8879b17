"""Made-up posts and columns in amounts that no recording has: the same for the same seed, anywhere.

Words are invented and drawn by Zipf's law, as words of a language are. About half of the posts have
a character outside ASCII (emoji, or one post in ten with words of other languages).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import accumulate

_VOCABULARY = 60_000
_ZIPF = 1.05
_ONSETS = [*"bcdfghjklmnprstvwz", "br", "ch", "dr", "fl", "gr", "pl", "pr", "sh", "st", "th", "tr"]
_VOWELS = [*"aeioaeiou", "ai", "ea", "ou"]
_CODAS = ["", "", "", "", *"nrlstmd", "ck"]
_ELSEWHERE = (
    *("größer", "weiß", "käse", "höflich", "trottoir", "école", "garçon", "où", "déjà", "señal"),
    *("corazón", "año", "ação", "irmã", "ødelagt", "žádost", "źródło", "şikayet", "çözüm"),
    *("ναύτης", "θάλασσα", "связь", "тариф", "спутник", "мой", "電波", "契約", "電話番号", "障害"),
    *("요금제", "통화품질", "สัญญาณ", "שירות", "خدمة"),
)
_EMOJI = ("😀", "😤", "🤦", "🐦", "🌊", "☎️", "📶", "🧡", "👏🏽", "🚨", "✨", "🇳🇱")
_HANDLES = [f"northwind{suffix}" for suffix in ("", "care", "_nl", "_de", "shop", "status")]
_ADDRESS = "abcdefghkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@cache
def vocabulary() -> list[str]:
    """60,000 different invented words, the commonest first and shortest."""
    rng = random.Random(1)
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        # Ever longer words down the list, as in real languages.
        syllables = 1 + int(len(words) ** 0.25 / 10 + rng.random() * 1.2)
        word = "".join(map(rng.choice, (_ONSETS, _VOWELS, _CODAS) * syllables))
        words[word] = None
    return list(words)


@cache
def _weights() -> list[float]:
    return list(accumulate((rank + 2.7) ** -_ZIPF for rank in range(_VOCABULARY)))


def posts(n: int, seed: int = 1) -> list[str]:
    """`n` texts of about 150 characters with mentions, tags, links and emoji."""
    rng = random.Random(seed)
    return [_post(rng) for _ in range(n)]


def _post(rng: random.Random) -> str:
    words = rng.choices(vocabulary(), cum_weights=_weights(), k=max(4, int(rng.gauss(22, 9))))
    if rng.random() < 0.1:
        for _ in range(4):
            words[rng.randrange(len(words))] = rng.choice(_ELSEWHERE)
    words[0] = words[0].capitalize()
    words[-1] += rng.choice(["", ".", "!", "?", "..."])
    if rng.random() < 0.6:
        words.insert(0, "@" + rng.choice(_HANDLES))
    if rng.random() < 0.3:
        words.append("#" + vocabulary()[rng.randrange(5_000)])
    if rng.random() < 0.25:
        words.append("https://go.example/" + "".join(rng.choices(_ADDRESS, k=9)))
    if rng.random() < 0.4:
        words.append(rng.choice(_EMOJI))
    return " ".join(words)[:280]


def phrases(n: int, seed: int = 2) -> list[str]:
    """`n` different bare terms as a desk would follow: mostly rare words, some pairs, tags."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < n:
        found[_term(rng)] = None
    return list(found)


def _term(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.6:
        return _word(rng, 2_000, _VOCABULARY)
    if draw < 0.85:
        return f'"{_word(rng, 100, 8_000)} {_word(rng, 100, 8_000)}"'
    if draw < 0.95:
        return rng.choice("@#") + _word(rng, 300, _VOCABULARY)
    return f'"{rng.choice(_ELSEWHERE)} {rng.choice([*_ELSEWHERE, _word(rng, 0, 3_000)])}"'


def _word(rng: random.Random, first: int, end: int) -> str:
    return vocabulary()[rng.randrange(first, end)]


def columns(n: int, seed: int = 2) -> list[str]:
    """`n` queries: every other one a bare term, the rest trees of terms and operators."""
    rng = random.Random(seed + 1)
    plain = phrases((n + 1) // 2, seed)
    return [plain[i // 2] if i % 2 == 0 else rng.choice(_TREES)(rng) for i in range(n)]


_TREES: list[Callable[[random.Random], str]] = [
    lambda rng: f"({_term(rng)} OR {_term(rng)}) -{_word(rng, 100, 8_000)} lang:en",
    lambda rng: f"{_term(rng)} {_word(rng, 100, 8_000)} -is:repost",
    lambda rng: f"{_term(rng)} OR {_term(rng)} OR {_term(rng)}",
    lambda rng: f"@{rng.choice(_HANDLES)} ({_term(rng)} OR {_term(rng)}) -is:reply",
    lambda rng: f"from:{_word(rng, 300, _VOCABULARY)} {_word(rng, 0, 2_000)}",
    lambda rng: f"{_term(rng)} min_followers:1000 (has:media OR has:links)",
    lambda rng: f"#{_word(rng, 300, 5_000)} -lang:fr (network:x OR network:bluesky)",
    lambda rng: f"{_term(rng)} (lang:en OR lang:de) -(is:dm {_word(rng, 100, 8_000)})",
]
