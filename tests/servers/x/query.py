"""X's query grammar for search and stream rules, as far as a desk may use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from servers.x.answers import invalid

if TYPE_CHECKING:
    from servers.x.state import Post, World

Test = Callable[["World", "Post"], bool]
TOKEN = re.compile(
    r"""\s*(?P<token>\(|\)|-(?=\S)|"(?:[^"\\]|\\.)*"|[A-Za-z_]+:"[^"]*"|[^\s()"]+)""", re.X
)
WORD = re.compile(r"\w+")
URL = re.compile(r"https?://\S+|(?<![@\w.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)


class Query:
    """A parsed query; `matches` says whether a post is asked for. Raises Problem if it is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split(text)
        self._at = 0
        self._alone = False
        self._test = self._either()
        if self._at != len(self._tokens):
            self._wrong(f"no viable alternative at input '{self._tokens[self._at]}'")
        if not self._alone:
            self._wrong("Rules must contain at least one positive, standalone operator")

    def matches(self, world: World, post: Post) -> bool:
        return self._test(world, post)

    def _split(self, text: str) -> list[str]:
        tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                self._wrong(f"token recognition error at: '{text[at:]}'")
            tokens.append(match["token"])
            at = match.end()
        return tokens

    def _wrong(self, why: str) -> None:
        raise invalid("query", self._text, f"There were errors processing your request: {why}")

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Test:
        tests = [self._all()]
        while self._peek() == "OR":
            self._take()
            tests.append(self._all())
        return lambda world, post: any(test(world, post) for test in tests)

    def _all(self) -> Test:
        tests = []
        while self._peek() not in ("", "OR", ")"):
            if self._peek() == "AND":
                self._wrong("Ambiguous use of and as a keyword")
            tests.append(self._one())
        if not tests:
            self._wrong(f"missing expression at '{self._peek() or '<EOF>'}'")
        return lambda world, post: all(test(world, post) for test in tests)

    def _one(self) -> Test:
        token = self._take()
        if token == "-":
            before = self._alone
            inner = self._one()
            self._alone = before
            return lambda world, post: not inner(world, post)
        if token == "(":
            inner = self._either()
            if self._peek() != ")":
                self._wrong("missing ')'")
            self._take()
            return inner
        return self._atom(token)

    def _atom(self, token: str) -> Test:
        name, colon, value = token.partition(":")
        if colon and not token.startswith('"') and name.lower() in OPERATORS:
            self._alone |= name.lower() in ALONE
            return OPERATORS[name.lower()](value.strip('"'))
        if colon and re.fullmatch(r"[a-z_]+", name):
            self._wrong(f"Reference to invalid operator '{name}'")
        self._alone = True
        if token[0] in "@#$" and len(token) > 1:
            sign, mark = token[0], token[1:].lower()
            return lambda world, post: mark in _marks(sign, _text(post))
        wanted = _words(token.strip('"'))
        return lambda world, post: _has_words(wanted, world, post)


def _text(post: Post) -> str:
    return post.whole


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def _has_words(wanted: list[str], world: World, post: Post) -> bool:
    words = _words(_text(post))
    return bool(wanted) and any(
        words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1)
    )


def _marks(sign: str, text: str) -> set[str]:
    return {m.lower() for m in re.findall(rf"(?<![\w&]){re.escape(sign)}(\w+)", text)}


def _person(value: str) -> Callable[[object], bool]:
    wanted = value.lstrip("@").lower()
    return lambda person: bool(person) and wanted in (person.id, person.username.lower())


def _from(value: str) -> Test:
    is_it = _person(value)
    return lambda world, post: is_it(post.author)


def _to(value: str) -> Test:
    is_it = _person(value)
    return lambda world, post: is_it(_parent_author(world, post))


def _parent_author(world: World, post: Post) -> object:
    parent = world.posts.get(post.reply_to or "")
    return parent.author if parent else None


def _is(value: str) -> Test:
    kinds: dict[str, Test] = {
        "reply": lambda world, post: post.reply_to is not None,
        "retweet": lambda world, post: post.repost_of is not None,
        "quote": lambda world, post: post.quote_of is not None,
        "verified": lambda world, post: post.author.verified,
        "nullcast": lambda world, post: False,
    }
    return _one_of("is", value, kinds)


def _has(value: str) -> Test:
    kinds: dict[str, Test] = {
        "links": lambda world, post: bool(URL.search(post.text)),
        "mentions": lambda world, post: bool(world.mentioned(post)),
        "hashtags": lambda world, post: bool(_marks("#", _text(post))),
        "cashtags": lambda world, post: bool(_marks("$", _text(post))),
        "media": lambda world, post: bool(post.media),
        "images": lambda world, post: _has_kind(world, post, "photo"),
        "videos": lambda world, post: _has_kind(world, post, "video"),
        "video_link": lambda world, post: _has_kind(world, post, "video"),
        "geo": lambda world, post: False,
    }
    return _one_of("has", value, kinds)


def _has_kind(world: World, post: Post, kind: str) -> bool:
    return any(world.media[each].kind == kind for each in post.media if each in world.media)


def _one_of(name: str, value: str, kinds: dict[str, Test]) -> Test:
    if value not in kinds:
        raise invalid("query", value, f"Reference to invalid field '{value}' in operator '{name}'")
    return kinds[value]


def _url(value: str) -> Test:
    wanted = _words(value)

    def test(world: World, post: Post) -> bool:
        return any(_within(wanted, _words(url)) for url in URL.findall(post.text))

    return test


def _within(wanted: list[str], words: list[str]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


def _conversation(value: str) -> Test:
    return lambda world, post: post.conversation == value


def _in_reply_to(value: str) -> Test:
    return lambda world, post: post.reply_to == value


def _lang(value: str) -> Test:
    return lambda world, post: post.lang == value


def _quotes(value: str) -> Test:
    return lambda world, post: post.quote_of == value


def _reposts_of(value: str) -> Test:
    is_it = _person(value)
    return lambda world, post: is_it(getattr(world.posts.get(post.repost_of or ""), "author", None))


OPERATORS: dict[str, Callable[[str], Test]] = {
    "from": _from,
    "to": _to,
    "is": _is,
    "has": _has,
    "lang": _lang,
    "url": _url,
    "conversation_id": _conversation,
    "in_reply_to_tweet_id": _in_reply_to,
    "quotes_of_tweet_id": _quotes,
    "retweets_of": _reposts_of,
}
ALONE = set(OPERATORS) - {"is", "has", "lang"}
