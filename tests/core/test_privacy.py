"""What is private is found however it is written, and ordinary words are left in peace."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.privacy import Pattern, personal

ORDER = Pattern("order number", r"\bNW-\d{6}\b", "That is an order number.")


def kinds(text: str, **more) -> list[str]:
    return [one.rule for one in personal(text, **more)]


def luhn(digits: list[int]) -> str:
    """A card number: these digits and the one that checks them."""
    total = sum(sum(divmod(2 * d, 10)) if n % 2 == 0 else d for n, d in enumerate(reversed(digits)))
    return "".join(map(str, [*digits, -total % 10]))


# Rows of noughts belong to round numbers, which are left in peace; no issuer gives out such cards.
CARDS = (
    st.lists(st.integers(0, 9), min_size=12, max_size=18)
    .map(luhn)
    .filter(lambda card: "000" not in card)
)
BETWEEN = st.sampled_from(
    ["", " ", "-", ".", "/", "_", " - ", "\u00a0", "\u2009", "\u200b", "–", "·", "\n", ". ", "*"]
)


def test_a_round_number_inside_a_card_does_not_hide_it() -> None:
    assert personal("My card is 0 0 100000 00009, thanks")


@given(CARDS, st.data())
def test_any_card_is_found_however_its_digits_stand_apart(card: str, data: st.DataObject) -> None:
    between = data.draw(BETWEEN)
    places = data.draw(st.sets(st.integers(1, len(card) - 1)))
    said = "".join((between if n in places else "") + c for n, c in enumerate(card))
    found = personal(f"My card is {said}, thanks")
    assert "card" in [one.rule for one in found] or _covered(found, 11, 11 + len(said))


def _covered(found, start: int, stop: int) -> bool:
    """Found as another kind of number: it stays out of the public all the same."""
    return any(one.start <= start and one.stop >= stop for one in found)


@given(CARDS, st.sampled_from([" ", "-", ".", "\u00a0", ""]))
def test_a_card_as_it_is_printed_is_called_a_card(card: str, between: str) -> None:
    said = between.join(card[n : n + 4] for n in range(0, len(card), 4))
    assert "card" in kinds(f"{said} was charged twice on 12.07.2026")


def iban(country: str, bban: str) -> str:
    checked = int("".join(str(int(c, 36)) for c in f"{bban}{country}00"))
    return f"{country}{98 - checked % 97:02}{bban}"


IBANS = st.one_of(
    st.text("0123456789", min_size=18, max_size=18).map(lambda n: iban("DE", n)),
    st.text("0123456789", min_size=14, max_size=14).map(lambda n: iban("GB", f"WEST{n}")),
    st.text("0123456789", min_size=10, max_size=10).map(lambda n: iban("NL", f"ABNA{n}")),
    st.text("0123456789", min_size=20, max_size=20).map(lambda n: iban("ES", n)),
    st.text("0123456789", min_size=23, max_size=23).map(lambda n: iban("FR", n)),
)


@given(IBANS, st.booleans(), st.booleans())
def test_any_iban_is_found_in_fours_or_in_small_letters(said: str, apart: bool, small: bool):
    said = " ".join(said[n : n + 4] for n in range(0, len(said), 4)) if apart else said
    text = f"Send it to {said.lower() if small else said} please"
    (found,) = personal(text)
    assert found.rule == "bank account"
    assert text[found.start : found.stop].lower() == said.lower()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Your card 4111 1111 1111 1111 was charged", "card"),
        ("4111-1111-1111-1111", "card"),
        ("4111,1111,1111,1111", "card"),
        ("3782 822463 10005 12/27", "card"),
        ("de89370400440532013000", "bank account"),
        ("Write to jonas.veld+care@alder.example", "e-mail"),
        ("Call me on +49 (0)30 1234567", "number"),
        ("06 12 34 56 78", "number"),
        ("0151/23456789", "number"),
        ("Account 8841 0273 55 now has a router", "number"),
        ("contract 1234567890", "number"),
        ("٠١٢٣٤٥٦٧٨٩", "number"),
    ],
)
def test_personal_things_are_found(text: str, rule: str) -> None:
    assert kinds(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "We are back on 2026-07-12, 14:30, or 12.07.2026 at the latest",
        "https://northwind.example/status/1234567890123456",
        "northwind.com/o/4111111111111111",
        "It costs 1.250,00 a year, 24/7",
        "in20 days more than we hoped for all of you here",
        "Ticket 48213",
        "16/12/1986 - 26/12/2014",
        "12.07.2026 - 13.07.2026, 14.30 - 16.00",
        "Since 2019 12000 customers, 2017 2018 2019 2020",
        "99.9999999% sure",
        "Version 61.0.3163.100 says error 0x30005001",
        "10,000,000, 20,000,000 and 1 000 000 000 people, 100000000 more",
        "3-2 2-1 1-0 4-4",
        "@jonas19850612 and @ada19850612@social.example #20191231",
        "1,299, 1,499, 1,999 or 2,499 a month",
    ],
)
def test_dates_links_prices_and_names_are_not_personal(text: str) -> None:
    assert personal(text) == []


DATES = st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)).flatmap(
    lambda day: st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y"]).map(
        day.strftime
    )
)
PRICES = st.one_of(
    st.integers(0, 10**9).map(lambda n: f"€{n:,}"),
    st.integers(0, 10**8).map(lambda n: f"{n / 100:,.2f} euros"),
    st.integers(0, 99_999).map(lambda n: f"{n} people"),
    st.integers(1, 900).flatmap(lambda n: st.integers(2, 4).map(lambda k: f"{n}" + ",000" * k)),
)
LINKS = st.integers(0, 10**18).map(lambda n: f"https://northwind.example/o/{n}")
TIMES = st.times().map(lambda at: at.strftime("%H:%M"))


@given(st.lists(st.one_of(DATES, PRICES, LINKS, TIMES), max_size=8))
def test_no_date_price_time_or_link_is_objected_to(said: list[str]) -> None:
    assert personal("We said " + " or ".join(said) + ".") == []


def test_a_companys_own_numbers_are_found_by_its_patterns() -> None:
    (found,) = personal("Order NW-123456 is on its way", [ORDER])
    assert (found.rule, found.start, found.stop) == ("number: order number", 6, 15)
    assert found.says == "That is an order number."


def test_a_broken_pattern_finds_nothing_and_breaks_nothing() -> None:
    assert personal("Order (12", [Pattern("broken", "(")]) == []


def test_what_everybody_may_read_is_left_in_peace() -> None:
    text = "Call 0800 1234567 or write to Care@Northwind.example"
    assert kinds(text) == ["number", "e-mail"]
    assert personal(text, known=["0800 1234567", "care@northwind.example"]) == []


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    for one in personal(text, [ORDER]):
        assert 0 <= one.start < one.stop <= len(text)
