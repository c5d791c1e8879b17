r"""Words that are used again: with {variables} and [variations|like this].

    [Hello|Hi|Good [day|morning]] {name}, we have an eye on it.

A variation may hold variations once more, and no further. A backslash makes the sign after it a
plain letter: \[ \] \| \{ \} \\. What a variable stands for is never read as a template: a customer
who is called "{agent}" or "[a|b]" is called just that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import NamedTuple

from sanderling.core.words import figure, later, say

VARIABLES: Mapping[str, str] = {
    "name": later("the customer's first name, or their handle"),
    "handle": later("the customer's handle, with @"),
    "agent": later("the name of who answers"),
    "account": later("the account of ours that answers"),
    "case": later("the number of the case"),
}
"""What may stand in braces, and what it becomes."""

LONGEST = 5_000
"""Characters of a template."""

DEEPEST = 2
"""How deep variations may lie in each other."""

LONGEST_NAME = 24
"""A first word longer than this is no name to call somebody by."""

_SPECIAL = "[]|{}\\"


class Variable(NamedTuple):
    """A place that is filled in."""

    name: str


class Variation(NamedTuple):
    """One of these wordings."""

    of: tuple[Text, ...]


class Text(NamedTuple):
    """Plain words, variables and variations, in their order."""

    parts: tuple[str | Variable | Variation, ...]


class Unclear(ValueError):
    """The template cannot be read; the words say why, for its author."""


def check(text: str) -> list[str]:
    """What is wrong with a template, in words; nothing if it may be used."""
    if not text.strip():
        return [say("There is nothing in this template yet.")]
    if len(text) > LONGEST:
        return [
            say(
                "A template may have {most} characters; this has {n}.",
                most=figure(LONGEST),
                n=figure(len(text)),
            )
        ]
    try:
        found = _read(text)
    except Unclear as unclear:
        return [str(unclear)]
    return _problems(found)


def variants(text: str) -> int:
    """How many ways there are to word it. Raises Unclear."""
    return _ways(_clear(text))


def variables(text: str) -> frozenset[str]:
    """The variables that stand in it. Raises Unclear."""
    return frozenset(_named(_clear(text)))


def render(text: str, values: Mapping[str, str], seed: int) -> str:
    """One wording of the template, always the same for the same `seed`. Raises Unclear."""
    ways = variants(text)
    return nth(text, values, Random(seed).randrange(ways))


def nth(text: str, values: Mapping[str, str], number: int) -> str:
    """The wording of this number, counted from 0 and round again. Raises Unclear."""
    found = _clear(text)
    if missing := sorted(frozenset(_named(found)) - values.keys()):
        raise Unclear(say("Nothing is known for {name} here.", name=f"{{{missing[0]}}}"))
    return _said(found, values, number % _ways(found))[0]


def plain(text: str) -> str:
    """`text` as a template that says exactly this."""
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text)


def first_name(name: str, handle: str) -> str:
    """What to call somebody: the first word of the name, else the handle."""
    words = name.split()
    return (words[0] if words and len(words[0]) <= LONGEST_NAME else f"@{handle}")[:40]


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=256)
def _clear(text: str) -> Text:
    if problems := check(text):
        raise Unclear(problems[0])
    return _read(text)


def _read(text: str) -> Text:
    found, at = _text(text, 0, 0)
    if at < len(text):
        raise Unclear(
            say("{where}: a variation ends with ] and none has begun.", where=_where(text, at))
        )
    return found


def _text(text: str, at: int, depth: int) -> tuple[Text, int]:
    """Read up to what ends this wording; inside a variation that is | or ]."""
    parts: list[str | Variable | Variation] = []
    plain = ""
    while at < len(text):
        sign = text[at]
        if sign == "]" or (sign == "|" and depth):
            break
        if sign not in "[{\\}":
            plain, at = plain + sign, at + 1
        elif sign == "\\":
            plain, at = plain + _escaped(text, at), at + 2
        elif sign == "}":
            raise Unclear(
                say(
                    "{where}: a variable ends with {sign} and none has begun.",
                    where=_where(text, at),
                    sign="}",
                )
            )
        else:
            part, at = _variable(text, at) if sign == "{" else _variation(text, at, depth + 1)
            parts += [plain, part]
            plain = ""
    return Text(tuple(part for part in (*parts, plain) if part != "")), at


def _escaped(text: str, at: int) -> str:
    following = text[at + 1 : at + 2]
    if following == "" or following not in _SPECIAL:
        raise Unclear(
            say(
                "{where}: a backslash stands alone. Write \\\\ for the sign.",
                where=_where(text, at),
            )
        )
    return following


def _variable(text: str, at: int) -> tuple[Variable, int]:
    stop = text.find("}", at)
    name = text[at + 1 : stop].strip() if stop > 0 else ""
    if stop < 0:
        raise Unclear(
            say(
                "{where}: a variable begins with {sign} and never ends.",
                where=_where(text, at),
                sign="{",
            )
        )
    if name not in VARIABLES:
        known = ", ".join(f"{{{one}}}" for one in VARIABLES)
        raise Unclear(
            say(
                "{where}: there is no {name}. There are {known}.",
                where=_where(text, at),
                name=f"{{{name[:40]}}}",
                known=known,
            )
        )
    return Variable(name), stop + 1


def _variation(text: str, begins: int, depth: int) -> tuple[Variation, int]:
    if depth > DEEPEST:
        raise Unclear(
            say(
                "{where}: variations lie too deep in each other. Once is all.",
                where=_where(text, begins),
            )
        )
    found: list[Text] = []
    at = begins
    while at < len(text) and text[at] != "]":
        one, at = _text(text, at + 1, depth)
        found.append(one)
    if at >= len(text):
        raise Unclear(
            say("{where}: a variation begins with [ and never ends.", where=_where(text, begins))
        )
    return Variation(tuple(found)), at + 1


def _where(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    if line == 1:
        return say("Character {column}", column=column)
    return say("Line {line}, character {column}", line=line, column=column)


# ── what it comes to ──────────────────────────────────────────────────────────────────────────────


def _problems(text: Text) -> list[str]:
    found = []
    for part in text.parts:
        if isinstance(part, Variation):
            if len(part.of) < 2:
                found.append(
                    say("A variation needs two wordings: [Hello|Hi]. For the sign write \\[.")
                )
            elif len(set(part.of)) < len(part.of):
                found.append(say("A variation has the same wording twice."))
            found += [problem for one in part.of for problem in _problems(one)]
    return list(dict.fromkeys(found))


def _named(text: Text) -> set[str]:
    found = {part.name for part in text.parts if isinstance(part, Variable)}
    for part in text.parts:
        if isinstance(part, Variation):
            found |= {name for one in part.of for name in _named(one)}
    return found


def _ways(text: Text) -> int:
    ways = 1
    for part in text.parts:
        if isinstance(part, Variation):
            ways *= sum(_ways(one) for one in part.of)
    return ways


def _said(text: Text, values: Mapping[str, str], number: int) -> tuple[str, int]:
    """The words, and what is left of the number for what follows."""
    words = ""
    for part in text.parts:
        if isinstance(part, str):
            words += part
        elif isinstance(part, Variable):
            words += values[part.name]
        else:
            here = sum(_ways(one) for one in part.of)
            number, chosen = divmod(number, here)
            words += _chosen(part, values, chosen)
    return words, number


def _chosen(variation: Variation, values: Mapping[str, str], number: int) -> str:
    for one in variation.of:
        if number < _ways(one):
            return _said(one, values, number)[0]
        number -= _ways(one)
    raise IndexError(number)
