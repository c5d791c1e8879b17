"""What a page says in no language but English: text of ours that no catalogue knows of.

A desk that speaks a made-up language sets every sentence in brackets, ⟦so⟧. Words outside of any
were forgotten, unless the page marks them as somebody else's: in bdi, code, kbd, time, or with
dir="auto" or translate="no".
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import regex
from babel.messages.pofile import read_po, write_po

from sanderling.web.speaking import Spoken

ROOT = Path(__file__).parents[1]
KEYWORDS = ("say", "_", "later", "many:1,2")
NO_SPEECH = {"script", "style", "bdi", "code", "kbd", "time", "svg", "title"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
TOLD = ("aria-label", "aria-description", "title", "placeholder", "alt", "data-tip", "data-says")
WORD = regex.compile(r"\p{L}{2,}")


def sentences(folder: Path) -> Path:
    """Every sentence of the code, as a template for catalogues, in a file of `folder`."""
    found = folder / "words.pot"
    keywords = [part for name in KEYWORDS for part in ("--keywords", name)]
    made = subprocess.run(
        [Path(sys.executable).with_name("pybabel"), "--quiet", "extract",
         "--mapping", "pyproject.toml", "--no-default-keywords", *keywords,
         "--add-location", "file", "--output", found, "."],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return found


def made_up(folder: Path) -> Spoken:
    """A language in which every sentence stands in brackets; its figures are those of German."""
    with sentences(folder).open("rb") as file:
        catalog = read_po(file, locale="de")
    for message in catalog:
        if isinstance(message.id, str):
            message.string = f"⟦{message.id}⟧" if message.id else message.string
        else:
            message.string = tuple(f"⟦{form}⟧" for form in message.id)
    with (folder / "de.po").open("wb") as file:
        write_po(file, catalog)
    return Spoken("de", folder)


def left(html: str, names: tuple[str, ...] = ()) -> list[str]:
    """The words of a page that stand in no brackets; `names` are people's and may."""
    reader = _Reader(names)
    reader.feed(html)
    return list(dict.fromkeys(reader.found))


class _Reader(HTMLParser):
    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names
        self.found: list[str] = []
        self._within = 0  # brackets that are open
        self._theirs: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        theirs = tag in NO_SPEECH or given.get("dir") == "auto" or given.get("translate") == "no"
        if not (theirs or any(self._theirs)):
            for name in TOLD:
                self._look(given.get(name) or "", f"{tag} {name}")
        if tag not in VOID:
            self._theirs.append(theirs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._theirs:
            self._theirs.pop()

    def handle_data(self, data: str) -> None:
        opened = self._within
        for said, bracket in _parts(data):
            if not opened and not any(self._theirs):
                self._mind(said, "text")
            opened = max(0, opened + {"⟦": 1, "⟧": -1, "": 0}[bracket])
        self._within = opened

    def _look(self, text: str, where: str) -> None:
        opened = 0
        for said, bracket in _parts(text):
            if not opened:
                self._mind(said, where)
            opened = max(0, opened + {"⟦": 1, "⟧": -1, "": 0}[bracket])

    def _mind(self, said: str, where: str) -> None:
        for name in self.names:
            said = said.replace(name, " ")
        if WORD.search(said):
            self.found.append(f"{where}: {' '.join(said.split())[:120]}")


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The text between brackets, each with the bracket that follows it."""
    pieces = regex.split(r"([⟦⟧])", text)
    for at in range(0, len(pieces), 2):
        yield pieces[at], pieces[at + 1] if at + 1 < len(pieces) else ""
