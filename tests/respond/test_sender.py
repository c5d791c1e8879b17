"""The sender: each thing a network can answer has one consequence, and nothing leaves twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from outbox import NEWEST, UNDO, next_wake
from outcome import check_clocks, check_tallies
from river import NOON, connected, hear, minutes, says, writes
from sanderling.cases import actions
from sanderling.cases.models import Case, Clock, Placement
from sanderling.core.network import (
    Deletion,
    Draft,
    Limits,
    NetworkError,
    OutcomeUnknown,
    Page,
    Receipt,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.timing import NEVER
from sanderling.listen.models import Account, Post
from sanderling.people.models import Agent
from sanderling.respond import outbox
from sanderling.respond.actions import (
    give_up,
    propose,
    settle_found,
    settle_missing,
    try_again,
    withdraw,
)
from sanderling.respond.models import Outgoing
from sanderling.respond.outbox import LEASE
from sanderling.respond.queries import outgoing_of
from sanderling.respond.work import MOST_LOOKS, UNTIL_CONNECTED, look_for_lost, send_due
from sanderling.store.models import Move
from sanderling.store.moves import Overtaken

pytestmark = pytest.mark.django_db


class Shelf:
    """A network that keeps what is pushed, and errs as a test tells it: before or after keeping."""

    name = "practice"

    def __init__(self, keeps_keys: bool = True) -> None:
        self.limits = Limits(
            public_length=280, direct_length=1000, counts="weighted", keeps_keys=keeps_keys
        )
        self.stands: list[tuple[str, Draft]] = []
        self.before: list[Exception] = []
        self.after: list[Exception] = []
        self.blind: list[Exception] = []
        self.hidden = False

    def pull(self, since: str | None) -> Page:
        return Page()

    def push(self, draft: Draft, key: str) -> Receipt:
        assert not connection.in_atomic_block or self.in_test, "called inside a transaction"
        if self.before:
            raise self.before.pop(0)
        if not (self.limits.keeps_keys and self._at(key)):
            self.stands.append((key, draft))
        if self.after:
            raise self.after.pop(0)
        return self._receipt(key)

    def find(self, key: str, draft: Draft) -> Receipt | None:
        if self.blind:
            raise self.blind.pop(0)
        return self._receipt(key) if self._at(key) and not self.hidden else None

    def _at(self, key: str) -> int:
        return next((n for n, (k, _) in enumerate(self.stands, 1) if k == key), 0)

    def _receipt(self, key: str) -> Receipt:
        return Receipt(remote_id=f"ours-{self._at(key)}", at=NOON + timedelta(minutes=11))

    in_test = True


class Watch:
    """The time, which passes only when a test says so."""

    def __init__(self) -> None:
        self.now = minutes(10)

    def __call__(self) -> datetime:
        return self.now

    def to_next(self) -> None:
        self.now = max(self.now, next_wake() or self.now)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def ada() -> int:
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk


@pytest.fixture
def case(ada: int) -> int:
    hear(connected(), says("1"))
    return Case.objects.get().pk


def answer(case: int, ada: int, now: datetime, **more) -> int:
    said = {
        "room": Room.PUBLIC,
        "text": "Sorry, we look into it.",
        "reply_to_post": None,
        "then": "wait",
        "seen": NEWEST,
        **more,
    }
    return propose(case_id=case, by=ada, now=now, limits_for=lambda _: Shelf().limits, **said)


def send(network: Shelf, watch: Watch) -> int:
    return send_due(lambda _: network, clock=watch)


def look(network: Shelf, watch: Watch) -> int:
    return look_for_lost(lambda _: network, clock=watch)


def state() -> str:
    return Outgoing.objects.get().state


def test_nothing_leaves_before_the_undo_window_ends(case, ada, watch) -> None:
    network = Shelf()
    answer(case, ada, watch())
    watch.now += UNDO - timedelta(milliseconds=1)
    assert send(network, watch) == 0
    watch.now += timedelta(milliseconds=1)
    assert send(network, watch) == 1
    assert send(network, watch) == 0
    [(_, draft)] = network.stands
    assert draft == Draft(
        room=Room.PUBLIC,
        text="Sorry, we look into it. ^AB",
        reply_to="1",
        at=watch.now - UNDO,
    )


def test_a_sent_answer_stands_in_the_desk_stops_the_clocks_and_moves_the_case(case, ada, watch):
    answer(case, ada, watch())
    watch.to_next()
    send(Shelf(), watch)
    row = Outgoing.objects.get()
    assert (row.state, row.remote_id, row.sent_at, row.wake_at) == (
        "sent",
        "ours-1",
        minutes(11),
        None,
    )
    ours = Post.objects.get(remote_id="ours-1")
    assert (ours.direction, ours.origin, ours.text) == ("ours", "desk", row.text)
    assert Placement.objects.get(pk=ours.pk).case_id == case
    assert Case.objects.get().state == "waiting"
    assert not Clock.objects.filter(met_at=None).exclude(due_at=NEVER).exists()
    assert outgoing_of(case) == []


@pytest.mark.parametrize(
    ("then", "after"), [("wait", "waiting"), ("keep open", "open"), ("resolve", "resolved")]
)
def test_the_case_goes_where_the_agent_said(case, ada, watch, then, after) -> None:
    answer(case, ada, watch(), then=then)
    watch.to_next()
    send(Shelf(), watch)
    assert Case.objects.get().state == after


def test_a_message_goes_to_the_customer_alone(case, ada, watch) -> None:
    hear(Account.objects.get().pk, writes("1"))
    network = Shelf()
    answer(case, ada, watch(), room=Room.DIRECT)
    watch.to_next()
    send(network, watch)
    [(_, draft)] = network.stands
    assert (draft.room, draft.to, draft.reply_to) == (Room.DIRECT, "lena", None)
    assert Post.objects.get(remote_id="ours-1").room == "direct"


def test_a_throttled_account_rests_and_sends_at_the_time_the_network_named(case, ada, watch):
    network = Shelf()
    network.before = [Throttled(minutes(30))]
    answer(case, ada, watch())
    answer(case, ada, watch(), text="And a second one.", room=Room.DIRECT)
    watch.to_next()
    assert send(network, watch) == 1
    assert next_wake() == minutes(30)
    assert {o.state for o in outgoing_of(case)} == {"queued"}
    watch.to_next()
    assert send(network, watch) == 2
    assert len(network.stands) == 2


def test_an_unreachable_network_is_tried_with_growing_pauses(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Unreachable("No way through.")] * 4
    answer(case, ada, watch())
    pauses = []
    for _ in range(4):
        watch.to_next()
        send(network, watch)
        pauses.append((next_wake() - watch.now).total_seconds())
        assert outgoing_of(case)[0].trouble == "No way through."
    assert pauses == [2, 4, 8, 16]
    watch.to_next()
    send(network, watch)
    assert (state(), Outgoing.objects.get().trouble) == ("sent", "")


def test_a_refusal_is_told_in_the_networks_words_and_never_repeated(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Refused("They have blocked you.")]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert (state(), outgoing_of(case)[0].trouble) == ("failed", "They have blocked you.")
    assert next_wake() is None
    assert Case.objects.get().state == "open"


def test_a_lost_sign_in_keeps_the_answer_and_shows_at_the_account(case, ada, watch) -> None:
    network = Shelf()
    network.before = [SignInLost("Connect it again.")]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert (state(), next_wake()) == ("queued", watch.now + UNTIL_CONNECTED)
    assert Account.objects.get().trouble == "Connect it again."
    watch.to_next()
    send(network, watch)
    assert state() == "sent"


@pytest.mark.parametrize("keeps_keys", [True, False])
def test_a_lost_answer_is_found_and_not_sent_again(case, ada, watch, keeps_keys) -> None:
    network = Shelf(keeps_keys)
    network.after = [OutcomeUnknown("The answer was lost.")]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert (state(), next_wake()) == ("unsure", watch.now + timedelta(seconds=2))
    assert not outgoing_of(case)[0].asks
    watch.to_next()
    assert (send(network, watch), look(network, watch)) == (0, 1)
    assert (state(), len(network.stands)) == ("sent", 1)
    assert Case.objects.get().state == "waiting"


def test_what_is_not_there_is_sent_again_under_its_key(case, ada, watch) -> None:
    network = Shelf()
    network.before = [OutcomeUnknown("The answer was lost.")]
    answer(case, ada, watch())
    key = str(Outgoing.objects.get().key)
    for step in (send, look, send):
        watch.to_next()
        assert step(network, watch) == 1
    assert state() == "sent"
    assert [k for k, _ in network.stands] == [key]


def test_where_keys_are_not_kept_a_person_is_asked_before_anything_is_repeated(case, ada, watch):
    network = Shelf(keeps_keys=False)
    network.after, network.hidden = [OutcomeUnknown("The answer was lost.")], True
    row = answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    for _ in range(MOST_LOOKS):
        watch.to_next()
        assert look(network, watch) == 1
    assert next_wake() is None
    [asking] = outgoing_of(case)
    assert asking.asks
    assert "say whether it stands" in asking.trouble
    watch.now += timedelta(days=1)
    assert (send(network, watch), look(network, watch)) == (0, 0)
    assert len(network.stands) == 1

    network.hidden = False
    settle_missing(outgoing_id=row, by=ada, now=watch())
    send(network, watch)
    assert state() == "sent"


def test_an_earlier_answer_in_the_same_words_is_not_taken_for_this_one(case, ada, watch) -> None:
    network = Shelf(keeps_keys=False)
    answer(case, ada, watch(), text="Thank you")
    watch.to_next()
    send(network, watch)
    answer(case, ada, watch(), text="Thank you")
    network.before = [OutcomeUnknown()]
    watch.to_next()
    send(network, watch)
    network.find = lambda key, draft: network._receipt(network.stands[0][0])
    watch.to_next()
    look(network, watch)
    assert [o.state for o in outgoing_of(case)] == ["unsure"]


@pytest.mark.parametrize(
    "trouble", [Throttled(NOON), Unreachable(), OutcomeUnknown(), SignInLost("Connect again.")]
)
def test_while_the_network_cannot_be_asked_nothing_is_sent(case, ada, watch, trouble) -> None:
    network = Shelf()
    network.after, network.blind = [OutcomeUnknown()], [trouble, trouble]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    for _ in range(2):
        watch.to_next()
        look(network, watch)
        assert state() == "unsure"
    watch.to_next()
    look(network, watch)
    assert (state(), len(network.stands)) == ("sent", 1)


def test_a_search_that_is_refused_asks_a_person(case, ada, watch) -> None:
    network = Shelf()
    network.after, network.blind = [OutcomeUnknown()], [Refused("Not on this plan.")]
    answer(case, ada, watch())
    for step in (send, look):
        watch.to_next()
        step(network, watch)
    assert outgoing_of(case)[0].asks


class Crash(BaseException):
    """The worker dies on the spot."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_leaves_a_post_that_is_looked_for(case, ada, watch, moment) -> None:
    network = Shelf()
    setattr(network, moment, [Crash()])
    answer(case, ada, watch())
    watch.to_next()
    with pytest.raises(Crash):
        send(network, watch)
    assert (state(), next_wake()) == ("sending", watch.now + LEASE)
    assert (send(network, watch), look(network, watch)) == (0, 0)
    while state() != "sent":
        watch.to_next()
        assert look(network, watch) + send(network, watch) == 1
    assert len(network.stands) == 1


