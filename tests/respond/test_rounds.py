"""Everybody whom an incident touches is told once, in turn, and nobody whom a person talks to."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from random import Random
from threading import Barrier

import msgspec
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from river import connected, hear, minutes, says
from sanderling.cases.actions import claim
from sanderling.cases.models import Case, Clock
from sanderling.cases.presence import here
from sanderling.core.lifecycle import Impossible
from sanderling.core.network import (
    Deletion,
    Draft,
    Limits,
    OutcomeUnknown,
    Page,
    Receipt,
    Refused,
    Room,
    Throttled,
)
from sanderling.core.pacing import WINDOW
from sanderling.core.pricing import Act, Prices
from sanderling.core.wording import Unclear
from sanderling.incidents.actions import merge, move, open_incident, put_in
from sanderling.listen.models import Account, Identity, Person, Post
from sanderling.people.models import Agent
from sanderling.policy.actions import apply
from sanderling.respond.actions import propose, save_draft, withdraw
from sanderling.respond.approving import NotYours
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Draft as Typed
from sanderling.respond.models import Outgoing, Recipient, Round
from sanderling.respond.progress import (
    forecast,
    languages,
    latest,
    listed,
    problems,
    samples,
)
from sanderling.respond.rounding import MOST_AHEAD, go_on, meet_newcomers
from sanderling.respond.rounds import (
    NotReady,
    answer_all_the_same,
    approve,
    begin,
    change_pace,
    hold,
    prepare,
    resume,
    send_back,
    stop,
)
from sanderling.respond.work import look_for_lost, send_due
from sanderling.triage.models import Verdict

pytestmark = pytest.mark.django_db

NOW = minutes(30)
TEXT = "[Hello|Hi|Good day] {name}, [we see the outage|we know that it is down] [and mend it|now]."
WHO = ("lena", "omar", "kim", "ines", "ravi")
POLICY = """
name = "Test"
[[goals]]
name = "Everything"
acknowledge = "1h"
answer = "4h"
[incidents]
per_hour = 60
keep_free = 40
"""


class Reef:
    """A network that keeps what is pushed by its key, and errs as a test tells it."""

    name = "practice"

    def __init__(self, **limits) -> None:
        given = {"public_length": 280, "direct_length": 1000, "counts": "weighted",
                 "keeps_keys": True, "writes_per_hour": 120}  # fmt: skip
        self.limits = Limits(**given | limits)
        self.now = NOW
        self.stands: dict[str, tuple[Draft, datetime]] = {}
        self.before: list[Exception | None] = []
        self.after: list[Exception | None] = []

    def pull(self, since: str | None) -> Page:
        return Page()

    def push(self, draft: Draft, key: str) -> Receipt:
        if self.before and (error := self.before.pop(0)):
            raise error
        self.stands.setdefault(key, (draft, self.now))
        if self.after and (error := self.after.pop(0)):
            raise error
        return self.find(key, draft)

    def find(self, key: str, draft: Draft) -> Receipt | None:
        if key not in self.stands:
            return None
        number = list(self.stands).index(key) + 1
        return Receipt(remote_id=f"ours-{number}", at=self.stands[key][1])

    def told(self) -> Counter[str]:
        """How often each customer's post was answered."""
        return Counter(str(draft.reply_to) for draft, _ in self.stands.values())


@pytest.fixture
def reef() -> Reef:
    return Reef()


@pytest.fixture
def ada() -> int:
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk


@pytest.fixture
def ben() -> int:
    return Agent.objects.create(
        email="b@northwind.example", name="Ben", initials="BC", is_lead=True
    ).pk


@pytest.fixture
def account() -> int:
    apply(text=POLICY, by=None, note="", now=minutes(0))
    return connected()


@pytest.fixture
def outage(account, ada) -> int:
    return open_incident(name="Outage in the west", by=ada, now=minutes(20))


