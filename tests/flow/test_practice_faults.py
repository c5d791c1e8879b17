"""Whatever goes wrong on the way from the network, the desk ends as if nothing had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from django.db import transaction

from outbox import NEWEST
from outcome import check_clocks, check_tallies, standing
from practice_server import Net, practice_server
from sanderling import jobs
from sanderling.cases.models import Case, Placement
from sanderling.core.network import Cursor, Page, Room
from sanderling.listen import work
from sanderling.listen.actions import connect
from sanderling.listen.models import Account, Post
from sanderling.people.models import Agent
from sanderling.respond.actions import propose
from sanderling.respond.models import Outgoing
from sanderling.respond.work import look_for_lost, send_due

pytestmark = pytest.mark.django_db

ON_THE_WAY = {
    "nothing": {},
    "lose": {"lose": 0.4},
    "repeat": {"repeat": 0.6},
    "delay": {"delay_s": 0.4},
    "reorder": {"reorder_s": 0.5},
    "edits before their posts": {"edit_first_s": 3600},
    "throttle": {"throttle_s": 0.3},
    "unreachable": {"unreachable": True},
    "sign-in lost": {"sign_in_lost": True},
}
PUSHES = {
    "taken, then silence": {"push_hang_s": 1},
    "taken, then cut": {"push_cut": 1},
    "taken, then refused": {"push_refused": 1},
    "failed, taken or not": {"push_failed": 1},
    "lost": {"push_lost": 1},
}
EVERYTHING = {"lose": 0.3, "repeat": 0.3, "delay_s": 0.1, "reorder_s": 0.3, "edit_first_s": 0.5,
              "push_cut": 0.4, "push_lost": 0.4}  # fmt: skip
SORRY = "We are sorry, number"


class Polled:
    """The account's connector without its stream, a few events a page."""

    def __init__(self, net: Net) -> None:
        self.real = net.connector(answer_s=0.5)
        self.name, self.limits, self.pull = "practice", self.real.limits, self._pull

    def _pull(self, since: Cursor | None) -> Page:
        return self.real.pull(since)


@pytest.fixture
def net(tmp_path) -> Iterator[Net]:
    with practice_server(tmp_path) as net:
        yield net


def now() -> datetime:
    return datetime.now(UTC)


def connect_to(net: Net) -> int:
    who = net.connector().whoami()
    return connect(network="practice", who=who, address=net.url, secret=net.token, now=now())


def tell(net: Net, person: dict, n: int) -> None:
    """A customer's part: complaint, edit, like, message, deletion, and our answer in the app."""
    who, other = person["handle"], "NorthwindCare"
    first = net.write(who, f"@{other} my phone is daed since monday, number {n}")["id"]
    net.edit(who, first, f"@{other} my phone is dead since monday, number {n}")
    net.like(who, first)
    net.repost(who, first)
    if n % 2:
        net.like(who, first, undone=True)
        answer = net.write(other, f"@{who} {SORRY} {n}", reply_to=first)["id"]
        net.write(who, "still dead, this is a disgrace", reply_to=answer)
    slip = net.write(who, f"@{other} and another thing: the bill is wrong")["id"]
    if n % 3 == 0:
        net.delete(who, slip)
    if person["messages_from"] == "everyone":
        net.write(who, "My number is 555, the phone is dead", to=other)


def desk_of(net: Net) -> dict[str, list]:
    """What a desk comes to that hears the same story whole and in order."""
    with transaction.atomic():
        for model in (Placement, Case, Account):
            assert not model.objects.exists(), "a desk of its own"
        account = connect_to(net)
        for page in net.everything():
            jobs.receive(account, page)
        found = standing()
        transaction.set_rollback(True)
    return found


def check_against(net: Net, heard: dict[str, list], clean: dict[str, list]) -> None:
    """The desk has every post of the network once, in its newest wording, with likes and all."""
    on_network = net.posts()
    in_desk = {remote_id: text for remote_id, text, *_ in heard["posts"]}
    assert len(in_desk) == len(heard["posts"]), "a post stands twice"
    assert in_desk == {name: post.text for name, post in on_network.items()}
    gone = {d.remote_id for page in net.everything() for d in page.deletions}
    assert {p[0] for p in heard["posts"] if p[6] is not None} == gone
    complaints = {
        name for name, post in on_network.items()
        if "dead" in post.text and post.author.id != net.account_id
    }  # fmt: skip
    assert complaints <= {post for case in heard["cases"] for post in case[0]}
    for table, rows in clean.items():
        assert heard[table] == rows, table


