"""Whether everybody is acknowledged once: workers are killed while the network throttles and errs.

A crowd writes about one outage on a practice network of its own process. Two workers at once run
the loops of rounds and of the sender, over an embedded PostgreSQL, and are killed without end; so
is the network, now and then. Their clock runs faster than the one on the wall, for a round of many
thousands takes most of a day. In the end the journal of the network says who was told how often,
and the workers' own notes of each push say how many fell into the fullest hour.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import signal
import threading
import time
import traceback
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from ctypes import c_double
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
from django.conf import settings
from django.db import close_old_connections, connection

from sanderling import wiring
from sanderling.bench import stand
from sanderling.bench.lead import WORDS
from sanderling.bench.outbox import posts_of
from sanderling.cases.work import receive
from sanderling.core.network import Author, Draft, Receipt, Vault
from sanderling.core.pacing import WINDOW
from sanderling.incidents.actions import open_incident, put_in
from sanderling.listen.actions import connect
from sanderling.networks.practice.connector import LIMITS, Practice
from sanderling.networks.practice.server import PracticeServer
from sanderling.networks.practice.service import Service
from sanderling.networks.practice.world import Moment, Person, Writing
from sanderling.respond import rounds
from sanderling.respond.progress import latest, outlook
from sanderling.respond.rounding import go_on
from sanderling.respond.work import look_for_lost, send_due
from sanderling.store.sealing import new_key
from sanderling.store.sql import run_text

WORKERS = 2
STEP_S = 12.0
"""Seconds of the workers' clock that pass each time one of them has done what it can."""
A_NETWORK = 20
"""Every so many kills the network is killed as well."""
LOST_S = 90.0
"""Seconds by which the clock goes on after a kill, so that the lease of who died is over."""
MANY = 10**9
PATIENCE_S = 3_600.0
FAULTS: tuple[dict[str, float | bool], ...] = (
    {}, {}, {"push_hang_s": 0.02}, {"push_hang_s": 0.3}, {"push_cut": 0.5}, {"push_lost": 0.5},
    {"push_failed": 0.5}, {"throttle_s": 0.5}, {"throttle_s": 2}, {"unreachable": True},
)  # fmt: skip
_forks = multiprocessing.get_context("fork")
Clock = Callable[[], datetime]


def run(*, people: int, kills: int) -> dict[str, float]:
    """Acknowledge so many people while so many processes are killed; see docs/performance.md."""
    began = time.monotonic()
    seal, settings.SEAL_KEYS = settings.SEAL_KEYS, new_key()
    try:
        with stand.empty_desk() as data, _network(data / "practice", people) as network:
            desk = _Desk(network, people)
            storm = _Storm(network, desk, data / "pushes", kills)
            storm.rage()
            found = _judge(data, people)
            text = "select move, count(*) from store_move where kind = 'outgoing' group by move"
            moves: Counter[str] = Counter(dict(run_text(text, {})))
            connection.close()
    finally:
        settings.SEAL_KEYS = seal
    return {
        "people": people,
        **found,
        "allowed_in_an_hour": desk.rate,
        "hours_of_the_round": round((desk.clock() - desk.began) / WINDOW, 2),
        "hours_forecast": round(desk.forecast_hours, 2),
        "kills": storm.killed,
        "not_sent": moves["not sent"],
        "lost_sight": moves["lost sight"],
        "found": moves["found"],
        "sent_again": moves["not there"],
        "duration_s": round(time.monotonic() - began),
    }


