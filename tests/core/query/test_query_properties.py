"""Laws of the query language over generated queries and texts in nasty Unicode.

The reference below reads the rules of `fold` and the tree anew, character by character and without
any index, so that a mistake would have to be made twice.
"""

import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sanderling.core.query import Matcher, QueryError, Subject, holds, parse, say
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

SCRIPTS_WITHOUT_SPACES = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
    "HANGUL",
)
OWN_LETTERS = {
    "ı": "i",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "æ": "ae",
    "œ": "oe",
    **{letter: letter for letter in "йїў"},
}

# ---- the reference


def pieces(text):
    """(kind, characters): `w` part of a word, `s` a token by itself, `#`, or a gap."""
    text = text.replace("™", " ").replace("℠", " ")
    for char in unicodedata.normalize("NFKC", text).casefold():
        if char in OWN_LETTERS:
            yield from (("w", letter) for letter in OWN_LETTERS[char])
            continue
        bare = [c for c in unicodedata.normalize("NFKD", char) if not decorates(c)]
        for c in unicodedata.normalize("NFC", "".join(bare)):
            kind = unicodedata.category(c)
            if c == "#" or c == "_" or (c.isascii() and c.isalnum()):
                yield ("#" if c == "#" else "w"), c
            elif c.isascii() or kind[0] in "ZP" or kind in ("Cc", "Cs"):
                yield "gap", " "
            elif kind[0] in "LNM":
                name = unicodedata.name(c, "")
                yield ("c" if name.startswith(SCRIPTS_WITHOUT_SPACES) else "w"), c
            elif kind != "Cf":
                yield "s", c


def decorates(char):
    if unicodedata.category(char) == "Me" or "VARIATION SELECTOR" in unicodedata.name(char, ""):
        return True
    return unicodedata.combining(char) not in {0, *range(2, 10), *range(37, 200)}


def tokens(text):
    found, word = [], ""
    for kind, char in [*pieces(text), ("gap", "")]:
        if kind == "w":
            word += char
            continue
        found += [word] if word else []
        word = ""
        found += [char] if kind in "sc" else []
    return found


def tags(text):
    found, before, tag = set(), "gap", None
    for kind, char in [*pieces(text), ("gap", "")]:
        if kind in ("w", "c"):
            tag = tag + char if tag is not None else None
        else:
            found |= {tag} if tag else set()
            tag = "" if kind == "#" and before not in ("w", "c") else None
        before = kind
    return found


def stands_in(term, text):
    wanted, there = tokens(term), tokens(text)
    return any(there[i : i + len(wanted)] == wanted for i in range(len(there)))


def fits(node, s):  # noqa: C901 - one line a kind of leaf
    match node:
        case And(parts):
            return all([fits(part, s) for part in parts])
        case Or(parts):
            return any([fits(part, s) for part in parts])
        case Not(part):
            return not fits(part, s)
        case Word(text) | Phrase(text):
            return stands_in(text, s.text)
        case Url(text):
            return any(stands_in(text, link) for link in s.links)
        case Tag(text):
            return bool(tags(f"#{text}") & tags(s.text))
        case Mention(text):
            return text.lower() in [handle.lower() for handle in s.mentions]
        case From(text):
            return text.lower() == s.handle.lower()
        case To(text):
            return text.lower() == (s.reply_to or "").lower()
        case Account(text):
            return text.lower() == s.account.lower()
        case OnNetwork(text):
            return text.lower() == s.network.lower()
        case Lang(text):
            return text.lower() == (s.lang or "").lower().split("-")[0]
        case Has(what):
            return s.has_media if what == "media" else s.links != ()
        case Is(what):
            return {"reply": s.is_reply, "repost": s.is_repost, "quote": s.is_quote, "dm": s.is_dm}[
                what
            ]
        case MinFollowers(count):
            return (s.followers or 0) >= count
    raise AssertionError(node)


# ---- what is generated

BITS = [
    *("a", "b", "ab", "A", "É", "e\u0301", "é", "ß", "SS", "İ", "ı", "ﬁ", "fi", "Σ", "ς", "ø", "Æ"),
    *(
        "й",
        "и\u0306",
        "и",
        "ё",
        "ў",
        "ї",
        "ガ",
        "ｶﾞ",
        "か\u3099",
        "カ",
        "注",
        "文",
        "한",
        "ㅎ",
        "\u1112\u1161",
    ),
    *("ก", "ิ", "हि", "न्", "שָ", "خِ", "ﷺ", "Ꭰ", "ꭰ", "ᾳ", "α\u0345", "½", "①", "²", "_", "7", "٣"),
    *(
        "😡",
        "❤️",
        "❤",
        "👏🏽",
        "🇳🇱",
        "👩\u200d💻",
        "™",
        "€",
        "1\ufe0f\u20e3",
        "≠",
        "\ue000",
        "\U0001fae8",
    ),
]
GAPS = [
    " ",
    "  ",
    "\n",
    "\t",
    ", ",
    "-",
    "'",
    "’",
    ".",
    "\u00a0",
    "\u3000",
    "\x00",
    "\x1f",
    "\ud800",
    "「",
]
GLUE = ["", "", "\u200b", "\ufeff", "\u00ad", "\u0301", "#", "＃", "@", "/", "™"]

