"""The careful judge as a process: it says why where it cannot work, and is then left alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from judges import Plain
from sanderling import jobs
from sanderling.cli import careful
from sanderling.cli.processes import Child, Together
from sanderling.core.judging.weights import Unavailable
from sanderling.triage import judges


@pytest.fixture(autouse=True)
def _kind_to_others(monkeypatch):
    monkeypatch.setattr(os, "nice", lambda by: by)


def test_it_is_started_beside_the_others_unless_it_is_switched_off(settings, capsys):
    assert [child.args for child in careful.child()] == [["careful"]]
    assert capsys.readouterr().err == ""
    settings.CAREFUL = False
    assert careful.child() == []
    assert "switched off (SANDERLING_CAREFUL)" in capsys.readouterr().err


def test_switched_off_it_says_so_and_ends(settings, capsys):
    settings.CAREFUL = False
    assert careful.run() == os.EX_UNAVAILABLE
    assert "switched off" in capsys.readouterr().err


def test_without_its_model_it_says_so_and_ends(monkeypatch, capsys):
    def missing():
        raise Unavailable("The file careful.onnx is missing.")

    monkeypatch.setattr(judges, "careful", missing)
    assert careful.run() == os.EX_UNAVAILABLE
    assert "The file careful.onnx is missing." in " ".join(capsys.readouterr().err.split())


def test_it_looks_no_faster_than_it_may(monkeypatch, settings):
    settings.CAREFUL_PER_MINUTE = 77
    told = []
    monkeypatch.setattr(judges, "careful", Plain)
    monkeypatch.setattr(jobs, "look_again", lambda judge, per_minute, stop: told.append(
        (judge.name, per_minute)))  # fmt: skip
    assert careful.run() == 0
    assert told == [("plain-1", 77)]


@pytest.mark.parametrize(("status", "again"), [(os.EX_UNAVAILABLE, 0), (1, 1), (0, 1)])
def test_what_cannot_work_is_not_started_again_and_what_failed_is(monkeypatch, status, again):
    starts = []
    monkeypatch.setattr(Child, "pause", lambda self: 0.0)
    monkeypatch.setattr(Child, "start", lambda self: starts.append(self.name))
    ended = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({status})"])
    ended.wait(10)
    together = Together([Child("it", [], process=ended)])
    together._watch()
    assert len(starts) == again
    assert len(together.children) == again
