"""The desk's own web server as a process beside the tests, on the database of the tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from psycopg.conninfo import make_conninfo

from sanderling.people.models import Agent

SOURCE = Path(__file__).parents[1] / "src"
PATIENCE_S = 20.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served() -> Iterator[str]:
    """The address of a web server that sees what the tests have committed."""
    port = free_port()
    with _running(
        "uvicorn", "sanderling.asgi:application", "--port", str(port), "--log-level", "warning",
        "--timeout-graceful-shutdown", "1",
    ) as server:  # fmt: skip
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(*module: str) -> Iterator[subprocess.Popen[bytes]]:
    known = connection.settings_dict
    parts = {
        "dbname": known["NAME"], "host": known["HOST"], "port": known["PORT"],
        "user": known["USER"], "password": known["PASSWORD"],
    }  # fmt: skip
    env = {
        **os.environ, "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "sanderling.settings",
        "DATABASE_URL": make_conninfo(**{k: v for k, v in parts.items() if v}),
        "SANDERLING_SECRET_KEY": settings.SECRET_KEY, "SANDERLING_SEAL_KEYS": settings.SEAL_KEYS,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", *module], env=env)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"The web server ended with {server.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The web server did not listen within {PATIENCE_S:.0f} seconds.")


def session_of(agent: Agent) -> str:
    """The key of a session in which `agent` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def settled() -> None:
    """Wait until the server has done all that closed pages had asked of it: a table that is emptied
    under a request would wait for it, and it for the table."""
    quiet, end = 0, time.monotonic() + PATIENCE_S
    while quiet < 3 and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and state <> 'idle'"
            )
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.05)
