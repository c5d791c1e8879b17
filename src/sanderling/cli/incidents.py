"""`sanderling incidents`: the detector run over history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from sanderling.cli.errors import Unready, screen
from sanderling.core.facts import Facts
from sanderling.core.judging import weights
from sanderling.core.judging.copies import Copies
from sanderling.core.network import Room
from sanderling.core.noticing import Detector, Joined, Noticed, Said, complains

incidents = typer.Typer(help="Incidents: what would have been noticed, and when.")

_AT_ONCE = 1_000
_LONGEST = 20_000


class Line(msgspec.Struct):
    """A post of the file; a time without a zone is UTC."""

    text: str
    at: datetime
    author: str
    brand: str = ""


@incidents.callback()
def _group() -> None:
    """Keeps `scan` a command of its own as long as it is the only one."""


@incidents.command()
def scan(
    file: Annotated[Path, typer.Argument(help="JSON lines with text, at, author and brand.")],
) -> None:
    """Tell what would have been noticed in a file of posts, when, and after how many of them."""
    detector, copies, heard, joined = Detector(), Copies(), 0, dict[str, int]()
    found: list[Noticed] = []
    for lines in _pages(file):
        said = _judged(lines, heard, copies)
        heard += len(said)
        for told in detector.hear(said):
            if isinstance(told, Joined):
                joined[told.key] = joined.get(told.key, 0) + len(told.posts)
            else:
                found.append(told)
                _tell(told)
    typer.echo(f"Posts read: {heard:,}; suspicions: {len(found):,}")
    for one in found:
        typer.echo(f"  {one.name}: joined later {joined.get(one.key, 0):,}")


def _tell(found: Noticed) -> None:
    about = f" about {found.brand}" if found.brand else ""
    typer.echo(f"{found.at:%d %b %Y %H:%M} UTC{about}, after {len(found.posts)} posts: {found.why}")


def _pages(file: Path) -> Iterator[list[Line]]:
    """The lines of the file that are posts, in the order of the file; others are told."""
    page: list[Line] = []
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if (post := _read(number, line)) is not None:
                    page.append(post)
                if len(page) == _AT_ONCE:
                    yield page
                    page = []
    except OSError as error:
        raise Unready(f"{file} cannot be read: {error.strerror}.") from error
    yield page


def _read(number: int, line: bytes) -> Line | None:
    if not line.strip():
        return None
    try:
        post = msgspec.json.decode(line, type=Line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        screen.print(f"Line {number:,} skipped: {error}", markup=False)
        return None
    if post.at.tzinfo is None:
        post.at = post.at.replace(tzinfo=UTC)
    post.text = post.text[:_LONGEST]
    return post


def _judged(lines: list[Line], first: int, copies: Copies) -> list[Said]:
    facts = [
        Facts(text=line.text, room=Room.PUBLIC, created_at=line.at, to_us=True) for line in lines
    ]
    verdicts = weights.fast().judge(facts)
    numbers = range(first, first + len(lines))
    same = copies.join(numbers, [line.text for line in lines], [line.at for line in lines])
    return [
        Said(number, line.at, line.author, line.brand, line.text, complains(verdict), copy_of=copy)
        for number, line, verdict, copy in zip(numbers, lines, verdicts, same, strict=True)
    ]
