"""What a post is about in the tree of Northwind, a company that sells phones and internet."""

from __future__ import annotations

import numpy as np
import pytest

from sanderling.core.judging.ngrams import ngrams
from sanderling.core.judging.topics import MOST_EXAMPLES, Topic, Topics

BILLING, REFUND, DOUBLE, INTERNET, OUTAGE, ROAMING, SHOP = range(1, 8)

TREE = (
    Topic(BILLING, "Billing", words="invoice bill payment"),
    Topic(REFUND, "Refunds", BILLING, words="money back"),
    Topic(DOUBLE, "Double charge", BILLING, words="charged twice"),
    Topic(INTERNET, "Internet", words="broadband wifi router"),
    Topic(OUTAGE, "Outage", INTERNET, words="outages down"),
    Topic(ROAMING, "Roaming", words="abroad travel"),
    Topic(SHOP, "Shops", words="store branch opening hours"),
)


def found(text: str, tree: tuple[Topic, ...] = TREE) -> int | None:
    [(topic, _)] = Topics(tree).find([text])
    return topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("you charged me twice this month", DOUBLE),
        ("I want my money back, where is my refund?", REFUND),
        ("there is a mistake in my last invoice", BILLING),
        ("is there an outage in Ravensburg? everything is down", OUTAGE),
        ("the router keeps losing its wifi", INTERNET),
        ("how much is roaming in Norway?", ROAMING),
        ("what are the opening hours of your branch in Ulm", SHOP),
    ],
)
def test_a_topic_is_known_by_its_words_from_the_first_day(text, topic):
    assert found(text) == topic


@pytest.mark.parametrize("text", ["", "🙏", "lovely weather in the mountains", "Guten Morgen!"])
def test_what_is_about_nothing_of_ours_has_no_topic(text):
    [(topic, odds)] = Topics(TREE).find([text])
    assert topic is None
    assert 0 <= odds < 0.5


def test_what_is_split_between_branches_is_about_their_parent():
    tree = (Topic(1, "Contract"), Topic(2, "Cancelling", 1), Topic(3, "Extending", 1), *TREE[3:])
    apart = (Topic(2, "Cancelling"), Topic(3, "Extending"), *TREE[3:])
    [(topic, odds)] = Topics(tree).find(["cancelling or extending?"], sure=0.9)
    assert topic == 1
    assert odds >= 0.9
    assert Topics(apart).find(["cancelling or extending?"], sure=0.9)[0][0] is None


def test_an_example_teaches_what_no_word_says():
    text = "the little lamp on the white box blinks red all night"
    assert found(text) is None
    examples = (
        "since monday the lamp on the box blinks red",
        "a red lamp is blinking on that white box of yours",
    )
    taught = tuple(
        Topic(t.id, t.name, t.parent, t.words, examples if t.id == OUTAGE else ()) for t in TREE
    )
    assert found(text, taught) == OUTAGE
    assert found("how much is roaming in Norway?", taught) == ROAMING


def test_more_examples_of_one_topic_do_not_drown_another():
    examples = tuple(f"the network has been gone since {hour} o'clock" for hour in range(200))
    taught = tuple(
        Topic(t.id, t.name, t.parent, t.words, examples if t.id == OUTAGE else ()) for t in TREE
    )
    assert found("you charged me twice this month", taught) == DOUBLE
    assert found("network gone since 7 o'clock", taught) == OUTAGE


def test_the_last_examples_are_learnt_from():
    old = ("please explain the tariff with the two cards",) * 3
    new = tuple(f"the red lamp blinks at {hour}" for hour in range(MOST_EXAMPLES))
    taught = (Topic(1, "Outage", examples=old + new), Topic(2, "Tariffs", words="tariff cards"))
    assert found("please explain the tariff with the two cards", taught) == 2


def test_a_post_is_judged_alike_alone_and_among_others():
    texts = ["you charged me twice", "roaming in Norway", "", "the router and the wifi"]
    topics = Topics(TREE)
    together = topics.find(texts)
    assert topics.find_in(ngrams(texts)) == together
    for text, (topic, odds) in zip(texts, together, strict=True):
        [(alone, odds_alone)] = topics.find([text])
        assert alone == topic
        assert np.isclose(odds_alone, odds, atol=1e-5)


def test_without_topics_nothing_is_about_anything():
    assert Topics(()).find(["anything", ""]) == [(None, 0.0)] * 2
    assert Topics(()).find_in(ngrams(["anything"])) == [(None, 0.0)]
    assert Topics(TREE).find([]) == []


def test_a_topic_without_a_word_is_never_found():
    tree = (*TREE, Topic(99, "", words=" , "))
    assert found("you charged me twice this month", tree) == DOUBLE
    assert found(" , ", tree) is None


def test_a_topic_above_itself_is_refused_with_what_to_do():
    loop = (Topic(1, "Bills", 2), Topic(2, "Refunds", 1))
    with pytest.raises(ValueError, match=r"'Bills' is above itself.*another"):
        Topics(loop)


def test_a_topic_whose_parent_is_gone_stands_at_the_top():
    assert found("how much is roaming in Norway?", (Topic(5, "Roaming", 77), *TREE[:3])) == 5