def touched(account: int, outage: int, ada: int, *who: str, at: float = 1, **more) -> None:
    """These people write about the outage."""
    posts = [
        says(
            f"{name}-{at:g}",
            **{"who": name, "at": at + n / 100, "text": complaint(n, name), **more},
        )
        for n, name in enumerate(who)
    ]
    hear(account, *posts, now=minutes(at + 5))
    found = [number(post.remote_id) for post in posts]
    put_in(incident_id=outage, posts=found, how="agent", by=ada, now=NOW)


def complaint(n: int, name: str) -> str:
    """In words that nobody else writes: who copies another is not answered."""
    chance = Random(name)
    own = " ".join("".join(chance.choices("abcdefghilmnoprstu", k=7)) for _ in range(12))
    return f"@NorthwindCare {COMPLAINTS[n % len(COMPLAINTS)]} {own}"


COMPLAINTS = (
    "my phone is dead since this morning, please help me, I cannot call anybody",
    "no signal at all here, what is wrong with your network?",
    "the card terminal in our bakery does not connect, when does it work again?",
    "why can I not send messages? Third day in a row that something is broken",
    "mobile data is down in the whole street, fix this please",
)


@pytest.fixture
def crowd(account, outage, ada) -> None:
    touched(account, outage, ada, *WHO)


def number(remote_id: str) -> int:
    return Post.objects.get(remote_id=remote_id).pk


def ready(outage: int, ada: int, reef: Reef, kind: str = "acknowledge", **more) -> int:
    given = {"text": TEXT, "now": reef.now, **more}
    return prepare(incident_id=outage, kind=kind, by=ada, limits_for=lambda _: reef.limits, **given)


def start(outage: int, ada: int, reef: Reef, **more) -> int:
    round_id = ready(outage, ada, reef, **more)
    begin(round_id=round_id, by=ada, now=reef.now, limits_for=lambda _: reef.limits)
    return round_id


def tick(reef: Reef) -> None:
    """The worker does once what it does all the time."""
    go_on(limits_for=lambda _: reef.limits, clock=lambda: reef.now)
    send_due(lambda _: reef, clock=lambda: reef.now)
    look_for_lost(lambda _: reef, clock=lambda: reef.now)


def work(reef: Reef, minutes_long: float, step: float = 0.25) -> None:
    end = reef.now + timedelta(minutes=minutes_long)
    while reef.now < end:
        tick(reef)
        reef.now += timedelta(minutes=step)
    tick(reef)


def state_of(handle: str, kind: str = "acknowledge") -> tuple[str, str]:
    row = Recipient.objects.get(kind=kind, post__author__handle=handle)
    return row.state, row.reason


def fullest_hour(reef: Reef) -> int:
    times = [at for _, at in reef.stands.values()]
    return max(sum(end - WINDOW < at <= end for at in times) for end in times)


# ── everybody, once ──────────────────────────────────────────────────────────────────────────────


def test_each_is_told_on_their_own_post_by_name_in_other_words(crowd, outage, ada, reef):
    start(outage, ada, reef)
    work(reef, 10)
    assert reef.told() == Counter({f"{who}-1": 1 for who in WHO})
    texts = {draft.reply_to: draft.text for draft, _ in reef.stands.values()}
    assert all(who.title() in texts[f"{who}-1"] for who in WHO)
    assert len({texts[f"{who}-1"].replace(who.title(), "") for who in WHO}) == len(WHO)
    assert latest(outage, "acknowledge").told == len(WHO)


def test_it_acknowledges_and_leaves_the_case_to_whoever_takes_it(crowd, outage, ada, reef):
    start(outage, ada, reef)
    work(reef, 10)
    assert set(Case.objects.values_list("state", "owner")) == {("new", None)}
    clocks = Clock.objects.values_list("kind", "met_at")
    assert all((met is not None) == (kind == "acknowledge") for kind, met in clocks)


