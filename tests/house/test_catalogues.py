"""The catalogues: every sentence of the code in every language, with the values it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from sanderling.web.speaking import FOLDER
from words_left import sentences

LANGUAGES = ("ar", "de", "es", "fr")
PLACES = regex.compile(r"\{\w*\}")
TAGS = regex.compile(r"</?[a-z]+")


def forms(message: Message) -> tuple[str, ...]:
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.fixture(scope="module")
def needed(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, ...]]:
    """What the code says."""
    with sentences(tmp_path_factory.mktemp("words")).open("rb") as file:
        return {ids(message) for message in read_po(file) if message.id}


@pytest.fixture(params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> list[Message]:
    file: Path = FOLDER / f"{request.param}.po"
    with file.open("rb") as opened:
        return [m for m in read_po(opened, locale=request.param, abort_invalid=True) if m.id]


def test_no_sentence_is_left_out_and_none_is_kept_for_nothing(needed, catalogue):
    told = {ids(message) for message in catalogue if all(forms(message)) and not message.fuzzy}
    assert sorted(needed - told) == []
    assert sorted({ids(message) for message in catalogue} - needed) == []


def test_every_sentence_has_its_values_and_its_tags(catalogue):
    assert [
        (id, form)
        for message in catalogue
        for id, form in zip([*ids(message)[-1:]] * 9, forms(message), strict=False)
        if not _fits(id, form)
    ] == []


def _fits(id: str, form: str) -> bool:
    """A form may leave out {n} (one post, two posts), and nothing else."""
    wanted, said = set(PLACES.findall(id)), set(PLACES.findall(form))
    return (
        said <= wanted
        and wanted - said <= {"{n}"}
        and sorted(TAGS.findall(id)) == sorted(TAGS.findall(form))
    )
