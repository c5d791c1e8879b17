"""The text of a post with its links in it. Pure; any input gives some text.

A post says beside its text which bytes of it are a link, and whereto ("facets"). What is shown may
be a shortened address, or words, or the name of somebody else's site: a reader of the desk sees the
address itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, NamedTuple

MOST_LINKS = 50
LONGEST = 2_000
"""Characters of an address."""


class Span(NamedTuple):
    """Bytes `start` to `end` of a text lead to `uri`."""

    start: int
    end: int
    uri: str


def worded(text: str, spans: Iterable[Span]) -> str:
    """`text` with whole addresses for shortened ones, and behind words their address in brackets.

    Spans that lie outside the text or over one another are not looked at.
    """
    raw = text.encode("utf-8", "surrogatepass")
    parts, at = [], 0
    for span in islice(sorted(spans), MOST_LINKS):
        if not (at <= span.start < span.end <= len(raw)) or not _leads(span.uri):
            continue
        try:
            shown = raw[span.start : span.end].decode()
        except UnicodeDecodeError:  # it cuts through a letter
            continue
        parts += [raw[at : span.start], _said(shown, span.uri).encode()]
        at = span.end
    return b"".join([*parts, raw[at:]]).decode("utf-8", "surrogatepass")


def span(index: Any, uri: str) -> Span | None:
    """What a facet says about a link; None where it makes no sense."""
    if not isinstance(index, dict):
        return None
    start, end = index.get("byteStart"), index.get("byteEnd")
    return Span(start, end, uri) if isinstance(start, int) and isinstance(end, int) else None


def _leads(uri: str) -> bool:
    web = uri.startswith(("https://", "http://")) and len(uri) <= LONGEST
    return web and uri.isprintable() and " " not in uri


def _said(shown: str, uri: str) -> str:
    bare = shown.strip().rstrip("…./").removeprefix("https://").removeprefix("http://")
    shortens = bare.casefold() in uri.casefold()
    return uri if shortens else f"{shown} ({uri})"
