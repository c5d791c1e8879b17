"""The processes that `bench outbox` kills: for each line here, a fork sends, or is the network.

A line is `sender` or `network`; the answer is the fork's process id. Forking spares a thousand
starts of Python; what was killed is buried by the system. A sender runs the loops of the worker
that send and look, as `jobs.LOOPS` has them, with the times that the command line names.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import sys
import threading
import traceback
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from sanderling import jobs, wiring  # noqa: E402  Django comes first
from sanderling.core.network import Vault  # noqa: E402  Django comes first
from sanderling.core.structs import make_ready  # noqa: E402  Django comes first
from sanderling.networks.practice.connector import Practice  # noqa: E402  Django comes first
from sanderling.networks.practice.server import PracticeServer  # noqa: E402  Django comes first
from sanderling.networks.practice.service import Service  # noqa: E402  Django comes first
from sanderling.respond import outbox  # noqa: E402  Django comes first

MANY = 10**9


def main() -> None:
    """Serve lines until the input ends, and end all that still runs."""
    given = _arguments()
    logging.disable(logging.WARNING)  # that the database goes away is part of the play
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.setpgid(0, 0)
    make_ready()
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _play(line.strip(), given)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    os.killpg(0, signal.SIGKILL)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--practice", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--lease", type=float, required=True)
    parser.add_argument("--answer", type=float, required=True)
    return parser.parse_args()


def _play(part: str, given: argparse.Namespace) -> None:
    """Live as one of the two; never comes back."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        if part == "network":
            _be_the_network(given.practice, given.port)
        else:
            _send(given.lease, given.answer)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _be_the_network(folder: Path, port: int) -> None:
    """Serve the practice network, on which nobody moves and as much may be written as one likes."""
    now = jobs.now()
    with closing(Service(folder, "quiet", None, now)) as service:
        for meter in service.tokens.meters.values():
            meter.most = MANY
        PracticeServer("127.0.0.1", port, service).run()


def _send(lease_s: float, answer_s: float) -> None:
    """Send and look for what was lost, as a worker does, until we are killed."""

    def practice(address: str, vault: Vault, _: str) -> Practice:
        return Practice(address, vault.read(), answer_s=answer_s)

    outbox.LEASE = timedelta(seconds=lease_s)
    wiring.NETWORKS["practice"] = wiring.Kind("Practice network", practice)
    stop = threading.Event()
    for loop in jobs.LOOPS:
        if loop.name.startswith(("send ", "look for lost")):
            threading.Thread(target=jobs.again, args=(stop, loop.do, loop.every)).start()
    stop.wait()


if __name__ == "__main__":
    main()
