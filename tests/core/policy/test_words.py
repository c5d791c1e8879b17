"""Conditions read as sentences, and are never said wrongly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sanderling.core.policy import shipped
from sanderling.core.policy.words import in_words, long


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("true", ""),
        ("tone == furious && followers >= 10000",
         "the tone is furious and they have 10,000 or more followers"),
        ("tone >= angry || urgency < high",
         "the tone is angry or worse or the urgency is lower than high"),
        ('"stranded" in flags', "somebody is stranded"),
        ("kind == 'complaint' && room == 'direct'", "it is a complaint and it is a direct message"),
        ("kind in ['question', 'request']", "it is a question or request"),
        ('plan != "gold"', "not: their plan is “gold”"),
        ('has_link && words.contains("refund")', "there is a link and we say “refund”"),
        ("followers / 2 > 3", "followers / 2 > 3"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_a_sentence(condition, words):
    assert in_words(condition) == words


def test_every_condition_that_ships_has_words():
    said = shipped().document
    for rule in (*said.goals, *said.routes, *said.approvals):
        assert not set("=&|\"'<>[]") & set(in_words(rule.when)), rule.when


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=15), "15 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1, hours=2, minutes=1), "1 day 2 hours 1 minute"),
        (None, ""),
    ],
)
def test_a_time_reads_as_people_say_it(span, words):
    assert long(span) == words
