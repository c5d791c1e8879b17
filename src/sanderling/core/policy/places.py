"""Where everything stands in a policy's text: to name the line of a mistake, and to change one
value while the rest, comments and all, stays as it was written."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import regex

Path = tuple[str | int, ...]

_BLANK = regex.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_SPACE = regex.compile(r"[ \t]*+")
_KEY = regex.compile(r"""[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+'""")
_STRING = regex.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:\\.|[^"\\\n])*+"'
    r"|'[^'\n]*+'",
    regex.DOTALL,
)
_SCALAR = regex.compile(r"[^,\]}#\r\n]*[^,\]}#\r\n \t]")


class Place(NamedTuple):
    """Where a value stands: its line, from 1, and its characters; of a table, its `head`."""

    line: int
    start: int
    stop: int
    head: bool = False


def places(text: str) -> dict[Path, Place]:
    """Each header and each key of valid TOML, as ("goals", 0, "name"); what stands inside braces is
    not looked into. Of other texts, as much as can be made out."""
    breaks = [at for at, sign in enumerate(text) if sign == "\n"]
    return {
        path: Place(bisect_right(breaks, start - 1) + 1, start, min(stop, len(text)), head)
        for path, start, stop, head in _found(text)
    }


def line_of(found: dict[Path, Place], path: Path) -> int:
    """The line of what stands at `path`, or of the nearest thing around it; 0 for none."""
    while path:
        if path in found:
            return found[path].line
        path = path[:-1]
    return 0


def _found(text: str) -> Iterator[tuple[Path, int, int, bool]]:
    table: Path = ()
    lists: dict[Path, int] = {}
    at = _after(_BLANK, text, 0)
    while at < len(text):
        start = at
        if text[at] == "[":
            many = text.startswith("[[", at)
            keys, at = _keys(text, at + 1 + many)
            table = _table(keys, many, lists)
            at += 1 + many
            yield table, start, at, True
        else:
            keys, at = _keys(text, at)
            start = _after(_SPACE, text, at + 1)
            at = max(_value(text, start), start)
            yield table + keys, start, at, False
        at = max(_after(_BLANK, text, at), at if at > start else start + 1)


def _table(keys: Path, many: bool, lists: dict[Path, int]) -> Path:
    """The path of a header: a list on the way means its last entry."""
    path: Path = ()
    for n, key in enumerate(keys):
        path = (*path, key)
        if many and n == len(keys) - 1:
            lists[path] = lists.get(path, -1) + 1
        if path in lists:
            path = (*path, lists[path])
    return path


def _keys(text: str, at: int) -> tuple[Path, int]:
    keys: list[str] = []
    while found := _KEY.match(text, _after(_SPACE, text, at)):
        keys.append(_unquoted(found[0]))
        at = _after(_SPACE, text, found.end())
        if text[at : at + 1] != ".":
            break
        at += 1
    return tuple(keys), at


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] != '"' or "\\" not in key:
        return key.strip('"')
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except ValueError:
        return key


def _value(text: str, at: int) -> int:
    """Where the value that starts here ends."""
    if text[at : at + 1] in ("[", "{"):
        return _closed(text, at)
    found = _STRING.match(text, at) or _SCALAR.match(text, at)
    return found.end() if found else at


def _closed(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        sign = text[at]
        if sign == "#":
            at = _after(_BLANK, text, at)
            continue
        if sign in "\"'" and (found := _STRING.match(text, at)):
            at = found.end()
            continue
        depth += (sign in "[{") - (sign in "]}")
        at += 1
        if depth == 0:
            break
    return at


def _after(what: regex.Pattern[str], text: str, at: int) -> int:
    found = what.match(text, at)
    return found.end() if found else at