# Half of all bits are of a few, so that queries and texts meet often.
bits, gaps, glue = (
    st.sampled_from(["a", "b", "é", "注", "😡"]) | st.sampled_from(BITS),
    st.sampled_from(GAPS),
    st.sampled_from(GLUE),
)
terms = st.lists(st.one_of(bits, bits, glue), min_size=1, max_size=3).map("".join)
texts = st.lists(st.one_of(bits, bits, gaps, glue), max_size=14).map("".join)
handles = st.sampled_from(["ada", "Ada", "ben.example", "cy@sea.example"])
phrases = st.lists(st.one_of(bits, gaps), min_size=1, max_size=5).map("".join)

leaves = st.one_of(
    terms,
    terms,
    phrases.map('"{}"'.format),
    bits.map("#{}".format),
    handles.map("@{}".format),
    handles.map("from:{}".format),
    handles.map("to:{}".format),
    handles.map("account:{}".format),
    bits.map('url:"{}"'.format),
    st.sampled_from(["network:x", "lang:de", "has:media", "has:links", "min_followers:10"]),
    st.sampled_from(["is:reply", "is:repost", "is:quote", "is:dm", "min_followers:0"]),
)
query_texts = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        inner.map("({})".format),
        st.tuples(inner, inner).map("{0[0]} -({0[1]})".format),
    ),
    max_leaves=6,
)
subjects = st.builds(
    Subject,
    text=texts,
    handle=handles,
    mentions=st.lists(handles, max_size=2).map(tuple),
    reply_to=st.none() | handles,
    lang=st.sampled_from([None, "de", "DE-at", "en"]),
    followers=st.sampled_from([None, 0, 9, 10]),
    links=st.lists(terms, max_size=2).map(tuple),
    has_media=st.booleans(),
    is_reply=st.booleans(),
    is_repost=st.booleans(),
    is_quote=st.booleans(),
    is_dm=st.booleans(),
    network=st.sampled_from(["x", "bluesky"]),
    account=handles,
)


def readable(text):
    try:
        return parse(text)
    except QueryError:
        return None


queries = query_texts.map(readable).filter(lambda query: query is not None)


# ---- the laws


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(columns=st.lists(queries, max_size=12), page=st.lists(subjects, max_size=5))
def test_the_matcher_finds_what_the_obvious_reading_of_each_tree_finds(columns, page):
    found = Matcher(enumerate(columns)).match(page)
    assert found == [[i for i, q in enumerate(columns) if holds(q, s)] for s in page]
    assert found == [[i for i, q in enumerate(columns) if fits(q.root, s)] for s in page]


@settings(max_examples=300)
@given(term=terms, before=texts, after=texts)
def test_a_term_is_found_exactly_where_its_tokens_stand(term, before, after):
    query = readable(term)
    if query is None:
        return
    for text in (before + term + after, f"{before} {term}.{after}", before + after):
        subject = Subject(text=text)
        assert holds(query, subject) == fits(query.root, subject)


@given(queries)
def test_what_is_said_is_read_back_as_the_same_query(query):
    assert parse(say(query)) == query
    assert say(parse(say(query))) == say(query)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), query_texts, st.text('()"- OR:#@a”', max_size=60)))
@example("(" * 4096)
@example('"' * 4095)
@example("-" * 4096)
@example("a OR " * 800)
@example("a" * 4096 + "(")
@example("-(" * 2000)
@example("ﷺ" * 4096)
@example("ㅤ" * 4096)
def test_no_text_makes_the_parser_fail_in_another_way_than_it_promises(text):
    query = readable(text)
    if query is not None:
        assert parse(say(query)) == query
        return
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert 0 <= raised.value.at <= len(text)
    assert raised.value.length >= 0
    assert len(str(raised.value)) < 600


@given(st.lists(st.text(max_size=40), max_size=4))
@example(["\ud800#\udfff", "\x1f#a\x1fb", "#" * 5000, "﷽" * 3000])
def test_no_post_makes_the_matcher_fail(page):
    columns = dict(enumerate(map(parse, ["a", "#a", "a -b", "url:a", "is:dm", "@a OR lang:de"])))
    found = Matcher(columns).match([Subject(text=text, handle=text) for text in page])
    assert [[c for c, q in columns.items() if holds(q, Subject(text=t))] for t in page] == found
