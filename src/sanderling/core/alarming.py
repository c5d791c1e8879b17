"""What is told outside the desk when an incident needs people: to whom, and how that went."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

LONGEST_TITLE = 200
LONGEST_TEXT = 2_000


class Told(NamedTuple):
    """How it went with one address. `key` stands for it in the database, `name` for people; neither
    gives away its secrets. `trouble` is why it was not told, "" where it was."""

    key: str
    name: str
    trouble: str


class Alarm(Protocol):
    """The addresses outside that are told."""

    def tell(self, title: str, text: str, *, but: Collection[str] = ()) -> list[Told]:
        """Tell every address but those with these keys, all at once, in bounded time. Who is not
        told has trouble; nothing is raised."""

    def look(self) -> list[Told]:
        """Whether the addresses are written well; tells nobody."""
