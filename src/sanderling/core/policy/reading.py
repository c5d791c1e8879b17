"""Reading a text strictly by its structs, a policy or a playbook: what they do not know is a fault,
and all are named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
import regex

from sanderling.core.policy.document import (
    LONGEST,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST,
    Part,
)
from sanderling.core.policy.places import Path
from sanderling.core.policy.spans import Span, span
from sanderling.core.words import figure, later, say

Whole = TypeVar("Whole", bound=Part)
LARGEST = 10**12

_SYNTAX = regex.compile(r"(.*) \(at line (\d+), column (\d+)\)", regex.DOTALL)
_DEEP = regex.compile(r"""(?:[\w"'-]++[ \t]*+\.[ \t]*+){20}""")  # costs tomllib its square in time
_TOO_DEEP = later("Lists and tables are nested too deeply.")
_CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f\p{Cs}]")
_MEANT = {
    str: later("a text in quotes"),
    int: later("a whole number"),
    bool: later("true or false"),
    date: later("a date such as 2026-12-24"),
    datetime: later("a date and time such as 2026-11-21T02:00:00"),
    time: later("a time such as 02:00:00"),
    Span: later("a time in quotes: 15m, 4h or 1d 2h"),
    dict: later("a table"),
    tuple: later("a list in square brackets"),
}


class Fault(NamedTuple):
    """What is wrong at a path of the document; `line` where the path does not tell it."""

    path: Path
    says: str
    line: int = 0


Inspect = Callable[[Part, Path], Iterable[Fault]]
"""What does not fit in a part that was read."""


def parsed(text: str) -> tuple[dict[str, Any], list[Fault]]:
    """The text as TOML; nothing, and why, where it is none."""
    if len(text) > LONGEST:
        return {}, [
            Fault((), say("A text is at most {most} characters long.", most=figure(LONGEST)))
        ]
    if found := _DEEP.search(text):
        return {}, [Fault((), say(_TOO_DEEP), text.count("\n", 0, found.start()) + 1)]
    try:
        return tomllib.loads(text), []
    except RecursionError:
        return {}, [Fault((), say(_TOO_DEEP))]
    except ValueError as error:
        found = _SYNTAX.fullmatch(str(error))
        says, line = (found[1], int(found[2])) if found else (str(error)[:300], 0)
        return {}, [Fault((), say("This is not written as TOML: {says}.", says=says), line)]


def read(
    kind: type[Whole], raw: Mapping[str, Any], inspect: Inspect
) -> tuple[Whole | None, list[Fault]]:
    """The document of this kind, if nothing in it is wrong by itself; else None. `inspect` is asked
    about each part that could be read."""
    faults: list[Fault] = []
    document = _Reader(inspect, faults).part(kind, raw, ())
    return (None if faults else document), faults


