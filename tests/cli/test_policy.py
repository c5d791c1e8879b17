"""`sanderling policy`, run for real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.policy.writing import GOAL
from processes import in_folder
from sanderling.core.policy import shipped_text

MINE = 'name = "Ours"\n' + GOAL


@pytest.fixture(scope="module")
def data(data_home: Path) -> Path:
    return data_home / "policy"


def policy(data: Path, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "sanderling", "policy", *args], env=in_folder(data),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def written(folder: Path, text: str) -> str:
    file = folder / "ours.toml"
    file.write_text(text)
    return str(file)


def test_a_policy_is_checked_with_its_examples_and_without_a_desk(data_home, tmp_path):
    data = data_home / "no-desk"
    told = policy(data, "check", written(tmp_path, shipped_text()))
    assert told.returncode == 0, told.stderr
    assert "passes  Danger comes before everything" in told.stderr
    assert "8 examples pass" in told.stderr
    assert not data.exists()


def test_what_is_wrong_is_told_with_its_line_and_status_1(data, tmp_path):
    told = policy(data, "check", written(tmp_path, MINE + 'hours = "night"\nundo = 3'))
    assert told.returncode == 1
    assert "ours.toml: line 8: goals 1 “Everything”, hours: There are no hours" in told.stderr
    assert "line 9: goals 1 “Everything”, undo: There is no “undo” here" in told.stderr
    failing = MINE + '[[examples]]\nname = "Quick"\nexpect = { answer = "1h" }'
    told = policy(data, "check", written(tmp_path, failing))
    assert told.returncode == 1
    assert "fails   Quick" in told.stderr
    assert "expected 1h, but 4h came out" in told.stderr


@pytest.mark.parametrize("name", ["nowhere.toml", "."])
def test_a_file_that_cannot_be_read_is_told_in_words(data, tmp_path, name):
    told = policy(data, "check", str(tmp_path / name))
    assert told.returncode == 1
    assert "cannot be read" in told.stderr
    assert "Traceback" not in told.stderr
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    assert "no text in UTF-8" in policy(data, "check", str(tmp_path / "odd.toml")).stderr


def test_a_new_desk_holds_the_policy_that_ships_until_another_is_applied(data, tmp_path):
    told = policy(data, "show")
    assert (told.returncode, told.stdout) == (0, shipped_text()), told.stderr
    assert "version 1" in told.stderr
    told = policy(data, "apply", written(tmp_path, MINE), "--note", "Ours now")
    assert (told.returncode, "Version 2 is in force" in told.stderr) == (0, True), told.stderr
    assert policy(data, "show").stdout == MINE
    assert policy(data, "show", "1").stdout == shipped_text()
    refused = policy(data, "apply", written(tmp_path, "goals = 3"), "--note", "x")
    assert (refused.returncode, "line 1: goals" in refused.stderr) == (1, True)
    missing = policy(data, "show", "7")
    assert (missing.returncode, "the newest is 2" in missing.stderr) == (1, True)
