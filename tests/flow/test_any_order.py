"""Whatever the order, repetition and grouping in which events arrive, posts and cases end equal."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcome import check_clocks, check_tallies, standing
from river import NOON, US, connected, minutes
from sanderling.cases.work import receive
from sanderling.core.network import Author, Deletion, Page, Post, Room, Signal

pytestmark = pytest.mark.django_db

PEOPLE = ("lena", "omar", "kim")
TEXTS = (
    "@NorthwindCare no signal since monday, this is a disgrace",
    "@NorthwindCare thanks, works now",
    "@NorthwindCare when will the shop open?",
    "ok",
    "I love my new phone",
    "@NorthwindCare FUCK YOU, you lying thieves!!! I want my money back NOW",  # a goal of its own
)
REACH = {"kim": 50_000}
DAY = 24 * 60


@st.composite
def stories(draw):
    """A handful of posts by customers and by us, their edits and deletions, likes and reposts."""
    events: list[Post | Deletion | Signal] = []
    said: list[Post] = []
    for n in range(draw(st.integers(1, 9))):
        post = draw(posts(n, said))
        said.append(post)
        events.append(post)
        for k in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            events.append(edited(post, draw(st.sampled_from(TEXTS)), k))
        if draw(st.integers(0, 5)) == 0:
            events.append(
                Deletion(
                    remote_id=post.remote_id,
                    room=post.room,
                    at=post.created_at + timedelta(minutes=9),
                )
            )
        if draw(st.integers(0, 3)) == 0:
            events += [
                Signal(
                    remote_id=post.remote_id,
                    kind=kind,
                    actor=actor,
                    undone=undone,
                    at=post.created_at + timedelta(minutes=at),
                )
                for kind, actor, at, undone in draw(
                    st.lists(
                        st.tuples(
                            st.sampled_from(["like", "repost"]),
                            st.sampled_from(PEOPLE),
                            st.integers(1, 3),
                            st.booleans(),
                        ),
                        max_size=3,
                    )
                )
            ]
    return events


@st.composite
def posts(draw, n: int, said: list[Post]):
    """A post at a time of its own, perhaps in answer to an earlier one."""
    ours = draw(st.integers(0, 2)) == 0
    who = draw(st.sampled_from(PEOPLE))
    room = draw(st.sampled_from([Room.PUBLIC, Room.PUBLIC, Room.DIRECT]))
    public = [p for p in said if p.room is Room.PUBLIC]
    parent = (
        draw(st.sampled_from(public))
        if public and room is Room.PUBLIC and draw(st.booleans())
        else None
    )
    told = draw(st.booleans())
    return Post(
        remote_id=f"{room}-{n}",
        author=US if ours else Author(id=who, handle=who, followers=REACH.get(who, 10)),
        text=draw(st.sampled_from(TEXTS)),
        created_at=minutes(n + DAY * draw(st.sampled_from([0, 0, 1, 50, 100]))),
        room=room,
        reply_to=parent.remote_id if parent else None,
        reply_to_author=parent.author.id if parent and told else None,
        mentions=() if ours or room is Room.DIRECT or draw(st.integers(0, 3)) == 0 else ("us",),
        counterpart=who if room is Room.DIRECT else None,
        thread=draw(st.sampled_from([None, "t1", "t2"])) if room is Room.PUBLIC else None,
    )


def edited(post: Post, text: str, k: int) -> Post:
    fields = {name: getattr(post, name) for name in Post.__struct_fields__}
    return Post(**{**fields, "text": text, "edited_at": post.created_at + timedelta(minutes=k + 1)})


def outcome(account: int, pages: list[list[Post | Deletion | Signal]]):
    """What stands in the desk after these pages, told without ids that depend on arrival."""
    with transaction.atomic():
        for page in pages:
            receive(
                account_id=account,
                now=NOON,
                page=Page(
                    posts=tuple(e for e in page if isinstance(e, Post)),
                    deletions=tuple(e for e in page if isinstance(e, Deletion)),
                    signals=tuple(e for e in page if isinstance(e, Signal)),
                ),
            )
        found = standing()
        check_tallies()
        check_clocks()
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_order_repetition_and_grouping_of_events_ends_the_same(data):
    account = connected()
    events = data.draw(stories())
    expected = outcome(account, [[e] for e in events])
    shuffled = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events)))))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(shuffled)))) | {0, len(shuffled)})
    assert outcome(account, [shuffled[a:b] for a, b in pairwise(cuts)]) == expected
