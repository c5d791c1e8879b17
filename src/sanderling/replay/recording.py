"""Reading a recording: JSON lines or the "Customer Support on Twitter" columns, packed or not.

One line at a time, so that a file of any size needs the same memory. What a line holds is hostile:
its length and its ids are bounded, and a line that is not a post costs only itself.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple, TypeVar, cast

import msgspec

EXPECTED = (
    "Expected is either JSON lines, each an object with id, author, created_at, text and"
    " in_reply_to (and perhaps brand, inbound, followers, response_ids), or CSV whose first line"
    " names the columns tweet_id, author_id, inbound, created_at, text, response_tweet_id and"
    " in_response_to_tweet_id. Either may be packed with gzip."
)
LONGEST_LINE = 2**20
LONGEST_ROW = 2**16
LONGEST_ID = 200
LONGEST_TEXT = 20_000
MOST_ANSWERS = 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COLUMNS = {
    "tweet_id": "id",
    "author_id": "author",
    "inbound": "inbound",
    "created_at": "created_at",
    "text": "text",
    "response_tweet_id": "response_ids",
    "in_response_to_tweet_id": "in_reply_to",
}
NEEDED = set(COLUMNS) - {"response_tweet_id"}


class NotARecording(Exception):
    """The file cannot be replayed; the message says what was found and what was expected."""


class Recorded(NamedTuple):
    """A post as a recording has it. `brand`, `inbound` and `followers` are None where it is silent;
    `answers` are the ids of posts said to reply to this one."""

    id: str
    author: str
    at: datetime
    text: str
    reply_to: str | None
    answers: tuple[str, ...]
    brand: str | None
    inbound: bool | None
    followers: int | None


class Broken(NamedTuple):
    """A line that is not a post: its number, counted from 1, and what is wrong with it."""

    line: int
    what: str


Item = Recorded | Broken
Id = str | int | float
Row = list[str] | Exception
L = TypeVar("L")


class _Line(msgspec.Struct):
    """A line of either format before it is checked."""

    id: Id
    author: Id
    created_at: str
    text: str
    in_reply_to: Id | None = None
    brand: str | None = None
    inbound: bool | str | None = None
    followers: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
    response_ids: Id | list[Id] | None = None


_decode = msgspec.json.Decoder(_Line).decode


def read(path: Path, *, latest: datetime) -> Iterator[Item]:
    """Every post of the recording, and every line that is none, in the file's order.

    A post from after `latest` counts as broken. Raises NotARecording.
    """
    with _opened(path) as file:
        lines = _lines(file)
        first = next(lines, None)
        if first is None:
            raise NotARecording(f"{path} is empty. {EXPECTED}")
        number, head = first
        head = head.removeprefix(b"\xef\xbb\xbf")
        header = _header(head)
        if set(header) >= NEEDED:
            yield from _csv(header, lines, latest)
        else:
            yield from _json(chain([(number, head)], lines), latest)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked if it is packed; what goes wrong with it is said in words."""
    try:
        if not path.is_file():
            there = "is no ordinary file" if path.exists() else "does not exist"
            raise NotARecording(f"{path} {there}. {EXPECTED}")
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == b"\x1f\x8b"
            yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
    except (OSError, EOFError, zlib.error) as error:
        raise NotARecording(f"{path} cannot be read to its end: {error}.") from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines with their ends; of one too long only so much that it is seen to be so."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 1)


def _json(lines: Iterable[tuple[int, bytes]], latest: datetime) -> Iterator[Item]:
    for number, line in lines:
        if line.strip():
            yield _item(number, line, _decoded, latest)


def _decoded(line: bytes) -> _Line:
    return _decode(_short(line))


def _short(line: bytes) -> bytes:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE:,} bytes")
    return line


def _header(line: bytes) -> list[str]:
    try:
        return next(csv.reader([_short(line).decode()]), [])
    except (ValueError, csv.Error):
        return []


def _csv(header: list[str], lines: Iterator[tuple[int, bytes]], latest: datetime) -> Iterator[Item]:
    for number, row in _rows(lines):
        if row:
            yield _item(number, row, partial(_named, header), latest)


