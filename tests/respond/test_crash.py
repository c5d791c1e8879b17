"""The sender is killed a hundred times between push and receipt: never twice, never none."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from outbox import NEWEST
from practice_server import Net, practice_server
from sanderling.cases.models import Case
from sanderling.cases.work import receive
from sanderling.core.network import Author, Page, Room
from sanderling.incidents.models import Incident
from sanderling.listen.actions import connect
from sanderling.listen.models import Account, Post
from sanderling.networks.practice.connector import LIMITS
from sanderling.people.models import Agent
from sanderling.respond.actions import propose, settle_found, settle_missing, try_again
from sanderling.respond.broadcasting import post_status
from sanderling.respond.models import Outgoing
from sanderling.respond.status import Status
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db(transaction=True)

AHEAD = 400
"""Seconds by which every worker is ahead of the one before: longer than any pause or lease."""

FAULTS = (
    {"push_hang_s": 0.03}, {"push_hang_s": 0.03}, {"push_hang_s": 0.03}, {}, {"push_cut": 0.5},
    {"push_lost": 0.5}, {"throttle_s": 0.05}, {"unreachable": True}, {"push_hang_s": 1},
    {"push_refused": 0.5}, {"push_failed": 0.5},
)  # fmt: skip


class Worker:
    """The sender's process, which we kill, and its successors."""

    def __init__(self, net: Net, keeps_keys: bool) -> None:
        settings = connection.settings_dict
        where = {
            "host": settings["HOST"],
            "port": settings["PORT"],
            "user": settings["USER"],
            "password": settings["PASSWORD"],
            "dbname": settings["NAME"],
        }
        source = Path(__file__).parents[2] / "src"
        self._process = subprocess.Popen(
            [
                sys.executable,
                Path(__file__).with_name("sender_process.py"),
                net.url,
                net.token,
                "keeps keys" if keeps_keys else "forgets keys",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": str(source),
                "DATABASE_URL": make_conninfo(
                    **{name: value for name, value in where.items() if value}
                ),
                "DJANGO_SETTINGS_MODULE": "sanderling.settings",
            },
        )
        assert self._hear() == "ready"
        self.ahead = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def run(self, kill: str = "", after: float = 0) -> None:
        """A worker works until nothing is due, or is killed some seconds after it said `kill`."""
        self.ahead += AHEAD
        self._process.stdin.write(f"{self.ahead}\n")
        self._process.stdin.flush()
        pid = int(self._hear())
        while (said := self._hear()) != "ended":
            assert said != "stumbled", "a worker ended by an error of its own"
            if said == kill:
                kill = ""
                time.sleep(after)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _hear(self) -> str:
        return self._process.stdout.readline().strip()


