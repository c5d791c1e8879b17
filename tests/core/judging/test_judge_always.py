"""What holds for every post that the judge sees, however strange."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.facts import Facts
from sanderling.core.judging.deciding import MOST_REASONS
from sanderling.core.judging.signs import LANGUAGES, lexicon
from sanderling.core.judging.weights import fast
from sanderling.core.judging.words import READ
from sanderling.core.network import Room
from sanderling.core.verdict import Flag, Urgency

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONGEST_REASON = 120

terms = st.sampled_from(sorted({sign.term for sign in lexicon("und").signs}))
text = st.one_of(
    st.text(alphabet=st.characters(), max_size=200),  # lone surrogates too
    st.lists(st.one_of(terms, st.sampled_from("?!@#😡🙏 ")), max_size=30).map(" ".join),
)
posts = st.builds(
    Facts,
    text=text,
    room=st.sampled_from(Room),
    created_at=st.just(NOON),
    lang=st.none() | st.sampled_from([*LANGUAGES, "ja", "und", "en-GB", "qme"]) | st.text(),
    followers=st.none() | st.integers(),
    to_us=st.booleans(),
    ours=st.booleans(),
    is_reply=st.booleans(),
    has_media=st.booleans(),
    automated=st.booleans(),
)


@given(posts)
def test_every_verdict_has_a_few_short_reasons(post):
    [found] = fast().judge([post])
    assert 1 <= len(found.reasons) <= MOST_REASONS
    assert all(reason.rule for reason in found.reasons)
    assert all(0 < len(reason.says) <= LONGEST_REASON for reason in found.reasons)


@given(posts)
def test_the_language_is_a_short_code_perhaps_with_its_script(post):
    [found] = fast().judge([post])
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", found.lang)


@given(st.lists(posts, max_size=8))
def test_a_batch_is_judged_as_one_by_one(batch):
    assert fast().judge(batch) == [found for post in batch for found in fast().judge([post])]


@given(posts)
def test_our_own_posts_never_need_us(post):
    [found] = fast().judge([msgspec.structs.replace(post, ours=True)])
    assert not found.needs_us


@given(posts)
def test_what_does_not_need_us_is_never_urgent_but_for_danger(post):
    [found] = fast().judge([post])
    danger = {Flag.SELFHARM, Flag.THREAT} & set(found.flags)
    assert found.needs_us or found.urgency is (Urgency.HIGH if danger else Urgency.LOW)


@given(posts, st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_followers_never_lower_urgency(post, some, more):
    few, many = (
        fast().judge([msgspec.structs.replace(post, followers=count)])[0].urgency
        for count in sorted((some, more))
    )
    assert many >= few


def test_case_and_accents_change_no_kind():
    written = ["Enttäuscht! Störung seit Tagen", "¿Cuándo volverá la señal?", "Où est mon colis ?"]
    plain = ["enttauscht! storung seit tagen", "¿cuando volvera la senal?", "ou est mon colis ?"]
    decomposed = ["Entta\u0308uscht! Sto\u0308rung seit Tagen"]

    def kinds(texts):
        facts = [Facts(text=t, room=Room.PUBLIC, created_at=NOON, to_us=True) for t in texts]
        return [found.kind for found in fast().judge(facts)]

    assert kinds(written) == kinds(plain)
    assert kinds(decomposed) == kinds(written[:1])


HOSTILE = [
    *"a!@'\u200d\ud800\U0001f621ﷺ\x00", "?!", "http://", "http://\ud800 ", ":-", "not ",
    "great ", "A ", "a\u0301", "no no no not ", "x@y.z ", "thanks for ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_only_so_much_of_a_post_is_read_however_long_it_is(unit):
    def verdict(text):
        return fast().judge([Facts(text=text, room=Room.PUBLIC, created_at=NOON, to_us=True)])

    hostile = (unit * 100_000)[:100_000]
    assert verdict(hostile) == verdict(hostile[:READ])