def test_nobody_is_told_twice_however_much_they_wrote(account, crowd, outage, ada, reef):
    touched(account, outage, ada, "lena", "omar", at=8)
    start(outage, ada, reef)
    work(reef, 5)
    touched(account, outage, ada, "lena", at=12)
    meet_newcomers(limits_for=lambda _: reef.limits, now=reef.now)
    work(reef, 10)
    assert sum(reef.told().values()) == len(WHO)
    again = start(outage, ada, reef) if stop_all(outage, ada, reef) else 0
    assert not again


def stop_all(outage: int, ada: int, reef: Reef) -> bool:
    """End the round; whether another one could begin."""
    stop(round_id=latest(outage, "acknowledge").id, by=ada, now=reef.now)
    with pytest.raises(NotReady, match="Nobody is left"):
        start(outage, ada, reef)
    return False


def test_linked_identities_are_one_person(account, crowd, outage, ada, reef):
    one = Person.objects.create(name="Lena Veld")
    Identity.objects.filter(handle__in=["lena", "kim"]).update(person=one)
    start(outage, ada, reef)
    work(reef, 10)
    assert sum(reef.told().values()) == len(WHO) - 1


def test_an_identity_that_is_linked_later_is_not_told_again(account, outage, ada, reef):
    touched(account, outage, ada, "lena", "omar")
    start(outage, ada, reef)
    work(reef, 5)
    touched(account, outage, ada, "aaron", at=9)
    one = Person.objects.create(name="Lena Veld")
    Identity.objects.filter(handle="lena").update(person=one)
    meet_newcomers(limits_for=lambda _: reef.limits, now=reef.now)
    Identity.objects.filter(handle="aaron").update(person=one)
    work(reef, 5)
    assert state_of("aaron") == ("set aside", "told")
    assert sum(reef.told().values()) == 2


def test_whoever_was_told_in_an_incident_that_became_part_of_this_one_is_not_told_again(
    account, crowd, outage, ada, reef
):
    start(outage, ada, reef)
    work(reef, 10)
    other = open_incident(name="Calls drop", by=ada, now=reef.now)
    touched(account, other, ada, "noor", at=9)
    merge(incident_id=outage, into=other, by=ada, now=reef.now)
    tick(reef)
    assert Round.objects.get().state == "stopped"
    start(other, ada, reef)
    work(reef, 10)
    assert sum(reef.told().values()) == len(WHO) + 1


def test_the_most_urgent_come_first(account, crowd, outage, ada, reef):
    Case.objects.filter(requester__handle="ravi").update(urgency=3)
    start(outage, ada, reef)
    work(reef, 0.5)
    assert list(reef.told()) == ["ravi-1"]


# ── whom it leaves to people ─────────────────────────────────────────────────────────────────────


def case_of(handle: str) -> int:
    return Case.objects.get(requester__handle=handle).pk


def test_whoever_an_agent_talks_to_hears_nothing_of_it(crowd, outage, ada, ben, reef):
    save_draft(case_id=case_of("lena"), agent_id=ben, room="public", text="Dear L", now=NOW)
    here(case_id=case_of("omar"), agent_id=ben, doing="public", now=NOW)
    propose(case_id=case_of("kim"), room=Room.PUBLIC, text="I look into it.", reply_to_post=None,
            then="wait", seen=newest_post(case_of("kim")), by=ben, now=NOW,
            limits_for=lambda _: reef.limits)  # fmt: skip
    start(outage, ada, reef)
    found = {who: state_of(who) for who in WHO[:3]}
    assert found == dict.fromkeys(WHO[:3], ("set aside", "talking"))
    why = {one.handle: one.why for one in listed(outage, "acknowledge", "aside")}
    assert why["lena"] == "Ben is writing to them."
    work(reef, 10)
    assert {draft.text for draft, _ in reef.stands.values() if "kim" in str(draft.reply_to)} == {
        "I look into it. ^BC"
    }
    assert sum(reef.told().values()) == 3


