"""The stand-in for X held against second opinions: X's own client library and independent code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from servers.x import StandIn, checking, x_stand_in

xdk = pytest.importorskip("xdk", reason="X's own client library is not installed.")


@pytest.fixture
def x() -> Iterator[StandIn]:
    with x_stand_in() as running:
        yield running
        assert running.violations == []


@contextmanager
def calling(x: StandIn, token: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=x.url, headers=headers, timeout=5, trust_env=False, verify=False
    ) as client:
        yield client


@contextmanager
def xdk_client(x: StandIn, **keys: Any) -> Iterator[Any]:
    client = xdk.Client(base_url=x.url, **keys)
    client.session.trust_env = False
    yield client
    client.session.close()


def until(true: Callable[[], Any]) -> Any:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.01)
    raise AssertionError("It did not come about in time.")


class Receiver:
    """A webhook that answers challenges with `secret` and keeps what it is sent."""

    def __init__(self, secret: str) -> None:
        self.secret, self.status = secret, 200
        self.got: list[tuple[bytes, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                token = parse_qs(urlsplit(self.path).query)["crc_token"][0]
                said = {"response_token": signature(receiver.secret, token.encode())}
                self._answer(json.dumps(said).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((body, {k.lower(): v for k, v in self.headers.items()}))
                self._answer(b"")

            def _answer(self, body: bytes) -> None:
                self.send_response(receiver.status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def receiver(x: StandIn) -> Iterator[Receiver]:
    made = Receiver(x.keys.consumer_secret)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    x.webhooks.reach["https://desk.example"] = made.url
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def signature(secret: str, said: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.digest(secret.encode(), said, "sha256")).decode()


def test_xs_own_library_posts_reads_searches_and_messages(x: StandIn) -> None:
    brand, ada = x.person("acme"), x.person("ada", dm="all")
    asked = x.post(ada, "@acme my kettle leaks & hums <hard> https://shop.example.com/kettle")
    with xdk_client(x, access_token=x.sign_in(brand).access) as client:
        assert client.users.get_me().data.username == "acme"
        body = {"text": "On our way", "reply": {"in_reply_to_tweet_id": asked.id}}
        made = client.posts.create(xdk.posts.models.CreateRequest(**body))
        found = next(
            client.posts.search_recent(
                "kettle", post_fields=["entities"], expansions=["author_id"], max_results=10
            )
        )
        mentions = next(client.users.get_mentions(brand.id, max_results=5))
        sent = client.direct_messages.create_by_participant_id(ada.id, {"text": "May we ask?"})
        events = next(
            client.direct_messages.get_events(
                dm_event_fields=["created_at"], expansions=["sender_id"]
            )
        )
        assert client.posts.get_by_ids([made.data.id]).data[0].text == "@ada On our way"
        assert client.posts.delete(made.data.id).data.deleted
    assert found.data[0].text.startswith(
        "@acme my kettle leaks &amp; hums &lt;hard&gt; https://t.co/"
    )
    link = found.data[0].entities.urls[0]
    assert link.expanded_url == "https://shop.example.com/kettle"
    assert found.data[0].text[link.start : link.end] == link.url
    assert (found.data[0].author_id, found.includes.users[0].username) == (ada.id, "ada")
    assert [post.id for post in mentions.data] == [asked.id]
    assert [(e.id, e.sender_id) for e in events.data] == [(sent.data.dm_event_id, brand.id)]
    assert x.posts_of(brand) == []


def test_xs_own_library_sets_rules_and_streams(x: StandIn) -> None:
    x.streams.beat_s = 0.05
    ada = x.person("ada")
    with xdk_client(x, bearer_token=x.keys.app_token) as client:
        rule = client.stream.update_rules({"add": [{"value": "kettle -is:reply", "tag": "7"}]})
        assert next(client.stream.get_rules()).data[0].value == "kettle -is:reply"
        stream = client.stream.posts(tweet_fields=["author_id"])
        heard: list[Any] = []
        thread = threading.Thread(target=lambda: heard.append(next(stream)))
        thread.start()
        until(x.streams.open)
        x.post(ada, "nothing to see")
        wanted = x.post(ada, "My KETTLE!")
        thread.join(5)
        stream.close()
    assert heard[0].data.id == wanted.id
    assert list(x.streams.rules) == [rule.data[0].id]


def test_xs_own_library_uploads_and_manages(x: StandIn, receiver: Receiver) -> None:
    brand = x.person("acme")
    with xdk_client(x, access_token=x.sign_in(brand).access) as client:
        picture = base64.b64encode(b"a picture").decode()
        one = client.media.upload({"media": picture, "media_category": "tweet_image"}).data
        began = client.media.initialize_upload(
            {"media_type": "video/mp4", "total_bytes": 8, "media_category": "tweet_video"}
        ).data
        half = base64.b64encode(b"half").decode()
        for segment in (0, 1):
            client.media.append_upload(began.id, {"media": half, "segment_index": segment})
        ended = client.media.finalize_upload(began.id).data
        assert ended.processing_info.state == "in_progress"
        states = [
            client.media.get_upload_status(began.id).data.processing_info.state for _ in range(2)
        ]
        client.media.create_metadata({"id": one.id, "metadata": {"alt_text": {"text": "A pot"}}})
    with xdk_client(x, bearer_token=x.keys.app_token) as client:
        hook = client.webhooks.create({"url": "https://desk.example/hooks/x"})
        assert client.webhooks.get().data[0].url == "https://desk.example/hooks/x"
        assert client.webhooks.validate(hook.data.id).data.valid
        assert client.webhooks.delete(hook.data.id).data.deleted
        assert client.usage.get().data.project_usage == "0"
        assert client.connections.delete_all().data.successful_kills == 0
    assert states == ["in_progress", "succeeded"]
    assert (x.world.media[one.id].content, x.world.media[one.id].alt) == (b"a picture", "A pot")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/2/users/me?tweet.fields=author_id", None),
        ("GET", "/2/users/me?user.fields=shoe_size", None),
        ("GET", "/2/users/abc/mentions", None),
        ("GET", "/2/tweets", None),
        ("GET", "/2/tweets/search/recent?query=a&max_results=5", None),
        ("GET", "/2/tweets/search/recent?query=a&start_time=yesterday", None),
        ("POST", "/2/tweets", {"text": "x", "reply": {"to": "1"}}),
        ("POST", "/2/tweets", {"text": "x", "colour": "blue"}),
        ("GET", "/2/nothing", None),
    ],
)
def test_a_request_that_does_not_fit_is_caught(method: str, path: str, body: Any) -> None:
    with x_stand_in() as x, calling(x, x.sign_in(x.person("acme")).access) as client:
        answer = client.request(method, path, json=body)
        assert answer.status_code in (400, 404)
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.json()["detail"]
        assert len(x.violations) == 1


def test_the_stand_ins_own_answers_are_what_xs_document_says(x: StandIn) -> None:
    brand, ada = x.person("acme"), x.person("ada", dm="all")
    root = x.post(brand, "We sell kettles")
    asked = x.post(ada, "@acme it leaks & hums https://example.com " + "on " * 120, reply_to=root)
    x.post(ada, "Look", quote_of=root)
    x.edit(asked, "@acme it leaks")
    message = x.send(ada, brand, "See https://example.com")
    every = (
        "post.fields=conversation_id,created_at,display_text_range,edit_controls,entities,lang,"
        "note_post,public_metrics&expansions=author_id,referenced_posts,in_reply_to_user_id"
        "&user.fields=connection_status,created_at,public_metrics,receives_your_dm,verified_type"
    )
    paths = [
        "/2/users/me?user.fields=public_metrics",
        "/2/users/by?usernames=ada,nobody",
        f"/2/users/{ada.id}",
        f"/2/users/{brand.id}/mentions?{every}",
        f"/2/users/{brand.id}/tweets?{every}",
        f"/2/tweets?ids={asked.id},77&{every}",
        f"/2/tweets/{root.id}/quote_tweets?{every}",
        f"/2/tweets/search/recent?query=leaks&{every}",
        "/2/dm_events?dm_event.fields=created_at,entities&expansions=sender_id",
        f"/2/dm_events/{message.id}",
    ]
    known = {operation.id: operation for operation in checking.operations()}
    with calling(x, x.sign_in(brand).access) as client:
        for path in paths:
            answer = client.get(path)
            assert (answer.status_code, known[x.calls[-1]].misfits(answer.json())) == (200, [])
    assert known["getUsersMe"].misfits({"data": {"id": 7}}) != []


def test_both_spellings(x: StandIn) -> None:
    ada = x.person("ada")
    root = x.post(ada, "First")
    x.post(ada, "Second", reply_to=root)
    asked = {"post": "post.fields=public_metrics&expansions=referenced_posts,author_id",
             "tweet": "tweet.fields=public_metrics,author_id,referenced_tweets"
                      "&expansions=referenced_tweets.id"}  # fmt: skip
    shown = {}
    with calling(x, x.sign_in(ada).access) as client:
        for spelling, query in asked.items():
            x.spelling = spelling
            shown[spelling] = client.get(f"/2/users/{ada.id}/tweets?{query}").json()
    new, old = shown["post"]["data"][0], shown["tweet"]["data"][0]
    assert (
        new["referenced_posts"]
        == old["referenced_tweets"]
        == [{"type": "replied_to", "id": root.id}]
    )
    assert new["edit_history_post_ids"] == old["edit_history_tweet_ids"]
    assert {"repost_count", "retweet_count"} == set(new["public_metrics"]) ^ set(
        old["public_metrics"]
    )
    assert shown["post"]["includes"]["posts"][0]["id"] == root.id
    assert shown["tweet"]["includes"]["tweets"][0]["id"] == root.id


def test_an_edit_is_a_new_id_and_a_note_post_has_its_whole_text(x: StandIn) -> None:
    ada = x.person("ada")
    first = x.post(ada, "Frist")
    second = x.edit(first, "First")
    long = x.post(ada, "word " * 100)
    with calling(x, x.sign_in(ada).access) as client:
        asked = f"/2/tweets?ids={first.id},{long.id}&post.fields=note_post"
        edited, note = client.get(asked).json()["data"]
        x.old_ids = "as asked"
        before = client.get(f"/2/tweets/{first.id}").json()["data"]
        x.delete(second)
        gone = client.get(f"/2/tweets?ids={first.id},{second.id}").json()
    assert (edited["id"], edited["text"]) == (second.id, "First")
    assert edited["edit_history_post_ids"] == [first.id, second.id]
    assert (before["id"], before["text"]) == (first.id, "Frist")
    assert note["text"].endswith("…")
    assert note["note_post"]["text"] == "word " * 100
    assert "data" not in gone
    assert {e["resource_id"] for e in gone["errors"]} == {
        first.id,
        second.id,
    }


def test_only_who_calls_us_in_is_answered_and_the_price_says_so(x: StandIn) -> None:
    brand, ada = x.person("acme"), x.person("ada")
    ours = x.post(brand, "We sell kettles")
    cases = {
        "named": x.post(ada, "@acme it leaks"),
        "quoted": x.post(ada, "Look at this", quote_of=ours),
        "replied": x.post(ada, "It leaks", reply_to=ours),
        "stranger": x.post(ada, "My kettle by acme leaks"),
    }
    said = {}
    with calling(x, x.sign_in(brand).access) as client:
        for n, (case, post) in enumerate(cases.items()):
            body = {"text": f"Sorry {n}", "reply": {"in_reply_to_tweet_id": post.id}}
            said[case] = client.post("/2/tweets", json=body).status_code
        assert client.post("/2/tweets", json={"text": "See acme.example.com"}).status_code == 201
        x.tier = "enterprise"
        body = {"text": "Sorry!", "reply": {"in_reply_to_tweet_id": cases["stranger"].id}}
        assert client.post("/2/tweets", json=body).status_code == 201
    assert said == {"named": 201, "quoted": 201, "replied": 201, "stranger": 403}
    assert x.bill.lines == {"summoned_reply": 3, "create_with_url": 1, "create": 1}
    assert float(x.bill.total) == pytest.approx(0.245)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "x" * 280}, 201),
        ({"text": "x" * 281}, 400),
        ({"text": "日" * 141}, 400),
        ({"text": "see https://example.com/" + "a" * 400}, 201),
        ({"text": "Old news"}, 403),
        ({"text": "Buy $ABC"}, 201),
        ({"text": "Buy $ABC and $DEF"}, 403),
        ({"text": "Look", "quote_tweet_id": "1"}, 403),
        ({"text": "Look", "media": {"media_ids": ["1"]}}, 400),
        ({}, 400),
    ],
)
def test_what_x_takes_of_a_post(x: StandIn, body: Any, status: int) -> None:
    brand = x.person("acme")
    x.post(brand, "Old news")
    with calling(x, x.sign_in(brand).access) as client:
        assert client.post("/2/tweets", json=body).status_code == status
    assert len(x.posts_of(brand)) == (2 if status == 201 else 1)


def test_messages_go_only_to_whom_lets_us(x: StandIn) -> None:
    brand = x.person("acme")
    said = {}
    with calling(x, x.sign_in(brand).access) as client:
        for setting in ("all", "followed", "verified", "none"):
            to = x.person(f"ada_{setting}", dm=setting)
            answer = client.post(f"/2/dm_conversations/with/{to.id}/messages", json={"text": "Hi"})
            said[setting] = answer.json().get("errors", [{}])[0].get("code", answer.status_code)
        follower = x.person("bo")
        x.follow(follower, brand)
        wrote = x.person("cy", dm="none")
        x.send(wrote, brand, "Hello?")
        for to in (follower, wrote):
            path = f"/2/dm_conversations/with/{to.id}/messages"
            assert client.post(path, json={"text": "Hi"}).status_code == 201
        assert (
            client.post("/2/dm_conversations/1-2/messages", json={"text": "Hi"}).status_code == 403
        )
        thread = f"/2/dm_conversations/with/{wrote.id}/dm_events"
        assert len(client.get(thread).json()["data"]) == 2
    assert said == {"all": 201, "followed": 349, "verified": 476, "none": 349}


def test_signing_in_with_a_proof_key(x: StandIn) -> None:
    brand = x.person("acme")
    x.keys.consenting = brand
    verifier = "v" * 50
    proof = (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    )
    back = "https://desk.example/back"
    ask = {
        "response_type": "code", "client_id": x.keys.client_id, "redirect_uri": back,
        "scope": "tweet.read users.read offline.access", "state": "s1", "code_challenge": proof,
        "code_challenge_method": "S256",
    }  # fmt: skip
    exchange = {
        "grant_type": "authorization_code", "redirect_uri": back, "code_verifier": verifier,
        "client_id": x.keys.client_id,
    }  # fmt: skip

    with httpx.Client(base_url=x.url, trust_env=False, verify=False) as client:

        def code(**other: str) -> str:
            answer = client.get("/i/oauth2/authorize", params=ask | other)
            given = parse_qs(urlsplit(answer.headers["location"]).query)
            assert given["state"] == ["s1"]
            return given.get("code", given.get("error", [""]))[0]

        def token(**form: str) -> httpx.Response:
            return client.post("/2/oauth2/token", data=form)

        assert client.get(
            "/i/oauth2/authorize", params=ask | {"code_challenge_method": "plain"}
        ).status_code == 400  # fmt: skip
        assert (
            token(
                **exchange,
                code=code(),
            ).status_code
            == 200
        )
        spent = code()
        first = token(**exchange, code=spent).json()
        assert token(**exchange, code=spent).status_code == 400
        assert token(**(exchange | {"code_verifier": "w" * 50}), code=code()).status_code == 400
        late = code()
        x.advance(seconds=31)
        assert token(**exchange, code=late).status_code == 400
        renew = {"grant_type": "refresh_token", "client_id": x.keys.client_id}
        second = token(**renew, refresh_token=first["refresh_token"]).json()
        assert token(**renew, refresh_token=first["refresh_token"]).status_code == 400
        assert first["expires_in"] == 7200

        def me(given: dict[str, Any]) -> int:
            headers = {"Authorization": f"Bearer {given['access_token']}"}
            return client.get("/2/users/me", headers=headers).status_code

        assert (me(first), me(second)) == (401, 200)
        x.advance(hours=2)
        assert me(second) == 401
        x.keys.consenting = None
        assert code() == "access_denied"
        own = client.post("/oauth2/token", data={"grant_type": "client_credentials"},
                          auth=(x.keys.consumer_key, x.keys.consumer_secret))  # fmt: skip
        assert own.json()["access_token"] == x.keys.app_token


def test_the_wrong_kind_of_token_and_missing_scopes_are_refused(x: StandIn) -> None:
    brand = x.person("acme")
    with calling(x, x.keys.app_token) as app:
        assert app.get("/2/users/me").status_code == 403
        assert app.post("/2/tweets", json={"text": "x"}).status_code == 403
    with calling(x, x.sign_in(brand).access) as user:
        assert user.get("/2/tweets/search/stream/rules").status_code == 403
    with calling(x, x.sign_in(brand, "users.read tweet.read").access) as user:
        assert user.get("/2/dm_events").status_code == 403
    with calling(x, "stolen") as nobody:
        assert nobody.get("/2/users/me").status_code == 401


def test_limits_count_down_and_end(x: StandIn) -> None:
    x.limit("getUsersMe", 2)
    with calling(x, x.sign_in(x.person("acme")).access) as client:
        answers = [client.get("/2/users/me") for _ in range(3)]
        x.advance(minutes=15)
        assert client.get("/2/users/me").status_code == 200
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert [a.headers["x-rate-limit-remaining"] for a in answers] == ["1", "0", "0"]
    assert int(answers[2].headers["x-rate-limit-reset"]) > time.time()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kettle", "abc"),
        ('"kettle leaks"', "a"),
        ("kettle -leaks", "bc"),
        ("kettle (leaks OR hums)", "ab"),
        ("leaks OR kettle hums", "ab"),
        ("@acme", "ad"),
        ("#broken", "b"),
        ("from:ada", "ab"),
        ("to:acme", "d"),
        ("kettle lang:de", "c"),
        ("kettle has:links", "c"),
        ("url:example.org", "c"),
        ("from:bo is:reply", "d"),
        ("from:bo -is:reply", "c"),
        ("kettle -(leaks OR lang:de)", "b"),
        ("KETTLE", "abc"),
        ("ketl", ""),
    ],
)
def test_search_understands_xs_grammar(x: StandIn, query: str, found: str) -> None:
    brand, ada, bo = x.person("acme"), x.person("ada"), x.person("bo")
    ours = x.post(brand, "Hello all")
    ids = {
        x.post(ada, "@acme my kettle leaks").id: "a",
        x.post(ada, "This kettle hums. #Broken").id: "b",
        x.post(bo, "Kettle kaputt https://www.example.org/x", lang="de").id: "c",
        x.post(bo, "Same here", reply_to=ours).id: "d",
    }
    with calling(x, x.keys.app_token) as client:
        answer = client.get("/2/tweets/search/recent", params={"query": query, "max_results": 10})
    assert "".join(sorted(ids[p["id"]] for p in answer.json().get("data", []))) == found


@pytest.mark.parametrize(
    "query", ["is:reply", "-kettle", "(kettle", "kettle OR", "colour:red x", '"']
)
def test_a_query_that_x_refuses_is_refused(x: StandIn, query: str) -> None:
    with calling(x, x.keys.app_token) as client:
        answer = client.get("/2/tweets/search/recent", params={"query": query})
        added = client.post("/2/tweets/search/stream/rules", json={"add": [{"value": query}]})
    assert answer.status_code == 400
    assert added.json()["meta"]["summary"]["invalid"] == 1
    assert not x.streams.rules


def test_pages_follow_each_other_and_stop_at_since_id(x: StandIn) -> None:
    ada = x.person("ada")
    ids = [x.post(ada, f"Kettle {n}").id for n in range(25)]
    old = x.post(ada, "Old kettle", at=datetime.now(UTC) - timedelta(days=8))
    seen: list[str] = []
    token = {}
    with calling(x, x.keys.app_token) as client:
        while token is not None:
            params = {"query": "kettle", "max_results": 10, "since_id": ids[2], **token}
            page = client.get("/2/tweets/search/recent", params=params).json()
            seen += [post["id"] for post in page["data"]]
            following = page["meta"].get("next_token")
            token = {"next_token": following} if following else None
    assert seen == ids[:2:-1]
    assert old.id not in seen
    assert x.bill.lines == {"post": 22}


def test_a_stream_wants_rules_and_allows_one_connection(x: StandIn) -> None:
    x.streams.beat_s = 0.02
    path = "/2/tweets/search/stream"
    with calling(x, x.keys.app_token) as client:
        assert client.get(path).status_code == 409
        rules = [{"value": "kettle"}, {"value": "kettle"}]
        twice = client.post(f"{path}/rules", json={"add": rules}).json()
        assert twice["errors"][0]["title"] == "DuplicateRule"
        assert not x.streams.rules
        tried = client.post(f"{path}/rules", params={"dry_run": "true"}, json={"add": rules[:1]})
        assert tried.json()["meta"]["summary"]["created"] == 1
        assert not x.streams.rules
        assert client.post(f"{path}/rules", json={"add": rules[:1]}).status_code == 201
        assert client.get(path, params={"backfill_minutes": 2}).status_code == 400
        with client.stream("GET", path) as stream:
            lines = stream.iter_raw()
            assert [next(lines) for _ in range(3)] == [b"\r\n"] * 3
            second = client.get(path)
            assert second.json()["connection_issue"] == "TooManyConnections"
            shown = client.get("/2/connections").json()["data"]
            assert [c["endpoint_name"] for c in shown] == ["filtered_stream"]
            assert client.delete("/2/connections/all").json()["data"]["successful_kills"] == 1
            assert list(lines)[-1:] in ([], [b"\r\n"])
        rule = next(iter(x.streams.rules))
        gone = client.post(f"{path}/rules", json={"delete": {"ids": [rule]}}).json()
        assert gone["meta"]["summary"]["deleted"] == 1


def test_a_stream_loses_repeats_and_confuses_on_demand(x: StandIn) -> None:
    ada = x.person("ada")
    path = "/2/tweets/search/stream"
    with calling(x, x.keys.app_token) as client:
        client.post(f"{path}/rules", json={"add": [{"value": "kettle"}]})
        with client.stream("GET", path) as stream:
            lines = (line for line in stream.iter_lines() if line)
            x.streams.lose = 1
            x.post(ada, "kettle lost")
            x.streams.repeat = 2
            twice = x.post(ada, "kettle twice")
            assert [json.loads(next(lines))["data"]["id"] for _ in range(2)] == [twice.id] * 2
            x.streams.repeat, x.streams.hold = 1, 1
            ids = [x.post(ada, f"kettle {n}").id for n in range(2)]
            assert [json.loads(next(lines))["data"]["id"] for _ in range(2)] == ids[::-1]
            x.streams.disconnect()
            said = json.loads(next(lines))
            assert said["errors"][0]["title"] == "operational-disconnect"
            assert next(lines, None) is None
        with client.stream("GET", path) as stream:
            lines = stream.iter_lines()
            next(lines)
            x.streams.disconnect(abruptly=True)
            with pytest.raises(httpx.HTTPError):
                next(lines)


def test_activity_is_private_and_told_by_stream_and_webhook(x: StandIn, receiver: Receiver) -> None:
    brand, ada = x.person("acme"), x.person("ada")
    path = "/2/activity/subscriptions"
    with calling(x, x.keys.app_token) as app, calling(x, x.sign_in(brand).access) as user:
        mention = {"event_type": "post.mention.create", "filter": {"user_id": brand.id}}
        assert app.post(path, json=mention).status_code == 403
        assert user.post(path, json=mention | {"tag": "m"}).status_code == 200
        hook = app.post("/2/webhooks", json={"url": "https://desk.example/x"}).json()["data"]["id"]
        message = {"event_type": "dm.received", "filter": {"user_id": brand.id}, "webhook_id": hook}
        assert user.post(path, json=message).status_code == 200
        assert len(app.get(path).json()["data"]) == 2
        with app.stream("GET", "/2/activity/stream") as stream:
            post = x.post(ada, "@acme help")
            event = json.loads(next(line for line in stream.iter_lines() if line))["data"]
        x.send(ada, brand, "My number is 7")
        body, headers = until(lambda: receiver.got)[0]
    assert (event["event_type"], event["payload"]["id"], event["tag"]) == (
        "post.mention.create", post.id, "m",
    )  # fmt: skip
    assert event["payload"]["edit_history_tweet_ids"] == [post.id]
    assert headers["x-twitter-webhooks-signature"] == signature(x.keys.consumer_secret, body)
    told = json.loads(body)["data"]["payload"]["direct_message_events"][0]["message_create"]
    assert (told["sender_id"], told["message_data"]["text"]) == (ada.id, "My number is 7")
    assert x.bill.lines == {"event_post": 1, "event_dm.received": 1}


def test_webhooks_are_challenged_retried_and_replayed(x: StandIn, receiver: Receiver) -> None:
    brand, ada = x.person("acme"), x.person("ada")
    url = {"url": "https://desk.example/x"}
    with calling(x, x.keys.app_token) as app:
        receiver.secret = "wrong"
        assert app.post("/2/webhooks", json=url).json()["title"] == "CrcValidationFailed"
        receiver.secret = x.keys.consumer_secret
        assert app.post("/2/webhooks", json={"url": "http://desk.example/x"}).status_code == 400
        assert app.post("/2/webhooks", json={"url": "https://desk.example:1/x"}).status_code == 400
        hook = app.post("/2/webhooks", json=url).json()["data"]["id"]
        wish = {"event_type": "post.create", "filter": {"user_id": ada.id}, "webhook_id": hook}
        app.post("/2/activity/subscriptions", json=wish)
        receiver.status = 500
        x.post(ada, "One")
        until(lambda: len(receiver.got) == 3)
        receiver.status, x.webhooks.quiet = 200, True
        x.post(ada, "Two")
        assert until(lambda: len(x.webhooks.missed) == 2)
        x.webhooks.quiet, x.webhooks.forged = False, True
        span = {
            "from_date": f"{datetime.now(UTC) - timedelta(minutes=2):%Y%m%d%H%M}",
            "to_date": f"{datetime.now(UTC) + timedelta(minutes=2):%Y%m%d%H%M}",
        }
        assert app.post("/2/webhooks/replay", json=span | {"webhook_id": hook}).status_code == 200
        until(lambda: x.webhooks.missed == [])
        body, headers = receiver.got[-1]
        assert headers["x-twitter-webhooks-signature"] != signature(receiver.secret, body)
        receiver.secret = "wrong"
        assert not app.put(f"/2/webhooks/{hook}").json()["data"]["valid"]
        assert not app.get("/2/webhooks").json()["data"][0]["valid"]
    assert brand.username == "acme"


@pytest.mark.parametrize(
    ("kind", "more", "stands"),
    [
        ("refuse", {"status": 503}, 0),
        ("refuse", {"status": 429}, 0),
        ("cut", {}, 0),
        ("hang", {"seconds": 0.05}, 0),
        ("fail_after", {"status": 500}, 1),
        ("cut_after", {}, 1),
        ("hang_after", {"seconds": 0.05}, 1),
        ("cut_midway", {}, 1),
        ("malformed", {}, 1),
    ],
)
def test_faults_strike_before_or_after_the_post_is_taken(
    x: StandIn, kind: Any, more: dict[str, Any], stands: int
) -> None:
    brand = x.person("acme")
    x.fault("createPosts", kind, **more)
    with calling(x, x.sign_in(brand).access) as client:
        try:
            answer = client.post("/2/tweets", json={"text": "Hello"})
            assert answer.status_code == more.get("status", 201)
            if kind == "malformed":
                with pytest.raises(ValueError, match="line 1 column"):
                    answer.json()
        except httpx.HTTPError:
            assert "cut" in kind or "hang" in kind
        assert len(x.posts_of(brand)) == stands
        assert client.post("/2/tweets", json={"text": "Again"}).status_code == 201


def test_faults_change_what_is_read(x: StandIn) -> None:
    ada = x.person("ada")
    ids = [x.post(ada, f"Kettle {n}").id for n in range(4)][::-1]
    asked = {"query": "kettle", "expansions": "author_id"}
    with calling(x, x.keys.app_token) as client:

        def read() -> list[Any]:
            return client.get("/2/tweets/search/recent", params=asked).json()["data"]

        x.fault("searchPostsRecent", "lose", count=2)
        assert [p["id"] for p in read()] == ids[2:]
        x.fault("search.*", "repeat")
        assert len(read()) == 8
        x.fault("search.*", "shuffle")
        mixed = [p["id"] for p in read()]
        assert mixed != ids
        assert sorted(mixed) == sorted(ids)
        x.fault("search.*", "stripped", fields=("author_id",))
        assert "author_id" not in read()[0]
        assert [p["id"] for p in read()] == ids