class Agents:
    """Ada, who answers everybody without end, each time in other words."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk
        for person in net.people():
            net.write(person["handle"], "@NorthwindCare my phone is dead, please help me")
            net.write(person["handle"], "My number is in my profile", to="NorthwindCare")
        card = net.card["account"]
        account = connect(
            network="practice",
            who=Author(**card),
            address=net.url,
            secret=net.token,
            now=datetime.now(UTC),
        )
        for page in everything(net):
            receive(account_id=account, page=page, now=datetime.now(UTC))
        self._cases = cycle(Case.objects.values_list("id", flat=True))
        self._rooms = cycle([Room.PUBLIC, Room.PUBLIC, Room.DIRECT])
        self._numbers = count(1)

    def keep_busy(self, now: datetime) -> None:
        """See to it that there is enough to send."""
        waiting = Outgoing.objects.filter(state="queued").count()
        for number in islice(self._numbers, max(0, 8 - waiting)):
            self._answer(number, now)

    def _answer(self, number: int, now: datetime) -> None:
        propose(
            case_id=next(self._cases),
            room=next(self._rooms),
            text=f"Sorry, number {number}.",
            reply_to_post=None,
            seen=NEWEST,
            then="keep open",
            by=self.ada,
            now=now - timedelta(minutes=1),
            limits_for=lambda _: LIMITS,
        )

    def settle(self, now: datetime) -> int:
        """Look on the network for every answer that the desk asks about, and say what is so."""
        asked = list(Outgoing.objects.filter(state="unsure", wake_at=None))
        if not asked:
            return 0
        stands = {post.text: post.remote_id for page in everything(self.net) for post in page.posts}
        for row in asked:
            if row.text in stands:
                settle_found(outgoing_id=row.pk, by=self.ada, now=now, remote_id=stands[row.text])
            else:
                settle_missing(outgoing_id=row.pk, by=self.ada, now=now)
        return len(asked)


@contextmanager
def working(net: Net, keeps_keys: bool) -> Iterator[Worker]:
    worker = Worker(net, keeps_keys)
    try:
        yield worker
    finally:
        worker.close()


def everything(net: Net) -> list[Page]:
    """Every page from the beginning, and no connection left open."""
    connector, pages = net.connector(), []
    while not pages or pages[-1].more:
        pages.append(connector.pull(pages[-1].cursor if pages else None))
    connector._client._http.close()
    return pages


def stands(net: Net) -> Counter[str]:
    """How often each of our texts stands on the network."""
    said = {post.remote_id: post for page in everything(net) for post in page.posts}
    return Counter(p.text for p in said.values() if p.author.id == net.account_id)


@pytest.mark.parametrize(
    ("keeps_keys", "kills"), [(True, 100), (False, 50)], ids=["keys kept", "keys forgotten"]
)
def test_a_sender_killed_in_mid_air_neither_loses_nor_doubles(tmp_path, keeps_keys, kills) -> None:
    chance = random.Random()
    always = {} if keeps_keys else {"forget_keys": True}
    with practice_server(tmp_path / "practice") as net, working(net, keeps_keys) as worker:
        agents = Agents(net)
        mid_air: set[tuple[int, datetime]] = set()
        for _ in range(4 * kills):
            net.faults(**chance.choice(FAULTS), **always)
            agents.keep_busy(worker.now())
            worker.run(chance.choice(["push", "push", "start"]), after=chance.uniform(0, 0.04))
            mid_air |= set(Outgoing.objects.filter(state="sending").values_list("id", "wake_at"))
            if len(mid_air) >= kills:
                break
        assert len(mid_air) >= kills, "the kills did not hit"
        net.faults(**always)
        assert max(stands(net).values()) == 1, "sent twice"

        asked = 0
        while Outgoing.objects.exclude(state="sent").exists():
            worker.run()
            asked += agents.settle(worker.now())
        assert not (asked and keeps_keys), "where keys are kept nobody need be asked"
        texts = Counter(Outgoing.objects.values_list("text", flat=True))
        assert stands(net) == texts, "every answer stands exactly once"
        assert set(texts.values()) == {1}
        in_desk = Post.objects.filter(direction="ours").values_list("text", flat=True)
        assert Counter(in_desk) == texts
        moves = Counter(Move.objects.filter(kind="outgoing").values_list("move", flat=True))
        assert moves["found"], "some were killed after the network took it"
        assert moves["not there"], "and some before"


def test_a_sender_killed_while_everybody_is_told_says_each_word_once_and_in_order(tmp_path) -> None:
    chance = random.Random()
    with practice_server(tmp_path / "practice") as net, working(net, True) as worker:
        agents = Agents(net)
        now = datetime.now(UTC)
        incident = Incident.objects.create(
            state="confirmed", name="No data", began_at=now, noticed_at=now
        ).pk
        account = Account.objects.get().pk
        for number in range(1, 13):
            long = "We are at it. " * 30 if number % 4 == 0 else ""
            status = Status(incident, "Update", f"Word {number}. {long}", (account,), seen=2**62)
            post_status(
                status=status, by=agents.ada, now=worker.now() - timedelta(minutes=1),
                limits_for=lambda _: LIMITS,
            )  # fmt: skip
        for _ in range(60):
            net.faults(**chance.choice(FAULTS))
            worker.run(chance.choice(["push", "push", "start"]), after=chance.uniform(0, 0.04))
            for row in Outgoing.objects.filter(state="failed"):
                try_again(outgoing_id=row.pk, by=agents.ada, now=worker.now())
        net.faults()
        while Outgoing.objects.exclude(state="sent").exists():
            worker.run()
            for row in Outgoing.objects.filter(state="failed"):
                try_again(outgoing_id=row.pk, by=agents.ada, now=worker.now())
        rows = list(Outgoing.objects.order_by("broadcast", "part"))
        assert stands(net) == Counter(row.text for row in rows)
        said = {post.remote_id: post for page in everything(net) for post in page.posts}
        ours = [said[row.remote_id] for row in rows]
        assert [post.reply_to for post in ours] == [None, *(p.remote_id for p in ours[:-1])]
