"""The connector against Bluesky's own servers: everything the desk does there, for real."""

from __future__ import annotations

import base64
import struct
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from atproto import client_utils, models

from processes import eventually
from sanderling.core.network import (
    Draft,
    Media,
    OutcomeUnknown,
    Page,
    Post,
    Refused,
    Room,
    SignInLost,
    Throttled,
)
from sanderling.core.query import parse
from sanderling.networks.bluesky.client import Session
from sanderling.networks.bluesky.connector import Bluesky
from servers.bluesky.devnet import Devnet
from servers.kept import Kept
from servers.proxy import Proxy, proxy_before


class Brand:
    """An account of the desk's, and a customer who writes to it."""

    def __init__(self, devnet: Devnet) -> None:
        self.devnet = devnet
        self.us, self.customer = devnet.person("care"), devnet.person("customer")
        self.did = self.us.me.did
        let_in(self.us, "all")
        self.session = self.signed_in(devnet.app_password(self.us, privileged=True))

    def signed_in(self, password: str) -> Session:
        """What an account's secret is, signed in by this app password."""
        told = self.devnet.tokens(self.us.me.handle, password)
        return Session(
            did=self.did, handle=told["handle"], password=password, access=told["accessJwt"],
            refresh=told["refreshJwt"], chat=self.devnet.chat.proxy,
        )  # fmt: skip

    def connector(self, session: Session | None = None, *, at: str = "") -> Bluesky:
        """A connector to the server, or to what stands before it."""
        secret = msgspec.json.encode(session or self.session).decode()
        return Bluesky(at or self.devnet.pds, Kept(secret), allow_private=True)

    def called(self, text: str = "hello", **more: Any) -> Any:
        """A post by the customer that mentions us."""
        said = client_utils.TextBuilder().mention(f"@{self.us.me.handle}", self.did)
        return self.customer.send_post(said.text(f" {text}"), **more)

    def taking(self, whom: str) -> Any:
        """Somebody else, who takes messages from "all", "following" or "none"."""
        who = self.devnet.person(f"takes-{whom}")
        let_in(who, whom)
        return who


@pytest.fixture(scope="module")
def brand(devnet: Devnet) -> Brand:
    return Brand(devnet)


@pytest.fixture
def desk(brand: Brand) -> Iterator[Bluesky]:
    with closing(brand.connector()) as connector:
        yield connector
    brand.devnet.chat.calm()


@pytest.fixture
def proxy(devnet: Devnet) -> Iterator[Proxy]:
    with proxy_before(devnet.pds.replace("localhost", "127.0.0.1")) as before:
        yield before


def posts(desk: Bluesky) -> dict[str, Post]:
    return {post.remote_id: post for page in pages(desk) for post in page.posts}


def pages(desk: Bluesky) -> list[Page]:
    found: list[Page] = []
    while not found or found[-1].more:
        found.append(desk.pull(found[-1].cursor if found else None))
    return found


def heard(desk: Bluesky, uri: str) -> Post:
    """The post, once the network has told of it."""
    return eventually(lambda: posts(desk).get(uri))


def public(text: str, **more: Any) -> Draft:
    return Draft(room=Room.PUBLIC, text=text, at=datetime.now(UTC), **more)


def direct(text: str, to: str) -> Draft:
    return Draft(room=Room.DIRECT, text=text, to=to, at=datetime.now(UTC))


def shown(who: Any, uri: str) -> Any:
    """How somebody sees a post in the app."""
    found = who.app.bsky.feed.get_posts({"uris": [uri]}).posts
    return found[0] if found else None


# Hearing


def test_a_mention_a_reply_and_a_quote_are_heard(brand: Brand, desk: Bluesky):
    ours = brand.us.send_post("We are open")
    asked = brand.called("where is my parcel? https://example.com/p")
    under = models.AppBskyFeedPost.ReplyRef(root=strong(ours), parent=strong(ours))
    replied = brand.customer.send_post("and mine?", reply_to=under)
    quoted = brand.customer.send_post(
        "look", embed=models.AppBskyEmbedRecord.Main(record=strong(ours))
    )
    mention = heard(desk, asked.uri)
    assert mention.author.id == brand.customer.me.did
    assert mention.mentions == (brand.did,)
    assert heard(desk, replied.uri).reply_to == ours.uri
    assert heard(desk, replied.uri).reply_to_author == brand.did
    assert heard(desk, quoted.uri).quote_of == ours.uri
    assert heard(desk, ours.uri).author.id == brand.did


def test_a_like_and_a_repost_are_signals(brand: Brand, desk: Bluesky):
    ours = brand.us.send_post("Good news")
    brand.customer.like(ours.uri, ours.cid)
    brand.customer.repost(ours.uri, ours.cid)

    def signals() -> set[str]:
        return {s.kind for p in pages(desk) for s in p.signals if s.remote_id == ours.uri}

    eventually(lambda: signals() == {"like", "repost"})


