"""What a column may ask of a post."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Subject(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One post as columns see it; cheap to build, nothing in it is folded yet.

    `handle` is its author's, `mentions` and `reply_to` are handles too, all without `@`.
    `account` is the handle of our account that heard it. `followers` is None where unknown, which
    counts as none. `lang` is a BCP 47 tag. `links` are whole URLs.
    """

    text: str
    handle: str = ""
    mentions: tuple[str, ...] = ()
    reply_to: str | None = None
    lang: str | None = None
    followers: int | None = None
    links: tuple[str, ...] = ()
    has_media: bool = False
    is_reply: bool = False
    is_repost: bool = False
    is_quote: bool = False
    is_dm: bool = False
    network: str = ""
    account: str = ""


class Reading:
    """A subject with the folded forms that trees compare with, each made at most once."""

    __slots__ = ("_made", "subject", "tags", "words")

    def __init__(self, subject: Subject, words: bytes, tags: Sequence[bytes]) -> None:
        self.subject, self.words, self.tags = subject, words, tags
        self._made: dict[Callable[[Subject], Collection[Any]], Collection[Any]] = {}

    def once(self, make: Callable[[Subject], Collection[T]]) -> Collection[T]:
        """What `make` makes of the subject; made the first time only."""
        made = self._made.get(make)
        if made is None:
            made = self._made[make] = make(self.subject)
        return made
