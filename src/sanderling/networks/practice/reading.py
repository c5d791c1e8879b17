"""How a person reads an answer of the brand: what it does for them, by its words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer does. `repeats`: they have been sent the very same words before."""

    sorry: bool = False
    invites: bool = False
    asks: bool = False
    fixes: bool = False
    holds: bool = False
    thanks: bool = False
    repeats: bool = False
    brushes_off: bool = False


WORDS = tomllib.loads((Path(__file__).parent / "reading.toml").read_text("utf-8"))
SENSES = {
    sense: re.compile(r"(?<!\w)(?:" + "|".join(words) + ")", re.IGNORECASE)
    for sense, words in WORDS.items()
}


def read(text: str, *, before: list[str]) -> Reading:
    """What `text` does for its reader, who remembers the answers they were sent `before`."""
    plain = _bare(text)
    found = {sense: bool(pattern.search(text)) for sense, pattern in SENSES.items()}
    repeats = any(_bare(other) == plain for other in before)
    return Reading(asks="?" in text, repeats=repeats, **found)


def _bare(text: str) -> str:
    """The words without whom they go to, links and signature: what makes an answer feel copied."""
    text = re.sub(r"@\w+|https?://\S+|\^\w+", " ", text)
    return " ".join(re.findall(r"\w+", text.casefold()))