def test_whoever_begins_to_write_while_the_round_runs_goes_before_it(crowd, outage, ada, ben, reef):
    start(outage, ada, reef)
    work(reef, 0.5)
    save_draft(case_id=case_of("ravi"), agent_id=ben, room="public", text="Dear R", now=reef.now)
    work(reef, 10)
    assert state_of("ravi") == ("set aside", "talking")
    assert sum(reef.told().values()) == len(WHO) - 1


def test_whoever_was_answered_by_a_person_is_not_acknowledged(crowd, outage, ada, ben, reef):
    propose(case_id=case_of("kim"), room=Room.PUBLIC, text="I look into it.", reply_to_post=None,
            then="wait", seen=newest_post(case_of("kim")), by=ben, now=NOW,
            limits_for=lambda _: reef.limits)  # fmt: skip
    work(reef, 1)
    start(outage, ada, reef)
    assert state_of("kim") == ("set aside", "answered")


def test_copies_and_posts_at_rest_are_set_aside_until_somebody_decides(
    account, crowd, outage, ada, reef
):
    from sanderling.incidents.models import Member  # noqa: PLC0415  only here, to make a copy

    calm = {"text": "Sunny today at the harbour", "mentions": ()}
    touched(account, outage, ada, "noor", at=3, **calm)
    touched(account, outage, ada, "olga", at=3, **calm)
    Member.objects.filter(post__author__handle="olga").update(copy=True)
    start(outage, ada, reef)
    assert state_of("olga") == ("set aside", "copy")
    assert state_of("noor") == ("set aside", "no case")
    for who in ("olga", "noor"):
        one = Recipient.objects.get(post__author__handle=who)
        answer_all_the_same(recipient_id=one.pk, by=ada, now=reef.now)
    work(reef, 10)
    assert {"olga-3", "noor-3"} <= set(reef.told())


def test_where_the_network_lets_us_not_it_says_why(account, crowd, outage, ada):
    reef = Reef(replies="summoned")
    Post.objects.filter(remote_id="kim-1").update(to_us=False)
    Post.objects.filter(remote_id="ines-1").update(closed=True)
    start(outage, ada, reef)
    people = {one.handle: one for one in listed(outage, "acknowledge", "person")}
    assert set(people) == {"kim", "ines"}
    assert "did not mention or quote @NorthwindCare" in people["kim"].why
    one = people["kim"]
    with pytest.raises(Impossible):
        answer_all_the_same(recipient_id=one.id, by=ada, now=NOW)


def test_press_law_and_what_the_policy_wants_read_need_a_person(account, crowd, outage, ada, reef):
    rule = '[[approvals]]\nname = "Many"\nwhen = "followers >= 5000"\nreason = "Many read it."\n'
    apply(text=POLICY + rule, by=None, note="", now=minutes(1))
    from sanderling.triage.models import Verdict  # noqa: PLC0415  only here, to flag a post

    Verdict.objects.filter(post=number("kim-1")).update(flags=["press"])
    Identity.objects.filter(handle="ravi").update(followers=8_000)
    start(outage, ada, reef)
    assert state_of("kim") == ("set aside", "care")
    assert state_of("ravi") == ("set aside", "approval")
    assert latest(outage, "acknowledge").person == 2


def test_a_drill_answers_only_on_the_practice_network(account, outage, ada, reef, crowd):
    from sanderling.incidents.models import Drill, Incident  # noqa: PLC0415  only here

    drill = Drill.objects.create(
        scenario="outage", title="Outage", seed=1, begun_at=NOW, ends_at=NOW + timedelta(hours=1)
    )
    Incident.objects.filter(pk=outage).update(drill=drill)
    ready(outage, ada, reef)
    assert state_of("kim") == ("set aside", "drill")
    Recipient.objects.all().delete()
    Round.objects.all().delete()
    ready(outage, ada, Reef(practises=True))
    assert state_of("kim") == ("waiting", "")


def test_what_was_deleted_meanwhile_is_not_answered(account, crowd, outage, ada, reef):
    start(outage, ada, reef)
    hear(account, deletions=(Deletion(remote_id="ravi-1", room=Room.PUBLIC, at=NOW),), now=NOW)
    work(reef, 10)
    assert "ravi-1" not in reef.told()


