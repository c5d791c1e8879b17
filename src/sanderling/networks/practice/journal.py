"""Lines on disk that survive a killed process; a torn last one is dropped."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sanderling.networks.practice.world import Event, World

_read_event = msgspec.json.Decoder(Event).decode
_write_event = msgspec.json.Encoder().encode


class CannotServe(Exception):
    """Why the practice network cannot start, and what to do."""


class Lines:
    """A file of lines, held by one process at a time; raises CannotServe if another has it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise CannotServe(
                f"Another practice network already writes to {path.parent}. "
                "Stop it first, or give this one a folder of its own."
            ) from None

    def read(self) -> Iterator[bytes]:
        """Every whole line; a last one without its end is cut off, for its write never finished."""
        self._file.seek(0)
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        self._file.truncate(whole)
        yield from content[:whole].splitlines()

    def append(self, line: bytes) -> None:
        """Add one line: with the system, if not yet on the disk, when this returns."""
        self._file.write(line + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def recall(lines: Lines, born: int) -> World:
    """The world that the journal tells of, or a new one `born` now; it goes on writing there."""
    known = lines.read()
    first = next(known, None)
    if first is None:
        lines.append(str(born).encode())
    world = World(born=int(first or born))
    for number, line in enumerate(known, start=2):
        try:
            world.apply(_read_event(line))
        except (msgspec.MsgspecError, KeyError) as error:
            raise CannotServe(
                f"{lines.path} is damaged at line {number} ({error}). "
                "Move the file away to start with a new network."
            ) from error
    world.listeners.append(lambda event: lines.append(_write_event(event)))
    return world
