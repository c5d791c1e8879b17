"""The loops of the worker, as a table. NOTIFY or a shorter pause only shortens the wait.

Loops look for rows that are due; nothing is remembered in memory. Kill the worker at any line and
start it again: it goes on where the rows say.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import monotonic

from django.conf import settings
from django.db import Error, close_old_connections, connection

from sanderling import drills
from sanderling.cases import assigning, belonging, entitling
from sanderling.cases import work as cases
from sanderling.cases.acquainted import known
from sanderling.cases.asking import remind_due
from sanderling.cases.promising import warn_due
from sanderling.cases.watching import watch_clocks
from sanderling.core.gauge import Steps
from sanderling.core.network import Network, Page, Seeks, Thrifty
from sanderling.core.structs import make_ready
from sanderling.incidents import work as incidents
from sanderling.incidents.alerting import tell_due
from sanderling.incidents.gauging import gauge_standing
from sanderling.incidents.steps import begin_for_level, warn_late
from sanderling.incidents.swelling import watch_brand
from sanderling.listen import columns, ours, spend, tidy, words
from sanderling.listen import work as listen
from sanderling.policy.queries import current
from sanderling.respond import owing, pictures, remembering, rounding
from sanderling.respond import work as respond
from sanderling.respond.approving import expire_due
from sanderling.triage.judges import Judge
from sanderling.triage.learning import retrain_at_night
from sanderling.wiring import alarm, forgetting, limits_for, network_for, practising, register

log = logging.getLogger(__name__)
PATIENCE_S = 2.0
"""Rest after something went wrong, so that no loop fills the log."""

LOOKING_S = 0.5
"""How long to rest where nothing is asked for."""


def now() -> datetime:
    """The time; only the worker, the pages and the command line ask for it."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Loop:
    """Something that is done again and again, `every` so many seconds."""

    name: str
    do: Callable[[], object]
    every: float


GAUGE_S = 5
"""The sea is measured so often."""

SENDERS = 4
"""Answers that may leave at once: a network that hangs holds up its own, and not all others."""

LOOPS = (
    *(
        Loop(f"send {n}", lambda: respond.send_due(network_for, clock=now), 0.25)
        for n in range(SENDERS)
    ),
    Loop("rounds", lambda: rounding.go_on(limits_for=limits_for, clock=now), 1),
    Loop("newcomers", lambda: rounding.meet_newcomers(limits_for=limits_for, now=now()), 5),
    Loop("look for lost", lambda: respond.look_for_lost(network_for, clock=now), 1),
    Loop("expire", lambda: expire_due(now=now(), limits_for=limits_for), 5),
    Loop("finish", lambda: cases.finish_waiting(now=now()), 5),
    Loop("late looks", lambda: cases.drop_late_looks(now=now()), 60),
    Loop("clocks", lambda: watch_clocks(now=now()), 2),
    Loop("gauge", lambda: gauge(), GAUGE_S),
    Loop("brand", lambda: watch_brand(now=now()), 30),
    Loop("alerts", lambda: tell_due(alarm(), home=settings.PUBLIC_URL, clock=now), 2),
    Loop("wake", lambda: cases.wake_due(now=now()), 5),
    Loop("give out", lambda: assigning.give_out(rules=assigning.rules(), now=now()), 3),
    Loop("offer again", lambda: assigning.offer_again(rules=assigning.rules(), now=now()), 15),
    Loop("asks", lambda: remind_due(every=current().document.asks.remind, now=now()), 20),
    Loop("promises", lambda: warn_due(ahead=current().document.promises.remind, now=now()), 20),
    Loop("late steps", lambda: warn_late(now=now()), 5),
    Loop("public words", lambda: owing.watch(now=now()), 2),
    Loop("entitlement", lambda: entitling.ask_register(register(), now=now()), 1),
    Loop("notice", lambda: incidents.notice(practising=practising(), now=now()), 2),
    Loop("attach", lambda: belonging.attach_lately(now=now()), 5),
    Loop("attach all", lambda: belonging.attach_all(now=now()), 60),
    Loop("flare up", lambda: incidents.flare_up(now=now()), 20),
    Loop("unconfirmed", lambda: incidents.dismiss_due(now=now()), 60),
    Loop("pushes", lambda: listen.take_pushes(network_for, receive, clock=now), 0.5),
    Loop("learn", lambda: retrain_at_night(allow_x=settings.TRAIN_ON_X, now=now()), 600),
    Loop("forget", lambda: cases.forget_deleted(forgetting()), 60),
    Loop("words", words.read_all, 2),
    Loop("remember answers", remembering.remember, 10),
    Loop("forget answers", remembering.forget, 60),
    Loop("tidy pictures", lambda: pictures.tidy(now=now()), 600),
    Loop("drills", lambda: drills.keep_up(now=now()), 5),
    Loop("tidy", lambda: tidy.tidy(forgetting=forgetting(), now=now()), 600),
)


def gauge() -> None:
    """Measure the incidents that stand, by the policy that holds."""
    policy = current().document.incidents
    gauge_standing(
        steps=Steps(policy.choppy, policy.storm),
        told=policy.alerts if settings.ALERTS else (),
        known=known,
        reached=begin_playbook,
        now=now(),
    )


