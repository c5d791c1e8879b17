"""Links in what strangers wrote: where each leads in truth, and what is odd about its host.

Only whole web addresses count, with http:// or https:// before them: what merely looks like a host
stays a word. Pure, bounded, and quick for any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MOST_LINKS = 50
LONGEST = 2_000
"""Characters of an address; what is longer stays text."""

_ADDRESS = re.compile(r"(?<![A-Za-z0-9])https?://[^\s<>\"“”„«»\x00-\x20]+", re.IGNORECASE)
_TRAILING = ".,;:!?'’…*_~|"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_TOGETHER = (
    {"CJK", "HIRAGANA", "KATAKANA", "LATIN"},
    {"CJK", "HANGUL", "LATIN"},
    {"CJK", "BOPOMOFO", "LATIN"},
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link at `start` to `end` of the text; `address` is what a browser opens, in ASCII.

    `host` is where that leads, in ASCII (`xn--...` where it has letters of its own); `written` is
    the same host as people read it. `hidden`: the text does not say this host plainly. `foreign`:
    the host has letters beyond a to z. `mixed`: letters of several alphabets stand in one name.
    """

    start: int
    end: int
    address: str
    host: str
    written: str
    hidden: bool = False
    foreign: bool = False
    mixed: bool = False

    @property
    def doubtful(self) -> bool:
        """The true host must stand beside this link."""
        return self.hidden or self.foreign or self.mixed


def links_in(text: str) -> Iterator[Link]:
    """The links of `text`, from its beginning on; MOST_LINKS at most."""
    found = 0
    for match in _ADDRESS.finditer(text):
        link = _link(text, match.start(), _end(match[0]) + match.start())
        if link is not None:
            yield link
            found += 1
        if found == MOST_LINKS:
            return


def host_of(address: str) -> str:
    """The host of a web address in ASCII and lower case; "" where it has none."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or parts.port == 0:
            return ""
        return _ascii(parts.hostname or "")
    except (ValueError, UnicodeError):
        return ""


def _end(found: str) -> int:
    """How much of what was found is the address: not the full stop or bracket that follows it."""
    end = len(found)
    depth = {opening: found.count(opening) for opening in _PAIRS.values()}
    for closing, opening in _PAIRS.items():
        depth[opening] -= found.count(closing)
    while end:
        last = found[end - 1]
        if last in _PAIRS and depth[_PAIRS[last]] < 0:
            depth[_PAIRS[last]] += 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end


def _link(text: str, start: int, end: int) -> Link | None:
    said = text[start:end]
    if len(said) > LONGEST:
        return None
    # Browsers read a backslash as a slash: what stands before it is the host.
    plain = said.replace("\\", "/")
    host = host_of(plain)
    if not host:
        return None
    written = ".".join(_letters(label) for label in host.split("."))
    return Link(
        start, end, _address(plain, host), host, written,
        hidden=not _says(said, host, written), foreign="xn--" in host,
        mixed=any(_mixed(label) for label in written.split(".")),
    )  # fmt: skip


def _says(said: str, host: str, written: str) -> bool:
    """Whether the text names its host where everybody looks for it: right after the slashes."""
    begins = _DOTS.sub(".", said.partition("://")[2]).casefold()
    for name in (host, written.casefold(), f"[{host}]"):
        if begins.startswith(name) and re.match(r"(?::\d+)?(?:[/?#]|$)", begins[len(name) :]):
            return True
    return False


def _address(plain: str, host: str) -> str:
    """The address as it is opened: nobody's name and password in it, its host in ASCII."""
    parts = urlsplit(plain)
    port = f":{parts.port}" if parts.port else ""
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    rest = parts._replace(scheme=parts.scheme.lower(), netloc=netloc)
    return quote(rest.geturl(), safe=_SAFE)


def _ascii(host: str) -> str:
    """A host in ASCII; "" where it is none."""
    host = _DOTS.sub(".", host).rstrip(".").lower()
    if ":" in host:
        return host if re.fullmatch(r"[0-9a-f:.]+", host) else ""
    if not host or len(host) > 253:
        return ""
    labels = [
        label if label.isascii() else label.encode("idna").decode() for label in host.split(".")
    ]
    return ".".join(labels) if all(map(_LABEL.fullmatch, labels)) else ""


def _letters(label: str) -> str:
    """A part of a host in its own letters; as it is where they cannot be told or cannot be seen."""
    if not label.startswith("xn--"):
        return label
    try:
        told = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
    return told if told.isprintable() and not any(map(unicodedata.combining, told)) else label


def _mixed(label: str) -> bool:
    """Whether letters of alphabets stand together that no language writes together."""
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not any(scripts <= usual for usual in _TOGETHER)


def _script(letter: str) -> str:
    """The alphabet of a letter, as Unicode names it: "LATIN SMALL LETTER A" is LATIN."""
    return re.split("[ -]", unicodedata.name(letter, "UNKNOWN"), maxsplit=1)[0]
