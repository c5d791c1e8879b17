"""What Bluesky's servers told, in the desk's words; and what a stranger may put there instead."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanderling.core.network import Author, Deletion, Post, Room, Unreachable
from sanderling.networks.bluesky import translate
from sanderling.networks.bluesky.records import (
    Convo,
    FeedItem,
    Message,
    Notification,
    PostView,
    Profile,
    Record,
)
from sanderling.networks.bluesky.translate import each, maybe

RECORDED = Path(__file__).parent / "recorded"
SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOMEONE = Author(id="did:plc:someone", handle="someone.test")
FIELDS = {"posts": PostView, "profiles": Profile, "notifications": Notification,
          "feed": FeedItem, "convos": Convo, "messages": Message}  # fmt: skip


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def posts() -> list[Post]:
    views = each(recorded("posts_with_every_embed"), "posts", PostView)
    made = [
        translate.post(v.uri, v.record, translate.author(v.author), seen_at=SEEN, view=v)
        for v in views
    ]
    return [post for post in made if post]


def saying(text: str) -> Post:
    return next(post for post in posts() if text in post.text)


def test_a_mention_carries_whom_it_names_and_where_it_leads():
    post = saying("order")
    us = each(recorded("our_feed"), "feed", FeedItem)[0].post.author.did
    assert post.mentions == (us,)
    assert post.links == ("https://northwind.example/orders",)
    assert (post.room, post.lang, post.thread) == (Room.PUBLIC, "en", post.remote_id)
    rkey = post.remote_id.rpartition("/")[2]
    assert post.url == f"https://bsky.app/profile/{post.author.id}/post/{rkey}"


def test_a_reply_knows_what_it_answers():
    ours = each(recorded("our_feed"), "feed", FeedItem)[0].post
    reply = saying("Finally")
    assert (reply.reply_to, reply.thread) == (ours.uri, ours.uri)
    assert reply.reply_to_author == ours.author.did


def test_quotes_pictures_and_cards_are_understood():
    ours = each(recorded("our_feed"), "feed", FeedItem)[0].post
    assert (saying("This!").quote_of, saying("This!").quote_of_author) == (
        ours.uri,
        ours.author.did,
    )
    both = saying("with a picture")
    assert (both.quote_of, [m.alt for m in both.media]) == (ours.uri, ["map"])
    (picture,) = saying("look").media
    assert (picture.kind, picture.alt) == ("picture", "A broken box")
    assert picture.url.startswith("https://")
    assert saying("a card").links == ("https://news.example/story",)


def test_a_thread_that_is_closed_to_us_says_so():
    assert {post.text for post in posts() if post.closed} == {"@brand.test nobody may answer this"}


def test_people_say_from_whom_they_take_messages_and_whether_they_are_bots():
    people = each(recorded("people_of_every_kind"), "profiles", Profile)
    known = {p.handle: translate.author(p) for p in people}
    assert known["anna.test"].takes_messages == "all"
    assert known["bert.test"].takes_messages == "followed"
    assert (known["anna.test"].follows_us, known["bert.test"].follows_us) == (True, False)
    assert known["brand.test"].followers == 1
    assert [p.handle for p in people if translate.automated(p)] == ["bert.test"]


def test_somebody_else_cannot_call_a_person_a_bot():
    bert = recorded("people_of_every_kind")["profiles"][2]
    bert["labels"][0]["src"] = "did:plc:enemy"
    assert not translate.automated(maybe(bert, Profile))


def test_likes_and_reposts_are_signals_and_nothing_else_is():
    told = each(recorded("notifications_of_every_kind"), "notifications", Notification)
    signals = [s for s in map(translate.signal, told) if s]
    ours = each(recorded("our_feed"), "feed", FeedItem)[0].post
    assert sorted(s.kind for s in signals) == ["like", "repost"]
    assert {s.remote_id for s in signals} == {ours.uri}
    assert {n.reason for n in told} >= {"mention", "reply", "quote", "like", "repost", "follow"}


def test_messages_have_two_sides_and_deletions():
    (convo,) = each(recorded("conversations"), "convos", Convo)
    us = each(recorded("our_feed"), "feed", FeedItem)[0].post.author.did
    told = each(recorded("messages_with_a_deleted_one"), "messages", Message)
    made = [translate.message(m, convo, SOMEONE, us) for m in told]
    deleted, asked = made
    assert isinstance(deleted, Deletion)
    assert deleted.room is Room.DIRECT
    assert (asked.text, asked.room, asked.thread) == ("Where is my order?", Room.DIRECT, convo.id)
    assert asked.counterpart == convo.counterpart(us).did != us


def test_a_conversation_of_more_than_two_is_left_alone():
    told = recorded("conversations")
    told["convos"][0]["members"].append({"did": "did:plc:third", "handle": "third.test"})
    (convo,) = each(told, "convos", Convo)
    message = maybe({"id": "1", "sender": {"did": "x"}, "sentAt": "2026-11-22T12:00:00Z",
                     "text": "hi"}, Message)  # fmt: skip
    assert translate.message(message, convo, SOMEONE, convo.members[0].did) is None


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("2026-11-22T11:00:00Z", datetime(2026, 11, 22, 11, tzinfo=UTC)),
        ("2026-11-22T12:04:00.5Z", datetime(2026, 11, 22, 12, 4, 0, 500_000, UTC)),
        ("2026-11-22T12:00:00+02:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2031-01-01T00:00:00Z", SEEN),
        ("0001-01-01T00:00:00+14:00", SEEN),
        ("yesterday", SEEN),
        ("", SEEN),
    ],
)
def test_a_time_that_cannot_be_is_when_the_network_saw_it(claimed, kept):
    uri = "at://did:plc:a/app.bsky.feed.post/3k"
    post = translate.post(uri, Record(created_at=claimed), SOMEONE, seen_at=SEEN)
    assert post.created_at == kept


def test_one_bad_item_does_not_lose_the_others():
    told = recorded("notifications_of_every_kind")
    told["notifications"][0] = {"uri": 5}
    told["notifications"][1]["author"] = None
    whole = len(told["notifications"])
    assert len(each(told, "notifications", Notification)) == whole - 2


@pytest.mark.parametrize("answer", [None, [], "x", {}, {"posts": None}, {"posts": {}}])
def test_an_answer_that_is_none_is_unreachable(answer):
    with pytest.raises(Unreachable):
        each(answer, "posts", PostView)


# What a stranger may put there

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["at://did:plc:a/app.bsky.feed.post/1", "did:plc:a", "#link", "$type"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["record", "uri", "media", "images", "$type", "features", "external",
                         "values", "val", "reply", "parent", "did", "ref", "$link"]),
        inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a payload."""
    inner = (
        content.items() if isinstance(content, dict)
        else enumerate(content) if isinstance(content, list) else ()
    )  # fmt: skip
    return [path, *(p for name, part in inner for p in places(part, (*path, name)))]


