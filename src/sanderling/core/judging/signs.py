"""The lexicon: what a word or phrase says about a post, from lexicon/*.toml, built into automata.

A file holds one language; shared.toml belongs to all. A term with a * at its end stands for every
word that begins so, a # for a number, in digits or as one of the file's `numbers`. Weights have
names: strong 2, plain 1, slight 0.5; and silent 1, faint 0.4 for terms that weigh, but would say
nothing to whoever reads the reasons: those are never quoted. Where a post's language is unknown
all languages are read at once; where two give a term a meaning, the first one counts.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from sanderling.core.judging.words import folded, words
from sanderling.core.text import cut
from sanderling.core.verdict import Kind, Urgency
from sanderling.core.words import later

LANGUAGES = ("en", "de", "es", "fr", "pt", "nl", "it")

QUOTED = 40
"""The most characters a reason quotes."""

SLIGHT = 0.5

_WEIGHTS = {"strong": 2.0, "plain": 1.0, "slight": SLIGHT, "silent": 1.0, "faint": 0.4}
_NEVER_QUOTED = {"silent", "faint"}
_DIGITS = tuple(str(n) for n in (*range(2, 32), 36, 40, 45, 48, 50, 60, 72, 90, 100, 120))
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Group(IntEnum):
    """What a sign speaks for; a section of a lexicon file is named after each."""

    TROUBLE = 0
    ANGER = 1
    PRAISE = 2
    MOCKING = 3
    THANKS = 4
    CLOSING = 5
    SMALL = 6
    QUESTION = 7
    REQUEST = 8
    SPAM = 9
    INSISTING = 10


_IDLE = {Group.THANKS, Group.CLOSING, Group.SMALL}
_STRESSED = {Group.TROUBLE, Group.ANGER, Group.REQUEST, Group.INSISTING}


class Theme(msgspec.Struct, frozen=True):
    """Something that cannot wait, whatever the tone; `kind` if a post says nothing else."""

    name: str
    says: str
    urgency: Urgency
    kind: Kind


THEMES = {
    theme.name: theme
    for theme in (
        Theme("safety", later("Someone may be in danger"), Urgency.CRITICAL, Kind.COMPLAINT),
        Theme("emergency", later("Speaks of an emergency"), Urgency.CRITICAL, Kind.REQUEST),
        Theme("fraud", later("Speaks of fraud or misuse"), Urgency.HIGH, Kind.COMPLAINT),
        Theme("lost_phone", later("Something was lost or stolen"), Urgency.HIGH, Kind.REQUEST),
        Theme("stranded", later("Is stuck somewhere"), Urgency.HIGH, Kind.REQUEST),
        Theme("legal", later("Speaks of the law"), Urgency.HIGH, Kind.COMPLAINT),
        Theme("formal", later("Complains formally"), Urgency.HIGH, Kind.COMPLAINT),
        Theme("press", later("Speaks of the press"), Urgency.HIGH, Kind.COMPLAINT),
        Theme("leaving", later("Wants to leave us"), Urgency.HIGH, Kind.COMPLAINT),
        Theme("vulnerable", later("A vulnerable person is concerned"), Urgency.HIGH, Kind.REQUEST),
        Theme("selfharm", later("Talks of self-harm"), Urgency.CRITICAL, Kind.REQUEST),
        Theme("threat", later("Threatens violence"), Urgency.CRITICAL, Kind.COMPLAINT),
        Theme("abuse", later("Insults people"), Urgency.LOW, Kind.COMPLAINT),
        Theme("scam", later("Looks like a scam"), Urgency.LOW, Kind.SPAM),
    )
}


class Sign(msgspec.Struct):
    """One term of the lexicon, fit for quoting: its weights by group, and what else it does.

    `telling`: the groups whose reasons may quote it.
    `idles`: a post of nothing but such words, `length` many here, only thanks, closes or greets.
    """

    term: str
    length: int
    weights: dict[Group, float]
    telling: set[Group] = set()
    idles: bool = False
    theme: Theme | None = None
    negates: bool = False
    boosts: bool = False


class Lexicon:
    """The signs of some languages, to be found in one pass over a folded post.

    `stressed` are the words that shout where they stand in capitals: an abbreviation does not.
    """

    def __init__(self, *names: str) -> None:
        by_pattern: dict[str, Sign] = {}
        for name in names:
            by_pattern = _signs(name) | by_pattern
        self.signs = tuple(by_pattern.values())
        self.stressed = frozenset(
            pattern.strip() for pattern, sign in by_pattern.items() if _can_be_stressed(sign)
        ) | frozenset(stopwords())
        self.find = AhoCorasick(
            list(by_pattern), matchkind=MatchKind.LeftmostLongest
        ).find_matches_as_indexes


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon for posts in `lang`: "und" reads every language, an unknown one emoji only."""
    if lang == "und":
        return Lexicon(*LANGUAGES, "shared")
    return Lexicon(lang, "shared") if lang in LANGUAGES else Lexicon("shared")


@cache
def stopwords() -> dict[str, tuple[str, ...]]:
    """The languages that each very common word belongs to."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for lang in LANGUAGES:
        for word in {folded(words(term)).strip() for term in _file(lang)["stopwords"]}:
            found[word] += (lang,)
    return dict(found)


def _can_be_stressed(sign: Sign) -> bool:
    return sign.negates or sign.boosts or not _STRESSED.isdisjoint(sign.weights)


def _signs(name: str) -> dict[str, Sign]:
    """The signs of one file by the pattern that finds them."""
    file, signs = _file(name), dict[str, Sign]()
    numbers = (*_DIGITS, *file.get("numbers", ()))
    for group in Group:
        for strength, terms in file.get(group.name.lower(), {}).items():
            for sign in _put(signs, _counted(terms, numbers)):
                sign.weights[group] = max(_WEIGHTS[strength], sign.weights.get(group, 0.0))
                sign.idles = sign.idles or group in _IDLE
                if strength not in _NEVER_QUOTED:
                    sign.telling.add(group)
    for theme, terms in file.get("urgent", {}).items():
        for sign in _put(signs, terms):
            sign.theme = THEMES[theme]
    for sign in _put(signs, file.get("negation", ())):
        sign.negates = True
    for sign in _put(signs, file.get("boost", ())):
        sign.boosts = True
    return signs


def _counted(terms: Iterable[str], numbers: Iterable[str]) -> Iterator[str]:
    """The terms, those with a # in them once for every number."""
    for term in terms:
        yield from (term.replace("#", number) for number in numbers) if "#" in term else (term,)


def _put(signs: dict[str, Sign], terms: Iterable[str]) -> Iterator[Sign]:
    """The signs of `terms`, put into `signs` where they are new."""
    for term in terms:
        for pattern in _patterns(term):
            if pattern not in signs:
                spoken = sum(word[0].isalnum() for word in words(term))
                quotable = cut(term.replace("*", "…"), QUOTED, "graphemes")
                signs[pattern] = Sign(quotable, spoken, {})
            yield signs[pattern]


def _patterns(term: str) -> set[str]:
    """What to look for in a folded post: the term, and with ae for ä as many keyboards write it."""
    spellings = {term, term.translate(_UMLAUTS)}
    return {
        folded(words(spelling)).rstrip(" " if spelling.endswith("*") else "")
        for spelling in spellings
    }


@cache
def _file(name: str) -> dict[str, Any]:
    source = files("sanderling.core.judging").joinpath("lexicon", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
