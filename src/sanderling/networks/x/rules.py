"""Columns as X's rules for the filtered stream and as its search queries. Pure.

A rule may find more than its column asks for, never less; the desk matches again. So what X cannot
express is left out of an AND, and lets everything through in an OR; a negation stays only where X
means exactly what we mean. X wants no negated groups, and in every rule something to look for
beside conditions like `has:media` (docs.x.com, build a rule, operators, 2026-08-22).

Words are sent as typed and without accents: X's stream tells `é` from `e`, its search does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from sanderling.core.query import Query
from sanderling.core.query.fold import words
from sanderling.core.query.tree import (
    Account,
    And,
    From,
    Has,
    Is,
    Lang,
    Mention,
    MinFollowers,
    Node,
    Not,
    OnNetwork,
    Or,
    Phrase,
    Tag,
    To,
    Url,
    Word,
)
from sanderling.core.words import later

Dialect = Literal["stream", "search"]
NETWORK: Final = "x"
NO_REPOSTS: Final = " -is:retweet"
"""Reposts are numbers to us, not posts; each would cost a read."""
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_NOT_SPOKEN = re.compile(r"[\"\\\x00-\x1f]")
_OPERATORS = frozenset({"or", "and", "not"})
_SPOKEN = """
am ar hy eu bn bg ca hr cs da nl en et fi fr de ka el gu hi hu it ja kn ko lv lt ml mr no fa pl pt
ro ru sr sk sl es sv ta te th tr uk ur vi
"""
_LANGS = {name: name for name in _SPOKEN.split()} | {"he": "iw", "id": "in"}
"""X's words for languages by ours. Chinese is left out: X parts it in two, and we do not."""


class TooMuch(Exception):
    """X cannot look for this; the message says why, for the column's author."""


class Leaf(msgspec.Struct, frozen=True):
    """One operator. `stands`: X accepts it alone. `exact`: it means what the column means."""

    said: str
    stands: bool = True
    exact: bool = True


class No(msgspec.Struct, frozen=True):
    """A leaf that must not hold."""

    part: Leaf


class All(msgspec.Struct, frozen=True):
    """Every part holds; no parts: everything."""

    parts: tuple[Rule, ...] = ()


class Any(msgspec.Struct, frozen=True):
    """Some part holds; no parts: nothing."""

    parts: tuple[Rule, ...] = ()


Rule = Leaf | No | All | Any
EVERYTHING, NOTHING = All(), Any()


def compiled(query: Query, ours: str, dialect: Dialect, most: int) -> list[str]:
    """The rules that together find what `query` asks for on X; none where X has nothing of it.

    `ours` is our account's handle, `most` how many characters a rule may have. Raises TooMuch.
    """
    rule = _grounded(_wide(query.root, _Place(ours=ours, dialect=dialect)))
    if rule == NOTHING:
        return []
    if not _stands(rule):
        raise TooMuch(
            later(
                "X needs a word, a phrase, a #tag, an @mention, a link or an author to look for, in"
                " every part of an OR; conditions alone are not enough."
            )
        )
    parts = rule.parts if isinstance(rule, Any) else (rule,)
    return _packed(parts, most - len(NO_REPOSTS))


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """For whom and for which of X's two languages a query is translated."""

    ours: str
    dialect: Dialect


def _wide(node: Node, place: _Place) -> Rule:
    """A rule that holds wherever `node` holds."""
    match node:
        case And(parts):
            return _all([_wide(part, place) for part in parts])
        case Or(parts):
            return _any([_wide(part, place) for part in parts])
        case Not(part):
            return _without(part, place)
    return _leaf(node, place)


def _without(node: Node, place: _Place) -> Rule:
    """A rule that holds wherever `node` does not: De Morgan, down to the leaves."""
    match node:
        case And(parts):
            return _any([_without(part, place) for part in parts])
        case Or(parts):
            return _all([_without(part, place) for part in parts])
        case Not(part):
            return _wide(part, place)
    return _not(_leaf(node, place))


def _not(rule: Rule) -> Rule:
    """Whatever `rule` surely leaves out; everything, where it may catch more than we mean."""
    match rule:
        case Leaf() if rule.exact:
            return No(rule)
        case Any(parts) if all(isinstance(part, Leaf) and part.exact for part in parts):
            return _all([_not(part) for part in parts])
    return EVERYTHING


def _leaf(node: Node, place: _Place) -> Rule:
    match node:
        case Word(text) | Phrase(text):
            return _worded(text)
        case Tag(text):
            return _tag(text)
        case Mention(text):
            return _mention(text)
        case Url(text):
            said = " ".join(_NOT_SPOKEN.sub(" ", text).split())
            return Leaf(f'url:"{said}"', exact=False) if said else EVERYTHING
        case From(text):
            return Leaf(f"from:{text}") if _is_handle(text) else NOTHING
        case To(text):  # a column takes who is mentioned first for whom it answers
            return _any([_to(text), _mention(text)])
        case Account(text):
            return _heard_by(text, place)
    return _condition(node, place)


def _condition(node: Node, place: _Place) -> Rule:
    """What X takes only beside something to look for."""
    match node:
        case OnNetwork():
            return EVERYTHING if node.name == NETWORK else NOTHING
        case Lang():
            known = _LANGS.get(node.name)
            return Leaf(f"lang:{known}", stands=False) if known else EVERYTHING
        case Has(what):  # X counts a picture's own address as a link
            return Leaf(f"has:{what}", stands=False, exact=False)
        case Is(what):
            return Leaf(f"is:{what}", stands=False) if what in ("reply", "quote") else NOTHING
        case MinFollowers(count):
            return _min_followers(count, place)
    return EVERYTHING


