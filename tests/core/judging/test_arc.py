"""A conversation says more than its posts: how the tone went and who writes again, truly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.judging.arc import HOUR, MOST_STEPS, OFTEN, Said, Swing, arc
from sanderling.core.verdict import Tone, Urgency

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def said(text: str) -> list[Said]:
    """`calm 0, us 10, angry 20`: tones, or us, with minutes after noon; `-` asks for nothing."""
    posts = []
    for name, part in enumerate(text.split(", ")):
        who, at = part.split()
        ours = who == "us"
        tone = Tone.CALM if ours else Tone[who.strip("-").upper()]
        posts.append(Said(
            name, NOON + timedelta(minutes=float(at)), "us" if ours else "requester",
            heat=tone / 5, tone=tone, needs=not ours and not who.startswith("-"),
        ))  # fmt: skip
    return posts


def says(text: str) -> list[str]:
    return [reason.says for reason in arc(said(text)).reasons]


def test_the_steps_are_the_tones_and_where_we_spoke():
    assert arc(said("annoyed 0, us 5, us 9, angry 20, glad 30")).steps == (3, None, 4, 0)


def test_at_the_same_instant_the_customer_speaks_before_we_do():
    assert arc(said("us 0, angry 0")).steps == (Tone.ANGRY, None)


def test_a_customer_who_answers_at_once_is_heard():
    assert arc(said("us 0, angry 0.5")).steps == (None, Tone.ANGRY)


def test_only_the_newest_steps_are_kept():
    found = arc(said(", ".join(f"{'calm' if n else 'glad'} {n}" for n in range(MOST_STEPS + 1))))
    assert found.steps == (Tone.CALM,) * MOST_STEPS


@pytest.mark.parametrize(("text", "swing", "reason"), [
    ("calm 0, angry 20", Swing.ANGRIER, ["Turned from calm to angry"]),
    ("uneasy 0, annoyed 9, us 11, -annoyed 20, -furious 29", Swing.ANGRIER,
     ["Turned from uneasy to furious"]),
    ("uneasy 0, us 9, annoyed 20", Swing.WORSE,
     ["Angrier after our answer: from uneasy to annoyed"]),
    ("calm 0, us 9, furious 20", Swing.WORSE, ["Angrier after our answer: from calm to furious"]),
    ("furious 0, us 9, glad 20", Swing.GLAD, ["Turned from furious to glad"]),
    ("angry 0, us 9, calm 20, glad 50", Swing.GLAD, ["Turned from angry to glad"]),
    ("angry 0, us 9, calm 20, calm 50", Swing.CALMER, []),
    ("calm 0, us 9, furious 20, us 25, glad 30, angry 50", Swing.ANGRIER,
     ["Turned from glad to angry"]),
    ("angry 0, us 9, uneasy 20", Swing.NONE, []),
    ("annoyed 0, angry 20", Swing.NONE, []),
    ("angry 0, us 9, angry 20", Swing.NONE, []),
    ("calm 0, us 9, uneasy 20", Swing.NONE, []),
    ("us 0, angry 9", Swing.NONE, []),
])  # fmt: skip
def test_a_swing_is_told_with_the_tones_that_it_rests_on(text, swing, reason):
    found = arc(said(text))
    assert (found.swing, [r.says for r in found.reasons]) == (swing, reason)


def test_a_swing_stands_until_the_next_one_and_keeps_its_time():
    found = arc(said("calm 0, angry 20, annoyed 40, angry 50"))
    assert (found.swing, found.swung_at) == (Swing.ANGRIER, NOON + timedelta(minutes=20))


def test_a_little_more_heat_is_not_worse_though_it_crosses_a_word():
    annoyed, ours, angry = said("annoyed 0, us 5, angry 20")
    assert arc([annoyed, ours, angry]).swing is Swing.WORSE
    assert arc([annoyed, ours, angry._replace(heat=annoyed.heat + 0.05)]).swing is Swing.NONE


@pytest.mark.parametrize(("text", "reason", "urgency"), [
    ("uneasy 0, uneasy 10, uneasy 25", ["Wrote 3 times in 25 minutes, unanswered"],
     Urgency.HIGH),
    ("uneasy 0, uneasy 10, uneasy 25, uneasy 700",
     ["Wrote 3 times in 25 minutes, unanswered",
      "Wrote again after 11 hours unanswered"], Urgency.HIGH),
    ("uneasy 0, uneasy 90", ["Wrote again after 90 minutes unanswered"], Urgency.NORMAL),
    ("uneasy 0, uneasy 5000", ["Wrote again after 3 days unanswered"], Urgency.HIGH),
    ("uneasy 0, uneasy 20", [], Urgency.LOW),
    ("uneasy 0, uneasy 10, us 15, uneasy 25", [], Urgency.LOW),
    ("uneasy 0, -calm 10, -calm 25", [], Urgency.LOW),
    ("uneasy 0, uneasy 10, uneasy 25, -glad 30", [], Urgency.LOW),
    ("uneasy 0, uneasy 0.3, uneasy 0.6", [], Urgency.LOW),
])  # fmt: skip
def test_who_writes_again_without_an_answer_presses(text, reason, urgency):
    found = arc(said(text))
    assert ([r.says for r in found.reasons], found.urgency) == (reason, urgency)


def test_a_text_cut_into_posts_is_as_upset_as_its_most_upset_part_and_no_swing():
    found = arc(said("calm 0, angry 0.4, uneasy 0.8"))
    assert (found.steps, found.swing) == ((Tone.ANGRY,), Swing.NONE)


def test_the_swing_is_told_before_the_waiting():
    assert says("calm 0, us 5, angry 10, angry 20, angry 30") == [
        "Angrier after our answer: from calm to angry",
        "Wrote 3 times in 20 minutes, unanswered",
    ]


# Whatever was said

posts = st.builds(
    lambda name, at, role, tone, needs: Said(
        name, NOON + timedelta(minutes=at), role, tone / 5, tone, needs and role == "requester"
    ),
    st.integers(0, 2**32),
    st.integers(0, 400),
    st.sampled_from(["requester", "requester", "us"]),
    st.sampled_from(Tone),
    st.booleans(),
)
conversations = st.lists(posts, max_size=12, unique_by=lambda s: s.at)


@given(st.lists(posts, max_size=12), st.data())
def test_order_and_repetition_change_nothing(conversation, data):
    again = conversation + data.draw(st.lists(st.sampled_from(conversation or [None]), max_size=4))
    shuffled = data.draw(st.permutations([s for s in again if s]))
    assert arc(shuffled) == arc(conversation)


@given(conversations, st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_it_does_not_matter_what_time_it_is(conversation, later):
    found, moved = arc(conversation), arc([s._replace(at=s.at + later) for s in conversation])
    at = None if found.swung_at is None else found.swung_at + later
    assert moved == found._replace(swung_at=at)


@given(conversations.filter(bool), st.integers(1, 300))
def test_one_more_post_in_the_same_tone_never_lowers_the_urgency(conversation, minutes):
    newest = max(conversation, key=lambda s: s.at)
    if newest.role == "requester":
        more = newest._replace(name=0, at=newest.at + timedelta(minutes=minutes), needs=True)
        assert arc([*conversation, more]).urgency >= arc(conversation).urgency


@given(conversations.filter(bool), st.sampled_from(Tone))
def test_more_heat_in_the_newest_post_never_lowers_the_urgency(conversation, tone):
    newest = max(conversation, key=lambda s: s.at)
    if newest.role == "requester" and tone > newest.tone:
        hotter = newest._replace(tone=tone, heat=tone / 5)
        others = [s for s in conversation if s is not newest]
        assert arc([*others, hotter]).urgency >= arc(conversation).urgency


@given(conversations)
def test_the_conversation_alone_makes_nothing_critical_and_gives_a_reason_for_what_it_raises(
    conversation,
):
    found = arc(conversation)
    assert found.urgency < Urgency.CRITICAL
    assert found.reasons or found.urgency is Urgency.LOW


@given(conversations)
def test_every_reason_is_true(conversation):
    found = arc(conversation)
    ordered = sorted(conversation, key=lambda s: s.at)
    theirs = [s for s in ordered if s.role == "requester"]
    spoke = [s.at for s in ordered if s.role == "us"]
    since = [s.at for s in theirs if s.needs and not any(at >= s.at for at in spoke)]
    swung = next((s for s in theirs if s.at == found.swung_at), None)
    words = {r.rule: r.says.split() for r in found.reasons}

    if swung:
        before = [s for s in theirs if s.at < swung.at]
        after = [s for s in theirs if s.at > swung.at]
    if "worse" in words:
        assert any(before[-1].at < at < swung.at for at in spoke)
        assert swung.heat > before[-1].heat
        told = (before[-1].tone.name.lower(), swung.tone.name.lower())
        assert (words["worse"][-3], words["worse"][-1]) == told
    if "angrier" in words:
        assert swung.tone >= Tone.ANGRY
        assert words["angrier"][2] in {s.tone.name.lower() for s in before}
    if {"worse", "angrier"} & set(words):
        assert not [s for s in after if s.tone <= Tone.CALM], "they have calmed since"
    if "glad" in words:
        assert swung.tone is Tone.GLAD
        assert words["glad"][2] in {s.tone.name.lower() for s in before if s.tone >= Tone.ANNOYED}
    if "again" in words:
        times, within = int(words["again"][1]), int(words["again"][4])
        assert times >= OFTEN
        assert any(
            timedelta() <= b - a <= HOUR and (b - a) // timedelta(minutes=1) == within
            for a, b in zip(since, since[times - 1 :], strict=False)
        )
    if "unanswered" in words:
        assert len(since) >= 2
        size = timedelta(hours=1) if "hours" in words["unanswered"] else timedelta(minutes=1)
        assert (since[-1] - since[0]) // size == int(words["unanswered"][3])
