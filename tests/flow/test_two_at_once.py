"""Workers and agents at the same time: no deadlock, no doubled case, nothing lost, one winner."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection

from outcome import check_clocks, check_tallies, standing
from river import US, minutes, says, we_say, writes
from sanderling.cases import actions
from sanderling.cases.models import Case, Placement
from sanderling.cases.work import receive
from sanderling.core.network import Author, Deletion, Page, Post, Room, Signal
from sanderling.core.timing import NEVER
from sanderling.listen import actions as listen
from sanderling.listen.models import Post as StoredPost
from sanderling.listen.models import Unfinished
from sanderling.people.models import Agent
from sanderling.store import sql
from sanderling.store.moves import Overtaken

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = Author(id="us2", handle="NorthwindShops")
WHO = ("lena", "omar", "kim")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it in threads with connections of their own, starting together."""
    start = Barrier(len(acts))

    def do(act: Callable[[], object]) -> object:
        with closing(connection):
            connection.ensure_connection()
            start.wait(timeout=10)
            return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [running.result(timeout=60) for running in [threads.submit(do, a) for a in acts]]


def accounts() -> tuple[int, int]:
    now = datetime.now(UTC)
    first, second = (
        listen.connect(network="practice", who=who, address="", secret="", now=now)
        for who in (US, SECOND)
    )
    return first, second


def a_story(chance: random.Random) -> list[Post | Deletion | Signal]:
    """Customers write to both accounts, edit, delete, are liked and answered."""
    events: list[Post | Deletion | Signal] = []
    for n in range(30):
        who, at = chance.choice(WHO), n + chance.random()
        to = chance.choice([("us",), ("us2",), ("us2", "us"), ()])
        post = says(f"p{n}", who=who, at=at, mentions=to)
        events.append(post)
        if chance.random() < 0.4:
            fields = {name: getattr(post, name) for name in Post.__struct_fields__}
            fields |= {"text": "@NorthwindCare still dead", "edited_at": minutes(at + 1)}
            events.append(Post(**fields))
        if chance.random() < 0.2:
            events.append(Deletion(remote_id=f"p{n}", room=Room.PUBLIC, at=minutes(at + 5)))
        if chance.random() < 0.5:
            events.append(we_say(f"a{n}", who, at=at + 2, reply_to=f"p{n}"))
        events += [
            Signal(remote_id=f"p{n}", kind="like", actor=actor, at=minutes(at + 3))
            for actor in WHO if chance.random() < 0.3
        ]  # fmt: skip
    return events


def pages(events: list, chance: random.Random) -> list[Page]:
    """The events in some order, a few a page."""
    chance.shuffle(events)
    return [
        Page(posts=tuple(e for e in some if isinstance(e, Post)),
             deletions=tuple(e for e in some if isinstance(e, Deletion)),
             signals=tuple(e for e in some if isinstance(e, Signal)))
        for some in (events[n : n + 6] for n in range(0, len(events), 6))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rivals", ["one account twice", "two accounts"])
def test_two_who_hear_the_same_story_lose_and_double_nothing(rivals, seed):
    chance = random.Random(seed)
    first, second = accounts()
    events = a_story(chance)
    hearers = (first, first if rivals == "one account twice" else second)

    def hear(account: int, heard: list[Page]) -> None:
        for page in heard:
            receive(account_id=account, page=page, now=minutes(600))

    at_once(*(partial(hear, a, pages(list(events), chance)) for a in hearers))
    assert StoredPost.objects.count() == len({e.remote_id for e in events if isinstance(e, Post)})
    assert not Unfinished.objects.exists()
    check_tallies()
    check_clocks()
    told = standing()
    hear(first, pages(list(events), chance))
    assert standing() == told
    for customer in Placement.objects.values_list("account", "customer").distinct():
        cases = Case.objects.exclude(state="merged").filter(
            account=customer[0], requester=customer[1]
        )
        assert cases.count() <= 1, "one customer's matter became two cases"


def test_messages_to_two_accounts_stay_apart_although_their_ids_are_the_same():
    first, second = accounts()
    at_once(*(
        lambda a=a: receive(account_id=a, page=Page(posts=(writes("1"),)), now=minutes(1))
        for a in (first, second)
    ))  # fmt: skip
    assert set(Case.objects.values_list("account", flat=True)) == {first, second}
    assert StoredPost.objects.count() == 2


def agents(n: int) -> list[int]:
    return [
        Agent.objects.create(email=f"a{i}@northwind.example", name=f"A{i}", initials="AA").pk
        for i in range(n)
    ]


def test_of_agents_who_claim_a_case_at_once_exactly_one_has_it():
    first, _ = accounts()
    receive(account_id=first, page=Page(posts=(says("1"),)), now=minutes(1))
    case = Case.objects.get().pk
    four = agents(4)

    def claim(agent: int) -> int:
        try:
            actions.claim(case_id=case, by=agent, now=minutes(2))
        except (actions.AlreadyTaken, Overtaken):
            return 0
        return agent

    won = [agent for agent in at_once(*(lambda a=a: claim(a) for a in four)) if agent]
    assert won == [Case.objects.get().owner_id]
    check_tallies()


@pytest.mark.parametrize("pause_s", [0, 0.3], ids=["together", "in the middle"])
def test_a_customer_who_writes_while_an_agent_resolves_is_heard_and_the_old_turn_stays_settled(
    pause_s, monkeypatch
):
    first, _ = accounts()
    receive(account_id=first, page=Page(posts=(says("1"),)), now=minutes(1))
    case = Case.objects.get().pk
    (ada,) = agents(1)
    reading, statement = Event(), sql.statement

    def slowly(name: str) -> str:
        if name == "cases/cases_to_tell":  # the posts were read, the case is not yet
            reading.set()
            sleep(pause_s)
        return statement(name)

    monkeypatch.setattr(sql, "statement", slowly)

    def resolve() -> None:
        reading.wait(timeout=10)
        actions.resolve(case_id=case, outcome="solved", by=ada, now=minutes(4))

    again = Page(posts=(says("2", at=3, reply_to="1"),))
    at_once(lambda: receive(account_id=first, page=again, now=minutes(4)), resolve)
    settled = dict(Placement.objects.values_list("post__remote_id", "settled"))
    assert settled["1"], "what the agent resolved waits again"
    known = Case.objects.get()
    assert known.state == ("resolved" if settled["2"] else "open")
    assert known.due_at == (NEVER if settled["2"] else minutes(63)), "the old turn is due again"
    check_tallies()
    check_clocks()
