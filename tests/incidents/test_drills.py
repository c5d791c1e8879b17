"""Drills: one at a time, kept in a row, scored by what truly happened, and silent to the world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

import factories
from outbox import NEWEST
from practice_server import practice_server
from processes import eventually
from river import connected, hear, minutes, says, we_say
from sanderling import drills, wiring
from sanderling.cases.models import Case
from sanderling.cases.work import receive
from sanderling.core.network import Draft, Limits, Page, Receipt, Refused, Room
from sanderling.incidents import drills as rows
from sanderling.incidents.drills import AlreadyRuns, NoSuchDrill
from sanderling.incidents.models import Drill, Incident
from sanderling.listen.models import Account
from sanderling.networks.practice.connector import LIMITS, Practice
from sanderling.networks.practice.hosting import Host
from sanderling.respond.actions import propose
from sanderling.respond.models import Broadcast, Outgoing
from sanderling.respond.work import send_due
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW
HALF_AN_HOUR = timedelta(minutes=30)


def begun(**changes) -> int:
    given = {"scenario": "outage", "title": "An outage", "seed": 3, "lasts": HALF_AN_HOUR,
             "by": None, "now": NOW}  # fmt: skip
    return rows.begin(**{**given, **changes})


def incident(drill: int | None, state: str = "confirmed", **changes) -> Incident:
    given = {"name": "No network", "began_at": NOW, "noticed_at": NOW}
    return Incident.objects.create(state=state, drill_id=drill, **{**given, **changes})


# ── the row ───────────────────────────────────────────────────────────────────────────────────────


def test_one_drill_runs_at_a_time():
    first = begun()
    with pytest.raises(AlreadyRuns):
        begun(scenario="leak")
    assert rows.running().id == first
    assert rows.end(drill_id=first, score=None, by=None, now=NOW)
    assert rows.running() is None
    assert begun(scenario="leak") != first


def test_a_drill_is_ended_once_and_its_incidents_with_it():
    lead = factories.agent(is_lead=True)
    drill = begun(by=lead.pk)
    seen, real = incident(drill, "suspected"), incident(None)
    led = incident(drill)
    assert rows.end(drill_id=drill, score={"began_at": None}, by=lead.pk, now=NOW)
    assert not rows.end(drill_id=drill, score=None, by=None, now=NOW + HALF_AN_HOUR)
    assert rows.drill(drill).score == {"began_at": None}
    states = dict(Incident.objects.values_list("pk", "state"))
    assert states == {seen.pk: "dismissed", led.pk: "over", real.pk: "confirmed"}
    moves = Move.objects.filter(kind="drill", row=drill).values_list("move", "by")
    assert list(moves) == [("begin", lead.pk), ("end", lead.pk)]


def test_there_is_no_drill_of_another_number():
    with pytest.raises(NoSuchDrill):
        rows.drill(9)
    with pytest.raises(NoSuchDrill):
        drills.end(by=None, now=NOW)


# ── the network that plays it ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def host(tmp_path, monkeypatch) -> Iterator[Host]:
    """A practice network beside this desk, in a folder of its own."""
    made = Host(tmp_path / "practice")
    monkeypatch.setattr(wiring, "PRACTICE_HERE", made)
    yield made
    if made._running and made._running.stdin:
        made._running.stdin.close()
        made._running.wait(15)


def hear_all(network: Practice, account: int) -> None:
    page = network.pull(None)
    receive(account_id=account, page=page, now=minutes(0))
    while page.more:
        page = network.pull(page.cursor)
        receive(account_id=account, page=page, now=minutes(0))


def test_a_drill_is_played_heard_and_scored_and_the_network_rests_after_it(host):
    from datetime import UTC, datetime  # noqa: PLC0415  the network lives by the real clock

    def now() -> datetime:
        return datetime.now(UTC)

    drill = drills.begin(scenario="outage", by=None, now=now(), seed=5, speed=2000)
    account = Account.objects.get(network="practice")
    assert host.plays("outage")
    assert eventually(lambda: len(host.touched("outage", rows.running().begun_at)) >= 3)
    network = Practice(account.address, host._card().token)
    hear_all(network, account.pk)
    network.close()
    assert drills.end(by=None, now=now() + timedelta(minutes=1)) == drill
    facts = drills.facts_of(rows.drill(drill))
    assert facts.affected >= 3
    assert facts.mistakes.unanswered == facts.affected
    assert facts.began_at is not None
    assert not host.plays("outage")  # the people stand still
    assert host._begun().speed == 0
    host.rest()  # twice is the same as once


def test_a_drill_that_the_network_cannot_play_has_not_begun(host):
    for wrong in ({"scenario": "ordinary"}, {"scenario": "../outage"}, {"lasts": 0}):
        with pytest.raises(Refused):
            drills.begin(**{"scenario": "outage", "by": None, "now": NOW, **wrong})
    assert not Drill.objects.exists()


def test_a_drill_ends_by_time_and_is_broken_off_where_its_network_is_gone(host):
    gone = begun()
    drills.keep_up(now=NOW, patience_s=0)
    assert rows.drill(gone).ended_at == NOW
    assert drills.facts_of(rows.drill(gone)) is None
    late = begun()
    drills.keep_up(now=NOW + HALF_AN_HOUR)
    assert rows.drill(late).ended_at == NOW + HALF_AN_HOUR
    drills.keep_up(now=NOW)  # nothing runs: nothing to do


def test_the_network_goes_back_to_what_it_played_before(host):
    host.connect("ordinary", speed=3)
    host.play("leak", seed=9)
    host.play("outage", seed=9)  # the one before was never ended
    assert (host._begun().scenario, host._begun().seed) == ("outage", 9)
    host.rest()
    assert host.plays("ordinary")
    assert (host._begun().scenario, host._begun().speed) == ("ordinary", 3)


# ── the facts ─────────────────────────────────────────────────────────────────────────────────────


def test_what_was_done_is_told_as_it_was(tmp_path):
    """Three complain: one is answered twice, one with a private number, and one never."""
    from sanderling.core.drilling import Truth  # noqa: PLC0415  for this test alone
    from sanderling.respond import drilled  # noqa: PLC0415  for this test alone

    ada, account = factories.agent("Ada Lund"), connected()
    for n, who in enumerate(("lena", "omar", "mia")):
        hear(account, says(f"p{n}", "@NorthwindCare no signal in Westmere!", who=who, at=n))
    drill = begun(now=minutes(-1))
    led = incident(drill, noticed_at=minutes(4))
    status = Broadcast.objects.create(
        incident=led, label="seen", text="We see it.", by=ada, at=minutes(11), next_at=minutes(20)
    )
    Outgoing.objects.create(
        broadcast=status, account_id=account, by=ada, state="sent", room="public", to="",
        text="We see it.", key=uuid4(), then="wait", created_at=minutes(11),
        leaves_at=minutes(12), sent_at=minutes(12),
    )  # fmt: skip
    network = Standing(LIMITS)
    hear(account, we_say("own", "omar", "Call 0171 2345678 please.", reply_to="p1", at=10))
    for n, text in enumerate(("We are on it.", "It works again now.")):
        case = Case.objects.get(requester__handle="lena")
        row = propose(
            case_id=case.pk, room=Room.PUBLIC, text=text, reply_to_post=None, then="wait",
            seen=NEWEST, by=ada.pk, now=minutes(9 + n), limits_for=lambda _: LIMITS,
        )  # fmt: skip
        network.at = minutes(10 + n)
        send_due(lambda _: network, clock=lambda n=n: minutes(10 + n))
        assert Outgoing.objects.get(pk=row).state == "sent"
    touched = [
        Truth(who=who, first_at=minutes(n), upset=2, now=now)
        for n, (who, now) in enumerate((("lena", 1), ("omar", 3), ("mia", 3), ("nobody", 0)))
    ]
    facts = drilled.facts(
        drill, account=account, touched=touched, since=minutes(-1), until=minutes(30)
    )
    assert facts.began_at == minutes(0)
    assert facts.noticed_at == minutes(4)
    assert facts.word_at == minutes(12)
    assert facts.affected == 3  # who never wrote to us is not counted
    assert facts.waited == (timedelta(minutes=9), timedelta(minutes=10))
    assert facts.turned == 1
    made = facts.mistakes
    assert (made.private, made.doubled, made.unanswered) == (1, 1, 1)
    assert (made.broken, made.misdirected) == (1, 0)


# ── nothing leaves to a real network ──────────────────────────────────────────────────────────────


class Standing:
    """A network that takes everything, and keeps it."""

    name = "somewhere"

    def __init__(self, limits: Limits) -> None:
        self.limits, self.at = limits, minutes(11)
        self.stands: list[Draft] = []

    def pull(self, since: str | None) -> Page:
        return Page()

    def push(self, draft: Draft, key: str) -> Receipt:
        self.stands.append(draft)
        return Receipt(remote_id=f"ours-{len(self.stands)}", at=self.at)

    def find(self, key: str, draft: Draft) -> Receipt | None:
        return None


REAL = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)


@pytest.mark.parametrize("running", [True, False])
@pytest.mark.parametrize(
    ("limits", "of_drill", "state"),
    [(REAL, True, "failed"), (REAL, False, "sent"), (LIMITS, True, "sent")],
)
def test_an_answer_of_a_drill_never_leaves_to_a_real_network(limits, of_drill, state, running):
    ada, account = factories.agent("Ada Lund"), connected()
    hear(account, says("p1"))
    drill = begun()
    led = incident(drill if of_drill else None)
    Case.objects.update(incident=led)
    propose(
        case_id=Case.objects.get().pk, room=Room.PUBLIC, text="We are on it.", reply_to_post=None,
        then="wait", seen=NEWEST, by=ada.pk, now=minutes(10), limits_for=lambda _: limits,
    )  # fmt: skip
    if not running:
        rows.end(drill_id=drill, score=None, by=None, now=minutes(10))
    network = Standing(limits)
    send_due(lambda _: network, clock=lambda: minutes(11))
    row = Outgoing.objects.get()
    assert row.state == state
    assert len(network.stands) == (state == "sent")
    if state == "failed":
        assert "belongs to a drill" in row.trouble


def test_only_the_practice_network_is_one_to_practise_on(tmp_path):
    with practice_server(tmp_path / "net") as net:
        assert net.connector().limits.practises
    assert not REAL.practises
