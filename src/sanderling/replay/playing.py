"""Playing a recording: its posts go down the river in pages, as fast as asked, then a summary."""

from __future__ import annotations

import csv
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from sanderling.cases.recap import recap, threads
from sanderling.cases.work import receive
from sanderling.core.network import Page, Post
from sanderling.listen.actions import connect
from sanderling.replay.brands import Brands, survey
from sanderling.replay.recording import Broken, Item, read

NETWORK = "replay"
PAGE = 500
LONGEST_SILENCE = timedelta(days=1)
"""A longer silence in the recording passes as if it were this long."""
TOLERANCE = timedelta(days=1)
"""How far the clock that made a recording may be ahead of ours."""

Clock = Callable[[], datetime]


class CannotExport(Exception):
    """The file for the threads cannot be written; the message says why."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a replay is: posts `read` out of `of`, lines skipped, and the recorded time."""

    read: int
    of: int
    skipped: int
    posts_per_s: float
    at: datetime | None


class Watcher(Protocol):
    """Who looks on while a recording is played."""

    def moved(self, so_far: Progress) -> None:
        """A page has been led down the river; the first call comes before any."""

    def skipped(self, line: Broken) -> None:
        """A line was no post."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a replay: `read` posts were `taken_in` or `repeated`, broken lines `skipped`.

    `cases`, how many of them were `answered` by the brand and are `open`, and the minutes to the
    first answer (None where there was none) are about all that the recording's brands have in this
    database, so that playing a file again says the same. `peak_mb` is the most memory that this
    process has held, in 2**20 bytes.
    """

    read: int
    taken_in: int
    repeated: int
    skipped: int
    cases: int
    answered: int
    open: int
    first_answer_p50_min: float | None
    first_answer_p90_min: float | None
    posts_per_s: float
    peak_mb: float


def replay(
    path: Path,
    *,
    speed: float | None,
    export: Path | None,
    watcher: Watcher,
    clock: Clock,
) -> Summary:
    """Lead a recording down the river `speed` times faster than life (None: without a pause).

    With `export`, every post of the recording's brands that stands in a case is written there as
    CSV `id,case`. Ctrl-C ends the playing, and what was done is summed up and exported.
    Raises NotARecording and CannotExport before anything is changed.
    """
    latest = clock() + TOLERANCE
    with _room_for(export) as aside:
        brands, posts = survey(read(path, latest=latest))
        accounts = _connected(brands, now=clock())
        playing = _Playing(accounts[0], posts, watcher, clock)
        with suppress(KeyboardInterrupt):  # the page under way is undone as a whole
            playing.play(read(path, latest=latest), brands, _Pace(speed, clock))
        rate = playing.posts_per_s
        if export and aside:
            _export(threads(accounts), export, aside)
    return Summary(
        read=playing.read,
        taken_in=playing.taken_in,
        repeated=playing.repeated,
        skipped=playing.broken,
        posts_per_s=round(rate, 1),
        peak_mb=round(_peak_mb(), 1),
        **recap(accounts)._asdict(),
    )


def _connected(brands: Brands, now: datetime) -> list[int]:
    """An account for each brand, without an address: nobody pulls it."""
    return [
        connect(network=NETWORK, who=brands.author(brand), address="", secret="", now=now)
        for brand in brands.handles
    ]


@dataclass
class _Playing:
    """A replay under way. Pages hold no raw form: the recording itself is that."""

    account: int
    of: int
    watcher: Watcher
    clock: Clock
    read: int = 0
    taken_in: int = 0
    repeated: int = 0
    broken: int = 0
    at: datetime | None = None
    page: list[Post] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def play(self, items: Iterable[Item], brands: Brands, pace: _Pace) -> None:
        """Lead posts down the river; those that are due together go in one page."""
        self._tell()
        for item in items:
            if isinstance(item, Broken):
                self.broken += 1
                self.watcher.skipped(item)
                continue
            if pace.is_early(item.at):
                self._flush()
                pace.wait()
            self.page.append(brands.post(item))
            if len(self.page) == PAGE:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        """One brand's account hears the page; each post tells whose it is."""
        if not self.page:
            return
        self.at = max(self.at or self.page[0].created_at, *(p.created_at for p in self.page))
        done = receive(account_id=self.account, page=Page(posts=tuple(self.page)), now=self.at)
        self.read += len(self.page)
        self.taken_in += done.taken
        self.repeated += done.repeated
        self.page.clear()
        self._tell()

    def _tell(self) -> None:
        self.watcher.moved(
            Progress(
                read=self.read,
                of=self.of,
                skipped=self.broken,
                posts_per_s=self.posts_per_s,
                at=self.at,
            )
        )

    @property
    def posts_per_s(self) -> float:
        """Over the whole replay, waiting included."""
        return self.read / max((self.clock() - self.started).total_seconds(), 1e-6)


class _Pace:
    """Lets recorded time pass `speed` times faster than it did, and never backwards."""

    def __init__(self, speed: float | None, clock: Clock) -> None:
        self.speed, self.clock = speed, clock
        self.recorded: datetime | None = None
        self.due = clock()

    def is_early(self, at: datetime) -> bool:
        """Whether what happened at `at` must still wait; to be asked once for each post."""
        if self.speed is None:
            return False
        step = max(at - (self.recorded or at), timedelta(0))
        self.recorded = max(at, self.recorded or at)
        self.due += min(step, LONGEST_SILENCE) / self.speed
        return self.due > self.clock()

    def wait(self) -> None:
        """Wait until what was asked about last is due."""
        time.sleep(max((self.due - self.clock()).total_seconds(), 0))


@contextmanager
def _room_for(export: Path | None) -> Iterator[Path | None]:
    """An empty file beside where the threads will be written: better to hear now that it cannot
    be than after hours."""
    if export is None:
        yield None
        return
    aside = export.with_name(f".{export.name}.{os.getpid()}")
    try:
        try:
            aside.touch()
        except OSError as error:
            raise _cannot(export, error) from error
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def _export(rows: Iterable[tuple[str, int]], path: Path, aside: Path) -> None:
    """Write the threads; the file appears whole or not at all."""
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "case")])
            csv.writer(file).writerows(rows)
        aside.replace(path)
    except OSError as error:
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> CannotExport:
    return CannotExport(f"{path} cannot be written: {error.strerror}. Name another file.")


def _peak_mb() -> float:
    """The most memory this process has held; macOS counts in bytes, others in KiB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
