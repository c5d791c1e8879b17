"""Secrets that lie in files for their owner's eyes alone: made once, replaced in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """What stands in `path`; made, and kept there, where there is no such file. Raises OSError."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = _written_aside(path, make())
    try:
        os.link(aside, path)
    except FileExistsError:  # another process was first, and its secret counts
        pass
    finally:
        aside.unlink()
    return path.read_text()


def replace_secret(path: Path, text: str) -> None:
    """Put `text` into `path`: whatever crashes, the old text stands there or the new. Raises
    OSError, and the old one stands."""
    aside = _written_aside(path, text)
    try:
        aside.replace(path)
    except OSError:
        aside.unlink()
        raise
    _flush_folder(path.parent)


def _written_aside(path: Path, text: str) -> Path:
    opened, aside = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with open(opened, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(aside)


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
