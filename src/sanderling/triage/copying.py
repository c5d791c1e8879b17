"""Near-copies among public posts: what this process remembers of the last ones.

Warmed from the database when first used, and again when a page was rolled back, for then posts are
remembered that never came to stand there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import Lock, get_ident

from django.db import transaction

from sanderling.core.judging.copies import Copies
from sanderling.core.network import Room
from sanderling.listen.actions import Heard
from sanderling.store.sql import fetch

WARM = 10_000
"""So many posts are read again at the start: less than half a second's work."""


def first_copies(heard: Sequence[Heard]) -> Mapping[int, int | None]:
    """By post: the first one that says nearly the same; None for what says something new.

    Only for the newest wordings of others' public posts. Call it inside the transaction that keeps
    what comes of it.
    """
    said = {
        h.post: (h.said.text, h.said.created_at)
        for h in heard
        if h.newest and not h.ours and h.said.room is Room.PUBLIC
    }
    return _REMEMBERED.join(said) if said else {}


class _Remembered:
    """One memory for all threads; each has at most one transaction that may still be undone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._copies: Copies | None = None
        self._undecided: set[int] = set()

    def join(self, said: Mapping[int, tuple[str, datetime]]) -> dict[int, int | None]:
        me = get_ident()
        with self._lock:
            if self._copies is None or me in self._undecided:
                self._copies = _warmed(list(said))
            self._undecided.add(me)
            texts, at = zip(*said.values(), strict=True)
            found = self._copies.join(list(said), texts, at)
        transaction.on_commit(partial(self._undecided.discard, me))
        return dict(zip(said, found, strict=True))


def _warmed(but: list[int]) -> Copies:
    """A memory of the last posts that stand in the database, without those now being joined."""
    copies = Copies()
    rows = fetch("triage/last_said", {"but": but, "limit": WARM})
    if rows:
        posts, texts, at = zip(*reversed(rows), strict=True)
        copies.join(posts, texts, at)
    return copies


_REMEMBERED = _Remembered()
