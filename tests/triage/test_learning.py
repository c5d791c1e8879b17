"""Learning from corrections: what agents say becomes a layer, if it passes the gate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from river import connected, hear, minutes, says
from sanderling.cases.actions import correct
from sanderling.core.facts import Facts
from sanderling.core.network import Room
from sanderling.core.verdict import Aspect
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.triage import judges
from sanderling.triage.layers import roll_back
from sanderling.triage.learning import retrain, retrain_at_night
from sanderling.triage.models import Correction, Verdict
from sanderling.triage.queries import layers, live_layer_id

pytestmark = pytest.mark.django_db

WHEN = ("today", "again", "at work", "this morning", "since monday", "lol", "for days", "since may")


@pytest.fixture(autouse=True)
def _no_layer_of_other_tests():
    def forget():
        judges.look_again()
        judges._with.cache_clear()

    forget()
    yield
    forget()


@pytest.fixture
def account():
    return connected()


def corrected(account: int, many: int = 48, kind: str = "complaint") -> None:
    """Posts in the company's own words, each of which an agent called a complaint."""
    ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AD")
    texts = [f"@NorthwindCare my gizmo went zorp {WHEN[n % len(WHEN)]}" for n in range(many)]
    hear(account, *(says(str(n), text, who=f"who{n}") for n, text in enumerate(texts)))
    for post in Post.objects.order_by("pk"):
        correct(post_id=post.pk, aspect=Aspect.KIND, value=kind, agent_id=ada.pk, now=minutes(5))


def test_what_was_taught_judges_the_next_post(account):
    corrected(account)
    learnt = retrain(allow_x=False, now=minutes(10))
    assert learnt.live
    assert live_layer_id() == learnt.layer
    assert "judges from now on" in learnt.says
    hear(account, says("next", "@NorthwindCare the gizmo went zorp once more", who="new"))
    found = Verdict.objects.get(post__remote_id="next")
    assert found.kind == "complaint"
    assert found.judge.endswith(f"+{learnt.layer}")


def test_rolling_back_brings_the_shipped_judge_back(account):
    corrected(account)
    assert retrain(allow_x=False, now=minutes(10)).live
    assert roll_back() is None
    judges.look_again()
    assert "+" not in judges.fast().name


def test_what_is_no_better_is_kept_aside(account):
    corrected(account)
    Correction.objects.update(now=F("was"))  # agents who only say what was found already
    learnt = retrain(allow_x=False, now=minutes(10))
    assert not learnt.live
    assert live_layer_id() is None
    assert [layer.id for layer in layers()] == [learnt.layer]
    assert "met no more" in learnt.says


def test_a_few_corrections_are_an_anecdote(account):
    corrected(account, many=5)
    learnt = retrain(allow_x=False, now=minutes(10))
    assert (learnt.layer, learnt.live) == (None, False)
    assert "5 corrected posts" in learnt.says


def test_posts_of_x_teach_nothing_unless_allowed(account):
    corrected(account)
    Post.objects.update(network="x")
    assert retrain(allow_x=False, now=minutes(10)).layer is None
    assert retrain(allow_x=True, now=minutes(11)).layer is not None


def test_at_night_the_desk_learns_once_and_only_what_is_new(account):
    corrected(account)
    night = minutes(0).replace(hour=2) + timedelta(days=1)
    assert retrain_at_night(allow_x=False, now=night.replace(hour=14)) is None
    assert retrain_at_night(allow_x=False, now=night) is not None
    assert retrain_at_night(allow_x=False, now=night + timedelta(minutes=20)) is None
    assert retrain_at_night(allow_x=False, now=night + timedelta(days=1)) is None


def test_the_careful_judge_hears_what_was_taught_too(account):
    taught = Facts(text="@NorthwindCare the gizmo went zorp once more", room=Room.PUBLIC,
                   created_at=minutes(11), to_us=True)  # fmt: skip
    name, [before] = judges.careful().name, judges.careful().judge([taught])
    corrected(account)
    learnt = retrain(allow_x=False, now=minutes(10))
    assert judges.careful().name == f"{name}+{learnt.layer}"
    [after] = judges.careful().judge([taught])
    assert before.kind == "other"
    assert after.kind == "complaint" or after.odds.kind < before.odds.kind
