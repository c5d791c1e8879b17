"""The words that people read, in their own language.

A sentence stands in the code in English, marked by `say`, `many` or `later`. Catalogues hold it in
other languages; who answers somebody says in which (`speaking`), and where nobody does, it is
English: in the log, on the command line, and in what is written down. What was written down is
found again among the sentences where it is shown (`retold`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Catalogue(Protocol):
    """The sentences of the desk in one language, and how its figures are written."""

    language: str

    def say(self, sentence: str, /) -> str:
        """The sentence in this language; itself where it is not known."""

    def many(self, one: str, more: str, n: int, /) -> str:
        """The one of both that fits `n` things, in this language, `n` not yet filled in."""

    def figure(self, n: int, /) -> str:
        """A whole number with its thousands set apart."""

    def retold(self, text: str, /) -> str:
        """An English sentence with its values filled in, in this language."""


_spoken: ContextVar[Catalogue | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(catalogue: Catalogue | None) -> Iterator[None]:
    """Whatever is said within is said in this language; None is English."""
    before = _spoken.set(catalogue)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """The language that is spoken now: en, de, ar."""
    spoken = _spoken.get()
    return spoken.language if spoken else "en"


def say(sentence: str, /, **values: object) -> str:
    """A sentence in the language of who reads it, with `{name}` for each of the values."""
    spoken = _spoken.get()
    found = spoken.say(sentence) if spoken else sentence
    return found.format(**values) if values else found


def many(one: str, more: str, n: int, /, **values: object) -> str:
    """What fits `n` things, with `{n}` as a figure: many("{n} post", "{n} posts", 1412)."""
    spoken = _spoken.get()
    found = spoken.many(one, more, n) if spoken else one if n == 1 else more
    return found.format(n=figure(n), **values)


def later(sentence: str, /) -> str:
    """Marks a sentence that is kept in English and goes through `say` or `retold` when shown."""
    return sentence


def figure(n: int) -> str:
    """A whole number as it is written: 1,412 or 1.412."""
    spoken = _spoken.get()
    return spoken.figure(n) if spoken else f"{n:,}"


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """lru_cache for a function that says something: what it gave is remembered by language."""

    def remembering(work: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=most)
        def once(_language: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return work(*args, **kwargs)

        @wraps(work)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            return once(language(), *args, **kwargs)  # type: ignore[arg-type]  # lru_cache has no ParamSpec

        return answer

    return remembering


def retold(text: str) -> str:
    """What was written down in English, in the language of who reads it; what no sentence of ours
    is stays as it is."""
    spoken = _spoken.get()
    return spoken.retold(text) if spoken and text else text
