"""A company's own customers, from a CSV file or from its register: every bad line is named.

    handle,network,email,reference,name,plan,until
    lena,bluesky,,C-1042,Lena Ott,business,2027-03-31

Columns may come in any order and be missing; ";" parts fields as well as ",". Each line names a
customer by `reference` (the company's number for them), by `handle` and `network`, or by `email`.

A register is asked about some people and answers `{"customers": [...]}` with the same words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Protocol

from sanderling.core.words import figure, say

COLUMNS = ("handle", "network", "email", "reference", "name", "plan", "until")
LONGEST = 20_000_000
"""Characters of a file."""
LONGEST_FIELD = 200
MOST_LINES = 200_000
MOST_ENTRIES = 1_000
"""Of an answer; who is asked about a hundred people has no more to say."""


class Line(NamedTuple):
    """A customer as one line tells them; what it does not tell is empty. `until` is the first
    moment at which the plan does not hold any more. `silent`: it says nothing of a plan, although
    others may."""

    number: int
    handle: str = ""
    network: str = ""
    email: str = ""
    reference: str = ""
    name: str = ""
    plan: str = ""
    until: datetime | None = None
    silent: bool = False


class Bad(NamedTuple):
    """What is wrong with a line of the file, and what to do."""

    line: int
    says: str

    def __str__(self) -> str:
        return say("Line {line}: {says}", line=self.line, says=self.says)


class Customers(NamedTuple):
    """What a file tells; it is fit to be used only if nothing is `bad`. `tells` are its columns.

    Of a register's answer the lines are fit to be used whatever is bad beside them.
    """

    lines: list[Line]
    bad: list[Bad]
    tells: frozenset[str] = frozenset()


class Sought(NamedTuple):
    """Somebody whom a register is asked about; `email` is empty where it is not known."""

    network: str
    handle: str
    email: str = ""


class Register(Protocol):
    """Where a company knows its customers. `name` is how cards call it: the name of its host."""

    @property
    def name(self) -> str:
        """Its name."""

    def look_up(self, sought: Sequence[Sought]) -> Customers:
        """What it knows of these people alone. Raises the errors of `core.network`."""


def read(text: str, networks: Collection[str]) -> Customers:
    """The customers of a file. Never raises: what is wrong is in `bad`, all of it."""
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST:
        return Customers(
            [],
            [
                Bad(
                    1,
                    say(
                        "The file has more than {most} characters. Split it.", most=figure(LONGEST)
                    ),
                )
            ],
        )
    if "\0" in text:
        return Customers([], [Bad(1, say("This is no text: it has empty bytes in it."))])
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        if bad := _heading(names):
            return Customers([], [Bad(1, bad)])
        lines, wrong = _lines(rows, names, networks)
    except csv.Error as error:
        return Customers(
            [], [Bad(rows.line_num, say("It cannot be read as CSV: {error}.", error=error))]
        )
    return Customers(lines, [*wrong, *_contradictions(lines)], frozenset(names))


def answered(told: Any, sought: Collection[Sought]) -> Customers:
    """The customers of a register's answer, as JSON gave it, about those who were `sought`.

    Never raises: an entry that is bad is left out and named in `bad` by its place in the answer,
    entries about somebody else are left out. Of two that contradict each other the first counts.
    """
    entries = told.get("customers") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        return Customers([], [Bad(1, say("The answer has no list of customers."))])
    lines: list[Line] = []
    bad: list[Bad] = []
    if len(entries) > MOST_ENTRIES:
        bad.append(
            Bad(MOST_ENTRIES, say("The rest of {n} entries was not read.", n=figure(len(entries))))
        )
    asked = _Asked(sought)
    for n, entry in enumerate(entries[:MOST_ENTRIES], 1):
        found = _entry(n, entry, asked.networks)
        if isinstance(found, str):
            bad.append(Bad(n, found))
        elif asked.about(found):
            lines.append(found)
    disputed = _contradictions(lines)
    numbers = {b.line for b in disputed}
    kept = [line for line in lines if line.number not in numbers]
    return Customers(kept, sorted([*bad, *disputed]), frozenset(COLUMNS))


class _Asked:
    """Who was asked about."""

    def __init__(self, sought: Collection[Sought]) -> None:
        self.networks = {s.network for s in sought}
        self._handles = {(s.network, s.handle.lower()) for s in sought if s.handle}
        self._emails = {s.email.lower() for s in sought if s.email}

    def about(self, line: Line) -> bool:
        """Whether a line is about one of them: by its handle, by its email if it has none."""
        if line.handle:
            return (line.network, line.handle.lower()) in self._handles
        return line.email in self._emails


def _entry(n: int, entry: Any, networks: Collection[str]) -> Line | str:
    """The customer of an entry, or what is wrong with it."""
    if not isinstance(entry, dict):
        return say("It is no customer.")
    given = {name: entry.get(name) for name in COLUMNS}
    for name, field in given.items():
        if not isinstance(field, str | None):
            return say("Its {name} is no text.", name=name)
        if field and "\0" in field:
            return say("Its {name} has empty bytes in it.", name=name)
    if given["network"] == "mail" and not given["handle"]:
        given["network"] = None  # letters know people by their address alone
    found = _line(n, [field or "" for field in given.values()], list(given), networks)
    return found._replace(silent="plan" not in entry) if isinstance(found, Line) else found


def _heading(names: list[str]) -> str:
    """Why the first line will not do; empty where it will."""
    strange = [name for name in names if name not in COLUMNS]
    if not names:
        return say(
            "The first line names the columns. It has nothing; there are {columns}.",
            columns=", ".join(COLUMNS),
        )
    if strange:
        named = ", ".join(f"“{name[:40]}”" for name in strange[:5])
        return say(
            "The first line names the columns. It has {named}; there are {columns}.",
            named=named,
            columns=", ".join(COLUMNS),
        )
    if len(set(names)) < len(names):
        return say("A column is named twice.")
    if not {"reference", "email"} & set(names) and not {"handle", "network"} <= set(names):
        return say("A customer is named by reference, by email, or by handle and network.")
    return ""


def _lines(
    rows: Iterator[list[str]], names: list[str], networks: Collection[str]
) -> tuple[list[Line], list[Bad]]:
    lines: list[Line] = []
    bad: list[Bad] = []
    for n, row in enumerate(rows, 2):
        if not any(field.strip() for field in row):
            continue
        if len(lines) + len(bad) >= MOST_LINES:
            bad.append(
                Bad(
                    n,
                    say("The file has more than {most} lines. Split it.", most=figure(MOST_LINES)),
                )
            )
            break
        found = _line(n, row, names, networks)
        if isinstance(found, Line):
            lines.append(found)
        else:
            bad.append(Bad(n, found))
    return lines, bad


def _line(n: int, row: list[str], names: list[str], networks: Collection[str]) -> Line | str:
    """The customer of a line, or what is wrong with it."""
    if len(row) != len(names):
        return say("It has {n} fields; the first line names {named}.", n=len(row), named=len(names))
    given = {name: " ".join(field.split()) for name, field in zip(names, row, strict=True)}
    if long := next((name for name, field in given.items() if len(field) > LONGEST_FIELD), None):
        return say("Its {long} has more than {most} characters.", long=long, most=LONGEST_FIELD)
    network, handle = given.get("network", "").lower(), given.get("handle", "").lstrip("@")
    if network and network not in networks:
        return say(
            "There is no network “{network}”. There are {networks}.",
            network=network[:40],
            networks=", ".join(sorted(networks)),
        )
    if bool(network) != bool(handle):
        return say("A handle needs its network, and a network a handle.")
    email = given.get("email", "").lower()
    if email and not ("@" in email[1:-1] and " " not in email):
        return say("“{email}” is no e-mail address.", email=email[:60])
    if not (handle or email or given.get("reference")):
        return say("It names nobody: give a reference, an email, or a handle and its network.")
    until = _until(given.get("until", ""))
    if isinstance(until, str):
        return until
    if until and not given.get("plan"):
        return say("It says until when, but not which plan.")
    return Line(
        n, handle, network, email, given.get("reference", ""), given.get("name", ""),
        given.get("plan", ""), until,
    )  # fmt: skip


def _until(text: str) -> datetime | str | None:
    """The end of the day that is named (UTC), None for none, or what is wrong."""
    if not text:
        return None
    try:
        last = date.fromisoformat(text)
        return datetime.combine(last + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError):
        return say("“{text}” is no day. Write the last day as 2027-03-31.", text=text[:40])


def _contradictions(lines: list[Line]) -> list[Bad]:
    """Lines that say something else about a customer than an earlier one does."""
    known: dict[tuple[str, ...], Line] = {}
    bad = []
    for line in lines:
        who = _names(line)
        others = [known[name] for name in who if name in known]
        for other in others[:1]:
            if _told(other) != _told(line):
                bad.append(
                    Bad(
                        line.number,
                        say("It says otherwise than line {number}.", number=other.number),
                    )
                )
        for name in who:
            known.setdefault(name, line)
    return bad


def _names(line: Line) -> list[tuple[str, ...]]:
    found = [
        ("reference", line.reference),
        ("email", line.email),
        ("handle", line.network, line.handle.lower()),
    ]
    return [name for name in found if name[-1]]


def _told(line: Line) -> tuple[object, ...]:
    return line.reference, line.name, line.plan, line.until
