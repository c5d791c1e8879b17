"""The review of an incident: what it says of the facts, and that nothing written in them is more
than words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.review import Event, Facts, Told, Word, broken, markdown, review

NOW = datetime(2026, 10, 13, 9, 5, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def facts(**changes: Any) -> Facts:
    given: dict[str, Any] = {
        "number": 31, "name": "No signal", "drill": False, "over": True, "cause": "A mast",
        "began_at": at(0), "noticed_at": at(12), "confirmed_at": at(24), "ended_at": at(240),
        "posts": 1_412, "authors": 1_238, "levels": (("choppy", at(30)), ("storm", at(60))),
        "first_word": timedelta(minutes=20),
        "words": (
            Word(at(26), "We see it", "We see it", "Mira", at(65)),
            Word(at(63), "Cause known", "A mast", "Lena", at(100)),
            Word(at(120), "All clear", "Back again", "Mira"),
        ),
        "acknowledged": Told(900, 812, 14, (("blocked us", 74),)), "closed": Told(812, 800, 12),
        "cases": 40, "cases_open": 3, "playbook": "Service down", "done": 9,
        "undone": ("Read the review",), "left_out": (("Call the shops", "none open"),),
        "led": (("Lead", "Lena, Ada"),), "cost": "$8.12",
        "timeline": (Event(at(12), "", "Noticed"), Event(at(13), "Ada", "Decision", "Pay\nall")),
        "now": at(300),
    }  # fmt: skip
    return Facts(**(given | changes))


def section(title: str, **changes: Any) -> tuple[str, ...]:
    return next(found.lines for found in review(facts(**changes)).sections if found.title == title)


def test_it_says_when_it_began_and_how_fast_we_were():
    written = review(facts())
    assert written.title == "Review of incident 31: No signal"
    assert written.lead == "From 2026-10-13 09:05 to 2026-10-13 13:05."
    fast = section("How fast we were")
    assert fast[0] == (
        "It began 2026-10-13 09:05 and was noticed 2026-10-13 09:17, after 12 minutes."
    )
    assert fast[2] == (
        "The first public word came after 2 minutes, within the 20 minutes that the policy gives."
    )
    assert fast[3] == "1 promised word did not come in time."


def test_a_first_word_that_came_late_or_never_is_said():
    late = (Word(at(50), "We see it", "x", "Mira"),)
    assert "came after 26 minutes; the policy gives 20 minutes" in str(
        section("How fast we were", words=late)
    )
    assert section("How fast we were", words=())[-1] == "No public word was said."
    assert section("What was said in public", words=()) == ("Nothing.",)


def test_a_promise_is_kept_by_the_next_word_or_by_the_end():
    words = facts().words
    assert broken(facts()) == [words[1]]
    assert broken(facts(words=words[:1], ended_at=at(60))) == []
    assert broken(facts(words=words[:1], ended_at=None)) == [words[0]]
    assert broken(facts(words=words[:1], ended_at=None, now=at(64))) == []


def test_shares_are_told_only_of_many():
    assert section("Everyone, one by one") == (
        "812 of 900 people were acknowledged (90%).",
        "800 of 812 people got a closing answer (99%).",
        "40 cases were part of it; 3 of them are open.",
    )
    few = section("Everyone, one by one", acknowledged=Told(49, 7), closed=Told(), cases=0)
    assert few == (
        "7 of 49 people were acknowledged.", "Nobody got a closing answer by a round.",
    )  # fmt: skip


def test_open_ends_are_named():
    found = section("Open ends", over=False, cause="")
    assert found == (
        "The incident is not over.",
        "The cause was not written down.",
        "Promised for 2026-10-13 10:45 and not kept: the next public word.",
        "3 cases are open.",
        "14 people wait for their acknowledgement.",
        "12 people wait for their closing answer.",
        "74 not reached: blocked us",
        "Not done: Read the review",
    )
    nothing = section(
        "Open ends", words=(), cases_open=0, undone=(), acknowledged=Told(), closed=Told()
    )
    assert nothing == ("None.",)


def test_who_was_acknowledged_and_got_no_end_is_an_open_end():
    found = section("Open ends", acknowledged=Told(60, 60), closed=Told(40, 30, 10))
    assert "20 people were acknowledged and got no closing answer." in found


def test_what_was_done_and_left_out_stands_there():
    assert section("Who led, and what was done") == (
        "Lead: Lena, Ada",
        "Playbook “Service down”: 9 of 11 steps done.",
        "Left out: Call the shops (none open)",
    )
    assert section("Who led, and what was done", led=(), playbook="") == (
        "Nobody took a role.", "No playbook was begun.",
    )  # fmt: skip


def test_times_are_those_of_the_reader():
    there = timezone(timedelta(hours=5, minutes=30))
    assert "2026-10-13 14:35" in review(facts(), there).lead


def test_a_drill_says_so():
    assert review(facts(drill=True)).lead.startswith("A drill, from")
    assert "for it is not over" in review(facts(ended_at=None)).lead


def test_markdown_has_every_section():
    text = markdown(review(facts()))
    assert text.startswith("# Review of incident 31: No signal\n")
    assert "\n## Open ends\n" in text
    assert "- 2026-10-13 09:18, Ada: Decision: Pay all\n" in text


@given(st.text(max_size=80))
def test_what_people_wrote_is_only_words_in_markdown(text):
    plain = markdown(review(facts()))
    written = markdown(review(facts(name=text, cause=text, undone=(text,))))
    assert len([line for line in written.splitlines() if line.startswith("#")]) == len(
        [line for line in plain.splitlines() if line.startswith("#")]
    )
    assert "<" not in written.replace("\\<", "")
    assert "](" not in written


def test_a_line_does_not_begin_a_list_of_its_own():
    text = markdown(review(facts(cause="", undone=(), words=(), name="- 1. x")))
    assert text.startswith("# Review of incident 31: - 1. x")
    lead = markdown(review(facts())._replace(lead="1. x"))
    assert "\n1\\. x\n" in lead
    assert "\n\\- x\n" in markdown(review(facts())._replace(lead="- x"))
