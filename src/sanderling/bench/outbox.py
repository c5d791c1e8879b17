"""Whether every answer leaves once: real processes are killed while the network errs as it can.

Agents propose, several sender processes send over a practice network of its own process and an
embedded PostgreSQL. Senders are killed without end, the network and the database now and then, and
some senders are held until their lease is over and then let go on. In the end the journal of the
network says what truly stands there.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import psutil
from django.conf import settings
from django.db import Error, close_old_connections, connection

from sanderling.bench import stand
from sanderling.cases.work import receive
from sanderling.core.network import Author, Room
from sanderling.listen.actions import connect
from sanderling.networks.practice.connector import LIMITS, Practice
from sanderling.networks.practice.world import Event, Posted
from sanderling.respond.actions import propose, settle_found, settle_missing, try_again
from sanderling.respond.queries import unsent
from sanderling.store.sealing import new_key
from sanderling.store.server import Server
from sanderling.store.sql import run_text

SENDERS = 3
"""Processes at once, each with the worker's own loops: 12 threads that send, 3 that look."""
LEASE_S, ANSWER_S = 6.0, 1.5
"""Instead of 60 and 10 seconds: the shorter they are, the more often one is over."""
DEPTH = 400
"""Answers that are under way at the same time, as far as agents can see to it."""
A_CONVERSATION = 20
"""Answers to each customer, in both rooms."""
A_NETWORK, A_DATABASE, A_STALL = 12, 50, 100
"""Every so many kills the network is killed instead, the database, and a sender is held."""
PATIENCE_S = 240.0
EVERYTHING = 2**62
"""What these agents have seen: they are never stopped by news, or every answer would be."""
FAULTS: tuple[dict[str, float | bool], ...] = (
    {},
    {},
    {"push_hang_s": 0.01},
    {"push_hang_s": 0.02},
    {"push_hang_s": 0.05},
    {"push_hang_s": 0.3},
    {"push_hang_s": 2.5},
    {"push_cut": 0.5},
    {"push_lost": 0.5},
    {"push_refused": 0.5},
    {"push_failed": 0.5},
    {"throttle_s": 0.3},
    {"unreachable": True},
    {"push_cut": 0.2, "push_lost": 0.2, "push_refused": 0.2, "push_failed": 0.2,
     "push_hang_s": 0.03},
)  # fmt: skip


