"""Objections: what stops an answer, what must be confirmed, and what is left in peace."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.guards import MANY, House, Objection, Pattern, Saying, Word, objections
from sanderling.core.network import Room

PLAIN = Saying(
    room=Room.PUBLIC, text="Sorry, Jonas. We mend the mast today.", handle="jonas",
    name="Jonas Veld", ours=("NorthwindCare", "NorthwindPress"), around=("bex",),
)  # fmt: skip


def rules(saying: Saying = PLAIN, house: House | None = None, **changes) -> list[str]:
    changed = msgspec.structs.replace(saying, **changes)
    return [one.rule for one in objections(changed, house or House())]


def only(house: House | None = None, **changes) -> Objection:
    (found,) = objections(msgspec.structs.replace(PLAIN, **changes), house or House())
    return found


def test_an_ordinary_answer_is_left_in_peace() -> None:
    assert rules() == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Your card 4111 1111 1111 1111 was charged", "card"),
        ("We paid to DE89 3704 0044 0532 0130 00 today", "bank account"),
        ("We wrote to jonas@alder.example today", "e-mail"),
        ("We call you on +49 30 1234567 today", "number"),
        ("Order NW-123456 left today", "number: order number"),
    ],
)
def test_what_is_private_cannot_stand_in_public_but_in_a_message(text: str, rule: str) -> None:
    house = House(patterns=(Pattern("order number", r"NW-\d{6}"),))
    found = only(house, text=text)
    assert (found.rule, found.severity) == (rule, "stop")
    assert text[found.start : found.stop].strip() in text
    assert "direct message" in found.says
    assert rules(house=house, text=text, room=Room.DIRECT) == []


def test_a_customer_who_shows_their_data_is_asked_to_delete_it() -> None:
    found = only(theirs="My card is 4111 1111 1111 1111!", lang="de")
    assert (found.rule, found.severity) == ("shown by them", "confirm")
    assert "a card number" in found.says
    assert found.instead.startswith("Bitte löschen Sie")
    asks = "Please delete your post, Jonas, and write to us directly."
    assert rules(theirs="My card is 4111 1111 1111 1111!", text=asks) == []


def test_the_wording_that_is_offered_instead_is_itself_in_order() -> None:
    theirs = "My card is 4111 1111 1111 1111!"
    for lang in ("en", "de", "es", "fr"):
        said = only(theirs=theirs, lang=lang).instead
        assert rules(theirs=theirs, lang=lang, text=said) == []


def test_who_only_joined_in_is_not_answered_by_accident() -> None:
    found = only(to="bex")
    assert (found.rule, found.severity) == ("bystander", "confirm")
    assert rules(to="Jonas") == []
    assert rules(to="bex", room=Room.DIRECT) == []


@pytest.mark.parametrize("text", ["@jonas sorry", "Our @NorthwindPress knows", "@bex says so too"])
def test_who_is_part_of_it_may_be_named(text: str) -> None:
    assert rules(text=text) == []


@pytest.mark.parametrize("room", list(Room))
def test_a_stranger_is_not_drawn_in_by_accident(room: Room) -> None:
    found = only(text="Ask @olga about it, or at olga@x.", room=room)
    assert (found.rule, found.severity, found.start, found.stop) == ("mention", "confirm", 4, 9)


def test_a_name_on_another_server_is_another_person() -> None:
    there = {"handle": "jonas@social.example", "text": "@jonas we mend it today"}
    assert rules(**there) == []
    assert rules(handle="jonas", text="@jonas@evil.example we mend it today") == ["mention"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Hi Lena, we mend it today", ["greeting"]),
        ("Liebe Lena, wir richten es heute", ["greeting"]),
        ("Hola Lena: lo arreglamos hoy", ["greeting"]),
        ("Bonjour Mme Dupont,\nc'est fait", ["greeting"]),
        ("@jonas Hello Lena! It works today", ["greeting"]),
        ("Hi Jonas, we mend it today", []),
        ("Hello Mr Veld, we mend it today", []),
        ("Hi JONAS! It works", []),
        ("Hi there, we mend it today", []),
        ("Hi Thanks for waiting", []),
        ("Hello, it works today", []),
    ],
)
def test_a_greeting_is_for_this_customer(text: str, rule: list[str]) -> None:
    assert rules(text=text) == rule


def test_a_customer_may_sign_with_another_name() -> None:
    assert rules(text="Hi Joe, it works today", names=("it is still broken, Joe",)) == []


def test_what_was_written_for_fewer_does_not_widen_by_itself() -> None:
    secret = "Your contract ends in May"
    said = {"text": "Jonas:  your CONTRACT ends in May", "narrower": (secret,)}
    assert only(**said).rule == "widening"
    assert "your team" in only(**said, room=Room.DIRECT).says
    assert rules(text="Thanks!", narrower=("Thanks!",)) == []
    assert rules(text="Your contract ends in June", narrower=(secret,)) == []


def test_forbidden_words_are_found_whatever_stands_between() -> None:
    word = Word(("money  back", "garanti*"), "We promise no refunds.", "public", "We look into it.")
    found = only(House(words=(word,)), text="You get your Money\nBACK, Jonas")
    assert (found.rule, found.severity) == ("forbidden words", "stop")
    assert (found.says, found.instead) == (word.says, word.instead)
    assert (found.start, found.stop) == (13, 23)
    house = House(words=(word,))
    assert rules(house=house, text="Das garantieren wir heute") == ["forbidden words"]
    assert rules(house=house, text="moneyback") == []
    assert rules(house=house, text="money back", room=Room.DIRECT) == []


@pytest.mark.parametrize(
    "text",
    [
        "We will get back to you.",
        "We'll be in touch, Jonas",
        "It works again as soon as possible",
        "Wir melden uns bei Ihnen.",
        "Wir kümmern uns schnellstmöglich darum.",
        "Nos pondremos en contacto con usted",
        "Lo arreglamos lo antes posible.",
        "Nous reviendrons vers vous dans les meilleurs délais",
        "It is 12:30 now. We will come back to you.",
    ],
)
def test_an_empty_promise_is_asked_about(text: str) -> None:
    found = only(text=text)
    assert (found.rule, found.severity) == ("empty promise", "confirm")
    assert 0 <= found.start < found.stop <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "We will get back to you by Friday.",
        "We'll be in touch within two hours, Jonas",
        "We are back as soon as possible, at 14:30 at the latest",
        "Wir melden uns morgen bei Ihnen.",
        "Wir melden uns bis 12.7. bei Ihnen",
        "Nos pondremos en contacto con usted mañana",
        "Nous reviendrons vers vous d'ici 18 h",
        "We get that you are angry. À bientôt !",
    ],
)
def test_a_promise_with_a_time_is_none_of_those(text: str) -> None:
    assert rules(text=text) == []


def test_the_same_words_to_many_are_asked_about() -> None:
    assert rules(same=MANY - 1) == []
    assert rules(same=MANY) == ["same to many"]


def test_what_stops_stands_before_what_is_asked() -> None:
    text = "Hi Lena, we'll be in touch on 0151 23456789"
    assert [one.severity for one in objections(msgspec.structs.replace(PLAIN, text=text))] == [
        "stop",
        "confirm",
        "confirm",
    ]


@given(st.text(), st.text(), st.sampled_from(Room))
def test_any_text_can_be_looked_at(text: str, other: str, room: Room) -> None:
    house = House(words=(Word((other,)),), patterns=(Pattern("x", other),))
    saying = msgspec.structs.replace(PLAIN, text=text, theirs=other, narrower=(other,), room=room)
    for one in objections(saying, house):
        assert one.says
        assert -1 <= one.start <= one.stop <= len(text)
