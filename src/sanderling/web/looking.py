"""What a person typed into a search box: understood, or with the place marked that was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest

from sanderling.cases.narrowing import EVERYTHING, Narrowing
from sanderling.cases.searching import Asker, values
from sanderling.core.searching import LONGEST, Problem, Search, parse
from sanderling.web.agents import me, preferences


class Mended(NamedTuple):
    """What was perhaps meant, and the whole text with it."""

    perhaps: str
    text: str


@dataclass(frozen=True)
class Looked:
    """A text from a search box. Where it is no search, `problem` says why, and `search` is empty.

    `before`, `wrong` and `behind` are the text around the place of the problem.
    """

    text: str
    search: Search
    asker: Asker
    problem: Problem | None = None

    @property
    def narrow(self) -> Narrowing:
        """The search as conditions on cases."""
        return self.asker.narrow(self.search) if self.search.parts else EVERYTHING

    @property
    def around(self) -> tuple[str, str, str]:
        """The text before the problem, at it, and behind it."""
        at, end = self._place
        return self.text[:at], self.text[at:end], self.text[end:]

    @property
    def mended(self) -> Mended | None:
        """What was perhaps meant, if anything comes near."""
        if self.problem is None or not self.problem.perhaps:
            return None
        at, end = self._place
        perhaps = self.problem.perhaps
        return Mended(perhaps, self.text[:at] + perhaps + self.text[end:])

    @property
    def _place(self) -> tuple[int, int]:
        assert self.problem, "asked only where there is one"
        return self.problem.at, self.problem.at + self.problem.length


def look(request: HttpRequest, text: str, now: datetime) -> Looked:
    """What `text` asks for, by the names that there are by now; spaces at its ends do not count."""
    text = text[: LONGEST + 1].strip()
    asker = Asker(me(request).id, now, preferences(request).zone)
    found = parse(text, values()) if text else Search()
    if isinstance(found, Problem):
        return Looked(text, Search(), asker, found)
    return Looked(text, found, asker)


def with_text(path: str, **fields: str) -> str:
    """An address with what was typed, as far as there is any."""
    return f"{path}?{urlencode({name: value for name, value in fields.items() if value})}"
