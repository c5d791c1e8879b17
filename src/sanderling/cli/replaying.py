"""`sanderling replay`: a recording led through the desk, with its progress on the screen."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import now
from sanderling.replay import playing
from sanderling.replay.recording import Broken, NotARecording

WORDS = {
    "read": "posts read",
    "taken_in": "taken in",
    "repeated": "known already",
    "skipped": "lines skipped",
    "cases": "cases",
    "answered": "answered by the brand",
    "open": "still open",
    "first_answer_p50_min": "half answered within (min)",
    "first_answer_p90_min": "9 of 10 answered within (min)",
    "posts_per_s": "posts a second",
    "peak_mb": "most memory (MiB)",
}


class _OnScreen:
    """Progress on the error stream, so that the summary alone is the output."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, rate="", at="")

    def moved(self, so_far: playing.Progress) -> None:
        at = f"{so_far.at:%d %b %Y %H:%M}" if so_far.at else ""
        self._bar.update(
            self._task,
            completed=so_far.read,
            total=so_far.of,
            at=at,
            rate=f"{so_far.posts_per_s:,.0f}/s",
        )

    def skipped(self, line: Broken) -> None:
        self._bar.console.print(f"Line {line.line:,} skipped: {line.what}", markup=False)


def replay(file: Path, *, speed: float | None, export: Path | None, as_json: bool) -> None:
    """Play `file` and print the summary; raises Unready for what is no recording."""
    columns = (
        TextColumn("{task.fields[at]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=screen) as bar:
            found = playing.replay(
                file, speed=speed, export=export, watcher=_OnScreen(bar), clock=now
            )
    except (NotARecording, playing.CannotExport) as error:
        raise Unready(str(error)) from error
    if as_json:
        typer.echo(msgspec.json.encode(found))
        return
    table = Table(show_header=False, box=None)
    for name, words in WORDS.items():
        value = getattr(found, name)
        table.add_row(words, "–" if value is None else f"{value:,}")
    screen.print(table)
