"""Following X: streams, webhooks, polling, columns, and their repair."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import monotonic

import msgspec
import pytest

from sanderling.core.budget import FULL, Pace
from sanderling.core.network import Page, Post, SignInLost
from sanderling.core.pricing import Act
from sanderling.core.query import parse
from sanderling.networks.x.activity import SIGNATURE
from sanderling.networks.x.listening import Rhythm

SLOW_POLLS = Rhythm(
    mentions_s=600, own_s=600, messages_s=600, search_s=600, search_live_s=600, tend_s=600,
    patience=0.01,
)  # fmt: skip
ONLY_OWN = msgspec.structs.replace(SLOW_POLLS, own_s=0.05)
"""For what comes by another way than pages: these keep coming, so that `until` looks again."""
PATIENCE_S = 30


def until(pages: Iterator[Page], what: Callable[[Page], object]) -> Page:
    """The first page for which `what` is true, however many come before it."""
    latest = monotonic() + PATIENCE_S
    for page in pages:
        if what(page):
            return page
        assert monotonic() < latest, "It never came."
    raise AssertionError("The pages ended before it came.")


def post_of(pages: Iterator[Page], id: str, way: str = "") -> Post:
    page = until(
        pages,
        lambda p: way in ("", p.way) and any(post.remote_id == id for post in p.posts),
    )
    return next(post for post in page.posts if post.remote_id == id)


def ready(stage, pages: Iterator[Page], *, subscriptions: int = 8) -> None:
    """Wait until the activity stream is open and everything is subscribed to."""
    until(
        pages,
        lambda _: (
            len(stage.x.streams.subscriptions) == subscriptions
            and stage.x.streams.open("x_activity_stream")
        ),
    )


@pytest.fixture
def following(stage):
    """Follows with a connector until the test ends."""
    begun = []

    def follow(network, since=None):
        pages = network.follow(since)
        begun.append(pages)
        return pages

    yield follow
    for pages in begun:
        pages.close()


def test_without_a_bearer_polling_tells_all(stage, following) -> None:
    pages = following(stage.connector())
    until(pages, lambda page: page.cursor)
    asked = stage.ask()
    assert post_of(pages, asked).author.handle == "ada"
    message = stage.x.send(stage.ada, stage.acme, "in private")
    assert post_of(pages, message.id).counterpart == stage.ada.id


def test_a_mention_comes_by_the_stream_at_once(stage, following) -> None:
    pages = following(stage.connector(bearer=True, rhythm=SLOW_POLLS))
    ready(stage, pages)
    asked = stage.ask()
    post = post_of(pages, asked, "stream")
    assert (post.author.handle, post.mentions) == ("ada", (stage.acme.id,))


def test_messages_likes_and_deletions_come_by_the_stream(stage, following) -> None:
    ours = stage.x.post(stage.acme, "News")
    pages = following(stage.connector(bearer=True, rhythm=SLOW_POLLS))
    ready(stage, pages)
    message = stage.x.send(stage.ada, stage.acme, "psst & thanks")
    post = post_of(pages, message.id, "stream")
    assert (post.text, post.counterpart) == ("psst & thanks", stage.ada.id)
    stage.x.like(stage.ada, ours)
    page = until(pages, lambda page: page.signals)
    assert [(s.remote_id, s.actor) for s in page.signals] == [(ours.id, stage.ada.id)]
    stage.x.delete(ours)
    page = until(pages, lambda page: page.deletions)
    assert [gone.remote_id for gone in page.deletions] == [ours.id]


def test_what_a_silent_stream_lost_is_repaired_by_asking(stage, following) -> None:
    pages = following(stage.connector(bearer=True))
    ready(stage, pages)
    until(pages, lambda page: page.live_since)  # we know too that the stream is open
    stage.x.streams.lose = 1
    asked = stage.ask()
    page = until(pages, lambda p: any(post.remote_id == asked for post in p.posts))
    assert page.way == "poll"
    assert page.live_since is not None


@pytest.mark.parametrize("abruptly", [True, False])
def test_a_stream_that_ends_is_opened_again_and_the_gap_is_asked_for(
    stage, following, abruptly: bool
) -> None:
    pages = following(stage.connector(bearer=True, rhythm=SLOW_POLLS))
    ready(stage, pages)
    stage.x.streams.lose = 1
    asked = stage.ask()
    stage.x.streams.disconnect("x_activity_stream", abruptly=abruptly)
    assert post_of(pages, asked, "poll")
    until(pages, lambda _: stage.x.streams.open("x_activity_stream"))
    later = stage.ask("@acme later")
    assert post_of(pages, later)


def test_columns_become_rules_and_only_what_changes_is_changed(stage, following) -> None:
    network = stage.connector(bearer=True)
    network.seek({1: parse("kettle lang:en"), 2: parse("teapot OR samovar")})
    pages = following(network)
    until(pages, lambda _: len(stage.x.streams.rules) == 2)
    before = {rule.value: rule.id for rule in rules(stage)}
    network.seek({1: parse("kettle lang:en"), 3: parse("urn network:x"), 4: parse("a network:y")})
    until(pages, lambda _: any("urn" in rule.value for rule in rules(stage)))
    after = {rule.value: rule.id for rule in rules(stage)}
    assert len(after) == 2
    assert after["kettle lang:en -is:retweet"] == before["kettle lang:en -is:retweet"]
    network.slow(Pace(columns=None))
    until(pages, lambda _: not stage.x.streams.rules)
    network.slow(FULL)
    until(pages, lambda _: len(stage.x.streams.rules) == 2)


def rules(stage):
    return list(stage.x.streams.rules.values())


def test_rules_of_others_are_left_alone(stage, following) -> None:
    network = stage.connector(bearer=True)
    network.seek({1: parse("kettle")})
    pages = following(network)
    until(pages, lambda _: stage.x.streams.rules)
    for rule in rules(stage):
        rule.tag = "another program"
    network.seek({1: parse("teapot")})
    until(pages, lambda _: len(stage.x.streams.rules) == 2)


def test_a_post_that_a_column_seeks_comes_by_the_stream_and_is_charged_to_it(
    stage, following
) -> None:
    network = stage.connector(bearer=True, rhythm=SLOW_POLLS)
    network.seek({7: parse("kettle")})
    pages = following(network)
    until(pages, lambda _: stage.x.streams.open("filtered_stream"))
    found = stage.ask("my kettle leaks")
    page = until(pages, lambda p: any(post.remote_id == found for post in p.posts))
    if page.way == "stream":
        assert [(c.act, c.count, c.column) for c in page.charges] == [(Act.READ_POST, 1, 7)]


def test_without_a_stream_columns_are_searched(stage, following) -> None:
    network = stage.connector()
    network.seek({7: parse("kettle")})
    pages = following(network)
    until(pages, lambda page: page.cursor)
    found = stage.ask("my kettle leaks")
    page = until(pages, lambda p: any(post.remote_id == found for post in p.posts))
    assert {charge.column for charge in page.charges} == {7}
    network.slow(Pace(columns=None))
    for _ in range(5):
        next(pages)
    calls = stage.x.calls.count("searchPostsRecent")
    for _ in range(20):
        next(pages)
    assert stage.x.calls.count("searchPostsRecent") == calls


def test_what_x_cannot_look_for_is_said_in_words(stage, following) -> None:
    network = stage.connector()
    network.seek({1: parse("lang:de"), 2: parse("kettle")})
    page = until(following(network), lambda page: page.warning)
    assert '"lang:de" is not looked for on X' in page.warning


def test_a_stream_that_another_holds_is_said_and_searched_instead(stage, following) -> None:
    stage.x.streams.full = True
    network = stage.connector(bearer=True)
    network.seek({7: parse("kettle")})
    pages = following(network)
    page = until(pages, lambda page: page.warning and "connection limit" in page.warning)
    found = stage.ask("my kettle leaks")
    assert post_of(pages, found)
    stage.x.streams.full = False
    assert page


def test_a_bad_bearer_costs_streams_and_not_the_account(stage, following) -> None:
    vault = stage.vault(bearer=True)
    vault.text = vault.text.replace(stage.x.keys.app_token, "wrong")
    pages = following(stage.connector(vault))
    until(pages, lambda page: page.warning and "bearer" in page.warning)
    assert post_of(pages, stage.ask())


def test_permission_taken_back_ends_following(stage, following) -> None:
    pages = following(stage.connector())
    next(pages)
    stage.x.keys.revoke(stage.acme)
    with pytest.raises(SignInLost):
        until(pages, lambda page: False)


def test_a_cursor_of_following_leads_on_without_repeating(stage, following) -> None:
    stage.ask("@acme before")
    network = stage.connector()
    pages = following(network)
    page = until(pages, lambda p: any(post.text == "@acme before" for post in p.posts))
    cursor = until(pages, lambda page: page.cursor).cursor
    assert page
    later = stage.ask("@acme after")
    told = [post.remote_id for post in stage.connector().pull(cursor).posts]
    assert told == [later]


def test_when_money_is_short_dear_events_are_unsubscribed_and_messages_stay(
    stage, following
) -> None:
    network = stage.connector(bearer=True)
    pages = following(network)
    ready(stage, pages)
    network.slow(Pace(columns=None, signals=None, mentions=8))
    until(pages, lambda _: len(stage.x.streams.subscriptions) == 4)
    kinds = {s.shown()["event_type"] for s in stage.x.streams.subscriptions.values()}
    assert kinds == {"dm.received", "dm.sent", "chat.received", "post.delete"}


# Webhooks


@pytest.fixture
def called(stage):
    """A small web server that hands X's calls to a connector; gives its public address."""
    import http.server  # noqa: PLC0415  only this fixture serves

    class Desk(http.server.BaseHTTPRequestHandler):
        network = None
        taken: list[Page] = []  # noqa: RUF012  one for the test

        def do_GET(self) -> None:
            query = dict(pair.split("=", 1) for pair in self.path.partition("?")[2].split("&"))
            self.answer(200, (self.network.challenge(query) or "").encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if not self.network.genuine(body, headers):
                return self.answer(403, b"")
            self.taken.append(self.network.understand(body))
            return self.answer(200, b"")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    stage.x.webhooks.reach["https://desk.example"] = f"http://127.0.0.1:{server.server_port}"
    yield Desk
    server.shutdown()
    thread.join()
    server.server_close()


def test_x_calls_a_desk_that_proves_itself(stage, following, called) -> None:
    network = stage.connector(bearer=True, callback="https://desk.example/hooks/1", rhythm=ONLY_OWN)
    called.network = network
    pages = following(network)
    ready(stage, pages)
    (hook,) = stage.x.webhooks.registered.values()
    assert hook.url == "https://desk.example/hooks/1"
    stage.x.webhooks.deliveries.clear()
    asked = stage.ask()
    until(pages, lambda _: any(p.posts for p in called.taken))
    (page,) = (page for page in called.taken if page.posts)
    assert (page.way, page.posts[0].remote_id) == ("webhook", asked)
    assert [(c.act, c.count) for c in page.charges if c.act is Act.READ_POST]


def test_nobody_has_a_call_of_x_signed_by_asking_for_a_proof(stage) -> None:
    network = stage.connector(bearer=True)
    word, call = "9b4507b3-9040-4669-9ca3-6b94edb50553", '{"data": {"event_type": "dm.received"}}'
    proof = network.challenge({"crc_token": word})
    assert network.genuine(word.encode(), {SIGNATURE: msgspec.json.decode(proof)["response_token"]})
    for asked in (call, f" {call}", "", "x" * 10_000):
        assert network.challenge({"crc_token": asked}) is None


def test_a_desk_that_x_cannot_reach_is_told_by_stream(stage, following) -> None:
    stage.x.webhooks.reach["https://desk.example"] = "http://127.0.0.1:9"
    network = stage.connector(bearer=True, callback="https://desk.example/hooks/1")
    pages = following(network)
    page = until(pages, lambda page: page.warning and "cannot call this desk" in page.warning)
    ready(stage, pages)
    assert post_of(pages, stage.ask(), "stream")
    assert page


def test_a_webhook_that_x_gave_up_is_waked_and_what_it_missed_is_told_again(
    stage, following, called
) -> None:
    network = stage.connector(bearer=True, callback="https://desk.example/hooks/1", rhythm=ONLY_OWN)
    called.network = network
    pages = following(network)
    ready(stage, pages)
    (hook,) = stage.x.webhooks.registered.values()
    hook.valid = False
    asked = stage.ask("@acme while nobody listened")
    stage.x.advance(minutes=2)
    network.slow(Pace(signals=None))  # looked after at once
    until(pages, lambda _: any(p.posts and p.posts[0].remote_id == asked for p in called.taken))
    assert hook.valid