def test_an_edit_and_a_deletion_are_found_by_looking_again(brand: Brand, desk: Bluesky):
    asked = brand.called("first wording")
    first = heard(desk, asked.uri)
    edit(brand.customer, asked, "second wording")

    def edited() -> Post | None:
        again = desk.recheck([asked.uri]).posts
        return again[0] if again and again[0].text == "second wording" else None

    assert eventually(edited).version_at > first.version_at
    brand.customer.delete_post(asked.uri)
    gone = eventually(lambda: desk.recheck([asked.uri]).deletions)
    assert [(d.remote_id, d.room) for d in gone] == [(asked.uri, Room.PUBLIC)]


@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # the SDK's own
def test_a_picture_comes_with_its_description(brand: Brand, desk: Bluesky):
    sent = brand.customer.send_image(
        "look", PICTURE, "a torn box", facets=mention_of(brand, "look")
    )
    assert [(m.kind, m.alt) for m in heard(desk, sent.uri).media] == [("picture", "a torn box")]


def test_a_post_that_takes_no_replies_is_closed(brand: Brand, desk: Bluesky):
    asked = brand.called("no answers please")
    gate = models.AppBskyFeedThreadgate.Record(
        post=asked.uri, allow=[], created_at=brand.customer.get_current_time_iso()
    )
    rkey = asked.uri.rpartition("/")[2]
    brand.customer.app.bsky.feed.threadgate.create(brand.customer.me.did, gate, rkey)
    eventually(lambda: heard(desk, asked.uri).closed)
    with pytest.raises(Refused):
        desk.push(public("still", reply_to=asked.uri), "a key for a closed post")


@pytest.mark.parametrize(
    ("declared", "takes"), [("all", "all"), ("following", "followed"), ("none", "none")]
)
def test_whom_an_author_lets_write_is_told(brand: Brand, desk: Bluesky, declared: str, takes: str):
    asked = brand.taking(declared).send_post("hello", facets=mention_of(brand, "hello"))
    assert heard(desk, asked.uri).author.takes_messages == takes


# Saying


def test_an_answer_stands_under_the_post_with_links_and_names(brand: Brand, desk: Bluesky):
    asked = brand.called()
    heard(desk, asked.uri)
    text = f"@{brand.customer.me.handle} see https://example.com/help #help"
    draft = public(text, reply_to=asked.uri)
    receipt = desk.push(draft, "answer")
    told = eventually(lambda: shown(brand.customer, receipt.remote_id))
    assert told.record.reply.parent.uri == told.record.reply.root.uri == asked.uri
    kinds = {f.features[0].py_type.partition("#")[2] for f in told.record.facets}
    assert {"mention", "link"} <= kinds
    assert heard(desk, receipt.remote_id).reply_to == asked.uri
    assert desk.push(draft, "answer") == receipt == desk.find("answer", draft)
    desk.take_back(receipt.remote_id, Room.PUBLIC)
    desk.take_back(receipt.remote_id, Room.PUBLIC)
    eventually(lambda: shown(brand.customer, receipt.remote_id) is None)
    assert desk.find("answer", draft) is None


def test_an_answer_deep_in_a_thread_names_its_root(brand: Brand, desk: Bluesky):
    first = brand.called("one")
    second = desk.push(public("two", reply_to=first.uri), "two").remote_id
    third = desk.push(public("three", reply_to=second), "three").remote_id
    told = eventually(lambda: shown(brand.customer, third))
    assert (told.record.reply.root.uri, told.record.reply.parent.uri) == (first.uri, second)


def test_a_picture_goes_out_with_its_description(brand: Brand, desk: Bluesky):
    label = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    media = (Media(kind="picture", url=label, alt="where the label is"),)
    receipt = desk.push(public("like this", media=media), "with a picture")
    told = eventually(lambda: shown(brand.customer, receipt.remote_id))
    assert [image.alt for image in told.embed.images] == ["where the label is"]


def test_three_hundred_characters_go_and_one_more_does_not(desk: Bluesky):
    assert desk.push(public("👩‍👩‍👧" * 100 + "অ্যা" * 100), "just fits")
    with pytest.raises(Refused, match="300"):
        desk.push(public("অ্যা" * 150 + "x"), "too long")


def test_a_like_is_one_like(brand: Brand, desk: Bluesky):
    asked = brand.called()
    eventually(lambda: shown(brand.us, asked.uri))
    desk.like(asked.uri)
    desk.like(asked.uri)
    eventually(lambda: shown(brand.customer, asked.uri).like_count == 1)