def _worded(text: str) -> Rule:
    """A word or a phrase, as typed and without accents."""
    return _any([Leaf(said) for spelling in _spellings(text) if (said := _quoted(spelling))])


def _tag(text: str) -> Rule:
    """X makes no tag of digits alone."""
    if not any(letter.isalpha() for letter in text):
        return _inexact(_worded(text))
    return _any([Leaf(f"#{spelling}") for spelling in _spellings(text)])


def _mention(text: str) -> Rule:
    """X's mentions are plainer than ours: `@foo.bar` is @foo to it, and we read it whole."""
    if _is_handle(text):
        return Leaf(f"@{text}", exact=False)
    return _inexact(_worded(text))


def _to(text: str) -> Rule:
    return Leaf(f"to:{text}", exact=False) if _is_handle(text) else NOTHING


def _heard_by(handle: str, place: _Place) -> Rule:
    """A post found for us is ours, unless it speaks to another account of ours."""
    if handle.casefold() == place.ours.casefold():
        return EVERYTHING
    return _inexact(_any([_to(handle), _mention(handle)])) if _is_handle(handle) else NOTHING


def _min_followers(count: int, place: _Place) -> Rule:
    if count == 0 or place.dialect == "search":
        return EVERYTHING
    return Leaf(f"min_followers:{count}", stands=False, exact=False)


def _inexact(rule: Rule) -> Rule:
    if isinstance(rule, Leaf):
        return msgspec.structs.replace(rule, exact=False)
    assert isinstance(rule, Any | All)
    return type(rule)(tuple(_inexact(part) for part in rule.parts))


def _spellings(text: str) -> list[str]:
    """`text` as typed, and with the plain letters that it folds to where those are others."""
    letters = unicodedata.normalize("NFC", text)
    typed = " ".join("".join(c if _is_spoken(c) else " " for c in letters).split())
    plain = " ".join(words(text).decode().split())
    if words(typed) != words(text):
        return [plain]
    same = typed.lower().replace(" ", "") == plain.replace(" ", "")
    return [typed] if same else [typed, plain]


def _is_spoken(letter: str) -> bool:
    """Whether a character is part of a word: letters, digits, marks, `_`, and emoji."""
    if letter.isascii():
        return letter.isalnum() or letter == "_"
    return unicodedata.category(letter)[0] in "LNMS" or letter in "\u200c\u200d\ufe0f"


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or text.casefold() in _OPERATORS else text


def _is_handle(text: str) -> bool:
    return _HANDLE.fullmatch(text) is not None


def _all(parts: list[Rule]) -> Rule:
    """All of `parts`, simplified."""
    if NOTHING in parts:
        return NOTHING
    flat = [p for part in parts for p in (part.parts if isinstance(part, All) else (part,))]
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else All(kept)


def _any(parts: list[Rule]) -> Rule:
    """Some of `parts`, simplified."""
    if EVERYTHING in parts:
        return EVERYTHING
    flat = [p for part in parts for p in (part.parts if isinstance(part, Any) else (part,))]
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Any(kept)


def _grounded(rule: Rule) -> Rule:
    """`rule` without an OR of which a part only negates: X takes no such part, so all passes."""
    match rule:
        case All(parts):
            return _all([_grounded(part) for part in parts])
        case Any(parts):
            return _any([EVERYTHING if _only_negates(p) else _grounded(p) for p in parts])
    return rule


def _only_negates(rule: Rule) -> bool:
    return isinstance(rule, No) or (isinstance(rule, All) and all(map(_only_negates, rule.parts)))


def _stands(rule: Rule) -> bool:
    """Whether X accepts it alone: something to look for, in every part of an OR."""
    match rule:
        case Leaf():
            return rule.stands
        case All(parts):
            return any(map(_stands, parts))
        case Any(parts):
            return bool(parts) and all(map(_stands, parts))
    return False


def _say(rule: Rule, *, within: bool = False) -> str:
    """The rule in X's words; `within`: in parentheses if it is an OR."""
    match rule:
        case Leaf(said):
            return said
        case No(part):
            return f"-{part.said}"
        case All(parts):
            return " ".join(_say(part, within=True) for part in parts)
        case Any(parts):
            said = " OR ".join(
                f"({_say(part)})" if isinstance(part, All) else _say(part) for part in parts
            )
            return f"({said})" if within else said
    raise AssertionError(f"no words for {rule!r}")


def _packed(parts: Sequence[Rule], most: int) -> list[str]:
    """As few rules as hold all `parts` of an OR, each of at most `most` characters."""
    rules: list[list[Rule]] = []
    for part in parts:
        if _size([part]) > most:
            raise TooMuch(
                later(
                    "It is too long for X: a part of it has {size} characters there, "
                    "and X takes {most}. Shorten it, or make two columns of it."
                ).format(size=f"{_size([part]):,}", most=f"{most:,}")
            )
        if rules and _size([*rules[-1], part]) <= most:
            rules[-1].append(part)
        else:
            rules.append([part])
    return [_say(_any(rule), within=True) + NO_REPOSTS for rule in rules]


def _size(parts: list[Rule]) -> int:
    """Characters as X counts them at most: those outside the first plane are two."""
    return len(_say(_any(parts), within=True).encode("utf-16-le")) // 2
