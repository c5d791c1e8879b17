"""Who may answer for the brand, by account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.guards import House, Saying, objections
from sanderling.core.network import Room
from sanderling.core.voice import Speaker, silence

PRESS = {"@northwind_press": ("lead", "Communications", "eva@northwind.example")}
ADA = Speaker("ada@northwind.example", frozenset({"Billing"}))


def test_an_account_that_is_not_named_is_everybodys() -> None:
    assert silence(PRESS, "northwind_care", Speaker()) == ""
    assert silence({}, "northwind_press", ADA) == ""


@pytest.mark.parametrize(
    "who",
    [
        Speaker(lead=True),
        Speaker("EVA@northwind.example"),
        Speaker("ada@northwind.example", frozenset({"Billing", "communications"})),
    ],
)
def test_a_lead_a_team_or_a_named_agent_may(who: Speaker) -> None:
    assert silence(PRESS, "Northwind_Press", who) == ""


def test_others_are_told_who_may() -> None:
    why = silence(PRESS, "northwind_press", ADA)
    assert "Only a lead, Communications or eva@northwind.example may answer" in why
    assert "@northwind_press" in why


@pytest.mark.parametrize("ours", ["northwind_press@social.example", "NORTHWIND_PRESS"])
def test_an_account_is_meant_with_or_without_its_server(ours: str) -> None:
    assert silence(PRESS, ours, ADA)


def test_nobody_becomes_somebody_by_an_empty_name() -> None:
    assert silence({"press": ("", " ")}, "press", Speaker())
    assert silence({"press": ()}, "press", Speaker(lead=True))


@given(st.sampled_from(Room), st.text(max_size=40))
def test_whatever_they_write_it_is_stopped_in_both_rooms(room: Room, text: str) -> None:
    house = House(voice=PRESS)
    saying = Saying(
        room=room, text=text, handle="jonas", ours=("northwind_press", "care"), speaker=ADA
    )
    [found] = [one for one in objections(saying, house) if one.rule == "voice"]
    assert found.severity == "stop"
