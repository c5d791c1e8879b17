"""Forms write into the text of a policy, and every word they do not mean stays."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanderling.core.policy import check, shipped_text
from sanderling.core.policy.editing import CannotWrite, add_table, put
from sanderling.core.policy.places import places

TEXT = """# The head of it all.
name = "Ours" # and why

[hours.office]   # Mondays only
zone = "Europe/Berlin"
monday = [
    "08:00-12:00",  # before lunch
    "13:00-18:00",
]

# How fast.
[[goals]]
name = "First"
when = 'followers > 3 && "[[goals]]" != topic'
answer = "4h"

[[goals]]
name = '''Second'''
answer = "8h" # for the rest
"""


def test_a_value_is_changed_and_all_else_stays():
    found = put(TEXT, ("goals", 1, "answer"), "6h")
    assert found == TEXT.replace('"8h" # for', '"6h" # for')
    found = put(TEXT, ("hours", "office", "monday"), ["09:00-17:00"])
    assert tomllib.loads(found)["hours"]["office"]["monday"] == ["09:00-17:00"]
    assert "# The head of it all." in found
    assert "# Mondays only" in found
    assert "# How fast.\n[[goals]]" in found


def test_a_value_is_added_below_its_fellows_and_taken_away_with_its_line():
    found = put(TEXT, ("goals", 0, "acknowledge"), "15m")
    assert 'answer = "4h"\nacknowledge = "15m"\n\n[[goals]]' in found
    assert put(found, ("goals", 0, "acknowledge"), None) == TEXT
    closed = put(TEXT, ("hours", "office", "closed"), [date(2026, 12, 24)])
    assert "]\nclosed = [2026-12-24]\n\n# How fast." in closed
    assert put(TEXT, ("undo",), 12).startswith(
        '# The head of it all.\nname = "Ours" # and why\nundo'
    )


def test_tables_and_entries_are_added_behind_their_like():
    found = add_table(TEXT, ("hours", "night shift"), {"monday": ["22:00-06:00"]})
    assert ']\n\n[hours."night shift"]\nmonday = ["22:00-06:00"]\n\n# How fast.' in found
    found = add_table(TEXT, ("forbidden", 0), {"name": "x", "words": ["a", 'b"'], "says": "y"})
    assert found.endswith('\n\n[[forbidden]]\nname = "x"\nwords = ["a", "b\\""]\nsays = "y"\n')
    found = add_table(TEXT, ("goals", 2), {"name": "Third", "answer": "1d"})
    assert [goal["name"] for goal in tomllib.loads(found)["goals"]] == ["First", "Second", "Third"]


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        (TEXT, ("goals", 7, "answer"), "Look again"),
        (TEXT, ("hours", "night", "monday"), "Look again"),
        (TEXT, ("name", "x"), "only the text"),
        ("goals = [{ answer = '4h' }]", ("goals", 0, "solve"), "only the text"),
        ("goals = [", ("goals", 0, "solve"), "First mend the text"),
    ],
)
def test_what_cannot_be_written_safely_is_left_alone(text, path, says):
    with pytest.raises(CannotWrite, match=says):
        put(text, path, "1d")


def test_the_forms_can_change_every_part_of_the_policy_that_ships():
    text = shipped_text()
    comments = [line for line in text.splitlines() if line.startswith("#")]
    for n, goal in enumerate(tomllib.loads(text)["goals"]):
        text = put(text, ("goals", n, "answer"), "3h" if "answer" in goal else "5h")
    text = add_table(text, ("hours", "office"), {"monday": ["08:00-18:00"]})
    text = put(text, ("hours", "office", "zone"), "Europe/Berlin")
    text = put(text, ("forbidden", 0, "words"), ["calm down", "relax"])
    assert [line for line in text.splitlines() if line.startswith("#")] == comments
    assert not [p for p in check(text).problems if "example" not in p.place]


keys = st.sampled_from(["answer", "monday", "a b", "é", "x.y", '"', "-"])
values = st.text(max_size=8) | st.lists(st.text(max_size=4), max_size=3) | st.booleans()


@settings(max_examples=200, deadline=None)
@given(keys, values, st.sampled_from([("goals", 0), ("goals", 1), ("hours", "office"), ()]))
def test_whatever_is_put_is_read_again_and_nothing_else_is(key, value, table):
    path = (*table, key)
    try:
        found = put(TEXT, path, value)
    except CannotWrite:
        assert isinstance(value, str | list)
        return
    wanted = tomllib.loads(TEXT)
    at = wanted
    for step in table:
        at = at[step]
    at[key] = value
    assert tomllib.loads(found) == wanted
    assert [line for line in found.splitlines() if line.startswith("#")] == [
        line for line in TEXT.splitlines() if line.startswith("#")
    ]


def test_every_key_of_the_policy_that_ships_is_found_on_its_line():
    text = shipped_text()
    lines = text.split("\n")
    found = places(text)
    raw = tomllib.loads(text)
    assert {("goals", n, "when") for n in range(len(raw["goals"]))} <= set(found)
    for path, place in found.items():
        key = path[-1] if isinstance(path[-1], str) else path[-2]
        assert str(key) in lines[place.line - 1], (path, place)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="[]{}=\"'#\n\\ .,ab1", max_size=60) | st.text(max_size=60))
def test_places_are_looked_for_in_any_text(text):
    for place in places(text).values():
        assert 1 <= place.line <= text.count("\n") + 1
        assert 0 <= place.start <= place.stop <= len(text)
