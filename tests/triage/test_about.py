"""Which topic a post is about: by the words of the tree at once, and by what agents correct."""

from __future__ import annotations

import pytest

from judges import Quick
from river import connected, hear, minutes, says, we_say
from sanderling.cases.actions import correct
from sanderling.core.verdict import Aspect
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.triage import about, judges
from sanderling.triage.models import Verdict
from sanderling.triage.topics import add_topic, remove_topic

pytestmark = pytest.mark.django_db
BILL = "@NorthwindCare my invoice is wrong, the bill says I was charged twice"


@pytest.fixture(autouse=True)
def _judged_at_once(monkeypatch):
    monkeypatch.setattr(judges, "fast", Quick)
    monkeypatch.setattr(about, "LEARN_S", 0.0)
    monkeypatch.setattr(about, "_KNOWN", about._Known())


@pytest.fixture
def account():
    return connected()


@pytest.fixture
def tree() -> dict[str, int]:
    return {
        "Billing": add_topic(name="Billing", words=["bill", "invoice", "charged"]),
        "Network": add_topic(name="Network", words=["signal", "coverage", "no bars"]),
    }


def topic(name: str) -> int | None:
    return Verdict.objects.get(post__remote_id=name).topic


def test_without_a_tree_no_post_has_a_topic(account):
    hear(account, says("1", BILL))
    assert topic("1") is None


def test_the_words_of_a_tree_count_from_the_next_page_on(account, tree):
    hear(account, says("1", BILL), says("2", "what a lovely morning", mentions=()))
    hear(account, we_say("3", text="Is your bill wrong? Send us the invoice"))
    assert (topic("1"), topic("2"), topic("3")) == (tree["Billing"], None, None)
    remove_topic(topic_id=tree["Billing"])
    hear(account, says("4", BILL, who="omar"))
    assert topic("4") is None


def taught(account: int, tree: dict[str, int], network: str = "practice") -> int | None:
    """What a post is about after a post like it was corrected to be about the network."""
    ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AD")
    odd = "@NorthwindCare the little lighthouse symbol blinks all night long"
    hear(account, says("1", odd))
    assert topic("1") is None
    Post.objects.update(network=network)
    correct(post_id=Post.objects.get().pk, aspect=Aspect.TOPIC, value=str(tree["Network"]),
            agent_id=ada.pk, now=minutes(5))  # fmt: skip
    hear(account, says("2", odd + " again", who="omar"))
    return topic("2")


def test_what_an_agent_corrects_is_learnt(account, tree):
    assert taught(account, tree) == tree["Network"]


def test_nothing_is_learnt_from_posts_of_x(account, tree):
    assert taught(account, tree, network="x") is None


def test_with_the_leave_of_x_it_is(account, tree, settings):
    settings.TRAIN_ON_X = True
    assert taught(account, tree, network="x") == tree["Network"]
