"""The database of an installation: the embedded PostgreSQL that processes share, or one's own.

Who uses the embedded server holds a shared lock on <data>/in-use; starting and stopping happen
one at a time under <data>/starting. The first to join starts the server; who leaves and can turn
the shared lock into an exclusive one was the last, and stops it. The kernel drops a lock when its
process ends in whatever way, so a kill leaves nothing stale. A server that outlives its killed
users runs on until the next one joins it and leaves in order.

A fork shares its parent's lock: the server stays until both are gone.
"""

from __future__ import annotations

import fcntl
import logging
import os
import pwd
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path

import psycopg

from sanderling.store.cluster import Cluster, conninfo
from sanderling.store.trouble import DatabaseTrouble, unwritable

OLDEST_OWN = 15
LOOK_S = 2.0

log = logging.getLogger(__name__)

__all__ = ["Server", "check_own", "conninfo", "discard", "ready"]


@contextmanager
def ready(*, data: Path, url: str | None) -> Iterator[None]:
    """The database answers for as long as the block runs: the one at `url`, or the embedded one of
    the data folder, shared with whoever else uses it. Raises DatabaseTrouble.

    An embedded server that is killed meanwhile is started again.
    """
    if url:
        check_own(url)
        yield
        return
    with Server(data) as server, _looked_after(server):
        yield


@contextmanager
def _looked_after(server: Server) -> Iterator[None]:
    """Join again every few seconds, which starts the server where it is no longer."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            try:
                server.join()
            except DatabaseTrouble as trouble:
                log.error("store.server.lost %s", trouble)

    looking = threading.Thread(target=look, name="look after the database", daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


class Server:
    """One process's share in the embedded server of a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.cluster = Cluster(data)
        self._seat: BufferedWriter | None = None

    def join(self) -> None:
        """Have the server run until `leave`. Once joined, call it again to start a server that was
        killed meanwhile. Raises DatabaseTrouble."""
        try:
            self._own_folder()
            with self._one_at_a_time():
                seat = self._seat or self._lock("in-use", fcntl.LOCK_SH)
                try:
                    self.cluster.bring_up()
                except BaseException:
                    seat.close()
                    self._seat = None
                    raise
                self._seat = seat
        except OSError as error:
            raise unwritable(self.data, error) from error

    def leave(self) -> None:
        """Give up our share; the last one out stops the server."""
        if self._seat is None:
            return
        with self._one_at_a_time():
            # Closing, unlike unlocking, leaves a fork of ours in its seat.
            self._seat.close()
            self._seat = None
            try:
                alone = self._lock("in-use", fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            with alone:
                self.cluster.stop()

    def __enter__(self) -> Server:
        self.join()
        return self

    def __exit__(self, *exc: object) -> None:
        self.leave()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with self._lock("starting", fcntl.LOCK_EX):
            yield

    def _lock(self, name: str, how: int) -> BufferedWriter:
        """A lock held for as long as the file given back is open."""
        file = (self.data / name).open("wb")
        try:
            fcntl.flock(file, how)
        except BaseException:
            file.close()
            raise
        return file

    def _own_folder(self) -> None:
        """Make the data folder where it is missing; refuse one that is another user's."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = self.data.stat()
        if found.st_uid != os.geteuid():
            raise DatabaseTrouble(
                "The data folder belongs to another user.",
                f"{self.data} belongs to {_name(found.st_uid)}, and you are {_name(os.geteuid())}.",
                f"Start Sanderling as {_name(found.st_uid)}, or choose a folder of your own with"
                " SANDERLING_DATA.",
            )
        if os.geteuid() == 0:  # the server's user must pass to its own folders within
            self.data.chmod(found.st_mode | 0o001)


def discard(data: Path) -> None:
    """Delete a data folder with all that is in it, unless somebody uses its database.

    Raises DatabaseTrouble.
    """
    if not data.exists():
        return
    try:
        in_use = (data / "in-use").open("wb")
        with in_use:
            fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster = Cluster(data)
            if cluster.postmaster():  # it outlived users who were killed
                cluster.stop()
            shutil.rmtree(data)
    except BlockingIOError as error:
        raise DatabaseTrouble(
            "The data folder is in use.",
            f"Another Sanderling runs on {data}.",
            "Stop it first, then try again. Nothing was deleted.",
        ) from error
    except OSError as error:
        raise unwritable(data, error) from error


def check_own(url: str) -> None:
    """Refuse with DatabaseTrouble a PostgreSQL of one's own that Sanderling cannot work with."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as error:
        raise DatabaseTrouble(
            "The database at DATABASE_URL cannot be reached.",
            str(error).strip() + ".",
            "Check the address, the user and the password in DATABASE_URL, and that the server"
            " runs.",
        ) from error
    if version < OLDEST_OWN:
        raise DatabaseTrouble(
            f"The database at DATABASE_URL is PostgreSQL {version}.",
            f"Sanderling works with PostgreSQL {OLDEST_OWN} or newer.",
            "Upgrade it, or leave DATABASE_URL unset to use the one that Sanderling brings.",
        )
    if encoding != "UTF8":
        raise DatabaseTrouble(
            f"The database at DATABASE_URL is encoded in {encoding}.",
            "Customers write in every script, which only UTF8 can hold.",
            "Create a database with `encoding 'UTF8'` and name it in DATABASE_URL.",
        )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user with number {uid}"
