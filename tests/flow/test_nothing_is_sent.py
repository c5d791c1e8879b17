"""Internal acts stay inside: none of them sends a post, changes one, or touches a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import factories
from outcome import check_tallies
from sanderling.cases import actions, asking, linking, noting, praising, promising
from sanderling.cases.models import Clock, ClockFact, Placement
from sanderling.listen.models import Post, PostVersion
from sanderling.respond.models import Draft, Outgoing

pytestmark = pytest.mark.django_db
NOW = factories.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    """Two cases with running clocks, and two agents."""
    account = factories.account()
    ada, ben = factories.agent("Ada Lund"), factories.agent("Ben Oduya")
    cases = [
        factories.case(account, factories.identity(n), owner=ada, state="open", due_at=NOW + HOUR)
        for n in ("Jo Veld", "Lena Ott")
    ]
    return cases, ada, ben


def outside() -> list[object]:
    """All that customers see or are promised, row by row."""
    tables = (Outgoing, Post, PostVersion, Placement, Clock, ClockFact, Draft)
    return [sorted(map(repr, t.objects.values_list())) for t in tables]


def acts(cases, ada, ben) -> list[Callable[[], object]]:
    """Every internal act, in an order in which each has something to do."""
    case, other = (c.pk for c in cases)
    by, now = ada.pk, NOW
    made: dict[str, int] = {}

    def ask(name: str) -> None:
        made[name] = asking.ask(
            case_id=case, to=ben.pk, question="Why?", remind=4 * HOUR, by=by, now=now
        )

    def promise(name: str) -> None:
        made[name] = promising.keep(
            case_id=case, text="We call.", due=now + 2 * HOUR, by=by, now=now
        )

    return [
        lambda: actions.write_note(case_id=case, text="@Ben look", by=by, now=now),
        lambda: noting.seen(case_ids=[case], by=ben.pk, now=now),
        lambda: ask("first"),
        lambda: asking.answer(ask_id=made["first"], text="So.", by=ben.pk, now=now),
        lambda: ask("second"),
        lambda: asking.remind_due(every=4 * HOUR, now=now + 4 * HOUR),
        lambda: asking.withdraw(ask_id=made["second"], by=by, now=now),
        lambda: asking.wait_on_third_party(
            case_id=case, whom="the courier", until=now + HOUR, by=by, now=now
        ),
        lambda: actions.wake(case_id=case, by=by, now=now),
        lambda: actions.snooze(case_id=case, until=now + HOUR, by=by, now=now),
        lambda: promise("kept"),
        lambda: promising.kept(promise_id=made["kept"], by=by, now=now),
        lambda: promise("dropped"),
        lambda: promising.warn_due(ahead=3 * HOUR, now=now),
        lambda: promising.drop(promise_id=made["dropped"], why="done", by=by, now=now),
        lambda: linking.link(one=case, other=other, why="one bill", by=by, now=now),
        lambda: linking.unlink(one=other, other=case, by=by, now=now),
        lambda: praising.consent(case_id=case, said="quote asked", by=by, now=now),
        lambda: praising.consent(case_id=case, said="quote allowed", by=by, now=now),
        lambda: praising.liked(case_id=case, by=by, now=now),
        lambda: actions.assign(case_id=case, to=ben.pk, by=by, now=now),
    ]


def test_no_internal_act_sends_a_post_or_changes_one_or_touches_a_clock(desk):
    before = outside()
    for n, act in enumerate(acts(*desk)):
        act()
        assert outside() == before, f"act {n} was seen outside"
    check_tallies()


def test_what_is_watched_is_everything_a_customer_could_notice(desk):
    (case, _), ada, _ = desk
    before = outside()
    actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=NOW)
    assert outside() != before, "the end of a case stops its clocks, and that is seen here"
