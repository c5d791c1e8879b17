"""A sender that can be killed: for every line it reads, a fork sends and looks, as a worker does.

A line is how many seconds ahead of the clock on the wall the fork believes to be. Answers are
the process id, `start`, a `push` before every push, `ended` or `stumbled`. Forking spares the test
hundreds of starts of Python.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from sanderling.core.network import Draft, Receipt  # noqa: E402  Django comes first
from sanderling.networks.practice import Practice  # noqa: E402  Django comes first
from sanderling.respond import work  # noqa: E402  Django comes first


class Telling(Practice):
    """The practice network, which says when something is about to be pushed."""

    def push(self, draft: Draft, key: str) -> Receipt:
        tell("push")
        return super().push(draft, key)


def main(url: str, token: str, keeps_keys: bool) -> None:
    """Serve lines until the input ends."""
    network = Telling(url, token, keeps_keys=keeps_keys, answer_s=0.5)
    gc.freeze()  # so that forks are cheap
    tell("ready")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            tell(os.getpid())
            tell("start")
            run(network, timedelta(seconds=float(line)))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        tell("ended" if os.WIFSIGNALED(status) or not status else "stumbled")


def tell(word: object) -> None:
    """One line for the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def run(network: Practice, ahead: timedelta) -> None:
    """One worker's life."""

    def clock() -> datetime:
        return datetime.now(UTC) + ahead  # a worker has a clock

    while work.send_due(lambda _: network, clock=clock, limit=5) + work.look_for_lost(
        lambda _: network, clock=clock, limit=5
    ):
        pass


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "keeps keys")
