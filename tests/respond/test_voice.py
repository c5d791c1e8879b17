"""Who may answer for the brand: said before they type, and kept whatever they send."""

from __future__ import annotations

import pytest

import factories
from outbox import NEWEST
from river import connected, hear, minutes, says
from sanderling.cases.models import Case
from sanderling.core.network import Limits, Room
from sanderling.core.policy import shipped_text
from sanderling.people.actions import team_named
from sanderling.people.models import Membership
from sanderling.policy.actions import apply
from sanderling.respond.actions import Objections, propose
from sanderling.respond.liking import CannotLike, like
from sanderling.respond.models import Outgoing
from sanderling.respond.queries import answerability

pytestmark = pytest.mark.django_db

NOW = minutes(10)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)


@pytest.fixture
def case() -> int:
    text = shipped_text().replace("undo = 8", 'undo = 8\ncontacts = ["+49 30 1234567"]')
    text += '\n[voice]\n"@NorthwindCare" = ["Communications"]\n'
    apply(text=text, by=None, note="", now=minutes(0))
    hear(connected(), says("1"))
    return Case.objects.get().pk


@pytest.fixture
def ada() -> int:
    return factories.agent("Ada Bell").pk


@pytest.fixture
def eva() -> int:
    eva = factories.agent("Eva Storm")
    Membership.objects.create(agent=eva, team_id=team_named("Communications"))
    return eva.pk


def answer(case: int, by: int, room: Room = Room.PUBLIC, text: str = "We look into it.") -> int:
    return propose(
        case_id=case, by=by, room=room, text=text, reply_to_post=None, then="wait", seen=NEWEST,
        now=NOW, limits_for=lambda _: LIMITS,
    )  # fmt: skip


def test_only_who_may_answer_for_the_brand_does(case, ada, eva) -> None:
    with pytest.raises(Objections) as found:
        answer(case, ada)
    assert [one.rule for one in found.value.found] == ["voice"]
    assert "Only Communications may answer from @NorthwindCare" in str(found.value)
    assert not Outgoing.objects.exists()
    assert Outgoing.objects.get(pk=answer(case, eva)).state in ("queued", "held")


def test_it_is_said_before_they_type(case, ada, eva) -> None:
    ways = answerability(case, agent_id=ada, limits_for=lambda _: LIMITS)
    assert not ways.public.may
    assert not ways.direct.may
    assert "Only Communications" in ways.public.why
    assert ways.public.by_hand == ""
    assert answerability(case, agent_id=eva, limits_for=lambda _: LIMITS).public.may


def test_a_like_speaks_for_the_brand_too(case, ada) -> None:
    network = type("Never", (), {"limits": LIMITS})()
    with pytest.raises(CannotLike, match="Only Communications"):
        like(case_id=case, by=ada, now=NOW, network_for=lambda _: network)


def test_a_contact_of_our_own_may_stand_in_public(case, eva) -> None:
    assert answer(case, eva, text="Call us on +49 30 1234567 until 18:00 today.")


def test_any_other_number_may_not(case, eva) -> None:
    with pytest.raises(Objections) as found:
        answer(case, eva, text="Call us on +49 30 7654321 until 18:00 today.")
    assert "number" in [one.rule for one in found.value.found]
