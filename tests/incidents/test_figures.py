"""What the room shows of an incident: volume, shares, carriers, samples, members."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.incidents import actions
from sanderling.incidents.figures import minutes, shares
from sanderling.incidents.models import Incident
from sanderling.incidents.voices import carriers, gist_of, members
from sanderling.triage.models import Topic

pytestmark = pytest.mark.django_db
NOW = factories.NOW
STEP = timedelta(minutes=5)


@pytest.fixture
def room():
    """An incident of four posts by three people within a quarter of an hour."""
    number = actions.open_incident(name="Mast 7", by=factories.agent().pk, now=NOW)
    us, topic = factories.account(), Topic.objects.create(name="No mobile data")
    who = {n: factories.identity(n, followers=f) for n, f in (("Jo", 10), ("Lu", 70), ("Mo", None))}
    said = (
        ("Jo", 14, "No signal in West Hill", {"topic": topic.pk}),
        ("Jo", 4, "Still no signal in West Hill", {"topic": topic.pk, "lang": "en-GB"}),
        ("Lu", 3, "My card reader does not work without signal", {}),
        ("Mo", 2, "Kein Netz, ich warte seit Stunden", {"lang": "de"}),
    )
    posts = []
    for name, ago, text, found in said:
        at = NOW - timedelta(minutes=ago)
        posts.append(factories.post(us, who[name], text, created_at=at))
        factories.verdict(posts[-1], **found)
    given = [p.pk for p in posts]
    actions.put_in(incident_id=number, posts=given, how="detector", by=None, now=NOW)
    return number, posts


def test_the_volume_tells_every_step_and_what_is_usual(room):
    number, _ = room
    Incident.objects.filter(pk=number).update(expected=0.2)
    steps = minutes(number, NOW - 3 * STEP, NOW, STEP)
    assert [(s.posts, s.authors) for s in steps] == [(1, 1), (0, 0), (3, 3)]
    assert [s.at for s in steps] == [NOW - n * STEP for n in (3, 2, 1)]
    assert (steps[0].expected, steps[0].usual) == (1.0, 3.0)


def test_a_chart_is_bounded_and_may_be_empty(room):
    number, _ = room
    assert minutes(number, NOW, NOW, STEP) == []
    assert len(minutes(number, NOW - timedelta(days=900), NOW, STEP)) == 600


def test_what_was_taken_out_does_not_count(room):
    number, posts = room
    by = factories.agent().pk
    actions.take_out(incident_id=number, post_ids=[posts[0].pk], by=by, now=NOW)
    assert sum(s.posts for s in minutes(number, NOW - 3 * STEP, NOW, STEP)) == 3
    assert len(members(number).rows) == 3


def test_shares_say_what_where_and_in_which_language(room):
    found = shares(room[0])
    assert found.topics == [("No mobile data", 2)]
    assert found.languages == [("en", 3), ("de", 1)]
    assert found.networks == [("practice", 4)]


def test_carriers_are_those_with_most_reach_each_with_the_newest_post(room):
    number, posts = room
    found = carriers(number)
    assert [(c.who.name, c.posts, c.share) for c in found] == [
        ("Lu", 1, 0.875), ("Jo", 2, 0.125), ("Mo", 1, 0.0)]  # fmt: skip
    assert (found[1].post, found[1].text) == (posts[1].pk, "Still no signal in West Hill")
    assert carriers(number, limit=1) == found[:1]


def test_the_gist_is_samples_that_differ_and_words_of_their_own(room):
    number, posts = room
    for text in ("My card is lost", "Does the shop work?"):
        factories.post(posts[0].account, factories.identity(), text)
    found = gist_of(number)
    assert {v.post for v in found.samples} >= {posts[3].pk, posts[2].pk}
    assert ("signal", 3) in found.words
    assert found.places == [("West Hill", 2)]


def test_members_are_walked_by_key(room):
    number, posts = room
    first = members(number, limit=3)
    rest = members(number, first.after, limit=3)
    assert [v.post for v in (*first.rows, *rest.rows)] == [p.pk for p in reversed(posts)]
    assert rest.after is None
    assert (first.rows[0].who.name, first.rows[0].who.followers) == ("Mo", 0)
