"""What does not work although the rest does, in words for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class Worries:
    """Worries by name; told when they change, and once at the beginning."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._words: dict[str, tuple[str, datetime | None]] = {}
        self._told: str | None = None

    def tell(self, name: str, words: str, *, lasts: timedelta | None = None) -> None:
        """Worry about something, for so long or until it is well again (no words)."""
        if words:
            self._words[name] = (words, self._clock() + lasts if lasts else None)
        else:
            self._words.pop(name, None)

    def news(self) -> str | None:
        """All worries, each on a line, as `Page.warning`; None where they have been told."""
        now = self._clock()
        standing = [words for words, until in self._words.values() if not until or until > now]
        said = "\n".join(standing)[:2000]
        if said == self._told:
            return None
        self._told = said
        return said
