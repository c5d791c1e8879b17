"""Who says the same as somebody before, in other words, and who only has the same trouble."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanderling.core.judging.copies import Copies
from sanderling.core.judging.sketches import AT_ONCE, READ

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

GIVEAWAY = (
    "Northwind is giving away 500 brand new phones today! Follow us, share this post with three "
    "friends and claim your free handset before midnight https://prize.example/a1 #win"
)
BOYCOTT = (
    "@NorthwindCare everybody should know how you treat loyal customers: cancel your contracts now "
    "and tell your neighbours to leave Northwind before the next price rise"
)
OFFER = "Follow us and claim your free handset before midnight tonight"
OUTAGE = "@NorthwindCare no internet in Ravensburg since 6 o'clock this morning, when is it fixed?"


def join(*texts: str, copies: Copies | None = None) -> list[int | None]:
    """What is told of the texts, posted a minute apart; their ids are their places."""
    at = [NOON + timedelta(minutes=minute) for minute in range(len(texts))]
    return (copies or Copies(remember=500)).join(range(len(texts)), texts, at)


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        pytest.param(GIVEAWAY, GIVEAWAY, id="word for word"),
        pytest.param(
            GIVEAWAY,
            "RT @prizes99: " + GIVEAWAY.replace("500", "750").replace("a1", "zz").upper() + " 🎁🔥",
            id="names, links, numbers, capitals, emoji",
        ),
        pytest.param(
            GIVEAWAY,
            "northwind is giving away 300 new phones right now!! Follow us, share this with five "
            "mates and grab your free handset before midnight",
            id="other words",
        ),
        pytest.param(
            BOYCOTT,
            "everybody must know how you treat loyal customers!! cancel your contract now, and "
            "neighbours tell to leave Northwind before the price rise comes",
            id="swapped, put in, left out",
        ),
        pytest.param(
            BOYCOTT,
            "@northwindcare everybody should know how you treat loyal customers: cancel your "
            "contracts now and tell your neighbours what they did to my mother",
            id="another ending",
        ),
        pytest.param(OFFER, "\u200b".join(OFFER), id="unseen spaces in words"),
        pytest.param(
            OFFER,
            "".join(chr(0x1D5A0 + ord(c) - 97) if c.isalpha() else c for c in OFFER.lower()),
            id="fancy letters",
        ),
        pytest.param(
            "Your parcel 4711 could not be delivered, please confirm your address within 12 hours",
            "Your parcel 9923 could not be delivered, please confirm your address within 48 hours",
            id="a template with other numbers",
        ),
        pytest.param(
            "ノースウインドの新しい料金プランは高すぎる、みんなで解約しよう",
            "ノースウインドの新しい料金プランは高すぎるから、今すぐみんなで解約しよう！",
            id="a script without spaces",
        ),
        pytest.param(
            "नॉर्थविंड ने फिर से दाम बढ़ा दिए, सभी लोग आज ही अपना कनेक्शन बंद करें",
            "नॉर्थविंड ने फिर दाम बढ़ा दिए हैं, सभी लोग आज ही अपना कनेक्शन बंद करें!!",
            id="vowel signs are parts of words",
        ),
    ],
)
def test_a_reworded_copy_is_led_to_the_first(original, copy):
    assert join(OUTAGE, original, "good morning to everyone in town", copy)[3] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "my parcel has not arrived yet, order 123",
            "order 456: still waiting for a parcel that was due on Monday",
        ),
        (
            "@NorthwindCare my parcel has not arrived yet, can you check order 123?",
            "@NorthwindCare hi, the parcel with my new router still hasn't come. Order is 456",
        ),
        (
            "no internet in Ravensburg since this morning, when will it be fixed?",
            "is anyone else in Ravensburg without internet? ours went this morning",
        ),
        (
            "I was charged twice this month, please refund the second payment",
            "you took the money two times from my account in May, I want a refund",
        ),
        (
            "how do I cancel my contract? I can't find the form anywhere on your page",
            "what is the notice period if I want to cancel my contract in the summer?",
        ),
        (
            "the app crashes every time I open the bill, Android 14 on a Pixel",
            "since the update the app won't show me my bill any more, iPhone 12",
        ),
        (
            "your agent Sarah was fantastic, she sorted out my roaming within minutes",
            "big thanks to Tom from your team for sorting out roaming on my daughter's phone",
        ),
    ],
)
def test_customers_with_the_same_trouble_are_no_copies(one, other):
    assert join(one, other) == [None, None]


@pytest.mark.parametrize(
    "text",
    ["", "🙏🙏", "thanks!", "ok", "thank you so much", "@NorthwindCare https://a.example 42"],
)
def test_what_everybody_says_is_no_copy(text):
    assert join(*[text] * 5) == [None] * 5


def test_a_short_call_is_a_copy_if_its_words_are_not_everyday():
    assert join(
        "Boycott Northwind: cancel everything!", "BOYCOTT northwind, cancel everything"
    ) == [
        None,
        0,
    ]


def test_copies_of_copies_lead_to_the_first_of_all():
    first = "alpha bravo charlie delta echo foxtrot golf hotel india juliett"
    second = first.replace("alpha bravo", "kilo lima")
    third = second.replace("charlie delta", "mike november")
    assert join(first, second, third) == [None, 0, 0]
    assert join(first, third) == [None, None]


def test_a_flood_does_not_hide_itself():
    """The words of a flood are everywhere; they must not come to count as everyday words."""
    flood = [GIVEAWAY.replace("500", str(number)) for number in range(3 * AT_ONCE)]
    assert join(*flood) == [None] + [0] * (3 * AT_ONCE - 1)


def test_a_post_that_comes_again_is_no_copy_of_itself():
    copies = Copies(remember=500)
    at = [NOON]
    assert copies.join([7], [BOYCOTT], at) == [None]
    assert copies.join([7], [BOYCOTT], at) == [None]
    assert copies.join([8], [BOYCOTT], at) == [7]
    assert copies.join([7, 8, 8], [BOYCOTT] * 3, at * 3) == [None, 7, 7]


def test_posts_far_apart_in_time_are_no_copies():
    copies = Copies(remember=500)
    days = [NOON + timedelta(days=day) for day in (0, 2, 4, 8)]
    assert copies.join([1, 2, 3, 4], [BOYCOTT] * 4, days) == [None, 1, 1, None]


def test_only_so_many_posts_are_remembered():
    others = [f"{'abcdefghij'[number % 10] * 9} word{number} of its own" for number in range(30)]
    assert join(BOYCOTT, *others[:20], BOYCOTT, copies=Copies(remember=25))[-1] == 0
    assert join(BOYCOTT, *others[:30], BOYCOTT, copies=Copies(remember=25))[-1] is None


@pytest.mark.parametrize(
    "hostile",
    [
        "\ufdfa" * 5_000,
        "word " * 100_000,
        "\ud800 lone half of a pair",
        "one\0two\nthree\x1efour",
        "@" * 2_000,
        "ß" * READ + "end",
        "\u200b\u200d\ufe0f",
    ],
)
def test_odd_texts_neither_stop_nor_mix_up_the_others(hostile):
    assert join(hostile, BOYCOTT, hostile + " ", OUTAGE, BOYCOTT)[1::2] == [None, None]
    assert join(hostile, BOYCOTT, hostile + " ", OUTAGE, BOYCOTT)[4] == 1


TEXTS = st.sampled_from(
    [GIVEAWAY, GIVEAWAY.replace("phones", "tablets"), BOYCOTT, BOYCOTT[:90], OUTAGE, "thanks", ""]
)


@settings(deadline=None, max_examples=25)
@given(st.lists(TEXTS, max_size=30), st.data())
def test_batches_make_no_difference(texts, data):
    whole = join(*texts, copies=Copies(remember=10))
    copies, parts = Copies(remember=10), []
    while len(parts) < len(texts):
        begin = len(parts)
        end = data.draw(st.integers(begin + 1, len(texts)))
        at = [NOON + timedelta(minutes=minute) for minute in range(begin, end)]
        parts += copies.join(range(begin, end), texts[begin:end], at)
    assert parts == whole


def test_batches_make_no_difference_to_what_words_weigh():
    rng = random.Random(5)
    words = [
        f"{chr(97 + number % 26) * (3 + number % 7)}{chr(97 + number // 26)}"
        for number in range(400)
    ]
    texts: list[str] = []
    for _ in range(2 * AT_ONCE + 300):
        said = [words[int(400 * rng.random() ** 3)] for _ in range(10)]
        if texts and rng.random() < 0.5:
            said[:6] = rng.choice(texts).split()[:6]
        texts.append(" ".join(said))
    whole = join(*texts, copies=Copies())
    assert 100 < sum(first is not None for first in whole) < 1_500
    copies, parts = Copies(), []
    while len(parts) < len(texts):
        begin, end = len(parts), min(len(parts) + rng.randrange(1, 900), len(texts))
        at = [NOON + timedelta(minutes=minute) for minute in range(begin, end)]
        parts += copies.join(range(begin, end), texts[begin:end], at)
    assert parts == whole
