"""The company's register is asked what customers pay for, and what it says is promised to them."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from river import connected, hear, minutes, says, we_say
from sanderling import jobs, wiring
from sanderling.cases.entitling import AFTER_FAILURE, AGAIN, ask_register
from sanderling.cases.models import Case, Clock, ClockFact
from sanderling.core.customers import COLUMNS
from sanderling.listen.models import Identity, Person
from sanderling.listen.persons import known, link
from sanderling.networks.register.client import Register
from sanderling.people.models import Team
from sanderling.policy.models import Version
from servers.model import send
from servers.register import CustomerRegister, register

pytestmark = pytest.mark.django_db

PAID = """
name = "Paid"

[plans.gold]
label = "Gold"

[plans.silver]
label = "Silver"

[[goals]]
name = "gold"
when = 'plan == "gold"'
acknowledge = "5m"
answer = "1h"

[[goals]]
name = "everybody"
when = "true"
acknowledge = "30m"
answer = "2h"
solve = "1d"

[[routes]]
name = "gold"
when = 'plan == "gold"'
team = "Gold desk"

[[routes]]
name = "everybody"
when = "true"
team = "Everybody"
"""
GOLD = {"plan": "gold"}
DAY = 24 * 60


@pytest.fixture
def account() -> int:
    Team.objects.create(name="Gold desk")
    Team.objects.create(name="Everybody")
    Version.objects.create(text=PAID, at=minutes(0))
    return connected()


@pytest.fixture(scope="module")
def server() -> Iterator[CustomerRegister]:
    with register() as running:
        yield running


@pytest.fixture
def crm(server) -> CustomerRegister:
    server.asked.clear()
    server.says()
    return server


@pytest.fixture
def desk(crm) -> Iterator[Register]:
    with closing(Register(crm.url)) as made:
        yield made


def clocks(who: str = "lena") -> dict[str, tuple[object, str]]:
    rows = Clock.objects.filter(case__requester__handle=who)
    return {c.kind: (c.due_at, c.rule) for c in rows}


def plans() -> dict[str, str]:
    return dict(Identity.objects.values_list("handle", "person__plan"))


def asked_at(who: str = "lena"):
    return Identity.objects.get(handle=who).ask_at


# What the answer changes


def test_the_clock_of_an_open_case_becomes_that_of_the_plan(account, crm, desk):
    hear(account, says("1"), now=minutes(1))
    assert clocks()["acknowledge"] == (minutes(30), "everybody")
    crm.knows(practice={"lena": {**GOLD, "reference": "C-7", "name": "Lena Ott"}})
    assert ask_register(desk, now=minutes(2)) == 1
    assert clocks() == {
        "acknowledge": (minutes(5), "gold"),
        "answer": (minutes(60), "gold"),
        "solve": (minutes(DAY), "everybody"),
    }
    case = Case.objects.get()
    assert (case.due_at, case.team.name, case.state) == (minutes(5), "Gold desk", "new")
    facts = ClockFact.objects.values_list("kind", "fact")
    assert set(facts) == {("acknowledge", "promised anew"), ("answer", "promised anew")}
    person = known(case.requester_id, minutes(2))
    assert (person.plan, person.reference, person.source) == ("gold", "C-7", "127.0.0.1")
    assert [i.why for i in person.identities] == ["Told by 127.0.0.1"]


def test_who_is_not_in_the_answer_stays_as_they_are(account, crm, desk):
    hear(account, says("1"), says("2", who="omar"), now=minutes(1))
    crm.knows(practice={"omar": GOLD})
    ask_register(desk, now=minutes(2))
    assert plans() == {"lena": None, "omar": "gold"}
    assert clocks()["acknowledge"] == (minutes(30), "everybody")
    assert asked_at("lena") == minutes(2) + AGAIN


def test_an_empty_plan_ends_it_and_no_plan_at_all_leaves_it(account, crm, desk):
    hear(account, says("1"), says("2", who="omar"), now=minutes(1))
    crm.knows(practice={"lena": GOLD, "omar": GOLD})
    ask_register(desk, now=minutes(2))
    crm.knows(practice={"lena": {"plan": None}, "omar": {"name": "Omar Diaz"}})
    ask_register(desk, now=minutes(2 + DAY))
    assert plans() == {"lena": "", "omar": "gold"}
    assert Person.objects.filter(name="Omar Diaz").exists()


@pytest.mark.parametrize("later", ["", "silver"])
def test_what_was_promised_is_not_loosened_by_a_plan_that_ends(account, crm, desk, later):
    hear(account, says("1"), now=minutes(1))
    crm.knows(practice={"lena": GOLD})
    ask_register(desk, now=minutes(2))
    before = clocks()
    crm.knows(practice={"lena": {"plan": later}})
    ask_register(desk, now=minutes(2 + DAY))
    assert plans() == {"lena": later}
    assert clocks() == before


def test_what_was_answered_or_is_over_is_left_alone(account, crm, desk):
    hear(account, says("1"), we_say("2", at=3, reply_to="1"), now=minutes(4))
    before = clocks()
    crm.knows(practice={"lena": GOLD})
    ask_register(desk, now=minutes(5))
    assert clocks() == before
    assert Case.objects.get().state == "waiting"


def test_all_that_a_person_is_gains_by_what_one_identity_is_told(account, crm, desk):
    hear(account, says("1"), says("2", who="lena.two"), now=minutes(1))
    ids = dict(Identity.objects.values_list("handle", "pk"))
    ada = factories.agent("Ada Lund").pk
    link(identity_id=ids["lena"], other_id=ids["lena.two"], why="Same", by=ada, now=minutes(1))
    crm.knows(practice={"lena": GOLD})
    ask_register(desk, now=minutes(2))
    assert clocks("lena.two")["acknowledge"] == (minutes(5), "gold")


def test_a_letter_is_asked_about_by_its_address(crm, desk):
    account = factories.account(network="mail")
    customer = factories.identity("Per", network="mail", remote_id="Per@Fjord.example", handle="")
    factories.case(account, customer)
    crm.says({"network": "mail", "email": "per@fjord.example", **GOLD})
    assert ask_register(desk, now=factories.NOW) == 1
    assert crm.asked[0][1]["customers"] == [
        {"network": "mail", "handle": "", "email": "Per@Fjord.example"}
    ]
    assert known(customer.pk, factories.NOW).plan == "gold"


def test_strangers_nobody_asked_about_are_not_taken_in(account, crm, desk):
    hear(account, says("1"), says("2", "nice weather", who="omar", mentions=()), now=minutes(1))
    crm.says(
        {"network": "practice", "handle": "omar", "plan": "gold"},
        {"network": "practice", "handle": "lena", "plan": "silver"},
        {"reference": "C-1", "name": "Nobody", "plan": "gold"},
    )
    ask_register(desk, now=minutes(2))
    assert list(Person.objects.values_list("plan", flat=True)) == ["silver"]


def test_one_entry_that_conflicts_does_not_stop_the_others(account, crm, desk, caplog):
    hear(account, says("1"), says("2", who="omar"), now=minutes(1))
    lena, omar = (Identity.objects.get(handle=who).pk for who in ("lena", "omar"))
    other = factories.identity("Lena at work").pk
    ada = factories.agent("Ada Lund").pk
    link(identity_id=lena, other_id=other, why="Same", by=ada, now=minutes(1))
    Person.objects.create(name="Somebody else", reference="C-9")
    crm.knows(practice={"lena": {"reference": "C-9", **GOLD}, "omar": GOLD})
    assert ask_register(desk, now=minutes(2)) == 2
    assert known(lena, minutes(2)).plan == ""
    assert known(omar, minutes(2)).plan == "gold"
    assert "somebody else's at this desk" in caplog.text


# When it is asked


def test_everybody_is_asked_about_once_a_day_while_their_case_is_open(account, crm, desk):
    hear(account, says("1"), says("2", who="omar", at=1), now=minutes(2))
    assert ask_register(desk, now=minutes(3)) == 2
    assert ask_register(desk, now=minutes(3 + DAY) - timedelta(seconds=1)) == 0
    Case.objects.filter(requester__handle="omar").update(state="resolved")
    assert ask_register(desk, now=minutes(3 + DAY)) == 1
    assert crm.questions() == [["lena", "omar"], ["lena"]]


def test_the_oldest_case_comes_first_and_a_question_is_bounded(account, crm, desk):
    hear(account, *(says(f"{n}", who=f"c{n}", at=9 - n) for n in range(9)), now=minutes(10))
    assert [ask_register(desk, now=minutes(11), limit=4) for _ in range(4)] == [4, 4, 1, 0]
    assert {len(q) for q in crm.questions()} == {1, 4}
    assert set(crm.questions()[0]) == {"c8", "c7", "c6", "c5"}


def test_snoozed_and_waiting_cases_are_open_and_ended_ones_are_not(crm, desk):
    account = factories.account()
    for state, more in (
        ("waiting", {}), ("open", {"snoozed": True, "wake_at": minutes(0)}), ("open", {}),
        ("resolved", {}), ("closed", {}), ("withdrawn", {}), ("merged", {}),
    ):  # fmt: skip
        factories.case(account, factories.identity(f"{state}"), state=state, **more)
    assert ask_register(desk, now=factories.NOW) == 3
    asked = Case.objects.filter(requester__ask_at__isnull=False)
    assert {(c.state, c.snoozed) for c in asked} == {
        ("waiting", False), ("open", True), ("open", False)
    }  # fmt: skip


def test_without_a_register_nothing_is_asked_and_nobody_claimed(account, settings):
    hear(account, says("1"), now=minutes(1))
    settings.CUSTOMERS_URL = ""
    loop = next(loop for loop in jobs.LOOPS if loop.name == "entitlement")
    loop.do()
    assert asked_at() is None


def test_the_worker_asks_the_register_that_is_set(account, crm, settings):
    hear(account, says("1"), now=minutes(1))
    settings.CUSTOMERS_URL, settings.CUSTOMERS_KEY = crm.url, "s3cret"
    crm.knows(practice={"lena": GOLD})
    next(loop for loop in jobs.LOOPS if loop.name == "entitlement").do()
    assert plans() == {"lena": "gold"}
    assert crm.asked[0][0]["authorization"] == "Bearer s3cret"
    assert wiring.register() is wiring.register()


# When it fails


@pytest.mark.parametrize(
    ("held", "status"),
    [(b"", 500), (b"", 401), (b"{", 200), (b'{"customers": "' + b"x" * 10_000_000, 200)],
    ids=["500", "401", "nonsense", "10 MB"],
)
def test_a_failure_is_said_once_and_asked_again_in_a_minute(
    account, crm, desk, caplog, held, status
):
    hear(account, says("1"), now=minutes(1))
    crm.answers(held, status)
    assert ask_register(desk, now=minutes(2)) == 0
    warnings = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert [r.name for r in warnings] == ["sanderling.cases.entitling"]
    assert "lena" not in caplog.text
    assert asked_at() == minutes(2) + AFTER_FAILURE
    assert ask_register(desk, now=minutes(2.5)) == 0
    assert len(crm.asked) == 1
    crm.knows(practice={"lena": GOLD})
    assert ask_register(desk, now=minutes(3)) == 1
    assert clocks()["acknowledge"] == (minutes(5), "gold")


def test_a_failure_blocks_nobody_who_is_asked_about_later(account, crm, desk):
    hear(account, says("1"), says("2", who="omar", at=1), now=minutes(2))
    crm.answers(b"", 500)
    ask_register(desk, now=minutes(3), limit=1)
    crm.knows(practice={"omar": GOLD})
    assert ask_register(desk, now=minutes(3), limit=1) == 1
    assert plans() == {"lena": None, "omar": "gold"}


def test_a_register_that_wants_patience_is_left_in_peace(account, crm, desk):
    hear(account, says("1"), says("2", who="omar", at=1), now=minutes(2))

    def reply(request, body):
        request.send_response(429)
        request.send_header("Retry-After", "3600")
        request.send_header("Content-Length", "0")
        request.end_headers()

    crm.reply = reply
    now = jobs.now()
    assert ask_register(desk, now=now, limit=1) == 0
    for who in ("lena", "omar"):
        assert timedelta(minutes=59) < asked_at(who) - now < timedelta(minutes=61)
    assert ask_register(desk, now=now + timedelta(minutes=2)) == 0
    assert len(crm.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_pages_go_on_while_the_register_thinks_and_two_workers_ask_once(account, crm, desk):
    hear(account, says("1"), now=minutes(1))
    asked, go_on = threading.Event(), threading.Event()

    def reply(request, body):
        asked.set()
        go_on.wait(20)
        send(request, 200, json.dumps({"customers": [
            {"network": "practice", "handle": "lena", "plan": "gold"}]}).encode())  # fmt: skip

    def ask() -> int:
        with closing(connection):
            return ask_register(desk, now=minutes(2))

    crm.reply = reply
    with ThreadPoolExecutor(2) as workers:
        first = workers.submit(ask)
        assert asked.wait(20)
        assert workers.submit(ask).result(20) == 0
        hear(account, says("2", "and it is urgent, please hurry", at=2), now=minutes(2))
        go_on.set()
        assert first.result(20) == 1
    assert len(crm.asked) == 1
    assert clocks()["acknowledge"] == (minutes(5), "gold")


FIELD = st.sampled_from(["practice", "lena", "gold", "", "C-9", "lena@x.example", "2027-01-01"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**63) | st.text(max_size=8) | FIELD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(COLUMNS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=10,
)
LENA = st.builds(
    lambda more: {"network": "practice", "handle": "lena", **more},
    st.dictionaries(st.sampled_from(COLUMNS), FIELD | st.text(max_size=8), max_size=5),
)
ANSWER = ANYTHING | st.builds(lambda c: {"customers": c}, st.lists(LENA | ANYTHING, max_size=4))


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(ANSWER)
def test_whatever_it_answers_nothing_raises_and_everybody_is_asked_again(
    account, crm, desk, answer
):
    hear(account, says("1"), now=minutes(1))
    Identity.objects.update(ask_at=None)
    crm.answers(json.dumps(answer).encode())
    before = clocks()
    ask_register(desk, now=minutes(2))
    assert asked_at() in (minutes(2) + AFTER_FAILURE, minutes(2) + AGAIN)
    assert all(clocks()[kind][0] <= due for kind, (due, _) in before.items())
