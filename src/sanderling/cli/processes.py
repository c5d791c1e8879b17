"""Child processes of `up` and `demo`: started, watched and stopped together."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

ASKED = (signal.SIGINT, signal.SIGTERM)
FILES = 16_384
GRACE_S = 8.0
SOON_S = 10.0


@dataclass
class Child:
    """A `sanderling` command that runs as a process of its own."""

    name: str
    args: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0

    def start(self) -> None:
        """Start it. It ends by itself when this process is gone, however that came about."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sanderling", *self.args],
            stdin=subprocess.PIPE,
            env={**os.environ, "SANDERLING_CHILD": "true"},
        )

    def pause(self) -> float:
        """Seconds to wait before the next start: growing while it keeps failing at once."""
        quick = time.monotonic() - self.started < SOON_S
        self.failures = self.failures + 1 if quick else 0
        return min(30.0, 0.5 * float(2**self.failures))


@dataclass
class Together:
    """Children that live and end together."""

    children: list[Child]

    def run(self) -> None:
        """Run until SIGINT or SIGTERM; a child that ends is started again.

        One that ends with EX_UNAVAILABLE has said why, and another start would say the same.
        """
        end_when_asked()
        try:
            for child in self.children:
                if child.process is None:
                    child.start()
            while True:
                time.sleep(0.25)
                self._watch()
        finally:
            self._end()

    def _watch(self) -> None:
        for child in list(self.children):
            ended = child.process and child.process.poll()
            if ended == os.EX_UNAVAILABLE:
                self.children.remove(child)
            elif ended is not None:
                time.sleep(child.pause())
                child.start()

    def _end(self) -> None:
        for number in ASKED:
            signal.signal(number, signal.SIG_IGN)  # we are ending already
        running = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in running:
            process.terminate()
        end = time.monotonic() + GRACE_S
        for process in running:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def end_when_asked() -> None:
    """Turn SIGINT and SIGTERM into SystemExit in the main thread.

    A handler must not set an Event that the main thread waits for: its lock may be held already.
    """

    def leave(*_: object) -> None:
        raise SystemExit(0)

    for number in ASKED:
        signal.signal(number, leave)


def open_many_files() -> None:
    """Let this process open FILES files where the system may allow it: each page that somebody has
    open holds one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def end_with_parent() -> None:
    """In a child of `Together`: end as soon as the parent is gone, even if it was killed.

    The parent holds the other end of our standard input and never writes to it.
    """
    if os.environ.get("SANDERLING_CHILD") != "true":
        return

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=wait, name="end with parent", daemon=True).start()
