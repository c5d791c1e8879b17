"""Whatever workers, agents, customers and a network full of faults do, in any order: an answer
stands once, in its room, behind those proposed before it, and the desk never claims what is not so.

The network here is the truth; the desk only sees what it answers. A worker may stall or die in the
middle of a push, while others go on. A new thing that can happen is a `@rule` of two lines.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from outbox import NEWEST, next_wake
from outcome import check_clocks, check_tallies
from river import connected, hear, minutes, says, writes
from sanderling.cases.models import Case
from sanderling.core.network import (
    Deletion,
    Draft,
    Limits,
    NetworkError,
    OutcomeUnknown,
    Receipt,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.respond import actions, outbox, work
from sanderling.respond.models import Outgoing
from sanderling.store.models import Move
from sanderling.store.moves import Overtaken

pytestmark = pytest.mark.django_db

ANY = st.integers(0, 1_000)
SECONDS = st.sampled_from([1, 3, 10, 40, 70, 700])
FLIGHT_S = 20
"""A call lasts no longer than this: well under a lease (networks.wire.calling)."""


class Crash(BaseException):
    """The worker dies on the spot."""


ROOMS = st.sampled_from([Room.PUBLIC, Room.DIRECT, Room.DIRECT])
FAULTS = st.sampled_from([
    "none", "none", "none", "lost on the way", "lost on the way", "taken, answer lost",
    "taken, refused", "throttled", "unreachable", "refused", "sign-in lost", "dies before",
    "dies after",
])  # fmt: skip
BLIND = st.sampled_from(["none", "none", "refused", "refused", "late", "throttled", "unreachable"])
MEANWHILE = st.lists(st.sampled_from(["send", "look", "wait", "withdraw", "decide"]), max_size=5)


class Sea:
    """A network and what truly stands on it, in order. `keeps_keys` as in `Limits`."""

    name = "practice"

    def __init__(self, keeps_keys: bool) -> None:
        self.limits = Limits(
            public_length=280, direct_length=1000, counts="weighted", keeps_keys=keeps_keys
        )
        self.stands: list[tuple[str, Draft]] = []
        self.shut: set[str] = set()

    def take(self, draft: Draft, key: str) -> None:
        if not (self.limits.keeps_keys and self.at(key)):
            self.stands.append((key, draft))

    def at(self, key: str) -> int:
        return next((n for n, (k, _) in enumerate(self.stands, 1) if k == key), 0)

    def receipt(self, key: str, now: datetime) -> Receipt:
        return Receipt(remote_id=f"ours-{self.at(key)}", at=now)


class Line:
    """One worker's connection to the sea: what goes wrong on it, and what happens meanwhile."""

    def __init__(self, machine: Outbox, fault: str = "none", blind: str = "none") -> None:
        self.machine, self.sea, self.fault, self.blind = machine, machine.sea, fault, blind
        self.name, self.limits = self.sea.name, self.sea.limits
        self.before: list[str] = []
        self.after: list[str] = []

    def push(self, draft: Draft, key: str) -> Receipt:
        now = self.machine.now
        errors = {
            "throttled": Throttled(now + timedelta(seconds=30)), "unreachable": Unreachable("No."),
            "refused": Refused("Not allowed."), "sign-in lost": SignInLost("Connect again."),
            "lost on the way": OutcomeUnknown("Lost."), "dies before": Crash(),
        }  # fmt: skip
        self._happens(self.before, most=FLIGHT_S)
        if error := errors.get(self.fault):
            self._happens(self.after)
            raise error
        self.sea.take(draft, key)
        self._happens(self.after)
        if self.fault == "dies after":
            raise Crash
        if self.fault == "taken, answer lost":
            raise OutcomeUnknown("Lost.")
        if self.fault == "taken, refused":
            raise Refused("Not allowed.")
        return self.sea.receipt(key, self.machine.now)

    def find(self, key: str, draft: Draft) -> Receipt | None:
        errors: dict[str, NetworkError] = {
            "throttled": Throttled(self.machine.now), "unreachable": Unreachable("No."),
            "refused": Refused("Not on this plan."),
        }  # fmt: skip
        if error := errors.get(self.blind):
            raise error
        late = self.blind == "late" and not self.limits.keeps_keys
        return self.sea.receipt(key, self.machine.now) if self.sea.at(key) and not late else None

    def _happens(self, what: list[str], most: float = 1_000) -> None:
        for act in what:
            self.machine.meanwhile(act, min(most / max(len(what), 1), 70))


