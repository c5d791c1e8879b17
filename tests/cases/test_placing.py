"""Posts become cases: whose matter they are, which turn they open, which clock they stop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from river import connected, hear, minutes, says, we_say, writes
from sanderling.cases import actions
from sanderling.cases.models import Case, Clock, Placement
from sanderling.core.network import Author, Deletion, Room
from sanderling.core.timing import NEVER
from sanderling.listen import actions as listen
from sanderling.listen.models import Post
from sanderling.people.models import Agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> int:
    return connected()


@pytest.fixture
def ada() -> Agent:
    return Agent.objects.create(email="ada@northwind.example", name="Ada Brandt", initials="AB")


def the_case() -> Case:
    return Case.objects.exclude(state="merged").get()


def test_a_complaint_opens_a_case_with_the_clocks_of_the_policy(account):
    hear(account, says("1", at=5))
    case = the_case()
    assert (case.state, case.due_kind, case.due_at) == ("new", "acknowledge", minutes(65))
    assert {(c.kind, c.due_at) for c in Clock.objects.all()} == {
        ("acknowledge", minutes(65)),
        ("answer", minutes(245)),
        ("solve", minutes(5 + 3 * 24 * 60)),
    }


def test_the_public_and_the_private_room_are_one_case(account):
    hear(account, says("1"))
    hear(account, writes("1", at=10))
    assert Case.objects.count() == 1
    assert sorted(Placement.objects.values_list("room", flat=True)) == ["direct", "public"]


def test_two_customers_are_two_cases_even_in_one_thread(account):
    hear(
        account,
        says("1", thread="t"),
        says("2", who="omar", reply_to="1", thread="t", reply_to_author="lena"),
    )
    assert Case.objects.count() == 2


def test_a_native_reply_stops_the_clocks_and_waits(account):
    hear(account, says("1"))
    hear(account, we_say("2", at=30, reply_to="1"))
    case = the_case()
    assert case.state == "waiting"
    clocks = dict(Clock.objects.values_list("kind", "met_at"))
    assert clocks == {"acknowledge": minutes(30), "answer": minutes(30), "solve": None}
    assert Clock.objects.get(kind="solve").due_at == NEVER, "it rests while we wait"


def test_a_native_reply_that_arrives_before_its_question_is_joined_to_it(account):
    hear(account, we_say("2", to=None, at=30, reply_to="1"))
    assert Case.objects.count() == 0
    hear(account, says("1"))
    assert the_case().state == "waiting"
    assert Placement.objects.filter(case=the_case()).count() == 2


def test_a_machines_answer_of_ours_neither_acknowledges_nor_answers(account):
    hear(account, says("1"), we_say("2", at=1, reply_to="1", automated=True))
    assert the_case().state == "new"
    assert not Clock.objects.exclude(met_at=None).exists()


def test_a_new_turn_opens_new_clocks(account):
    hear(account, says("1"), we_say("2", at=30, reply_to="1"), says("3", at=60, reply_to="2"))
    assert the_case().state == "open"
    running = {(c.turn.remote_id, c.kind) for c in Clock.objects.filter(met_at=None)}
    assert running == {("3", "acknowledge"), ("3", "answer"), ("1", "solve")}


def test_silence_of_six_weeks_begins_a_new_matter_unless_the_thread_goes_on(account):
    day = 24 * 60
    hear(account, says("1"), says("2", at=50 * day), says("3", at=100 * day, reply_to="1"))
    assert Case.objects.exclude(state="merged").count() == 2
    assert (
        Placement.objects.get(post__remote_id="3").case_id
        == Placement.objects.get(post__remote_id="1").case_id
    )


def test_a_post_that_bridges_two_matters_merges_their_cases(account):
    day = 24 * 60
    hear(account, says("1"), says("3", at=50 * day))
    assert Case.objects.count() == 2
    hear(account, says("2", at=25 * day))
    kept = the_case()
    merged = Case.objects.get(state="merged")
    assert merged.merged_into_id == kept.pk
    assert Placement.objects.filter(case=kept).count() == 3
    assert not Clock.objects.filter(case=merged, void_at=None).exists()


def test_a_deleted_complaint_leaves_the_queue(account):
    hear(account, says("1"))
    hear(account, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(5)),))
    assert the_case().state == "withdrawn"
    assert not Clock.objects.filter(void_at=None).exists()


def test_a_bystander_joins_the_case_without_opening_one(account):
    hear(account, says("1"))
    hear(
        account,
        says(
            "2",
            "same here honestly",
            who="omar",
            mentions=(),
            reply_to="1",
            reply_to_author="lena",
            at=3,
        ),
    )
    placed = Placement.objects.get(post__remote_id="2")
    assert (placed.role, placed.case_id) == ("bystander", the_case().pk)


def test_a_settled_matter_reopens_when_the_customer_answers_and_the_old_turn_stays_settled(
    account, ada
):
    hear(account, says("1"))
    actions.resolve(case_id=the_case().pk, outcome="solved", by=ada.pk, now=minutes(20))
    assert the_case().state == "resolved"
    hear(account, says("2", at=30, reply_to="1"))
    case = the_case()
    assert (case.state, case.due_at) == ("open", minutes(90))


def test_a_new_thread_after_a_resolved_matter_is_a_new_case(account, ada):
    hear(account, says("1"))
    actions.resolve(case_id=the_case().pk, outcome="solved", by=ada.pk, now=minutes(20))
    hear(account, says("2", at=30))
    assert sorted(Case.objects.values_list("state", flat=True)) == ["new", "resolved"]
    hear(account, says("3", at=40, reply_to="2"))
    assert Placement.objects.filter(case__state="new").count() == 2


def test_our_answer_from_the_desk_meets_the_clocks_once_however_it_is_heard(account, ada):
    hear(account, says("1"))
    hear(account, we_say("2", at=30, reply_to="1"))
    post = Placement.objects.get(post__remote_id="2").post_id
    actions.replied(
        case_id=the_case().pk, post_id=post, then="keep open", by=ada.pk, now=minutes(31)
    )
    case = the_case()
    assert (case.state, case.due_kind) == ("new", "answer")
    assert dict(Clock.objects.values_list("kind", "met_at")) == {
        "acknowledge": minutes(30),
        "answer": None,
        "solve": None,
    }


def test_a_resting_post_becomes_a_case_when_someone_wants_it(account, ada):
    hear(account, says("1", "lovely weather in Port Alder", mentions=()))
    assert Case.objects.count() == 0
    number = actions.open_for(post_id=Post.objects.get().pk, by=ada.pk, now=minutes(3))
    case = Case.objects.get(pk=number)
    assert (case.state, case.owner_id) == ("open", ada.pk)


def test_a_snoozed_case_wakes_when_the_customer_writes(account, ada):
    hear(account, says("1"))
    actions.snooze(
        case_id=the_case().pk, until=minutes(0) + timedelta(days=2), by=ada.pk, now=minutes(1)
    )
    hear(account, says("2", at=3))
    case = the_case()
    assert (case.snoozed, case.wake_at) == (False, None)


def test_mentioning_two_of_our_accounts_is_one_matter_whoever_hears_it_first(account):
    second = listen.connect(
        network="practice",
        who=Author(id="us2", handle="Northwind"),
        address="",
        secret="",
        now=minutes(0),
    )
    hear(second, says("1", mentions=("us2", "us")))
    hear(account, says("1", mentions=("us2", "us")))
    assert the_case().account_id == account


def test_thanks_after_a_matter_was_settled_leave_it_settled(account, ada):
    hear(account, says("1"))
    actions.resolve(case_id=the_case().pk, outcome="solved", by=ada.pk, now=minutes(20))
    hear(account, says("2", "@NorthwindCare thank you, you are great!", at=30, reply_to="1"))
    assert the_case().state == "resolved"
    assert Placement.objects.get(post__remote_id="2").case_id == the_case().pk


def test_praise_alone_is_a_case_of_its_own_with_clocks(account):
    hear(account, says("1", "@NorthwindCare thank you, you are great!"))
    case = the_case()
    assert (case.state, case.kind, case.due_kind) == ("new", "praise", "acknowledge")
