"""The language of the search box: words, "phrases", and filters such as `is:open owner:me`.

Parts are joined by "and"; a `-` before one denies it. What a person typed becomes a Search, or a
Problem that says what is wrong, where, and what was perhaps meant. Nothing raises. Pure.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

from sanderling.core.verdict import Kind, Tone
from sanderling.core.words import later
from sanderling.core.words import say as sentence

LONGEST = 500
MOST_PARTS = 24
Known = Mapping[str, Sequence[str]]
"""Values that there are by now, for filters whose values come and go: owners, teams, topics."""


class Filter(msgspec.Struct, frozen=True):
    """A filter: what it is about, its values where they are few and fixed, examples where not.

    `compares`: whether `>`, `<`, `>=` and `<=` may stand before the value.
    """

    about: str
    values: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    compares: bool = False


FILTERS: dict[str, Filter] = {
    "is": Filter(
        later("How the case stands"),
        ("open", "new", "waiting", "snoozed", "resolved", "closed", "late"),
    ),
    "owner": Filter(later("Who has it"), examples=("me", "none")),
    "team": Filter(later("Whose team it is"), examples=("none",)),
    "network": Filter(later("Where it was written")),
    "kind": Filter(later("What it is"), tuple(Kind)),
    "tone": Filter(
        later("How upset: a word, or a share of the scale"),
        tuple(tone.name.lower() for tone in Tone),
        (">=annoyed", ">0.7"),
        compares=True,
    ),
    "room": Filter(later("Where it began"), ("public", "direct")),
    "lang": Filter(later("The language"), examples=("en", "de")),
    "from": Filter(later("Who wrote it"), examples=("@handle",)),
    "topic": Filter(later("What it is about")),
    "plan": Filter(later("What the customer pays for")),
    "opened": Filter(
        later("When it was opened: a day, or how long ago"),
        examples=("<2d", ">1w", ">=2026-11-01"),
        compares=True,
    ),
    "due": Filter(later("When we owe the next word"), examples=("<1h", "<1d"), compares=True),
    "incident": Filter(
        later("Which incident it is part of, by its number; “any” is one that stands"),
        examples=("any", "none"),
    ),
    "has": Filter(later("What it holds"), ("note", "picture", "answer")),
}


class Condition(msgspec.Struct, frozen=True):
    """A filter with its value; `op` is empty, `>`, `<`, `>=` or `<=`."""

    field: str
    value: str
    op: str = ""
    denied: bool = False


class Words(msgspec.Struct, frozen=True):
    """A word, or words that stand one after the other."""

    text: str
    phrase: bool = False
    denied: bool = False


Part = Condition | Words


class Search(msgspec.Struct, frozen=True):
    """What is looked for: all of it must hold."""

    parts: tuple[Part, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The filters alone."""
        return tuple(p for p in self.parts if isinstance(p, Condition))

    @property
    def words(self) -> tuple[Words, ...]:
        """The words alone."""
        return tuple(p for p in self.parts if isinstance(p, Words))


class Problem(msgspec.Struct, frozen=True):
    """Why a text is no search: which `length` characters from `at` on, and what was perhaps meant
    in their place, if anything comes near."""

    message: str
    at: int = 0
    length: int = 0
    perhaps: str = ""


class _Wrong(Exception):
    def __init__(self, message: str, at: int, length: int, perhaps: str = "") -> None:
        self.problem = Problem(message, at, length, perhaps)


