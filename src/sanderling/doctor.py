"""What is wrong with this installation, in words. Looks and repairs nothing."""

from __future__ import annotations

import platform
import resource
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sanderling.core.alarming import Alarm
from sanderling.core.customers import Register
from sanderling.core.network import NetworkError
from sanderling.store import schema, server
from sanderling.store.cluster import Cluster
from sanderling.store.sql import run_text
from sanderling.store.trouble import DatabaseTrouble

OLDEST_PYTHON = (3, 11)
ROOM = 2**30
FILES = 4096
SKEW = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `good`, or a `warning` or `wrong` with why and what to do."""

    level: Literal["good", "warning", "wrong"]
    what: str
    why: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """What the doctor looks at. `clock` tells the time; `troubled` names accounts that do not work,
    each with what its network said; `unsuggested` why answers of similar cases cannot be suggested,
    or nothing; `register` is the company's own of its customers, `alarm` who is told outside of
    incidents, where they are set up."""

    data: Path
    url: str
    host: str
    port: int
    clock: Callable[[], datetime]
    troubled: Callable[[], Iterable[tuple[str, str]]]
    unsuggested: Callable[[], str] = str
    register: Callable[[], Register | None] = lambda: None
    alarm: Callable[[], Alarm | None] = lambda: None


def checks(it: Installation) -> list[Finding]:
    """Everything there is to say, in the order one would look. Django must be set up."""
    return [*_machine(it), *_register(it.register()), *_alarm(it.alarm()), *_database(it)]


def _machine(it: Installation) -> Iterator[Finding]:
    yield _python()
    yield _open_files()
    yield _port(it.host, it.port)
    if it.data.exists():
        yield _room(it.data)


def _database(it: Installation) -> Iterator[Finding]:
    """What only the database can tell. A folder that is not there is left so."""
    if not it.url:
        if not it.data.exists():
            yield Finding(
                "warning",
                "Nothing is set up yet.",
                f"The data folder {it.data} does not exist.",
                "Start with `sanderling up`, which makes it.",
            )
            return
        yield from _left_by_a_crash(it.data)
    try:
        with server.ready(data=it.data, url=it.url):
            yield from _inside(it)
    except DatabaseTrouble as trouble:
        yield Finding("wrong", trouble.what, trouble.why, trouble.do)


def _inside(it: Installation) -> Iterator[Finding]:
    yield _answers()
    yield _tables()
    yield _skew(it.clock)
    if not schema.pending():
        yield _suggestions(it.unsuggested())
        yield from _accounts(it.troubled)


def _python() -> Finding:
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("good", f"Python {platform.python_version()}.")
    return Finding(
        "wrong",
        f"Python {platform.python_version()} is too old.",
        "Sanderling is written for Python 3.11 or newer.",
        "Install a newer Python, and make the environment again with it.",
    )


def _open_files() -> Finding:
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY or allowed >= FILES:
        return Finding("good", f"A process may open {allowed} files.")
    return Finding(
        "warning",
        f"A process may open only {allowed} files.",
        "Every page that somebody has open holds one.",
        f"Allow {FILES}: `ulimit -n {FILES}`, or LimitNOFILE={FILES} in the service's unit.",
    )


def _port(host: str, port: int) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return Finding(
                "warning",
                f"The address {host}:{port} is taken.",
                f"{error.strerror}. That is as it should be while Sanderling runs there.",
                "Otherwise end the program that holds it, or choose another port with --port.",
            )
    return Finding("good", f"The address {host}:{port} is free.")


def _room(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    if free >= ROOM:
        return Finding("good", f"{free / 2**30:.0f} GiB are free for {data}.")
    return Finding(
        "warning",
        f"Only {free / 2**20:.0f} MiB are free for {data}.",
        "The database stops taking in posts when the disk is full.",
        "Free some space, or move the data folder to a larger disk.",
    )


def _left_by_a_crash(data: Path) -> Iterator[Finding]:
    cluster = Cluster(data)
    if (cluster.files / "postmaster.pid").exists() and not cluster.postmaster():
        yield Finding(
            "warning",
            "The database was not stopped in order the last time.",
            "It left its lock behind, as after a power cut or a kill.",
            "Nothing: it puts itself right at the next start, and loses nothing that was saved.",
        )


def _answers() -> Finding:
    ((version,),) = run_text("select current_setting('server_version')", {})
    return Finding("good", f"The database answers: PostgreSQL {version.split()[0]}.")


def _tables() -> Finding:
    missing = schema.pending()
    if not missing:
        return Finding("good", "The tables are as this version wants them.")
    return Finding(
        "wrong",
        f"The tables are {len(missing)} migrations behind.",
        f"The first that is missing is {missing[0]}.",
        "Run `sanderling migrate`; on the embedded database the next start does it.",
    )


def _skew(clock: Callable[[], datetime]) -> Finding:
    before = clock()
    ((theirs,),) = run_text("select clock_timestamp()", {})
    apart = max(before - theirs, theirs - clock(), timedelta(0))
    if apart <= SKEW:
        return Finding("good", "This machine and the database agree on the time.")
    return Finding(
        "wrong",
        f"This machine and the database are {apart.total_seconds():.0f} seconds apart.",
        "Customers' clocks would run wrong.",
        "Have both machines set their clocks by NTP.",
    )


def _register(register: Register | None) -> Iterator[Finding]:
    """Whether the register answers when it is asked about nobody."""
    if register is None:
        return
    try:
        why = " ".join(bad.says for bad in register.look_up([]).bad)
    except NetworkError as error:
        why = str(error)
    if not why:
        yield Finding("good", f"{register.name} answers what customers pay for.")
        return
    yield Finding(
        "warning",
        f"{register.name} does not tell what customers pay for.",
        why,
        "Look at SANDERLING_CUSTOMERS_URL and SANDERLING_CUSTOMERS_KEY, and at what it answers to"
        ' {"customers": []}; docs/running.md has both sides. The worker asks again by itself.',
    )


def _alarm(alarm: Alarm | None) -> Iterator[Finding]:
    """Whether the addresses that are told of incidents are written well; nobody is told."""
    if alarm is None:
        return
    looked = alarm.look()
    for one in looked:
        if one.trouble:
            yield Finding(
                "warning",
                f"{one.name} in SANDERLING_ALERTS cannot be told of incidents.",
                one.trouble,
                "Mend it; docs/running.md says how addresses are written. `sanderling alerts try`"
                " then sends a test.",
            )
    if not any(one.trouble for one in looked):
        yield Finding("good", f"Addresses that are told of incidents: {len(looked)}.")


def _suggestions(why: str) -> Finding:
    if not why:
        return Finding("good", "Similar solved cases can be found for suggestions.")
    return Finding(
        "warning",
        "No answers of similar cases can be suggested.",
        why,
        "Install pgvector 0.7 or newer on the database's machine, and let its administrator run"
        " `create extension vector` in this database. The worker then goes on by itself.",
    )


def _accounts(troubled: Callable[[], Iterable[tuple[str, str]]]) -> Iterator[Finding]:
    found = list(troubled())
    for account, said in found:
        yield Finding(
            "warning",
            f"{account} does not work.",
            said,
            "If it stays so, connect the account again.",
        )
    if not found:
        yield Finding("good", "No account reports trouble.")
