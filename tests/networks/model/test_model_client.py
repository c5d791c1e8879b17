"""One bounded call to a language model; whatever it answers, a text or a sentence for people."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from sanderling.core.machine import Message
from sanderling.core.network import Refused, Throttled, Unreachable
from sanderling.networks.model import client
from sanderling.networks.model.client import Chat
from servers.model import LanguageModel, language_model

ASK = [Message("system", "Rules."), Message("user", '{"posts": []}')]


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with language_model() as running:
        yield running


@pytest.fixture
def chat(model) -> Iterator[Chat]:
    with closing(Chat(model.url, "tern-7b", "s3cret")) as made:
        yield made


def test_the_rules_go_apart_from_the_data_with_the_key_and_a_bound(model, chat):
    model.says("Sorry, {name}.")
    assert chat.complete(ASK) == "Sorry, {name}."
    ((headers, body),) = model.asked
    assert headers["authorization"] == "Bearer s3cret"
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert (body["model"], body["stream"]) == ("tern-7b", False)
    assert body["max_tokens"] <= 1_000


def test_a_model_at_home_needs_no_key(model):
    model.says("Yes")
    with closing(Chat(model.url, "tern-7b")) as chat:
        chat.complete(ASK)
    assert "authorization" not in model.asked[0][0]


@pytest.mark.parametrize(
    ("held", "status", "error", "why"),
    [
        (b"{", 200, Unreachable, "not JSON"),
        (b"[]", 200, Unreachable, "does not know"),
        (b'{"choices": [{"message": {"content": 7}}]}', 200, Unreachable, "does not know"),
        (b'{"choices": []}', 200, Refused, "nothing to say"),
        (b'{"choices": [{"message": {"content": "  "}}]}', 200, Refused, "nothing to say"),
        (b'{"choices": [{"message": {"content": null}}]}', 200, Refused, "nothing to say"),
        (b'{"error": {"message": "bad key s3cret"}}', 401, Refused, "does not accept the desk"),
        (b'{"error": {"message": "slow down"}}', 429, Throttled, "asked too often"),
        (b'{"error": {"message": "you said: my card is 4242"}}', 400, Refused, "refused to answer"),
        (b"oops", 500, Unreachable, "refused to answer"),
        (b"", 302, Unreachable, "refused to answer"),
        (b'{"choices": [{"message": {"content": "' + b"x" * 9_000_000, 200, Unreachable, "more"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_answer_is_said_in_words_and_asked_once(model, chat, held, status, error, why):
    model.answers(held, status)
    with pytest.raises(error, match=why) as found:
        chat.complete(ASK)
    assert "s3cret" not in str(found.value)
    assert "4242" not in str(found.value)
    assert len(model.asked) == 1


def test_nobody_there_is_said_in_words(model):
    with closing(Chat("http://127.0.0.1:9/v1", "tern-7b")) as chat, pytest.raises(Unreachable):
        chat.complete(ASK)


def test_a_model_that_does_not_answer_is_given_up_and_others_are_not_kept_waiting(
    model, monkeypatch
):
    monkeypatch.setattr(client, "ANSWER_S", 0.5)
    over = threading.Event()
    model.reply = lambda request, body: over.wait(20) and None
    with closing(Chat(model.url, "tern-7b")) as chat:
        errors: list[Exception] = []

        def ask() -> None:
            try:
                chat.complete(ASK)
            except Exception as error:
                errors.append(error)

        crowd = [threading.Thread(target=ask) for _ in range(client.AT_ONCE + 1)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join(10)
        over.set()
    assert [type(e) for e in errors] == [Unreachable] * (client.AT_ONCE + 1)
    assert sum("busy" in str(e) for e in errors) == 1
    assert len(model.asked) == client.AT_ONCE
