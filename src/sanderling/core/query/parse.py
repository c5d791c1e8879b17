"""From text to a query, or to an error that points at the place.

    any   = all { "OR" all }                  OR binds looser than standing side by side
    all   = one { one }
    one   = "-" atom | atom                   no space after the minus
    atom  = "(" any ")" | "phrase" | #tag | @mention | operator:value | word

Operators: from to account network lang url has is min_followers. `OR` must be in capitals. Curly
quotes are quotes. A query must look for something: one that only excludes would follow almost every
post.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from sanderling.core.query.fold import fold, words
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
    Query,
    Tag,
    To,
    Url,
    Word,
)
from sanderling.core.words import figure, later, say

MAX_LENGTH = 4096
MAX_DEPTH = 32

_TOKEN = re.compile(
    r"""
    (?P<open>\() | (?P<close>\)) | (?P<minus>-)
    | (?P<phrase> ["“”„] [^"“”„]* ["“”„]) | (?P<unclosed> ["“”„])
    | (?P<operator> [A-Za-z_]+ : (?: ["“”„] [^"“”„]* ["“”„] | [^\s()"“”„]*))
    | (?P<tag> [#＃] [^\s()"“”„]*) | (?P<mention> [@＠] [^\s()"“”„]*)
    | (?P<word> [^\s()"“”„]+)
    """,
    re.VERBOSE,
)
_NO_WORDS = words("")
_HANDLE = re.compile(r"(?=.*\w)[\w.@-]+")
_LANG = re.compile(r"[A-Za-z]{2,3}")
_NUMBER = re.compile(r"[0-9]{1,12}")


class QueryError(ValueError):
    """The query cannot be read. `at` and `length` mark the place in `query`, in characters.

    As text it is the message, the query around the place, and carets under it.
    """

    def __init__(self, message: str, at: int, length: int, query: str) -> None:
        self.message, self.at, self.length, self.query = message, at, length, query
        super().__init__(message)

    def __str__(self) -> str:
        start = max(0, self.at - 40)
        shown = [c if c.isprintable() else " " for c in self.query[start : start + 80]]
        before = self.at - start
        carets = max(1, min(self.length, len(shown) - before))
        # A wide character under a wide blank: the carets stay under their place.
        gap = "".join("\u3000" if _is_wide(c) else " " for c in shown[:before])
        return f"{self.message}\n  {''.join(shown)}\n  {gap}{'^' * carets}"


@lru_cache(1 << 17)
def parse(text: str) -> Query:
    """Read a column's query; raises QueryError, and nothing else, whatever the text.

    Queries that were read are remembered: a worker reads all columns again when one changes.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            say(
                "The query has {n} characters; {most} are possible. Make two columns of it.",
                n=figure(len(text)),
                most=figure(MAX_LENGTH),
            ),
            MAX_LENGTH,
            len(text) - MAX_LENGTH,
            text,
        )
    return Query(_Parser(text).query())


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Parser:
    """Reads the grammar above, one method a line of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [_Token(m.lastgroup or "", m[0], m.start()) for m in _TOKEN.finditer(text)]
        self.tokens.append(_Token("end", "", len(text)))
        self.next = 0
        self.depth = 0

    def query(self) -> Node:
        if len(self.tokens) == 1:
            raise self.error(say("The query is empty. Write the words that posts should have."))
        root = self.any()
        if self.tokens[self.next].kind == "close":
            raise self.error(
                say("This parenthesis closes nothing. Remove it, or open one before it.")
            )
        if not _looks_for_something(root):
            raise QueryError(
                say(
                    "The query only says what to leave out. Add something that posts should "
                    "have, on every side of an OR."
                ),
                0,
                len(self.text),
                self.text,
            )
        return root

    def any(self) -> Node:
        parts = [self.all()]
        while self.tokens[self.next].text == "OR":
            self.next += 1
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Or(_flat(Or, parts))

    def all(self) -> Node:
        parts = [self.one()]
        while self.tokens[self.next].kind not in ("end", "close") and not self.at_or():
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(_flat(And, parts))

    def at_or(self) -> bool:
        return self.tokens[self.next].text == "OR"

    def one(self) -> Node:
        token = self.tokens[self.next]
        if token.kind != "minus":
            return self.atom()
        following = self.tokens[self.next + 1]
        excludes = following.kind not in ("end", "close", "minus") and following.text != "OR"
        if not excludes or following.at > token.at + 1:
            raise self.error(
                say(
                    "This - has nothing to leave out. Write it right before a word, a phrase "
                    "or a group: -refurbished"
                )
            )
        self.next += 1
        return Not(self.atom())

    def atom(self) -> Node:
        token = self.tokens[self.next]
        if token.kind == "open":
            return self.group()
        node = self.leaf(token)
        self.next += 1
        return node

    def group(self) -> Node:
        opening = self.tokens[self.next]
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(
                say(
                    "Groups stand more than {most} deep here. Make it flatter.",
                    most=MAX_DEPTH,
                )
            )
        self.next += 1
        if self.tokens[self.next].kind == "close":
            raise self.error(say("This group is empty. Fill it or remove it."), opening, length=2)
        node = self.any()
        if self.tokens[self.next].kind != "close":
            raise self.error(
                say("This parenthesis is never closed. Add a ) after the group."), opening
            )
        self.next += 1
        self.depth -= 1
        return node

    def leaf(self, token: _Token) -> Node:
        match token.kind:
            case "word":
                return self.word(token)
            case "phrase":
                return Phrase(self.with_words(token, token.text[1:-1]))
            case "tag":
                return Tag(self.tag(token, token.text[1:]))
            case "mention":
                return Mention(self.handle(token, token.text[1:]))
            case "operator":
                return self.operator(token)
            case "unclosed":
                raise self.error(say('This quote is never closed. Add a " where the phrase ends.'))
        raise self.error(say("Something is missing here: write a word, a phrase or a group."))

    def word(self, token: _Token) -> Node:
        if hint := _NOT_WORDS.get(token.text):
            raise self.error(say(hint))
        return Word(self.with_words(token, token.text))

    def operator(self, token: _Token) -> Node:
        operator, _, typed = token.text.partition(":")
        read = _OPERATORS.get(operator.lower())
        if read is None:
            raise self.error(_unknown(operator, typed), length=len(operator) + 1)
        value = typed.strip('"“”„')
        if not value:
            raise self.error(
                say(
                    "{operator}: needs a value right behind it, without a space.", operator=operator
                )
            )
        return read(self, token, value)

    def with_words(self, token: _Token, text: str) -> str:
        if words(text) == _NO_WORDS:
            raise self.error(say("There is no letter, digit or emoji in this to look for."), token)
        return text

    def tag(self, token: _Token, text: str) -> str:
        tokens, tags = fold(f"#{text}")
        if len(tags) != 1 or words(tags[0].decode()) != tokens:
            raise self.error(
                say("A tag is # and one word of letters, digits and _ behind it."), token
            )
        return text

    def handle(self, token: _Token, text: str) -> str:
        handle = text.lstrip("@＠")
        if not _HANDLE.fullmatch(handle):
            raise self.error(
                say("A handle has letters, digits and . _ - @ only, as in @northwindcare."), token
            )
        return handle

    def lang(self, token: _Token, text: str) -> str:
        if not _LANG.fullmatch(text):
            raise self.error(
                say("lang: needs the two or three letters of a language: lang:de"), token
            )
        return text

    def number(self, token: _Token, text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise self.error(
                say("min_followers: needs a number in plain digits, as in 1000."), token
            )
        return int(text)

    def one_of(self, token: _Token, text: str, choices: tuple[str, ...]) -> str:
        if text.lower() not in choices:
            operator = token.text.partition(":")[0].lower()
            *most, last = [f"{operator}:{choice}" for choice in choices]
            known = say("{these} or {last}", these=", ".join(most), last=last)
            raise self.error(
                say("There is no {text} here: write {known}.", text=token.text[:30], known=known),
                token,
            )
        return text.lower()

    def error(
        self, message: str, token: _Token | None = None, *, length: int | None = None
    ) -> QueryError:
        place = token or self.tokens[self.next]
        marked = len(place.text) if length is None else length
        return QueryError(message, place.at, marked, self.text)


_OPERATORS: dict[str, Callable[[_Parser, _Token, str], Node]] = {
    "from": lambda parser, token, value: From(parser.handle(token, value)),
    "to": lambda parser, token, value: To(parser.handle(token, value)),
    "account": lambda parser, token, value: Account(parser.handle(token, value)),
    "network": lambda parser, token, value: OnNetwork(parser.handle(token, value)),
    "lang": lambda parser, token, value: Lang(parser.lang(token, value)),
    "url": lambda parser, token, value: Url(parser.with_words(token, value)),
    "has": lambda parser, token, value: Has(parser.one_of(token, value, ("media", "links"))),
    "is": lambda parser, token, value: Is(
        parser.one_of(token, value, ("reply", "repost", "quote", "dm"))
    ),
    "min_followers": lambda parser, token, value: MinFollowers(parser.number(token, value)),
}

_NOT_WORDS = {
    "OR": later('OR needs something on both sides. For the word itself write "OR" in quotes.'),
    "AND": later(
        'Side by side already means both: leave AND out, or write "AND" in quotes for the word.'
    ),
    "NOT": later(
        'To leave something out write - right before it, or "NOT" in quotes for the word.'
    ),
}


def _unknown(operator: str, value: str) -> str:
    """What to say of an operator that does not exist."""
    shown = operator[:30]
    if value.startswith("//"):
        return say("To follow posts with a link write url: before the address.")
    close = difflib.get_close_matches(operator.lower()[:30], _OPERATORS, 1)
    if close:
        return say(
            "There is no operator {shown}: here. Did you mean {near}:? For the words themselves use"
            ' "quotes".',
            shown=shown,
            near=close[0],
        )
    return say(
        "There is no operator {shown}: here. There are {known}. For the words themselves use"
        ' "quotes".',
        shown=shown,
        known=", ".join(_OPERATORS),
    )


def _flat(kind: type[And] | type[Or], parts: list[Node]) -> tuple[Node, ...]:
    """`parts`, with those that are groups of the same kind opened up."""
    if not any(isinstance(part, kind) for part in parts):
        return tuple(parts)
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return tuple(flat)


def _looks_for_something(node: Node) -> bool:
    """Whether a post must have something to fit, on every side of every OR."""
    match node:
        case And(parts):
            return any(map(_looks_for_something, parts))
        case Or(parts):
            return all(map(_looks_for_something, parts))
        case _:
            return not isinstance(node, Not)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
