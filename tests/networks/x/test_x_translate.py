"""X's JSON in the desk's words: recorded answers in both spellings, and spoilt ones."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.network import Draft, OutcomeUnknown, Room
from sanderling.core.pricing import Act
from sanderling.networks.x import activity, translate
from sanderling.networks.x.seeking import columns_of
from sanderling.networks.x.told import Entities

RECORDED = Path(__file__).parent / "recorded"
US, ADA = "1700000000000000001", "1700000000000000002"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["mentions_of_posts", "mentions_of_tweets"])
def test_both_spellings_say_the_same(name: str) -> None:
    heard = translate.to_posts(recorded(name), US)
    reply, long, edited, quote = heard.posts
    assert reply.author.handle == "ada"
    assert (reply.reply_to, reply.reply_to_author) == ("1961000000000000001", US)
    assert reply.text == "@acme it leaks & drips: https://example.com/kettle?a=1&b=2"
    assert reply.links == ("https://example.com/kettle?a=1&b=2",)
    assert (reply.media[0].kind, reply.media[0].alt) == ("picture", "A puddle")
    assert (reply.closed, reply.lang) == (False, "he")
    assert long.text.endswith("the end of a long post")
    assert edited.remote_id == "1961000000000000005"
    assert edited.edited_at is not None
    assert edited.edited_at > edited.created_at
    assert (quote.quote_of, quote.text) == ("1961000000000000001", "look at this")
    assert quote.closed
    assert [(s.kind, s.remote_id) for s in heard.signals] == [("repost", "1961000000000000001")]


def test_a_strange_item_is_left_out_and_the_rest_kept() -> None:
    answer = recorded("mentions_of_posts")
    answer["data"].insert(0, {"id": 17, "text": ["no"]})
    answer["data"].insert(0, "nonsense")
    assert len(translate.to_posts(answer, US).posts) == 4


def test_a_post_without_its_author_is_lost_unless_we_know_them() -> None:
    answer = recorded("mentions_of_posts")
    del answer["includes"]["users"]
    heard = translate.to_posts(answer, US)
    assert (len(heard.posts), len(heard.lost)) == (0, 4)


def test_messages_of_two_are_told_and_groups_are_not() -> None:
    theirs, ours = translate.to_messages(recorded("messages"), US)
    assert (theirs.text, theirs.counterpart) == ("my number is <17>", ADA)
    assert (ours.author.id, ours.counterpart) == (US, ADA)
    assert theirs.thread == ours.thread
    assert theirs.room is Room.DIRECT


def events() -> dict[str, Any]:
    return recorded("activity")


def understood(event: Any) -> activity.Event:
    return activity.understood(event, US, {}, NOW)


def test_a_mention_by_activity_is_the_post_that_asking_gives() -> None:
    event = understood(events()["mention"])
    (post,) = event.posts
    assert (post.author.handle, post.text) == ("ada", "hey @acme")
    assert event.read == ((Act.READ_POST, post.remote_id),)


def test_a_reply_without_includes_must_be_looked_up() -> None:
    event = understood(events()["reply without includes"])
    assert (event.posts, event.lost) == ((), ("2090000000000000001",))


def test_a_message_by_activity_is_the_one_that_asking_gives() -> None:
    event = understood(events()["message"])
    (post,) = event.posts
    assert (post.text, post.counterpart, post.author.handle) == ("hello & bye", ADA, "ada")
    assert post.thread == translate.to_messages(recorded("messages"), US)[0].thread
    assert event.read == ((Act.READ_MESSAGE, post.remote_id),)
    sent = understood({"data": {**events()["message"]["data"], "event_type": "dm.sent"}})
    assert sent.read == ()


def test_an_encrypted_message_is_no_post_but_is_said() -> None:
    event = understood(events()["encrypted"])
    assert event.posts == ()
    assert "only X's own app can show" in event.encrypted


def test_likes_count_even_where_x_does_not_say_whose() -> None:
    event = understood(events()["like"])
    (signal,) = event.signals
    assert (signal.kind, signal.remote_id) == ("like", "1961000000000000001")
    assert signal.actor == "like 87719f50ee17bdfa06a3089098a2b9ed"


def test_a_permission_taken_back_is_told_to_its_account_only() -> None:
    event = events()["revoked"]
    assert understood(event).revoked
    assert not activity.understood(event, ADA, {}, NOW).revoked


def test_events_of_other_accounts_tell_nothing() -> None:
    for event in events().values():
        assert activity.understood(event, "42", {}, NOW) == activity.Event()


def test_a_bare_event_is_understood_like_a_wrapped_one() -> None:
    event = events()["mention"]
    assert understood(event["data"]) == understood(event)


# Whatever X, or somebody in its place, may send


def inside(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    texts = st.text(max_size=8)
    return st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)


ONE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(ONE, inside, max_leaves=6)


def places(found: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where everything lies inside."""
    if isinstance(found, dict):
        inner = list(found.items())
    else:
        inner = list(enumerate(found)) if isinstance(found, list) else []
    return [at, *(place for key, value in inner for place in places(value, (*at, key)))]


