"""A case is as urgent as its conversation makes it, and says how it went."""

from __future__ import annotations

from datetime import timedelta

import pytest

from river import connected, hear, minutes, says, we_say, writes
from sanderling.cases import actions
from sanderling.cases.models import Case
from sanderling.cases.queries import swung
from sanderling.core.judging.arc import Swing
from sanderling.core.network import Deletion, Room
from sanderling.core.verdict import Aspect, Tone, Urgency
from sanderling.people.models import Agent
from sanderling.triage.models import Verdict

pytestmark = pytest.mark.django_db

CALM = "@NorthwindCare when will the shop open?"
FURIOUS = "@NorthwindCare my phone is dead AGAIN, this is a disgrace, you are liars!!!"
GLAD = "@NorthwindCare thank you so much, it works perfectly now, I love it!"


@pytest.fixture
def account() -> int:
    return connected()


def the_case() -> Case:
    return Case.objects.exclude(state="merged").get()


def rules() -> list[str]:
    return [rule for rule, *_ in the_case().reasons]


def test_a_post_alone_has_its_own_tone_for_an_arc_and_is_no_conversation(account):
    hear(account, says("1", CALM))
    case = the_case()
    assert (case.arc, case.swing, case.swung_at, case.reasons) == ([case.tone], "", None, [])
    assert case.urgency == Verdict.objects.get().urgency


def test_the_third_post_in_an_hour_raises_the_case_and_says_so(account):
    hear(account, says("1", CALM), says("2", CALM, at=10))
    assert the_case().urgency == Urgency.NORMAL
    hear(account, writes("3", "when will the shop open?", at=25))
    case = the_case()
    assert case.urgency == Urgency.HIGH
    assert [r[1] for r in case.reasons] == ["Wrote 3 times in 25 minutes, unanswered"]


def test_our_answer_takes_back_what_only_the_waiting_had_raised(account):
    hear(account, *(says(str(n), CALM, at=10 * n) for n in range(3)))
    hear(account, we_say("9", at=40, reply_to="2"))
    case = the_case()
    assert (case.urgency, case.reasons, case.arc[-1]) == (Urgency.NORMAL, [], None)


def test_a_machines_answer_and_a_bystander_are_no_part_of_the_conversation(account):
    hear(account, says("1", CALM), we_say("2", at=1, reply_to="1", automated=True))
    hear(account, says("3", "@lena same here", who="omar", at=2, reply_to="1", mentions=(),
                       reply_to_author="lena"))  # fmt: skip
    assert len(the_case().arc) == 1


def test_a_deleted_post_is_no_part_of_the_conversation(account):
    hear(account, says("1", CALM), says("2", FURIOUS, at=20))
    assert the_case().swing == Swing.ANGRIER
    hear(account, deletions=(Deletion(remote_id="2", room=Room.PUBLIC, at=minutes(30)),))
    case = the_case()
    assert (case.swing, case.arc, case.reasons) == ("", [case.tone], [])


def test_an_edited_post_counts_by_its_newest_words(account):
    hear(account, says("1", CALM), says("2", FURIOUS, at=20))
    hear(account, says("2", CALM, at=20, edited_at=minutes(30)))
    case = the_case()
    assert (case.swing, case.arc) == ("", [case.tone, case.tone])


def test_an_answer_that_made_it_worse_is_known_by_it(account):
    hear(account, says("1", CALM), we_say("2", at=5, reply_to="1"))
    hear(account, says("3", FURIOUS, at=20, reply_to="2"))
    case = the_case()
    before, ours, after = case.arc
    assert (ours, case.swing) == (None, Swing.WORSE)
    assert before < Tone.ANGRY <= after
    assert rules() == ["worse"]


def test_what_an_agent_settled_no_longer_counts_as_unanswered(account):
    hear(account, says("1", CALM), says("2", CALM, at=300))
    assert rules() == ["unanswered"]
    ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB")
    actions.resolve(case_id=the_case().pk, outcome="solved", by=ada.pk, now=minutes(310))
    hear(account, says("3", CALM, at=320, reply_to="2"))
    assert (the_case().state, rules()) == ("open", [])


def test_turnarounds_are_found_newest_first(account):
    for n, who in enumerate(["lena", "omar", "kim"]):
        hear(account, says(f"{who} 1", FURIOUS, who=who, at=n))
        hear(account, we_say(f"{who} 2", who, at=10 + n, reply_to=f"{who} 1"))
        hear(account, says(f"{who} 3", GLAD if who != "kim" else FURIOUS, who=who, at=60 + n,
                           reply_to=f"{who} 2"))  # fmt: skip
    found = swung(Swing.GLAD, since=minutes(0))
    assert [row.customer.handle for row in found] == ["omar", "lena"]
    assert found[0].why.startswith("Turned from")
    assert found[0].why.endswith("to glad")
    assert [r.customer.handle for r in swung(Swing.GLAD, since=minutes(61))] == ["omar"]
    assert len(swung(Swing.GLAD, since=minutes(0), limit=1)) == 1
    assert swung(Swing.WORSE, since=minutes(0) - timedelta(days=1)) == []


def test_a_tone_that_an_agent_corrected_counts_in_the_conversation(account):
    ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB")
    hear(account, says("1", CALM), we_say("2", at=5, reply_to="1"))
    hear(account, says("3", CALM, at=20, reply_to="2"))
    first, second = Verdict.objects.filter(post__direction="theirs").order_by("post__created_at")
    for verdict, tone in ((first, "2"), (second, "3")):
        actions.correct(post_id=verdict.post_id, aspect=Aspect.TONE, value=tone, agent_id=ada.pk,
                        now=minutes(30))  # fmt: skip
    assert (the_case().arc, the_case().swing) == ([Tone.UNEASY, None, Tone.ANNOYED], Swing.WORSE)
    assert the_case().urgency == Urgency.HIGH
