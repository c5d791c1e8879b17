"""A post as the lexicon sees it: folded words, each in spaces of its own.

Punctuation goes, but for what carries a tone: ! and ?, emoticons and emoji, and the mark that
opens a quotation. A link is one word, so is @name: neither can be mistaken for something the
customer says.
"""

from __future__ import annotations

import re
import unicodedata

READ = 5_000
"""Only so many characters of a post are read: no network's care post is longer."""

_WORD = re.compile(
    r"\w+(?:://[!-~\w]+)?|@\w+|[!?]+|[\"“”„«»](?=\w)|[:;]-?[()/]|<3"
    r"|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_ACCENTS = re.compile("[\u0300-\u036f]+")


def words(text: str) -> list[str]:
    """The words of the beginning of `text`, still as they were written."""
    text = text[:READ]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return _WORD.findall(text.replace("'", ""))


def folded(words: list[str]) -> str:
    """One string for one automaton pass: " word " after " word ", without case or accents.

    Columns fold to bare tokens (core.query.fold); here the marks that carry a tone must stay.
    """
    line = f" {'  '.join(words)} ".casefold()
    return line if line.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", line))
