"""A working day on the practice network: customers come all day, twenty agents answer as they are
wont to, the network errs now and then. In the evening nobody is forgotten, and the books balance.

An hour of the story passes in a moment. To let agents do more, give `Clerk` another way.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outbox import NEWEST
from outcome import check_clocks, check_tallies
from practice_server import Net, practice_server
from sanderling import jobs
from sanderling.bench.outbox import judge
from sanderling.cases import actions as cases
from sanderling.cases.models import Case, Clock, Placement
from sanderling.cases.queries import queue
from sanderling.core.network import Cursor, Page, Room
from sanderling.core.timing import NEVER
from sanderling.listen import work
from sanderling.listen.actions import connect
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.respond.actions import Objections, propose, settle_missing, withdraw
from sanderling.respond.approving import approve
from sanderling.respond.models import Approval, Outgoing
from sanderling.respond.queries import outgoing_of
from sanderling.respond.work import look_for_lost, send_due

pytestmark = pytest.mark.django_db

HOURS, STEPS = 8, 16
A_MINUTE = timedelta(minutes=1)
FAULTS = (
    {}, {}, {"push_cut": 0.3}, {"push_lost": 0.3}, {"push_refused": 0.3}, {"push_failed": 0.3},
    {"repeat": 0.3, "reorder_s": 0.2},
)  # fmt: skip
SOLVED = "Sorry about that! It is fixed now, please restart the phone."
INVITES = "Sorry about that! Please send us a direct message with your number."
HOLDS = "Sorry! We are looking into it and get back to you shortly."
THANKS = "Thank you, glad to hear from you!"


class Day:
    """The desk of that day, and the town outside."""

    def __init__(self, net: Net) -> None:
        self.net, self.chance = net, random.Random(11)
        self.network = net.connector(answer_s=2)
        self.name, self.limits = "practice", self.network.limits
        self.account = connect(network="practice", who=self.network.whoami(), address=net.url,
                               secret=net.token, now=now())  # fmt: skip
        self.clerks = [Clerk(self, number) for number in range(20)]
        self.lead = Agent.objects.create(
            email="lead@northwind.example", name="Lead", initials="LD", is_lead=True
        ).pk
        self.said = 0

    def pull(self, since: Cursor | None) -> Page:
        return self.network.pull(since)

    def hear(self) -> None:
        work.hear(self.account, self, jobs.receive, clock=now)

    def pass_on(self, hours: float) -> None:
        """Customers live through some hours, and the desk hears of it."""
        self.net.faults(**self.chance.choice(FAULTS))
        self.net.advance(hours=hours)
        self.hear()

    def send(self) -> None:
        """The worker's loops until nothing is under way, with a clock that runs ahead of pauses."""
        for ahead in range(0, 400, 2):
            clock = clock_ahead(timedelta(minutes=ahead))
            send_due(lambda _: self.network, clock=clock, limit=500)
            look_for_lost(lambda _: self.network, clock=clock, limit=500)
            if not Outgoing.objects.filter(state__in=["queued", "sending", "unsure"]).exists():
                return
        raise AssertionError("not everything has left")


class Clerk:
    """An agent with habits: `number` says which."""

    def __init__(self, day: Day, number: int) -> None:
        self.day, self.number = day, number
        self.id = Agent.objects.create(
            email=f"agent{number}@northwind.example", name=f"Agent {number}", initials=f"A{number}"
        ).pk
        self.way = (self.solve, self.invite, self.hold, self.answer_and_keep)[number % 4]

    def work(self) -> None:
        """Two of their own, then the next that nobody has."""
        mine = [row.id for row in queue("mine", self.id, None).rows]
        for case_id in mine[:2]:
            self.way(Case.objects.get(pk=case_id))
        free = queue("unassigned", self.id, None).rows
        if free and len(mine) < 3:
            cases.claim(case_id=free[0].id, by=self.id, now=now())

    def go_home(self) -> None:
        """Nothing stays with someone who went home."""
        for row in queue("mine", self.id, None).rows:
            cases.assign(case_id=row.id, to=None, by=self.id, now=now())

    def solve(self, case: Case) -> None:
        self.say(case, THANKS if case.kind == "praise" else SOLVED, then="resolve")

    def invite(self, case: Case) -> None:
        came = Placement.objects.filter(case=case, role="requester", room="direct").exists()
        if came:
            self.say(case, SOLVED, then="resolve", room=Room.DIRECT)
            self.say(case, "Glad that it is sorted. All is solved by message.", then="keep open")
        else:
            self.say(case, INVITES)

    def hold(self, case: Case) -> None:
        told = Outgoing.objects.filter(case=case, then="keep open").exists()
        self.say(case, SOLVED if told else HOLDS, then="resolve" if told else "keep open")

    def answer_and_keep(self, case: Case) -> None:
        self.say(case, SOLVED)

    def say(self, case: Case, text: str, then: str = "wait", room: Room = Room.PUBLIC) -> None:
        """Say it where it can be said; a case that cannot be answered goes back to the others."""
        if outgoing_of(case.pk) and then == "wait":
            return
        wrote = set(Placement.objects.filter(case=case, role="requester").values_list("room"))
        room = Room.DIRECT if ("public",) not in wrote else room
        self.day.said += 1
        try:
            propose(
                case_id=case.pk, room=room, text=f"{text} ({self.day.said})", then=then,
                reply_to_post=None, seen=NEWEST, by=self.id, now=now() - A_MINUTE,
                limits_for=lambda _: self.day.limits,
            )  # fmt: skip
        except Objections:
            cases.assign(case_id=case.pk, to=None, by=self.id, now=now())


