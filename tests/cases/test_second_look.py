"""A second look: what the careful judge finds counts, and it never undoes what a person did."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from contextlib import closing
from datetime import timedelta
from threading import Event, Thread

import msgspec
import pytest
from django.db import OperationalError, connection

from judges import Plain, Quick
from outcome import check_clocks, check_tallies
from processes import in_this_database
from river import connected, hear, minutes, says
from sanderling.cases import actions, work
from sanderling.cases.models import Case, Clock, Placement
from sanderling.core.network import Author, Deletion, Room
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect
from sanderling.jobs import look_again
from sanderling.listen import actions as listen
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.store.models import Move
from sanderling.triage import judges, looks
from sanderling.triage.actions import ask
from sanderling.triage.models import Look, Verdict

pytestmark = pytest.mark.django_db
NOW = minutes(601)
FIRE = "@NorthwindCare your charger caught fire, danger"
JOKE = "@NorthwindCare your charger caught fire, danger ... never mind, only in a film"


@pytest.fixture(autouse=True)
def _quickly_judged(monkeypatch):
    monkeypatch.setattr(judges, "fast", Quick)


@pytest.fixture
def account():
    return connected()


@pytest.fixture
def ada():
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AD")


def look(judge: Plain | None = None) -> int:
    return work.look_again(judge or Plain(), now=NOW)


def ask_for(name: str, at=NOW) -> None:
    ask([(Post.objects.get(remote_id=name).pk, "unsure")], now=at)


def the_case() -> Case:
    return Case.objects.get()


def a_true_desk() -> None:
    check_tallies()
    check_clocks()


def test_a_need_that_is_found_at_the_second_look_opens_a_case(account):
    hear(account, says("1", "the harbour at dawn", mentions=()))
    ask_for("1")
    assert not Case.objects.exists()
    assert look() == 1
    case = the_case()
    assert (case.state, case.kind, case.due_kind) == ("new", "complaint", "acknowledge")
    assert Verdict.objects.get().judge == "plain-1"
    assert not Look.objects.exists()
    assert look() == 0
    a_true_desk()


def test_a_case_that_nobody_touched_withdraws_when_the_need_is_gone(account):
    hear(account, says("1", JOKE))
    assert the_case().state == "new"
    assert look() == 1
    assert (the_case().state, the_case().due_at) == ("withdrawn", NEVER)
    assert not Clock.objects.filter(void_at=None).exists()
    assert list(Move.objects.values_list("move", "by_id")) == [("withdraw", None)]
    a_true_desk()


TOUCHES = {
    "claimed": lambda case, by: actions.claim(case_id=case, by=by, now=NOW),
    "put back": lambda case, by: (
        actions.claim(case_id=case, by=by, now=NOW),
        actions.assign(case_id=case, to=None, by=by, now=NOW),
    ),
    "snoozed": lambda case, by: actions.snooze(case_id=case, until=minutes(9_000), by=by, now=NOW),
    "noted": lambda case, by: actions.write_note(case_id=case, text="Mine.", by=by, now=NOW),
    "resolved": lambda case, by: actions.resolve(case_id=case, outcome="solved", by=by, now=NOW),
    "reopened": lambda case, by: (
        actions.resolve(case_id=case, outcome="solved", by=by, now=NOW),
        actions.reopen(case_id=case, by=by, now=NOW),
    ),
    "dismissed": lambda case, by: actions.dismiss(case_id=case, by=by, now=NOW),
}


@pytest.mark.parametrize("touch", TOUCHES)
@pytest.mark.parametrize("text", [JOKE, FIRE])
def test_what_a_person_did_is_never_undone(account, ada, touch, text):
    hear(account, says("1", text))
    TOUCHES[touch](the_case().pk, ada.pk)
    columns = ("state", "owner_id", "snoozed", "wake_at", "due_at", "ended_at")
    before = Case.objects.values_list(*columns).get()
    moves = Move.objects.count()
    assert look() == 1
    assert Case.objects.values_list(*columns).get() == before
    assert Move.objects.count() == moves
    assert Verdict.objects.get().judge == "plain-1"
    a_true_desk()


def test_a_resolved_case_stays_so_where_the_need_is_found_too_late(account, ada):
    hear(account, says("1", FIRE), says("2", "ok", at=3, reply_to="1"))
    actions.resolve(case_id=the_case().pk, outcome="solved", by=ada.pk, now=minutes(20))
    Look.objects.all().delete()
    Placement.objects.filter(post__remote_id="2").update(needs=0)
    Verdict.objects.filter(post__remote_id="2").update(needs_us=False, kind="other")
    ask_for("2")
    assert look() == 1
    assert Placement.objects.get(post__remote_id="2").needs == 2
    assert the_case().state == "resolved"
    a_true_desk()


def test_what_a_person_corrected_is_left_alone(account, ada):
    hear(account, says("1", FIRE))
    actions.correct(post_id=Post.objects.get().pk, aspect=Aspect.NEEDS_US, value="false",
                    agent_id=ada.pk, now=minutes(20))  # fmt: skip
    look()
    verdict = Verdict.objects.get()
    assert (verdict.needs_us, verdict.judge) == (False, "plain-1")
    assert the_case().state == "withdrawn"


def test_thanks_that_were_taken_for_trouble_are_thanks_in_the_case_too(account):
    hear(account, says("1", "@NorthwindCare praise: your charger caught fire, danger"))
    look()
    assert Placement.objects.get().needs == 1
    assert (the_case().state, the_case().kind) == ("new", "praise")
    a_true_desk()


def test_the_tone_of_a_case_follows_the_second_look(account):
    hear(account, says("1", FIRE))
    Case.objects.update(tone=1)
    look()
    assert the_case().tone == 4


def test_a_post_that_once_said_something_else_keeps_its_need(account):
    hear(account, says("1", FIRE))
    hear(account, says("1", JOKE, edited_at=minutes(5)))
    look()
    assert the_case().state == "new"
    assert not Verdict.objects.get().needs_us


def test_a_post_that_stood_by_another_matter_gets_one_of_its_own(account):
    hear(account, says("1", FIRE))
    hear(account, says("2", "same here", who="omar", mentions=(), reply_to="1",
                       reply_to_author="lena", at=3))  # fmt: skip
    Look.objects.all().delete()
    ask_for("2")
    look()
    assert Case.objects.count() == 2
    placed = Placement.objects.get(post__remote_id="2")
    assert (placed.role, placed.case.state) == ("requester", "new")
    a_true_desk()


def test_an_edit_while_the_judge_thinks_is_looked_at_again(account):
    hear(account, says("1", FIRE))
    edit = says("1", "@NorthwindCare FIRE, danger", edited_at=minutes(5))
    judge = Plain(meanwhile=lambda: hear(account, edit))
    look(judge)
    assert Verdict.objects.get().judge != judge.name
    assert Look.objects.count() == 1
    look()
    assert (Verdict.objects.get().judge, Look.objects.count()) == (judge.name, 0)


def test_a_post_that_is_deleted_while_the_judge_thinks_is_let_go(account):
    hear(account, says("1", FIRE))
    gone = Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(5))
    look(Plain(meanwhile=lambda: hear(account, deletions=(gone,))))
    assert (Look.objects.count(), the_case().state) == (0, "withdrawn")
    a_true_desk()


def test_a_judge_that_stumbles_leaves_the_fast_verdict(account):
    hear(account, says("1", FIRE))
    before = Verdict.objects.values().get()

    def stumble():
        raise RuntimeError("a post it cannot read")

    assert look(Plain(meanwhile=stumble)) == 1
    assert Verdict.objects.values().get() == before
    assert (Look.objects.count(), the_case().state) == (0, "new")


def test_what_matters_comes_first_and_then_the_newest(account):
    for n in range(4):
        hear(account, says(str(n), f"good morning {n}", who=f"who{n}", mentions=()))
        ask_for(str(n), at=NOW - timedelta(minutes=9 - n))
    Look.objects.filter(post__remote_id="1").update(because="matters")
    judge = Plain()
    while work.look_again(judge, now=NOW, limit=1):
        pass
    assert judge.saw == [f"good morning {n}" for n in (1, 3, 2, 0)]


def test_what_waited_too_long_is_dropped_and_the_fast_verdict_stands(account):
    hear(account, says("1", FIRE), now=NOW - timedelta(minutes=16))
    before = Verdict.objects.values().get()
    judge = Plain()
    assert look(judge) == 0
    assert (judge.saw, Look.objects.count()) == ([], 1)
    assert work.drop_late_looks(now=NOW) == 1
    assert Verdict.objects.values().get() == before


def test_no_more_waits_than_can_be_looked_at_in_time(account, settings):
    settings.CAREFUL_PER_MINUTE = 1
    hear(account, *(says(str(n), who=f"who{n}") for n in range(30)))
    for n in range(30):
        ask_for(str(n), at=NOW - timedelta(seconds=n))
    work.drop_late_looks(now=NOW)
    assert set(Look.objects.values_list("post__remote_id", flat=True)) <= set(map(str, range(16)))
    assert Look.objects.count() in (15, 16)


def test_the_budget_of_a_minute_is_kept(account, monkeypatch):
    hear(account, *(says(str(n), who=f"who{n}") for n in range(10)))
    for n in range(10):
        ask_for(str(n), at=NOW)
    monkeypatch.setattr(work, "LOOKS", 5)
    waits = []

    class Stop(Event):
        def wait(self, timeout=None):
            waits.append(timeout)
            if len(waits) == 6:  # the third round found nothing
                self.set()
            return True

    monkeypatch.setattr("sanderling.jobs.now", lambda: NOW)
    monkeypatch.setattr("sanderling.jobs.closing", lambda connection: connection.cursor())
    monkeypatch.setattr(work.look_again, "__kwdefaults__", {"limit": 5})
    look_again(Plain(), 60, Stop())
    between = waits[::2]
    assert 4 < between[0] <= 5
    assert 4 < between[1] <= 5
    assert between[2] == 0.5


@pytest.mark.django_db(transaction=True)
def test_intake_goes_on_while_the_careful_judge_thinks():
    account = connected()
    second = listen.connect(network="replay", who=Author(id="us", handle="NorthwindCare"),
                            address="", secret="", now=minutes(0))  # fmt: skip
    hear(account, says("1", FIRE), now=NOW)
    hear(second, says("1", FIRE), now=NOW)
    thinking, go_on = Event(), Event()

    def think():
        thinking.set()
        assert go_on.wait(30)

    def careful():
        with closing(connection):
            look(Plain(meanwhile=think))

    thread = Thread(target=careful)
    thread.start()
    assert thinking.wait(10)
    edit = says("1", FIRE + "!", edited_at=minutes(5))
    hear(account, edit, says("2", FIRE, who="omar"), now=NOW)  # waits for nobody
    assert look() == 1, "a second process takes what nobody has claimed"
    go_on.set()
    thread.join(30)
    assert not thread.is_alive()
    by = dict(Verdict.objects.values_list("post__text", "judge"))
    assert by[FIRE + "!"] != "plain-1"
    assert set(Look.objects.values_list("post__text", flat=True)) == {FIRE + "!"}
    a_true_desk()


KILLED = """
    import os, signal
    from judges import Plain, Quick
    from sanderling.cases import work
    from sanderling.triage import judges, looks
    from river import minutes

    def die(*args):
        os.kill(os.getpid(), signal.SIGKILL)

    judge = Plain()
    if {place!r} == "thinking":
        judge.meanwhile = die
    else:
        looks.done = die
    work.look_again(judge, now=minutes(601))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["thinking", "writing"])
