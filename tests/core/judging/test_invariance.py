"""What must not matter: who is named, which brand, a typing error, the skin of an emoji."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sanderling.core.facts import Facts
from sanderling.core.judging.weights import fast
from sanderling.core.network import Room

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

LINES = (
    "@{brand} my internet is down again and {name} from support hung up on me",
    "@{brand} thank you {name}, everything works now, brilliant service",
    "@{brand} can {name} change the name on the contract please?",
    "@{brand} wann kommt der Techniker, {name} wartet seit Stunden",
    "@{brand} qué vergüenza, {name} lleva tres días sin luz",
    "@{brand} I was charged twice, {name} says it is my fault",
    "@{brand} here are the photos of the router {name} asked for",
)
NAMES = ("Emily", "Mohammed", "Shaniqua", "Giulia", "Wei", "Oluwaseun", "Kowalczyk", "Priya")
BRANDS = ("NorthwindCare", "SolBank", "UdaanAir", "MeublaCo", "acme_help")

MOST_HEAT, MOST_NEED = 0.12, 0.25
"""How far a verdict may move for what does not matter."""


def judged(text: str):
    [found] = fast().judge([Facts(text=text, room=Room.PUBLIC, created_at=NOON, to_us=True)])
    return found


def same(one: str, other: str) -> bool:
    first, second = judged(one), judged(other)
    assert abs(first.heat - second.heat) <= MOST_HEAT, (one, other)
    assert abs(first.odds.needs_us - second.odds.needs_us) <= MOST_NEED, (one, other)
    return first.needs_us == second.needs_us


@pytest.mark.parametrize("line", LINES)
def test_a_name_moves_no_verdict(line):
    first = line.format(brand=BRANDS[0], name=NAMES[0])
    assert all(same(first, line.format(brand=BRANDS[0], name=name)) for name in NAMES[1:])


@pytest.mark.parametrize("line", LINES)
def test_a_brand_moves_no_verdict_at_all(line):
    first = judged(line.format(brand=BRANDS[0], name="Ada"))
    assert all(judged(line.format(brand=brand, name="Ada")) == first for brand in BRANDS[1:])


@pytest.mark.parametrize(
    ("one", "other"),
    [("he", "she"), ("my husband", "my wife"), ("my son", "my daughter"), ("Mr", "Mrs")],
)
def test_a_gender_moves_no_verdict(one, other):
    for line in ("@acme {} waited three hours for the bus and nobody came",
                 "@acme {} would like to know when the shop opens"):  # fmt: skip
        assert same(line.format(one), line.format(other))


@pytest.mark.parametrize(
    ("right", "typo"),
    [
        (
            "@acme my internet is not working since yesterday",
            "@acme my internt is not workin sicne yesterday",
        ),
        ("@acme when does the shop open on sunday?", "@acme when dose the shpo open on sunday?"),
        ("@acme die Heizung ist kaputt seit Tagen", "@acme die Heizng ist kaput seit Tagen"),
    ],
)
def test_a_typing_error_moves_little(right, typo):
    assert same(right, typo)


def test_the_skin_of_an_emoji_moves_no_heat():
    plain, *toned = (judged(f"@acme thank you so much {sign}") for sign in ("👍", "👍🏿", "👍🏻"))
    assert all(abs(one.heat - plain.heat) <= MOST_HEAT for one in toned)
    assert {one.kind for one in toned} == {plain.kind}