def _rows(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, Row]]:
    """Rows with the numbers of their first lines. A quote that is never closed spoils its own line:
    what was read in search of its end is read again."""
    again: deque[tuple[int, bytes]] = deque()
    while True:
        taken: list[tuple[int, bytes]] = []
        try:
            row = next(csv.reader(_until_long(again, lines, taken), strict=True), None)
            if row is None:
                return
            yield taken[0][0], row
        except (ValueError, csv.Error) as error:
            yield taken[0][0], error
            again.extendleft(reversed(taken[1:]))


def _until_long(
    again: deque[tuple[int, bytes]],
    lines: Iterator[tuple[int, bytes]],
    taken: list[tuple[int, bytes]],
) -> Iterator[str]:
    """Lines of text, each noted in `taken`, until they are longer than a row may be."""
    size = 0
    while size <= LONGEST_ROW:
        line = again.popleft() if again else next(lines, None)
        if line is None:
            return
        taken.append(line)
        size += len(line[1])
        yield _short(line[1]).decode()


def _named(header: list[str], row: Row) -> _Line:
    """The row as the line it would be in JSON; an empty field says nothing."""
    if isinstance(row, Exception):
        raise row
    if len(row) != len(header):
        raise ValueError(f"it has {len(row)} fields where the first line names {len(header)}")
    fields = dict(zip(header, row, strict=True))
    said = {COLUMNS[name]: field for name, field in fields.items() if name in COLUMNS and field}
    return msgspec.convert({"text": "", **said}, _Line)


def _item(number: int, line: L, parsed: Callable[[L], _Line], latest: datetime) -> Item:
    try:
        return _checked(parsed(line), latest)
    except UnicodeDecodeError:
        return Broken(number, "it is not written in UTF-8")
    except csv.Error as error:
        return Broken(number, f"it is no row of CSV: {error}")
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:
        return Broken(number, str(error)[:200])


def _checked(line: _Line, latest: datetime) -> Recorded:
    at = moment(line.created_at)
    if at > latest:
        raise ValueError(f"created_at lies in the future: {at:%Y-%m-%d %H:%M} UTC")
    return Recorded(
        id=_id("id", line.id),
        author=_id("author", line.author),
        at=at,
        text=line.text[:LONGEST_TEXT],
        reply_to=_perhaps("in_reply_to", line.in_reply_to),
        answers=_answers(line.response_ids),
        brand=_perhaps("brand", line.brand),
        inbound=_truth(line.inbound),
        followers=line.followers,
    )


def moment(text: str) -> datetime:
    """The time in ISO 8601 or as Twitter wrote it (`Tue Oct 31 22:10:47 +0000 2017`), in UTC, which
    is also what a time without a zone means. Raises ValueError or OverflowError."""
    try:
        if text[:1].isalpha():
            _, month, day, clock, zone, year = text.split()
            at = datetime.fromisoformat(
                f"{year}-{MONTHS.index(month) + 1:02}-{day:0>2}T{clock}{zone}"
            )
        else:
            at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"created_at is {text!r:.60}, which is no time") from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _id(name: str, given: Id) -> str:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = str(given).strip()
    if not text:
        raise ValueError(f"{name} is missing")
    if len(text) > LONGEST_ID or not text.isprintable():
        raise ValueError(f"{name} is no id: {text!r:.60}")
    return text


def _perhaps(name: str, given: Id | None) -> str | None:
    return None if given is None or given == "" else _id(name, given)


def _answers(given: Id | list[Id] | None) -> tuple[str, ...]:
    parts: list[Id] = []
    if isinstance(given, str):
        parts += given.split(",")
    elif given is not None:
        parts += given if isinstance(given, list) else [given]
    said = (part for part in parts if part != "")
    return tuple(_id("response_ids", part) for part in islice(said, MOST_ANSWERS))


def _truth(given: bool | str | None) -> bool | None:
    if given is None or isinstance(given, bool):
        return given
    if given.strip().lower() not in ("true", "false"):
        raise ValueError(f"inbound is {given!r:.60}; it must be true or false")
    return given.strip().lower() == "true"
