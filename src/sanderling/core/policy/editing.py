"""Changing single values in a policy's text while all else, comments too, stays as it was written.

What was written is read again: unless exactly the wanted value changed, nothing is changed at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

import msgspec

from sanderling.core.policy.places import Path, Place, places
from sanderling.core.policy.reading import parsed
from sanderling.core.words import later, say

Value = str | int | bool | Sequence[str] | Sequence[date]

_HARD = later("This part is written in a way that only the text can change. Change it there.")


class CannotWrite(ValueError):
    """The text cannot be changed so; it says why, in words."""


def put(text: str, path: Path, value: Value | None) -> str:
    """The text with `value` at `path`, such as ("goals", 0, "answer"); None takes the key away.

    The table around it must be there. Raises CannotWrite.
    """
    raw = _read(text)
    wanted = deepcopy(raw)
    around = _around(wanted, path)
    if value is None:
        around.pop(path[-1], None)
    else:
        around[path[-1]] = _plain(value)
    return _sure(_put(text, path, value), wanted)


def add_table(text: str, path: Path, values: Mapping[str, Value]) -> str:
    """The text with one more table: ("hours", "office") at its end, or, where path ends with a
    number, one more entry of a list: ("forbidden", 2) behind the last. Raises CannotWrite."""
    wanted = deepcopy(_read(text))
    plain = {key: _plain(value) for key, value in values.items()}
    many = isinstance(path[-1], int)
    if many:
        entries = wanted.setdefault(str(path[0]), [])
        if not isinstance(entries, list) or len(entries) != path[-1]:
            raise CannotWrite(say(_HARD))
        entries.append(plain)
    else:
        _around(wanted, path, make=True)[path[-1]] = plain
    names = ".".join(_key(str(step)) for step in path if isinstance(step, str))
    head = f"[[{names}]]" if many else f"[{names}]"
    lines = [head, *(f"{_key(key)} = {_written(value)}" for key, value in values.items())]
    at = _behind_last(text, str(path[0]))
    before, after = text[:at].rstrip("\n"), text[at:].lstrip("\n")
    return _sure(
        before + "\n\n" + "\n".join(lines) + "\n" + (f"\n{after}" if after else ""), wanted
    )


def _read(text: str) -> dict[str, Any]:
    raw, faults = parsed(text)
    if faults:
        raise CannotWrite(say("First mend the text: {says}", says=faults[0].says))
    return raw


def _sure(text: str, wanted: dict[str, Any]) -> str:
    try:
        if tomllib.loads(text) == wanted:
            return text
    except ValueError:
        pass
    raise CannotWrite(say(_HARD))


def _around(raw: dict[str, Any], path: Path, *, make: bool = False) -> dict[str | int, Any]:
    at: Any = raw
    for step in path[:-1]:
        if make and isinstance(at, dict) and isinstance(step, str):
            at.setdefault(step, {})
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError) as error:
            raise CannotWrite(
                say("There is no {step} in the text any more. Look again.", step=step)
            ) from error
    if not isinstance(at, dict):
        raise CannotWrite(say(_HARD))
    return at


def _put(text: str, path: Path, value: Value | None) -> str:
    found = places(text)
    at = found.get(path)
    if at is not None:
        return _without(text, at) if value is None else _changed(text, at, value)
    if value is None:
        return text
    table = found.get(path[:-1])
    if table is None and path[:-1]:
        raise CannotWrite(say(_HARD))
    end = _end_of_keys(text, found, path[:-1])
    line = f"{_key(str(path[-1]))} = {_written(value)}\n"
    before = text[:end] if not end or text[end - 1] == "\n" else text[:end] + "\n"
    return before + line + text[end:]


def _changed(text: str, at: Place, value: Value) -> str:
    return text[: at.start] + _written(value) + text[at.stop :]


def _without(text: str, at: Place) -> str:
    start = text.rfind("\n", 0, at.start) + 1
    end = text.find("\n", at.stop)
    return text[:start] + ("" if end < 0 else text[end + 1 :])


def _end_of_keys(text: str, found: Mapping[Path, Place], table: Path) -> int:
    """Where a line may be added to a table: below its last key, or below its head."""
    inside = [
        place.stop
        for path, place in found.items()
        if path == table or (path[:-1] == table and not place.head)
    ]
    end = text.find("\n", max(inside)) if inside else -1
    return end + 1 if end >= 0 else len(text) if inside else 0


def _behind_last(text: str, name: str) -> int:
    """Behind the last line of everything under this name, or the end of the text."""
    stops = [place.stop for path, place in places(text).items() if path[0] == name]
    if not stops:
        return len(text)
    end = text.find("\n", max(stops))
    return len(text) if end < 0 else end + 1


def _plain(value: Value) -> object:
    """As TOML reads it."""
    return value if isinstance(value, str | int) else list(value)


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int):
        return str(value)
    return (
        "["
        + ", ".join(one.isoformat() if isinstance(one, date) else _quoted(one) for one in value)
        + "]"
    )


def _quoted(text: str) -> str:
    """As JSON writes it, which TOML reads too; but DEL must be escaped."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    plain = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if plain else _quoted(key)
