"""Following an account: streams where the server offers them, asking everywhere."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest

from networks.mastodon.conftest import Connect
from sanderling.core.network import Page, Room, SignInLost, Throttled, Unreachable
from sanderling.core.query import parse
from sanderling.networks.mastodon import Mastodon
from sanderling.networks.mastodon.streams import events, near, patience
from sanderling.networks.wire.loop import run
from servers.mastodon import Manners, Server

SELDOM = (3600.0, 3600.0)
OFTEN = (0.2, 0.2)


@contextmanager
def meanwhile(*acts: Callable[[], object]) -> Iterator[None]:
    """Does the acts again and again, so that a stream that opens late hears one of them."""
    done = threading.Event()

    def go() -> None:
        while not done.wait(0.2):
            for act in acts:
                act()

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def first(pages: Iterator[Page], wanted: Callable[[Page], object]) -> Page:
    return next(page for page in pages if wanted(page))


@pytest.mark.parametrize("way", ["server-sent events", "websocket"])
def test_a_stream_tells_of_a_mention_as_it_happens(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server], way: str
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    at = behaving(Manners()) if way == "websocket" else server
    pages = connect(desk, at=at, poll_s=SELDOM).follow(None)
    assert next(pages).way == "poll"
    with meanwhile(lambda: jo.post(f"@{desk.username} now", visibility="direct")):
        page = first(pages, lambda page: page.posts)
    assert page.way == "stream"
    assert page.cursor is None
    assert (page.posts[0].author.handle.split("@")[0], page.posts[0].room) == (
        jo.username, Room.DIRECT,
    )  # fmt: skip
    pages.close()


def test_a_stream_tells_of_edits_deletions_and_likes(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    pages = connect(desk, poll_s=SELDOM).follow(None)
    next(pages)
    root = desk.post("teh news")
    with meanwhile(lambda: desk.edit(root["id"], "the news")):
        edit = first(pages, lambda page: any(p.edited_at for p in page.posts)).posts[0]
    assert (edit.text, edit.remote_id) == ("the news", f"{root['id']}@{server.host}")
    jo.act(root["id"], "favourite")
    (like,) = first(pages, lambda page: page.signals).signals
    assert (like.kind, like.remote_id) == ("like", edit.remote_id)
    desk.delete(root["id"])
    gone = first(pages, lambda page: page.deletions).deletions
    assert {(d.remote_id, d.room) for d in gone} == {(edit.remote_id, room) for room in Room}
    pages.close()


def test_what_people_whom_we_follow_write_among_themselves_is_not_told(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    desk.call("POST", f"/api/v1/accounts/{jo.id}/follow")
    pages = connect(desk, poll_s=SELDOM).follow(None)
    next(pages)
    says = [lambda: jo.post("my lunch"), lambda: jo.post(f"@{desk.username} my bill")]
    with meanwhile(*says):
        told = first(pages, lambda page: page.posts)
    assert "my bill" in told.posts[0].text
    pages.close()


def test_without_a_stream_asking_often_tells_all(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server]
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    silent = behaving(Manners(websocket=False))
    pages = connect(desk, at=silent, poll_s=(3600.0, 0.2)).follow(None)
    next(pages)
    asked = jo.post(f"@{desk.username} hello?")
    page = first(pages, lambda page: page.posts)
    assert (page.way, page.live_since) == ("poll", None)
    assert page.posts[0].remote_id == f"{asked['id']}@{silent.host}"
    assert page.cursor
    pages.close()


def test_a_page_that_was_asked_for_says_since_when_a_stream_has_told(
    server: Server, connect: Connect
) -> None:
    began = datetime.now(UTC)
    pages = connect(server.person("desk"), poll_s=OFTEN).follow(None)
    live = first(pages, lambda page: page.live_since).live_since
    assert live
    assert began <= live <= datetime.now(UTC)
    pages.close()


def test_a_token_revoked_while_following_is_a_lost_sign_in(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server]
) -> None:
    desk, manners = server.person("desk"), Manners()
    pages = connect(desk, at=behaving(manners), poll_s=OFTEN).follow(None)
    next(pages)
    manners.revoked.add(desk.token)
    with pytest.raises(SignInLost):
        list(pages)


# What columns seek


def seek(network: Mastodon, *queries: str) -> None:
    network.seek({number: parse(text) for number, text in enumerate(queries)})


def test_hashtags_of_columns_are_followed_and_may_change(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    network = connect(desk, poll_s=SELDOM)
    seek(network, "#Northwind -#fanart")
    pages = network.follow(None)
    next(pages)
    with meanwhile(lambda: jo.post("the #northwind app again")):
        page = first(pages, lambda page: page.posts)
    assert (page.way, page.posts[0].mentions) == ("stream", ())
    seek(network, "#outage")
    with meanwhile(lambda: jo.post("an #outage!")):
        assert first(pages, lambda page: any("outage" in p.text for p in page.posts))
    pages.close()


def test_hashtags_and_words_are_asked_for_in_turn_where_nothing_streams(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    tags = [f"tag{server._count}x{i}" for i in range(7)]
    for tag in tags:
        jo.post(f"hello #{tag}")
    jo.post("Zeppelinfahrt nach Norden")
    network = connect(desk)
    seek(network, *(f"#{tag}" for tag in tags), "Zeppelinfahrt lang:de", '"nach Norden" OR #x')
    told, cursor = set(), None
    for _ in range(4):
        page = network.pull(cursor)
        cursor = page.cursor
        told |= {post.text for post in page.posts}
    assert told == {*(f"hello #{tag}" for tag in tags), "Zeppelinfahrt nach Norden"}


def test_a_hashtag_is_read_from_where_it_was_left(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    tag = f"left{server._count}"
    network = connect(desk)
    seek(network, f"#{tag}")
    jo.post(f"before #{tag}")
    cursor = network.pull(None).cursor
    for i in range(50):
        jo.post(f"after {i} #{tag}")
    assert len(network.pull(cursor).posts) == 50


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize(
    ("sought", "path"), [("refund", "/api/v2/search"), ("#refund", "/api/v1/timelines/tag/*")]
)
def test_a_server_that_does_not_search_says_so_and_the_rest_works(
    server: Server, connect: Connect, sought: str, path: str, status: int
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    jo.post(f"@{desk.username} hello")
    server.fault("status", path=path, status=status)
    network = connect(desk)
    seek(network, sought)
    page = network.pull(None)
    assert len(page.posts) == 1
    assert page.warning
    assert "cannot be searched" in page.warning
    server.faultless()
    assert network.pull(page.cursor).warning == ""


# Where streams are


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ("wss://mastodon.example", "https://mastodon.example/"),
        ("wss://streaming.mastodon.example", "https://streaming.mastodon.example/"),
        ("https://streaming.mastodon.example/x?y", "https://streaming.mastodon.example/"),
        ("wss://evil.example", "https://mastodon.example/"),
        ("wss://mastodon.example.evil.example", "https://mastodon.example/"),
        ("wss://evilmastodon.example", "https://mastodon.example/"),
        ("ws://mastodon.example", "https://mastodon.example/"),
        ("file:///etc/passwd", "https://mastodon.example/"),
        ("wss://me:secret@mastodon.example", "https://mastodon.example/"),
        ("wss://[::1", "https://mastodon.example/"),
        ("", "https://mastodon.example/"),
    ],
)
def test_streams_are_only_sought_where_our_token_belongs(said: str, used: str) -> None:
    assert str(near(said, httpx.URL("https://mastodon.example/"))) == used


def test_a_private_address_is_not_called_unless_it_is_allowed(
    server: Server, connect: Connect
) -> None:
    network = connect(server.person("desk"), allow_private=False)
    with pytest.raises(Unreachable):
        network.pull(None)


@pytest.mark.parametrize("endless", [b"data: " + b"x" * 60_000, b"data: xxxx\n" * 6_000])
def test_a_stream_sends_much_but_no_event_without_an_end(endless: bytes) -> None:
    async def heard(part: bytes, parts: int) -> int:
        async def content() -> AsyncIterator[bytes]:
            for _ in range(parts):
                yield part

        kind = {"content-type": "text/event-stream"}
        return len([1 async for _ in events(httpx.Response(200, headers=kind, content=content()))])

    assert run(heard(endless + b"\n\n", 200)) == 200
    with pytest.raises(Unreachable, match="without an end"):
        run(heard(endless, 200))


def test_pauses_grow_and_are_never_all_the_same() -> None:
    error = Unreachable("")
    assert all(patience(error, 1) <= 4 < 150 <= patience(error, 20) <= 300 for _ in range(50))
    assert len({patience(error, 5) for _ in range(10)}) > 1
    in_a_minute = Throttled(datetime.now(UTC).replace(year=2100))
    assert patience(in_a_minute, 1) > 3600