def begin_playbook(incident_id: int, level: str, now: datetime) -> None:
    """Begin what a playbook says is to be done once an incident reaches a level."""
    begin_for_level(incident_id=incident_id, level=level, now=now)


def receive(account_id: int, page: Page) -> cases.Received:
    """Lead a page down the river, now."""
    link = network_for(account_id).limits.message_link
    return cases.receive(account_id=account_id, page=page, now=now(), message_link=link)


def look_again(judge: Judge, per_minute: int, stop: threading.Event) -> None:
    """Let the careful judge look at what is asked for, `per_minute` posts at most, until `stop`."""
    each_s = 60 / per_minute

    def look() -> None:
        began = monotonic()
        looked = cases.look_again(judge, now=now())
        stop.wait(max(looked * each_s - (monotonic() - began), 0 if looked else LOOKING_S))

    again(stop, look, 0)


def again(stop: threading.Event, do: Callable[[], object], every: float) -> None:
    """Do it, rest, do it again; a lost database is waited for, anything else is logged."""
    with closing(connection):
        while not stop.is_set():
            try:
                do()
            except Error as error:
                _database_lost(error)
                close_old_connections()
                stop.wait(PATIENCE_S)
            except Exception:
                log.exception("jobs.stumbled in %s", threading.current_thread().name)
                stop.wait(PATIENCE_S)
            stop.wait(every)


@dataclass
class Worker:
    """All loops in threads of this process, and a thread for every account that is heard."""

    stop: threading.Event = field(default_factory=threading.Event)
    _heard: dict[int, threading.Thread] = field(default_factory=dict)
    _mine: set[int] = field(default_factory=set)
    _repaired: dict[int, float] = field(default_factory=dict)
    _steered: dict[int, tuple[object, ...]] = field(default_factory=dict)

    def run(self) -> None:
        """Work until the main thread is asked to leave."""
        make_ready()
        try:
            for loop in LOOPS:
                self._thread(loop.name, partial(self._again, loop.do, loop.every))
            self._thread("repair", partial(self._again, self._repair_all, 1))
            self._thread("recheck", partial(self._again, self._recheck_all, 30))
            self._thread("steer", partial(self._again, self._steer_all, 1))
            self._thread("slow", partial(self._again, self._slow_all, 60))
            self._again(self._hear_all, 1)
        finally:
            self.stop.set()

    def _thread(self, name: str, do: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=do, name=name, daemon=True)
        thread.start()
        return thread

    def _again(self, do: Callable[[], object], every: float) -> None:
        again(self.stop, do, every)

    def _hear_all(self) -> None:
        for account_id in ours.listening(now=now()):
            thread = self._heard.get(account_id)
            if thread is None or not thread.is_alive():
                self._heard[account_id] = self._thread(
                    f"hear {account_id}", partial(self._hear, account_id)
                )

    def _hear(self, account_id: int) -> None:
        with closing(connection):
            try:
                with listen.alone(account_id) as mine:
                    if mine:
                        self._mine.add(account_id)
                        listen.hear(account_id, network_for(account_id), receive, clock=now)
            except Error as error:
                _database_lost(error)
            except Exception:
                log.exception("jobs.stumbled in hearing account %s", account_id)
                self.stop.wait(PATIENCE_S)
            finally:
                self._mine.discard(account_id)

    def _each_heard(self, do: Callable[[int, Network], None]) -> None:
        """Do it for every account that this worker hears; one that stumbles holds up no other."""
        for account_id in list(self._mine):
            try:
                do(account_id, network_for(account_id))
            except Error:
                raise
            except Exception:
                log.exception("jobs.stumbled with account %s", account_id)

    def _repair_all(self) -> None:
        """Read again from time to time what this worker hears; the first time is not at once."""

        def repair(account_id: int, network: Network) -> None:
            last = self._repaired.setdefault(account_id, monotonic())
            if 0 < network.limits.repair_s <= monotonic() - last:
                self._repaired[account_id] = monotonic()
                listen.repair(account_id, network, receive, clock=now)

        self._each_heard(repair)

    def _recheck_all(self) -> None:
        self._each_heard(lambda id, network: listen.recheck(id, network, receive, clock=now))

    def _steer_all(self) -> None:
        """Tell the networks what the columns ask for, whenever that or who looks has changed."""
        revision, leads = columns.revision(), ours.leads(now=now())

        def steer(account_id: int, network: Network) -> None:
            course = (network, revision, account_id in leads)
            if isinstance(network, Seeks) and self._steered.get(account_id) != course:
                network.seek(columns.queries() if account_id in leads else {})
                self._steered[account_id] = course

        self._each_heard(steer)

    def _slow_all(self) -> None:
        def slow(account_id: int, network: Network) -> None:
            if isinstance(network, Thrifty):
                network.slow(spend.pace(account_id, now=now()))

        self._each_heard(slow)


def _database_lost(error: Error) -> None:
    log.warning("jobs.database %s", str(error).strip().split("\n")[0])
