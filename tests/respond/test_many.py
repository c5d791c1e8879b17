"""One answer to several customers: each by name, in other words, once, and not in a burst."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from river import connected, hear, minutes, says
from sanderling.cases.models import Case
from sanderling.core.network import Limits, Room
from sanderling.core.wording import Unclear
from sanderling.people.models import Agent
from sanderling.policy.actions import apply
from sanderling.respond.actions import propose, undo
from sanderling.respond.addressing import addressed
from sanderling.respond.interlock import newest_post
from sanderling.respond.many import APART, MOST, Answer, problems, propose_many
from sanderling.respond.models import Approval, Outgoing

NOW = minutes(10)
WHO = ("lena", "omar", "kim", "ines")
TEXT = "[Hello|Hi|Good day] {name}, [we are on it|it is being fixed]."
POLICY = """
name = "Test"
[[goals]]
name = "Everything"
acknowledge = "1h"
[[approvals]]
name = "Money"
when = 'words.contains("refund")'
reason = "Money is promised."
"""

pytestmark = pytest.mark.django_db


def limits(**more) -> Limits:
    given = {"public_length": 280, "direct_length": 1000, "counts": "weighted", "keeps_keys": True}
    return Limits(**given | more)


@pytest.fixture
def account() -> int:
    return connected()


@pytest.fixture
def cases(account) -> list[int]:
    apply(text=POLICY, by=None, note="", now=NOW)
    for n, who in enumerate(WHO):
        hear(account, says(f"{who}-1", who=who, at=n))
    return list(Case.objects.order_by("opened_at").values_list("pk", flat=True))


@pytest.fixture
def ada() -> int:
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk


def tell(cases, by, text=TEXT, room=Room.PUBLIC, **more):
    found = limits(**more.pop("limits", {}))
    given = {
        "token": uuid4(), "seen": {w.case_id: w.newest for w in addressed(cases)}, "now": NOW,
        **more,
    }  # fmt: skip
    answer = Answer(text, room, "wait")
    return propose_many(case_ids=cases, answer=answer, by=by, limits_for=lambda _: found, **given)


def test_each_is_answered_by_name_in_words_of_its_own(cases, ada):
    outcomes = tell(cases, ada)
    assert [o.state for o in outcomes] == ["queued"] * 4
    assert [o.whom.handle for o in outcomes] == list(WHO)
    for outcome in outcomes:
        assert outcome.whom.name in outcome.text
        assert outcome.text.endswith(" ^AB")
    wordings = {o.text.replace(o.whom.name, "") for o in outcomes}
    assert len(wordings) == 4
    assert [o.reply_to for o in Outgoing.objects.order_by("pk")] == [f"{w}-1" for w in WHO]


def test_a_form_that_comes_twice_answers_once_and_says_how_it_went(cases, ada):
    token = uuid4()
    first = tell(cases, ada, token=token)
    again = tell(cases, ada, token=token, now=NOW + timedelta(seconds=3))
    assert Outgoing.objects.count() == 4
    assert [(o.outgoing, o.text) for o in again] == [(o.outgoing, o.text) for o in first]


@pytest.mark.django_db(transaction=True)
def test_a_form_that_comes_twice_at_once_answers_once(cases, ada):
    token, start = uuid4(), Barrier(2)

    def post():
        with closing(connection):
            connection.ensure_connection()
            start.wait(timeout=10)
            return [o.state for o in tell(cases, ada, token=token)]

    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(post) for _ in range(2)]
        assert [f.result(timeout=60) for f in found] == [["queued"] * 4] * 2
    assert Outgoing.objects.count() == 4


def test_they_leave_one_after_the_other_as_fast_as_the_network_lets_us(cases, ada):
    outcomes = tell(cases, ada, limits={"writes_per_hour": 60})
    assert [o.leaves_at - NOW for o in outcomes] == [
        undo() + n * timedelta(minutes=1) for n in range(4)
    ]
    rows = Outgoing.objects.order_by("pk")
    assert [r.wake_at for r in rows] == [o.leaves_at for o in outcomes]


def test_a_second_round_leaves_after_the_first(account, cases, ada):
    first = tell(cases[:2], ada)
    second = tell(cases[2:], ada)
    assert second[0].leaves_at == first[-1].leaves_at + APART


def test_what_speaks_against_one_keeps_back_no_other(account, cases, ada):
    ben = Agent.objects.create(email="b@northwind.example", name="Ben", initials="BC").pk
    propose(case_id=cases[1], room=Room.PUBLIC, text="Hi", reply_to_post=None, then="wait", by=ben,
            seen=newest_post(cases[1]), now=NOW, limits_for=lambda _: limits())  # fmt: skip
    seen = {w.case_id: w.newest for w in addressed(cases)}
    hear(account, says("kim-2", text="@NorthwindCare never mind, it works", who="kim", at=8))
    Case.objects.filter(pk=cases[3]).update(state="resolved")
    outcomes = {o.whom.case_id: o for o in tell(cases, ada, seen=seen)}
    assert [outcomes[c].state for c in cases] == ["queued", *["objection"] * 3]
    assert "Ben's answer" in outcomes[cases[1]].why[0]
    assert "wrote after" in outcomes[cases[2]].why[0]
    assert "resolved already" in outcomes[cases[3]].why[0]


def test_answers_that_need_approval_wait_like_any_other(cases, ada):
    outcomes = tell(cases, ada, text="{name}, [a|the] refund is [coming|on its way].")
    assert [o.state for o in outcomes] == ["held"] * 4
    assert Approval.objects.filter(decision="").count() == 4


def test_looking_first_keeps_nothing_and_tells_the_same(cases, ada):
    token = uuid4()
    looked = tell(cases, ada, token=token, dry=True)
    assert not Outgoing.objects.exists()
    assert Case.objects.filter(owner=None).count() == 4
    done = tell(cases, ada, token=token)
    assert [(o.text, o.state, o.leaves_at) for o in looked] == [
        (o.text, o.state, o.leaves_at) for o in done
    ]


def test_a_customer_with_two_cases_is_answered_in_one(account, cases, ada):
    Case.objects.filter(pk=cases[1]).update(requester=Case.objects.get(pk=cases[0]).requester_id)
    states = [(o.state, o.why) for o in tell(cases[:2], ada)]
    assert states[1] == ("objection", ("This customer is answered in another case already.",))


def test_a_case_that_became_part_of_another_is_that_one(cases, ada):
    Case.objects.filter(pk=cases[0]).update(state="merged", merged_into=cases[1])
    outcomes = tell([cases[0], cases[1]], ada)
    assert [o.whom.case_id for o in outcomes] == [cases[1]]


@pytest.mark.parametrize(
    ("text", "says"), [("Hello all", "put {name}"), ("{nobody}", "no {nobody}"), (" ", "nothing")]
)
def test_a_text_for_many_addresses_each(cases, ada, text, says):
    assert says in " ".join(problems(cases, text))
    with pytest.raises(Unclear):
        tell(cases, ada, text=text)
    assert not Outgoing.objects.exists()


def test_some_are_chosen_and_not_too_many():
    assert "Choose whom" in problems([], TEXT)[0]
    assert "At most 100" in problems(range(MOST + 1), TEXT)[0]
