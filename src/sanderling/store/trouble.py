"""What is said to a person when the database cannot be had."""

from __future__ import annotations

import errno
import os
from pathlib import Path


class DatabaseTrouble(Exception):
    """The database cannot be had: `what` happened, `why`, and what to `do` about it."""

    def __init__(self, what: str, why: str, do: str) -> None:
        super().__init__(f"{what} {why} {do}")
        self.what, self.why, self.do = what, why, do


def full(folder: Path) -> DatabaseTrouble:
    """The disk that holds `folder` has no room left."""
    return DatabaseTrouble(
        "The disk is full.",
        f"The database in {folder} needs room to write, and there is almost none.",
        "Free some space, or choose a folder on another disk with SANDERLING_DATA, and start again."
        " Nothing that was saved is lost.",
    )


def unwritable(folder: Path, error: OSError) -> DatabaseTrouble:
    """`error` kept us from writing into the data folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(folder)
    if error.errno == errno.EROFS:
        why = f"{folder} is on a disk that is mounted read-only."
    else:
        why = f"{folder}: {os.strerror(error.errno or errno.EIO)}."
    return DatabaseTrouble(
        "The data folder cannot be written.",
        why,
        "Make it writable, or choose another folder with SANDERLING_DATA.",
    )