# ── hold, stop, resume, pace ─────────────────────────────────────────────────────────────────────


def test_held_means_at_once_and_resumed_goes_on(crowd, outage, ada, reef):
    round_id = start(outage, ada, reef)
    tick(reef)
    assert Outgoing.objects.filter(state="queued").count() == 1
    assert hold(round_id=round_id, by=ada, now=reef.now) == 1
    work(reef, 10)
    assert not reef.stands
    assert not Typed.objects.exists()
    resume(round_id=round_id, by=ada, now=reef.now)
    work(reef, 10)
    assert reef.told() == Counter({f"{who}-1": 1 for who in WHO})


def test_an_answer_that_may_stand_already_is_not_called_back(crowd, outage, ada, reef):
    round_id = start(outage, ada, reef)
    reef.after = [OutcomeUnknown()]
    work(reef, 0.5)
    assert hold(round_id=round_id, by=ada, now=reef.now) == 0
    work(reef, 5)
    resume(round_id=round_id, by=ada, now=reef.now)
    work(reef, 10)
    assert reef.told() == Counter({f"{who}-1": 1 for who in WHO})


def test_a_stopped_round_hands_those_who_wait_to_the_next(crowd, outage, ada, reef):
    first = start(outage, ada, reef)
    work(reef, 1.5)
    told = len(reef.stands)
    assert 0 < told < len(WHO)
    stop(round_id=first, by=ada, now=reef.now)
    work(reef, 5)
    assert len(reef.stands) == told
    start(outage, ada, reef, text="[Dear|Good evening|Hey] {name}, [it works|all works] again.")
    with pytest.raises(Impossible, match="newer round"):
        resume(round_id=first, by=ada, now=reef.now)
    work(reef, 10)
    assert reef.told() == Counter({f"{who}-1": 1 for who in WHO})


def test_whoever_comes_while_it_runs_joins_at_their_rank(account, crowd, outage, ada, reef):
    start(outage, ada, reef)
    work(reef, 1)
    touched(account, outage, ada, "noor", at=9)
    Case.objects.filter(requester__handle="noor").update(urgency=3)
    assert meet_newcomers(limits_for=lambda _: reef.limits, now=reef.now) == 1
    work(reef, 1.5)
    assert "noor-9" in reef.told()
    assert sum(reef.told().values()) < len(WHO)


def test_no_hour_sees_more_than_the_pace_and_agents_keep_their_part(account, outage, ada, ben):
    reef = Reef(writes_per_hour=20)
    touched(account, outage, ada, *(f"who{n}" for n in range(30)))
    start(outage, ada, reef, per_hour=600)
    work(reef, 150, step=1)
    assert fullest_hour(reef) == 12
    assert len(reef.stands) == 30


def test_another_pace_counts_from_now_on(crowd, outage, ada, reef):
    round_id = start(outage, ada, reef, per_hour=1)
    work(reef, 5)
    assert len(reef.stands) == 1
    change_pace(round_id=round_id, per_hour=60, by=ada, now=reef.now)
    work(reef, 5)
    assert len(reef.stands) == len(WHO)
    with pytest.raises(NotReady):
        change_pace(round_id=round_id, per_hour=0, by=ada, now=reef.now)


def test_throttled_answers_go_back_to_the_line_and_nothing_piles_up(account, outage, ada):
    reef = Reef(writes_per_hour=3_600)
    touched(account, outage, ada, *(f"who{n}" for n in range(40)))
    start(outage, ada, reef, per_hour=2_000)
    reef.before = [Throttled(reef.now + timedelta(minutes=30))]
    work(reef, 20)
    assert Outgoing.objects.filter(state="queued").count() <= MOST_AHEAD
    assert not reef.stands
    work(reef, 20)
    assert set(reef.told().values()) == {1}
    assert len(reef.stands) == 40


