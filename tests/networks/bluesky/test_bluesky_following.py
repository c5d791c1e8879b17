"""Following: the stream and the looks together, at Bluesky's own servers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

import msgspec
import pytest
from atproto import Client, client_utils

from processes import eventually
from sanderling.core.network import Page, Post
from sanderling.core.query import parse
from sanderling.networks.bluesky.client import Session
from sanderling.networks.bluesky.connector import Bluesky
from servers.bluesky.devnet import Devnet
from servers.kept import Kept

numbers = count(1)


@pytest.fixture
def brand(devnet: Devnet) -> Client:
    return devnet.person(f"followed{next(numbers)}")


@pytest.fixture
def anna(devnet: Devnet) -> Client:
    return devnet.person(f"anna{next(numbers)}")


def connected(devnet: Devnet, who: Client, stream: str = "jetstream") -> Bluesky:
    streams = {
        "jetstream": devnet.jetstream.url,
        "firehose": f"{devnet.firehose}/com.atproto.sync.subscribeRepos",
        "": "",
    }
    session = Session(
        did=who.me.did, handle=who.me.handle, chat=devnet.chat.proxy, stream=streams[stream],
        password=devnet.app_password(who, privileged=True),
    )  # fmt: skip
    return Bluesky(devnet.pds, Kept(msgspec.json.encode(session).decode()), allow_private=True)


class Told:
    """What a follower was told so far."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    def posts(self, way: str) -> dict[str, Post]:
        return {p.remote_id: p for page in self.pages if page.way == way for p in page.posts}

    @property
    def cursor(self) -> str:
        return next(page.cursor for page in reversed(self.pages) if page.cursor)


@contextmanager
def following(desk: Bluesky, since: str | None = None, *, look_s: float = 0.3) -> Iterator[Told]:
    told, over = Told(), threading.Event()
    desk.look_s = look_s

    def listen() -> None:
        with closing(desk.follow(since)) as stream:
            for page in stream:
                told.pages.append(page)
                if over.is_set():
                    return

    running = threading.Thread(target=listen)
    running.start()
    try:
        yield told
    finally:
        over.set()
        desk.look_s = 0.1
        running.join(30)
        assert not running.is_alive()


def live(desk: Bluesky, someone: Client) -> None:
    """Wait until the stream tells: a server may begin a little after it has answered."""
    eventually(lambda: someone.send_post("is anybody there?") and desk._listener.seq)


@pytest.mark.parametrize("stream", ["jetstream", "firehose"])
def test_a_mention_comes_by_the_stream_before_anybody_asks(devnet, brand, anna, stream):
    with closing(connected(devnet, brand, stream)) as desk, following(desk, look_s=8) as told:
        desk.seek({1: parse("a-word-that-nobody-writes")})
        live(desk, anna)
        said = client_utils.TextBuilder().mention("@you", brand.me.did).text(" help")
        wrote = anna.send_post(said)
        post = eventually(lambda: told.posts("stream").get(wrote.uri))
        assert post.mentions == (brand.me.did,)
        assert post.author.handle == anna.me.handle
        assert wrote.uri not in told.posts("poll")


def test_what_is_sought_takes_effect_while_following(devnet, brand, anna):
    with closing(connected(devnet, brand, "firehose")) as desk, following(desk) as told:
        eventually(lambda: told.pages)
        assert desk._listener.live_since is None
        desk.seek({1: parse("marmalade")})
        live(desk, anna)
        first = anna.send_post("I like marmalade")
        eventually(lambda: first.uri in told.posts("stream"))
        desk.seek({1: parse("parcel"), 2: parse(f"from:{anna.me.handle} quince")})
        anna.send_post("more marmalade")
        wanted = [anna.send_post("my parcel"), anna.send_post("quince jam")]
        eventually(lambda: all(w.uri in told.posts("stream") for w in wanted))
        assert len(told.posts("stream")) == 3
        desk.seek({})
        anna.send_post("this parcel is not sought")
        eventually(lambda: desk._listener.live_since is None)
    assert len(told.posts("stream")) == 3


def test_an_edit_and_a_deletion_of_what_was_told_are_told(devnet, brand, anna):
    with closing(connected(devnet, brand)) as desk, following(desk) as told:
        desk.seek({1: parse("teapot")})
        live(desk, anna)
        wrote = anna.send_post("a teapot")
        first = eventually(lambda: told.posts("stream").get(wrote.uri))
        at = {"repo": anna.me.did, "collection": "app.bsky.feed.post",
              "rkey": wrote.uri.rpartition("/")[2]}  # fmt: skip
        record = anna.com.atproto.repo.get_record(at).value
        record.text = "a kettle"
        anna.com.atproto.repo.put_record({**at, "record": record})
        edited = eventually(lambda: (p := told.posts("stream")[wrote.uri]).text == "a kettle" and p)
        assert edited.version_at > first.version_at
        anna.delete_post(wrote.uri)
        eventually(lambda: [d for page in told.pages for d in page.deletions])


def test_a_stream_that_breaks_is_taken_up_where_it_was(devnet, brand, anna):
    with closing(connected(devnet, brand)) as desk, following(desk) as told:
        desk.seek({1: parse("lighthouse")})
        live(desk, anna)
        wrote = [anna.send_post("lighthouse one")]
        eventually(lambda: wrote[0].uri in told.posts("stream"))
        devnet.jetstream.refuse(2)
        devnet.jetstream.drop()
        wrote.append(anna.send_post("lighthouse two"))
        eventually(lambda: wrote[1].uri in told.posts("stream"), within=40)


def test_a_reader_that_was_away_goes_on_where_it_was(devnet, brand, anna):
    with closing(connected(devnet, brand)) as desk, following(desk) as told:
        desk.seek({1: parse("harbour")})
        live(desk, anna)
        seen = anna.send_post("harbour one")
        eventually(lambda: seen.uri in told.posts("stream"))
    missed = anna.send_post("harbour two, in the dark")
    with closing(connected(devnet, brand)) as desk:
        desk.seek({1: parse("harbour")})
        with following(desk, told.cursor) as again:
            eventually(lambda: missed.uri in again.posts("stream"))


def test_without_a_stream_the_looks_go_on_and_columns_are_warned_of(devnet, brand, anna):
    with closing(connected(devnet, brand, "")) as desk:
        desk.seek({1: parse("anything")})
        with following(desk) as told:
            said = client_utils.TextBuilder().mention("@you", brand.me.did)
            wrote = anna.send_post(said)
            eventually(lambda: wrote.uri in told.posts("poll"))
            assert any("no stream" in (page.warning or "") for page in told.pages)


def test_nothing_is_told_twice_while_nothing_happens(devnet, brand, anna):
    with closing(connected(devnet, brand)) as desk:
        anna.send_post(client_utils.TextBuilder().mention("@you", brand.me.did))
        page = eventually(lambda: (p := desk.pull(None)).posts and p)
        assert desk.pull(page.cursor).posts == desk.pull(page.cursor).signals == ()
