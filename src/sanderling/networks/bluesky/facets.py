"""Mentions, links and tags in a text of ours, as the network wants them told: by UTF-8 offsets.

Pure. The network stores a text and, beside it, which bytes of it are what ("facets"); it finds
nothing by itself (https://docs.bsky.app/docs/advanced-guides/post-richtext).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST_TAG = 64
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_PIECE = re.compile(
    rf"(?:(?<=\s)|(?<=\()|^)(?:@(?P<handle>{_LABEL}(?:\.{_LABEL})+)"
    r"|(?P<link>https?://[^\s<>\"]+)|[#＃](?P<tag>[^\s#＃@]+))"
)
_TAIL = ".,;:!?'\"…。、！？"


def handles(text: str) -> list[str]:
    """The handles that `text` mentions, each once, without their @."""
    return list(dict.fromkeys(m["handle"] for m in _PIECE.finditer(text) if m["handle"]))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is what in `text`; `dids` says whom handles mean, others stay plain text."""
    return [
        {"index": {"byteStart": _bytes(text[:start]), "byteEnd": _bytes(text[:end])},
         "features": [{"$type": f"app.bsky.richtext.facet#{kind}", name: value}]}
        for start, end, kind, name, value in _pieces(text, dids)
    ]  # fmt: skip


def _pieces(text: str, dids: Mapping[str, str]) -> Iterator[tuple[int, int, str, str, str]]:
    for m in _PIECE.finditer(text):
        if m["handle"]:
            if m["handle"] in dids:
                yield m.start(), m.end("handle"), "mention", "did", dids[m["handle"]]
        elif m["link"]:
            link = _link(m["link"])
            if link.partition("://")[2]:
                yield m.start(), m.start() + len(link), "link", "uri", link
        else:
            tag = m["tag"].rstrip(_TAIL + ")")
            if 0 < len(tag) <= LONGEST_TAG and not tag.isdecimal():
                yield m.start(), m.start("tag") + len(tag), "tag", "tag", tag


def _link(found: str) -> str:
    """The link without the full stop of its sentence or the bracket around it."""
    link = found.rstrip(_TAIL)
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(_TAIL)
    return link


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
