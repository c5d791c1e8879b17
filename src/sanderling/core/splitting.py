"""A long answer as a numbered thread: "... 1/3", each part as long as its network takes it.

Parts are cut where a reader would breathe: after a paragraph, a sentence or a word; within a word
only where it fills a whole post, and within a letter, emoji, link, mention or hashtag never. The
white space before a cut stays with its part, so that the parts give the text again, to the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from sanderling.core.text import Counts, cut, length, links
from sanderling.core.words import say

MOST_PARTS = 9
"""Longer threads nobody reads."""

GOES_ON = "… "
"""Stands between a word that is cut and the number of its part."""


class Unsplittable(ValueError):
    """The text cannot be made into parts; the sentence says why."""


class Space(NamedTuple):
    """How long a post may be, signature and number included: in units of `counts`, and in bytes of
    UTF-8 where those are bounded too."""

    most: int
    counts: Counts
    most_bytes: int | None = None

    def takes(self, text: str) -> bool:
        """Whether this fits into one post."""
        if self.most_bytes is not None and len(text.encode()) > self.most_bytes:
            return False
        return length(text, self.counts) <= self.most


def split(text: str, space: Space, sign: str = "", most_parts: int = MOST_PARTS) -> list[str]:
    """`text` as the posts that say it, `sign` at the end of the last; one post has no number.

    Raises Unsplittable for what cannot be cut, and for what needs more than `most_parts`.
    """
    if space.takes(text + sign):
        return [text + sign]
    for width in range(1, len(str(most_parts)) + 1):
        if bodies := _bodies(text, space, sign, most_parts, "9" * width):
            return [_shown(body, n, len(bodies), sign) for n, body in enumerate(bodies, 1)]
    raise Unsplittable(
        say("This is too long: it would be more than {most} posts.", most=most_parts)
    )


def joined(parts: Sequence[tuple[int, int, str]], sign: str = "") -> str:
    """The text that was split, from some of its parts in their order: (part, parts, post)."""
    return "".join(_body(post, n, of, sign) for n, of, post in parts)


def _shown(body: str, n: int, of: int, sign: str) -> str:
    if n == of:
        return f"{body} {n}/{of}{sign}"
    return f"{body}{'' if body[-1:].isspace() else GOES_ON}{n}/{of}"


def _body(post: str, n: int, of: int, sign: str) -> str:
    if n == of:
        post = post.removesuffix(sign) if sign else post
    if of == 1:
        return post
    post = post.removesuffix(f"{n}/{of}")
    return post.removesuffix(" ") if n == of else post.removesuffix(GOES_ON)


def _bodies(text: str, space: Space, sign: str, most_parts: int, total: str) -> list[str] | None:
    """The parts without their numbers, none of which is longer than `total`; None if they are more
    than that."""
    bodies: list[str] = []
    of = int(total)
    while text:
        if len(bodies) == min(of, most_parts):
            return None
        last = space.takes(_shown(text, of, of, sign))
        end = len(text) if last else _end(text, space, of)
        bodies.append(text[:end])
        text = text[end:]
    return bodies


_PARAGRAPH = regex.compile(r"\n\s*\n\s*")
_SENTENCE = regex.compile(r"(?<=[.!?…:。！？][\"'”’»)\]]{0,2})\s+|(?<=[。！？])")
_SPACE = regex.compile(r"\s+")
_WHOLE = regex.compile(r"(?<![\w@/])@\w[\w.-]*(?:@[\w.-]+)?|(?<!\w)[#＃$]\w+|https?://\S+")
_GRAPHEME = regex.compile(r"\X")
_REACH = 3_000
"""How far a link, mention or hashtag may go on behind the longest part (characters)."""


def _end(text: str, space: Space, of: int) -> int:
    """Where the first part ends: the best place of those that leave it short enough."""
    longest = len(cut(text, max(space.most, 0), space.counts))
    near = text[: longest + _REACH]
    whole = [*links(near), *(match.span() for match in _WHOLE.finditer(near))]
    letters = {match.end() for match in _GRAPHEME.finditer(text, 0, longest)}
    for pattern, least in ((_PARAGRAPH, 0.4), (_SENTENCE, 0.4), (_SPACE, 0.0), (_GRAPHEME, 0.0)):
        ends = [match.end() for match in pattern.finditer(text, 0, longest)]
        for end in reversed(ends):
            if (
                end > longest * least
                and end in letters
                and _may_end(text, end, whole)
                and space.takes(_shown(text[:end], of - 1, of, ""))
            ):
                return end
    raise Unsplittable(
        say("Something here is too long for one post and must not be cut. Shorten it.")
    )


def _may_end(text: str, end: int, whole: Sequence[tuple[int, int]]) -> bool:
    """Not within a whole, and so that the cut can be undone."""
    if end >= len(text) or any(start < end < stop for start, stop in whole):
        return False
    return not text[:end].isspace() and not text[:end].endswith(GOES_ON)
