"""Columns as rules of X: too much perhaps, too little never.

The reference below reads a rule by X's documents anew: what stands side by side must all hold,
OR binds looser, `-` excludes one operator, never a group.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sanderling.core.query import Query, Subject, holds, parse, say
from sanderling.core.query.fold import fold, name, words
from sanderling.core.query.tree import (
    Account,
    And,
    From,
    Has,
    Is,
    Lang,
    Mention,
    MinFollowers,
    Not,
    OnNetwork,
    Or,
    Phrase,
    Tag,
    To,
    Url,
    Word,
)
from sanderling.networks.x.rules import Dialect, TooMuch, compiled

OURS = "acme"
TOKEN = re.compile(r'\(|\)|-?(?:\w+:)?"[^"]*"|[^\s()]+')
CONDITIONS = ("has:", "is:", "lang:", "min_followers:")
X_LANGS = {"he": "iw", "id": "in"}


class Reference:
    """A rule of X, held against a post."""

    def __init__(self, rule: str) -> None:
        self.tokens = TOKEN.findall(rule)
        self.at = 0

    def accepts(self, post: Subject) -> bool:
        self.at = 0
        held = self.any(post)
        assert self.at == len(self.tokens), f"a parenthesis too much in {self.tokens}"
        return held

    def any(self, post: Subject) -> bool:
        held = self.all(post)
        while self.peek() == "OR":
            self.at += 1
            held = self.all(post) or held
        return held

    def all(self, post: Subject) -> bool:
        held, some = True, False
        while self.peek() not in ("", ")", "OR"):
            held, some = self.one(post) and held, True
        assert some, f"an empty part in {self.tokens}"
        return held

    def one(self, post: Subject) -> bool:
        token = self.tokens[self.at]
        self.at += 1
        if token == "(":
            held = self.any(post)
            assert self.peek() == ")", f"a group never closed in {self.tokens}"
            self.at += 1
            return held
        assert token not in ("-", "-("), "X negates no groups"
        if token.startswith("-"):
            return not operator(token[1:], post)
        return operator(token, post)

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""


def operator(token: str, post: Subject) -> bool:
    """Whether one operator of X holds; raises AssertionError for what X does not know."""
    kind, colon, value = token.partition(":")
    value = value.strip('"')
    if token.startswith("#"):
        return fold(token)[1][0] in fold(post.text)[1]
    if token.startswith("@"):
        names = re.findall(r"(?<![\w@])@([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_])", post.text)
        return token[1:].casefold() in [name(found) for found in names]
    if not colon or token.startswith('"'):
        assert token != "OR", "OR is no keyword"
        return words(token) in fold(post.text)[0]
    return CHECKS[kind](value, post)


CHECKS = {
    "from": lambda value, post: value.casefold() == post.handle.casefold(),
    "to": lambda value, post: post.is_reply and value.casefold() == str(post.reply_to).casefold(),
    "url": lambda value, post: any(words(value) in words(link) for link in post.links),
    "lang": lambda value, post: value == X_LANGS.get(post.lang or "", post.lang),
    "has": lambda value, post: (
        post.has_media if value == "media" else bool(post.links) or post.has_media
    ),
    "is": lambda value, post: {
        "reply": post.is_reply, "quote": post.is_quote, "retweet": post.is_repost
    }[value],
    "min_followers": lambda value, post: (post.followers or 0) >= int(value),
}  # fmt: skip

TERMS = ["kettle", "café", "cafe", "straße", "Müller", "coca-cola", "東京", "or", "17", "❤️", "👍🏽"]
HANDLES = ["acme", "ada", "foo.bar", "a_b", "ada@mastodon.example", "averyveryverylonghandle"]
term, handle = st.sampled_from(TERMS), st.sampled_from(HANDLES)
leaves = st.one_of(
    term.map(Word),
    st.lists(term, min_size=2, max_size=3).map(" ".join).map(Phrase),
    st.sampled_from(["kettle", "café", "17", "teapot_2"]).map(Tag),
    handle.map(Mention),
    handle.map(From),
    handle.map(To),
    handle.map(Account),
    st.sampled_from(["x", "X", "bluesky"]).map(OnNetwork),
    st.sampled_from(["en", "de", "he", "id", "zh", "xx"]).map(Lang),
    st.sampled_from(["media", "links"]).map(Has),
    st.sampled_from(["reply", "repost", "quote", "dm"]).map(Is),
    st.sampled_from([0, 10, 1000]).map(MinFollowers),
    st.sampled_from(["example.com", "example.com/status", "kettle"]).map(Url),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
        inner.map(Not),
    ),
    max_leaves=8,
)
pieces = [*TERMS, *(f"@{one}" for one in HANDLES), "#kettle", "#Café", "#17", "#teapot_2", "and",
          "CAFÉ", "strasse", "muller", "coca, cola", "@ada.Thanks", "@ada-x"]  # fmt: skip
HAS_HANDLE = re.compile(r"(?<![\w@])@([\w.-]*\w(?:@[\w.-]*\w)?)")


@st.composite
def posts(draw: st.DrawFn) -> Subject:
    """A post on X as the desk's columns see one that this account heard."""
    text = " ".join(draw(st.lists(st.sampled_from(pieces), max_size=6)))
    named = tuple(HAS_HANDLE.findall(text))
    reply = draw(st.booleans())
    first = next(iter(named), None)
    return Subject(
        text=text,
        handle=draw(st.sampled_from(["ada", "a_b", "stranger"])),
        mentions=named,
        reply_to=draw(st.sampled_from([OURS, first])) if reply else first,
        lang=draw(st.sampled_from([None, "en", "de", "he", "id", "zh"])),
        followers=draw(st.sampled_from([None, 0, 50, 5000])),
        links=draw(st.sampled_from([(), ("https://example.com/status?a=1",)])),
        has_media=draw(st.booleans()),
        is_reply=reply,
        is_quote=draw(st.booleans()),
        network="x",
        account=OURS,
    )


