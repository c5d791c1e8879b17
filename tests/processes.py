"""Real processes for tests: what they need to find the desk under test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

SOURCE = Path(__file__).parents[1] / "src"
Found = TypeVar("Found")


def in_this_database() -> dict[str, str]:
    """An environment in which `sanderling` and django.setup() use the test's own database."""
    at = connection.settings_dict
    where = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"],
             "password": at["PASSWORD"], "dbname": at["NAME"]}  # fmt: skip
    url = make_conninfo(**{name: value for name, value in where.items() if value})
    return {**_plainly(), "DATABASE_URL": url, "SANDERLING_SEAL_KEYS": settings.SEAL_KEYS}


def in_folder(data: Path) -> dict[str, str]:
    """An environment with a data folder of its own, and the embedded database in it."""
    return {**_plainly(), "SANDERLING_DATA": str(data)}


def _plainly() -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("DATABASE_", "SANDERLING_"))}
    return {**kept, "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "sanderling.settings",
            "SANDERLING_SECRET_KEY": "only for processes of a test", "COLUMNS": "200"}  # fmt: skip


def python(program: str, env: dict[str, str]) -> str:
    """Run a short program to its end; what it printed."""
    told = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + program],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout


def eventually(ask: Callable[[], Found], *, within: float = 20, every: float = 0.05) -> Found:
    """What `ask` answers once that is true; fails when it does not come true in time."""
    end = time.monotonic() + within
    while not (found := ask()):
        assert time.monotonic() < end, f"did not come true within {within:.0f} s"
        time.sleep(every)
    return found
