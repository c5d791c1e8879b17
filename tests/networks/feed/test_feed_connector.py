"""A feed fetched from a real server, honest or not, and pushed by a real WebSub hub."""

from __future__ import annotations

import gzip
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpcore
import msgspec
import pytest

from sanderling.core.network import (
    Draft,
    Follows,
    Network,
    NetworkError,
    Page,
    Refused,
    Room,
    SignInLost,
    TakesPush,
    Throttled,
    Unreachable,
)
from sanderling.networks.feed import client, connector
from sanderling.networks.feed.connector import Feed
from sanderling.networks.feed.signin import FeedSignIn
from sanderling.networks.feed.websub import Subscription, to_secret, to_subscription
from servers.kept import Kept
from servers.website import Website, answer, website
from servers.websub import WebSubHub, websub_hub

BLOG = (Path(__file__).parent / "recorded" / "blog.atom").read_text()
REVIEWS = (Path(__file__).parent / "recorded" / "reviews.rss").read_bytes()
KEY = to_secret(Subscription(key="a key that only we and the hub know"))


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        yield site


def blog(site: Website, hub: str = "https://hub.example/") -> bytes:
    return BLOG.replace("SITE", site.url).replace("HUB", hub).encode()


def feed(address: str, vault: Kept | None = None, callback: str = "", private: bool = True) -> Feed:
    return Feed(address, vault or Kept(KEY), callback, allow_private=private)


def due(cursor: str | None) -> str:
    """The cursor when the feed may be asked again."""
    place = json.loads(cursor or "{}")
    return json.dumps({**place, "due": 0})


def test_it_is_a_network_that_follows_and_takes_pushes():
    one = feed("http://127.0.0.1/feed")
    assert isinstance(one, Network)
    assert isinstance(one, Follows)
    assert isinstance(one, TakesPush)
    draft = Draft(room=Room.PUBLIC, text="no")
    with pytest.raises(Refused):
        one.push(draft, "key")
    assert one.find("key", draft) is None


def test_a_feed_that_did_not_change_is_not_sent_again(site: Website):
    one = feed(site.put("/feed", REVIEWS, Cache_Control="max-age=1200"))
    page = one.pull(None)
    assert len(page.posts) == 2
    again = one.pull(due(page.cursor))
    assert again.posts == ()
    assert site.asked[-1][2]["if-none-match"].startswith('"')
    place = json.loads(again.cursor or "")
    assert place["known"] == json.loads(page.cursor or "")["known"]
    assert place["etag"]
    assert place["due"] - place["asked"] == 1200


def test_a_change_is_told_as_an_edit(site: Website):
    one = feed(site.put("/feed", REVIEWS))
    page = one.pull(None)
    site.put("/feed", REVIEWS.replace(b"closes at once", b"works again"))
    (edit,) = one.pull(due(page.cursor)).posts
    assert "works again" in edit.text
    assert edit.edited_at


def test_it_is_not_asked_before_it_wants_to_be(site: Website):
    one = feed(site.put("/feed", REVIEWS))
    page = one.pull(None)
    place = json.loads(page.cursor or "")
    assert place["due"] - place["asked"] == 1800  # its ttl
    assert one.pull(page.cursor) == Page()
    assert len(site.asked) == 1


def test_following_asks_again_and_again(site: Website, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connector, "SHORTEST_S", 0)
    monkeypatch.setattr(connector, "LONGEST_S", 0)
    one = feed(site.put("/feed", REVIEWS))
    pages = one.follow(None)
    assert len(next(pages).posts) == 2
    site.put("/feed", REVIEWS.replace(b"closes at once", b"works again"))
    assert any(page.posts for page in (next(pages) for _ in range(3)))
    pages.close()  # type: ignore[attr-defined]  # a generator, as the desk closes it


def test_following_gives_signs_of_life_while_it_waits(
    site: Website, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connector, "HEARTBEAT_S", 0.01)
    one = feed(site.put("/feed", REVIEWS))
    pages = one.follow(one.pull(None).cursor)
    assert [next(pages) for _ in range(3)] == [Page()] * 3
    assert len(site.asked) == 1


