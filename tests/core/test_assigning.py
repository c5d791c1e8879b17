"""Giving out cases: only to whom they fit, never beyond their room, the same for the same facts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.assigning import Hand, Rules, Work, choose, fits, gone_since, share_out

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEAST, LONGEST = Rules(way="least loaded"), Rules(way="longest idle")
words = st.frozensets(st.sampled_from(["billing", "roaming", "x"]), max_size=2)
ago = st.integers(0, 500).map(lambda m: NOW - timedelta(hours=m))


def hand(id=1, has=0, idle=0, **given):
    rest = {"teams": frozenset(), "skills": frozenset(), "languages": frozenset(), "capacity": 8}
    return Hand(id=id, has=has, idle_since=NOW - timedelta(minutes=idle), **{**rest, **given})


def work(id=1, **given):
    rest = {"team": None, "skills": frozenset(), "lang": "en", "knows": None, "known_at": None}
    return Work(id=id, **{**rest, **given})


hands = st.lists(
    st.builds(
        Hand, id=st.integers(1, 9), teams=st.frozensets(st.integers(1, 3), max_size=2),
        skills=words, languages=st.frozensets(st.sampled_from(["en", "de"]), max_size=1),
        capacity=st.integers(0, 4), has=st.integers(0, 5), idle_since=ago,
    ),
    max_size=6, unique_by=lambda h: h.id,
)  # fmt: skip
works = st.lists(
    st.builds(
        Work, id=st.integers(1, 99), team=st.none() | st.integers(1, 3), skills=words,
        lang=st.sampled_from(["", "en", "de", "el"]), knows=st.none() | st.integers(1, 9),
        known_at=st.none() | ago,
    ),
    max_size=20, unique_by=lambda w: w.id,
)  # fmt: skip
rules = st.builds(Rules, way=st.sampled_from(["off", "least loaded", "longest idle"]))


@given(works, hands, rules)
def test_only_who_is_fit_gets_a_case_and_nobody_more_than_they_have_room_for(some, who, how):
    given_out = share_out(some, who, how, NOW)
    by_id, cases = {h.id: h for h in who}, {w.id: w for w in some}
    assert len({g.case for g in given_out}) == len(given_out)
    for one in given_out:
        assert fits(by_id[one.agent]._replace(has=0, capacity=1), cases[one.case])
    for agent, got in Counter(g.agent for g in given_out).items():
        assert by_id[agent].has + got <= by_id[agent].capacity


@given(works, hands, rules)
def test_nothing_is_left_that_somebody_with_room_could_take(some, who, how):
    if how.way == "off":
        return
    given_out = share_out(some, who, how, NOW)
    got = Counter(g.agent for g in given_out)
    after = [h._replace(has=h.has + got[h.id]) for h in who]
    left = [w for w in some if w.id not in {g.case for g in given_out}]
    assert not [w for w in left for h in after if fits(h, w)]


@given(works, st.permutations([hand(id=i, has=i % 3) for i in range(1, 6)]), rules)
def test_the_order_of_the_agents_changes_nothing(some, who, how):
    in_order = sorted(who, key=lambda h: h.id)
    assert share_out(some, who, how, NOW) == share_out(some, in_order, how, NOW)


def test_off_gives_nothing():
    assert share_out([work()], [hand()], Rules(), NOW) == []


def test_the_least_loaded_gets_it_and_then_who_waits_longest():
    busy, free, longer = hand(1, has=3, idle=9), hand(2, has=1), hand(3, has=1, idle=5)
    assert choose(work(), [busy, free, longer], LEAST, NOW).agent == 3


def test_the_longest_idle_gets_it_however_much_they_have():
    assert choose(work(), [hand(1, has=3, idle=9), hand(2, idle=5)], LONGEST, NOW).agent == 1


def test_a_case_goes_to_whom_the_customer_knows_for_a_while():
    known = work(knows=2, known_at=NOW - timedelta(days=6))
    both = [hand(1), hand(2, has=5)]
    assert choose(known, both, LEAST, NOW) == (1, 2, True)
    assert choose(known._replace(known_at=NOW - timedelta(days=8)), both, LEAST, NOW).agent == 1
    full = [hand(1), hand(2, has=8)]
    assert choose(known, full, LEAST, NOW) == (1, 1, False)


def test_who_went_home_is_gone_since_then_and_who_falls_silent_a_while_after():
    quiet = timedelta(minutes=15)
    assert gone_since("off", NOW, NOW, quiet) == NOW
    assert gone_since("away", NOW, NOW, quiet) == gone_since("here", NOW, NOW, quiet) == NOW + quiet
