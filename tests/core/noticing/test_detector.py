"""What the detector of incidents notices, and what it leaves alone."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import count

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.noticing.town import (
    MONDAY,
    OUTAGE,
    VOCABULARY,
    burst,
    hear,
    joined,
    noticed,
    quiet,
)
from sanderling.core.noticing import Detector, Said, Settings
from sanderling.core.noticing.terms import PLACES

EVENING = MONDAY + timedelta(days=10, hours=18)
KEPT: dict[int, bytes] = {}


def experienced(days: int = 10) -> Detector:
    """A detector that has heard quiet days; made once."""
    if days not in KEPT:
        detector = Detector()
        assert hear(detector, quiet(days)) == []
        KEPT[days] = detector.kept()
    return Detector.from_kept(KEPT[days])


def again(posts: list[Said], **changes: object) -> list[Said]:
    return [msgspec.structs.replace(said, **changes) for said in posts]


def test_quiet_days_with_their_rhythm_are_left_alone():
    assert hear(Detector(), quiet(14, a_day=400, seed=3)) == []


def test_a_dozen_people_in_the_same_trouble_are_noticed_and_named():
    told = hear(experienced(), burst(12, EVENING))
    (found,) = noticed(told)
    assert found.brand == "Northwind"
    assert set(found.terms) <= set(OUTAGE)
    assert all(word in found.why for word in found.name.split())
    assert found.first_post == found.posts[0]
    assert 5 <= found.authors == len(found.posts) <= 10
    assert found.rate > found.expected
    assert all(post >= 1_000_000 for post in found.posts)


def test_a_desk_that_has_just_begun_notices_too_once_it_knows_an_hour():
    hour = [said for said in quiet(1, a_day=700) if said.at >= MONDAY + timedelta(hours=16)]
    begins = hour[-1].at
    detector = Detector()
    assert hear(detector, hour) == []
    told = noticed(hear(detector, burst(40, begins, minutes=4)))
    assert "no history yet" in told[0].why
    assert set(told[0].terms) <= set(OUTAGE)
    assert told[0].at <= begins + timedelta(minutes=4)


def test_who_says_the_same_later_joins():
    told = hear(experienced(), burst(40, EVENING))
    (found,) = noticed(told)
    here = set(found.posts) | set(joined(told, found.key))
    assert len(here) >= 36
    assert not set(found.posts) & set(joined(told, found.key))


def test_an_outage_of_ten_posts_a_minute_is_noticed_within_three_minutes():
    told = hear(experienced(), burst(100, EVENING, minutes=10))
    assert noticed(told)[0].at <= EVENING + timedelta(minutes=3)


def test_a_burst_in_the_midst_of_a_day_is_told_apart_from_it():
    day = [
        said for said in quiet(11, seed=4, first=5_000) if said.at >= MONDAY + timedelta(days=10)
    ]
    told = hear(experienced(), day + burst(30, EVENING))
    (found,) = noticed(told)
    assert sum(post >= 1_000_000 for post in found.posts) >= 0.9 * len(found.posts)


def test_a_topic_that_is_usual_elsewhere_is_noticed_where_it_rises():
    detector = experienced()
    usual = [
        said
        for day in range(10)
        for said in burst(
            30, MONDAY + timedelta(days=day), minutes=1_440, brand="Fjord", first=900 * (day + 1)
        )
    ]
    assert hear(detector, again(quiet(10, seed=8), brand="Fjord") + usual) == []
    (found,) = noticed(hear(detector, burst(20, EVENING)))
    assert found.brand == "Northwind"


def test_one_person_who_writes_a_hundred_times_is_no_incident():
    posts = again(burst(100, EVENING), author="furious")
    assert hear(experienced(), posts) == []


def test_copies_and_reposts_count_for_nobody():
    copies = again(burst(40, EVENING), copy_of=1)
    reposts = again(burst(40, EVENING, first=2_000_000), repost=True)
    assert hear(experienced(), copies + reposts) == []


def test_a_louder_day_with_the_same_topics_is_no_incident():
    loud = quiet(11, a_day=1_000, seed=5, first=5_000)
    assert hear(experienced(), [said for said in loud if said.at >= EVENING]) == []


def test_what_every_monday_brings_is_expected_on_mondays_alone():
    detector, first = Detector(), count(1_000_000, 100)
    mondays = [MONDAY + timedelta(weeks=week, hours=9) for week in range(5)]
    posts = [said for at in mondays for said in burst(14, at, first=next(first), seed=at.day)]
    told = hear(detector, quiet(31, a_day=120) + posts)
    early = [found.at for found in noticed(told)]
    assert all(at < mondays[3] for at in early)
    tuesday = burst(14, mondays[4] + timedelta(days=1), first=next(first))
    assert noticed(hear(detector, tuesday))


def test_a_brand_without_history_needs_more_and_says_so():
    assert hear(Detector(), burst(7, EVENING)) == []
    (found,) = noticed(hear(Detector(), quiet(1) + burst(40, MONDAY + timedelta(hours=20))))
    assert "no history yet" in found.why


def test_the_same_posts_give_the_same_answers():
    posts = quiet(2, seed=6) + burst(40, MONDAY + timedelta(days=1, hours=12))
    first, second = Detector(), Detector()
    assert hear(first, posts) == hear(second, posts) != []
    assert first.kept() == second.kept()


def test_late_posts_join_and_never_turn_back_the_clock():
    detector = experienced()
    posts = burst(40, EVENING)
    (found,) = noticed(hear(detector, posts[:30]))
    last_year = again(posts[30:32], at=EVENING - timedelta(days=365))
    assert joined(detector.hear(last_year + posts[32:]), found.key)


def test_posts_in_no_order_are_noticed_as_well():
    posts = burst(40, EVENING)
    random.Random(1).shuffle(posts)
    detector = experienced()
    told = [one for start in range(0, 40, 5) for one in detector.hear(posts[start : start + 5])]
    assert len(noticed(told)) == 1


def test_what_was_dismissed_stays_quiet_unless_much_stronger():
    detector = experienced()
    (found,) = noticed(hear(detector, burst(12, EVENING)))
    detector.forget(found.key)
    tomorrow = EVENING + timedelta(days=1)
    assert hear(detector, burst(12, tomorrow, first=2_000_000, seed=8)) == []
    detector = Detector.from_kept(detector.kept())
    (stronger,) = noticed(hear(detector, burst(80, tomorrow, first=3_000_000, seed=9)))
    assert stronger.key != found.key
    assert stronger.score >= 2 * found.score


def test_what_belonged_to_a_merged_suspicion_joins_the_other():
    detector, other = experienced(), ("parcel", "lost", "courier", "driver", "depot", "late")
    told = hear(detector, burst(20, EVENING) + burst(20, EVENING, about=other, first=2_000_000))
    one, two = noticed(told)
    detector.merge(one.key, two.key)
    more = burst(5, EVENING + timedelta(hours=1), first=3_000_000, about=tuple(one.terms))
    assert joined(detector.hear(more), two.key)
    detector.merge(one.key, "no such key")


def test_a_text_is_led_to_the_suspicion_that_it_seems_to_belong_to():
    detector = experienced()
    (found,) = noticed(hear(detector, burst(20, EVENING)))
    ((key, fit),) = detector.belongs("The router is blinking red, internet down!", "Northwind")
    assert key == found.key
    assert fit >= 1
    assert detector.belongs("Thank you for the parcel", "Northwind") == []
    assert detector.belongs("router blinking red, internet down", "Fjord") == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5_000), st.integers(0, 40), st.data())
def test_what_is_kept_goes_on_as_if_nothing_had_happened(seed, hit, data):
    posts = quiet(1, a_day=80, seed=seed) + burst(hit, MONDAY + timedelta(hours=20))
    posts.sort(key=lambda said: said.at)
    stop = data.draw(st.integers(0, len(posts)))
    straight = Detector(Settings(sample=32, brands=3))
    hear(straight, posts[:stop])
    resumed = Detector.from_kept(straight.kept())
    assert resumed.kept() == straight.kept()
    assert hear(resumed, posts[stop:]) == hear(straight, posts[stop:])
    assert resumed.kept() == straight.kept()


def test_what_another_version_kept_is_refused():
    kept = Detector(Settings(sample=32)).kept()
    with pytest.raises(ValueError, match="other settings"):
        Detector.from_kept(kept, Settings(sample=64))
    with pytest.raises(ValueError, match="cannot be read"):
        Detector.from_kept(b"nothing")


def test_however_much_is_heard_no_more_is_remembered():
    detector = Detector(Settings(sample=16, brands=4))
    sizes = set()
    for day in range(3):
        posts = [
            said
            for brand in range(8)
            for said in again(quiet(1, a_day=60, seed=day * 8 + brand), brand=f"Brand {brand}")
        ]
        later = [
            msgspec.structs.replace(
                said, at=said.at + timedelta(days=day), text=f"{said.text} {day} {number}"
            )
            for number, said in enumerate(posts)
        ]
        hear(detector, later)
        sizes.add(sum(len(part) for part in detector._usual.kept().values()))
    assert len(sizes) == 1
    assert len(detector._words) < PLACES


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=80), st.text(max_size=8), st.text(max_size=8)), max_size=12)
)
def test_whatever_is_written_does_no_harm(lines):
    detector = Detector(Settings(sample=16, brands=3))
    posts = [
        Said(n, EVENING, author, brand, text, complains=True, links=(text,), topics=(author,))
        for n, (text, author, brand) in enumerate(lines)
    ]
    detector.hear(posts)
    assert Detector.from_kept(detector.kept()).kept() == detector.kept()


@pytest.mark.parametrize(
    "text", ["", "\x00" * 50, "a" * 100_000, "\ud800 \udfff", "🧨" * 500, "ـ" * 999, "ﷺ" * 400]
)
def test_strange_texts_are_heard(text):
    detector = Detector(Settings(sample=16, brands=3))
    assert detector.hear([Said(1, EVENING, text, text[:50], text, True, (text,), (text,))]) == []
    detector.kept()


def test_the_words_of_the_town_are_many_different_terms():
    assert len(VOCABULARY) > 2_000
    assert np.unique([word[:6] for word in VOCABULARY]).size > 1_000