def test_nobody_answers_a_post_that_is_gone(brand: Brand, desk: Bluesky):
    asked = brand.called()
    heard(desk, asked.uri)
    brand.customer.delete_post(asked.uri)
    eventually(lambda: shown(brand.us, asked.uri) is None)
    with pytest.raises(Refused, match="gone"):
        desk.push(public("too late", reply_to=asked.uri), "too late")


# Direct messages


def test_messages_go_both_ways(brand: Brand, desk: Bluesky):
    theirs = brand.devnet.messenger(brand.customer)
    convo = theirs.get_convo_for_members({"members": [brand.did]}).convo
    sent = theirs.send_message({"convo_id": convo.id, "message": {"text": "My number is 17"}})
    asked = posts(desk)[f"{convo.id}/{sent.id}"]
    assert (asked.room, asked.counterpart) == (Room.DIRECT, brand.customer.me.did)
    assert asked.author.handle == brand.customer.me.handle
    cursor = pages(desk)[-1].cursor
    draft = direct("We found it", brand.customer.me.did)
    receipt = desk.push(draft, "found")
    told = theirs.get_messages({"convo_id": convo.id}).messages
    assert [m.text for m in told] == ["We found it", "My number is 17"]
    assert desk.find("found", draft) == receipt
    assert [p.text for p in desk.pull(cursor).posts if p.room is Room.DIRECT] == ["We found it"]


@pytest.mark.parametrize("declared", ["none", "following"])
def test_who_takes_no_messages_is_not_written_to(brand: Brand, desk: Bluesky, declared: str):
    with pytest.raises(Refused, match="direct messages"):
        desk.push(direct("hello", brand.taking(declared).me.did), "unwanted")


def test_a_plain_app_password_reads_posts_and_warns_of_messages(brand: Brand):
    asked = brand.called()
    plain = brand.signed_in(brand.devnet.app_password(brand.us))
    with closing(brand.connector(plain)) as desk:
        assert heard(desk, asked.uri)
        assert "app password" in (pages(desk)[-1].warning or "")
        with pytest.raises(Refused, match="app password"):
            desk.push(direct("hello", brand.customer.me.did), "by a plain password")


def test_a_message_whose_answer_is_lost_is_found_and_not_sent_twice(brand: Brand, desk: Bluesky):
    to = brand.taking("all").me.did
    draft = direct("only once", to)
    brand.devnet.chat.go_wrong("lose answer")
    with pytest.raises(OutcomeUnknown):
        desk.push(draft, "once")
    assert desk.find("once", draft) is not None
    assert brand.devnet.chat.texts(to).count("only once") == 1


def test_a_message_that_never_arrived_is_not_found(brand: Brand, desk: Bluesky):
    draft = direct("never heard", brand.taking("all").me.did)
    brand.devnet.chat.go_wrong("lose")
    with pytest.raises(OutcomeUnknown):
        desk.push(draft, "unheard")
    assert desk.find("unheard", draft) is None


def test_the_chat_asks_for_patience(brand: Brand, desk: Bluesky):
    brand.devnet.chat.go_wrong("throttle")
    with pytest.raises(Throttled) as told:
        desk.push(direct("slowly", brand.taking("all").me.did), "slowly")
    assert told.value.until > datetime.now(UTC)


def test_trouble_with_messages_does_not_hide_posts(brand: Brand, desk: Bluesky):
    asked = brand.called()
    heard(desk, asked.uri)
    brand.devnet.chat.go_wrong("throttle", "listConvos")
    page = desk.pull(None)
    assert asked.uri in {post.remote_id for post in page.posts}
    assert page.warning


# Sessions and faults


@pytest.mark.parametrize(
    "left", [{"refresh": "gone"}, {"password": ""}], ids=["by the password", "by refreshing"]
)
def test_a_session_that_is_over_is_renewed(brand: Brand, left: dict[str, str]):
    fresh = brand.signed_in(brand.session.password)
    over = msgspec.structs.replace(fresh, access=brand.devnet.expired(fresh.access), **left)
    with closing(brand.connector(over)) as desk:
        assert desk.pull(None).cursor


def test_a_revoked_app_password_loses_the_sign_in(brand: Brand):
    fresh = brand.signed_in(brand.devnet.app_password(brand.us))
    newest = max(brand.us.com.atproto.server.list_app_passwords().passwords, key=_made)
    brand.us.com.atproto.server.revoke_app_password({"name": newest.name})
    over = msgspec.structs.replace(fresh, access=brand.devnet.expired(fresh.access))
    with closing(brand.connector(over)) as desk, pytest.raises(SignInLost):
        desk.pull(None)


