"""What the house tests look at: the files of the project."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "sanderling"
RIVER = ("store", "people", "policy", "listen", "triage", "incidents", "cases", "respond")


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return tuple(ROOT / name for name in sorted(set(listed)) if name and (ROOT / name).is_file())


def texts(*patterns: str) -> list[tuple[str, str]]:
    """Name and text of every text file whose path matches a pattern; a star crosses folders."""
    named = ((str(file.relative_to(ROOT)), file) for file in files())
    return [
        (name, file.read_text(errors="replace"))
        for name, file in named
        if any(fnmatch(name, pattern) for pattern in patterns)
        and b"\0" not in file.read_bytes()[:4096]
    ]
