"""The desk notices by itself what many write about: at once, once, whatever dies meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

import factories
from core.policy.writing import GOAL
from river import NOON, connected, hear, minutes, says, we_say, writes
from sanderling.cases import belonging
from sanderling.core.network import Author
from sanderling.incidents import actions, memory, work
from sanderling.incidents.memory import TAKE_OVER
from sanderling.incidents.models import Drill, Incident, Member, Memory
from sanderling.listen.actions import connect
from sanderling.listen.models import Post
from sanderling.policy.actions import apply
from sanderling.triage.models import Verdict

pytestmark = pytest.mark.django_db(transaction=True)
NOW = minutes(30)
MOOD = ("awful", "terrible", "I am furious", "a disgrace", "so angry", "the worst company ever",
        "useless", "unacceptable")  # fmt: skip
AROUND = """
mother doctor shop cards lunch kitchen train school kids evening homework boss meeting taxi parcel
neighbour garden hospital grandma office river bakery weekend cinema dog ferry church tram stamp
birthday pizza alarm delivery customers payment bridge library winter rain roof window nurse cousin
parents uncle sister driver pharmacy station platform airport luggage hotel kettle balcony letter
laundry bicycle helmet market fish coffee breakfast camera printer tenant landlord football attic
lawyer bank salary invoice stairs elevator basement cellar
"""


def complaint(k: int) -> str:
    """What the person with this number writes: like the others in nothing but what it is about."""
    around = random.Random(k).sample(AROUND.split(), 9)
    return (
        f"@NorthwindCare {' '.join(around[:4])}, mast down in Westhill,"
        f" {' '.join(around[4:])}, {MOOD[k % 8]}!"
    )


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """As if this process had just begun."""
    a_new_process(monkeypatch)


def a_new_process(monkeypatch):
    monkeypatch.setattr(memory, "_here", memory._Here())


def crowd(n, *, first=0, since=20.0, minutes_long=8.0):
    """So many people who write about one thing within a few minutes after `since`."""
    return [
        says(f"c{k}", complaint(k), who=f"person{k}", at=since + minutes_long * k / n)
        for k in range(first, first + n)
    ]


USUAL = (
    "When do you open on Sundays?", "Thanks for the quick help with my order!",
    "The invoice of May is wrong again", "Can I change to a larger plan?",
    "Your new advert is lovely", "Where can I return a router?",
    "I was charged twice, please look into it", "Do you sell cases for the old tablet?",
)  # fmt: skip


def usual():
    """What else is written in the quarter of an hour before."""
    return [
        says(f"u{k}", f"@NorthwindCare {text}", who=f"other{k}", at=k * 2)
        for k, text in enumerate(USUAL)
    ]


def notice(now=NOW, **more):
    return work.notice(practising=(), now=now, **more)


def the_one() -> Incident:
    return Incident.objects.get()


def inside(incident_id=None):
    found = Member.objects.filter(out_at=None)
    if incident_id is not None:
        found = found.filter(incident=incident_id)
    return set(found.values_list("post__remote_id", flat=True))


def test_what_many_complain_about_is_suspected_and_those_who_follow_join():
    account = connected()
    hear(account, *crowd(4))
    assert notice() == 4
    assert not Incident.objects.exists()
    hear(account, *crowd(35, first=4))
    assert notice() == 35
    found = the_one()
    assert (found.state, found.drill) == ("suspected", None)
    assert found.posts >= 5
    assert found.authors == found.posts
    assert found.why
    assert found.began_at == Post.objects.get(pk=found.first_post_id).created_at
    before = inside()
    hear(account, *crowd(4, first=39, since=26))
    assert notice(minutes(31)) == 4
    assert inside() - before >= {f"c{k}" for k in range(39, 43)}
    assert notice(minutes(31)) == 0


def test_our_own_posts_are_never_told(monkeypatch):
    account = connected()
    hear(
        account, *(we_say(f"w{k}", None, text) for k, text in enumerate(map(complaint, range(40))))
    )
    notice()
    assert not Incident.objects.exists()


def test_a_direct_message_about_it_joins_but_does_not_raise_it():
    account = connected()
    for k in range(35):
        who = f"p{k}"
        hear(account, writes(f"d{k}", complaint(k)[15:], counterpart=who, who=who, at=20 + k / 8))
    notice()
    assert not Incident.objects.exists()
    hear(account, *crowd(35))
    notice()
    hear(account, writes("d99", complaint(0)[15:], at=29))
    notice()
    assert "d99" in inside()


def test_a_post_that_is_committed_late_is_heard_all_the_same():
    account = connected()
    *rest, late = crowd(35)
    hear(account, *rest)
    notice()
    stood, read = Event(), Event()

    def commit_late():
        with closing(connection), transaction.atomic():
            hear(account, late)
            stood.set()
            read.wait(30)

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(commit_late)
        assert stood.wait(30)
        us, who = factories.account(network="mastodon"), factories.identity("Vi")
        hello = factories.post(us, who, "Hello", created_at=minutes(29))
        factories.verdict(hello)  # a higher number, committed first
        notice()
        assert late.remote_id not in inside()
        read.set()
        running.result(60)
    notice()
    assert late.remote_id in inside()


def test_a_post_that_could_not_be_judged_with_its_page_is_heard_when_it_is():
    account = connected()
    *rest, last = crowd(35)
    hear(account, *rest, last)
    kept = Verdict.objects.get(post__remote_id=last.remote_id)
    Verdict.objects.filter(pk=kept.pk).delete()
    notice()
    assert last.remote_id not in inside()
    hear(account, says("later", "@NorthwindCare thanks", who="vi", at=29))
    notice()
    kept.save(force_insert=True)
    notice()
    assert last.remote_id in inside()


def test_what_is_rolled_back_was_never_heard_and_is_noticed_once():
    account = connected()
    hear(account, *crowd(35))

    class Killed(Exception):
        pass

    @transaction.atomic
    def notice_and_die():
        notice()
        assert Incident.objects.exists()
        raise Killed

    with pytest.raises(Killed):
        notice_and_die()
    assert not Incident.objects.exists()
    notice()
    notice()
    assert the_one().posts == Member.objects.count() >= 5


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_another_process_goes_on_and_nothing_is_doubled(monkeypatch, seed):
    chance = random.Random(seed)
    account, now = connected(), NOW
    events = sorted([*usual(), *crowd(80)], key=lambda post: post.created_at)
    while events:
        n = chance.randint(1, 12)
        page, events = events[:n], events[n:]
        hear(account, *page)
        now += timedelta(seconds=2)
        if chance.random() < 0.3 and Memory.objects.exists():
            a_new_process(monkeypatch)
            assert notice(now) == 0, "the one before may still be alive"
            now += TAKE_OVER
        notice(now, limit=chance.choice([1, 3, 50]))
    a_new_process(monkeypatch)
    notice(now + TAKE_OVER)
    found = the_one()
    assert inside() >= {f"c{k}" for k in range(65, 80)}
    assert found.posts == len(inside())
    assert found.authors == Member.objects.values("author").distinct().count()


def test_what_is_heard_is_kept_at_least_every_minute():
    account = connected()
    hear(account, *crowd(3))
    notice()
    kept = Memory.objects.get().mark
    hear(account, *usual())
    notice(NOW + timedelta(seconds=30))
    assert Memory.objects.get().mark == kept
    notice(NOW + timedelta(seconds=61))
    row = Memory.objects.get()
    assert row.mark == Post.objects.order_by("-pk")[0].pk
    assert row.missing == []


def test_of_two_workers_at_once_one_notices():
    account = connected()
    hear(account, *usual(), *crowd(35))

    def work_on():
        with closing(connection):
            for k in range(20):
                notice(NOW + timedelta(seconds=k), limit=7)

    both(work_on, work_on)
    assert the_one().posts == len(inside())


def both(*acts: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(acts)) as threads:
        for running in [threads.submit(act) for act in acts]:
            running.result(60)


def test_what_is_dismissed_stays_quiet_and_what_is_merged_leads_to_the_whole():
    account, ada = connected(), factories.agent().pk
    hear(account, *crowd(35))
    notice()
    actions.move(incident_id=the_one().pk, move="dismiss", by=ada, now=NOW)
    hear(account, *crowd(5, first=35, since=26))
    notice()
    assert (the_one().state, the_one().heeded) == ("dismissed", True)
    assert "c37" not in inside()


def test_what_was_dismissed_and_confirmed_after_all_is_joined_again():
    account, ada = connected(), factories.agent().pk
    hear(account, *crowd(35))
    notice()
    for move in ("dismiss", "confirm"):
        actions.move(incident_id=the_one().pk, move=move, by=ada, now=NOW)
        notice()
    hear(account, *crowd(5, first=35, since=26))
    notice()
    assert inside() >= {f"c{k}" for k in range(35, 40)}


def test_what_follows_a_merged_suspicion_joins_the_whole():
    account, ada = connected(), factories.agent().pk
    hear(account, *crowd(35))
    notice()
    suspected = the_one().pk
    whole = actions.open_incident(name="Mast 7", by=ada, now=NOW)
    belonging.merge(incident_id=suspected, into=whole, by=ada, now=NOW)
    hear(account, *crowd(5, first=35, since=26))
    notice()
    assert inside(whole) >= {f"c{k}" for k in range(35, 40)}
    assert Incident.objects.count() == 2


def test_what_was_written_long_ago_is_history():
    account = connected()
    hear(account, *usual(), *crowd(35))
    notice(minutes(30) + timedelta(hours=7))
    assert not Incident.objects.exists()


def test_a_drill_makes_incidents_of_its_own():
    practice = connected()
    real = connect(network="mastodon", who=Author(id="us-m", handle="NorthwindCare"), address="",
                   secret="", now=NOON)  # fmt: skip
    drill = Drill.objects.create(scenario="outage", title="Outage", seed=1, begun_at=NOON,
                                 ends_at=minutes(60))  # fmt: skip
    hear(practice, *crowd(35))
    hear(real, says("m1", complaint(60), mentions=("us-m",), who="vi", at=28))
    work.notice(practising=("practice",), now=NOW)
    assert the_one().drill == drill
    assert "m1" not in inside()


def test_by_rule_the_cases_of_a_confirmed_incident_are_part_of_it():
    account, ada = connected(), factories.agent().pk
    hear(account, *crowd(35))
    notice()
    number = the_one().pk
    actions.move(incident_id=number, move="confirm", by=ada, now=NOW)
    assert belonging.attach_all(now=NOW) == 0, "people are only asked, as the policy ships"
    text = f'name = "Ours"\n{GOAL}\n[incidents]\nattach = "by itself"\n'
    apply(text=text, by=None, note="", now=NOW)
    assert belonging.attach_lately(now=NOW) > 0
    belonging.attach_all(now=NOW)
    assert belonging.linked(number).cases == the_one().authors


def test_what_nobody_confirms_is_dismissed_by_the_desk():
    account = connected()
    hear(account, *crowd(35))
    notice()
    assert work.dismiss_due(now=NOW + timedelta(hours=5)) == 0
    assert work.dismiss_due(now=NOW + timedelta(hours=6)) == 1
    assert work.dismiss_due(now=NOW + timedelta(hours=6)) == 0
    assert the_one().state == "dismissed"


@pytest.mark.parametrize("quiet", ["ease", "end"])
def test_what_has_eased_or_ended_flares_up_when_it_is_written_about_anew(quiet):
    account, ada = connected(), factories.agent().pk
    hear(account, *crowd(35))
    notice()
    number = the_one().pk
    actions.move(incident_id=number, move="confirm", by=ada, now=NOW)
    actions.move(incident_id=number, move=quiet, by=ada, now=minutes(31))
    assert work.flare_up(now=minutes(32)) == 0, "what was written before does not count"
    hear(account, *crowd(20, first=35, since=31.5))
    notice(minutes(40))
    assert work.flare_up(now=minutes(40)) == 1
    assert the_one().state == "confirmed"
    assert work.flare_up(now=minutes(41)) == 0


@pytest.mark.parametrize(
    ("posts", "authors", "before", "yes"),
    [(10, 5, 0, True), (9, 9, 0, False), (50, 4, 0, False), (19, 9, 60, False), (20, 9, 60, True)],
)
def test_a_flare_up_is_several_people_and_much_more_than_in_the_hour_before(
    posts, authors, before, yes
):
    assert work.flares(posts, authors, before) is yes
