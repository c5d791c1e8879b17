"""A text that is no policy is refused with every mistake, its place and what to do about it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.policy.writing import GOAL, OFFICE, looked_at, policy, problems
from sanderling.core.policy import check, shipped_text

SHIPPED = shipped_text()


def test_the_policy_that_ships_fits_and_all_its_examples_pass():
    found = check(SHIPPED)
    assert not found.problems
    assert len(found.tried) >= 6
    assert all(one.passed for one in found.tried)


def test_every_mistake_is_named_with_its_line():
    text = """name = "Test"
undo = "8"
[hours.office]
zone = "Mars/Base"
monday = ["8-18"]
holidays = "DE-XX"
[[goals]]
name = "Fast"
wen = "x"
when = 'kind == "complant"'
answer = "4 hours"
[[goals]]
name = "Slow"
when = "tonne > 3"
hours = "nights"
answer = "4h"
[[routes]]
team = "Care"
when = "followers"
"""
    found = check(text)
    assert found.policy is None
    assert [(p.line, p.place) for p in found.problems] == [
        (2, "undo"),
        (4, "hours, office, zone"),
        (5, "hours, office, monday"),
        (6, "hours, office, holidays"),
        (9, "goals 1 “Fast”, wen"),
        (10, "goals 1 “Fast”, when"),
        (11, "goals 1 “Fast”, answer"),
        (14, "goals 2 “Slow”, when"),
        (15, "goals 2 “Slow”, hours"),
        (17, "routes 1"),
        (19, "routes 1, when"),
    ]
    assert "Did you mean “when”?" in found.problems[4].says
    assert "There are complaint, other" in found.problems[5].says
    assert "Write it as 15m, 4h or 1d 2h" in found.problems[6].says
    assert "there is no “tonne” here" in found.problems[7].says


WRONG = {
    "nothing at all": ("", "“goals” is missing"),
    "a goal that promises nothing": ('[[goals]]\nname = "x"', "promises nothing"),
    "a condition that is none": (GOAL.replace('"true"', '"followers"'), "true or false"),
    "an empty condition": (GOAL.replace('"true"', '""'), "A condition is missing"),
    "a long condition": (GOAL.replace('"true"', f'"{"true || " * 100} true"'), "longer than"),
    "a deep condition": (GOAL.replace('"true"', f'"{"(" * 40}true{")" * 40}"'), "deeply"),
    "a loop": (GOAL.replace("true", "flags.all(f, f == 'safety')"), "there is no “f”"),
    "a pattern in a condition": (GOAL.replace("true", "topic.matches('a+')"), "no “matches”"),
    "a comparison of unlike things": (GOAL.replace("true", "tone > 'angry'"), "overload"),
    "a flag that is none": (GOAL.replace("true", "'unsafe' in flags"), "“unsafe” is no flag"),
    "a room that is none": (GOAL.replace("true", "room in ['private']"), "is no room"),
    "a plan that is none": (GOAL.replace("true", "plan == 'gold'"), "no plan “gold”"),
    "no time at all": (GOAL.replace('"4h"', '"0m"'), "more than nothing"),
    "two goals of one name": (GOAL + GOAL, "stands twice"),
    "a goal that is never reached": (GOAL + GOAL.replace("thing", "body"), "never reached"),
    "hours that never come": (GOAL + "[hours.x]", "never open"),
    "a zone that is none": ('zone = "Atlantis"' + GOAL, "no time zone “Atlantis”"),
    "an hour that is none": (GOAL + '[hours.x]\nmonday = ["25:00-26:00"]', "are no hours"),
    "no hour between": (GOAL + '[hours.x]\nmonday = ["08:00-08:00"]', "are no hours"),
    "a date that is none": (
        GOAL + OFFICE + '[hours.office.on]\n"2026-02-30" = []',
        "is no date",
    ),
    "a country that is none": (GOAL + OFFICE + 'holidays = "Bavaria"', "No holidays are known"),
    "a warning of nothing": (GOAL + "[warn]\nanswer = 0", "1 to 90"),
    "an approval without a line": (
        GOAL + '[[approvals]]\nname = "x"\nwhen = "true"\nreason = "y"\nexpires = "1h"',
        "a holding line",
    ),
    "an example without a wish": (
        GOAL + '[[examples]]\nname = "x"\nexpect = {}',
        "expects nothing",
    ),
    "a way that is none": (GOAL + '[assignment]\nway = "random"', "least loaded"),
    "a pattern that is none": (
        GOAL + "[[patterns]]\nname = 'x'\npattern = '('\nsays = 'y'",
        "no regular expression",
    ),
    "a pattern that takes for ever": (
        GOAL + "[[patterns]]\nname = 'x'\npattern = '(?:a+)+$'\nsays = 'y'",
        "takes too long",
    ),
    "a storm below the waves": (GOAL + "[incidents]\nchoppy = 9\nstorm = 9", "more than 9"),
    "a sea that is always choppy": (GOAL + "[incidents]\nchoppy = 0", "a number above 0"),
    "a word every minute": (GOAL + '[incidents]\nupdate = "4m"', "at least five minutes"),
    "a first word at once": (GOAL + '[incidents]\nfirst_word = "0m"', "more than nothing"),
    "an approval by nobody": (GOAL + '[incidents]\napprove = " "', "the name of a team"),
    "a round of none": (GOAL + "[incidents]\nper_hour = 0", "1 to 20,000 answers"),
    "a round of all": (GOAL + "[incidents]\nkeep_free = 99", "0 to 95"),
    "a step that is none": (GOAL + '[incidents]\nalerts = ["flood"]', "suspected"),
    "a step told twice": (GOAL + '[incidents]\nalerts = ["storm", "storm"]', "stands twice"),
    "a control sign": (GOAL.replace("Everything", "Every\\u0000thing"), "control sign"),
    "a list where a table stands": ("hours = []" + GOAL, "must be"),
    "a table where a list stands": ("goals = {}", "must be"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused_in_words(name):
    text, says = WRONG[name]
    found = problems(text)
    assert any(says in one for one in found), found
    assert not any("Traceback" in one or "Error" in one for one in found)


def test_an_example_that_fails_says_what_was_expected_and_what_came_out():
    found = looked_at(
        'zone = "Europe/Berlin"',
        OFFICE,
        GOAL.replace("answer", 'hours = "office"\nanswer'),
        '[[routes]]\nname = "All"\nwhen = "true"\nteam = "Care"',
        """