def test_what_was_refused_is_listed_with_its_reason(crowd, outage, ada, reef):
    start(outage, ada, reef)
    reef.before = [Refused("You may not reply here.")]
    work(reef, 10)
    [one] = listed(outage, "acknowledge", "person")
    assert (one.reason, one.why) == ("failed", "You may not reply here.")
    assert len(reef.stands) == len(WHO) - 1


def test_an_answer_that_somebody_takes_back_stays_back(crowd, outage, ada, reef):
    start(outage, ada, reef)
    tick(reef)
    withdraw(outgoing_id=Outgoing.objects.get().pk, by=ada, now=reef.now)
    work(reef, 10)
    assert len(reef.stands) == len(WHO) - 1
    assert latest(outage, "acknowledge").reasons["taken back"] == 1


def test_who_writes_again_while_their_answer_waits_is_told_all_the_same(
    account, crowd, outage, ada, reef
):
    start(outage, ada, reef)
    tick(reef)
    whom = Outgoing.objects.get().to
    hear(account, says(f"{whom}-2", who=whom, at=30.05), now=reef.now)
    work(reef, 10)
    assert set(reef.told().values()) == {1}
    assert len(reef.stands) == len(WHO)


# ── doubled loops, and death at any line ─────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(crowd, outage, ada, reef):
    start(outage, ada, reef, per_hour=100)
    gate = Barrier(3)

    def loop() -> None:
        with closing(connection):
            connection.ensure_connection()
            gate.wait(timeout=20)
            for n in range(60):
                at = NOW + timedelta(seconds=15 * n)
                go_on(limits_for=lambda _: reef.limits, clock=lambda at=at: at)
                send_due(lambda _: reef, clock=lambda at=at: at)

    with ThreadPoolExecutor(3) as threads:
        for one in [threads.submit(loop) for _ in range(3)]:
            one.result(timeout=120)
    assert reef.told() == Counter({f"{who}-1": 1 for who in WHO})


class Killed(BaseException):
    """The worker dies."""


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
@pytest.mark.django_db
def test_a_worker_that_is_killed_at_any_statement_tells_everybody_once(deaths):
    with connection_undone():
        apply(text=POLICY, by=None, note="", now=minutes(0))
        account = connected()
        ada = Agent.objects.create(email="a@northwind.example", name="Ada", initials="AB").pk
        outage = open_incident(name="Outage", by=ada, now=minutes(20))
        touched(account, outage, ada, *WHO[:3])
        reef = Reef()
        start(outage, ada, reef)
        for statements in deaths:
            die_after(statements, reef)
            reef.now += timedelta(seconds=40)
        work(reef, 15)
        assert reef.told() == Counter({f"{who}-1": 1 for who in WHO[:3]})


def connection_undone():
    """All that a block writes is undone."""
    from contextlib import contextmanager  # noqa: PLC0415  beside its only use

    from django.db import transaction  # noqa: PLC0415  beside its only use

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone()


def die_after(statements: int, reef: Reef) -> None:
    """A worker works until it has said so much to the database."""
    left = statements

    def count(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            tick(reef)
    except Killed:
        pass


# ── beginning ────────────────────────────────────────────────────────────────────────────────────


def test_too_few_wordings_for_many_are_refused(crowd, outage, ada, reef):
    with pytest.raises(NotReady, match="There are 2 wordings for 5 people"):
        start(outage, ada, reef, text="[Hello|Hi] {name}, we see it.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[Hello|Hi|Hey], we see it.", "put {name} or {handle}"),
        ("[Hello|Hi|Hey] {name}, as soon as possible.", "promises nothing"),
        ("[Hello|Hi|Hey] {name}, ask @somebody.", "not part of this"),
        ("[Hello|Hi|Hey] {name}, " + "we see it and mend it, " * 14, "too long"),
    ],
)
def test_what_speaks_against_the_words_is_said_before_it_begins(
    crowd, outage, ada, reef, text, says
):
    with pytest.raises(NotReady, match=says):
        start(outage, ada, reef, text=text)
    assert Round.objects.get().state == "prepared"