class _Network:
    """The practice network, in a process that can be killed; it goes on where its journal ends."""

    def __init__(self, folder: Path, people: int) -> None:
        self._folder, self._people, self._port = folder, people, stand.free_port()
        self.start()
        card = msgspec.json.decode((folder / "practice.json").read_bytes())
        self.url, self.token, self.account = card["url"], card["token"], card["account"]
        self._admin = {"Authorization": f"Bearer {card['admin']}"}

    def start(self) -> None:
        """Start it, and wait until it answers."""
        connection.close()
        serve = partial(_serve, self._folder, self._port, self._people)
        self._process = _forks.Process(target=_apart, args=(serve,))
        self._process.start()
        end = time.monotonic() + 10 * stand.PATIENCE_S
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{self._port}/", trust_env=False)
                return
            time.sleep(0.05)
        raise RuntimeError("The practice network does not start.")

    def kill(self) -> None:
        """End it at once; it is gone when this returns."""
        self._process.kill()
        self._process.join()

    def err(self, faults: dict[str, float | bool]) -> None:
        """From now on this goes wrong, and nothing else."""
        httpx.post(
            f"{self.url}/api/admin/faults", json=faults, headers=self._admin, timeout=30,
            trust_env=False,
        ).raise_for_status()  # fmt: skip


@contextmanager
def _network(folder: Path, people: int) -> Iterator[_Network]:
    network = _Network(folder, people)
    try:
        yield network
    finally:
        network.kill()


def _apart(work: Callable[[], object]) -> None:
    """Live as a process of its own; never comes back."""
    logging.disable(logging.ERROR)  # that others die is part of the play
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        work()
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _end_with(parent: int) -> None:
    """Nobody goes on when the benchmark itself is gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _serve(folder: Path, port: int, people: int) -> None:
    """Be the network, on which a crowd has written about one outage."""
    now = _wall()
    with closing(Service(folder, "quiet", None, now)) as service:
        for meter in service.tokens.meters.values():
            meter.most = MANY
        when = Moment(now, 0.0)
        for number in range(people):
            person = _person(number)
            if person.id not in service.world.people:
                service.world.join(person, when)
                service.world.write(person.id, Writing(text=_complaint(number), lang="en"), when)
        PracticeServer("127.0.0.1", port, service).run()


def _person(number: int) -> Person:
    name = f"Person {number}"
    return Person(id=f"p{number}", handle=f"person{number}", name=name, lang="en", followers=9)


def _complaint(number: int) -> str:
    """What one of them writes, in words that nobody repeats."""
    chance = random.Random(number)
    own = " ".join("".join(chance.choices("abdefghiklmnoprstu", k=7)) for _ in range(12))
    return f"@NorthwindCare my phone is dead since this morning, please help. {own}"


class _Desk:
    """A desk that has heard the crowd, and begun to acknowledge it."""

    def __init__(self, network: _Network, people: int) -> None:
        self.network, self.seconds = network, _forks.RawValue(c_double, 0.0)
        self.began = _wall()
        [self.agent] = stand.agents(1)
        self.account = connect(
            network="practice", who=Author(**network.account), address=network.url,
            secret=network.token, now=self.began,
        )  # fmt: skip
        self._hear()
        self.incident = open_incident(name="Phones are dead", by=self.agent, now=self.began)
        posts = [n for (n,) in run_text("select id from listen_post order by id", {})]
        put_in(incident_id=self.incident, posts=posts, how="agent", by=self.agent, now=self.began)
        self.round = rounds.prepare(
            incident_id=self.incident, kind="acknowledge", text=WORDS, per_hour=rounds.FASTEST,
            by=self.agent, now=self.began, limits_for=lambda _: LIMITS,
        )  # fmt: skip
        ahead = outlook(self.round, limits_for=lambda _: LIMITS, now=self.began).forecast
        rounds.begin(
            round_id=self.round, by=self.agent, now=self.began, limits_for=lambda _: LIMITS
        )
        self.rate = ahead.rate
        self.forecast_hours = (ahead.done_at - self.began) / WINDOW if ahead.done_at else 0.0

    def clock(self) -> datetime:
        """The time, as workers see it."""
        return self.began + timedelta(seconds=self.seconds.value)

    def _hear(self) -> None:
        practice, since, more = Practice(self.network.url, self.network.token), None, True
        while more:
            page = practice.pull(since)
            receive(account_id=self.account, page=page, now=self.began)
            since, more = page.cursor, page.more
        practice.close()


class _Noting(Practice):
    """The practice network, with a note of the workers' time beside every push."""

    notes: Path
    clock: Clock

    def push(self, draft: Draft, key: str) -> Receipt:
        with self.notes.open("a") as file:
            file.write(f"{key} {self.clock().timestamp()}\n")
        return super().push(draft, key)