def test_one_poisoned_post_does_not_hold_up_the_others(case, ada, watch) -> None:
    network = Shelf()
    network.before, network.blind = [KeyError("bug")], [KeyError("bug"), KeyError("bug")]
    answer(case, ada, watch())
    answer(case, ada, watch(), room=Room.DIRECT, text="Second")
    watch.to_next()
    with pytest.raises(KeyError):
        send(network, watch)
    assert send(network, watch) == 1
    for _ in network.blind[:]:
        watch.to_next()
        with pytest.raises(KeyError):
            look(network, watch)
        assert look(network, watch) == 0
    assert Counter(Outgoing.objects.values_list("state", flat=True)) == {"sent": 1, "unsure": 1}


def test_a_worker_that_was_given_up_does_not_overrule_its_successor(case, ada, watch) -> None:
    network = Shelf()
    answer(case, ada, watch())
    watch.to_next()

    class Slow(Shelf):
        def push(self, draft: Draft, key: str) -> Receipt:
            receipt = network.push(draft, key)
            watch.now += LEASE
            assert look(network, watch) == 1
            return receipt

    assert send_due(lambda _: Slow(), clock=watch) == 1
    assert state() == "sent"
    moves = Move.objects.filter(kind="outgoing").order_by("id").values_list("move", flat=True)
    assert list(moves) == ["propose", "start", "lost sight", "found"]
    assert Post.objects.filter(direction="ours").count() == 1


