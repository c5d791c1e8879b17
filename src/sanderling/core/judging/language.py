"""Which language a post is in: the network's word for it, else a cheap guess of our own."""

from __future__ import annotations

from sanderling.core.judging.signs import stopwords

UNKNOWN = "und"

# In a folded line Korean syllables have come apart into the letters they are made of.
_SCRIPTS = (
    ("el", "\u0370", "\u03ff"), ("ru", "\u0400", "\u04ff"), ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"), ("hi", "\u0900", "\u097f"), ("th", "\u0e00", "\u0e7f"),
    ("ja", "\u3040", "\u30ff"), ("ko", "\u1100", "\u11ff"), ("zh", "\u4e00", "\u9fff"),
)  # fmt: skip
_LOOKED_AT = 100


def language(told: str | None, line: str) -> str:
    """The language of a folded post as a short code; "und" if unsure. `told` is the network's."""
    code = (told or "").split("-")[0].lower()
    if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 and not _is_no_language(code):
        return code
    return _by_stopwords(line) or _by_script(line) or UNKNOWN


def _is_no_language(code: str) -> bool:
    """Networks say und, zxx, art or a private code (qme, qht) for emoji, links and the like."""
    return code in ("und", "zxx", "art", "mis", "mul") or (len(code) == 3 and code[0] == "q")


def _by_stopwords(line: str) -> str | None:
    votes: dict[str, int] = {}
    known = stopwords()
    for word in line.split():
        for lang in known.get(word, ()):
            votes[lang] = votes.get(lang, 0) + 1
    if not votes:
        return None
    first = max(votes, key=votes.__getitem__)
    most = votes.pop(first)
    return first if most > max(votes.values(), default=0) else None


def _by_script(line: str) -> str | None:
    """The language of the first letter that tells; kana before Han, for Japanese writes both."""
    if line.isascii():
        return None
    letters = line[:_LOOKED_AT]
    return next(
        (lang for lang, low, high in _SCRIPTS if any(low <= letter <= high for letter in letters)),
        None,
    )
