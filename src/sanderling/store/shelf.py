"""A folder of copies that can be had again: bounded, the least lately used go first.

What stands here belongs to somebody (`owner`, like "post-7"), so that it can be thrown away with
them. Nothing here is ever needed: a copy that is missing or broken is made again.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from threading import Lock

AT_ONCE = 20
"""The part of the room (1/20) that a process fills before it looks how full the shelf is."""


class Shelf:
    """Copies in `folder`, of `most` bytes together; processes that share it may go over that by a
    twentieth each. Safe to share between threads and processes.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        self._room = 0  # the first copy looks
        self._counting = Lock()

    def get(self, owner: str, name: str) -> bytes | None:
        """The copy, which counts as used now; None where there is none."""
        file = self._file(owner, name)
        try:
            held = file.read_bytes()
            os.utime(file)
        except OSError:
            return None
        return held

    def put(self, owner: str, name: str, held: bytes) -> None:
        """Keep a copy: whole or not at all. A disk that will not take it is no error."""
        file = self._file(owner, name)
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".")
            try:
                with os.fdopen(handle, "wb") as made:
                    made.write(held)
                os.replace(fresh, file)
            except OSError:
                Path(fresh).unlink(missing_ok=True)
        except OSError:
            return
        self._count(len(held))

    def throw_away(self, owner: str) -> None:
        """Keep nothing of this owner's; twice is the same as once."""
        for file in self._drawer(owner).glob(f"{owner}.*"):
            file.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Throw away what was not used for longest, until what is left fits."""
        left = self._most - self._most // AT_ONCE
        for _, size, file in sorted(self._kept(), reverse=True):
            left -= size
            if left < 0:
                file.unlink(missing_ok=True)

    def _count(self, size: int) -> None:
        with self._counting:
            self._room -= size
            full = self._room <= 0
            if full:
                self._room = self._most // AT_ONCE
        if full:
            self.tidy()

    def _kept(self) -> list[tuple[float, int, Path]]:
        found = []
        for file in self._folder.glob("*/*"):
            try:
                told = file.stat()
            except OSError:  # somebody else threw it away meanwhile
                continue
            found.append((told.st_mtime, told.st_size, file))
        return found

    def _drawer(self, owner: str) -> Path:
        return self._folder / sha256(owner.encode()).hexdigest()[:2]

    def _file(self, owner: str, name: str) -> Path:
        return self._drawer(owner) / f"{owner}.{sha256(name.encode()).hexdigest()[:32]}"