_PART = re.compile(
    r"""(?P<deny>-(?=\S))?
        (?:(?P<field>[A-Za-z]+):(?!//)(?P<op>[<>]=?)?(?P<value>"[^"]*"?|\S*)
        |(?P<phrase>"[^"]*"?)
        |(?P<word>\S+))""",
    re.VERBOSE,
)
_AGO = re.compile(r"([0-9]{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAY = re.compile(r"(19[7-9][0-9]|20[0-9]{2})-[0-9]{2}-[0-9]{2}")
_SHARE = re.compile(r"(0|1|0?\.[0-9]{1,4}|1\.0{1,4})")
_INCIDENT = re.compile(r"any|none|[1-9][0-9]{0,15}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}  # fmt: skip


def parse(text: str, known: Known | None = None) -> Search | Problem:
    """What `text` asks for. A field that `known` names takes the values given there, in any case of
    letters; where it is not named, any value will do."""
    text = text.replace("\x00", " ")
    if len(text) > LONGEST:
        return Problem(
            sentence("A search is no longer than {most} characters.", most=LONGEST), LONGEST, 1
        )
    try:
        parts = tuple(_part(found, known or {}) for found in _PART.finditer(text))
    except _Wrong as wrong:
        return wrong.problem
    if len(parts) > MOST_PARTS:
        return Problem(
            sentence("A search has no more than {most} parts.", most=MOST_PARTS), 0, len(text)
        )
    return Search(parts)


def say(search: Search) -> str:
    """The search as it would be typed; `parse` gives the same again."""
    return " ".join(map(_said, search.parts))


def tones(condition: Condition) -> list[int]:
    """The tones that a `tone:` condition asks for, of core.verdict.Tone."""
    compare, value = _COMPARE[condition.op], condition.value
    if value.upper() in Tone.__members__:
        return [int(tone) for tone in Tone if compare(tone, Tone[value.upper()])]
    return [int(tone) for tone in Tone if compare(tone / max(Tone), float(value))]


def span(
    condition: Condition, *, now: datetime, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """From when, and until before when, an `opened:` or `due:` condition asks; None is no bound.

    Lengths of time count back from `now` for `opened:` and on from it for `due:`; days are those of
    `zone`.
    """
    ago = _AGO.fullmatch(condition.value)
    if ago:
        length = timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        back = condition.field == "opened"
        edge = now - length if back else now + length
        return (edge, None) if condition.op.startswith("<") == back else (None, edge)
    day = date.fromisoformat(condition.value)
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return {
        "": (begin, end), ">": (end, None), ">=": (begin, None), "<": (None, begin),
        "<=": (None, end),
    }[condition.op]  # fmt: skip


def _part(found: re.Match[str], known: Known) -> Part:
    denied = bool(found["deny"])
    if found["field"]:
        return _condition(found, known, denied)
    if found["phrase"]:
        inside = _unquoted(found, "phrase")
        return Words(inside, phrase=True, denied=denied)
    return Words(found["word"], denied=denied)


class _Place(NamedTuple):
    """Where a value stands, with what compares it."""

    field: str
    op: str
    value: str
    at: int
    length: int


def _condition(found: re.Match[str], known: Known, denied: bool) -> Condition:
    field, op = found["field"].lower(), found["op"] or ""
    at, length = found.start("field"), len(found["field"])
    if field not in FILTERS:
        near = _near(field, FILTERS)
        raise _Wrong(
            sentence("There is no filter “{name}:”.", name=found["field"]), at, length, near
        )
    value = _unquoted(found, "value") if found["value"].startswith('"') else found["value"]
    if op and not FILTERS[field].compares:
        value, op = op + value, ""
    if not value:
        raise _Wrong(
            sentence("“{field}:” needs a value.", field=field),
            at,
            length + 1,
            _example(field, known),
        )
    begin = found.end("field") + 1
    place = _Place(field, op, value, begin, found.end("value") - begin)
    return Condition(field, _checked(place, known), op, denied)


def _checked(place: _Place, known: Known) -> str:
    """The value as it is written out; raises _Wrong."""
    field, op, value, lower = place.field, place.op, place.value, place.value.lower()
    if field == "from":
        return value.removeprefix("@") or _refuse(place)
    if field in ("opened", "due"):
        return lower if _is_time(lower, op) else _refuse_time(place)
    if field == "incident":
        return lower if _INCIDENT.fullmatch(lower) else _refuse(place, FILTERS[field].examples)
    if field == "lang":
        return lower if _LANGUAGE.fullmatch(lower) else _refuse(place)
    if field == "tone" and op and _SHARE.fullmatch(value):
        return value
    choice = [*FILTERS[field].values, *_named(field, known)]
    same = next((v for v in choice if v.lower() == lower), None)
    if same is not None:
        return same
    fixed = FILTERS[field].values or field in known
    return _refuse(place, choice) if fixed else value


def _named(field: str, known: Known) -> tuple[str, ...]:
    """What may stand behind a filter that takes names; `me` and `none` always may."""
    always = FILTERS[field].examples if field in ("owner", "team") else ()
    return (*always, *known.get(field, ()))


def _is_time(value: str, op: str) -> bool:
    if _AGO.fullmatch(value):
        return bool(op)
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _refuse(place: _Place, choice: Iterable[str] = ()) -> str:
    near = _near(place.value.lower(), {v.lower(): v for v in choice})
    message = sentence("“{field}:” knows no “{value}”.", field=place.field, value=place.value[:40])
    raise _Wrong(message, place.at, place.length, place.op + _value(near) if near else "")


def _refuse_time(place: _Place) -> str:
    example = (
        sentence("{one} or {other}", one="opened:<2d", other="opened:>2026-11-01")
        if place.field == "opened"
        else "due:<1h"
    )
    message = sentence(
        "“{value}” is no time; write {example}.", value=place.value[:40], example=example
    )
    raise _Wrong(message, place.at, place.length)


def _near(word: str, names: Mapping[str, object]) -> str:
    """What was perhaps meant: the name of one that begins so, else of one that looks like it."""
    begins = [w for w in names if w.startswith(word)]
    close = begins[:1] or get_close_matches(word, list(names), 1)
    if not close:
        return ""
    found = names[close[0]]
    return found if isinstance(found, str) else close[0]


def _example(field: str, known: Known) -> str:
    choice = [*FILTERS[field].values, *FILTERS[field].examples, *known.get(field, ())]
    return f"{field}:{_value(choice[0])}" if choice else ""


def _unquoted(found: re.Match[str], name: str) -> str:
    quoted = found[name]
    at = found.start(name)
    if len(quoted) < 2 or not quoted.endswith('"'):
        raise _Wrong(sentence("This quote is not closed."), at, len(quoted), f'{quoted}"')
    inside = " ".join(quoted[1:-1].split())
    if not inside:
        raise _Wrong(sentence("Nothing stands between the quotes."), at, len(quoted))
    return inside


def _said(part: Part) -> str:
    deny = "-" * part.denied
    if isinstance(part, Words):
        return f'{deny}"{part.text}"' if part.phrase else deny + part.text
    at = "@" * (part.field == "from")
    return f"{deny}{part.field}:{part.op}{_value(at + part.value)}"


def _value(value: str) -> str:
    return f'"{value}"' if " " in value else value
