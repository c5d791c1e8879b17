"""What the documents say of the policy is true: their examples fit, and no word is left out."""

from __future__ import annotations

import re
import tomllib

import msgspec
import pytest

from house.house import ROOT
from sanderling.core.policy import check, shipped_text
from sanderling.core.policy.conditions import SAYINGS, SITUATIONS
from sanderling.core.policy.document import Document, Part
from sanderling.core.policy.reading import _hints, _members

TOLD = (ROOT / "docs" / "policy.md").read_text()
BLOCKS = re.findall(r"```toml\n(.*?)```", TOLD, re.S)


@pytest.mark.parametrize("n", range(len(BLOCKS)))
def test_the_policies_in_the_document_fit_and_their_examples_pass(n):
    assert not check(BLOCKS[n]).problems


def test_there_are_policies_in_the_document():
    assert len(BLOCKS) >= 4


def words(kind: type[Part]) -> set[str]:
    """Every key that may stand in a policy."""
    found = {field.name for field in msgspec.structs.fields(kind)}
    for hint in _hints(kind).values():
        for member in _members(hint):
            parts = [*getattr(member, "__args__", ()), member]
            for part in parts:
                if isinstance(part, type) and issubclass(part, Part):
                    found |= words(part)
    return found


def test_every_word_of_a_policy_is_explained():
    days = {"tuesday", "wednesday", "thursday", "friday", "saturday"}
    missing = [
        word
        for word in sorted(words(Document) - days)
        if not re.search(rf"`[^`]*\b{word}\b[^`]*`", TOLD)
    ]
    assert not missing


def test_every_field_of_conditions_is_explained():
    fields = {*SITUATIONS.fields, *SAYINGS.fields}
    assert not [field for field in sorted(fields) if f"`{field}`" not in TOLD]


def test_the_policy_that_ships_shows_every_table():
    """As it holds, or as a remark that says how it would be written."""
    text = shipped_text()
    tables = {field.name for field in msgspec.structs.fields(Document)}
    assert not [name for name in sorted(tables) if not re.search(rf"\b{name}\b", text)]
    assert set(tomllib.loads(text)) <= tables
