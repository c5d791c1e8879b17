"""What tests/conftest.py promises of every test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from house.house import ROOT

ASKS = """
import pytest

@pytest.mark.django_db
def test_asks_for_the_database():
    pass
"""


def test_a_test_cannot_leave_this_machine():
    with socket.socket() as out, pytest.raises(RuntimeError, match="stay on this machine"):
        out.connect(("192.0.2.1", 80))


def test_a_test_may_speak_to_its_own_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize(("ring", "refused"), [("core", True), ("cases", False)])
def test_a_ring_without_a_database_is_refused_it(tmp_path: Path, ring: str, refused: bool):
    (tmp_path / ring).mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / ring / "test_asks.py").write_text(ASKS)
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--collect-only", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("tests/core has none" in said.stdout + said.stderr) is refused, said.stdout
