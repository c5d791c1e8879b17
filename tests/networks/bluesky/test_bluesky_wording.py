"""The links of a post, in its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.networks.bluesky.wording import Span, span, worded


def over(text: str, part: str, uri: str) -> Span:
    start = len(text[: text.index(part)].encode())
    return Span(start, start + len(part.encode()), uri)


@pytest.mark.parametrize(
    ("text", "part", "uri", "read"),
    [
        ("🛫 see a.example/lon… now", "a.example/lon…", "https://a.example/long/one",
         "🛫 see https://a.example/long/one now"),
        ("see https://a.example/", "https://a.example/", "https://a.example/",
         "see https://a.example/"),
        ("Log in at bank.example", "bank.example", "https://evil.example/login",
         "Log in at bank.example (https://evil.example/login)"),
        ("click here", "here", "https://evil.example/", "click here (https://evil.example/)"),
        ("click here", "here", "javascript:alert(1)", "click here"),
        ("click here", "here", "https://a.example/ https://b.example/", "click here"),
    ],
)  # fmt: skip
def test_a_reader_sees_where_a_link_leads(text, part, uri, read):
    assert worded(text, [over(text, part, uri)]) == read


def test_spans_that_overlap_or_cut_letters_are_not_looked_at():
    text, uri = "über alles", "https://a.example/"
    assert worded(text, [Span(1, 4, uri), Span(-1, 2, uri), Span(5, 99, uri)]) == text
    assert worded("abcd", [Span(0, 3, uri), Span(1, 4, uri)]) == f"abc ({uri})d"


LINKS = st.sampled_from(["https://a.example/x", "javascript:x", "x"])


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60), LINKS)))
def test_any_spans_only_ever_add_addresses_of_the_web(text, spans):
    read = worded(text, [Span(*one) for one in spans])
    assert "javascript" not in read or "javascript" in text
    if all(uri != "https://a.example/x" for *_, uri in spans):
        assert read == text


@pytest.mark.parametrize("index", [None, 7, {}, {"byteStart": "0", "byteEnd": 4}])
def test_a_facet_that_makes_no_sense_is_no_link(index):
    assert span(index, "https://a.example/") is None
