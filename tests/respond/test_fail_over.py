"""The database goes away at every statement of sending, and at every commit: once is once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import NamedTuple

import psycopg
import pytest
from django.db import Error, OperationalError, close_old_connections, connection
from psycopg.conninfo import make_conninfo

from outbox import NEWEST, next_wake
from outcome import check_clocks, check_tallies
from respond.test_sender import Shelf, Watch
from river import NOON, connected, hear, says
from sanderling.cases.models import Case, Clock
from sanderling.core.network import (
    NetworkError,
    OutcomeUnknown,
    Receipt,
    Refused,
    Room,
    Throttled,
)
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.respond.actions import propose
from sanderling.respond.models import Outgoing
from sanderling.respond.work import look_for_lost, send_due
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = ("before a statement", "after a statement", "after a commit")
"""The last one is the cruellest: all is written, and the worker is told that nothing is."""


class Scene(NamedTuple):
    """What the network does: errs before it takes a post, or after; and how that ends."""

    keeps_keys: bool = True
    before: Sequence[NetworkError] = ()
    after: Sequence[NetworkError] = ()
    ends: str = "sent"


class Power:
    """Cuts the line to the database at moment `at`, counted from nought; None: never."""

    def __init__(self, way: str, at: int | None) -> None:
        self.way, self.at, self.moments = way, at, 0

    @contextmanager
    def on(self) -> Iterator[None]:
        commit = connection._commit
        connection._commit = lambda: self._committed(commit)
        try:
            with connection.execute_wrapper(self._execute):
                yield
        finally:
            del connection._commit

    def _execute(self, execute, sql, params, many, context):
        if self.way == "before a statement" and self._now():
            cut()
        result = execute(sql, params, many, context)
        if self.way == "after a statement" and self._now():
            cut()
        return result

    def _committed(self, commit: Callable[[], None]) -> None:
        commit()
        if self.way == "after a commit" and self._now():
            cut()
            raise OperationalError("the connection was lost")

    def _now(self) -> bool:
        self.moments += 1
        return self.at == self.moments - 1


def cut() -> None:
    """End the server's side of our connection, as a fail-over does, and wait until it is gone."""
    at = connection.settings_dict
    where = make_conninfo(host=at["HOST"], port=at["PORT"] or None, user=at["USER"],
                          password=at["PASSWORD"] or None, dbname=at["NAME"])  # fmt: skip
    pid = connection.connection.info.backend_pid
    with psycopg.connect(where, autocommit=True) as other:
        assert other.execute("select pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


class Sea(Shelf):
    """A network on which every post has an id of its own, and the time is that of the test."""

    in_test = False

    def __init__(self, scene: Scene, watch: Watch) -> None:
        super().__init__(scene.keeps_keys)
        self.before, self.after, self.watch = list(scene.before), list(scene.after), watch

    def _receipt(self, key: str) -> Receipt:
        return Receipt(remote_id=f"{self._at(key)}-{key}", at=self.watch())


class Round:
    """One answer to a customer of its own, on a network that errs as it is told."""

    numbers = count(1)

    def __init__(self, account: int, ada: int, watch: Watch, network: Sea) -> None:
        self.watch, self.network, number = watch, network, next(self.numbers)
        hear(account, says(f"p{number}", who=f"customer{number}"))
        self.case = Case.objects.get(requester__remote_id=f"customer{number}").pk
        self.row = propose(
            case_id=self.case, room=Room.PUBLIC, text=f"Sorry, number {number}.",
            then="wait", reply_to_post=None, seen=NEWEST, by=ada, now=watch(),
            limits_for=lambda _: network.limits,
        )  # fmt: skip

    def run(self, power: Power) -> None:
        """The worker's loops, until nothing is to be done any more."""
        while wake := next_wake():
            self.watch.now = max(self.watch.now, wake)
            with power.on():
                self._turn(send_due)
                self._turn(look_for_lost)
            close_old_connections()

    def _turn(self, loop: Callable[..., int]) -> None:
        """As `jobs.again` takes it."""
        try:
            loop(lambda _: self.network, clock=self.watch)
        except Error:
            close_old_connections()

    def check(self, ends: str) -> None:
        row = Outgoing.objects.get(pk=self.row)
        case = Case.objects.get(pk=self.case)
        if row.state == "unsure" and not self.network.limits.keeps_keys:
            assert row.wake_at is None, "a person is asked"
            assert len(self.network.stands) <= 1
            return
        assert row.state == ends, row.trouble
        assert len(self.network.stands) == (ends == "sent"), "it stands once"
        if ends == "sent":
            assert Post.objects.filter(text=row.text, direction="ours").count() == 1
            assert Move.objects.filter(kind="outgoing", row=row.pk, now="sent").count() == 1
            assert (case.state, running(case)) == ("waiting", 0)
        else:
            assert case.state == "open"
            assert running(case), "no clock stops without a receipt"


def running(case: Case) -> int:
    """Clocks of the answer that the customer waits for."""
    waits = Clock.objects.filter(case=case, kind__in=["acknowledge", "answer"])
    return waits.filter(met_at=None, void_at=None).count()


SCENES = {
    "all well": Scene(),
    "taken, and the answer lost": Scene(after=[OutcomeUnknown()]),
    "taken, and refused": Scene(after=[Refused("No.")]),
    "refused": Scene(before=[Refused("No.")] * 9, ends="failed"),
    "throttled": Scene(before=[Throttled(NOON)]),
    "taken, and the answer lost, no keys": Scene(keeps_keys=False, after=[OutcomeUnknown()]),
}


CUTS = [(name, way) for name in SCENES for way in WAYS[1:]] + [("all well", WAYS[0])]


@pytest.mark.parametrize(("scene", "way"), CUTS)
def test_a_database_that_goes_away_at_any_moment_neither_loses_nor_doubles(scene, way) -> None:
    scene = SCENES[scene]
    account, watch = connected(), Watch()
    ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk
    watch.now += timedelta(hours=1)

    def play(at: int | None) -> int:
        network, power = Sea(scene, watch), Power(way, at)
        round_ = Round(account, ada, watch, network)
        round_.run(power)
        round_.check(scene.ends)
        return power.moments

    moments = play(None)
    assert moments > 2
    for at in range(moments):
        play(at)
    check_tallies()
    check_clocks()