def test_a_search_that_took_too_long_does_not_overrule_the_next(case, ada, watch) -> None:
    network = Shelf()
    network.after = [OutcomeUnknown()]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)

    class Slow(Shelf):
        def find(self, key: str, draft: Draft) -> Receipt | None:
            watch.now += LEASE
            network.blind = [Throttled(watch.now + timedelta(hours=1))]
            assert look(network, watch) == 1
            raise Unreachable("The older news.")

    watch.to_next()
    look_for_lost(lambda _: Slow(), clock=watch)
    assert next_wake() == watch.now + timedelta(hours=1)


def test_what_was_written_first_leaves_first(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Unreachable()]
    answer(case, ada, watch(), text="One")
    answer(case, ada, watch(), text="Two")
    watch.to_next()
    assert send(network, watch) == 1
    watch.to_next()
    assert send(network, watch) == 2
    assert [draft.text for _, draft in network.stands] == ["One ^AB", "Two ^AB"]


def asked(case: int, ada: int, watch: Watch, network: Shelf) -> int:
    """An answer of which nobody knows whether it stands: a person is asked."""
    network.after, network.blind = [OutcomeUnknown()], [Refused("Not on this plan.")]
    row = answer(case, ada, watch(), text="One")
    for step in (send, look):
        watch.to_next()
        step(network, watch)
    return row


