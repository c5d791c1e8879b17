"""Write a query out: `parse(say(query)) == query`, with no parenthesis that is not needed."""

from __future__ import annotations

import re

from sanderling.core.query.tree import (
    And,
    Has,
    Is,
    Mention,
    MinFollowers,
    Named,
    Node,
    Not,
    OnNetwork,
    Or,
    Phrase,
    Query,
    Tag,
    Url,
    Word,
)

_NEEDS_QUOTES = re.compile(r"[\s()]")
_ANY, _PARTS, _ONE, _LEAF = range(4)


def say(query: Query) -> str:
    """The query in the syntax that `parse` reads."""
    return _say(query.root, _ANY)


def _say(node: Node, least: int) -> str:
    """`node`, in parentheses if it binds looser than `least`."""
    match node:
        case Or(parts):
            binds, said = _ANY, " OR ".join(_say(part, _PARTS) for part in parts)
        case And(parts):
            binds, said = _PARTS, " ".join(_say(part, _ONE) for part in parts)
        case Not(part):
            binds, said = _ONE, "-" + _say(part, _LEAF)
        case _:
            binds, said = _LEAF, _say_leaf(node)
    return f"({said})" if binds < least else said


def _say_leaf(leaf: Node) -> str:
    match leaf:
        case Word(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Tag(text):
            return f"#{text}"
        case Mention(text):
            return f"@{text}"
        case OnNetwork(text):
            return f"network:{_value(text)}"
        case Named(text) | Url(text):
            return f"{type(leaf).__name__.lower()}:{_value(text)}"
        case Has(what):
            return f"has:{what}"
        case Is(what):
            return f"is:{what}"
        case MinFollowers(count):
            return f"min_followers:{count}"
    raise AssertionError(f"no words for {leaf!r}")


def _value(text: str) -> str:
    return f'"{text}"' if _NEEDS_QUOTES.search(text) else text
