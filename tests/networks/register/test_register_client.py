"""One bounded question to a company's register; an answer, or a sentence of our own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest

from sanderling.core.customers import Sought
from sanderling.core.network import Refused, Throttled, Unreachable
from sanderling.networks.register import client
from sanderling.networks.register.client import Register
from servers.model import send
from servers.register import CustomerRegister, register

OLGA, PER = Sought("x", "olga"), Sought("mail", "per@fjord.example", "per@fjord.example")


@pytest.fixture
def crm() -> Iterator[CustomerRegister]:
    with register() as running:
        yield running


@pytest.fixture
def asker(crm) -> Iterator[Register]:
    with closing(Register(crm.url, "s3cret")) as made:
        yield made


def test_one_post_goes_to_exactly_that_address_with_the_key(crm, asker):
    crm.knows(x={"olga": {"plan": "gold", "reference": "C-7"}})
    found = asker.look_up([OLGA, PER])
    ((headers, body),) = crm.asked
    assert headers["authorization"] == "Bearer s3cret"
    assert body == {"customers": [OLGA._asdict(), PER._asdict()]}
    assert [(c.handle, c.plan, c.reference) for c in found.lines] == [("olga", "gold", "C-7")]
    assert asker.name == "127.0.0.1"


def test_a_register_at_home_needs_no_key(crm):
    with closing(Register(crm.url)) as asker:
        asker.look_up([OLGA])
    assert "authorization" not in crm.asked[0][0]


@pytest.mark.parametrize(
    ("held", "status", "error", "why"),
    [
        (b"{", 200, Unreachable, "not JSON"),
        (b'{"customers": "' + b"x" * 10_000_000 + b'"}', 200, Unreachable, "more than"),
        (b'{"error": "bad key s3cret"}', 401, Refused, "does not accept the desk's key"),
        (b'{"message": "olga owes us 300"}', 403, Refused, "refused to answer .403."),
        (b'{"message": "olga owes us 300"}', 429, Throttled, "refused to answer .429."),
        (b"olga owes us 300", 500, Unreachable, "refused to answer .500."),
        (b"", 302, Unreachable, "refused to answer .302."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_answer_is_said_in_our_words_and_asked_once(
    crm, asker, held, status, error, why
):
    crm.answers(held, status)
    with pytest.raises(error, match=why) as found:
        asker.look_up([OLGA])
    assert "s3cret" not in str(found.value)
    assert "300" not in str(found.value)
    assert len(crm.asked) == 1


def test_a_register_that_asks_for_patience_is_believed(crm, asker):
    def reply(request, body):
        request.send_response(429)
        request.send_header("Retry-After", "600")
        request.send_header("Content-Length", "0")
        request.end_headers()

    crm.reply = reply
    with pytest.raises(Throttled) as found:
        asker.look_up([OLGA])
    assert 500 < (found.value.until - datetime.now(UTC)).total_seconds() < 601


def test_a_redirect_is_not_followed(crm, asker):
    def reply(request, body):
        request.send_response(307)
        request.send_header("Location", crm.url)
        request.send_header("Content-Length", "0")
        request.end_headers()

    crm.reply = reply
    with pytest.raises(Unreachable):
        asker.look_up([OLGA])
    assert len(crm.asked) == 1


@pytest.mark.parametrize("drips", [False, True])
def test_a_register_that_takes_too_long_is_given_up(crm, monkeypatch, drips):
    monkeypatch.setattr(client, "WHOLE_S", 0.3)
    held, over = b'{"customers": []}', threading.Event()

    def reply(request, body):
        request.send_response(200)
        request.send_header("Content-Length", str(60 + len(held)))
        if not drips:
            over.wait(3)
        with suppress(OSError):  # the desk has had enough
            request.end_headers()
            for _ in range(60):
                if drips:
                    over.wait(0.05)
                request.wfile.write(b" ")
                request.wfile.flush()
            request.wfile.write(held)
        request.close_connection = True

    crm.reply = reply
    with closing(Register(crm.url)) as asker, pytest.raises(Unreachable, match="broke off"):
        asker.look_up([OLGA])
    over.set()


def test_a_key_that_cannot_be_sent_is_said_without_it(crm):
    with closing(Register(crm.url, "schlüssel\n")) as asker, pytest.raises(Refused) as found:
        asker.look_up([OLGA])
    assert "schl" not in str(found.value)
    assert not crm.asked


def test_nobody_there_is_said_in_words():
    with closing(Register("http://127.0.0.1:9/")) as asker, pytest.raises(Unreachable):
        asker.look_up([OLGA])


def test_an_answer_right_away_is_read_though_others_were_not(crm, asker):
    crm.reply = lambda request, body: send(request, 500, b"")
    with pytest.raises(Unreachable):
        asker.look_up([OLGA])
    crm.knows(x={"olga": {"plan": "gold"}})
    assert asker.look_up([OLGA]).lines[0].plan == "gold"