def test_a_template_that_cannot_be_read_is_refused_at_once(crowd, outage, ada, reef):
    with pytest.raises(Unclear):
        ready(outage, ada, reef, text="[Hello {name}")


def test_samples_read_as_what_is_sent(crowd, outage, ada, reef):
    round_id = start(outage, ada, reef)
    shown = samples(Round.objects.get(pk=round_id), limits_for=lambda _: reef.limits, now=reef.now)
    work(reef, 10)
    assert len(shown) == 3
    assert {one.ours for one in shown} <= {draft.text for draft, _ in reef.stands.values()}


SPANISH = "[Hola|Buenas|Buenos días] {name}, [lo vemos|ya lo sabemos]."


def test_who_writes_another_language_is_answered_in_it_where_the_round_has_words(
    crowd, outage, ada, reef
):
    abroad = Verdict.objects.filter(post__author__handle__in=["kim", "omar"])
    abroad.update(lang="es")
    Verdict.objects.filter(post__author__handle="ines").update(lang="de")
    row = Round.objects.get(pk=start(outage, ada, reef, translations={"es": SPANISH, "fr": " "}))
    assert row.translations == {"es": SPANISH}
    assert languages(row.pk) == {"en": 2, "es": 2, "de": 1}
    work(reef, 10)
    said = {draft.reply_to.split("-")[0]: draft.text for draft, _ in reef.stands.values()}
    assert {who for who, text in said.items() if "lo vemos" in text or "sabemos" in text} == {
        "kim", "omar"
    }  # fmt: skip
    assert len(said) == len(WHO)


def test_words_for_a_language_are_looked_at_like_all_others(crowd, outage, ada, reef):
    with pytest.raises(Unclear, match=r"^es: "):
        ready(outage, ada, reef, translations={"es": "[Hola {name}"})
    Verdict.objects.exclude(post__author__handle="kim").update(lang="es")
    row = Round.objects.get(pk=ready(outage, ada, reef, translations={"es": "Hola, [a|b]."}))
    found = problems(row, limits_for=lambda _: reef.limits)
    assert [" ".join(why.split()[:4]) for why in found] == [
        "es: Address each of", "es: There are 2"
    ]  # fmt: skip


def test_the_forecast_says_when_it_is_done_and_what_it_costs(crowd, outage, ada):
    prices = Prices(dated=NOW.date(), currency="USD", source="", of={Act.SUMMONED_REPLY: 10_000})
    reef = Reef(writes_per_hour=100, prices=prices)
    row = Round.objects.get(pk=ready(outage, ada, reef, per_hour=30))
    found = forecast(row, limits_for=lambda _: reef.limits, now=NOW)
    assert (found.waiting, found.rate, found.allows) == (5, 30, 100)
    assert found.done_at == NOW + timedelta(minutes=8)
    assert [(c.currency, c.micros) for c in found.costs] == [("USD", 50_000)]
    begin(round_id=row.pk, by=ada, now=NOW, limits_for=lambda _: reef.limits)
    assert Round.objects.get().forecast["waiting"] == 5


def test_a_pace_that_agents_leave_nothing_of_has_no_end(crowd, outage, ada):
    apply(text=POLICY.replace("40", "95"), by=None, note="", now=minutes(1))
    reef = Reef(writes_per_hour=19)
    row = Round.objects.get(pk=ready(outage, ada, reef))
    assert forecast(row, limits_for=lambda _: reef.limits, now=NOW).done_at is None