def test_redirects_are_followed_five_times(site: Website):
    site.put("/5", REVIEWS)
    for hop in range(5):
        site.lead(f"/{hop}", f"{hop + 1}", status=[301, 302, 303, 307, 308][hop])
    assert feed(site.url + "/0").pull(None).posts
    site.lead("/round", "/round")
    with pytest.raises(Refused):
        feed(site.url + "/round").pull(None)
    assert len([path for _, path, _ in site.asked if path == "/round"]) == 6


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://a/", "http://["]
)
def test_redirects_away_from_the_web_are_refused(site: Website, to: str):
    with pytest.raises(NetworkError):
        feed(site.lead("/", to)).pull(None)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/feed",
        "http://localhost:8080/feed",
        "http://[::1]:8080/",
        "http://[::ffff:127.0.0.1]:8080/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0.0.0.0:8080/",
        "http://127.0.0.1:22/",
    ],
)
def test_addresses_inside_are_not_called(address: str):
    with pytest.raises(Unreachable):
        feed(address, private=False).pull(None)


def test_a_name_that_changes_its_address_meanwhile_gains_nothing(
    site: Website, monkeypatch: pytest.MonkeyPatch
):
    """The address that was checked is called, whatever the resolver says the second time."""
    site.put("/feed", REVIEWS)
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    real, called = socket.getaddrinfo, list[object]()

    def rebinding(host: object, *more: object, **named: object) -> object:
        if host in ("rebind.example", b"rebind.example"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 8080))]
        return real(host, *more, **named)  # type: ignore[arg-type]  # as it came

    def connect(_: socket.socket, address: object) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Unreachable):
        feed("http://rebind.example:8080/feed", private=False).pull(None)
    assert called == [("93.184.216.34", 8080)]
    assert next(answers) == "127.0.0.1"


def test_a_redirect_into_a_private_network_is_not_followed(
    site: Website, monkeypatch: pytest.MonkeyPatch
):
    """Every hop is checked: the first may be public, the next is not."""

    async def only_this_site(host: str, port: int) -> str:
        if site.url.endswith(f":{port}"):
            return "127.0.0.1"
        raise httpcore.ConnectError("inside a private network")

    monkeypatch.setattr("sanderling.networks.wire.reachable.public_address", only_this_site)
    site.lead("/feed", "http://127.0.0.1:8080/inside")
    with pytest.raises(Unreachable, match="private"):
        feed(site.url + "/feed", private=False).pull(None)
    assert len(site.asked) == 1


def huge(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b"<item>" * 10_000)


def bomb(request: BaseHTTPRequestHandler) -> None:
    body = gzip.compress(b"\0" * 60_000_000, 9)
    answer(request, 200, body, {"Content-Encoding": "gzip"})


def packed_strangely(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b"x", {"Content-Encoding": "gzip, gzip"})


def packed_wrongly(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b"not gzip", {"Content-Encoding": "gzip"})


def packed_and_cut_short(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, gzip.compress(REVIEWS)[:-20], {"Content-Encoding": "gzip"})


def cut_short(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b"<rss", {"Content-Length": "4000"})
    request.close_connection = True


@pytest.mark.parametrize(
    "trick", [huge, bomb, packed_strangely, packed_wrongly, packed_and_cut_short, cut_short]
)
def test_a_body_made_to_hurt_is_left(site: Website, trick: Callable[..., None]):
    with pytest.raises(Unreachable):
        feed(site.on("/feed", trick)).pull(None)


def test_bytes_that_drip_are_not_waited_for(site: Website, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "MOST_S", 0.5)
    over = threading.Event()

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not over.wait(0.05):
            request.wfile.write(b" ")

    try:
        with pytest.raises(Unreachable, match="too long"):
            feed(site.on("/feed", drip)).pull(None)
    finally:
        over.set()


def test_gzip_is_read(site: Website):
    assert feed(site.put("/feed", gzip.compress(REVIEWS), Content_Encoding="gzip")).pull(None).posts


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (404, {}, Refused),
        (410, {}, SignInLost),
        (401, {}, SignInLost),
        (500, {}, Unreachable),
        (503, {"Retry-After": "120"}, Throttled),
        (429, {"Retry-After": "120"}, Throttled),
    ],
)
def test_what_a_server_answers_means_what_the_door_says(
    site: Website, status: int, headers: dict[str, str], error: type[NetworkError]
):
    address = site.on("/feed", lambda request: answer(request, status, b"", headers))
    with pytest.raises(error) as caught:
        feed(address).pull(None)
    assert type(caught.value) is error
    if isinstance(caught.value, Throttled):
        assert 100 < (caught.value.until - datetime.now(UTC)).total_seconds() < 125


