"""Whatever goes wrong between the connector and X, the end is the same."""

from __future__ import annotations

import random

import pytest

from sanderling.core.network import Draft, NetworkError, OutcomeUnknown, Room

READING_FAULTS = (
    ("refuse", {"status": 500}), ("refuse", {"status": 503}), ("cut", {}), ("cut_midway", {}),
    ("malformed", {}), ("repeat", {}), ("shuffle", {}), ("slow", {"seconds": 0.01}),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_however_reading_fails_the_same_is_known_in_the_end(stage, seed: int) -> None:
    chance = random.Random(seed)
    network, cursor, told, wrote = stage.connector(), None, {}, {}
    for turn in range(8):
        for _ in range(chance.randint(0, 3)):
            text = f"@acme {turn} {len(wrote)}"
            if chance.random() < 0.7:
                wrote[stage.ask(text)] = text
            else:
                wrote[stage.x.send(stage.ada, stage.acme, text).id] = text
        if turn < 7:
            kind, more = chance.choice(READING_FAULTS)
            stage.x.fault("getUsersMentions|getDirectMessagesEvents", kind, **more)
        stage.x.advance(minutes=16)
        more_waits = True
        while more_waits:
            try:
                page = network.pull(cursor)
            except NetworkError:
                break
            cursor, more_waits = page.cursor or cursor, page.more
            told.update({post.remote_id: post.text for post in page.posts})
    assert told == wrote


WRITING_FAULTS = (
    ("refuse", {"status": 500}), ("refuse", {"status": 503}), ("cut", {}), ("cut_after", {}),
    ("cut_midway", {}), ("fail_after", {"status": 500}), ("fail_after", {"status": 503}),
    ("malformed", {}), ("stripped", {"fields": ("id",)}),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "more"), WRITING_FAULTS)
def test_however_writing_fails_it_stands_once(stage, kind: str, more) -> None:
    asked = stage.ask()
    draft = Draft(room=Room.PUBLIC, text="We look at it.", reply_to=asked, at=stage.now())
    stage.x.fault("createPosts", kind, **more)
    network = stage.connector()
    receipt = None
    for _ in range(3):
        try:
            receipt = network.push(draft, "k")
        except OutcomeUnknown:
            receipt = network.find("k", draft)
        except NetworkError:
            continue
        if receipt:
            break
    assert receipt is not None
    assert [post.id for post in stage.x.posts_of(stage.acme)] == [receipt.remote_id]


@pytest.mark.parametrize("signs", ["consumer", "oauth2", "both"])
def test_x_signs_with_either_secret(stage, signs: str) -> None:
    network, body = stage.connector(bearer=True), b'{"data":{}}'
    stage.x.webhooks.signs = signs
    assert network.genuine(body, stage.x.webhooks.signed(body))
    stage.x.webhooks.forged = True
    assert not network.genuine(body, stage.x.webhooks.signed(body))
    assert not network.genuine(body, {})


def test_what_we_count_is_what_x_charges(stage) -> None:
    ours = stage.x.post(stage.acme, "We sell kettles")
    for n in range(12):
        stage.ask(f"@acme {n}", reply_to=ours if n % 2 else None)
        stage.x.send(stage.ada, stage.acme, f"psst {n}")
    bo = stage.x.person("bo")
    stage.x.post(bo, "@acme look", quote_of=ours)
    network = stage.connector()
    pages = [network.pull(None)]
    while pages[-1].more:
        pages.append(network.pull(pages[-1].cursor))
    charged = stage.x.bill.total * 1_000_000
    counted = network.limits.prices.cost(charge for page in pages for charge in page.charges)
    assert (charged > 0, counted) == (True, charged)
