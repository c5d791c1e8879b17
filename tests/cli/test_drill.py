"""`sanderling drill` for real: it begins, is interrupted, and tells what it was worth."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from processes import eventually, in_folder

LONG = 240


@pytest.fixture(scope="module")
def data(data_home: Path) -> Path:
    return data_home / "drilled"


def test_a_drill_that_is_none_names_those_there_are(data):
    told = subprocess.run(
        [sys.executable, "-m", "sanderling", "drill", "ordinary"], env=in_folder(data),
        capture_output=True, text=True, timeout=LONG, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "outage, firestorm, leak" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_drill_that_is_interrupted_has_ended_and_has_a_score(data, tmp_path):
    said = tmp_path / "said"
    with said.open("w") as file:
        command = subprocess.Popen(
            [sys.executable, "-m", "sanderling", "drill", "leak", "--seed", "5", "--speed", "2000"],
            env=in_folder(data), stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    try:
        assert eventually(lambda: "The drill runs until" in said.read_text(), within=LONG)
        command.send_signal(signal.SIGINT)
        assert command.wait(LONG) == 0
    finally:
        command.kill()
    assert "100 points" in said.read_text() or "no score" in said.read_text(), said.read_text()
    assert "Traceback" not in said.read_text()
