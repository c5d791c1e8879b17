"""What is asked of a language model, and what is made of its answer.

Customers' words are data: they travel as JSON in a message of their own, without names and numbers,
and what comes back is plain text for an agent's eyes. No link comes back that our own posts do not
hold. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import msgspec
import regex

from sanderling.core.impersonal import LINK
from sanderling.core.text import has_link

Task = Literal["draft", "summary", "translation"]
Who = Literal["customer", "us", "somebody else"]

LONGEST_ANSWER = 4_000
MOST_POSTS, LONGEST_POST, LONGEST_TEXT = 12, 800, 4_000
"""So much of a conversation is shown to the model: its newest posts, and that many characters."""


class Machine(Protocol):
    """A language model somewhere. `name` is what people call it."""

    name: str

    def complete(self, messages: Sequence[Message]) -> str:
        """What it answers; once, and soon. Raises the errors of `core.network`."""


class Message(msgspec.Struct, frozen=True):
    """One message to the model."""

    role: Literal["system", "user"]
    content: str


class Said(NamedTuple):
    """A post as the model is shown it, already without what is personal in it."""

    who: Who
    text: str


def about(task: Task, said: Sequence[Said], *, language: str, most: int) -> list[Message]:
    """The messages that ask for a draft of at most `most` characters, or for a summary."""
    posts = [{"who": s.who, "text": s.text[:LONGEST_POST]} for s in said[-MOST_POSTS:]]
    return _messages(task, {"language": language, "most": most, "posts": posts})


def translating(text: str, *, language: str) -> list[Message]:
    """The messages that ask for a translation."""
    return _messages("translation", {"language": language, "text": text[:LONGEST_TEXT]})


def plain(answer: str, *, links: Collection[str] = ()) -> str:
    """An answer as an agent may use it: bounded, nothing unseen, and no links but `links`."""
    text = _UNSEEN.sub("", answer.replace("\r\n", "\n")[: 4 * LONGEST_ANSWER])
    text = _THOUGHT.sub("", text).strip()
    text = _FENCE.sub(r"\1", text).strip()
    if len(text) > 1 and (text[0], text[-1]) in _QUOTES:
        text = text[1:-1].strip()
    known = {_bare(link) for link in links}
    return _WORD.sub(lambda found: _linkless(found[0], known), text)[:LONGEST_ANSWER]


def links_in(text: str) -> list[str]:
    """The words of a text that a network would make links of."""
    return [word for word in text.split() if has_link(word)]


_PROMPTS = Path(__file__).with_name("prompts")
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cs}--[\n\t\u200d]]", regex.V1)
_THOUGHT = regex.compile(r"(?is)\A\s*<think>.*?(?:</think>|\Z)")
_FENCE = regex.compile(r"(?s)\A```[a-z]*\n(.*?)\n?```\Z")
_WORD = regex.compile(r"\S+")
_QUOTES = {('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("'", "'")}


def _messages(task: Task, facts: dict[str, object]) -> list[Message]:
    rules = (_PROMPTS / f"{task}.txt").read_text(encoding="utf-8")
    return [
        Message("system", rules),
        Message("user", msgspec.json.encode(facts).decode()),
    ]


def _linkless(word: str, known: set[str]) -> str:
    return LINK if has_link(word) and _bare(word) not in known else word


def _bare(link: str) -> str:
    return link.strip("\"'“”„()[]<>.,;:!?").casefold()
