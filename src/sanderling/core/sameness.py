"""One answer to many, worded so that no two read alike as long as its variations last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random

from sanderling.core.wording import VARIABLES, nth, variants

MOST_TRIED = 5_000
"""Wordings that are looked at; nobody answers as many at once."""

_MARKED = {name: f"\0{name}\0" for name in VARIABLES}
"""Values that no text has, so that wordings are compared and not names."""


def worded(text: str, each: Sequence[Mapping[str, str]], seed: int) -> list[str]:
    """The template `text` once for each of these values, always the same for the same `seed`.

    No wording comes twice before each has come once, and so on: only names differ between two
    texts of the same wording. Raises wording.Unclear.
    """
    numbers = different(text, seed, len(each))
    return [
        nth(text, values, numbers[place % len(numbers)]) for place, values in enumerate(each)
    ]  # fmt: skip


@lru_cache(maxsize=32)
def different(text: str, seed: int, wanted: int) -> tuple[int, ...]:
    """Numbers of wordings that differ, as many as are wanted or there are, in no order, always the
    same for the same `seed`; `wording.nth` says them. Raises wording.Unclear."""
    found: dict[str, int] = {}
    for number in _spread(variants(text), seed):
        found.setdefault(nth(text, _MARKED, number), number)
        if len(found) >= wanted:
            break
    return tuple(found.values())


def _spread(ways: int, seed: int) -> Iterator[int]:
    """Numbers below `ways`, each once, mixed; of very many, as many as are looked at."""
    chance = Random(seed)
    if ways <= MOST_TRIED:
        yield from chance.sample(range(ways), ways)
        return
    tried: set[int] = set()
    for _ in range(MOST_TRIED):
        number = chance.randrange(ways)
        if number not in tried:
            tried.add(number)
            yield number
