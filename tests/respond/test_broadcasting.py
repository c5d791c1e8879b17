"""One voice: a status leaves once on every account, whatever its networks do, and in order."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from msgspec.structs import replace

from outbox import UNDO
from respond.test_sender import Shelf, Watch
from river import NOON, US, hear, minutes, says
from sanderling.cases.models import Case
from sanderling.core.network import (
    Author,
    Draft,
    Limits,
    OutcomeUnknown,
    Receipt,
    Refused,
    Throttled,
    Unreachable,
)
from sanderling.core.policy import shipped_text
from sanderling.incidents.actions import merge, open_incident
from sanderling.incidents.models import Drill, Incident, Role
from sanderling.incidents.queries import incident as standing
from sanderling.listen.actions import connect
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.policy.actions import apply
from sanderling.respond.actions import (
    OnItsWay,
    TooLate,
    try_again,
    withdraw,
)
from sanderling.respond.approving import NotYours, approve
from sanderling.respond.belonging import NoAnswer
from sanderling.respond.broadcasting import post_status, take_back
from sanderling.respond.minding import Objections
from sanderling.respond.models import Approval, Outgoing
from sanderling.respond.owing import due, owed, owings, watch
from sanderling.respond.status import Status
from sanderling.respond.statuses import pinned, to_vet, told_of, voices
from sanderling.respond.vetting import approve_status, send_back_status
from sanderling.respond.work import look_for_lost, send_due
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db

LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)


@pytest.fixture
def watch_() -> Watch:
    return Watch()


@pytest.fixture
def ada() -> int:
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk


@pytest.fixture
def lead() -> int:
    made = Agent.objects.create(
        email="lou@northwind.example", name="Lou", initials="LO", is_lead=True
    )
    return made.pk


@pytest.fixture
def here() -> int:
    return connect(network="practice", who=US, address="", secret="", now=NOON)


@pytest.fixture
def there() -> int:
    who = Author(id="us2", handle="northwind.example", name="Northwind Care")
    return connect(network="bluesky", who=who, address="", secret="", now=NOON)


@pytest.fixture
def outage() -> int:
    return made_incident()


def made_incident(**more) -> int:
    known = {"state": "confirmed", "name": "Mobile data", "began_at": NOON, "noticed_at": NOON}
    row = Incident.objects.create(**{**known, **more})
    Move.objects.create(
        kind="incident", row=row.pk, was="suspected", now="confirmed", move="confirm", at=minutes(9)
    )
    return row.pk


def post(incident: int, by: int, *accounts: int, now: datetime, **more) -> int:
    keyed = {name: more.pop(name) for name in ("key", "confirmed") if name in more}
    limits = more.pop("limits", LIMITS)
    limits_for = limits if callable(limits) else lambda _: limits
    said = {"label": "We see it", "text": "No mobile data in the west. We see it.", **more}
    return post_status(
        status=Status(incident=incident, accounts=accounts, **said), by=by, now=now,
        limits_for=limits_for, **keyed,
    )  # fmt: skip


def send(networks: dict[int, Shelf], watch: Watch) -> int:
    return send_due(lambda account: networks[account], clock=watch)


def look(networks: dict[int, Shelf], watch: Watch) -> int:
    return look_for_lost(lambda account: networks[account], clock=watch)


def texts(shelf: Shelf) -> list[str]:
    return [draft.text for _, draft in shelf.stands]


def test_a_status_leaves_once_on_every_account_after_the_undo_window(
    outage, ada, here, there, watch_
):
    shelves = {here: Shelf(), there: Shelf()}
    number = post(outage, ada, here, there, now=watch_.now)
    assert send(shelves, watch_) == 0
    watch_.now += UNDO
    assert send(shelves, watch_) == 2
    for shelf in shelves.values():
        [(_, draft)] = shelf.stands
        assert draft == Draft(
            room="public", text="No mobile data in the west. We see it. ^AB", at=minutes(10)
        )
    [told] = told_of(outage, ada)
    assert (told.id, told.stands, told.open) == (number, True, False)
    assert {one.account.network: one.state for one in told.spoken} == {
        "practice": "sent",
        "bluesky": "sent",
    }
    assert Post.objects.filter(direction="ours", origin="desk").count() == 2
    assert send(shelves, watch_) == 0


def test_what_was_said_before_a_merge_is_read_in_the_whole(outage, ada, here, watch_):
    number = post(outage, ada, here, now=watch_.now)
    whole = open_incident(name="Mast 7", by=ada, now=watch_.now)
    assert told_of(whole, ada) == []
    merge(incident_id=outage, into=whole, by=ada, now=watch_.now)
    assert [told.id for told in told_of(whole, ada)] == [number]


def test_one_network_that_fails_does_not_hold_the_other(outage, ada, here, there, watch_):
    shelves = {here: Shelf(), there: Shelf()}
    shelves[here].before = [Unreachable("down"), Refused("The network takes no posts today.")]
    post(outage, ada, here, there, now=watch_.now)
    watch_.now += UNDO
    send(shelves, watch_)
    assert (texts(shelves[here]), len(texts(shelves[there]))) == ([], 1)
    watch_.now += timedelta(minutes=5)
    send(shelves, watch_)
    [told] = told_of(outage, ada)
    [failed, stands] = told.spoken
    assert (failed.state, failed.trouble, stands.state) == (
        "failed",
        "The network takes no posts today.",
        "sent",
    )
    try_again(outgoing_id=failed.id, by=ada, now=watch_.now)
    watch_.now += UNDO
    send(shelves, watch_)
    assert len(texts(shelves[here])) == len(texts(shelves[there])) == 1


def test_a_lost_echo_is_looked_for_and_nothing_stands_twice(outage, ada, here, watch_):
    shelf = Shelf()
    shelf.after = [OutcomeUnknown("the line broke")]
    post(outage, ada, here, now=watch_.now)
    watch_.now += UNDO
    send({here: shelf}, watch_)
    assert Outgoing.objects.get().state == "unsure"
    watch_.to_next()
    look({here: shelf}, watch_)
    assert Outgoing.objects.get().state == "sent"
    assert len(shelf.stands) == 1


def test_a_throttled_network_is_left_alone_as_long_as_it_wants(outage, ada, here, there, watch_):
    shelves = {here: Shelf(), there: Shelf()}
    until = watch_.now + timedelta(hours=1)
    shelves[here].before = [Throttled(until)]
    post(outage, ada, here, there, now=watch_.now)
    watch_.now += UNDO
    send(shelves, watch_)
    assert len(texts(shelves[there])) == 1
    assert Outgoing.objects.get(account=here).wake_at == until


def test_without_keys_the_same_words_as_before_are_not_taken_for_an_earlier_status(
    outage, ada, here, watch_
):
    shelf = Shelf(keeps_keys=False)
    post(outage, ada, here, now=watch_.now, text="All is well.", label="Update")
    watch_.now += UNDO
    send({here: shelf}, watch_)
    first = Outgoing.objects.get()
    shelf.before = [OutcomeUnknown("lost")]
    shelf.find = lambda key, draft: shelf._receipt(str(first.key))
    post(outage, ada, here, now=watch_.now, text="All is well.", label="Update", seen=first.pk)
    watch_.now += UNDO
    send({here: shelf}, watch_)
    watch_.to_next()
    look({here: shelf}, watch_)
    assert Outgoing.objects.latest("pk").state == "unsure"


def test_a_long_status_is_a_thread_where_it_must_be(outage, ada, here, there, watch_):
    shelves = {here: Shelf(), there: Shelf()}
    long = "We see it and work on it. " * 15
    roomy = Limits(public_length=900, direct_length=0, counts="characters", keeps_keys=True)
    limits = {here: LIMITS, there: roomy}
    status = Status(outage, "We see it", long, (here, there))
    post_status(status=status, by=ada, now=watch_.now, limits_for=limits.__getitem__)
    watch_.now += UNDO
    send(shelves, watch_)
    assert len(texts(shelves[there])) == 1
    first, second = (draft for _, draft in shelves[here].stands)
    assert (first.reply_to, second.reply_to) == (None, "ours-1")
    assert second.text.endswith("2/2 ^AB")


def test_later_words_stand_under_the_earlier_ones_and_in_their_order(outage, ada, here, watch_):
    shelf = Shelf()
    one = post(outage, ada, here, now=watch_.now, text="One.")
    two = post(outage, ada, here, now=watch_.now, text="Two.", seen=one)
    watch_.now += UNDO
    shelf.before = [Unreachable("down")]
    send({here: shelf}, watch_)
    assert texts(shelf) == [], "the second waits for the first"
    watch_.now += timedelta(minutes=5)
    send({here: shelf}, watch_)
    post(outage, ada, here, now=watch_.now, text="Three.", seen=two)
    watch_.now += UNDO
    send({here: shelf}, watch_)
    assert [(d.text, d.reply_to) for _, d in shelf.stands] == [
        ("One. ^AB", None),
        ("Two. ^AB", "ours-1"),
        ("Three. ^AB", "ours-2"),
    ]


def test_a_word_that_was_deleted_has_nothing_under_it(outage, ada, here, watch_):
    shelf = Shelf()
    one = post(outage, ada, here, now=watch_.now, text="One.")
    watch_.now += UNDO
    send({here: shelf}, watch_)
    Post.objects.filter(direction="ours").update(deleted_at=watch_.now)
    post(outage, ada, here, now=watch_.now, text="Two.", seen=one)
    assert Outgoing.objects.latest("pk").reply_to is None


def test_an_account_can_have_its_own_words_and_all_get_the_link(outage, ada, here, there, watch_):
    link = "https://status.northwind.example"
    post(outage, ada, here, there, now=watch_.now, text="Hello.", own={there: "Hi."}, link=link)
    rows = {row.account_id: row.text for row in Outgoing.objects.all()}
    assert rows == {here: f"Hello. {link} ^AB", there: f"Hi. {link} ^AB"}
    assert Counter(one.own for told in told_of(outage, ada) for one in told.spoken) == {
        True: 1,
        False: 1,
    }


def test_the_same_key_is_the_same_status(outage, ada, here, watch_):
    key = uuid4()
    one = post(outage, ada, here, now=watch_.now, key=key)
    assert post(outage, ada, here, now=watch_.now, key=key) == one
    assert Outgoing.objects.count() == 1
    with pytest.raises(OnItsWay):
        post(outage, ada, here, now=watch_.now, key=key, text="Another.")


def test_it_can_be_taken_back_until_it_leaves(outage, ada, here, there, watch_):
    shelves = {here: Shelf(), there: Shelf()}
    number = post(outage, ada, here, there, now=watch_.now)
    assert take_back(broadcast_id=number, by=ada, now=watch_.now, account=there) == outage
    watch_.now += UNDO
    send(shelves, watch_)
    assert (len(texts(shelves[here])), texts(shelves[there])) == (1, [])
    with pytest.raises(TooLate):
        take_back(broadcast_id=number, by=ada, now=watch_.now)


def test_an_outgoing_post_is_an_answer_or_a_status_and_never_both(outage, ada, here, watch_):
    post(outage, ada, here, now=watch_.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.update(broadcast=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.update(room="direct")
    row = Outgoing.objects.get()
    with pytest.raises(NoAnswer):
        withdraw(outgoing_id=row.pk, by=ada, now=watch_.now)


# ── what speaks against it ────────────────────────────────────────────────────────────────────────


def rules(caught: pytest.ExceptionInfo[Objections]) -> set[str]:
    return {one.rule for one in caught.value.found}


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"text": "  "}, "nothing said"),
        ({"text": "Write to DE89 3704 0044 0532 0130 00."}, "bank account"),
        ({"text": "Hello {name}."}, "blank"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"label": ""}, "label"),
        ({"label": "x" * 41}, "label"),
        ({"next_at": minutes(9)}, "next word"),
        ({"next_at": minutes(60 * 24 * 8)}, "next word"),
        ({"text": "We fix it and @lena can help."}, "mention"),
        ({"text": "word " * 2_000}, "too long"),
    ],
)
def test_what_must_not_stand_is_said_before_it_leaves(more, rule, outage, ada, here, watch_):
    with pytest.raises(Objections) as caught:
        post(outage, ada, here, now=watch_.now, **more)
    assert rule in rules(caught)
    assert not Outgoing.objects.exists()


def test_a_drill_speaks_only_on_the_practice_network(ada, here, there, watch_):
    drill = Drill.objects.create(
        scenario="outage", title="x", seed=1, begun_at=NOON, ends_at=minutes(60)
    )
    incident = made_incident(drill=drill)
    limits = {here: replace(LIMITS, practises=True), there: LIMITS}.__getitem__
    with pytest.raises(Objections) as caught:
        post(incident, ada, here, there, now=watch_.now, limits=limits)
    assert rules(caught) == {"drill"}
    post(incident, ada, here, now=watch_.now, limits=limits)
    [voice] = voices(standing(incident), ada, limits_for=limits)
    assert voice.account.id == here


@pytest.mark.parametrize("state", ["suspected", "dismissed", "merged"])
def test_nothing_is_said_about_what_is_not_confirmed(state, ada, here, watch_):
    with pytest.raises(Objections) as caught:
        post(made_incident(state=state), ada, here, now=watch_.now)
    assert rules(caught) == {"incident"}


def test_nothing_is_said_where_the_desk_only_reads(outage, ada, here, watch_):
    only_read = Limits(public_length=0, direct_length=0, counts="characters", keeps_keys=True)
    with pytest.raises(Objections) as caught:
        post(outage, ada, here, now=watch_.now, limits=only_read)
    assert rules(caught) == {"no status possible"}
    assert voices(standing(outage), ada, limits_for=lambda _: only_read) == []


def test_the_same_words_from_two_accounts_of_a_network_are_asked_about(outage, ada, here, watch_):
    other = connect(
        network="practice", who=Author(id="us3", handle="NorthwindNews"), address="", secret="",
        now=NOON,
    )  # fmt: skip
    with pytest.raises(Objections) as caught:
        post(outage, ada, here, other, now=watch_.now)
    assert rules(caught) == {"same words"}
    post(outage, ada, here, other, now=watch_.now, own={other: "Other words."})


def test_who_wrote_meanwhile_is_read_first_and_the_voice_is_asked(outage, ada, lead, here, watch_):
    post(outage, lead, here, now=watch_.now)
    Role.objects.create(incident_id=outage, role="voice", agent_id=lead, since=NOON)
    with pytest.raises(Objections) as caught:
        post(outage, ada, here, now=watch_.now, text="Something else.")
    assert rules(caught) == {"newer status", "another voice"}
    post(outage, ada, here, now=watch_.now, text="All the same.", confirmed=rules(caught))
    assert len(Outgoing.objects.latest("pk").confirmed) == 2


def test_only_who_may_speak_from_an_account_speaks(outage, ada, lead, here, watch_):
    holds(f'{shipped_text()}\n[voice]\n"@NorthwindCare" = ["lead"]\n', lead)
    with pytest.raises(Objections) as caught:
        post(outage, ada, here, now=watch_.now)
    assert rules(caught) == {"voice"}
    [voice] = voices(standing(outage), ada, limits_for=lambda _: LIMITS)
    assert "Only a lead may answer from @NorthwindCare" in voice.why_not
    post(outage, lead, here, now=watch_.now)


# ── a second pair of eyes ─────────────────────────────────────────────────────────────────────────


def holds(text: str, by: int) -> None:
    apply(text=text, note="for a test", by=by, now=NOON)


@pytest.fixture
def vetted(lead: int) -> None:
    """By policy a lead reads every status first."""
    holds(shipped_text().replace('approve = ""', 'approve = "lead"'), lead)


@pytest.fixture
def both(here: int, there: int) -> dict[int, Shelf]:
    """Two accounts, and what stands on their networks."""
    return {here: Shelf(), there: Shelf()}


def test_by_policy_it_waits_everywhere_for_one_word(vetted, outage, ada, lead, both, watch_):
    number = post(outage, ada, *both, now=watch_.now)
    watch_.now += UNDO
    assert send(both, watch_) == 0
    [mine] = to_vet(ada)
    assert (mine.decision.whom, mine.decision.may) == ("a team lead", False)
    with pytest.raises(NotYours):
        approve_status(
            approval_id=mine.decision.id, by=ada, now=watch_.now, limits_for=lambda _: LIMITS
        )
    with pytest.raises(TooLate):  # it is no answer
        approve(approval_id=mine.decision.id, by=lead, now=watch_.now, limits_for=lambda _: LIMITS)
    [theirs] = to_vet(lead)
    assert theirs.decision.may
    approve_status(
        approval_id=theirs.decision.id, by=lead, now=watch_.now, limits_for=lambda _: LIMITS
    )
    watch_.now += UNDO
    assert send(both, watch_) == 2
    assert to_vet(lead) == []
    [told] = told_of(outage, ada)
    assert (told.id, told.decision.decision, told.decision.by) == (number, "approved", "Lou")


def test_sent_back_it_stands_nowhere_and_says_why(vetted, outage, ada, lead, here, watch_):
    post(outage, ada, here, now=watch_.now)
    number = Approval.objects.get().pk
    with pytest.raises(ValueError, match="Say in a few words"):
        send_back_status(approval_id=number, by=lead, now=watch_.now, note=" ")
    send_back_status(approval_id=number, by=lead, now=watch_.now, note="Name the place.")
    [told] = told_of(outage, ada)
    assert (told.gone, told.decision.note) == (True, "Name the place.")
    with pytest.raises(TooLate):
        send_back_status(approval_id=number, by=lead, now=watch_.now, note="Again.")


def test_taken_back_it_waits_for_nobody(vetted, outage, ada, here, watch_):
    number = post(outage, ada, here, now=watch_.now)
    take_back(broadcast_id=number, by=ada, now=watch_.now)
    assert Approval.objects.get().decision == "withdrawn"
    assert to_vet(ada) == []


def test_what_was_promised_for_a_time_that_passed_is_not_approved(
    vetted, outage, ada, lead, here, watch_
):
    post(outage, ada, here, now=watch_.now, next_at=minutes(30))
    watch_.now = minutes(31)
    with pytest.raises(Objections, match="time that has passed"):
        approve_status(
            approval_id=Approval.objects.get().pk, by=lead, now=watch_.now,
            limits_for=lambda _: LIMITS,
        )  # fmt: skip


def test_who_leads_alone_waits_for_nobody(vetted, outage, lead, here, watch_):
    post(outage, lead, here, now=watch_.now)
    assert Outgoing.objects.get().state == "queued"
    assert Move.objects.filter(kind="outgoing", move="alone").exists()


# ── the words that are owed ───────────────────────────────────────────────────────────────────────


def test_the_first_word_is_owed_from_confirming_and_met_when_it_stands(
    outage, ada, lead, here, watch_
):
    watch(now=minutes(10))
    word = owed(outage)
    assert (word.first, word.due_at, word.warned) == (True, minutes(29), False)
    assert watch(now=minutes(11)) == 0, "once"
    watch(now=minutes(24))
    assert owed(outage).warned
    [told] = due(lead, about=["late"], since=minutes(20))
    assert (told.incident, told.name, told.late) == (outage, "Mobile data", False)
    assert due(ada, about=["late"], since=minutes(20)) == [], "leads are told where nobody leads"
    assert due(lead, about=["asked"], since=minutes(20)) == []
    watch(now=minutes(29))
    [late] = due(lead, about=["late"], since=minutes(20))
    assert late.late
    assert late.key != told.key
    assert watch(now=minutes(30)) == 0
    watch_.now = minutes(31)
    post(outage, ada, here, now=watch_.now, next_at=minutes(60))
    assert owed(outage).first, "nothing stands yet"
    watch_.now += UNDO
    shelf = Shelf()
    shelf._receipt = lambda key: Receipt(remote_id="ours-1", at=watch_.now)
    send({here: shelf}, watch_)
    first, promised = owings(outage)
    assert first.late(watch_.now)
    assert (promised.first, promised.due_at, promised.met_at) == (False, minutes(60), None)
    assert due(lead, about=["late"], since=minutes(20)) == []


def test_who_leads_or_speaks_is_told_and_nobody_else(outage, ada, lead, here):
    Role.objects.create(incident_id=outage, role="voice", agent_id=ada, since=NOON)
    watch(now=minutes(26))
    assert [word.incident for word in due(ada, about=["late"], since=minutes(20))] == [outage]
    assert due(lead, about=["late"], since=minutes(20)) == []


def test_each_word_meets_the_one_before_and_the_all_clear_promises_none(outage, ada, here, watch_):
    shelf = Shelf()
    one = post(outage, ada, here, now=watch_.now)
    watch_.now += UNDO
    send({here: shelf}, watch_)
    assert owed(outage).due_at == minutes(10) + timedelta(minutes=45), "as the policy has it"
    watch_.now = minutes(40)
    post(outage, ada, here, now=watch_.now, label="All clear", text="It is back.", seen=one)
    watch_.now += UNDO
    send({here: shelf}, watch_)
    assert owed(outage) is None
    assert [word.late(watch_.now) for word in owings(outage)] == [False, False]


def test_a_status_on_two_networks_is_one_word(outage, ada, here, there, watch_):
    shelves = {here: Shelf(), there: Shelf()}
    one = post(outage, ada, here, there, now=watch_.now, next_at=minutes(50))
    shelves[there].before = [Unreachable("down")] * 3
    watch_.now += UNDO
    send(shelves, watch_)
    post(outage, ada, here, now=minutes(11), next_at=minutes(90), seen=one, label="Update")
    watch_.now = minutes(20)
    send(shelves, watch_)
    while Outgoing.objects.exclude(state="sent").exists():
        watch_.to_next()
        send(shelves, watch_)
    assert [word.due_at for word in owings(outage)] == [minutes(29), minutes(50), minutes(90)]
    assert owed(outage).due_at == minutes(90), "what comes late promises nothing any more"


def test_nobody_waits_for_a_word_about_nothing_but_a_promise_stays(ada, here, watch_):
    gone, over, promised = made_incident(), made_incident(), made_incident()
    watch(now=minutes(10))
    post(promised, ada, here, now=watch_.now)
    watch_.now += UNDO
    send({here: Shelf()}, watch_)
    Incident.objects.filter(pk=gone).update(state="dismissed")
    Incident.objects.filter(pk__in=[over, promised]).update(state="over")
    watch(now=minutes(12))
    assert (owed(gone), owed(over)) == (None, None)
    assert not owed(promised).first


def test_what_was_promised_is_owed_by_the_incident_that_it_became_part_of(ada, here, watch_):
    one, other, whole = made_incident(), made_incident(), made_incident(state="eased")
    for incident in (one, other):
        post(incident, ada, here, now=watch_.now, next_at=minutes(60))
    watch_.now += UNDO
    send({here: Shelf()}, watch_)
    for incident in (one, other):
        Incident.objects.filter(pk=incident).update(state="merged", merged_into=whole)
    watch(now=minutes(12))
    assert owed(whole).due_at == minutes(60)
    assert (owed(one), owed(other)) == (None, None)


def test_what_flares_up_owes_a_word_again(outage, ada, here, watch_):
    one = post(outage, ada, here, now=watch_.now)
    watch_.now += UNDO
    send({here: Shelf()}, watch_)
    post(outage, ada, here, now=watch_.now, label="All clear", text="It is back.", seen=one)
    watch_.now += UNDO
    send({here: Shelf()}, watch_)
    watch(now=minutes(12))
    assert owed(outage) is None
    Move.objects.create(
        kind="incident", row=outage, was="eased", now="confirmed", move="flare up", at=minutes(60)
    )
    watch(now=minutes(61))
    assert owed(outage).due_at == minutes(80)


# ── pinned ────────────────────────────────────────────────────────────────────────────────────────


def test_the_pinned_answer_of_the_newest_word_that_stands_is_offered(outage, ada, here, watch_):
    hear(here, says("1"))
    case = Case.objects.get()
    shelf = Shelf()
    one = post(outage, ada, here, now=watch_.now, pinned="We know; data is back by 10:30.")
    assert pinned(case.pk) is None, "not of the incident"
    Case.objects.update(incident=outage)
    assert pinned(case.pk) is None, "nobody can read it yet"
    watch_.now += UNDO
    send({here: shelf}, watch_)
    assert (pinned(case.pk).text, pinned(case.pk).name) == (
        "We know; data is back by 10:30.",
        "Mobile data",
    )
    post(outage, ada, here, now=watch_.now, label="All clear", text="It is back.", seen=one)
    watch_.now += UNDO
    send({here: shelf}, watch_)
    assert pinned(case.pk) is None, "the all clear pins nothing"


def test_what_is_private_is_not_pinned(outage, ada, here, watch_):
    with pytest.raises(Objections) as caught:
        post(outage, ada, here, now=watch_.now, pinned="Pay to DE89 3704 0044 0532 0130 00.")
    assert rules(caught) == {"pinned"}