class _Reader:
    """Reads parts by their annotations and gathers what is wrong. What is wrong is read as None."""

    def __init__(self, inspect: Inspect, faults: list[Fault]) -> None:
        self.inspect = inspect
        self.faults = faults

    def part(self, kind: Any, raw: object, path: Path) -> Any:
        if not isinstance(raw, dict):
            return self.wrong(path, say("This must be a table, not a single value."))
        before = len(self.faults)
        hints = _hints(kind)
        for key in raw.keys() - hints.keys():
            self.wrong((*path, key), _unknown(key, hints))
        for key in _required(kind) - raw.keys():
            self.wrong(path, say("“{key}” is missing.", key=key))
        values = {
            key: self.value(hints[key], raw[key], (*path, key)) for key in hints if key in raw
        }
        wrong = {fault.path[: len(path) + 1] for fault in self.faults[before:]}
        self.inspected(kind, values, path, wrong)
        return None if len(self.faults) > before else kind(**values)

    def inspected(self, kind: Any, values: dict[str, Any], path: Path, wrong: set[Path]) -> None:
        """Look at a part as a whole. What is wrong in it, or missing, is left out and not blamed
        again: other mistakes beside it are told all the same."""
        sound = {key: value for key, value in values.items() if (*path, key) not in wrong}
        rest = {key: _nothing(_hints(kind)[key]) for key in _required(kind) - sound.keys()}
        blamed = wrong | {(*path, key) for key in rest} | ({path} if wrong else set())
        found = self.inspect(kind(**rest, **sound), path)
        self.faults += [fault for fault in found if fault.path[: len(path) + 1] not in blamed]

    def value(self, hint: Any, raw: object, path: Path) -> Any:
        for one in _members(hint):
            if isinstance(one, type) and issubclass(one, Part):
                return self.part(one, raw, path)
            if get_origin(one) is tuple and isinstance(raw, list):
                return self.listed(get_args(one)[0], raw, path)
            if get_origin(one) is dict and isinstance(raw, dict):
                return self.table(get_args(one), raw, path)
        return self.single(hint, raw, path)

    def listed(self, hint: Any, raw: list[object], path: Path) -> Any:
        if len(raw) > MOST:
            return self.wrong(
                path,
                say("There are {n} of these. At most {most} are allowed.", n=len(raw), most=MOST),
            )
        return tuple(self.value(hint, one, (*path, n)) for n, one in enumerate(raw))

    def table(self, hints: tuple[Any, ...], raw: dict[str, object], path: Path) -> Any:
        if len(raw) > MOST:
            return self.wrong(
                path,
                say("There are {n} of these. At most {most} are allowed.", n=len(raw), most=MOST),
            )
        named, hint = hints
        return {
            self.name(named, key, (*path, key)): self.value(hint, one, (*path, key))
            for key, one in raw.items()
        }

    def name(self, kind: Any, key: str, path: Path) -> Any:
        if kind is date:
            try:
                return date.fromisoformat(key)
            except ValueError:
                return self.wrong(
                    path, say("“{key}” is no date. Write it as 2026-12-24.", key=key[:40])
                )
        if not key.strip() or len(key) > LONGEST_NAME or _CONTROL.search(key):
            return self.wrong(
                path, say("A name has 1 to {most} characters, no control signs.", most=LONGEST_NAME)
            )
        return key

    def single(self, hint: Any, raw: object, path: Path) -> Any:
        for one in _members(hint):
            if one is Span and isinstance(raw, str):
                return self.span(raw, path)
            if get_origin(one) is Literal and isinstance(raw, str) and raw in get_args(one):
                return raw
            if isinstance(one, type) and issubclass(one, StrEnum) and raw in set(one):
                return one(str(raw))
            if type(raw) is one:
                return self.bounded(raw, path)
        return self.wrong(path, say("This must be {hint}.", hint=_meant(hint)))

    def span(self, raw: str, path: Path) -> Any:
        try:
            return span(raw)
        except ValueError as error:
            return self.wrong(path, str(error))

    def bounded(self, raw: Any, path: Path) -> Any:
        if isinstance(raw, str) and len(raw) > LONGEST_TEXT:
            return self.wrong(
                path, say("A text is at most {most} characters long.", most=figure(LONGEST_TEXT))
            )
        if isinstance(raw, str) and _CONTROL.search(raw):
            return self.wrong(path, say("There is a control sign in this text. Take it out."))
        if isinstance(raw, int) and not 0 <= raw <= LARGEST:
            return self.wrong(path, say("This must be 0 or more, and not that large."))
        if isinstance(raw, date) and not 1970 <= raw.year < 2100:  # a datetime is a date too
            return self.wrong(path, say("A date lies between 1970 and 2099."))
        return raw

    def wrong(self, path: Path, says: str) -> None:
        self.faults.append(Fault(path, says))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _required(kind: Any) -> frozenset[str]:
    return frozenset(f.name for f in msgspec.structs.fields(kind) if f.required)


def _nothing(hint: Any) -> Any:
    """What stands for a value that is missing."""
    return (get_origin(hint) or hint)()


def _members(hint: Any) -> tuple[Any, ...]:
    """What a value may be: TOML knows no null, so None does not count."""
    if get_origin(hint) in (UnionType, Union):
        return tuple(one for one in get_args(hint) if one is not NoneType)
    return (hint,)


def _meant(hint: Any) -> str:
    *most, last = [_one_meant(one) for one in _members(hint)]
    return say("{these} or {last}", these=", ".join(most), last=last) if most else last


def _one_meant(one: Any) -> str:
    if get_origin(one) is Literal:
        return _one_of(get_args(one))
    if isinstance(one, type) and issubclass(one, StrEnum):
        return _one_of(one)
    return say(_MEANT[get_origin(one) or one])


def _one_of(words: Iterable[str]) -> str:
    return say("one of {words}", words=", ".join(f"“{word}”" for word in words if word))


def _unknown(key: str, known: Iterable[str]) -> str:
    alike = get_close_matches(key[:LONGEST_NAME], list(known), n=1)
    if alike:
        return say(
            "There is no “{key}” here. Did you mean “{near}”? There are {known}.",
            key=key[:40],
            near=alike[0],
            known=", ".join(known),
        )
    return say("There is no “{key}” here. There are {known}.", key=key[:40], known=", ".join(known))
