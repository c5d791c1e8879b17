"""Forms for the common parts of a policy: what they show of a text, and how they write into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sanderling.core.policy import document
from sanderling.core.policy.checking import KINDS
from sanderling.core.policy.document import DAYS
from sanderling.core.policy.editing import CannotWrite, Value, add_table, put
from sanderling.core.policy.reading import parsed
from sanderling.core.words import say

_PLAIN = ("zone", "holidays")
_NUMBERS = ("choppy", "storm", "per_hour", "keep_free")
_INCIDENTS = (
    "attach",
    "choppy",
    "storm",
    "first_word",
    "update",
    "approve",
    "per_hour",
    "keep_free",
)


class Hours(NamedTuple):
    """`[hours.NAME]` as a form has it: intervals of the days and closed dates, with commas."""

    name: str
    zone: str
    holidays: str
    days: list[tuple[str, str]]
    closed: str


class Goal(NamedTuple):
    """A goal's times, as they are written."""

    name: str
    spans: list[tuple[str, str]]


class Words(NamedTuple):
    """Forbidden words of one entry, one a line, and what is said instead."""

    name: str
    words: str
    instead: str


class Incidents(NamedTuple):
    """`[incidents]` as a form has it, as it is written; `usual` holds where nothing is."""

    said: dict[str, str]
    usual: dict[str, str]


class Forms(NamedTuple):
    """Everything the forms show of a text."""

    hours: list[Hours]
    goals: list[Goal]
    forbidden: list[Words]
    incidents: Incidents


def shown(text: str) -> Forms | None:
    """What the forms show of this text; None where it is no TOML at all."""
    raw, faults = parsed(text)
    if faults:
        return None
    return Forms(
        hours=[_hours(name, said) for name, said in _tables(raw.get("hours"))],
        goals=[
            Goal(name, [(kind, _text(said.get(kind))) for kind in KINDS])
            for name, said in _entries(raw.get("goals"))
        ],
        forbidden=[
            Words(name, "\n".join(_texts(said.get("words"))), _text(said.get("instead")))
            for name, said in _entries(raw.get("forbidden"))
        ],
        incidents=_incidents(raw.get("incidents")),
    )


def written(text: str, part: str, given: Mapping[str, str]) -> str:
    """The text with what a form of `part` gives; all else stays. Raises CannotWrite, in words."""
    writer = {
        "hours": _write_hours,
        "goals": _write_goals,
        "forbidden": _write_forbidden,
        "incidents": _write_incidents,
        "new hours": _add_hours,
        "new forbidden": _add_forbidden,
    }.get(part)
    if writer is None:
        raise CannotWrite(say("There is no such form."))
    return writer(text, given)


def _write_hours(text: str, given: Mapping[str, str]) -> str:
    for n, name in _named(given, "hours"):
        for key in _PLAIN:
            text = _put(text, ("hours", name, key), given.get(f"hours.{n}.{key}", "").strip())
        for day in DAYS:
            text = _put(text, ("hours", name, day), _split(given.get(f"hours.{n}.{day}", "")))
        closed = [_date(one) for one in _split(given.get(f"hours.{n}.closed", ""))]
        text = _put(text, ("hours", name, "closed"), closed)
    return text


def _write_goals(text: str, given: Mapping[str, str]) -> str:
    for n, name in _named(given, "goals"):
        at = _index(text, "goals", name)
        for kind in KINDS:
            text = _put(text, ("goals", at, kind), given.get(f"goals.{n}.{kind}", "").strip())
    return text


def _write_forbidden(text: str, given: Mapping[str, str]) -> str:
    for n, name in _named(given, "forbidden"):
        at = _index(text, "forbidden", name)
        words = _lines(given.get(f"forbidden.{n}.words", ""))
        text = put(text, ("forbidden", at, "words"), words)
        text = _put(text, ("forbidden", at, "instead"), given.get(f"forbidden.{n}.instead", ""))
    return text