def now() -> datetime:
    return datetime.now(UTC)


def clock_ahead(by: timedelta):
    return lambda: now() + by


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Net]:
    with practice_server(tmp_path, "ordinary") as net:
        yield net


def test_a_day_of_twenty_agents_ends_with_nobody_forgotten_and_the_books_balanced(net, tmp_path):
    day = Day(net)
    for step in range(STEPS):
        day.pass_on(HOURS / STEPS)
        for clerk in day.clerks[: 20 if step < STEPS - 3 else 10]:  # half of them go home earlier
            clerk.work()
        if step == STEPS - 3:
            for clerk in day.clerks[10:]:
                clerk.go_home()
        day.send()
        for number in Outgoing.objects.filter(state="failed").values_list("pk", flat=True):
            withdraw(outgoing_id=number, by=day.clerks[0].id, now=now())
        for approval in Approval.objects.filter(decision=""):
            approve(approval_id=approval.pk, by=day.lead, now=now() - A_MINUTE,
                    limits_for=lambda _: day.limits)  # fmt: skip
        for row in Outgoing.objects.filter(state="unsure", wake_at=None):
            with suppress(Objections):
                settle_missing(outgoing_id=row.pk, by=day.clerks[0].id, now=now())
    for clerk in day.clerks:
        clerk.go_home()
    net.faults()
    day.hear()
    day.send()
    day.hear()

    assert day.said > 60, "there was something to do"
    check_tallies()
    check_clocks()
    _nobody_is_forgotten(day)
    _the_books_balance(day, tmp_path / "journal.jsonl")


def _nobody_is_forgotten(day: Day) -> None:
    """Every turn was answered, or waits, or is listed as unanswered where everyone looks."""
    assert set(day.net.posts()) == set(Post.objects.values_list("remote_id", flat=True))
    open_cases = set(Case.objects.filter(state__in=["new", "open"]).values_list("pk", flat=True))
    listed = {row.id for row in everything_in("team")}
    assert open_cases == listed == {row.id for row in everything_in("unassigned")}
    for post in Placement.objects.filter(needs=2, gone=False, role="requester"):
        ours = Placement.objects.filter(case=post.case_id, role="us", ends=True, gone=False)
        answered = ours.filter(at__gte=post.at).exists()
        assert answered or post.settled or post.case_id in listed, f"{post} is forgotten"
    running = Clock.objects.filter(met_at=None, void_at=None, due_at__lt=NEVER)
    promised = running.exclude(kind="follow up").values_list("case_id", flat=True)
    assert set(promised) <= listed, "a clock runs where nobody looks"


def _the_books_balance(day: Day, journal: Path) -> None:
    """What the desk says it sent is what stands on the network, in the network's own journal."""
    told = judge(journal)
    assert told == {"doubled": 0, "lost": 0, "out_of_order": 0, "wrong_room": 0, "unknown": 0}
    sent = Counter(Outgoing.objects.filter(state="sent").values_list("room", flat=True))
    assert sent["public"] > 20
    assert sent["direct"]
    stands = [p for p in day.net.posts().values() if p.author.id == day.net.account_id]
    assert Counter(post.room.value for post in stands) == sent
    assert Counter(post.text for post in stands) == Counter(
        Post.objects.filter(origin="desk").values_list("text", flat=True)
    )
    states = set(Outgoing.objects.values_list("state", flat=True))
    assert states <= {"sent", "withdrawn"}, "something hangs in the air"
    assert Case.objects.filter(state__in=["waiting", "resolved", "closed"]).count() > 20


def everything_in(name: str) -> Iterator:
    """Every row of a queue, page after page."""
    after, more = None, True
    while more:
        page = queue(name, 0, after)
        yield from page.rows
        after, more = page.after, page.after is not None