@settings(max_examples=300)
@given(nodes, posts(), st.sampled_from(["stream", "search"]))
@example(Or((Word("kettle"), Not(Word("cafe")))), Subject(text="", account=OURS), "search")
@example(And((Word("kettle"), Not(Mention("ada")))), Subject(text="kettle @ada-x"), "stream")
@example(To("ada"), Subject(text="@ada hello", reply_to="ada"), "search")
@example(To("acme"), Subject(text="hello", reply_to="acme", is_reply=True), "search")
@example(
    Account("ada"), Subject(text="hello", account="ada", reply_to="ada", is_reply=True), "search"
)
@example(And((Word("a"), Not(Has("links")))), Subject(text="a", has_media=True), "stream")
@example(Word("café"), Subject(text="un cafe"), "search")
@example(Word("straße"), Subject(text="strasse"), "search")
@example(Tag("17"), Subject(text="#17"), "search")
@example(Mention("foo.bar"), Subject(text="@foo.bar", mentions=("foo.bar",)), "search")
@example(And((Word("a"), Not(And((Word("b"), Word("c")))))), Subject(text="a b"), "stream")
@example(And((Word("a"), MinFollowers(9))), Subject(text="a", followers=9), "search")
def test_what_a_column_accepts_its_rules_accept(node, post: Subject, dialect: Dialect) -> None:
    query = Query(node)
    try:
        rules = compiled(query, OURS, dialect, 1024)
    except TooMuch:
        return
    accepted = [Reference(rule).accepts(post) for rule in rules]  # also reads every rule
    if holds(query, post):
        assert any(accepted), (say(query), rules)


@settings(max_examples=150)
@given(nodes, st.sampled_from(["stream", "search"]), st.integers(60, 512))
def test_every_rule_fits_and_stands(node, dialect: Dialect, most: int) -> None:
    try:
        rules = compiled(Query(node), OURS, dialect, most)
    except TooMuch:
        return
    for rule in rules:
        assert len(rule) <= most
        assert rule.endswith(" -is:retweet")
        assert "-(" not in rule
        assert "min_followers" not in rule or dialect == "stream"
        bare = [t for t in TOKEN.findall(rule) if t not in "()" and t != "OR" and t[0] != "-"]
        assert any(not token.startswith(CONDITIONS) for token in bare)


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("kettle", ["kettle -is:retweet"]),
        ("kettle lang:en -broken", ["kettle lang:en -broken -is:retweet"]),
        ("kettle OR teapot urn", ["(kettle OR (teapot urn)) -is:retweet"]),
        ("(kettle OR teapot) -(a OR b)", ["(kettle OR teapot) -a -b -is:retweet"]),
        ("kettle -(a b)", ["kettle -is:retweet"]),
        ("kettle (urn OR -cup)", ["kettle -is:retweet"]),
        ('"coca cola"', ['"coca cola" -is:retweet']),
        ("café", ["(café OR cafe) -is:retweet"]),
        ("network:bluesky kettle", []),
        ("network:x kettle", ["kettle -is:retweet"]),
        ("network:x kettle OR network:bluesky teapot", ["kettle -is:retweet"]),
        ("account:acme kettle", ["kettle -is:retweet"]),
        ("is:dm kettle", []),
        ("kettle -is:repost", ["kettle -is:retweet"]),
        ("from:someone.bsky.social", []),
        ("to:acme", ["(to:acme OR @acme) -is:retweet"]),
        ("kettle lang:he", ["kettle lang:iw -is:retweet"]),
        ("kettle min_followers:10", ["kettle -is:retweet"]),
        ("url:example.com/status", ['url:"example.com/status" -is:retweet']),
    ],
)
def test_how_columns_are_said_to_x(query: str, rules: list[str]) -> None:
    assert compiled(parse(query), OURS, "search", 512) == rules


def test_the_stream_also_asks_for_followers() -> None:
    rules = compiled(parse("kettle min_followers:10"), OURS, "stream", 1024)
    assert rules == ["kettle min_followers:10 -is:retweet"]


def test_a_long_list_becomes_several_rules() -> None:
    query = parse(" OR ".join(f"kettle{i}" for i in range(100)))
    rules = compiled(query, OURS, "search", 512)
    assert len(rules) > 1
    for i in range(100):
        post = Subject(text=f"my kettle{i}")
        assert any(Reference(rule).accepts(post) for rule in rules)


@pytest.mark.parametrize("query", ["lang:de", "has:media is:reply", "kettle OR lang:de"])
def test_what_only_narrows_is_too_much_in_words(query: str) -> None:
    with pytest.raises(TooMuch, match="to look for"):
        compiled(parse(query), OURS, "stream", 1024)


def test_what_is_too_long_is_too_much_in_words() -> None:
    with pytest.raises(TooMuch, match="too long for X"):
        compiled(parse(" ".join(f"kettle{i}" for i in range(80))), OURS, "search", 512)
