"""From the JSON of many kinds of servers to the desk's words, and nothing widened on the way."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.network import Draft, Room, Unreachable
from sanderling.core.query import parse
from sanderling.networks.mastodon import translate
from sanderling.networks.mastodon.payload import (
    Instance,
    Notification,
    Status,
    Wording,
    each,
    understood,
)
from sanderling.networks.mastodon.seeking import MOST_TAGS, Sought, sought
from sanderling.networks.mastodon.translate import Home

HOME = Home(host="social.example", domain="example", me="1")
RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def post(name: str) -> Any:
    return translate.to_post(understood(recorded(name), Status), HOME)


def test_a_mention_from_another_server() -> None:
    told = post("mention_from_another_server")
    assert told.remote_id == "113000000000000001@social.example"
    assert told.text == "@care@example My bill is wrong, see https://jo.example/a/long/way?x=1"
    assert (told.author.handle, told.author.name) == ("jo@b.example", "Jo")
    assert told.mentions == ("1@social.example",)
    assert told.created_at == datetime(2026, 11, 2, 8, 0, 0, 123000, tzinfo=UTC)
    assert (told.lang, told.automated, told.author.takes_messages) == ("en", False, None)
    assert told.url == "https://b.example/@jo/1"


def test_a_content_warning_is_read_first() -> None:
    assert post("behind_a_warning").text == "bills\n\n200 instead of 20!"


def test_a_message_of_pleroma_names_its_conversation_and_a_bot_is_automated() -> None:
    told = post("message_of_pleroma")
    assert told.room is Room.DIRECT
    assert told.thread == "conversation 77@social.example"
    assert told.counterpart == "AbCdEf@social.example"
    assert told.automated


def test_a_quote_of_akkoma() -> None:
    told = post("quote_of_akkoma")
    assert (told.quote_of, told.quote_of_author) == ("q9@social.example", "1@social.example")


def test_a_followers_only_post_of_ours_answers_somebody() -> None:
    told = post("ours_for_followers")
    assert (told.room, told.counterpart) == (Room.DIRECT, "55@social.example")


def test_what_we_wrote_for_our_followers_alone_is_not_told() -> None:
    to_nobody = recorded("ours_for_followers") | {"in_reply_to_account_id": None}
    assert translate.to_posts([understood(to_nobody, Status)], HOME) == ()


def test_what_is_only_passed_on_is_no_post() -> None:
    boost = recorded("behind_a_warning") | {"reblog": recorded("mention_from_another_server")}
    assert translate.to_posts([understood(boost, Status)], HOME) == ()


def test_older_wordings_come_with_their_times() -> None:
    status = understood(
        recorded("behind_a_warning") | {"edited_at": "2026-11-02T09:00:00Z"}, Status
    )
    at = ["2026-11-02T08:00:00.000Z", "2026-11-02T08:30:00Z", "2026-11-02T09:00:00Z"]
    history = [
        understood({"created_at": t, "content": f"<p>{i}</p>"}, Wording) for i, t in enumerate(at)
    ]
    told = translate.older_wordings(status, history, HOME)
    assert [(p.text, p.edited_at and p.edited_at.minute) for p in told] == [("0", None), ("1", 30)]


def test_one_bad_item_is_skipped_and_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    good = recorded("behind_a_warning")
    bad = [None, 7, {}, good | {"account": None}, good | {"created_at": "soon"}]
    assert [s.id for s in each([*bad, good], Status)] == [good["id"]]
    assert len(caplog.records) == len(bad)


def test_limits_of_every_kind_of_instance() -> None:
    def of(content: Any) -> Any:
        return translate.to_limits(understood(content, Instance))

    assert of({}).public_length == 500 - translate.NAMED
    assert of({"max_toot_chars": 5000}).public_length == 5000 - translate.NAMED
    gotosocial = of(recorded("instance_of_gotosocial"))
    assert (gotosocial.direct_length, gotosocial.media) == (5000 - translate.NAMED, 6)
    assert gotosocial.media_types == ("image/jpeg", "image/webp")
    odd = of({"configuration": {"statuses": {"max_characters": -5, "max_media_attachments": -1}}})
    assert odd.public_length >= 1
    assert odd.media == 0


@pytest.mark.parametrize(
    ("said", "server"),
    [
        ({"domain": "a.example"}, "a.example"),
        ({"uri": "https://a.example/"}, "a.example"),
        ({"uri": "a.example", "domain": None}, "a.example"),
        ({"domain": "a b\n"}, ""),
        ({"domain": "x" * 300}, ""),
        ({}, ""),
    ],
)
def test_the_name_of_a_server(said: Any, server: str) -> None:
    assert understood(said, Instance).server == server


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted(path.stem for path in RECORDED.glob("*.json") if "instance" not in path.stem)


@given(st.sampled_from(NAMES), st.data())
def test_a_mutated_payload_never_breaks_anything(name: str, data: st.DataObject) -> None:
    status = copy.deepcopy(recorded(name))
    for _ in range(data.draw(st.integers(1, 4))):
        inside = data.draw(st.sampled_from([status, *_dicts(status)]))
        inside[data.draw(st.sampled_from(sorted(inside) or ["id"]))] = data.draw(ANYTHING)
    told = {"id": "9", "type": "mention", "created_at": "2026-11-02T08:00:00Z", "status": status}
    posts, _ = translate.to_posts_and_signals(each([told], Notification), HOME)
    for one in posts:
        assert one.remote_id.endswith("@social.example")
        assert one.created_at.tzinfo is UTC
        assert one.room is Room.DIRECT or status["visibility"] in ("public", "unlisted")


def _dicts(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, list):
        return [one for part in content for one in _dicts(part)]
    if isinstance(content, dict):
        return [one for one in (content, *_dicts(list(content.values()))) if one]
    return []


@given(ANYTHING)
def test_nonsense_is_unreachable_or_nothing(content: Any) -> None:
    assert each([content], Status) == []
    with suppress(Unreachable):
        translate.to_limits(understood(content, Instance))


WIDTH = {"direct": 0, "private": 1, "unlisted": 2, "public": 3}
KINDS = st.sampled_from([*WIDTH, "local", "mutuals_only", "list", ""]) | st.text(max_size=8)


@given(KINDS, st.sampled_from(Room))
def test_visibility_is_never_widened(parent: str, room: Room) -> None:
    answered = translate.visibility(room, parent)
    assert WIDTH[answered] <= WIDTH.get(parent, 0)
    if room is Room.DIRECT:
        assert answered == "direct"
    assert translate.room_of(answered) is Room.DIRECT or translate.room_of(parent) is Room.PUBLIC


NAME = st.from_regex(r"[a-z0-9_]{1,10}", fullmatch=True)
WORDS = st.text("ab @.,:/\n", max_size=40)


@given(WORDS, NAME)
def test_a_mention_that_was_added_changes_nothing_for_finding(text: str, name: str) -> None:
    said = translate.addressed(text, name, HOME)
    assert translate._is_named(said, name, HOME)
    status = understood(
        recorded("behind_a_warning")
        | {"content": f"<p>{said}</p>", "spoiler_text": "", "visibility": "public"},
        Status,
    )
    assert translate.says_the_same(status, Draft(room=Room.PUBLIC, text=text), HOME)


@given(WORDS, WORDS, NAME)
def test_whoever_a_text_names_is_seen(before: str, after: str, name: str) -> None:
    named = translate.others_named(f"{before} @{name}@far.example {after}", "jo", "care", HOME)
    assert f"{name}@far.example" in named
    assert translate.others_named("@jo hello, @care@example here", "jo", "care", HOME) == []
    assert translate.others_named("ask @@eve", "jo", "care", HOME), "Mastodon reads it as @eve"


@pytest.mark.parametrize(
    ("columns", "tags", "searches"),
    [
        (["#Northwind outage"], ("northwind",), ()),
        (["#a OR #b", "#B -#c"], ("a", "b"), ()),
        (["outage", '"no signal"'], (), ('"no signal"', "outage")),
        (["#a OR outage"], ("a",), ("outage",)),
        (["from:jo", "lang:de", "min_followers:3", "#a OR lang:de"], (), ()),
        (["network:bluesky #a", "network:mastodon #b"], ("b",), ()),
        (["(outage OR refund) #a"], ("a",), ()),
    ],
)
def test_what_columns_need(
    columns: list[str], tags: tuple[str, ...], searches: tuple[str, ...]
) -> None:
    assert sought(map(parse, columns)) == Sought(tags=tags, searches=searches)


def test_only_so_much_is_sought() -> None:
    assert len(sought(parse(f"#tag{i}") for i in range(100)).tags) == MOST_TAGS