def run(*, sends: int, kills: int) -> dict[str, float]:
    """Send so many answers while so many processes are killed; see docs/performance.md."""
    began = time.monotonic()
    with _own_seal(), stand.empty_desk() as data, Server(data) as server, _players(data) as players:
        network = Network(data / "practice", players)
        desk = Desk(network, customers=max(5, min(570, sends // A_CONVERSATION)))
        agents = Agents(desk, sends)
        storm = Storm(players, network, server, agents, kills)
        storm.rage()
        storm.calm()
        found = judge(data / "practice" / "journal.jsonl")
        moves = _moves()
        connection.close()
    return {
        "sends": sends,
        "kills": kills,
        "kills_of_senders": storm.killed["sender"],
        "kills_of_the_network": storm.killed["network"],
        "kills_of_the_database": storm.killed["database"],
        "held_senders": storm.killed["held"],
        "faults": storm.faults,
        "lost_sight": moves["lost sight"],
        "found": moves["found"],
        "sent_again": moves["not there"],
        "asked": storm.asked,
        **found,
        "duration_s": round(time.monotonic() - began),
    }


@contextmanager
def _own_seal() -> Iterator[None]:
    """Secrets of this desk are sealed with a key of its own, which its processes share."""
    before, settings.SEAL_KEYS = settings.SEAL_KEYS, new_key()
    try:
        yield
    finally:
        settings.SEAL_KEYS = before


class Players:
    """The process that forks senders and the network; see `bench.players`."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process, self.port = process, port
        self.senders: list[int] = []
        self.network = 0

    def fork(self, part: str) -> int:
        """Start a `sender` or the `network`; its process id."""
        assert self._process.stdin is not None  # it is a pipe
        assert self._process.stdout is not None  # it is a pipe
        self._process.stdin.write(f"{part}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def fill(self) -> None:
        """As many senders as there should be."""
        while len(self.senders) < SENDERS:
            self.senders.append(self.fork("sender"))


@contextmanager
def _players(data: Path) -> Iterator[Players]:
    port = stand.free_port()
    given = {"practice": data / "practice", "port": port, "lease": LEASE_S, "answer": ANSWER_S}
    process = subprocess.Popen(
        [sys.executable, "-m", "sanderling.bench.players",
         *(word for name, value in given.items() for word in (f"--{name}", str(value)))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**stand.surroundings(data), "SANDERLING_SEAL_KEYS": settings.SEAL_KEYS,
             "DJANGO_SETTINGS_MODULE": "sanderling.settings"},
    )  # fmt: skip
    try:
        yield Players(process, port)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(stand.PATIENCE_S)
        if process.stdout is not None:
            process.stdout.close()


class Network:
    """The practice network, driven by its admin calls."""

    def __init__(self, folder: Path, players: Players) -> None:
        self._folder, self._players = folder, players
        self.start()
        card = msgspec.json.decode((folder / "practice.json").read_bytes())
        self.url, self.token, self.account = card["url"], card["token"], card["account"]
        self._http = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {card['admin']}"}, timeout=30,
            trust_env=False,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._players.network = self._players.fork("network")
        end = time.monotonic() + stand.PATIENCE_S
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{self._players.port}/", trust_env=False)
                return
            time.sleep(0.02)
        raise RuntimeError("The practice network does not start.")

    def kill(self) -> None:
        """End it at once, and start it again: it goes on where its journal ends."""
        _kill(self._players.network)
        self.start()

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """An admin call."""
        answer = self._http.request(method, path, json=content)
        answer.raise_for_status()
        return answer.json()


class Desk:
    """An account with a case for each customer, who wrote in public and in private."""

    def __init__(self, network: Network, customers: int) -> None:
        self.network = network
        [self.agent] = stand.agents(1)
        network.ask("POST", "/api/admin/pace", {"scenario": "firestorm"})
        people = network.ask("GET", "/api/admin/people")["people"]
        people = [p["id"] for p in people if not p["handle"].startswith("Northwind")]
        for n, who in enumerate(people[:customers]):
            us = network.account["handle"]
            write = {"do": "write", "who": who, "text": f"@{us} my phone is dead, number {n}"}
            network.ask("POST", "/api/admin/act", write)
            message = {"text": "My phone is dead, please help", "to": us, "room": "direct"}
            network.ask("POST", "/api/admin/act", {**write, **message})
        who = Author(**network.account)
        secret = {"address": network.url, "secret": network.token}
        self.account = connect(network="practice", who=who, now=_now(), **secret)
        self._hear()
        self.cases = [case for (case,) in run_text("select id from cases_case order by id", {})]
        if len(self.cases) != customers:
            raise RuntimeError(f"{customers} customers made {len(self.cases)} cases.")

    def _hear(self) -> None:
        practice, since, more = Practice(self.network.url, self.network.token), None, True
        while more:
            page = practice.pull(since)
            receive(account_id=self.account, page=page, now=_now())
            since, more = page.cursor, page.more
        practice.close()


class Agents:
    """They propose answers as fast as they leave, and decide what the desk asks them."""

    def __init__(self, desk: Desk, sends: int) -> None:
        self.desk, self.sends, self.proposed = desk, sends, 0
        self.places = [(case, room) for case in desk.cases for room in Room]
        random.Random(4).shuffle(self.places)

    def keep_busy(self, until: int) -> None:
        """See to it that there is enough to send, up to answer number `until`."""
        under_way = count_in("queued", "sending", "unsure")
        for _ in range(min(until, self.sends) - self.proposed):
            if under_way >= DEPTH:
                return
            self._propose(self.proposed)
            self.proposed += 1
            under_way += 1

    def _propose(self, number: int) -> None:
        text = f"Sorry, this is answer {number}."
        case, room = self.places[number % len(self.places)]
        # A lost connection may have lost the answer to a commit: ours are known by their words.
        known = "select from respond_outgoing where case_id = %(case)s and text like %(text)s"
        if run_text(known, {"case": case, "text": f"{text}%"}):
            return
        propose(
            case_id=case, room=room, text=text, reply_to_post=None, then="keep open",
            seen=EVERYTHING, by=self.desk.agent, now=_now() - timedelta(minutes=1),
            limits_for=lambda _: LIMITS,
        )  # fmt: skip

    def decide(self, journal: Path) -> int:
        """Do what the desk asks a person to do; how many answers needed one."""
        waiting = unsent()
        if not waiting:
            return 0
        keys = {row.id: row.key for row in all_answers()}
        stands = {key: post for post in posts_of(journal) if (key := post.what.post.key)}
        agent, now = self.desk.agent, _now()
        for answer in waiting:
            if not answer.asks:
                try_again(outgoing_id=answer.id, by=agent, now=now)
            elif found := stands.get(keys[answer.id]):
                there = found.what.post.id
                settle_found(outgoing_id=answer.id, remote_id=there, by=agent, now=now)
            else:
                settle_missing(outgoing_id=answer.id, by=agent, now=now)
        return len(waiting)


@dataclass
class Storm:
    """Processes are killed and things go wrong, as long as there are answers to send."""

    players: Players
    network: Network
    server: Server
    agents: Agents
    kills: int
    chance: random.Random = field(default_factory=lambda: random.Random())
    killed: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    asked: int = 0
    _journal: Path = Path()

    def __post_init__(self) -> None:
        self._journal = self.server.data / "practice" / "journal.jsonl"

    @property
    def done(self) -> int:
        """Kills so far."""
        return self.killed["sender"] + self.killed["network"] + self.killed["database"]

    def rage(self) -> None:
        """Kill, while answers are proposed at the same pace."""
        each = self.agents.sends / self.kills
        last = time.monotonic()
        while self.done < self.kills or self.agents.proposed < self.agents.sends:
            self.players.fill()
            with _database_may_go():
                self.agents.keep_busy(int((self.done + 1) * each) + DEPTH)
                sent = count_in("sent")
                if sent >= self.done * each or time.monotonic() - last > 1:
                    last = time.monotonic()
                    self._strike()
            if self.done >= self.kills:
                time.sleep(0.1)

    def calm(self) -> None:
        """Nothing goes wrong any more: wait until all is sent, and decide what needs a person."""
        self.network.ask("POST", "/api/admin/faults", {})
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.players.fill()
            with _database_may_go():
                if count_in("sent") == self.agents.sends:
                    break
                self.asked += self.agents.decide(self._journal)
            time.sleep(0.5)
        for sender in self.players.senders:
            _kill(sender)

    def _strike(self) -> None:
        if self.done >= self.kills:
            return
        self._let_something_go_wrong()
        time.sleep(self.chance.uniform(0, 0.05))
        number = self.done + 1
        if number % A_DATABASE == 0:
            self._kill_the_database()
        elif number % A_NETWORK == 0:
            self.network.kill()
            self.killed["network"] += 1
        else:
            self._kill_a_sender()
        if number % A_STALL == 0:
            self._hold_a_sender()
        if number % 20 == 0:
            self.asked += self.agents.decide(self._journal)

    def _let_something_go_wrong(self) -> None:
        fault = self.chance.choice(FAULTS)
        self.network.ask("POST", "/api/admin/faults", fault)
        self.faults += bool(fault)

    def _kill_a_sender(self) -> None:
        victim = self.players.senders.pop(self.chance.randrange(len(self.players.senders)))
        _kill(victim)
        self.killed["sender"] += 1

    def _kill_the_database(self) -> None:
        postmaster = self.server.cluster.postmaster()
        if postmaster is not None:
            postmaster.kill()
            self.killed["database"] += 1
        self.server.join()

    def _hold_a_sender(self) -> None:
        """One stands still until others have done its work, and then goes on as if nothing were."""
        held = self.players.fork("sender")
        time.sleep(0.5)
        os.kill(held, signal.SIGSTOP)
        self.killed["held"] += 1

        def let_go() -> None:
            with suppress(ProcessLookupError):
                os.kill(held, signal.SIGCONT)
            self.players.senders.append(held)

        threading.Timer(LEASE_S + 1, let_go).start()


def _kill(pid: int) -> None:
    """End a process at once; it is gone, with all that it held, when this returns."""
    os.kill(pid, signal.SIGKILL)
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(stand.PATIENCE_S)


@contextmanager
def _database_may_go() -> Iterator[None]:
    """What is lost with the database is done again by whoever comes next."""
    try:
        yield
    except Error:
        close_old_connections()
        time.sleep(0.2)


class Answer(NamedTuple):
    """An answer as the desk knows it. `asks`: nobody does anything about it but a person."""

    id: int
    case: int
    state: str
    room: str
    text: str
    key: str
    to: str
    reply_to: str | None
    remote_id: str | None
    asks: bool


def all_answers() -> list[Answer]:
    """Every answer, in the order in which they were proposed."""
    found = run_text(
        'select id, case_id, state, room, text, key::text, "to", reply_to, remote_id,'
        " wake_at is null from respond_outgoing order by id", {},
    )  # fmt: skip
    return [Answer(*row) for row in found]


def count_in(*states: str) -> int:
    """How many answers are in one of these states."""
    text = "select count(*) from respond_outgoing where state = any(%(states)s)"
    return int(run_text(text, {"states": list(states)})[0][0])


def _moves() -> Counter[str]:
    """How often answers moved, by the move."""
    text = "select move, count(*) from store_move where kind = 'outgoing' group by move"
    return Counter(dict(run_text(text, {})))


def posts_of(journal: Path) -> list[Any]:
    """What stands on the network by its own journal, oldest first: our posts alone."""
    read = msgspec.json.Decoder(Event).decode
    lines = journal.read_bytes().split(b"\n")[1:-1]
    events = [read(line) for line in lines if b'"key":"' in line]
    return [event for event in events if isinstance(event.what, Posted)]


def judge(journal: Path) -> dict[str, int]:
    """What the network's journal says of what the desk believes."""
    stands = [event.what.post for event in posts_of(journal)]
    rows = all_answers()
    times = Counter(post.writing.text for post in stands)
    by_text = {post.writing.text: post for post in stands}
    return {
        "doubled": sum(n - 1 for n in times.values()),
        "lost": sum(_is_lost(row, by_text.get(row.text)) for row in rows),
        "out_of_order": _out_of_order(rows, stands),
        "wrong_room": sum(_is_elsewhere(row, by_text.get(row.text)) for row in rows),
        "unknown": len(times.keys() - {row.text for row in rows}),
    }


def _is_lost(row: Answer, post: Any) -> bool:
    """The desk says sent and it is not there under that id, or nobody knows or was asked."""
    if row.state == "sent":
        return post is None or post.id != row.remote_id
    undecided = row.state in ("queued", "sending", "unsure")
    return undecided and not (row.state == "unsure" and row.asks)


def _is_elsewhere(row: Answer, post: Any) -> bool:
    """It stands in another room, under another post, or before other eyes than was proposed."""
    if post is None:
        return False
    said = post.writing
    to = row.to if row.room == "direct" else None
    return bool((said.room, said.to, said.reply_to) != (row.room, to, row.reply_to))


def _out_of_order(rows: Sequence[Answer], stands: Sequence[Any]) -> int:
    """How many stand before one of their room that was proposed earlier."""
    place = {post.writing.text: n for n, post in reversed(list(enumerate(stands)))}
    rooms: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for row in rows:
        if row.text in place:
            rooms[row.case, row.room].append(place[row.text])
    return sum(b < a for found in rooms.values() for a, b in pairwise(found))


def _now() -> datetime:
    return datetime.now(UTC)
