"""A desk of its own for a benchmark: an embedded database with fsync on, in a folder thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.db import connections

from sanderling.store import schema
from sanderling.store.server import Server


@contextmanager
def empty_desk() -> Iterator[Path]:
    """An empty desk on this process's own embedded server, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="sanderling-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        default = connections["default"]
        default.close()
        was, default.settings_dict["HOST"] = default.settings_dict["HOST"], str(folder / "data" / "run")
        (folder / "data").mkdir()
        with Server(folder / "data"):
            schema.bring_up_to_date()
            yield folder / "data"
            default.close()
        default.settings_dict["HOST"] = was


def database_cpu_s(folder: Path) -> float:
    """CPU seconds that the server on `folder` and its processes have used so far."""
    pid = int((folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
    postmaster = psutil.Process(pid)
    return sum(_cpu_s(p) for p in (postmaster, *postmaster.children()))


def _cpu_s(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return used.user + used.system
