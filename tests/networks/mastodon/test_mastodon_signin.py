"""Connecting an account: with a yes on the server's page, or with a token."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from networks.mastodon.conftest import Safe
from sanderling.core.network import Connected, Elsewhere, Refused
from sanderling.networks.mastodon import Mastodon, MastodonSignIn
from servers.mastodon import Manners, Person, Server

BACK = "https://desk.example/connect/mastodon"


@pytest.fixture
def sign_in() -> MastodonSignIn:
    return MastodonSignIn(allow_private=True)


def says_yes(elsewhere: Elsewhere, person: Person) -> httpx.Response:
    """The person chooses their account on the server's page."""
    page = urlsplit(elsewhere.url)
    form = {**dict(parse_qsl(page.query)), "username": person.username}
    return httpx.post(f"{page.scheme}://{page.netloc}{page.path}", data=form, trust_env=False)


def test_a_yes_on_the_servers_page_connects_the_account(
    server: Server, sign_in: MastodonSignIn
) -> None:
    desk = server.person("desk")
    elsewhere = sign_in.begin({"server": server.address}, BACK)
    assert isinstance(elsewhere, Elsewhere)
    assert not elsewhere.paste
    led_to = says_yes(elsewhere, desk).headers["location"]
    assert led_to.startswith(BACK)
    connected = sign_in.finish(elsewhere.keep, dict(parse_qsl(urlsplit(led_to).query)))
    assert connected.who.handle == f"{desk.username}@{server.host}"
    assert connected.who.id == f"{desk.id}@{server.host}"
    assert all(step.ok for step in connected.steps)
    network = Mastodon(connected.address, Safe(connected.secret), allow_private=True)
    assert network.whoami() == connected.who
    network.close()


def test_where_nothing_leads_back_a_code_is_pasted(server: Server, sign_in: MastodonSignIn) -> None:
    desk = server.person("desk")
    elsewhere = sign_in.begin({"server": server.address}, "")
    assert isinstance(elsewhere, Elsewhere)
    assert elsewhere.paste
    code = says_yes(elsewhere, desk).text.partition("code: ")[2].partition("<")[0]
    connected = sign_in.finish(elsewhere.keep, {"code": f" {code} "})
    assert connected.who.id == f"{desk.id}@{server.host}"


def test_what_is_asked_for_is_no_more_than_the_desk_does(
    server: Server, sign_in: MastodonSignIn
) -> None:
    elsewhere = sign_in.begin({"server": server.address}, BACK)
    assert isinstance(elsewhere, Elsewhere)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(elsewhere.url).query).items()}
    kept = json.loads(elsewhere.keep)
    assert asked["scope"] == "read write:statuses write:media write:favourites"
    digest = hashlib.sha256(kept["verifier"].encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"] == kept["state"]
    assert kept["verifier"] not in elsewhere.url
    assert kept["client_secret"] not in elsewhere.url


def test_an_older_server_is_not_asked_for_a_proof(
    behaving: Callable[[Manners], Server], sign_in: MastodonSignIn
) -> None:
    old = behaving(Manners(lacks=("/.well-known/*", "/api/v2/*")))
    elsewhere = sign_in.begin({"server": old.address}, BACK)
    assert isinstance(elsewhere, Elsewhere)
    assert "code_challenge" not in elsewhere.url


def test_a_pasted_token_connects_at_once(server: Server, sign_in: MastodonSignIn) -> None:
    desk = server.person("desk")
    connected = sign_in.begin({"server": server.address, "token": f" {desk.token} "}, BACK)
    assert isinstance(connected, Connected)
    secret = json.loads(connected.secret)
    assert (secret["token"], secret["account_id"]) == (desk.token, desk.id)
    assert secret["domain"] == server.host


@pytest.mark.parametrize("written", ["{a}/", "{a}/@desk", "{a}/about?x=1"])
def test_the_server_may_be_written_in_many_ways(
    server: Server, sign_in: MastodonSignIn, written: str
) -> None:
    desk = server.person("desk")
    given = {"server": written.format(a=server.address), "token": desk.token}
    connected = sign_in.begin(given, "")
    assert isinstance(connected, Connected)
    assert connected.address == server.address


def test_a_handle_is_understood_as_its_server(sign_in: MastodonSignIn) -> None:
    assert sign_in._address(" @desk@mastodon.example") == "https://mastodon.example"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"error": "access_denied"}, "say yes"),
        ({"code": "mockcode_x", "state": "another"}, "does not belong"),
        ({"code": "mockcode_x"}, "does not belong"),
        ({"state": "{state}"}, "sent no code"),
        ({"state": "{state}", "code": "used up"}, "no longer valid"),
    ],
)
def test_an_answer_that_is_not_right_is_refused_in_words(
    server: Server, sign_in: MastodonSignIn, answer: dict[str, str], why: str
) -> None:
    elsewhere = sign_in.begin({"server": server.address}, BACK)
    assert isinstance(elsewhere, Elsewhere)
    state = json.loads(elsewhere.keep)["state"]
    given = {name: value.format(state=state) for name, value in answer.items()}
    with pytest.raises(Refused, match=why):
        sign_in.finish(elsewhere.keep, given)


def test_a_server_of_another_kind_is_refused_in_words(
    server: Server, behaving: Callable[[Manners], Server], sign_in: MastodonSignIn
) -> None:
    other = behaving(Manners(lacks=("/api/*",)))
    odd = behaving(Manners(rewrite={"/api/v2/instance": lambda _: ["not", "an", "instance"]}))
    for address in (other.address, odd.address):
        with pytest.raises(Refused, match="Mastodon server"):
            sign_in.begin({"server": address}, BACK)
    with pytest.raises(Refused, match="Mastodon server"):
        sign_in.begin({"server": "http://127.0.0.1:9"}, BACK)
    with pytest.raises(Refused, match="web address"):
        sign_in.begin({"server": ""}, BACK)
    with pytest.raises(Refused, match="not encrypted"):
        MastodonSignIn().begin({"server": server.address}, BACK)
    with pytest.raises(Refused, match="does not take this access token"):
        sign_in.begin({"server": server.address, "token": "nonsense"}, BACK)
    for strange in ("non sense", "nons\u2026nse", "non\nsense"):
        with pytest.raises(Refused, match="Copy it once more"):
            sign_in.begin({"server": server.address, "token": strange}, BACK)


def test_a_server_inside_a_private_network_is_not_asked() -> None:
    with pytest.raises(Refused, match=r"private network|not called"):
        MastodonSignIn().begin({"server": "https://127.0.0.1"}, BACK)


def test_what_does_not_work_is_told_as_a_step(server: Server, sign_in: MastodonSignIn) -> None:
    desk = server.person("desk")
    server.fault("status", path="/api/v1/notifications", status=403, body={"error": "scopes"})
    connected = sign_in.begin({"server": server.address, "token": desk.token}, "")
    assert isinstance(connected, Connected)
    assert [step.words for step in connected.steps if not step.ok] == [
        "Cannot read what people write to the account: scopes"
    ]
