"""The worker is killed at random moments, and its database: nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from outcome import check_clocks, check_tallies, standing
from practice_server import Net, practice_server
from processes import eventually, in_folder, in_this_database, python
from sanderling import jobs
from sanderling.core.network import Author
from sanderling.listen.actions import connect
from sanderling.listen.models import Account, Post, RawPage
from sanderling.store.cluster import Cluster, conninfo

KILLS = 25
SET_UP = """
from datetime import UTC, datetime
from django.conf import settings
from sanderling.core.network import Author
from sanderling.listen.actions import connect
from sanderling.store import schema, server
with server.ready(data=settings.DATA, url=""):
    schema.bring_up_to_date()
    connect(network="practice", who=Author(id={id!r}, handle="NorthwindCare"), address={url!r},
            secret={token!r}, now=datetime.now(UTC))
"""


@contextmanager
def worker_process() -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("worker_process.py")],
        env=in_this_database(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def start(process: subprocess.Popen) -> int:
    process.stdin.write("\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def kill(process: subprocess.Popen, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert process.stdout.readline().strip() == "ended"


class Story:
    """What customers and we do on the network while the worker comes and goes."""

    def __init__(self, net: Net, chance: random.Random) -> None:
        self.net, self.chance = net, chance
        self.people = [person["handle"] for person in net.people()[:8]]
        self.said: list[tuple[str, str]] = []

    def go_on(self) -> None:
        """A few things happen."""
        for _ in range(self.chance.randint(1, 6)):
            self._happens()

    def _happens(self) -> None:
        who = self.chance.choice(self.people)
        if not self.said or self.chance.random() < 0.5:
            post = self.net.write(who, "@NorthwindCare my phone is dead, this is a disgrace")
            self.said.append((who, post["id"]))
            return
        author, post = self.chance.choice(self.said)
        do = self.chance.choice(["edit", "like", "answer", "message", "delete"])
        if do == "edit":
            self.net.edit(author, post, f"@NorthwindCare still dead {self.chance.random()}")
        elif do == "like":
            self.net.like(who, post)
        elif do == "answer":
            self.net.write("NorthwindCare", f"@{author} We look into it", reply_to=post)
        elif do == "message":
            self.net.write(who, "My phone is dead, number 555", to="NorthwindCare")
        else:
            self.said.remove((author, post))
            self.net.delete(author, post)


def connect_to(us: Author, address: str = "", secret: str = "") -> int:
    return connect(
        network="practice", who=us, address=address, secret=secret, now=datetime.now(UTC)
    )


def behind(net: Net, account: int) -> bool:
    """Whether the network has anything after the place where the desk goes on."""
    page = net.connector().pull(Account.objects.get(pk=account).cursor)
    return bool(page.posts or page.deletions or page.signals)


def how_long_it_takes_to_hear(process: subprocess.Popen) -> float:
    """Seconds from the start of a worker until it has heard something, on this machine today."""
    pid, began = start(process), time.monotonic()
    eventually(RawPage.objects.exists, every=0.01)
    took = time.monotonic() - began
    kill(process, pid)
    return took


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_random_moments_loses_nothing_and_doubles_nothing(tmp_path):
    chance = random.Random()
    with practice_server(tmp_path) as net, worker_process() as process:
        story = Story(net, chance)
        us = net.connector().whoami()
        account = connect_to(us, net.url, net.token)
        story.go_on()
        a_moment = how_long_it_takes_to_hear(process)
        for _ in range(KILLS):
            pid, pages = start(process), RawPage.objects.count()
            for _ in range(4):
                story.go_on()
                time.sleep(chance.uniform(0, a_moment / 2))
            kill(process, pid)
            check_tallies()
            if RawPage.objects.count() == pages:
                a_moment *= 1.2  # the machine has become busier
        assert RawPage.objects.count() > KILLS / 4, "the kills left no time to hear anything"
        pid = start(process)
        eventually(lambda: not behind(net, account))
        kill(process, pid)
        assert set(net.posts()) == set(Post.objects.values_list("remote_id", flat=True))
        check_tallies()
        check_clocks()
        heard = standing()
        everything = net.everything()
    call_command("flush", interactive=False, verbosity=0)
    again = connect_to(us)
    for page in everything:
        jobs.receive(again, page)
    now = standing()
    for name, rows in heard.items():
        assert now[name] == rows


@pytest.fixture
def worker(data_home: Path, net: Net) -> Iterator[Path]:
    """A real worker with an embedded database of its own; the data folder of both."""
    data = data_home / "killed"
    env = in_folder(data)
    python(SET_UP.format(id=net.account_id, url=net.url, token=net.token), env)
    process = subprocess.Popen([sys.executable, "-m", "sanderling", "work"], env=env)
    try:
        yield data
    finally:
        process.terminate()
        ended = process.wait(timeout=20)
    assert ended == 0
    assert Cluster(data).postmaster() is None, "the last one out stops the database"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Net]:
    with practice_server(tmp_path) as net:
        yield net


def heard(data: Path) -> list[str]:
    """What stands in the desk of that folder; nothing while its database is away."""
    try:
        with psycopg.connect(conninfo(data)) as connection:
            return [row[0] for row in connection.execute("select remote_id from listen_post")]
    except psycopg.OperationalError:
        return []


def test_a_killed_database_comes_back_under_its_worker_which_goes_on(worker, net):
    who = net.people()[0]["handle"]
    said = {net.write(who, "@NorthwindCare my phone is dead")["id"]}
    eventually(lambda: set(heard(worker)) == said, within=40)
    for _ in range(2):
        Cluster(worker).postmaster().kill()
        said.add(net.write(who, "@NorthwindCare still dead")["id"])
        eventually(lambda: set(heard(worker)) == said, within=40)
    assert len(heard(worker)) == len(said)