def _write_incidents(text: str, given: Mapping[str, str]) -> str:
    if not isinstance(parsed(text)[0].get("incidents"), dict):
        text = add_table(text, ("incidents",), {})
    for key in _INCIDENTS:
        value = given.get(f"incidents.{key}", "").strip()
        number = key in _NUMBERS and value != ""
        text = _put(text, ("incidents", key), _number(value) if number else value)
    return text


def _add_hours(text: str, given: Mapping[str, str]) -> str:
    name = " ".join(given.get("new.hours", "").split())
    if not name:
        raise CannotWrite(say("Give the new hours a name, such as office."))
    if name in dict(_tables(parsed(text)[0].get("hours"))):
        raise CannotWrite(say("There are hours “{name}” already.", name=name))
    office: dict[str, Value] = {day: ["09:00-17:00"] for day in DAYS[:5]}
    return add_table(text, ("hours", name), office)


def _add_forbidden(text: str, given: Mapping[str, str]) -> str:
    name = " ".join(given.get("new.name", "").split())
    words, says = _lines(given.get("new.words", "")), given.get("new.says", "").strip()
    if not name or not words or not says:
        raise CannotWrite(
            say("Say a name for these words, at least one word, and why it is not said.")
        )
    count = len(list(_entries(parsed(text)[0].get("forbidden"))))
    return add_table(text, ("forbidden", count), {"name": name, "words": words, "says": says})


def _put(text: str, path: tuple[str | int, ...], value: Value) -> str:
    """Write a value, or take it away where nothing is given; what stands there already stays as it
    is written."""
    raw: Any = parsed(text)[0]
    for step in path[:-1]:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError) as error:
            raise CannotWrite(
                say("There is no {step} in the text any more. Look again.", step=step)
            ) from error
    if isinstance(raw, dict) and raw.get(path[-1], "" if isinstance(value, str) else []) == value:
        return text
    return put(text, path, value if value else None)


def _named(given: Mapping[str, str], part: str) -> Iterator[tuple[int, str]]:
    n = 0
    while (name := given.get(f"{part}.{n}.name")) is not None:
        yield n, name
        n += 1


def _index(text: str, part: str, name: str) -> int:
    names = [name for name, _ in _entries(parsed(text)[0].get(part))]
    if name not in names:
        raise CannotWrite(
            say("“{name}” is not in the text any more. Check it, then look again.", name=name)
        )
    return names.index(name)


def _hours(name: str, said: Mapping[str, Any]) -> Hours:
    closed = said.get("closed")
    dates = [str(one) for one in closed] if isinstance(closed, list) else []
    days = [(day, ", ".join(_texts(said.get(day)))) for day in DAYS]
    return Hours(name, _text(said.get("zone")), _text(said.get("holidays")), days, ", ".join(dates))


def _incidents(raw: object) -> Incidents:
    said = raw if isinstance(raw, dict) else {}
    usual = document.Incidents()
    return Incidents(
        {key: str(said.get(key, "")) for key in _INCIDENTS},
        {key: str(getattr(usual, key)) for key in _INCIDENTS},
    )


def _tables(raw: object) -> list[tuple[str, dict[str, Any]]]:
    found = raw.items() if isinstance(raw, dict) else ()
    return [(name, said) for name, said in found if isinstance(said, dict)]


def _entries(raw: object) -> Iterator[tuple[str, dict[str, Any]]]:
    for said in raw if isinstance(raw, list) else ():
        table = said if isinstance(said, dict) else {}
        yield _text(table.get("name")), table


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _texts(raw: object) -> list[str]:
    return [one for one in raw if isinstance(one, str)] if isinstance(raw, list) else []


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise CannotWrite(say("“{text}” is no whole number.", text=text[:40]))
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CannotWrite(
            say("“{text}” is no date. Write it as 2026-12-24.", text=text[:40])
        ) from error
