"""A worker that can be killed: for every line it reads, a fork is a whole worker.

Answers are the fork's process id, and `ended` when it is gone. Forking spares the test dozens of
starts of Python.
"""

from __future__ import annotations

import logging
import os
import sys

import django

django.setup()

from sanderling.jobs import Worker  # noqa: E402  Django comes first


def main() -> None:
    """Serve lines until the input ends."""
    logging.basicConfig(level=logging.ERROR)
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            Worker().run()
            os._exit(0)
        tell(pid)
        os.waitpid(pid, 0)
        tell("ended")


def tell(word: object) -> None:
    """One line for the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
