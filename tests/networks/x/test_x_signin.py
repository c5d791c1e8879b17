"""Connecting an account on X: the app's keys, the yes on x.com, and what works then."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from sanderling.core.network import Connected, Elsewhere, Refused
from sanderling.networks.x import XSignIn, connector, secret

BACK = "https://desk.example/connect/x"


@pytest.fixture
def sign_in(stage) -> XSignIn:
    stage.x.keys.consenting = stage.acme
    return XSignIn(api=stage.x.url, site=stage.x.url)


@pytest.fixture
def given(stage) -> dict[str, str]:
    keys = stage.x.keys
    return {
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "bearer": keys.app_token,
        "consumer_secret": keys.consumer_secret,
        "tier": "self-serve",
        "owner": "yes",
    }


def led_back(elsewhere: Elsewhere) -> dict[str, str]:
    """What x.com appends to our address once the person has answered."""
    answer = httpx.get(elsewhere.url, trust_env=False)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def connected(sign_in: XSignIn, given: dict[str, str]) -> Connected:
    elsewhere = sign_in.begin(given, BACK)
    return sign_in.finish(elsewhere.keep, led_back(elsewhere))


def test_a_yes_on_x_connects_the_account(stage, sign_in, given) -> None:
    made = connected(sign_in, given)
    assert (made.who.id, made.who.handle, made.address) == (stage.acme.id, "acme", stage.x.url)
    assert all(step.ok for step in made.steps)
    kept = secret.read(made.secret)
    assert (kept.user_id, kept.handle, kept.owner) == (stage.acme.id, "acme", True)
    vault = stage.vault()
    vault.text = made.secret
    network = connector(made.address, vault)
    assert network.whoami() == made.who
    network.close()


def test_the_page_is_asked_for_with_a_challenge_and_all_scopes(sign_in, given) -> None:
    asked = parse_qs(urlsplit(sign_in.begin(given, BACK).url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"dm.read", "dm.write", "tweet.moderate.write", "offline.access"} <= set(
        asked["scope"][0].split()
    )
    assert "like.write" not in asked["scope"][0]
    enterprise = sign_in.begin({**given, "tier": "enterprise"}, BACK)
    assert "like.write" in enterprise.url
    assert given["client_secret"] not in enterprise.url


def test_without_the_apps_own_keys_the_steps_say_what_is_missing(sign_in, given) -> None:
    made = connected(sign_in, {**given, "bearer": "", "consumer_secret": ""})
    (missing,) = (step.words for step in made.steps if not step.ok)
    assert "asked for every minute" in missing


def test_a_bearer_that_does_not_work_is_said(sign_in, given) -> None:
    made = connected(sign_in, {**given, "bearer": "nonsense"})
    assert any("does not work" in step.words for step in made.steps if not step.ok)


def test_a_no_is_refused_in_words(stage, sign_in, given) -> None:
    stage.x.keys.consenting = None
    with pytest.raises(Refused, match="did not allow"):
        connected(sign_in, given)


@pytest.mark.parametrize(
    "answer", [{}, {"code": "c"}, {"state": "wrong", "code": "c"}, {"state": "é", "code": "c"}]
)
def test_an_answer_to_another_question_is_refused(sign_in, given, answer) -> None:
    with pytest.raises(Refused, match="Begin again"):
        sign_in.finish(sign_in.begin(given, BACK).keep, answer)


def test_a_code_that_is_too_old_is_refused_in_words(stage, sign_in, given) -> None:
    elsewhere = sign_in.begin(given, BACK)
    answer = led_back(elsewhere)
    stage.x.advance(seconds=31)
    with pytest.raises(Refused, match="30 seconds"):
        sign_in.finish(elsewhere.keep, answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"client_id": ""}, "client ID is missing"),
        ({"client_id": "two words"}, "blank"),
        ({"bearer": "a\nb"}, "blank"),
        ({"tier": "gold"}, "Choose one of"),
    ],
)
def test_what_cannot_be_right_is_said_before_anything_is_asked(
    sign_in, given, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        sign_in.begin({**given, **wrong}, BACK)


def test_a_desk_without_an_address_cannot_be_led_back_to(sign_in, given) -> None:
    with pytest.raises(Refused, match="public URL"):
        sign_in.begin(given, "")


def test_what_is_kept_must_be_ours(sign_in) -> None:
    with pytest.raises(Refused, match="Begin again"):
        sign_in.finish(json.dumps({"app": 1}), {})
