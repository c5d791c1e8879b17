"""The texts: enough of them, in enough languages, each fillable and short enough."""

from __future__ import annotations

import pytest

from sanderling.core.text import length
from sanderling.networks.practice.cast import cast
from sanderling.networks.practice.people import AFTER
from sanderling.networks.practice.phrases import (
    PLACES,
    Book,
    languages,
    line_for,
    slipped,
    slots,
    texts,
)
from sanderling.networks.practice.scenario import load, scenarios

ACTS = {*AFTER, "complain", "ask", "praise", "escalate", "nudge", "press", "copied", "come"}
TOPICS = {topic for name in scenarios() for topic in load(name).topics} | {
    topic for name in scenarios() for phase in load(name).phases for topic in phase.topics
}
PEOPLE = {p.lang: p for name in ("ordinary", "firestorm") for p in cast(name, load(name), 3)}


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_words_for_everything_people_do(lang: str) -> None:
    for act in ACTS | {"details_direct"}:
        for topic in TOPICS if act in ("complain", "ask") else {*TOPICS, ""}:
            for mood in range(4):
                assert texts(lang)[line_for(lang, act, topic, mood)]


@pytest.mark.parametrize("lang", languages())
def test_every_text_can_be_filled_in_and_is_short_enough_for_its_room(lang: str) -> None:
    values = slots(PEOPLE[lang], 1, "launch", max(PLACES, key=len))
    for name, lines in texts(lang).items():
        act = name.partition(".")[0]
        for line in lines if act not in ("slots", "picture") else ():
            most = 10_000 if act in ("come", "details_direct") else 280
            filled = ("" if "{us}" in line else "@NorthwindCare ") + line.format_map(values)
            assert length(filled, "weighted") <= most, filled


def test_there_are_hundreds_of_texts_and_three_languages_are_rich() -> None:
    sizes = {
        lang: sum(len(lines) for name, lines in texts(lang).items() if not name.startswith("slots"))
        for lang in languages()
    }
    assert sum(sizes.values()) >= 600
    assert all(sizes[lang] >= 120 for lang in ("en", "de", "es"))


def test_texts_of_one_list_do_not_repeat_before_all_were_used() -> None:
    book = Book(seed=4)
    choices = texts("en")["complain.bill.mild"]
    for _ in range(2):
        picked = []
        for _ in choices:
            picked.append(book.pick("en", "complain.bill.mild"))
            book.used["en.complain.bill.mild"] += 1
        assert sorted(picked) == sorted(choices)


def test_every_scenario_can_be_told_by_people_who_have_a_handle_of_their_own() -> None:
    assert set(scenarios()) == {"ordinary", "launch", "outage", "firestorm", "leak", "quiet"}
    for name in scenarios():
        scenario = load(name)
        people = cast(name, scenario, scenario.seed)
        assert len({p.handle.casefold() for p in people}) == len(people)
        assert len({p.id for p in people}) == len(people)


def test_a_slip_of_the_fingers_changes_one_word_and_no_name() -> None:
    class First:
        def choice(self, items: list[int]) -> int:
            return items[0]

        def randint(self, low: int, high: int) -> int:
            return low

    assert slipped("@NorthwindCare nothing works", First()) == "@NorthwindCare nohting works"  # type: ignore[arg-type]  # two methods are enough
