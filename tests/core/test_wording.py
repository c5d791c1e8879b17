"""Templates: variables, variations, and values that are never taken for either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.sameness import worded
from sanderling.core.wording import (
    LONGEST,
    VARIABLES,
    Unclear,
    check,
    first_name,
    nth,
    plain,
    render,
    variables,
    variants,
)

VALUES = {
    "name": "Lena", "handle": "@lena", "agent": "Ada", "account": "NorthwindCare", "case": "12",
}  # fmt: skip
HOSTILE = st.text(st.sampled_from("aé{}[]|\\^"), max_size=12) | st.sampled_from(
    ["{agent}", "[a|b]", "\\[x\\]", "{name}", "{{case}}"]
)
WORDS = st.text(st.sampled_from("abc ,.!é\\[]|{}"), max_size=8).map(plain)


def variation(inner):
    return st.lists(inner, min_size=2, max_size=4, unique=True).map("|".join).map("[{}]".format)


PIECES = WORDS | st.sampled_from([f"{{{name}}}" for name in VARIABLES])
INNER = st.lists(PIECES, max_size=3).map("".join)
NESTED = st.lists(INNER | variation(INNER), max_size=2).map("".join)
TEMPLATES = st.lists(
    PIECES | variation(INNER) | variation(NESTED), min_size=1, max_size=4
).map("".join).filter(lambda text: not check(text))  # fmt: skip


def test_a_wording_is_chosen_and_filled_in():
    text = "[Hello|Hi|Good [day|morning]] {name}, this is {agent} of {account}: case {case}."
    assert variants(text) == 4
    assert sorted(nth(text, VALUES, n).split(" Lena")[0] for n in range(4)) == [
        "Good day", "Good morning", "Hello", "Hi",
    ]  # fmt: skip
    assert nth(text, VALUES, 0).endswith(" Lena, this is Ada of NorthwindCare: case 12.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello {surname}", "there is no {surname}. There are {name}, {handle}"),
        ("Hello {}", "there is no {}"),
        ("Hello {name", "never ends"),
        ("Hello name}", "none has begun"),
        ("[Hello|Hi", "never ends"),
        ("Hello]", "none has begun"),
        ("[Hello]", "needs two wordings"),
        ("[Hello|Hello]", "same wording twice"),
        ("[a|[b|[c|d]]]", "too deep"),
        ("one\ntwo {x}", "Line 2, character 5"),
        ("\\n", "backslash stands alone"),
        ("  ", "nothing in this template"),
        ("x" * (LONGEST + 1), "5,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text, says):
    assert says in " ".join(check(text))
    with pytest.raises(Unclear):
        render(text, VALUES, 1)


def test_signs_can_be_written_as_such():
    assert render("\\[sic\\] \\{name\\} a\\|b a|b \\\\", VALUES, 3) == "[sic] {name} a|b a|b \\"


def test_a_value_that_is_not_known_is_said():
    with pytest.raises(Unclear, match=r"Nothing is known for \{case\}"):
        render("[a|{case}]", {"name": "Lena"}, 1)


@given(TEMPLATES, st.integers())
def test_the_same_seed_gives_the_same_words(text, seed):
    assert render(text, VALUES, seed) == render(text, VALUES, seed)
    ways = {nth(text, VALUES, n) for n in range(min(variants(text), 200))}
    if variants(text) <= 200:
        assert render(text, VALUES, seed) in ways


@given(TEMPLATES, st.dictionaries(st.sampled_from(list(VALUES)), HOSTILE), st.integers(0, 10**6))
def test_values_are_words_and_never_read_as_a_template(text, given_values, number):
    """Filled with marks first, and the marks replaced afterwards, it says just the same."""
    values = VALUES | given_values
    marks = {name: f"\0{name}\0" for name in VALUES}
    pieces = nth(text, marks, number).split("\0")  # words, name of a variable, words, …
    expected = [values[piece] if n % 2 else piece for n, piece in enumerate(pieces)]
    assert nth(text, values, number) == "".join(expected)


@given(HOSTILE)
def test_a_customer_is_called_what_they_are_called(name):
    assert render("Hello {name}!", {"name": name}, 1) == f"Hello {name}!"


@given(st.text(max_size=50).filter(str.strip))
def test_any_text_can_be_made_a_template_that_says_it(text):
    assert check(plain(text)) == []
    assert render(plain(text), {}, 5) == text


@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text):
    if not check(text):
        assert isinstance(render(text, VALUES, 0), str)
        assert variables(text) <= VALUES.keys()


@given(TEMPLATES, st.integers(1, 12), st.integers())
def test_no_two_read_alike_while_there_are_other_wordings(text, count, seed):
    each = [VALUES | {"name": f"\x02{n}\x02"} for n in range(count)]
    texts = worded(text, each, seed)
    assert texts == worded(text, each, seed)
    wordings = [said.replace(f"\x02{n}\x02", "\x02") for n, said in enumerate(texts)]
    marked = VALUES | {"name": "\x02"}
    possible = {nth(text, marked, n) for n in range(min(variants(text), 500))}
    if variants(text) <= 500:
        most = max(wordings.count(one) for one in wordings)
        assert len(set(wordings)) >= min(count, len(possible)) or most == 1
        assert most <= -(-count // len(possible))


def test_a_name_is_a_short_first_word_or_the_handle():
    assert first_name("Lena Maria Ort", "lena") == "Lena"
    assert first_name("", "lena") == first_name("x" * 25, "lena") == "@lena"