def spoilt(answer: Any, place: tuple[Any, ...], by: Any) -> Any:
    if not place:
        return by
    answer = copy.deepcopy(answer)
    around = answer
    for key in place[:-1]:
        around = around[key]
    around[place[-1]] = by
    return answer


@st.composite
def mutated(draw: st.DrawFn, name: str) -> Any:
    """A recorded answer with a few of its places overwritten."""
    answer = recorded(name)
    for _ in range(draw(st.integers(1, 3))):
        answer = spoilt(answer, draw(st.sampled_from(places(answer))), draw(JSON))
    return answer


@given(mutated("mentions_of_posts") | mutated("mentions_of_tweets") | JSON)
def test_no_answer_about_posts_breaks_anything(answer: Any) -> None:
    translate.to_posts(answer, US)
    translate.to_deletions(answer, NOW)


@given(mutated("messages") | JSON)
def test_no_answer_about_messages_breaks_anything(answer: Any) -> None:
    translate.to_messages(answer, US)


@given(mutated("activity"), JSON)
def test_no_event_breaks_anything(spoilt_events: Any, anything: Any) -> None:
    inside = list(spoilt_events.values()) if isinstance(spoilt_events, dict) else []
    for event in (anything, {"data": anything}, *inside):
        understood(event)


@given(JSON)
def test_no_list_of_matching_rules_breaks_anything(rules: Any) -> None:
    columns_of({"matching_rules": rules})
    columns_of({"matching_rules": [rules, {"tag": rules}]})


def test_the_columns_of_a_line_are_those_of_our_rules() -> None:
    tags = ["sanderling 3,12", "another program", "sanderling x", None, "sanderling 4"]
    assert columns_of({"matching_rules": [{"id": "1", "tag": tag} for tag in tags]}) == [3, 12, 4]


@given(JSON)
def test_a_receipt_is_one_or_the_outcome_is_unknown(answer: Any) -> None:
    try:
        receipt = translate.to_receipt({"data": answer}, NOW)
    except OutcomeUnknown:
        return
    assert receipt.remote_id.isdecimal()


# Wordings


@given(st.text(max_size=60))
def test_a_text_is_the_same_as_itself_however_x_shows_it(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = translate.worded(escaped, Entities())
    assert translate.plain(shown) == translate.plain(text)
    assert translate.plain(f"@ada @acme {shown}") == translate.plain(text)


def test_a_receipt_tells_the_time_of_the_id() -> None:
    answer = {"data": {"id": "1961000000000000001", "text": "x"}}
    receipt = translate.to_receipt(answer, datetime(2025, 8, 28, 9, tzinfo=UTC))
    assert f"{receipt.at:%Y-%m-%d}" == "2025-08-28"
    assert translate.to_receipt(answer, NOW).at == NOW


def test_a_draft_is_said_in_what_x_takes() -> None:
    draft = Draft(room=Room.PUBLIC, text="Hi", reply_to="17")
    assert translate.from_draft(draft, ["1"]) == {
        "text": "Hi",
        "reply": {"in_reply_to_tweet_id": "17"},
        "media": {"media_ids": ["1"]},
    }
    direct = Draft(room=Room.DIRECT, text="", to="17")
    assert translate.from_draft(direct, ["1"]) == {"attachments": [{"media_id": "1"}]}


# Signatures


@given(st.binary(max_size=200), st.text(min_size=1, max_size=20), st.binary(max_size=200))
def test_only_what_x_signed_is_genuine(body: bytes, key: str, other: bytes) -> None:
    signed = {activity.SIGNATURE: activity.signature(key, body)}
    assert activity.is_signed(body, signed, key)
    assert activity.is_signed(other, signed, key) == (other == body)
    assert not activity.is_signed(body, signed, key + "x")
    assert not activity.is_signed(body, signed, "")
    assert not activity.is_signed(body, {}, key)


@given(st.text(max_size=60))
def test_no_header_breaks_the_check(header: str) -> None:
    assert not activity.is_signed(b"{}", {activity.SIGNATURE: header}, "key")
