"""Plain text out of other people's HTML and bytes, for posts that are read, not drawn. Pure.

Every step goes forward only, so that a text made to be slow is as quick as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise

_TAG = re.compile(r"<(?:(!--)|[!?]|(/?)([a-zA-Z][a-zA-Z0-9]*))")
_UNREAD = {
    name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "svg")
}
_BLOCK = re.compile(
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    "|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\n\r\f\v\u00a0]+")
MOST_HTML = 500_000
"""Characters of HTML that are read; the rest is not looked at."""


def clean(text: str, most: int) -> str:
    """`text` without control characters and half characters, trimmed, at most `most` characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()[:most].rstrip()


def plain(html: str, most: int) -> str:
    """What a reader sees of `html`: a line a block, quotes behind "> "; bounded as `clean`."""
    lines, line, depth = [""], "", 0
    for words, tag, closing in _pieces(html[:MOST_HTML]):
        line += unescape(words)
        if not _BLOCK.fullmatch(tag):
            continue
        lines.append(_line(line, depth))
        line = ""
        if tag == "blockquote":
            depth = max(0, depth - 1) if closing else min(depth + 1, 5)
        if tag == "p":
            lines.append("")
    lines.append(_line(line, depth))
    kept = [line for before, line in pairwise(lines) if line or before]
    return clean("\n".join(kept), most)


def _line(text: str, depth: int) -> str:
    words = _SPACES.sub(" ", text).strip()
    return "> " * depth + words if words else ""


def _pieces(html: str) -> Iterator[tuple[str, str, bool]]:
    """The words before each tag, the tag's name in lower case, and whether it is a closing one."""
    at = 0
    while found := _TAG.search(html, at):
        words, name = html[at : found.start()], (found[3] or "").lower()
        if name in _UNREAD and not found[2]:
            end = _UNREAD[name].search(html, found.end())
            at = end.start() if end else len(html)
        else:
            mark = "-->" if found[1] else ">"
            end_at = html.find(mark, found.end() - 2 if found[1] else found.end())
            at = end_at + len(mark) if end_at >= 0 else len(html)
        yield words, name, bool(found[2])
    yield html[at:], "", False