def test_a_page_that_is_no_feed_is_refused_in_words(site: Website):
    address = site.put("/", b"<html><body>Sorry, we are closed</body></html>", "text/html")
    with pytest.raises(Refused, match="no feed"):
        feed(address).pull(None)


class Hooks:
    """The desk's side of WebSub at `/hook`: what `one` tells the hub, and what it brought."""

    def __init__(self, site: Website, vault: Kept) -> None:
        self.one = feed(site.url + "/blog.atom", vault, site.url + "/hook")
        self.pages = list[Page]()
        self.forged = 0
        site.on("/hook", self._take)

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        if request.command == "GET":
            word = self.one.challenge(dict(parse_qsl(urlsplit(request.path).query)))
            answer(request, 404 if word is None else 200, (word or "").encode(), {})
            return
        body = request.rfile.read(int(request.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        if self.one.genuine(body, headers):
            self.pages.append(self.one.understand(body))
        else:
            self.forged += 1
        answer(request, 202, b"", {})


@pytest.fixture(params=["sha256", "sha384", "sha512", "sha1"])
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hub(tmp_path: Path, algorithm: str) -> Iterator[WebSubHub]:
    with websub_hub(tmp_path, SIGNATURE_ALGORITHM=algorithm) as hub:
        yield hub


def test_a_real_hub_is_subscribed_to_and_pushes(site: Website, hub: WebSubHub, algorithm: str):
    topic = site.url + "/blog.atom"
    links = f'<{hub.url}>; rel="hub", <{topic}>; rel="self"'
    site.put("/blog.atom", blog(site, hub.url), Link=links)
    vault = Kept(KEY)
    hooks = Hooks(site, vault)
    first = hooks.one.pull(None)
    assert first.live_since is not None
    assert first.warning == ""
    state = to_subscription(vault.read())
    assert (state.hub, state.topic) == (hub.url, topic)
    assert state.until - state.since > 86_400
    changed = blog(site, hub.url).replace(b"Zweiter", b"Dritter")
    site.put("/blog.atom", changed, Link=links)
    hub.publish(topic)
    if algorithm == "sha1":
        assert (hooks.forged, hooks.pages) == (1, [])
        return
    (page,) = hooks.pages
    assert page.way == "webhook"
    assert any("Dritter" in post.text for post in page.posts)
    assert {post.remote_id for post in page.posts} == {post.remote_id for post in first.posts}


def test_a_hub_is_not_asked_again_while_its_promise_holds(site: Website, tmp_path: Path):
    with websub_hub(tmp_path) as hub:
        site.put("/blog.atom", blog(site, hub.url))
        vault = Kept(KEY)
        hooks = Hooks(site, vault)
        page = hooks.one.pull(None)
        before = vault.read()
        hooks.one.pull(due(page.cursor))
        assert vault.read() == before
        state = to_subscription(before)
        half = datetime.fromtimestamp((state.since + state.until) / 2 + 1, UTC)
        assert state.is_due(state.hub, state.topic, half)


def test_a_hub_that_does_not_answer_costs_no_news(site: Website):
    site.put("/blog.atom", blog(site, site.url + "/no-hub"))
    page = Hooks(site, Kept(KEY)).one.pull(None)
    assert len(page.posts) == 2
    assert "later" in (page.warning or "")
    assert page.live_since is None


def test_a_hub_inside_is_not_called_and_a_key_is_told_over_an_encrypted_line_only(site: Website):
    vault = Kept(KEY)
    one = Feed("https://feed.example/", vault, "https://desk.example/hook")
    place = connector.to_place('{"hub": "http://hub.example/", "topic": "https://feed.example/"}')
    assert connector.loop.run(one._subscribed(place)) is None
    assert vault.read() == KEY  # plain http: not even asked
    place = connector.to_place('{"hub": "https://127.0.0.1/", "topic": "https://feed.example/"}')
    connector.loop.run(one._subscribed(place))
    assert "private" in one._trouble


QUESTION = {
    "hub.mode": "subscribe",
    "hub.topic": "https://feed.example/",
    "hub.challenge": "word",
    "hub.lease_seconds": "864000",
}


def asking() -> Kept:
    now = datetime.now(UTC)
    state = Subscription(key="k").asking("https://hub.example/", QUESTION["hub.topic"], now)
    return Kept(to_secret(state))


def test_a_question_that_we_asked_for_is_answered():
    vault = asking()
    assert feed("https://feed.example/", vault).challenge(QUESTION) == "word"
    assert to_subscription(vault.read()).live_since(datetime.now(UTC))


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "denied"},
        {"hub.topic": "https://other.example/"},
        {"hub.topic": ""},
        {"hub.challenge": ""},
        {"hub.lease_seconds": "-1"},
        {"hub.lease_seconds": "9" * 30},
    ],
)
def test_any_other_question_is_not_for_us(change: dict[str, str]):
    vault = asking()
    before = vault.read()
    assert feed("https://feed.example/", vault).challenge({**QUESTION, **change}) is None
    assert vault.read() == before


