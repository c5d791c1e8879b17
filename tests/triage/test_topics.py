"""The company's own tree of topics."""

from __future__ import annotations

import pytest

from river import connected, hear, says
from sanderling.triage.models import Verdict
from sanderling.triage.queries import topics
from sanderling.triage.topics import WrongTopic, add_topic, change_topic, remove_topic

pytestmark = pytest.mark.django_db


def tree() -> list[tuple[int, str]]:
    return [(row.depth, row.name) for row in topics()]


def test_the_tree_is_told_from_the_top_down_by_name():
    network = add_topic(name=" Network ", words=["no  signal", "dead zone", "no signal", " "])
    billing = add_topic(name="Billing")
    add_topic(name="Roaming", parent=network)
    add_topic(name="Roaming", parent=billing)
    assert tree() == [(0, "Billing"), (1, "Roaming"), (0, "Network"), (1, "Roaming")]
    assert topics()[2].words == ("no signal", "dead zone")


def test_a_topic_can_be_renamed_but_not_doubled():
    network, billing = add_topic(name="Network"), add_topic(name="Billing")
    change_topic(topic_id=network, name="Signal", words=["bars"])
    assert tree() == [(0, "Billing"), (0, "Signal")]
    with pytest.raises(WrongTopic, match="Signal"):
        change_topic(topic_id=billing, name="Signal", words=[])
    with pytest.raises(WrongTopic):
        add_topic(name="Signal")
    assert tree() == [(0, "Billing"), (0, "Signal")]


def test_what_was_found_of_a_topic_falls_to_the_one_above_when_it_goes():
    hear(connected(), says("1"))
    network = add_topic(name="Network")
    roaming = add_topic(name="Roaming", parent=network)
    add_topic(name="Abroad", parent=roaming)
    Verdict.objects.update(topic=roaming)
    remove_topic(topic_id=roaming)
    assert tree() == [(0, "Network"), (1, "Abroad")]
    assert Verdict.objects.get().topic == network
    remove_topic(topic_id=network)
    assert Verdict.objects.get().topic is None


def test_a_topic_whose_children_would_clash_stays():
    network = add_topic(name="Network")
    add_topic(name="Billing", parent=network)
    add_topic(name="Billing")
    with pytest.raises(WrongTopic, match="Billing"):
        remove_topic(topic_id=network)
    assert len(topics()) == 3


@pytest.mark.parametrize(
    "how",
    [
        {"name": " "}, {"name": "x" * 81}, {"name": "a", "words": ["w" * 61]},
        {"name": "a", "words": [str(n) for n in range(51)]}, {"name": "a", "parent": 7},
    ],
)  # fmt: skip
def test_what_is_too_long_or_hangs_nowhere_is_refused(how):
    with pytest.raises(WrongTopic):
        add_topic(**how)
    assert topics() == []


def test_a_topic_that_is_gone_cannot_be_changed():
    with pytest.raises(WrongTopic):
        change_topic(topic_id=1, name="a", words=[])
    with pytest.raises(WrongTopic):
        remove_topic(topic_id=1)