class Outbox(RuleBasedStateMachine):
    """A customer who wrote in both rooms, an agent, and as many workers as there are acts."""

    @initialize(keeps_keys=st.booleans())
    def open_desk(self, keeps_keys: bool) -> None:
        self.cleanup = ExitStack()
        self.cleanup.enter_context(transaction.atomic())
        self.cleanup.callback(transaction.set_rollback, True)
        self.sea, self.at, self.n = Sea(keeps_keys), 0.0, 0
        self.stalled: list[tuple[Outgoing, bool]] = []
        self.account = connected()
        self.ada = Agent.objects.create(email="a@northwind.example", name="Ada", initials="AB").pk
        hear(self.account, says("p0"), writes("d0"))
        self.case = Case.objects.get().pk

    @property
    def now(self) -> datetime:
        return minutes(10) + timedelta(seconds=self.at)

    def clock(self) -> datetime:
        return self.now

    # Agents

    @rule(room=ROOMS, then=st.sampled_from(["wait", "keep open"]))
    def propose(self, room: Room, then: str) -> None:
        self.at, self.n = self.at + 1, self.n + 1
        with suppress(actions.Objections):
            actions.propose(
                case_id=self.case, room=room, text=f"Sorry, {self.n}", then=then,
                reply_to_post=None, seen=NEWEST, by=self.ada, now=self.now,
                limits_for=lambda _: self.sea.limits,
            )  # fmt: skip

    @rule(which=ANY)
    def withdraw(self, which: int) -> None:
        self._on("queued", which, actions.withdraw)

    @rule(which=ANY, act=st.sampled_from([actions.withdraw, actions.try_again]))
    def agent_decides_on_a_refusal(self, which: int, act) -> None:
        given_up = Move.objects.filter(kind="outgoing", move="give up").values("row")
        self._on("failed", which, act, but=given_up)

    @rule(which=ANY, gives_up=st.booleans())
    def agent_looks_and_says_how_it_is(self, which: int, gives_up: bool) -> None:
        found = Outgoing.objects.filter(state="unsure", wake_at=None).order_by("pk")
        if not found:
            return
        row = found[which % len(found)]
        decide = {"outgoing_id": row.pk, "by": self.ada, "now": self.now}
        if gives_up:
            actions.give_up(**decide)
        elif place := self.sea.at(str(row.key)):
            actions.settle_found(**decide, remote_id=f"ours-{place}")
        else:
            actions.settle_missing(**decide)

    def _on(self, state: str, which: int, act, but=()) -> None:
        rows = Outgoing.objects.filter(state=state).exclude(pk__in=but).order_by("pk")
        if rows:
            act(outgoing_id=rows[which % len(rows)].pk, by=self.ada, now=self.now)

    # Workers, customers and time

    @rule(fault=FAULTS, before=MEANWHILE, after=MEANWHILE, blind=BLIND)
    def a_worker_sends(self, fault: str, before: list, after: list, blind: str) -> None:
        self.time_passes_until_something_is_to_be_done()
        line = Line(self, fault, "none" if blind == "late" else blind)
        line.before, line.after = before, after
        self._work(work.send_due, line)

    @rule(taken=st.booleans())
    def a_worker_stalls_in_the_middle(self, taken: bool) -> None:
        if row := outbox.start_next(now=self.now):
            if taken:
                self.sea.take(outbox.draft_of(row), str(row.key))
            self.stalled.append((row, taken))

    @rule(which=ANY)
    def it_goes_on_and_tells_what_it_knows(self, which: int) -> None:
        if not self.stalled:
            return
        row, taken = self.stalled.pop(which % len(self.stalled))
        if taken:
            receipt = self.sea.receipt(str(row.key), self.now)
            work._arrived(row, receipt, outbox.UNBILLED, self.clock)
        else:
            with suppress(Overtaken):
                outbox.not_sent(row, why="Unreachable.", again_at=self.now, now=self.now)

    @rule(blind=BLIND)
    def a_worker_looks(self, blind: str) -> None:
        self.time_passes_until_something_is_to_be_done()
        self._work(work.look_for_lost, Line(self, blind=blind))

    def _work(self, loop, line: Line) -> None:
        with suppress(Crash):
            loop(lambda _: line, clock=self.clock, limit=1)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        self.at += seconds

    @rule()
    def time_passes_until_something_is_to_be_done(self) -> None:
        if wake := next_wake():
            self.at = max(self.at, (wake - minutes(10)).total_seconds())

    @rule(really=st.sampled_from([True, False, False, False]))
    def the_customer_deletes_the_post_we_answer(self, really: bool) -> None:
        if really:
            gone = Deletion(remote_id="p0", room=Room.PUBLIC, at=self.now)
            hear(self.account, deletions=(gone,), now=self.now)

    def meanwhile(self, act: str, seconds: float) -> None:
        """What another does while a worker is in the middle of a push."""
        acts = {
            "send": partial(self._work, work.send_due, Line(self)),
            "look": partial(self._work, work.look_for_lost, Line(self)),
            "wait": partial(self.time_passes, seconds=seconds),
            "withdraw": partial(self.withdraw, which=0),
            "decide": partial(self.agent_looks_and_says_how_it_is, which=0, gives_up=False),
        }
        acts[act]()

    # What always holds

    @invariant()
    def the_truth_is_as_it_was_proposed(self) -> None:
        if not hasattr(self, "sea"):
            return
        times = Counter(key for key, _ in self.sea.stands)
        assert max(times.values(), default=1) == 1, "an answer stands twice"
        rows = {str(row.key): row for row in Outgoing.objects.all()}
        for key, draft in self.sea.stands:
            row, to = rows[key], draft.to if draft.room is Room.DIRECT else None
            assert (row.room, row.text) == (draft.room, draft.text), "it stands in another room"
            assert (to, draft.reply_to) == (row.to if to else None, row.reply_to)
        for row in rows.values():
            if row.state == "sent":
                assert times[str(row.key)] == 1, "the desk says sent, and it is not there"
            if row.state in ("withdrawn", "queued") and not self._was_given_up(row):
                taken = times[str(row.key)]
                assert not taken or row.state == "queued", "taken back, and it stands"
        self._nothing_overtook(rows)

    def _nothing_overtook(self, rows: dict[str, Outgoing]) -> None:
        standing = [rows[key] for key, _ in self.sea.stands]
        for before, after in combinations(standing, 2):
            if (before.case_id, before.room) == (after.case_id, after.room):
                assert before.pk < after.pk or self._may_overtake(before, after), "out of order"

    def _may_overtake(self, later: Outgoing, earlier: Outgoing) -> bool:
        """The earlier one had been given up, or refused before the later one was written."""
        moves = Move.objects.filter(kind="outgoing", row=earlier.pk)
        return (
            moves.filter(move="give up").exists()
            or moves.filter(now="failed", at__lt=later.created_at).exists()
        )

    def _was_given_up(self, row: Outgoing) -> bool:
        return Move.objects.filter(kind="outgoing", row=row.pk, move="give up").exists()

    def teardown(self) -> None:
        if not hasattr(self, "cleanup"):
            return
        with self.cleanup:
            self._until_all_is_settled()
            self.the_truth_is_as_it_was_proposed()
            check_tallies()
            check_clocks()

    def _until_all_is_settled(self) -> None:
        """Nothing goes wrong any more: what was sent stands in the desk once, nothing waits."""
        for _ in range(200):
            self.time_passes_until_something_is_to_be_done()
            self.time_passes(1)  # also for what waits behind an answer that was given up
            self._work(work.send_due, Line(self))
            self._work(work.look_for_lost, Line(self))
            self.agent_looks_and_says_how_it_is(which=0, gives_up=False)
            self.agent_decides_on_a_refusal(which=0, act=actions.withdraw)
            under_way = Outgoing.objects.exclude(state__in=["sent", "failed", "withdrawn"])
            if not under_way:
                break
        else:
            raise AssertionError(f"never settled: {under_way.values_list('state', 'trouble')}")
        sent = Counter(Outgoing.objects.filter(state="sent").values_list("text", flat=True))
        assert Counter(Post.objects.filter(origin="desk").values_list("text", flat=True)) == sent


def test_whatever_happens_on_the_way_an_answer_stands_once_in_its_room_and_order() -> None:
    run_state_machine_as_test(
        Outbox,
        settings=settings(max_examples=80, stateful_step_count=40, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