def texts(network: Shelf) -> list[str]:
    return [draft.text.removesuffix(" ^AB") for _, draft in network.stands]


@pytest.mark.parametrize(
    ("settle", "ends"),
    [(settle_found, ["One", "Two"]), (settle_missing, ["One", "Two"]), (give_up, ["One", "Two"])],
)
def test_no_answer_overtakes_one_that_a_person_is_asked_about(case, ada, watch, settle, ends):
    network = Shelf()
    first = asked(case, ada, watch, network)
    answer(case, ada, watch(), text="Two")
    watch.now += timedelta(hours=1)
    assert send(network, watch) == 0
    settle(outgoing_id=first, by=ada, now=watch())
    send(network, watch)
    assert texts(network) == ends


@pytest.mark.parametrize(
    ("decide", "stands"), [(withdraw, ["Two", "Three"]), (try_again, ["One", "Two", "Three"])]
)
def test_what_was_written_before_a_refusal_waits_until_a_person_has_decided(
    case, ada, watch, decide, stands
) -> None:
    network = Shelf()
    network.before = [Refused("Not now.")]
    first = answer(case, ada, watch(), text="One")
    answer(case, ada, watch(), text="Two")
    answer(case, ada, watch(), text="Three")
    watch.now += UNDO
    assert send(network, watch) == 1
    watch.now += timedelta(hours=1)
    assert send(network, watch) == 0
    decide(outgoing_id=first, by=ada, now=watch())
    watch.now += UNDO
    send(network, watch)
    assert texts(network) == stands