def test_killed_between_claim_and_commit_nothing_is_lost(place, request):
    account = connected()
    hear(account, says("1", JOKE), now=NOW)
    before = Verdict.objects.values().get()
    env = in_this_database()
    env["PYTHONPATH"] += f":{request.config.rootpath / 'tests'}"
    program = "import django; django.setup()\n" + textwrap.dedent(KILLED.format(place=place))
    killed = subprocess.run([sys.executable, "-c", program], env=env, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert Verdict.objects.values().get() == before
    assert the_case().state == "new"
    assert look() == 1
    assert the_case().state == "withdrawn"
    a_true_desk()


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_while_the_judge_thinks_loses_nothing():
    account = connected()
    hear(account, says("1", FIRE), now=NOW)

    def lose():
        with closing(connection.copy()) as other, other.cursor() as cursor:
            pid = connection.connection.info.backend_pid
            cursor.execute("select pg_terminate_backend(%s)", [pid])

    with pytest.raises(OperationalError):
        look(Plain(meanwhile=lose))
    connection.close()
    assert look() == 1
    assert looks.claim(now=NOW, limit=9) == []


def test_facts_of_a_second_look_are_those_of_the_first(account):
    post = msgspec.structs.replace(
        says("1", FIRE, reply_to="0", lang="en"), media=(), room=Room.PUBLIC
    )
    hear(account, post)
    (asked,) = looks.claim(now=NOW, limit=9)
    heard = asked.facts
    assert (heard.text, heard.lang, heard.followers) == (FIRE, "en", 10)
    assert (heard.to_us, heard.is_reply, heard.has_media, heard.ours) == (True, True, False, False)
    assert (heard.room, heard.created_at) == (post.room, post.created_at)
