"""An agent says what is right: the verdict, the case and every later judging follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from judges import Plain, Quick
from outcome import check_clocks, check_tallies
from river import NOON, connected, hear, minutes, says, we_say, writes
from sanderling.cases import actions, work
from sanderling.cases.agreement import agreement
from sanderling.cases.models import Case, Clock, Placement
from sanderling.core.network import Deletion, Room
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect, Kind, Tone
from sanderling.listen import unfinished
from sanderling.listen.models import Account, Post, Unfinished
from sanderling.people.models import Agent, Team
from sanderling.store.models import Move
from sanderling.triage import judges
from sanderling.triage.correcting import NotJudged, WrongValue
from sanderling.triage.models import Correction, Verdict
from sanderling.triage.queries import trainable, verdict_of
from sanderling.triage.topics import add_topic

pytestmark = pytest.mark.django_db
CHAT = "what a lovely morning at the harbour"


@pytest.fixture(autouse=True)
def _quickly_judged(monkeypatch):
    monkeypatch.setattr(judges, "fast", Quick)


@pytest.fixture
def account():
    return connected()


@pytest.fixture
def ada():
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AD")


@pytest.fixture(autouse=True)
def _a_true_desk():
    yield
    check_tallies()
    check_clocks()


def post(name: str = "1") -> int:
    return Post.objects.get(remote_id=name).pk


def correct(agent: Agent, aspect: Aspect, value: str, name: str = "1", **more) -> None:
    actions.correct(
        post_id=post(name), aspect=aspect, value=value, agent_id=agent.pk,
        **{"now": minutes(20), **more},
    )  # fmt: skip


def the_case() -> Case:
    return Case.objects.get()


def test_a_post_that_does_not_need_us_empties_its_case_in_the_name_of_the_agent(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.NEEDS_US, "false", why="only a joke")
    case = the_case()
    assert (case.state, case.due_at) == ("withdrawn", NEVER)
    assert not Clock.objects.filter(void_at=None).exists()
    moves = Move.objects.values_list("move", "by_id", "note")
    assert set(moves) == {("withdraw", ada.pk, ""), ("correct", ada.pk, "needs_us: true → false")}
    (said,) = verdict_of(post()).corrections
    assert (said.aspect, said.was, said.now, said.by, said.why, said.at) == (
        Aspect.NEEDS_US, "true", "false", "Ada", "only a joke", minutes(20))  # fmt: skip
    assert Correction.objects.values_list("judge", "network", "lang").get() == (
        Verdict.objects.get().judge, "practice", "en")  # fmt: skip


def test_even_a_case_that_somebody_has_is_withdrawn_by_a_person(account, ada):
    hear(account, says("1"))
    actions.claim(case_id=the_case().pk, by=ada.pk, now=minutes(10))
    correct(ada, Aspect.NEEDS_US, "false")
    assert (the_case().state, the_case().owner_id) == ("withdrawn", ada.pk)


def test_a_post_that_needs_us_after_all_opens_a_case(account, ada):
    hear(account, says("1", CHAT, mentions=()))
    assert not Case.objects.exists()
    correct(ada, Aspect.NEEDS_US, "true")
    case = the_case()
    assert (case.state, case.owner_id, case.due_kind) == ("new", None, "acknowledge")


def test_correcting_back_is_a_new_correction_and_brings_the_case_back(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.NEEDS_US, "false")
    correct(ada, Aspect.NEEDS_US, "true", now=minutes(25))
    case = the_case()
    assert (case.state, case.due_at) == ("new", minutes(60))
    assert Correction.objects.count() == 2
    assert Verdict.objects.get().needs_us


def test_the_rest_of_a_case_goes_on_without_a_post_that_needs_nothing(account, ada):
    hear(account, says("1"), says("2", at=5, reply_to="1"))
    correct(ada, Aspect.NEEDS_US, "false")
    case = the_case()
    assert (case.state, case.about_post_id, case.due_at) == ("new", post("2"), minutes(65))


def test_a_new_post_brings_a_withdrawn_case_back(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.NEEDS_US, "false")
    hear(account, says("2", at=30, reply_to="1"))
    assert (the_case().state, the_case().due_at) == ("new", minutes(90))


def test_what_was_answered_stays_answered(account, ada):
    hear(account, says("1"), we_say("2", at=5, reply_to="1"))
    correct(ada, Aspect.NEEDS_US, "false")
    assert the_case().state == "waiting"


def test_kind_tone_and_urgency_show_in_the_case(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.KIND, "question")
    correct(ada, Aspect.TONE, "5")
    correct(ada, Aspect.URGENCY, "3")
    case = the_case()
    assert (case.kind, case.tone, case.urgency) == ("question", Tone.FURIOUS, 3)
    assert Verdict.objects.get().heat == 1.0


def test_correcting_wakes_and_reopens_nothing(account, ada):
    hear(account, says("1"))
    actions.snooze(case_id=the_case().pk, until=minutes(900), by=ada.pk, now=minutes(10))
    correct(ada, Aspect.TONE, "4")
    assert the_case().snoozed
    actions.resolve(case_id=the_case().pk, outcome="solved", by=ada.pk, now=minutes(21))
    correct(ada, Aspect.TONE, "0")
    assert the_case().state == "resolved"


def test_another_kind_leaves_a_case_that_an_agent_opened_alone(account, ada):
    hear(account, says("1", CHAT, mentions=()))
    actions.open_for(post_id=post(), by=ada.pk, now=minutes(3))
    correct(ada, Aspect.KIND, "question")
    assert the_case().state == "open"
    correct(ada, Aspect.NEEDS_US, "false")
    assert the_case().state == "withdrawn"


def test_a_correction_survives_repeated_pages_late_wordings_and_a_second_look(account, ada):
    newest = says("1", "@NorthwindCare your charger caught fire, danger", edited_at=minutes(9))
    hear(account, newest)
    correct(ada, Aspect.NEEDS_US, "false")
    correct(ada, Aspect.TONE, "1")
    hear(account, newest)
    hear(account, says("1", "@NorthwindCare my phone is dead, this is a disgrace"))
    judge = Plain()
    assert work.look_again(judge, now=minutes(601)) == 1
    found = verdict_of(post())
    assert (found.needs_us, found.tone, found.heat) == (False, Tone.CALM, 0.2)
    assert (found.judge, found.kind) == (judge.name, Kind.COMPLAINT)
    assert found.corrected == (Aspect.NEEDS_US, Aspect.TONE)
    assert the_case().state == "withdrawn"


def test_a_correction_survives_a_post_that_was_set_aside_and_is_finished_later(account, ada):
    hear(account, says("1", edited_at=minutes(9)))
    correct(ada, Aspect.NEEDS_US, "false")
    unfinished.set_aside([post()], trouble="stumbled", now=NOON)
    assert work.finish_waiting(now=minutes(700)) == 1
    assert not Unfinished.objects.exists()
    assert (the_case().state, verdict_of(post()).needs_us) == ("withdrawn", False)


def test_a_new_wording_is_judged_anew(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.NEEDS_US, "false")
    hear(account, says("1", "@NorthwindCare no signal since monday", edited_at=minutes(30)))
    found = verdict_of(post())
    assert (found.needs_us, found.corrected) == (True, ())
    assert len(found.corrections) == 1
    assert the_case().state == "new"


def test_saying_what_stands_settles_a_doubt_once(account, ada):
    hear(account, says("1"))
    Verdict.objects.update(unsure=["kind", "tone"])
    kind = Verdict.objects.get().kind
    correct(ada, Aspect.KIND, kind)
    correct(ada, Aspect.KIND, kind)
    assert Correction.objects.values_list("was", "now").get() == (kind, kind)
    assert verdict_of(post()).unsure == (Aspect.TONE,)


@pytest.mark.parametrize(
    ("aspect", "value"),
    [
        (Aspect.NEEDS_US, "yes"), (Aspect.KIND, "rant"), (Aspect.TONE, "6"), (Aspect.TONE, "angry"),
        (Aspect.URGENCY, "-1"), (Aspect.LANG, "English"), (Aspect.LANG, ""), (Aspect.TOPIC, "77"),
        (Aspect.TOPIC, "9" * 30), (Aspect.KIND, "x" * 5_000),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_in_words(account, ada, aspect, value):
    hear(account, says("1"))
    before = Verdict.objects.values().get()
    with pytest.raises(WrongValue) as refused:
        correct(ada, aspect, value)
    assert len(str(refused.value)) < 100
    assert Verdict.objects.values().get() == before
    assert not Correction.objects.exists()


def test_a_topic_and_a_language_can_be_corrected(account, ada):
    hear(account, says("1"))
    topic = add_topic(name="Billing")
    correct(ada, Aspect.TOPIC, str(topic))
    correct(ada, Aspect.LANG, "hi-Latn")
    assert (verdict_of(post()).topic, verdict_of(post()).lang) == (topic, "hi-Latn")
    correct(ada, Aspect.TOPIC, "")
    assert verdict_of(post()).topic is None


def test_too_long_a_reason_and_posts_of_ours_are_refused(account, ada):
    hear(account, says("1"), we_say("2"))
    with pytest.raises(WrongValue, match="500 characters"):
        correct(ada, Aspect.KIND, "question", why="x" * 501)
    with pytest.raises(NotJudged):
        correct(ada, Aspect.KIND, "question", name="2")
    with pytest.raises(actions.NoSuchPost):
        actions.correct(post_id=0, aspect=Aspect.KIND, value="spam", agent_id=ada.pk, now=NOON)
    Verdict.objects.all().delete()
    with pytest.raises(NotJudged):
        correct(ada, Aspect.KIND, "question")


# What can be learnt


def lessons(**how):
    return [(x.facts.text, x.aspect, x.value) for x in trainable(**{"allow_x": False, **how})]


def test_a_lesson_is_the_last_word_on_the_wording_that_was_corrected(account, ada):
    said = "@NorthwindCare my phone is dead, please help"
    hear(account, says("1"), writes("2", "and my bill is wrong"))
    correct(ada, Aspect.KIND, "question")
    correct(ada, Aspect.KIND, "request")
    correct(ada, Aspect.TONE, "5", name="2")
    hear(account, says("1", "works again", edited_at=minutes(30)))
    assert lessons() == [
        ("and my bill is wrong", Aspect.TONE, "5"), (said, Aspect.KIND, "request")]  # fmt: skip
    lesson = trainable(allow_x=False)[0]
    assert (lesson.facts.room, lesson.facts.to_us, lesson.facts.followers) == (
        Room.DIRECT, True, 10)  # fmt: skip


def test_what_was_deleted_is_not_learnt_from(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.KIND, "question")
    hear(account, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(30)),))
    assert lessons() == []


def test_nothing_of_x_is_learnt_from_unless_it_is_allowed(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.KIND, "question")
    Post.objects.update(network="x")
    assert lessons() == []
    assert len(lessons(allow_x=True)) == 1


def test_nothing_of_an_erased_post_is_left_to_learn_from(account, ada):
    hear(account, says("1"))
    correct(ada, Aspect.KIND, "question")
    hear(account, says("1", "works again", edited_at=minutes(30)))
    hear(account, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(31)),))
    work.forget_deleted(["practice"])
    Post.objects.update(deleted_at=None)  # even if a mistake brought it back
    assert lessons(allow_x=True) == []
    assert not [v for row in Correction.objects.values_list() for v in row if "phone" in str(v)]


def test_reasons_and_titles_do_not_quote_an_erased_post(account):
    hear(account, says("1", "@NorthwindCare my phone is broken and nobody answers!"))
    hear(account, says("2", "@NorthwindCare hello? I am still waiting!", at=2))
    case = Case.objects.get()
    assert case.title.startswith("@NorthwindCare")
    assert Verdict.objects.get(post_id=post("1")).reasons
    hear(account, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(30)),))
    assert work.forget_deleted(["practice"]) == 1
    assert Verdict.objects.get(post_id=post("1")).reasons == []
    assert Verdict.objects.get(post_id=post("2")).reasons
    case.refresh_from_db()
    assert case.title == "@NorthwindCare hello? I am still waiting!"
    hear(account, deletions=(Deletion(remote_id="2", room=Room.PUBLIC, at=minutes(31)),))
    assert work.forget_deleted(["practice"]) == 1
    case.refresh_from_db()
    assert case.title == ""


# Agreement


def test_agreement_counts_what_people_saw_and_what_they_changed(account, ada):
    team = Team.objects.create(name="Phones")
    Account.objects.update(team=team)
    hear(account, *(says(str(n), who=f"who{n}") for n in range(1, 5)))
    actions.claim(case_id=Placement.objects.get(post_id=post("1")).case_id, by=ada.pk, now=NOON)
    actions.claim(case_id=Placement.objects.get(post_id=post("2")).case_id, by=ada.pk, now=NOON)
    correct(ada, Aspect.KIND, "spam", name="2")
    correct(ada, Aspect.TONE, "5", name="3")
    correct(ada, Aspect.KIND, Verdict.objects.get(pk=post("3")).kind, name="3")
    week = {"since": NOON - timedelta(days=1), "now": NOON + timedelta(days=1)}
    found = {a.aspect: a for a in agreement(**week)}
    assert [a.name for a in found.values()] == ["Phones"] * len(Aspect)
    assert (found[Aspect.KIND].seen, found[Aspect.KIND].corrected) == (3, 1)
    assert found[Aspect.KIND].stood == pytest.approx(2 / 3)
    assert (found[Aspect.TONE].seen, found[Aspect.TONE].corrected) == (3, 1)
    assert (found[Aspect.LANG].seen, found[Aspect.LANG].corrected) == (3, 0)
    correct(ada, Aspect.TONE, str(Correction.objects.get(aspect="tone").was), name="3")
    assert {a.aspect: a.corrected for a in agreement(**week)}[Aspect.TONE] == 0
    assert agreement(since=NOON + timedelta(days=1), now=NOON + timedelta(days=2)) == []
