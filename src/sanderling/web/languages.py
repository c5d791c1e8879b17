"""Languages and scripts by the codes of verdicts: de, hi-Latn, und. Their names are said in the
language that is spoken."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from sanderling.core.words import language as spoken
from sanderling.core.words import later, say

READ = ("en", "de", "es", "fr", "pt", "it", "ar", "hi", "hi-Latn")
"""The languages that the judge reads; a person may name any other one too."""
OTHERS = tuple(
    "bg bn ca cs cy da el et fa fi ga he hr hu id ja ko lt lv mr nb nl pl ro ru sk sl sr sv sw ta"  # noqa: SIM905  # a list of codes reads better in a line
    " te th tr uk ur vi zh".split()
)
_UNKNOWN, _MIXED = later("Not known"), later("Several, mixed")
_NONE = {"": _UNKNOWN, "und": _UNKNOWN, "mixed": _MIXED, "mul": _MIXED}
_ALIASES = {"tl": "fil", "no": "nb"}
_WRITTEN = {
    "ar": "Arab", "fa": "Arab", "ur": "Arab", "hi": "Deva", "mr": "Deva", "ru": "Cyrl",
    "uk": "Cyrl", "bg": "Cyrl", "sr": "Cyrl", "el": "Grek", "he": "Hebr", "bn": "Beng",
    "ta": "Taml", "te": "Telu", "th": "Thai", "ja": "Jpan", "ko": "Kore", "zh": "Hani",
}  # fmt: skip
"""The script that a language code alone stands for, where that is not Latin."""


def language(code: str) -> str:
    """A language by its name: German, Hindi, Hindi in Latin letters, Not known."""
    if code in _NONE:
        return say(_NONE[code])
    base, _, script = code.partition("-")
    if script and script != _usual(base):
        return say("{language} in {script} letters", language=_name(base), script=_letters(script))
    return _name(base)


def script(code: str) -> str:
    """The script of a language whose name does not say it already: Latin script."""
    if code in _NONE or "-" in code or _name(code) == code:
        return ""
    return say("{script} script", script=_letters(_usual(code)))


def choices(now: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The languages to choose from, in groups by name; `now` is among them whatever it is."""
    groups = [(say("Read by the judge"), READ), (say("Others"), OTHERS)]
    if now not in (*_NONE, *READ, *OTHERS):
        groups.insert(0, (say("Found"), (now,)))
    return [(title, sorted(((c, language(c)) for c in codes), key=lambda pair: pair[1]))
            for title, codes in groups]  # fmt: skip


def _usual(base: str) -> str:
    return _WRITTEN.get(base, "Latn")


def _name(base: str) -> str:
    """A language as the one that is spoken calls it; what is none stays as it is."""
    return str(_known(spoken()).languages.get(_ALIASES.get(base, base), base))


def _letters(script: str) -> str:
    return str(_known(spoken()).scripts.get(script, script))


@lru_cache(maxsize=16)
def _known(code: str) -> Locale:
    return Locale.parse(code)
