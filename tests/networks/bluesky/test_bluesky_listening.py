"""The stream: what its frames say, what columns may ask of it, and where a reader goes on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import libipld
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from sanderling.core.query import Query, Subject, holds, parse
from sanderling.core.query.tree import And, Has, Lang, MinFollowers, Node, Not, Or, Word
from sanderling.networks.bluesky import firehose, jetstream
from sanderling.networks.bluesky.changes import Change
from sanderling.networks.bluesky.columns import Columns, loosened, subject
from sanderling.networks.bluesky.place import MOST_PAGES, OVERLAP, Place, Reading, place
from sanderling.networks.bluesky.stream import is_firehose, whole

US, ANNA = "did:plc:us", "did:plc:anna"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CID = "bafyreiab7jiic4novcjq6ykvvrxlprsj7cl4ezxcjpfhpgggfczgxhu2pu"
POST = {"$type": "app.bsky.feed.post", "text": "hello", "createdAt": "2026-11-22T12:00:00Z"}


def created(record: dict[str, Any], *, names_us: bool = True) -> Change:
    return Change(ANNA, "3k", "create", "2026-11-22T12:00:00Z", record, CID, names_us)


def naming(**parts: Any) -> Change:
    return created({**POST, **parts})


# Frames


def test_jetstream_tells_posts_and_its_place():
    payload = {
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": 7, "did": ANNA,
        "time": "2026-11-22T12:00:00Z", "operation": "create", "rkey": "3k", "cid": CID,
        "collection": "app.bsky.feed.post", "record": {**POST, "text": f"to {US}"},
    }  # fmt: skip
    place, (change,) = jetstream.changes(json.dumps({"payload": payload}), US)
    assert (place, change.uri) == (7, f"at://{ANNA}/app.bsky.feed.post/3k")
    assert (change.operation, change.names_us) == ("create", True)
    other = {**payload, "collection": "app.bsky.feed.like"}
    assert jetstream.changes(json.dumps({"payload": other}), US) == (7, [])


def frame(header: Any, body: Any) -> bytes:
    return libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(body)


def test_the_firehose_tells_deletions_and_its_place():
    op = {"action": "delete", "path": "app.bsky.feed.post/3k", "cid": None}
    body = {"repo": ANNA, "seq": 9, "time": "2026-11-22T12:00:00Z", "ops": [op], "blocks": b""}
    place, (change,) = firehose.changes(frame({"op": 1, "t": "#commit"}, body), US.encode())
    assert (place, change.operation, change.rkey) == (9, "delete", "3k")
    body["ops"] = [{**op, "path": "app.bsky.feed.like/3k"}]
    assert firehose.changes(frame({"op": 1, "t": "#commit"}, body), b"") == (9, [])
    assert firehose.changes(frame({"op": 1, "t": "#identity"}, body), b"") == (9, [])


def test_the_firehose_says_why_it_ends():
    with pytest.raises(firehose.FirehoseFault) as told:
        firehose.changes(frame({"op": -1}, {"error": "FutureCursor"}), b"")
    assert told.value.error == "FutureCursor"


@given(st.binary())
def test_a_broken_frame_stops_nothing(content):
    assert firehose.changes(content, b"us") == (0, [])
    assert jetstream.changes(content, US) == (0, [])


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**40) | st.text(max_size=5) | st.binary(max_size=5)
    | st.sampled_from(["app.bsky.feed.post/3k", "#commit", US, f"at://{US}/x/y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["op", "t", "ops", "path", "action", "cid", "repo", "time", "blocks", "seq",
                         "reply", "parent", "uri", "facets", "features", "did", "embed", "record",
                         "text", "langs", "media", "external"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@given(values, values)
def test_a_strange_frame_stops_nothing(header, body):
    try:
        _, changes = firehose.changes(frame(header, body), b"us")
    except firehose.FirehoseFault:
        return
    assert all(isinstance(change, Change) for change in changes)


@given(values)
def test_a_strange_record_is_matched_without_a_stumble(record):
    assume(isinstance(record, dict))
    change = created(record)
    change.speaks_to(US)
    Columns({1: parse("hello")}).match([subject(change, {US: "us.test"}, US)])
    firehose.as_json(record)


def test_links_to_content_are_written_as_in_json():
    raw = libipld.decode_dag_cbor(b"\xd8\x2a\x58\x25\x00" + b"\x01\x71\x12\x20" + b"\x07" * 32)
    (told,) = firehose.as_json([raw])
    assert told["$link"].startswith("bafyrei")


# Who is spoken to


@pytest.mark.parametrize(
    "parts",
    [
        {"reply": {"root": {"uri": "at://did:plc:x/a/b"}, "parent": {"uri": f"at://{US}/a/b"}}},
        {"reply": {"root": {"uri": f"at://{US}/a/b"}, "parent": {"uri": "at://did:plc:x/a/b"}}},
        {"embed": {"record": {"uri": f"at://{US}/a/b"}}},
        {"embed": {"record": {"record": {"uri": f"at://{US}/a/b"}}, "media": {}}},
        {"facets": [{"features": [{"$type": "app.bsky.richtext.facet#mention", "did": US}]}]},
    ],
)
def test_a_post_that_names_us_speaks_to_us(parts):
    assert naming(**parts).speaks_to(US)
    assert not naming(**parts).speaks_to(US[:-1])


def test_a_post_that_only_writes_our_id_does_not_speak_to_us():
    assert not naming(text=f"I read {US}").speaks_to(US)


# Columns

leaves = st.sampled_from([Word("a"), Word("b"), MinFollowers(10), Has("links"), Lang("de")])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
    ),
    max_leaves=8,
)
subjects = st.builds(
    Subject,
    text=st.sampled_from(["", "a", "b", "a b"]),
    lang=st.sampled_from([None, "de", "en"]),
    followers=st.sampled_from([None, 5, 50]),
    links=st.sampled_from([(), ("https://x.example",)]),
)


@given(trees, subjects)
def test_a_loosened_column_never_finds_too_little(tree: Node, post: Subject):
    loose = loosened(tree)
    unknown = replace(post, followers=None)
    if holds(Query(tree), post):
        assert loose is None or holds(Query(loose), unknown)


@given(trees)
def test_a_loosened_column_asks_nothing_that_the_stream_cannot_tell(tree: Node):
    loose = loosened(tree)
    assert loose is None or "MinFollowers" not in repr(loose)


def test_a_column_about_followers_alone_is_too_wide():
    columns = Columns({1: parse("min_followers:1000"), 2: parse("outage min_followers:1000")})
    assert (columns.too_wide, bool(columns)) == ([1], True)
    assert not Columns({1: parse("min_followers:1000")})


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("hello", True), ("goodbye", False), ("from:anna.test", True), ("from:bert.test", False),
        ("has:links", True), ("has:media", True), ("is:reply", True), ("is:quote", False),
        ("to:us.test", True), ("lang:de", True), ("hello -from:anna.test", False), ("is:dm", False),
    ],
)  # fmt: skip
def test_columns_read_the_stream_as_the_desk_reads_posts(query, fits):
    change = naming(
        langs=["de-CH"],
        reply={"parent": {"uri": f"at://{US}/app.bsky.feed.post/1"}, "root": {"uri": "x"}},
        facets=[{"features": [{"$type": "#link", "uri": "https://x.example"}]}],
        embed={"$type": "app.bsky.embed.images", "images": []},
    )
    known = subject(change, {US: "us.test", ANNA: "anna.test"}, US)
    assert Columns({1: parse(query)}).match([known]) == [fits]


@pytest.mark.parametrize(
    ("written", "meant", "raw"),
    [
        ("wss://j.example", "wss://j.example/xrpc/network.bsky.jetstream.subscribeEvents", False),
        ("wss://j.example/xrpc/", "wss://j.example/xrpc/network.bsky.jetstream.subscribeEvents",
         False),
        ("wss://r.example/xrpc/com.atproto.sync.subscribeRepos",
         "wss://r.example/xrpc/com.atproto.sync.subscribeRepos", True),
    ],
)  # fmt: skip
def test_a_stream_is_known_by_its_address(written, meant, raw):
    assert whole(written) == meant
    assert is_firehose(meant) is raw


# Places


def test_a_place_is_a_small_text_and_comes_back():
    at = Place(notices=Reading(pages=2), log="3k", seq=5, stream="wss://x")
    assert place(at.written()) == at
    assert len(Place().written()) < 5
    assert place("no json") == place(None) == Place()


ages = st.lists(st.integers(0, 600), max_size=40)


@given(ages.filter(bool), ages, st.integers(1, 7))
def test_nothing_new_is_passed_over(old, new, size):
    """Whatever came in is told once the reader has read on, however the pages are cut."""
    reading = Reading()
    told: set[str] = set()
    network = {f"old{n}": NOW - timedelta(seconds=age) for n, age in enumerate(old)}
    reading = read_on(network, reading, told, size=7 * MOST_PAGES * 40)
    later = NOW + timedelta(hours=1)
    network |= {f"new{n}": later + timedelta(seconds=age) for n, age in enumerate(new)}
    reading = read_on(network, reading, told, size)
    assert told == set(network)
    again: set[str] = set()
    reading = read_on(network, reading, again, size)
    read_on(network, reading, again, size)
    assert all(at >= max(network.values()) - OVERLAP for n, at in network.items() if n in again)


def test_what_slips_in_late_is_told_and_nothing_is_told_for_ever():
    network, told = {"a": NOW}, set()
    reading = read_on(network, Reading(), told, size=10)
    network["late"] = NOW - timedelta(seconds=2)
    for expected in ({"a", "late"}, set()):
        told.clear()
        reading = read_on(network, reading, told, size=10)
        assert told == expected


def test_what_slips_in_late_is_told_from_an_older_page_too():
    network, told = {str(n): NOW - timedelta(seconds=n) for n in range(12)}, set()
    reading = read_on(network, Reading(), told, size=100)
    network |= {"late": NOW - timedelta(seconds=9.5), "new": NOW + timedelta(seconds=5)}
    reading = read_on(network, reading, told, size=3)
    assert told == set(network)
    told.clear()
    read_on(network, reading, told, size=3)
    assert told == set()


def test_a_first_reading_ends_after_five_pages_or_thirty_days():
    many = {str(n): NOW - timedelta(minutes=n) for n in range(1_000)}
    told: set[str] = set()
    read_on(many, Reading(), told, size=100)
    assert len(told) == 500
    old = {str(n): NOW - timedelta(days=20 * n) for n in range(10)}
    told.clear()
    read_on(old, Reading(), told, size=1)
    assert told == {"0", "1", "2"}


def read_on(network: dict[str, datetime], reading: Reading, told: set[str], size: int) -> Reading:
    """Read pages until nothing is left."""
    newest_first = sorted(network, key=lambda name: network[name], reverse=True)
    while True:
        start = int(reading.token or 0)
        page = {name: network[name] for name in newest_first[start : start + size]}
        more = str(start + size) if start + size < len(newest_first) else ""
        told |= reading.fresh(page)
        reading = reading.after(page, more, NOW)
        if not reading.sweep.under_way:
            return reading
