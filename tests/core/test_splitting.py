"""Long answers as numbered threads: nothing is lost, nothing whole is cut, nothing is too long."""

from __future__ import annotations

from contextlib import suppress

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from sanderling.core.splitting import MOST_PARTS, Space, Unsplittable, joined, split
from sanderling.core.text import length, links

COUNTS = ("weighted", "graphemes", "characters")
PIECES = st.sampled_from(
    [
        "a", "word ", "Done. ", "Really?! ", "end.\n\n", "e\u0301", "日本語。",
        "👩\u200d👩\u200d👧", "🇩🇪", "👍🏽", "1\ufe0f\u20e3", "क्षि", " ", "\n", "\r\n", "…", "… ",
        "  ", "1/3", "1/3 ",
        " https://example.com/a?b=c ", "@ada@social.example ", "#storm ", "example.de ", "12.50 ",
        "Donaudampfschifffahrtsgesellschaft ", "\u0301",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join))
SPACES = st.builds(Space, st.integers(40, 120), st.sampled_from(COUNTS), st.none())
SIGNS = st.sampled_from(["", " ^AB", " ^MÄX"])
WHOLE = regex.compile(r"(?<![\w@/])@\w[\w.-]*(?:@[\w.-]+)?|(?<!\w)#\w+")


def parts_of(text: str, space: Space, sign: str = "", most: int = 200) -> list[str]:
    try:
        return split(text, space, sign, most)
    except Unsplittable:
        assume(False)


def bodies(parts: list[str], sign: str) -> list[str]:
    of = len(parts)
    return [joined([(n, of, post)], sign) for n, post in enumerate(parts, 1)]


@given(TEXTS, SPACES, SIGNS)
def test_the_parts_give_the_text_again(text: str, space: Space, sign: str) -> None:
    parts = parts_of(text, space, sign)
    assert "".join(bodies(parts, sign)) == text
    numbered = [(n, len(parts), post) for n, post in enumerate(parts, 1)]
    assert joined(numbered, sign) == text


@given(TEXTS, SPACES, SIGNS)
def test_every_part_fits_and_is_numbered_and_the_last_is_signed(text, space, sign) -> None:
    parts = parts_of(text, space, sign)
    for n, post in enumerate(parts, 1):
        assert length(post, space.counts) <= space.most
        if len(parts) > 1:
            assert post.removesuffix(sign if n == len(parts) else "").endswith(f"{n}/{len(parts)}")
    assert parts[-1].endswith(sign)


@given(TEXTS, SPACES, SIGNS)
def test_no_letter_link_name_or_tag_is_cut(text: str, space: Space, sign: str) -> None:
    parts = parts_of(text, space, sign)
    cuts, at = set(), 0
    for body in bodies(parts, sign)[:-1]:
        at += len(body)
        cuts.add(at)
    letters = {match.end() for match in regex.finditer(r"\X", text)}
    assert cuts <= letters
    whole = [*links(text), *(match.span() for match in WHOLE.finditer(text))]
    assert not [at for at in cuts for start, stop in whole if start < at < stop]


WORDS = st.lists(st.text("abcdeß日é", min_size=1, max_size=9), max_size=80).map(" ".join)


@given(WORDS, SPACES)
def test_words_are_cut_only_where_they_fill_a_post(text: str, space: Space) -> None:
    parts = parts_of(text, space)
    assert not [post for post in parts[:-1] if "…" in post]


@given(st.text(), st.integers(-2, 40), st.sampled_from(COUNTS), SIGNS)
def test_any_text_is_split_or_refused_in_words(text, most, counts, sign) -> None:
    with suppress(Unsplittable):
        assert split(text, Space(most, counts), sign)


@given(st.text("äé日👍🏽 .", min_size=1, max_size=200), st.integers(60, 120))
def test_bytes_bound_the_parts_as_well(text: str, most: int) -> None:
    space = Space(300, "graphemes", most)
    for post in parts_of(text, space):
        assert len(post.encode()) <= most


def test_what_fits_is_one_post_without_a_number() -> None:
    assert split("x" * 276, Space(280, "weighted"), " ^AB") == ["x" * 276 + " ^AB"]


def test_sentences_are_kept_whole_and_paragraphs_even_more() -> None:
    said = "One two three. Four five six seven. Eight nine ten eleven twelve."
    assert split(said, Space(44, "graphemes"), " ^AB") == [
        "One two three. Four five six seven. 1/2",
        "Eight nine ten eleven twelve. 2/2 ^AB",
    ]
    said = "Dear Jonas, thank you.\n\nWe mend it. Then we call you back on Friday."
    assert split(said, Space(48, "graphemes"))[0] == "Dear Jonas, thank you.\n\n1/2"


def test_a_link_goes_into_the_next_part_as_a_whole() -> None:
    link = "https://northwind.example/" + "a" * 30
    parts = split(f"Here is how you do it, step by step: {link}", Space(70, "graphemes"))
    assert parts == ["Here is how you do it, step by step: 1/2", f"{link} 2/2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://northwind.example/" + "a" * 300, "too long for one post"),
        ("word " * 900, "9 posts"),
    ],
)
def test_what_cannot_be_a_thread_is_refused(text: str, words: str) -> None:
    with pytest.raises(Unsplittable, match=words):
        split(text, Space(280, "graphemes"))


def test_a_long_thread_has_an_end() -> None:
    assert len(split("word " * 450, Space(280, "graphemes"))) == MOST_PARTS