def _work(desk: _Desk, notes: Path, leads: bool) -> None:
    """Be a worker, as far as rounds and answers go, until killed. One `leads` the clock."""

    def noting(address: str, vault: Vault, _: str) -> Practice:
        made = _Noting(address, vault.read(), answer_s=1.5)
        made.notes, made.clock = notes, desk.clock
        return made

    wiring.NETWORKS["practice"] = wiring.Kind("Practice network", noting)
    while True:
        go_on(limits_for=lambda _: LIMITS, clock=desk.clock)
        send_due(wiring.network_for, clock=desk.clock)
        look_for_lost(wiring.network_for, clock=desk.clock)
        if leads:
            desk.seconds.value += STEP_S


class _Storm:
    """Workers that are killed, and a network that errs, until everybody is told."""

    def __init__(self, network: _Network, desk: _Desk, notes: Path, kills: int) -> None:
        self._network, self._desk, self._notes, self._kills = network, desk, notes, kills
        self._chance, self.killed = random.Random(), 0
        self._workers: list[Any] = []

    def rage(self) -> None:
        """Kill while answers leave, evenly over the round; then let the rest leave in peace."""
        connection.close()
        self._fill()
        end, calm = time.monotonic() + PATIENCE_S, False
        while time.monotonic() < end and not self._done():
            if self.killed < self._kills:
                time.sleep(self._chance.uniform(0.02, 1.5))
                self._strike()
            else:
                if not calm:
                    self._network.err({})
                calm = True
                time.sleep(0.5)
        self._kill_all()

    def _fill(self) -> None:
        """As many workers as there should be; the first leads the clock."""
        connection.close()  # no child may hold our line to the database
        while len(self._workers) < WORKERS:
            work = partial(_work, self._desk, self._notes, not self._workers)
            worker = _forks.Process(target=_apart, args=(work,))
            worker.start()
            self._workers.append(worker)

    def _strike(self) -> None:
        self._network.err(self._chance.choice(FAULTS))
        time.sleep(self._chance.uniform(0, 0.3))
        self._kill_all()
        self._desk.seconds.value += LOST_S
        if self.killed % A_NETWORK == 0:
            self._network.kill()
            self._network.start()
        self._fill()

    def _kill_all(self) -> None:
        """One after the other, at any moment of what the others do."""
        for worker in self._chance.sample(self._workers, len(self._workers)):
            worker.kill()
            worker.join()
            time.sleep(self._chance.uniform(0, 0.1))
            self.killed += 1
        self._workers = []

    def _done(self) -> bool:
        close_old_connections()
        found = latest(self._desk.incident, "acknowledge")
        connection.close()
        return found is not None and not found.line


def _judge(data: Path, people: int) -> dict[str, float]:
    """What the journal of the network says, and the notes of each push."""
    stands = [event.what.post for event in posts_of(data / "practice" / "journal.jsonl")]
    told = Counter(post.writing.reply_to for post in stands)
    notes = dict(line.split() for line in (data / "pushes").read_text().splitlines())
    times = sorted(float(notes[post.key]) for post in stands)
    fullest = max(
        (bisect_right(times, at) - bisect_right(times, at - WINDOW.total_seconds())) for at in times
    )
    return {
        "told": len(told),
        "told_twice": sum(n - 1 for n in told.values()),
        "not_told": people - len(told),
        "most_in_an_hour": fullest,
    }


def _wall() -> datetime:
    return datetime.now(UTC)