@pytest.mark.parametrize("faults", ON_THE_WAY.values(), ids=ON_THE_WAY)
def test_the_desk_ends_as_one_that_heard_the_story_without_faults(net, faults):
    people = net.people()[:3]
    with transaction.atomic():
        account = connect_to(net)
        network = Polled(net)
        net.faults(**faults)
        for n, person in enumerate(people):
            tell(net, person, n)
            work.hear(account, network, jobs.receive, clock=now)
        before = standing()
        net.faults()
        work.hear(account, network, jobs.receive, clock=now)
        work.repair(account, network, jobs.receive, clock=now)
        heard = standing()
        assert (before == heard) == (faults in ({}, ON_THE_WAY["repeat"])), "the fault did nothing"
        check_tallies()
        check_clocks()
        stands_at = Account.objects.get().cursor
        work.hear(account, network, jobs.receive, clock=now)
        work.repair(account, network, jobs.receive, clock=now)
        assert standing() == heard
        assert Account.objects.get().cursor == stands_at
        assert Account.objects.get().trouble == ""
        transaction.set_rollback(True)
    check_against(net, heard, desk_of(net))


def answer_all(net: Net) -> int:
    """An agent answers every case in public, long enough ago that the answers leave now."""
    ada, _ = Agent.objects.get_or_create(
        email="ada@northwind.example", defaults={"name": "Ada", "initials": "AB"}
    )
    limits = net.connector().limits
    cases = list(Case.objects.filter(state__in=["new", "open"]).values_list("pk", flat=True))
    for case in cases:
        propose(case_id=case, room=Room.PUBLIC, text=f"{SORRY} {case}!", reply_to_post=None,
                then="wait", seen=NEWEST, by=ada.pk, now=now() - timedelta(minutes=1),
                limits_for=lambda _: limits)  # fmt: skip
    return len(cases)


def send_all(net: Net) -> None:
    """The worker's loops, with a clock that runs ahead of every pause."""
    network = net.connector(answer_s=0.3)
    for minutes in range(0, 60, 5):

        def clock(ahead: int = minutes) -> datetime:
            return now() + timedelta(minutes=ahead)

        send_due(lambda _: network, clock=clock)
        look_for_lost(lambda _: network, clock=clock)
        if not Outgoing.objects.exclude(state="sent").exists():
            return
        net.faults()
    raise AssertionError("not everything was sent")


@pytest.mark.parametrize("faults", [*PUSHES.values(), EVERYTHING], ids=[*PUSHES, "everything"])
def test_every_answer_stands_once_whatever_goes_wrong_on_the_way(net, faults):
    people = net.people()[:4]
    with transaction.atomic():
        account = connect_to(net)
        network = Polled(net)
        for n, person in enumerate(islice(people, 2)):
            tell(net, person, n)
        work.hear(account, network, jobs.receive, clock=now)
        net.faults(**faults)
        answered = answer_all(net)
        assert answered >= 2
        for n, person in enumerate(people[2:]):
            tell(net, person, n + 2)
            work.hear(account, network, jobs.receive, clock=now)
        send_all(net)
        net.faults()
        work.hear(account, network, jobs.receive, clock=now)
        work.repair(account, network, jobs.receive, clock=now)
        heard = standing()
        check_tallies()
        check_clocks()
        ours = Post.objects.filter(direction="ours", origin="desk").values_list("text", flat=True)
        assert Counter(ours) == Counter(Outgoing.objects.values_list("text", flat=True))
        transaction.set_rollback(True)
    said = Counter(p.text for p in net.posts().values() if p.author.id == net.account_id)
    assert set(said.values()) == {1}, "an answer stands twice"
    assert sum("!" in text for text in said) == answered
    check_against(net, unowned(heard), unowned(desk_of(net)))


def unowned(desk: dict[str, list]) -> dict[str, list]:
    """The desk as it would be if nobody had taken a case."""
    cases = [(posts, "new" if state == "open" else state, *rest)
             for posts, state, *rest in desk["cases"]]  # fmt: skip
    return {**desk, "cases": sorted(cases)}
