"""The HTML of a status as the text a person reads. Pure; any input gives some text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

LONGEST_HTML = 200_000
"""More of a status is not read (characters); the longest known limit is 100,000."""
MOST_LINKS = 50
_ENDS_LINE = frozenset({"br", "li", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_ENDS_PARAGRAPH = frozenset({"p", "blockquote", "pre", "ul", "ol"})
_HIDDEN = frozenset({"script", "style", "template"})
_TAG = re.compile(r"<[^>]*>?")
_SPACED = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*")


def plain(html: str, people: Mapping[str, str] | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of `html` and the addresses it links to.

    Paragraphs are set apart by an empty line, links stand as their whole address, and a mention of
    somebody in `people` (handle without @ by the address of their page) as @handle.
    """
    reader = _Reader(people or {})
    try:
        reader.feed(html[:LONGEST_HTML])
        reader.close()
    except AssertionError:  # html.parser's word for a declaration it cannot read
        reader.text = [unescape(_TAG.sub(" ", html[:LONGEST_HTML]))]
    text = _SPACED.sub("\n", "".join(reader.text))
    return re.sub(r"\n{3,}", "\n\n", text).strip(), tuple(reader.links)


class _Reader(HTMLParser):
    """Collects text; an anchor's own text is kept back until it is known what to say for it."""

    def __init__(self, people: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.people = people
        self.text: list[str] = []
        self.links: list[str] = []
        self._anchor: tuple[str, int] | None = None
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self.text.append("\n")
        elif tag == "li":
            self.text.append("\n• ")
        elif tag in _ENDS_PARAGRAPH:
            self.text.append("\n\n")
        elif tag == "a":
            self._say_anchor()
            self._anchor = self._opened(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a":
            self._say_anchor()
        elif tag in _ENDS_PARAGRAPH:
            self.text.append("\n\n")
        elif tag in _ENDS_LINE and tag != "br":
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # A line end in HTML is a space; only elements end lines.
            self.text.append(re.sub(r"\s+", " ", data) if "\n" in data else data)

    def close(self) -> None:
        super().close()
        self._say_anchor()

    def _opened(self, attrs: Mapping[str, str | None]) -> tuple[str, int]:
        """What will stand for an anchor ("" for its own text), and where that text begins."""
        href = (attrs.get("href") or "").strip()
        kinds = set((attrs.get("class") or "").split())
        if handle := self.people.get(href):
            return f"@{handle}", len(self.text)
        if kinds & {"mention", "hashtag"} or not href.startswith(("https://", "http://")):
            return "", len(self.text)
        if len(self.links) < MOST_LINKS and href not in self.links:
            self.links.append(href)
        return href, len(self.text)

    def _say_anchor(self) -> None:
        if self._anchor is None:
            return
        says, start = self._anchor
        self._anchor = None
        if not says:
            return
        shown = "".join(self.text[start:])
        # A link may be written on words ("our help page"); those are not to be lost.
        ours = says if says.startswith("@") or _shortens(shown, says) else f"{shown} ({says})"
        self.text[start:] = [ours]


def _shortens(shown: str, address: str) -> bool:
    """Whether an anchor's text is just its address, cut or without its beginning."""
    bare = shown.strip().rstrip("…/").removeprefix("https://").removeprefix("http://")
    return bare.casefold() in address.casefold()