def test_who_writes_again_after_a_refusal_is_not_held_up_by_it(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Refused("Not now.")]
    answer(case, ada, watch(), text="One")
    watch.to_next()
    send(network, watch)
    watch.now += timedelta(minutes=1)
    answer(case, ada, watch(), text="In other words")
    watch.now += UNDO
    send(network, watch)
    assert texts(network) == ["In other words"]


def test_order_is_kept_across_cases_that_became_one(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Unreachable()]
    hear(Account.objects.get().pk, says("9", who="olga"))
    heir = Case.objects.exclude(pk=case).get().pk
    answer(case, ada, watch(), text="One", room=Room.DIRECT)
    Case.objects.filter(pk=case).update(state="merged", merged_into=heir)
    answer(heir, ada, watch(), text="Two", room=Room.DIRECT)
    watch.now += UNDO
    assert send(network, watch) == 1
    assert texts(network) == []
    watch.now += timedelta(minutes=1)
    send(network, watch)
    assert texts(network) == ["One", "Two"]


def test_the_other_room_does_not_wait(case, ada, watch) -> None:
    network = Shelf()
    asked(case, ada, watch, network)
    answer(case, ada, watch(), text="In private", room=Room.DIRECT)
    watch.now += UNDO
    send(network, watch)
    assert texts(network)[-1] == "In private"


def test_a_refusal_of_what_the_network_took_all_the_same_is_no_refusal(case, ada, watch) -> None:
    network = Shelf()
    network.after = [Refused("Not allowed.")]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert (state(), len(network.stands)) == ("sent", 1)
    assert Case.objects.get().state == "waiting"


@pytest.mark.parametrize("blind", [Unreachable(), SignInLost("Connect."), Throttled(minutes(60))])
def test_a_refusal_is_not_believed_before_somebody_could_look(case, ada, watch, blind) -> None:
    network = Shelf()
    network.after, network.blind = [Refused("Not allowed.")], [blind]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert state() == "unsure"
    watch.to_next()
    look(network, watch)
    assert (state(), len(network.stands)) == ("sent", 1)


class Stalled(Shelf):
    """A network whose worker stands still after a push, until `meanwhile` is over."""

    def __init__(self, network: Shelf, meanwhile) -> None:
        super().__init__(network.limits.keeps_keys)
        self.network, self.meanwhile = network, meanwhile

    def push(self, draft: Draft, key: str) -> Receipt:
        receipt = self.network.push(draft, key)
        self.meanwhile()
        return receipt


def test_a_worker_that_comes_back_does_not_speak_for_the_one_that_took_over(case, ada, watch):
    """The same post, in the same state, but in other hands: without keys it would go out twice."""
    network = Shelf(keeps_keys=False)
    row = answer(case, ada, watch())
    watch.to_next()
    stalled = outbox.start_next(now=watch())
    for _ in range(MOST_LOOKS):
        watch.to_next()
        look(network, watch)
    settle_missing(outgoing_id=row, by=ada, now=watch())
    successor = outbox.start_next(now=watch())
    assert (stalled.state, successor.state) == ("sending", "sending")
    with pytest.raises(Overtaken):
        outbox.not_sent(stalled, why="Nothing was sent.", again_at=watch(), now=watch())
    assert (state(), next_wake()) == ("sending", watch.now + LEASE)


def test_a_worker_that_was_away_for_too_long_pushes_nothing(case, ada, watch) -> None:
    network = Shelf(keeps_keys=False)
    answer(case, ada, watch())
    watch.to_next()

    def too_late(_: int) -> Shelf:
        watch.now += LEASE
        return network

    assert send_due(too_late, clock=watch, limit=1) == 1
    assert (state(), network.stands) == ("sending", [])
    assert next_wake() <= watch.now, "somebody looks for it"


