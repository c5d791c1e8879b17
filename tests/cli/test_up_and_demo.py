"""`up` and `demo` for real: what runs together comes back when killed, and ends together."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from processes import eventually, in_folder
from sanderling.store.cluster import Cluster, conninfo
from serving import free_port

LONG = 60


class Running:
    """A `sanderling` command that runs until it is told to end."""

    def __init__(self, data: Path, log: Path, *args: str) -> None:
        self.data, self.log = data, log
        self._err = log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sanderling", *args], env=in_folder(data),
            stdout=self._err, stderr=self._err, start_new_session=True,
        )  # fmt: skip

    def children(self) -> dict[str, psutil.Process]:
        """The child processes by the name of their command."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                line = child.cmdline()
            except psutil.Error:
                continue
            if "sanderling" in line:
                found[line[line.index("sanderling") + 1]] = child
        found.pop("careful", None)  # it ends by itself where its model is missing
        return found

    def end(self, how: signal.Signals) -> int:
        """Send a signal, and the status with which it ends."""
        self.process.send_signal(how)
        return self.process.wait(timeout=20)

    def said(self) -> str:
        return self.log.read_text()

    def clean_up(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._err.close()


@contextmanager
def running(data: Path, log: Path, *args: str) -> Iterator[Running]:
    it = Running(data, log, *args)
    try:
        yield it
    finally:
        it.clean_up()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/signin/", timeout=5).is_success
    except httpx.HTTPError:
        return False


def gone(processes: dict[str, psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE
                   for p in processes.values())  # fmt: skip


@pytest.fixture(scope="module")
def data(data_home: Path) -> Path:
    return data_home / "up"


def test_what_runs_together_comes_back_when_killed_and_ends_together(data, tmp_path):
    port = free_port()
    with running(data, tmp_path / "log", "up", "--port", str(port)) as desk:
        eventually(lambda: answers(port), within=LONG)
        eventually(lambda: set(desk.children()) == {"web", "work"}, within=LONG)
        before = desk.children()
        for child in before.values():
            child.kill()
        eventually(lambda: set(desk.children()) == {"web", "work"} and gone(before), within=LONG)
        eventually(lambda: answers(port), within=LONG)

        second = subprocess.run(
            [sys.executable, "-m", "sanderling", "up", "--port", str(port)], env=in_folder(data),
            capture_output=True, text=True, timeout=LONG, check=False,
        )  # fmt: skip
        assert second.returncode == 1
        assert f"Port {port}" in second.stderr
        assert "Traceback" not in second.stderr

        children = desk.children()
        assert desk.end(signal.SIGTERM) == 0
        assert gone(children)
        assert Cluster(data).postmaster() is None
        assert "Traceback" not in desk.said()


def test_a_killed_parent_takes_its_children_along(data, tmp_path):
    port = free_port()
    with running(data, tmp_path / "log", "up", "--port", str(port)) as desk:
        eventually(lambda: answers(port), within=LONG)
        children = eventually(lambda: len(desk.children()) == 2 and desk.children(), within=LONG)
        desk.end(signal.SIGKILL)
        eventually(lambda: gone(children), within=LONG)
        eventually(lambda: Cluster(data).postmaster() is None)


def test_pages_by_themselves_end_in_order(data, tmp_path):
    port = free_port()
    with running(data, tmp_path / "log", "web", "--port", str(port)) as web:
        eventually(lambda: answers(port), within=LONG)
        assert web.end(signal.SIGTERM) == 0
        assert Cluster(data).postmaster() is None


def stands(data: Path, what: str) -> set[str]:
    """What stands in a table of the demo; nothing while there is none."""
    try:
        with psycopg.connect(conninfo(data)) as connection:
            return {str(row[0]) for row in connection.execute(what).fetchall()}
    except psycopg.Error:
        return set()


def test_the_demo_comes_up_lives_ends_and_goes_on(data_home, tmp_path):
    home = data_home / "show"
    demo = home / "demo"
    posts, cases = "select remote_id from listen_post", "select id from cases_case"
    first: set[str] = set()
    for _ in range(2):
        port = free_port()
        command = ("demo", "--no-browser", "--port", str(port))
        with running(home, tmp_path / "log", *command) as show:
            eventually(lambda p=port: answers(p), within=LONG)
            eventually(lambda: stands(demo, cases), within=LONG)
            eventually(lambda known=first: known < stands(demo, posts), within=LONG)
            said = show.said()
            assert f"http://127.0.0.1:{port}/" in said
            password = re.search(r"password +(\S+)", said)
            assert password
            assert password[1] == (demo / "demo-password").read_text()
            children = show.children()
            assert set(children) == {"web", "work", "practice"}
            if first:
                refused = subprocess.run(
                    [sys.executable, "-m", "sanderling", *command, "--fresh"],
                    env=in_folder(home), capture_output=True, text=True, timeout=LONG, check=False,
                )  # fmt: skip
                assert refused.returncode == 1
                assert "in use" in refused.stderr
            first = stands(demo, posts)
            assert show.end(signal.SIGINT) == 0
            assert gone(children)
            assert "Traceback" not in show.said()
        assert Cluster(demo).postmaster() is None
    assert (demo / "practice" / "journal.jsonl").exists()