def put(content: Any, path: tuple[Any, ...], what: Any) -> Any:
    if not path:
        return what
    inner = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = what
    return content


@settings(max_examples=300)
@given(st.sampled_from(sorted(p.stem for p in RECORDED.glob("*.json"))), st.data())
def test_no_payload_makes_the_translation_stumble(name, data):
    told = recorded(name)
    for _ in range(data.draw(st.integers(1, 3))):
        told = put(told, data.draw(st.sampled_from(places(told))), data.draw(junk))
    field = next((f for f in FIELDS if isinstance(told, dict) and f in told), "posts")
    try:
        items = each(told, field, FIELDS[field])
    except Unreachable:
        return
    for item in items:
        read(item)


def read(item: Any) -> None:
    if isinstance(item, FeedItem):
        item = item.post
    if isinstance(item, PostView):
        by = translate.author(item.author)
        post = translate.post(item.uri, item.record, by, seen_at=SEEN, view=item)
        assert post is None or post.thread
        translate.post(item.uri, item.record, by, seen_at=SEEN)
    elif isinstance(item, Profile):
        translate.author(item)
        translate.automated(item)
    elif isinstance(item, Notification):
        translate.signal(item)
        maybe(item.record, Record)
    elif isinstance(item, Convo):
        item.counterpart("did:plc:a")
    elif isinstance(item, Message):
        (convo,) = each(recorded("conversations"), "convos", Convo)
        translate.message(item, convo, SOMEONE, convo.members[0].did)
