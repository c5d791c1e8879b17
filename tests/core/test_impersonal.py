"""What was said to one customer is suggested for others without anything of the first."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sanderling.core.impersonal import Whom, blanks, impersonal
from sanderling.core.privacy import Pattern

JONAS = Whom(name="Jonas Veld", handle="jonasv_84", ours=("NorthwindCare",))


@pytest.mark.parametrize(
    ("said", "for_anybody"),
    [
        ("Jonas, sorry. Engineers are on site. ^AB", "{name}, sorry. Engineers are on site."),
        ("@jonasv_84 Restart the router, then wait.", "Restart the router, then wait."),
        ("Hi Maria, your refund is on its way.", "Hi {name}, your refund is on its way."),
        ("Hallo Frau Özdemir, das tut uns leid.", "Hallo Frau {name}, das tut uns leid."),
        ("Write to @NorthwindCare, not @alder.", "Write to @NorthwindCare, not {handle}."),
        ("Your order NW-48213 left today.", "Your order {number} left today."),
        ("Call us on +49 170 123 45 67.", "Call us on {number}."),
        ("We wrote to jonas@alder.example.", "We wrote to {e-mail}."),
        ("Born 12.03.1980, is that right?", "Born {date}, is that right?"),
        ("Card 8841 •••• 2255 is blocked.", "Card {number} is blocked."),
        (
            "Look at https://northwind.example/roaming.",
            "Look at https://northwind.example/roaming.",
        ),
        ("Track it: https://northwind.example/t?id=7", "Track it: {link}"),
        ("See https://northwind.example/o/9F3K27XQ now", "See {link} now"),
        ("5G is back since 10:30, within 24h.", "5G is back since 10:30, within 24h."),
        ("Veld's line is fixed, JONAS!", "{name}'s line is fixed, {name}!"),
    ],
)
def test_an_answer_for_anybody(said, for_anybody):
    assert impersonal(said, JONAS) == for_anybody


def test_what_was_told_in_private_does_not_come_again():
    whom = Whom(
        name="Priti Anand", handle="priti",
        wrote="i live in quay street 12, my daughter Elif has the phone. Bank is Alder Savings",
    )  # fmt: skip
    said = impersonal(
        "We come to Quay Street 12 tomorrow. Elif may sign. Your phone will be back, says Alder"
        " Savings.",
        whom,
    )
    for told in ("Quay", "Street", "12", "Elif", "Alder", "Savings"):
        assert told not in said
    assert "tomorrow" in said
    assert "Your phone will be back" in said


def test_a_name_in_another_script_goes_too():
    whom = Whom(name="田中 さくら", handle="sakura")
    assert "田中" not in impersonal("田中様、申し訳ございません。", whom)


def test_words_that_only_stand_in_a_name_of_a_company_stay():
    whom = Whom(name="The Bank of the Alder", handle="alder_bank")
    assert impersonal("The mast and the router are fine.", whom) == (
        "The mast and the router are fine."
    )


def test_the_companys_own_numbers_go_however_they_look():
    whom = Whom(name="Jonas", handle="j", patterns=(Pattern("line", r"line [a-z]{4}"),))
    assert impersonal("We have mended line abcd for good.", whom) == (
        "We have mended {number} for good."
    )


def test_blanks_are_what_somebody_must_fill_in():
    assert blanks("{name}, order {number} of {somebody}") == ["{name}", "{number}"]


LETTERS = st.text(
    st.sampled_from("abcdefghijklmnoprstuvwzäéñøşżčłαβγдежиш"), min_size=3, max_size=9
)
NAMES = st.lists(LETTERS.map(str.title), min_size=1, max_size=3).map(" ".join)
HANDLES = st.from_regex(r"[a-z]{3,8}_?[0-9]{0,3}", fullmatch=True)
NUMBERS = st.one_of(
    st.from_regex(r"[0-9]{4,16}", fullmatch=True),
    st.from_regex(r"[A-Z]{2}-?[0-9]{4,8}", fullmatch=True),
    st.from_regex(r"\+[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{3} [0-9]{3} [0-9]{3}", fullmatch=True),
)
MAILS = st.from_regex(r"[a-z]{2,8}(\.[a-z]{2,8})?@[a-z]{2,8}\.(example|com)", fullmatch=True)
FRAMES = (
    "{who}, we looked at {number} and wrote to {mail}. ^AB",
    "@{handle} Hello {who}! Your line ({number}) works again. Mail: {mail}",
    "Hi {first}, is {mail} yours? Then {number}: done, @{handle}",
    "{number} / {mail} / {who} / {first} / @{handle}",
)
LITTLE = {"the", "and", "for", "with", "der", "die", "das", "und", "von", "van", "den", "les"}


@given(NAMES, HANDLES, NUMBERS, MAILS, st.sampled_from(FRAMES), st.booleans())
@example("Ann Lee", "ann", "AB-1234", "a.b@c.example", FRAMES[1], True)
def test_nothing_of_one_customer_is_in_an_answer_for_another(
    name, handle, number, mail, frame, loud
):
    first = name.split()[0]
    text = frame.format(who=name, first=first, number=number, mail=mail, handle=handle)
    said = impersonal(text.upper() if loud else text, Whom(name=name, handle=handle)).casefold()
    for blank in ("{name}", "{number}", "{e-mail}", "{handle}", "{link}", "{date}"):
        said = said.replace(blank, " ")
    words = {word.strip(".,:;!?()/@") for word in said.split()}
    assert not {part.casefold() for part in name.split()} - LITTLE & words
    assert handle not in words
    assert mail not in said
    assert not any(len("".join(c for c in word if c.isdigit())) >= 4 for word in words)