def test_too_many_sign_ins_are_told_when_to_go_on(brand: Brand):
    """The server's own limit: thirty sign-ins of an account in five minutes."""
    old = brand.devnet.expired(brand.session.access)
    stranger = Session(did="did:plc:nobody", password="wrong", access=old, refresh="gone")
    with ThreadPoolExecutor(30) as hasty:
        list(hasty.map(lambda _: _sign_in(brand.devnet.pds, stranger), range(30)))
    with closing(brand.connector(stranger)) as desk, pytest.raises(Throttled) as told:
        desk.pull(None)
    assert timedelta() < told.value.until - datetime.now(UTC) <= timedelta(minutes=5)


def test_a_post_whose_answer_is_lost_stands_once(brand: Brand, proxy: Proxy):
    with closing(brand.connector(at=proxy.url)) as desk:
        draft = public("said once")
        proxy.let("cut after", "POST .*createRecord", times=1)
        with pytest.raises(OutcomeUnknown):
            desk.push(draft, "lost")
        found = desk.find("lost", draft)
        assert found is not None
        assert desk.push(draft, "lost") == found
    wrote = brand.us.com.atproto.repo.list_records(
        {"repo": brand.did, "collection": "app.bsky.feed.post"}
    )
    assert [r.uri for r in wrote.records if r.value.text == draft.text] == [found.remote_id]


def test_a_post_that_never_arrived_is_surely_not_there(brand: Brand, proxy: Proxy):
    with closing(brand.connector(at=proxy.url)) as desk:
        draft = public("never said")
        proxy.let("cut before", "POST .*createRecord", times=1)
        with pytest.raises(OutcomeUnknown):
            desk.push(draft, "unsaid")
        assert desk.find("unsaid", draft) is None


# The stream


@pytest.mark.parametrize("kind", ["jetstream", "firehose"])
def test_a_column_hears_who_does_not_name_us(brand: Brand, kind: str):
    stream = {
        "jetstream": brand.devnet.jetstream.stream,
        "firehose": f"{brand.devnet.firehose}/com.atproto.sync.subscribeRepos",
    }[kind]
    word = f"zebra{kind}"
    session = msgspec.structs.replace(brand.session, stream=stream)
    with closing(brand.connector(session)) as desk:
        desk.seek({1: parse(word)})
        with following(desk) as told:
            eventually(lambda: told)
            eventually(lambda: any(page.way == "stream" for page in told))
            sent = brand.customer.send_post(f"a {word} in the street")
            brand.customer.send_post("nothing to see")
            post = eventually(lambda: streamed(told).get(sent.uri))
            assert post.text.startswith("a zebra")
            brand.customer.delete_post(sent.uri)
            eventually(lambda: [d for p in told for d in p.deletions if d.remote_id == sent.uri])
    theirs = [p for p in streamed(told).values() if p.author.id != brand.did]  # ours may come too
    assert [p.text for p in theirs] == [post.text]


def streamed(told: list[Page]) -> dict[str, Post]:
    return {p.remote_id: p for page in told if page.way == "stream" for p in page.posts}


@contextmanager
def following(desk: Bluesky) -> Iterator[list[Page]]:
    """The pages that a follower is told while the block runs."""
    told: list[Page] = []
    over = threading.Event()

    def listen() -> None:
        with closing(desk.follow(None)) as stream:
            for page in stream:
                told.append(page)
                if over.is_set():
                    return

    desk.look_s = 0.2
    running = threading.Thread(target=listen)
    running.start()
    try:
        yield told
    finally:
        over.set()
        running.join(20)
        assert not running.is_alive()


# Parts


def strong(post: Any) -> Any:
    return models.ComAtprotoRepoStrongRef.Main(uri=post.uri, cid=post.cid)


def mention_of(brand: Brand, text: str) -> Any:
    return client_utils.TextBuilder().mention(text, brand.did).build_facets()


def edit(who: Any, post: Any, text: str) -> None:
    at = {
        "repo": who.me.did,
        "collection": "app.bsky.feed.post",
        "rkey": post.uri.rpartition("/")[2],
    }
    record = who.com.atproto.repo.get_record(at).value
    record.text = text
    record.facets = None
    who.com.atproto.repo.put_record({**at, "record": record})


def let_in(who: Any, whom: str) -> None:
    """Declare who may write messages to them, and wait until everybody knows."""
    record = {"$type": "chat.bsky.actor.declaration", "allowIncoming": whom}
    who.com.atproto.repo.put_record(
        {"repo": who.me.did, "collection": record["$type"], "rkey": "self", "record": record}
    )

    def declared() -> bool:
        chat = who.get_profile(who.me.did).associated.chat
        return chat is not None and chat.allow_incoming == whom

    eventually(declared)


def _sign_in(pds: str, who: Session) -> None:
    httpx.post(f"{pds}/xrpc/com.atproto.server.createSession", timeout=30, trust_env=False,
               json={"identifier": who.did, "password": who.password})  # fmt: skip


def _made(password: Any) -> str:
    return str(password.created_at)


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x7f" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURE = _png()
