"""A desk of its own for a benchmark: an embedded database with fsync on, in a folder thrown away,
and its pages served by a process of their own, as people get them."""

from __future__ import annotations

import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
from django.db import connections, transaction

from sanderling.bench import corpus
from sanderling.core.network import Author
from sanderling.listen import actions as listen
from sanderling.listen import columns
from sanderling.people.actions import add_agent
from sanderling.settings import database
from sanderling.store import schema
from sanderling.store.server import Server

US = Author(id="us", handle="NorthwindCare", name="Northwind Care")
START = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE_S = 90.0
RESTING_S = 0.02
"""CPU seconds that a server at rest may use in a second."""
_PASSWORD = secrets.token_urlsafe(16)


@contextmanager
def empty_desk() -> Iterator[Path]:
    """The data folder of an empty desk, with a server of its own while the block runs."""
    with tempfile.TemporaryDirectory("", "sanderling-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        data = Path(name) / "data"
        data.mkdir()
        default = connections["default"]
        default.close()
        before = dict(default.settings_dict)
        default.settings_dict |= database(data, "")
        try:
            with Server(data):
                schema.bring_up_to_date()
                yield data
                default.close()
        finally:
            default.settings_dict |= before


def our_account() -> int:
    """An account of ours on the practice network, which nobody listens to."""
    return listen.connect(network="practice", who=US, address="", secret="", now=START)


def add_columns(count: int) -> None:
    """So many columns on the deck."""
    with transaction.atomic():
        for number, query in enumerate(corpus.columns(count)):
            columns.add_column(name=f"column {number}", query=query, by=None, now=START)


def agents(count: int) -> list[int]:
    """So many agents; `serving` signs the first one in."""
    return [
        add_agent(email=_email(n), name=f"Agent {n}", initials=f"A{n}", password=_PASSWORD)
        for n in range(count)
    ]


@dataclass(frozen=True)
class Site:
    """The web server of a desk: its address, its process, and a client that is signed in."""

    host: str
    port: int
    process: psutil.Process
    client: httpx.Client


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    """`sanderling web` on a data folder while the block runs, with the first agent signed in."""
    host, port = "127.0.0.1", free_port()
    web = subprocess.Popen(
        [sys.executable, "-m", "sanderling", "web", "--host", host, "--port", str(port)],
        stdin=subprocess.PIPE,
        env=surroundings(data),
    )
    try:
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=PATIENCE_S) as client:
            _sign_in(client)
            yield Site(host, port, psutil.Process(web.pid), client)
    finally:
        web.terminate()
        web.wait(PATIENCE_S)


def database_cpu_s(data: Path) -> float:
    """CPU seconds that the server on a data folder and its processes have used so far."""
    pid = int((data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
    postmaster = psutil.Process(pid)
    return sum(cpu_s(p) for p in (postmaster, *postmaster.children()))


def settle(data: Path) -> None:
    """Wait, PATIENCE_S at most, until a server has swept up by itself after much was written."""
    end, used = time.monotonic() + PATIENCE_S, 0.0
    while time.monotonic() < end:
        before, used = used, database_cpu_s(data)
        if used - before < RESTING_S:
            return
        time.sleep(1)


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds that a process has used so far; 0 once it has ended."""
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return used.user + used.system


def steady(rounds: Sequence[Sequence[float]], percent: int) -> float:
    """The median of what `share` says of each round: a burst of other work spoils only one."""
    return statistics.median(share(values, percent) for values in rounds)


def share(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of the values stay below, to two decimals."""
    return round(sorted(values)[len(values) * percent // 100], 2)


def surroundings(data: Path) -> dict[str, str]:
    """The environment of a child: this installation's own database and secrets stay out of it."""
    ours = ("SANDERLING_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"SANDERLING_DATA": str(data), "SANDERLING_CHILD": "true"}


def _sign_in(client: httpx.Client) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            client.get("/signin/").raise_for_status()
            break
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
    form = {"email": _email(0), "password": _PASSWORD, "keep": "yes"}
    form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
    answer = client.post("/signin/", data=form)
    if answer.headers.get("Location") != "/desk/":
        raise RuntimeError(f"The sign-in answered {answer.status_code}: {answer.text[:500]}")


def _email(number: int) -> str:
    return f"agent{number}@northwind.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
