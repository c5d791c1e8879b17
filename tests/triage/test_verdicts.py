"""What is kept of a verdict, and what the panel reads of it."""

from __future__ import annotations

import msgspec
import pytest
from django.db import transaction

from judges import Plain, Quick
from river import NOON, connected, hear, minutes, says, we_say, writes
from sanderling.cases.models import Case
from sanderling.core.facts import Facts
from sanderling.core.network import Room
from sanderling.core.verdict import Aspect, Flag, Kind, Odds, Reason, Tone
from sanderling.listen.models import Post
from sanderling.triage import judges
from sanderling.triage.actions import Finding, put
from sanderling.triage.models import Look, Verdict
from sanderling.triage.queries import verdict_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quickly_judged(monkeypatch):
    monkeypatch.setattr(judges, "fast", Quick)


@pytest.fixture
def account():
    return connected()


def judged_by(monkeypatch, **changes):
    """Every post is judged as Plain does, but for these changes."""

    class Changing(Plain):
        name = "changing-1"

        def judge(self, facts):
            return [msgspec.structs.replace(v, **changes) for v in super().judge(facts)]

    monkeypatch.setattr(judges, "fast", Changing)


def the_post() -> int:
    return Post.objects.get(remote_id="1").pk


def test_everything_that_was_found_is_kept_and_read_again(account, monkeypatch):
    judged_by(
        monkeypatch,
        flags=(Flag.LEGAL, Flag.SAFETY),
        odds=Odds(0.9, 0.5, 0.75, 1.0),
        unsure=(Aspect.KIND,),
    )
    hear(account, says("1"))
    found = verdict_of(the_post())
    assert (found.needs_us, found.kind, found.tone, found.lang) == (
        True, Kind.COMPLAINT, Tone.ANGRY, "en")  # fmt: skip
    assert found.heat == 0.75
    assert found.flags == (Flag.LEGAL, Flag.SAFETY)
    assert found.odds == Odds(0.9, 0.5, 0.75, 1.0)
    assert found.unsure == (Aspect.KIND,)
    assert found.reasons == (Reason("plain", "Said so", 1.5),)
    assert (found.judge, found.policy) == ("changing-1", 0)
    assert (found.topic, found.copy_of, found.copies) == (None, None, 0)
    assert (found.corrected, found.corrections) == ((), ())


def test_a_verdict_of_an_older_version_stays_readable(account):
    hear(account, says("1"))
    Verdict.objects.update(
        reasons=[["trouble", "Says “dead”"]], heat=None, odds=None, policy=None, version_at=None
    )
    found = verdict_of(the_post())
    assert found.reasons == (Reason("trouble", "Says “dead”", 0.0),)
    assert (found.heat, found.odds, found.policy) == (None, None, None)


def test_a_post_that_was_not_judged_has_no_verdict(account):
    assert verdict_of(1) is None


def test_copies_are_counted_from_any_of_them(account):
    hear(account, *(says(str(n), who=f"who{n}") for n in range(1, 4)))
    first, *others = Post.objects.order_by("pk").values_list("pk", flat=True)
    Verdict.objects.filter(pk__in=others).update(copy_of=first)
    assert [verdict_of(p).copies for p in (first, *others)] == [2, 2, 2]
    assert [verdict_of(p).copy_of for p in (first, *others)] == [None, first, first]


SCAM = "Win a free phone from Northwind today, the first hundred who write to {} get one at once"


def copies() -> dict[str, str | None]:
    """By name: the name of the post that it copies."""
    names = dict(Post.objects.values_list("pk", "remote_id"))
    return {names[p]: names.get(of) for p, of in Verdict.objects.values_list("pk", "copy_of")}


def scam(name: str, to: str = "@winner", **more):
    return says(name, SCAM.format(to), who=f"who{name}", mentions=(), **more)


def test_near_copies_are_led_to_the_first_of_them_within_a_page_and_across(account):
    hear(account, scam("1"), scam("2", "@luckyone", at=1), says("3", at=2))
    hear(account, scam("4", "@phones4u", at=3))
    assert copies() == {"1": None, "2": "1", "3": None, "4": "1"}


def test_our_own_posts_and_messages_are_no_copies(account):
    hear(account, scam("1"), we_say("2", text=SCAM.format("@winner")))
    hear(account, writes("3", SCAM.format("@winner")))
    assert copies() == {"1": None, "2": None, "3": None}


def test_what_never_came_to_stand_is_no_first(account):
    with transaction.atomic():
        hear(account, scam("1"))
        transaction.set_rollback(True)
    hear(account, scam("2"), scam("3", at=1))
    assert copies() == {"2": None, "3": "2"}


def test_a_copy_of_a_copy_is_led_back_to_the_first(account):
    """As after a start, when the first is no longer among the posts that are remembered."""
    hear(account, scam("1"), scam("2", at=1), says("3", at=2))
    post = {p.remote_id: p for p in Post.objects.all()}
    (verdict,) = Plain().judge([Facts(text="", room=Room.PUBLIC, created_at=NOON)])
    put([Finding(post["3"].pk, NOON, verdict, copy_of=post["2"].pk)], "plain-1")
    assert copies()["3"] == "1"


def looks() -> dict[str, str]:
    return dict(Look.objects.values_list("post__remote_id", "because"))


def test_what_matters_and_what_is_unsure_is_asked_for(account, monkeypatch):
    hear(account, says("1", "@NorthwindCare your charger caught fire, danger"))
    hear(account, says("2", who="omar"), says("3", "lovely weather", who="kim", mentions=()))
    assert looks() == {"1": "matters"}
    judged_by(monkeypatch, unsure=(Aspect.TONE,))
    hear(account, says("4", who="ines"))
    assert looks() == {"1": "matters", "4": "unsure"}


def test_who_is_widely_heard_is_looked_at_twice_whatever_they_say(account):
    famous = msgspec.structs.replace(says("1").author, followers=10_000)
    almost = msgspec.structs.replace(famous, id="omar", followers=9_999)
    hear(account, says("1", "lovely weather", author=famous, mentions=()))
    hear(account, says("2", "lovely weather", author=almost, mentions=()))
    assert looks() == {"1": "matters"}


def test_our_own_and_machines_are_never_looked_at_twice(account):
    ours, machine = we_say("1"), says("2", automated=True)
    hear(account, *(
        msgspec.structs.replace(p, author=msgspec.structs.replace(p.author, followers=50_000))
        for p in (ours, machine)
    ))  # fmt: skip
    assert looks() == {}


def test_switched_off_nothing_is_asked_for(account, settings):
    settings.CAREFUL = False
    hear(account, says("1", "@NorthwindCare your charger caught fire, danger"))
    assert Case.objects.count() == 1
    assert looks() == {}


def test_only_the_newest_wording_is_kept_and_hearing_it_twice_changes_nothing(account):
    hear(account, says("1", "@NorthwindCare my phone is dead", edited_at=minutes(5)))
    hear(account, says("1", "@NorthwindCare thanks, works now"))
    before = Verdict.objects.values().get()
    assert before["version_at"] == minutes(5)
    hear(account, says("1", "@NorthwindCare my phone is dead", edited_at=minutes(5)))
    assert Verdict.objects.values().get() == before
