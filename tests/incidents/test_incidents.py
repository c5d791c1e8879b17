"""Incidents open, move, merge, and keep their posts and figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from sanderling.core.lifecycle import Impossible
from sanderling.core.noticing import Noticed
from sanderling.incidents import actions
from sanderling.incidents.actions import WrongIncident
from sanderling.incidents.models import Drill, Incident, Member
from sanderling.incidents.queries import NoSuchIncident, incident, standing
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def ada():
    return factories.agent("Ada Lund").pk


@pytest.fixture
def write():
    us, people = factories.account(), [factories.identity(n) for n in ("Jo", "Lu", "Mo")]

    def one(who=0, minutes=0, **given):
        at = NOW - timedelta(minutes=minutes)
        found = factories.post(us, people[who], "No signal", created_at=at, **given)
        factories.verdict(found)
        return found.pk

    return one


def noticed(*posts, key="k1", **changes):
    given = {"brand": "", "at": NOW, "name": "signal, mast", "terms": ("signal", "mast"),
             "first_post": posts[0], "authors": 2, "rate": 1.5, "expected": 0.2, "score": 9.0,
             "why": "7 times as often as usual"}  # fmt: skip
    return Noticed(key=key, posts=posts, **{**given, **changes})


def opened(ada, name="No signal in the west", **given):
    return actions.open_incident(name=name, by=ada, now=NOW, **given)


def put(incident_id, *posts, how="detector", by=None):
    return actions.put_in(incident_id=incident_id, posts=posts, how=how, by=by, now=NOW)


def move(incident_id, name, by=None):
    actions.move(incident_id=incident_id, move=name, by=by, now=NOW)


def figures(incident_id):
    found = incident(incident_id)
    return found.posts, found.authors, found.first_post


def moves(incident_id):
    found = Move.objects.filter(kind="incident", row=incident_id).order_by("pk")
    return list(found.values_list("move", flat=True))


def test_an_agent_opens_an_incident_that_is_confirmed_at_once(ada):
    number = opened(ada, " No signal\n in the west ")
    found = incident(number)
    assert (found.state, found.name, found.posts) == ("confirmed", "No signal in the west", 0)
    assert Incident.objects.get().wake_at is None
    assert moves(number) == ["open", "confirm"]


@pytest.mark.parametrize("name", ["", " \0\n", "x" * 81])
def test_a_name_that_cannot_be_is_refused(ada, name):
    with pytest.raises(WrongIncident, match="name of at most 80"):
        opened(ada, name)
    assert not Incident.objects.exists()


def test_what_was_noticed_is_suspected_with_its_posts_and_its_first_one(write):
    late, early = write(0, minutes=1), write(1, minutes=5)
    number = actions.suspect(noticed=noticed(late, early), now=NOW)
    found = incident(number)
    assert (found.state, found.name, found.terms) == (
        "suspected",
        "signal, mast",
        ("signal", "mast"),
    )
    assert (found.began_at, found.noticed_at) == (NOW - timedelta(minutes=5), NOW)
    assert figures(number) == (2, 2, early)
    assert Incident.objects.get().wake_at == NOW + timedelta(hours=6)


def test_what_is_noticed_again_while_it_stands_is_the_same(write):
    number = actions.suspect(noticed=noticed(write()), now=NOW)
    assert actions.suspect(noticed=noticed(write(1)), now=NOW) == number
    assert figures(number)[:2] == (2, 2)
    move(number, "dismiss")
    assert actions.suspect(noticed=noticed(write(2)), now=NOW) != number


def test_figures_count_each_author_once_and_each_post_once(ada, write):
    number = opened(ada)
    first, second, third = write(0, minutes=3), write(0, minutes=2), write(1, minutes=1)
    assert put(number, third, second) == 2
    assert put(number, first, second) == 1
    assert put(number) == 0
    assert figures(number) == (3, 2, first)


def test_our_own_posts_never_belong(ada, write):
    number = opened(ada)
    assert put(number, write(direction="ours", origin="desk")) == 0
    assert figures(number) == (0, 0, None)


def test_what_was_taken_out_stays_out_until_an_agent_puts_it_back(ada, write):
    number, post, other = opened(ada), write(0, minutes=9), write(1)
    put(number, post, other)
    assert actions.take_out(incident_id=number, post_ids=[post], by=ada, now=NOW) == 1
    assert actions.take_out(incident_id=number, post_ids=[post], by=ada, now=NOW) == 0
    assert figures(number) == (1, 1, other)
    assert put(number, post) == 0
    assert figures(number) == (1, 1, other)
    assert put(number, post, how="agent", by=ada) == 1
    assert figures(number) == (2, 2, post)


def test_a_post_belongs_to_one_incident_and_an_agent_may_say_to_which(ada, write):
    one, other, post = opened(ada), opened(ada), write()
    put(one, post)
    assert put(other, post, how="rule") == 0
    assert put(other, post, how="agent", by=ada) == 1
    assert (figures(one), figures(other)) == ((0, 0, None), (1, 1, post))


def test_copies_are_marked(ada, write):
    first, copy = write(), factories.post(factories.account(), factories.identity(), "No signal")
    factories.verdict(copy, copy_of=first)
    put(opened(ada), first, copy.pk)
    assert list(Member.objects.order_by("pk").values_list("copy", flat=True)) == [False, True]


def test_an_incident_is_confirmed_eases_flares_up_and_ends(ada, write):
    number = actions.suspect(noticed=noticed(write()), now=NOW)
    for name in ("confirm", "ease", "flare up", "end"):
        move(number, name, ada)
    assert incident(number).ended_at == NOW
    assert standing() == []
    move(number, "flare up", ada)
    assert (incident(number).state, incident(number).ended_at) == ("confirmed", None)
    with pytest.raises(Impossible):
        move(number, "dismiss", ada)


def test_the_detector_must_hear_of_a_dismissal(write):
    number = actions.suspect(noticed=noticed(write()), now=NOW)
    move(number, "dismiss")
    row = Incident.objects.get(pk=number)
    assert (row.heeded, row.wake_at, row.ended_at) == (False, None, NOW)


def test_what_was_dismissed_is_not_confirmed_beside_another_about_the_same(ada, write):
    old = actions.suspect(noticed=noticed(write()), now=NOW)
    move(old, "dismiss")
    new = actions.suspect(noticed=noticed(write(1)), now=NOW)
    with pytest.raises(WrongIncident, match=f"Incident {new} is about the same"):
        move(old, "confirm", ada)
    assert incident(old).state == "dismissed"


def test_of_two_merged_one_stands_and_the_other_leads_to_it(ada, write):
    third = opened(ada, "the first of all")
    put(third, write(2, minutes=30))
    suspected = actions.suspect(noticed=noticed(write(0, minutes=9), write(1)), now=NOW)
    whole, post = opened(ada), write(0)
    put(whole, post)
    actions.merge(incident_id=third, into=suspected, by=ada, now=NOW)
    actions.merge(incident_id=suspected, into=whole, by=ada, now=NOW)
    assert incident(suspected).state == incident(third).state == "merged"
    assert incident(third).merged_into == incident(suspected).merged_into == whole
    assert figures(whole)[:2] == (4, 3)
    assert figures(suspected) == (0, 0, None)
    assert put(suspected, write(1)) == 1, "what comes for it goes to where it leads"
    assert figures(whole)[:2] == (5, 3)


def test_what_cannot_be_merged_is_refused_in_words(ada):
    one, over = opened(ada), opened(ada)
    later = NOW + timedelta(hours=1)
    drill = Drill.objects.create(scenario="x", title="x", seed=1, begun_at=NOW, ends_at=later)
    practice = opened(ada, drill=drill.pk)
    move(over, "end", ada)
    for into, match in (
        (one, "with itself"),
        (over, "is over"),
        (practice, "drill"),
        (0, "no inc"),
    ):
        with pytest.raises((WrongIncident, NoSuchIncident), match=match):
            actions.merge(incident_id=one, into=into, by=ada, now=NOW)
    assert incident(one).state == "confirmed"


def test_name_and_cause_are_changed_and_are_history(ada):
    number = opened(ada)
    actions.rename(incident_id=number, name="Mast 7 is down", by=ada, now=NOW)
    actions.say_cause(incident_id=number, cause="A digger\n cut the cable", by=ada, now=NOW)
    actions.say_cause(incident_id=number, cause="A digger cut the cable", by=ada, now=NOW)
    found = incident(number)
    assert (found.name, found.cause) == ("Mast 7 is down", "A digger cut the cable")
    assert moves(number) == ["open", "confirm", "rename", "cause"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_in_whatever_order_and_grouping_posts_come_members_and_figures_are_the_same(chance, write):
    with transaction.atomic():
        ada = factories.agent().pk
        number = opened(ada)
        posts = [write(chance.randrange(3), chance.randrange(9)) for _ in range(8)]
        out = set(chance.sample(posts, 2))
        coming = [*posts, *posts, *out]
        chance.shuffle(coming)
        put(number, *out)
        actions.take_out(incident_id=number, post_ids=sorted(out), by=ada, now=NOW)
        while coming:
            n = chance.randint(1, 5)
            put(number, *coming[:n])
            coming = coming[n:]
        there = Member.objects.filter(incident=number, out_at=None)
        assert set(there.values_list("pk", flat=True)) == set(posts) - out
        first = there.order_by("at", "pk")[0]
        assert figures(number) == (6, there.values("author").distinct().count(), first.pk)
        assert incident(number).began_at == first.at
        transaction.set_rollback(True)