def test_a_question_long_after_we_asked_or_without_is_not_for_us():
    old = to_subscription(asking().read())
    late = Kept(to_secret(msgspec.structs.replace(old, asked=old.asked - 7200)))
    for vault in (late, Kept(KEY), Kept("")):
        assert feed("https://feed.example/", vault).challenge(QUESTION) is None


def test_only_what_our_key_signed_is_genuine():
    body = blog(Website())
    key = to_subscription(KEY).key.encode()
    signature = hmac.new(key, body, "sha256").hexdigest()
    one = feed("https://feed.example/")
    assert one.genuine(body, {"x-hub-signature": f"sha256={signature}"})
    assert one.genuine(body, {"x-hub-signature": f"sha256={signature.upper()}"})
    assert not one.genuine(body + b" ", {"x-hub-signature": f"sha256={signature}"})
    for forged in ("", "sha256=", "sha256", "md5=x", f"sha512={signature}", "sha256=é"):
        assert not one.genuine(body, {"x-hub-signature": forged})
    assert not one.genuine(body, {})
    empty = hmac.new(b"", body, "sha256").hexdigest()
    assert not feed("https://a.example/", Kept("")).genuine(
        body, {"x-hub-signature": f"sha256={empty}"}
    )


def test_a_pushed_body_that_is_no_feed_is_an_empty_page():
    assert feed("https://feed.example/").understand(b"junk") == Page(way="webhook")


def test_signing_in_finds_the_feed_of_a_page(site: Website):
    site.put("/blog.atom", blog(site))
    page = (
        "<!doctype html><html><head><link rel=stylesheet href=x.css>"
        '<link rel="alternate" type="application/atom+xml" href="/blog.atom"></head></html>'
    )
    address = site.put("/page/", page.encode(), "text/html")
    found = FeedSignIn(allow_private=True).begin({"address": address}, "")
    assert found.address == site.url + "/blog.atom"
    assert found.who.name == "Schiene und Pfad"
    assert [step.words for step in found.steps] == [
        "Found the feed “Schiene und Pfad”",
        "2 entries, newest from 02 March 2026",
        "Pushes its news by WebSub",
    ]
    assert len(to_subscription(found.secret).key) > 30
    assert feed(found.address, Kept(found.secret)).pull(None).posts


def test_a_page_made_to_be_read_slowly_is_read(site: Website):
    """A careless pattern would begin anew at every letter, and hold up all networks."""
    page = f"<html><link {'a' * 250_000}><link {'a =' * 10_000}>"
    address = site.put("/", page.encode(), "text/html")
    with pytest.raises(Refused, match="Look on the page"):
        FeedSignIn(allow_private=True).begin({"address": address}, "")


def test_signing_in_takes_the_address_as_it_was_typed(site: Website):
    site.put("/feed/", REVIEWS)
    found = FeedSignIn(allow_private=True).begin({"address": site.url + "/feed/"}, "")
    assert found.address == site.url + "/feed/"
    assert found.steps[-1].words.startswith("Pushes no news")


@pytest.mark.parametrize("typed", ["", "ftp://a.example/feed", "http://u:p@a.example/", "https://"])
def test_signing_in_wants_a_web_address(typed: str):
    with pytest.raises(Refused, match="web address"):
        FeedSignIn().begin({"address": typed}, "")


def test_signing_in_says_what_to_look_for(site: Website):
    address = site.put("/", b"<html>no feed here</html>", "text/html")
    with pytest.raises(Refused, match="Look on the page"):
        FeedSignIn(allow_private=True).begin({"address": address}, "")
    with pytest.raises(Unreachable):
        FeedSignIn().begin({"address": address}, "")
