"""Playbooks: read strictly, every mistake with its place, and chosen by what is known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sanderling.incidents
from sanderling.core import wording
from sanderling.core.playbook import (
    ROLES,
    Playbook,
    Said,
    Step,
    begun_by,
    check,
    in_language,
    read,
)
from sanderling.core.policy import Unfit

SHIPPED = sorted((Path(sanderling.incidents.__file__).parent / "shipped").glob("*.toml"))
DOCUMENT = Path(__file__).parents[2] / "docs" / "playbooks.md"
STEP = '\n[[steps]]\ntext = "Look"\n'
PLAIN = 'name = "mine"\ntitle = "Mine"\n'


def told(text: str) -> list[str]:
    return [str(problem) for problem in check(text).problems]


def book(name: str, when: str = "choppy", *words: str):
    return read(f'name = "{name}"\ntitle = "T"\nwhen = "{when}"\nwords = {list(words)!r}\n{STEP}')


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_ships_fits_and_is_worth_beginning_with(file):
    text = file.read_text("utf-8")
    assert told(text) == []
    found = read(text)
    assert found.name == file.stem
    assert set(found.roles) == set(ROLES)
    assert len(found.steps) >= 10
    assert all(step.role for step in found.steps)
    assert any(step.every for step in found.steps)
    assert {said.label for said in found.texts}
    assert wording.variants(found.acknowledge["en"]) >= 12


def test_four_examples_ship():
    assert [file.stem for file in SHIPPED] == ["boycott", "data-leak", "service-down", "stupid-ad"]


def test_a_small_playbook_is_read_whole():
    found = read(PLAIN + '[[steps]]\ntext = "Look"\nrole = "lead"\nwithin = "20m"\nevery = "1h"\n')
    (step,) = found.steps
    assert (step.text, step.role, step.within, step.every) == (
        "Look", "lead", timedelta(minutes=20), timedelta(hours=1),
    )  # fmt: skip
    assert found.when == "by hand"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PLAIN, "“steps” is missing"),
        ("steps = []\n" + PLAIN, "at least one step"),
        ('name = "Mine!"\ntitle = "M"' + STEP, "line 1: name: A name has small letters"),
        ('name = "mine"\ntitle = " "' + STEP, "line 2: title: There is nothing here yet"),
        (PLAIN + "when = 'sometimes'" + STEP, "one of “by hand”, “choppy”, “storm”"),
        (PLAIN + "words = ['ad']" + STEP, "begins by hand"),
        (PLAIN + "[roles]\nboss = 'x'" + STEP, "There is no role “boss”"),
        (PLAIN + STEP + 'role = "boss"', "steps 1, role: This must be one of “lead”"),
        (PLAIN + STEP + 'within = "soon"', "“soon” is no time"),
        (PLAIN + STEP + 'withn = "5m"', "Did you mean “within”?"),
        (PLAIN + '[[steps]]\ntext = "' + "x" * 201 + '"', "at most 200 characters"),
        (PLAIN + STEP + '[acknowledge]\nen = "Hello {name}"', "worded in 1 ways, and 3"),
        (PLAIN + STEP + '[acknowledge]\nen = "[Hello|Hi"', "acknowledge, en"),
        (PLAIN + STEP + '[close]\nEnglish = "[a|b|c]"', "“English” is no language"),
        (PLAIN + STEP + '[[texts]]\nlabel = ""\ntext = {}', "label: There is nothing here yet"),
        ("name = ", "This is not written as TOML"),
    ],
)
def test_every_mistake_is_told_with_its_place(text, says):
    assert says in "\n".join(told(text))
    with pytest.raises(Unfit):
        read(text)


def test_several_mistakes_are_told_at_once_in_their_order():
    found = check('name = "No"\ntitle = ""\n' + STEP + 'role = "boss"\n').problems
    assert [problem.line for problem in found] == [1, 2, 6]


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text):
    found = check(text)
    assert (found.book is None) == bool(found.problems)


def test_the_level_chooses_by_what_is_known():
    books = [book("down"), book("ad", "choppy", "ad", "advert"), book("fire", "storm", "boycott")]
    assert begun_by("calm", books, "advert") is None
    assert begun_by("choppy", books, "no signal").name == "down"
    assert begun_by("choppy", books, "that Advertisement, shame").name == "ad"
    assert begun_by("choppy", books, "boycott them").name == "down"
    assert begun_by("storm", books, "boycott them").name == "fire"
    assert begun_by("storm", books, "add roads").name == "down"  # “ad” is no word of it
    assert begun_by("storm", [book("fire", "storm", "boycott")], "no signal") is None


def test_the_document_explains_every_word_and_its_example_fits():
    told = DOCUMENT.read_text("utf-8")
    example = told.split("```toml\n")[1].split("```")[0]
    assert check(example).problems == ()
    kinds = (Playbook, Step, Said)
    words = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    assert not [word for word in words if word not in example]


def test_texts_fall_back_to_english_and_then_to_any():
    assert in_language({"en": "a", "de": "b"}, "de") == "b"
    assert in_language({"en": "a", "de": "b"}, "fr") == "a"
    assert in_language({"de": "b"}, "fr") == "b"
    assert in_language({}, "fr") == ""
