"""A list of customers is read whole, or every bad line is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.customers import (
    COLUMNS,
    LONGEST,
    MOST_ENTRIES,
    Line,
    Sought,
    answered,
    read,
)

NETWORKS = ("bluesky", "mail", "x")


def bad(text: str) -> str:
    found = read(text, NETWORKS)
    return "\n".join(str(b) for b in found.bad)


def test_a_file_is_read_whatever_the_order_of_its_columns():
    text = "plan;Until;NETWORK;handle\nbusiness;2027-03-31;bluesky;@Lena\n\n"
    found = read("\ufeff" + text, NETWORKS)
    assert not found.bad
    assert found.lines == [
        Line(2, handle="Lena", network="bluesky", plan="business",
             until=datetime(2027, 4, 1, tzinfo=UTC))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing"),
        ("handle,network,shoe size\n", "“shoe size”"),
        ("plan,until\n", "is named by reference"),
        ("email,email\n", "twice"),
        ("reference,plan\nC-1\n", "Line 2: It has 1 fields"),
        ("reference,handle,network\nC-1,lena,\n", "A handle needs its network"),
        ("handle,network\nlena,myspace\n", "no network “myspace”. There are bluesky, mail, x"),
        ("email\nlena\n", "is no e-mail address"),
        ("email,plan\n,gold\n", "It names nobody"),
        ("reference,plan,until\nC-1,gold,31.3.2027\n", "Write the last day as 2027-03-31"),
        ("reference,plan,until\nC-1,gold,9999-12-31\n", "Write the last day"),
        ("reference,plan,until\nC-1,,2027-03-31\n", "not which plan"),
        ("reference,plan\nC-1,gold\nC-1,silver\n", "Line 3: It says otherwise than line 2"),
        ("reference,plan\nC-1," + "x" * 201 + "\n", "more than 200"),
        ('reference,plan\n"C-1,gold\n', "cannot be read as CSV"),
        ("reference\nC\0-1\n", "no text"),
        ("reference\n" + "x" * LONGEST, "Split it"),
    ],
)
def test_what_is_wrong_is_named(text, says):
    assert says in bad(text)


def test_every_bad_line_is_named_not_only_the_first():
    said = bad("email,plan\nno,a\nlena@example.org,b\nneither,c\n")
    assert "Line 2:" in said
    assert "Line 4:" in said
    assert "Line 3:" not in said


def test_one_customer_may_have_several_lines_if_they_agree():
    text = "reference,handle,network,plan\nC-1,lena,x,gold\nC-1,lena.b,bluesky,gold\n"
    assert not bad(text)


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text):
    found = read(text, NETWORKS)
    assert found.bad or found.tells


@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6))
def test_no_lines_make_it_stumble(rows):
    text = "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)])
    found = read(text, NETWORKS)
    for line in found.lines:
        assert line.reference or line.email or (line.handle and line.network)


# A register's answer

OLGA = {"network": "x", "handle": "Olga", "plan": "gold", "until": "2027-03-31", "shoe size": 38}
SOUGHT = [
    Sought("x", "olga"),
    Sought("bluesky", "per.example"),
    Sought("mail", "per@fjord.example", "per@fjord.example"),
]


def told(*customers: object):
    return answered({"customers": list(customers)}, SOUGHT)


def test_an_answer_is_read_with_the_checks_of_a_file():
    found = told(OLGA)
    assert not found.bad
    assert found.lines == [
        Line(1, handle="Olga", network="x", plan="gold", until=datetime(2027, 4, 1, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("olga", "It is no customer"),
        (["olga"], "It is no customer"),
        (None, "It is no customer"),
        ({**OLGA, "plan": 7}, "Its plan is no text"),
        ({**OLGA, "handle": {"name": "olga"}}, "Its handle is no text"),
        ({**OLGA, "name": "a\0b"}, "Its name has empty bytes"),
        ({**OLGA, "plan": "x" * 201}, "more than 200"),
        ({**OLGA, "network": "myspace"}, "no network “myspace”"),
        ({**OLGA, "network": None}, "A handle needs its network"),
        ({**OLGA, "email": "olga"}, "is no e-mail address"),
        ({**OLGA, "until": "soon"}, "Write the last day"),
        ({**OLGA, "plan": None}, "not which plan"),
        ({"plan": "gold"}, "It names nobody"),
    ],
)
def test_what_is_bad_is_named_by_its_place_and_the_rest_is_kept(entry, says):
    per = {"network": "bluesky", "handle": "per.example", "plan": "silver"}
    found = told(entry, per)
    assert [b.line for b in found.bad] == [1]
    assert says in found.bad[0].says
    assert [c.handle for c in found.lines] == ["per.example"]


@pytest.mark.parametrize(
    "stranger",
    [
        {"network": "x", "handle": "oskar", "plan": "gold"},
        {"network": "bluesky", "handle": "olga", "plan": "gold"},
        {"network": "x", "handle": "oskar", "email": "per@fjord.example", "plan": "gold"},
        {"email": "someone@else.example", "plan": "gold"},
        {"reference": "C-1", "plan": "gold"},
    ],
)
def test_nobody_but_those_who_were_asked_about_is_told_of(stranger):
    found = told(stranger)
    assert (found.lines, found.bad) == ([], [])


def test_who_writes_letters_is_known_by_their_address():
    found = told({"network": "mail", "email": "Per@Fjord.example", "plan": "gold"})
    assert [(c.email, c.plan) for c in found.lines] == [("per@fjord.example", "gold")]


def test_what_an_entry_does_not_say_of_a_plan_is_not_that_there_is_none():
    nothing, none = ({"network": "x", "handle": "olga"}, {"email": "per@fjord.example", "plan": ""})
    assert [c.silent for c in told(nothing, none).lines] == [True, False]


def test_of_two_entries_that_contradict_each_other_the_first_counts():
    found = told(OLGA, {**OLGA, "plan": "silver"})
    assert [c.plan for c in found.lines] == ["gold"]
    assert [b.line for b in found.bad] == [2]


def test_an_endless_answer_is_read_no_further():
    found = told(*[{"network": "x", "handle": "oskar"}] * MOST_ENTRIES, OLGA)
    assert found.lines == []
    assert "was not read" in found.bad[0].says


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(COLUMNS) | st.text(max_size=9), inner, max_size=5)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(["x", "olga", "OLGA", "mail", "per@fjord.example", "gold", "", "@", "\0"])
ENTRIES = st.lists(st.dictionaries(st.sampled_from(COLUMNS), FIELDS | JSON, max_size=7) | JSON)


@given(JSON | st.builds(lambda entries: {"customers": entries}, ENTRIES))
def test_no_json_makes_it_stumble_or_tell_of_strangers(whatever):
    found = answered(whatever, SOUGHT)
    handles, emails = {s.handle for s in SOUGHT}, {s.email for s in SOUGHT if s.email}
    for line in found.lines:
        assert line.handle.lower() in handles if line.handle else line.email in emails
