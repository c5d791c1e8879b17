"""Whose posts a recording has: which brands it is about, and what each line is to the desk.

A brand is known by its name in small letters, which is its stable id on the network `replay`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sanderling.core.network import Author, Post, Room
from sanderling.replay.recording import EXPECTED, Broken, Item, NotARecording, Recorded

MOST_BRANDS = 1_000
MOST_NAMES = 10_000
ENOUGH_LINES = 1_000
NAMELESS = "brand"

_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_MENTION = re.compile(r"(?<!\w)@(\w{1,200})")
_SPOKEN_TO = re.compile(r"\s*\.?@(\d{1,200})\b")


@dataclass(frozen=True)
class Brands:
    """The brands of a recording: by id, how they are written."""

    handles: dict[str, str]

    def author(self, brand: str) -> Author:
        """The brand as an author."""
        return Author(id=brand, handle=self.handles[brand], name=self.handles[brand])

    def post(self, said: Recorded) -> Post:
        """The line as a network would have told it, always public.

        Recordings write people's names as numbers, in their texts too: a number that a brand's
        post begins with is the customer it speaks to.
        """
        brand = self._of(said)
        if ours := brand is not None and self._writes(said):
            author = self.author(brand)
        else:
            author = Author(id=said.author, handle=said.author, followers=said.followers)
        spoken_to = _SPOKEN_TO.match(said.text) if ours else None
        return Post(
            remote_id=said.id,
            author=author,
            text=said.text,
            created_at=said.at,
            room=Room.PUBLIC,
            reply_to=said.reply_to,
            reply_to_author=spoken_to[1] if spoken_to else None,
            answers=() if ours else said.answers,
            mentions=() if ours or brand is None else (brand,),
            links=tuple(_LINK.findall(said.text)),
        )

    def _writes(self, said: Recorded) -> bool:
        """Whether a brand wrote the line."""
        return said.author.lower() in self.handles if said.inbound is None else not said.inbound

    def _of(self, said: Recorded) -> str | None:
        """The brand that wrote the line or is spoken to in it; None where it may be any."""
        named = [said.brand] if said.brand else [said.author] if self._writes(said) else []
        for name in (*named, *_MENTION.findall(said.text)):
            if name.lower() in self.handles:
                return str(name.lower())
        return next(iter(self.handles)) if len(self.handles) == 1 else None


def survey(items: Iterable[Item]) -> tuple[Brands, int]:
    """The brands of a recording, the busiest first, and how many posts it has.

    Brands are whom lines name as such and who writes lines that are not inbound. Where there are
    none, it is the one name that most lines mention first. Raises NotARecording.
    """
    named: Counter[str] = Counter()
    mentioned: Counter[str] = Counter()
    posts = 0
    fault = "it holds no lines"
    for number, item in enumerate(items, 1):
        if isinstance(item, Broken):
            fault = f"line {item.line}: {item.what}"
        else:
            posts += 1
            _count(item, named, mentioned)
        if not posts and number == ENOUGH_LINES:
            break
    if not posts:
        raise NotARecording(f"No post was found in the file; {fault}. {EXPECTED}")
    return Brands(_spelled(named or Counter(dict(_most(mentioned)[:1])))), posts


def _count(said: Recorded, named: Counter[str], mentioned: Counter[str]) -> None:
    if name := said.brand or (said.author if said.inbound is False else None):
        named[name] += 1
        if len(named) > MOST_BRANDS:
            raise NotARecording(
                f"The file has more than {MOST_BRANDS:,} brands. Perhaps `inbound` is the wrong way"
                " round: it is true for what customers write."
            )
    for name in _MENTION.findall(said.text):
        if not name.isdecimal():
            if name in mentioned or len(mentioned) < MOST_NAMES:
                mentioned[name] += 1
            break


def _most(names: Counter[str]) -> list[tuple[str, int]]:
    return sorted(names.items(), key=lambda found: (-found[1], found[0]))


def _spelled(names: Counter[str]) -> dict[str, str]:
    """By id, each name as it is written most often."""
    handles: dict[str, str] = {}
    for name, _ in _most(names):
        handles.setdefault(name.lower(), name)
    return handles or {NAMELESS: NAMELESS}