def test_a_receipt_that_comes_late_ends_the_search(case, ada, watch) -> None:
    network = Shelf(keeps_keys=False)
    network.hidden = True
    answer(case, ada, watch())
    watch.to_next()

    def meanwhile() -> None:
        watch.now += LEASE
        look(network, watch)
        assert state() == "unsure"

    send_due(lambda _: Stalled(network, meanwhile), clock=watch)
    assert (state(), Outgoing.objects.get().remote_id) == ("sent", "ours-1")
    assert Case.objects.get().state == "waiting"


def test_an_answer_stops_no_clock_before_the_network_took_it(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Unreachable(), Refused("They have blocked you.")]
    running = Clock.objects.filter(met_at=None, void_at=None)
    clocks = set(running.values_list("kind", "due_at"))
    assert clocks
    answer(case, ada, watch(), then="resolve")
    for _ in range(2):
        watch.to_next()
        send(network, watch)
        assert set(running.values_list("kind", "due_at")) == clocks
        assert Case.objects.get().state == "open"
    assert state() == "failed"


@pytest.mark.parametrize("put_away", ["resolved", "snoozed"])
def test_a_case_that_was_put_away_comes_back_when_its_answer_could_not_be_sent(
    case, ada, watch, put_away
) -> None:
    network = Shelf()
    network.before = [Refused("They have blocked you.")]
    waits = Clock.objects.filter(kind__in=["acknowledge", "answer"])
    running = waits.filter(met_at=None, void_at=None)
    clocks = set(running.values_list("kind", "due_at"))
    answer(case, ada, watch())
    if put_away == "resolved":
        actions.resolve(case_id=case, outcome="solved", by=ada, now=watch())
    else:
        actions.snooze(case_id=case, until=minutes(9999), by=ada, now=watch())
    watch.to_next()
    send(network, watch)
    row = Case.objects.get()
    assert (row.state, row.snoozed, row.wake_at, row.owner_id) == ("open", False, None, ada)
    assert set(running.values_list("kind", "due_at")) == clocks, "the customer waits as before"
    assert row.due_at == min(due for _, due in clocks)
    check_tallies()
    check_clocks()


def test_a_case_that_waits_for_the_customer_comes_back_when_our_second_answer_failed(
    case, ada, watch
) -> None:
    network = Shelf()
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert Case.objects.get().state == "waiting"
    network.before = [Refused("They have blocked you.")]
    answer(case, ada, watch(), text="One more thing.")
    watch.to_next()
    send(network, watch)
    assert Case.objects.get().state == "open"
    check_tallies()
    check_clocks()


def test_an_answer_to_a_post_that_was_deleted_meanwhile_does_not_leave(case, ada, watch) -> None:
    network = Shelf()
    answer(case, ada, watch())
    hear(Account.objects.get().pk, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=NOON),))
    watch.to_next()
    send(network, watch)
    assert (state(), network.stands) == ("failed", [])
    assert "deleted" in outgoing_of(case)[0].trouble


def test_a_withdrawn_answer_never_leaves(case, ada, watch) -> None:
    network = Shelf()
    withdraw(outgoing_id=answer(case, ada, watch()), by=ada, now=watch())
    watch.now += timedelta(days=1)
    assert send(network, watch) == 0
    assert network.stands == []


def test_what_the_network_says_is_kept_short(case, ada, watch) -> None:
    network = Shelf()
    network.before = [Refused("No. " * 1000 + "\0")]
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert len(outgoing_of(case)[0].trouble) == 500


def test_every_error_of_the_door_has_its_consequence_here() -> None:
    tested = {Throttled, Unreachable, Refused, SignInLost, OutcomeUnknown}
    assert set(NetworkError.__subclasses__()) == tested


@pytest.mark.django_db(transaction=True)
def test_the_network_is_called_outside_any_transaction(case, ada, watch) -> None:
    network = Shelf()
    network.in_test = False
    answer(case, ada, watch())
    watch.to_next()
    send(network, watch)
    assert state() == "sent"