def test_where_the_policy_wants_it_a_lead_reads_the_words_first(crowd, outage, ada, ben, reef):
    apply(text=POLICY + 'approve = "lead"\n', by=None, note="", now=minutes(1))
    round_id = start(outage, ada, reef)
    assert Round.objects.get().state == "asked"
    work(reef, 5)
    assert not reef.stands
    with pytest.raises(NotYours):
        approve(round_id=round_id, by=ada, now=reef.now)
    with pytest.raises(NotReady):
        send_back(round_id=round_id, note=" ", by=ben, now=reef.now)
    send_back(round_id=round_id, note="Say until when.", by=ben, now=reef.now)
    assert (latest(outage, "acknowledge").state, latest(outage, "acknowledge").why) == (
        "prepared", "Say until when.",
    )  # fmt: skip
    start(outage, ada, reef)
    approve(round_id=round_id, by=ben, now=reef.now)
    work(reef, 10)
    assert len(reef.stands) == len(WHO)


def test_one_round_of_a_kind_at_a_time(crowd, outage, ada, reef):
    start(outage, ada, reef)
    with pytest.raises(Impossible, match="Another round runs"):
        ready(outage, ada, reef)


# ── closing ──────────────────────────────────────────────────────────────────────────────────────

CLOSING = "[Hello|Hi|Good day] {name}, [it works again|all is well again] [now|since noon]."


def test_closing_tells_those_who_were_told_and_settles_their_cases(
    account, crowd, outage, ada, ben, reef
):
    Post.objects.filter(remote_id="ines-1").update(closed=True)
    start(outage, ada, reef)
    work(reef, 10)
    claim(case_id=case_of("lena"), by=ben, now=reef.now)
    touched(account, outage, ada, "late", at=20)
    move(incident_id=outage, move="end", by=ada, now=reef.now)
    work(reef, 1)
    assert latest(outage, "acknowledge").state == "done"
    before = set(reef.stands)
    start(outage, ada, reef, kind="close", text=CLOSING)
    work(reef, 20)
    closing = {reef.stands[key][0].reply_to for key in reef.stands.keys() - before}
    assert {"lena-1", "omar-1", "kim-1", "ravi-1"} <= closing
    assert "ines-1" not in closing
    told = Case.objects.filter(requester__handle__in=["lena", "omar", "kim", "ravi"])
    assert set(told.values_list("state", flat=True)) == {"resolved"}
    assert not Clock.objects.filter(case__in=told, met_at=None, void_at=None).exists()
    assert latest(outage, "close").state == "done"


def test_a_closing_round_leaves_out_whom_somebody_talks_to(crowd, outage, ada, ben, reef):
    start(outage, ada, reef)
    work(reef, 10)
    save_draft(case_id=case_of("kim"), agent_id=ben, room="public", text="Dear K", now=reef.now)
    move(incident_id=outage, move="end", by=ada, now=reef.now)
    start(outage, ada, reef, kind="close", text=CLOSING)
    work(reef, 10)
    assert state_of("kim", "close") == ("set aside", "talking")
    assert [one.handle for one in listed(outage, "close", "aside")] == ["kim"]


def test_what_leaves_by_hand_counts_against_the_limit_of_the_network(crowd, outage, ada, ben):
    reef = Reef(writes_per_hour=2)
    Account.objects.update(name="Northwind")
    apply(text=POLICY.replace("40", "0"), by=None, note="", now=minutes(1))
    for who in ("lena", "omar"):
        propose(case_id=case_of(who), room=Room.PUBLIC, text=f"Dear {who.title()}, I look.",
                reply_to_post=None, then="wait", seen=newest_post(case_of(who)), by=ben, now=NOW,
                limits_for=lambda _: reef.limits)  # fmt: skip
    work(reef, 1)
    start(outage, ada, reef)
    work(reef, 50, step=1)
    assert len(reef.stands) == 2
    work(reef, 130, step=1)
    assert fullest_hour(reef) <= 2
    assert len(reef.stands) == len(WHO)


def test_problems_are_none_for_a_good_text(crowd, outage, ada, reef):
    row = Round.objects.get(pk=ready(outage, ada, reef))
    assert problems(row, limits_for=lambda _: reef.limits) == []
    assert msgspec.json.encode(row.forecast) == b"{}"