[[examples]]
name = "Right"
post = { at = 2026-11-20T16:30:00 }
expect = { team = "Care", acknowledge = 2026-11-23T09:30:00, answer = "4h", solve = "" }
[[examples]]
name = "Wrong"
post = { at = 2026-11-20T16:30:00 }
expect = { team = "Billing", acknowledge = 2026-11-20T17:30:00, answer = "2h", solve = "1d" }
""",
    )
    assert found.policy is None
    assert [one.passed for one in found.tried] == [True, False]
    assert [p.says for p in found.problems] == [
        "team: expected Billing, but Care came out (by “All”).",
        "acknowledge: expected 2026-11-20 17:30, but 2026-11-23 09:30 came out (by “Everything”).",
        "answer: expected 2h, but 4h came out (by “Everything”).",
        "solve: expected 1d, but nothing came out.",
    ]
    assert all(p.place == "example “Wrong”" and p.line > 0 for p in found.problems)


def test_an_example_may_say_what_needs_approval():
    approval = '[[approvals]]\nname = "Links"\nwhen = "has_link"\nreason = "Read it first."'
    example = '[[examples]]\nname = "x"\nsay = {{ text = "{}" }}\nexpect = {{ approval = "{}" }}'
    policy(GOAL, approval, example.format("See https://x.example", "Links"))
    policy(GOAL, approval, example.format("See you", ""))
    (wrong,) = problems(GOAL, approval, example.format("See you", "Links"))
    assert "approval: expected Links, but nothing came out." in wrong


def test_the_largest_policy_that_is_allowed_can_be_asked():
    condition = "followers > 100 || " * 34 + "false"
    goals = [f'[[goals]]\nname = "g{n}"\nwhen = "{condition}"\nanswer = "4h"' for n in range(60)]
    routes = [f'[[routes]]\nname = "r{n}"\nwhen = "{condition}"\nteam = "t{n}"' for n in range(60)]
    assert len(condition) > 600
    assert policy(*goals, *routes)
    assert any("At most 60" in one for one in problems(*goals, GOAL))


HOSTILE = {
    "deep lists": ("a = " + "[" * 50_000, "nested too deeply"),
    "deep tables": ("a = " + "{a = " * 15_000, "nested too deeply"),
    "a long dotted key": ("a." * 40_000 + "a = 1", "nested too deeply"),
    "a long quoted key": ('"a" . ' * 9_000 + "a = 1", "nested too deeply"),
    "long dotted heads": ("".join(f"[{'a.' * 40}b{n}]\n" for n in range(999)), "too deeply"),
    "a giant number": ("undo = " + "9" * 90_000, "TOML"),
    "a large number": ("undo = " + "9" * 4_000, "not that large"),
    "a giant text": (f'name = "{"x" * 99_000}"', "1,000 characters"),
    "many quotes": ('"' * 99_999, "TOML"),
    "many brackets": ("[" * 99_999, "TOML"),
    "many heads": ("[[goals]]\n" * 9_000, "At most 60"),
    "many mistakes": ("\n".join(f"a{n} = 1" for n in range(9_000)), "8,902 more like these"),
    "too long": (" " * 200_000, "100,000 characters"),
    "lonely halves": ('name = "\ud800"', "control sign"),
    "a nothing": ("\x00", "TOML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_before_it_costs_much(name):
    text, says = HOSTILE[name]
    assert any(says in problem.says for problem in check(text).problems)


pieces = st.sampled_from(
    ["[[goals]]", "[goals]", "[hours.office]", '"', "'''", '"""', "[", "]", "{", "}", "=", "\n",
     "#", "when = ", "true", "2026-02-30", "9" * 30, "name", ".", ",", "\\u0000", "é", "\ud800"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_a_policy_makes_the_check_fail(data):
    text = SHIPPED
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(pieces | st.text(max_size=8)) + text[stop:]
    found = check(text)
    assert (found.policy is None) == bool(found.problems)
    assert all(0 <= p.line <= text.count("\n") + 1 for p in found.problems)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_make_the_check_fail(given):
    assert check(given.decode("utf-8", "surrogateescape")).problems
