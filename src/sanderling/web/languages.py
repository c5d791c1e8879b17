"""Languages and scripts by the codes of verdicts: de, hi-Latn, und."""

from __future__ import annotations

from django.utils.translation import get_language_info

READ = ("en", "de", "es", "fr", "pt", "it", "ar", "hi", "hi-Latn")
"""The languages that the judge reads; a person may name any other one too."""
OTHERS = tuple(
    "bg bn ca cs cy da el et fa fi ga he hr hu id ja ko lt lv mr nb nl pl ro ru sk sl sr sv sw ta"  # noqa: SIM905  # a list of codes reads better in a line
    " te th tr uk ur vi zh".split()
)
_NONE = {"": "Not known", "und": "Not known", "mixed": "Several, mixed", "mul": "Several, mixed"}
_ALIASES = {"zh": "zh-hans", "no": "nb", "fil": "tl"}
_NAMES = {"tl": "Tagalog", "zh": "Chinese"}
_SCRIPTS = {
    "Latn": "Latin", "Arab": "Arabic", "Deva": "Devanagari", "Cyrl": "Cyrillic", "Grek": "Greek",
    "Hebr": "Hebrew", "Hani": "Han", "Beng": "Bengali", "Taml": "Tamil", "Telu": "Telugu",
    "Thai": "Thai", "Jpan": "Japanese", "Kore": "Korean",
}  # fmt: skip
_WRITTEN = {
    "ar": "Arab", "fa": "Arab", "ur": "Arab", "hi": "Deva", "mr": "Deva", "ru": "Cyrl",
    "uk": "Cyrl", "bg": "Cyrl", "sr": "Cyrl", "el": "Grek", "he": "Hebr", "bn": "Beng",
    "ta": "Taml", "te": "Telu", "th": "Thai", "ja": "Jpan", "ko": "Kore", "zh": "Hani",
}  # fmt: skip
"""The script that a language code alone stands for, where that is not Latin."""


def language(code: str) -> str:
    """A language by its name: German, Hindi, Hindi in Latin letters, Not known."""
    if code in _NONE:
        return _NONE[code]
    base, _, script = code.partition("-")
    if script and script != _usual(base):
        return f"{_name(base)} in {_SCRIPTS.get(script, script)} letters"
    return _name(base)


def script(code: str) -> str:
    """The script of a language whose name does not say it already: Latin script."""
    if code in _NONE or "-" in code or _name(code) == code:
        return ""
    return f"{_SCRIPTS[_usual(code)]} script"


def choices(now: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The languages to choose from, in groups by name; `now` is among them whatever it is."""
    groups = [("Read by the judge", READ), ("Others", OTHERS)]
    if now not in (*_NONE, *READ, *OTHERS):
        groups.insert(0, ("Found", (now,)))
    return [(title, sorted(((c, language(c)) for c in codes), key=lambda pair: pair[1]))
            for title, codes in groups]  # fmt: skip


def _usual(base: str) -> str:
    return _WRITTEN.get(base, "Latn")


def _name(base: str) -> str:
    if base in _NAMES:
        return _NAMES[base]
    try:
        return str(get_language_info(_ALIASES.get(base, base))["name"])
    except KeyError:
        return base
