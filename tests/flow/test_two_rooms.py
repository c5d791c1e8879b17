"""Two rooms, one story: answered in public, invited, solved in private, told in public."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outcome import check_clocks, check_tallies
from river import connected, minutes, says, we_say, writes
from sanderling.cases import actions, rooms
from sanderling.cases.models import Case, Clock, ClockFact
from sanderling.cases.watching import watch_clocks
from sanderling.cases.work import receive, wake_due
from sanderling.core.network import Deletion, Draft, Limits, Page, Receipt, Refused, Room
from sanderling.core.policy import shipped_text
from sanderling.core.rooms import Way, way
from sanderling.core.timing import NEVER
from sanderling.people.models import Agent
from sanderling.policy.actions import apply
from sanderling.respond.actions import Objections, propose, settle_found, withdraw
from sanderling.respond.closing import resolve_in_public
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Outgoing
from sanderling.respond.work import send_due
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db

LINK = "https://x.com/messages/compose?recipient_id={id}"
LIMITS = Limits(
    public_length=280, direct_length=1000, counts="weighted", keeps_keys=True, message_link=LINK
)
DAY = 24 * 60


class Shelf:
    """A network that takes everything, or refuses it."""

    name, limits = "practice", LIMITS

    def __init__(self) -> None:
        self.n, self.refuses = 0, False

    def push(self, draft: Draft, key: str) -> Receipt:
        if self.refuses:
            raise Refused("They let nobody reply.")
        self.n += 1
        return Receipt(remote_id=f"ours-{self.n}", at=self.at)

    def find(self, key: str, draft: Draft) -> Receipt | None:
        return None


class Desk:
    """One account, one agent, and a network that takes what leaves."""

    def __init__(self) -> None:
        self.account = connected()
        self.ada = Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk
        self.network = Shelf()

    def hear(self, *posts, at: float, **page) -> None:
        receive(
            account_id=self.account, page=Page(posts=posts, **page), now=minutes(at),
            message_link=LINK,
        )  # fmt: skip

    def send(self, text: str = "We look into it.", *, at: float, room=Room.PUBLIC, **more) -> int:
        seen = newest_post(self.case.pk)
        given = {"then": "wait", "case_id": self.case.pk, "seen": seen, **more}
        number = propose(
            room=room, text=text, reply_to_post=None, by=self.ada, now=minutes(at),
            limits_for=lambda _: LIMITS, **given,
        )  # fmt: skip
        self.leave(at)
        return number

    def leave(self, at: float) -> None:
        self.network.at = minutes(at) + timedelta(seconds=10)
        send_due(lambda _: self.network, clock=lambda: self.network.at)

    def resolve(self, outcome: str = "solved", *, at: float, **more) -> None:
        actions.resolve(case_id=self.case.pk, outcome=outcome, by=self.ada, now=minutes(at), **more)

    @property
    def case(self) -> Case:
        return Case.objects.exclude(state="merged").get()

    @property
    def clock(self) -> Clock:
        return Clock.objects.get(kind="follow up")

    def way(self, at: float) -> Way:
        return way(rooms.rooms_of(self.case.pk).facts, minutes(at))

    def moves(self) -> list[str]:
        return list(Move.objects.filter(kind="case").order_by("id").values_list("move", flat=True))


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.hear(says("1", "@NorthwindCare no signal for three days"), at=1)
    return found


@pytest.fixture
def in_private(desk: Desk) -> Desk:
    """Complained in public, came to messages, got the last word there."""
    desk.send("Please write to us in private.", at=5, invites=True)
    desk.hear(writes("d1", "My number is 42", at=10), at=10)
    desk.send("Found it, all is well.", at=20, room=Room.DIRECT)
    return desk


# Inviting


def test_an_invitation_counts_once_the_network_took_it(desk):
    number = propose(
        case_id=desk.case.pk, room=Room.PUBLIC, text="Please write to us.", reply_to_post=None,
        then="wait", seen=newest_post(desk.case.pk), by=desk.ada, now=minutes(5),
        limits_for=lambda _: LIMITS, invites=True,
    )  # fmt: skip
    assert Outgoing.objects.get(pk=number).invites
    assert desk.case.invited_at is None
    desk.leave(5)
    assert desk.case.invited_at == minutes(5) + timedelta(seconds=10)
    assert desk.moves()[-1] == "invited"
    assert desk.way(6) is Way.INVITED


def test_an_invitation_that_was_refused_or_taken_back_invites_nobody(desk):
    desk.network.refuses = True
    number = desk.send(at=5, invites=True)
    assert Outgoing.objects.get().state == "failed"
    withdraw(outgoing_id=number, by=desk.ada, now=minutes(6))
    assert desk.case.invited_at is None


def test_a_message_never_invites(desk):
    desk.send(at=5, room=Room.DIRECT, invites=True)
    assert not Outgoing.objects.get().invites
    assert desk.case.invited_at is None


def test_a_link_to_our_messages_invites_without_being_flagged(desk):
    desk.send("Here: https://x.com/messages/compose?recipient_id=us", at=5)
    assert Outgoing.objects.get().invites
    assert desk.case.invited_at is not None


def test_an_invitation_typed_in_the_networks_own_app_is_recognised(desk):
    text = "Write to us: https://twitter.com/messages/compose?recipient_id=us"
    desk.hear(we_say("2", text=text, at=5, reply_to="1"), at=6)
    assert desk.case.invited_at == minutes(5)
    desk.hear(we_say("2", text=text, at=5, reply_to="1"), at=7)  # heard again
    assert desk.moves().count("invited") == 1


def test_a_native_answer_without_the_link_invites_nobody(desk):
    desk.hear(we_say("2", at=5, reply_to="1"), at=6)
    assert desk.case.invited_at is None


def test_a_message_that_follows_an_invitation_opens_no_second_case(desk):
    desk.send(at=5, invites=True)
    desk.hear(writes("d1", at=41 * DAY), at=41 * DAY)
    assert Case.objects.count() == 1
    assert desk.case.state == "open"


def test_integration_who_writes_in_private_after_the_invitation_came(desk):
    desk.send(at=5, invites=True)
    desk.hear(writes("d1", at=10), at=10)
    assert desk.case.came_at == minutes(10)
    assert desk.way(30 * DAY) is Way.CAME


def test_who_does_not_come_is_waited_for_for_a_while(desk):
    desk.send(at=5, invites=True)
    assert desk.way(2 * DAY) is Way.INVITED
    assert desk.way(4 * DAY) is Way.NEVER_CAME


def test_inviting_again_waits_anew(desk):
    desk.send(at=5, invites=True)
    desk.send("Please write to us, it is quick.", at=2 * DAY, invites=True)
    assert desk.way(4 * DAY) is Way.INVITED


# Public follow-up


def test_a_matter_solved_in_private_owes_the_public_a_word(in_private):
    desk = in_private
    desk.resolve(at=30)
    assert desk.case.owed_at == minutes(30)
    assert desk.clock.due_at == minutes(30 + DAY)
    assert desk.clock.met_at is None
    assert desk.clock.void_at is None
    assert desk.moves()[-2:] == ["resolve", "owe"]
    assert desk.way(31) is Way.OWED
    check_clocks()
    check_tallies()


def test_a_public_answer_pays_the_debt_when_the_network_took_it(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.send("All is well again!", at=50)
    paid = minutes(50) + timedelta(seconds=10)
    assert (desk.case.followed_at, desk.clock.met_at) == (paid, paid)
    assert desk.case.state == "resolved"
    assert desk.way(51) is Way.DONE
    assert ClockFact.objects.get(kind="follow up").fact == "met"
    assert desk.moves()[-1] == "follow up"


def test_a_follow_up_that_is_refused_pays_nothing_and_brings_the_case_back(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.network.refuses = True
    desk.send("All is well again.", at=40)
    assert desk.way(41) is Way.OWED
    assert (desk.clock.met_at, desk.clock.void_at) == (None, None)
    assert desk.case.state == "open"


def test_a_follow_up_typed_in_the_networks_own_app_pays_too(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.hear(we_say("2", text="It is fixed!", at=45, reply_to="1"), at=46)
    assert (desk.case.followed_at, desk.clock.met_at) == (minutes(45), minutes(45))


def test_what_was_said_in_public_before_pays_nothing(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.hear(we_say("2", at=15, reply_to="1"), at=46)  # told late
    assert desk.case.followed_at is None
    assert desk.clock.met_at is None


def test_an_acknowledgement_a_message_and_an_invitation_pay_nothing(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.send("One moment.", at=40, then="keep open")
    desk.send("By message.", at=41, room=Room.DIRECT)
    desk.send("Please write to us.", at=42, invites=True)
    assert desk.case.followed_at is None


def test_the_debt_outlives_the_closing_of_the_case(in_private):
    desk = in_private
    desk.resolve(at=30)
    wake_due(now=minutes(30 + 4 * DAY))
    assert desk.case.state == "closed"
    assert desk.way(5 * DAY) is Way.OWED
    assert (desk.clock.met_at, desk.clock.void_at) == (None, None)
    desk.send("It is fixed!", at=6 * DAY)
    assert desk.way(6 * DAY + 1) is Way.DONE


def test_the_debt_outlives_late_posts_and_reopening_and_is_not_doubled(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.hear(says("3", "@NorthwindCare dead again!", at=60, reply_to="1"), at=60)
    assert desk.case.state == "open"
    assert desk.way(61) is Way.OWED
    desk.send("Fixed it once more.", at=70, room=Room.DIRECT)
    desk.resolve(at=80)
    assert Clock.objects.filter(kind="follow up").count() == 1
    assert desk.case.owed_at == minutes(30)


def test_a_case_is_not_due_by_what_it_owes_the_public(desk):
    desk.send("One moment.", at=5, room=Room.DIRECT, then="keep open")
    desk.resolve(at=30)
    assert desk.way(31) is Way.OWED
    actions.reopen(case_id=desk.case.pk, by=desk.ada, now=minutes(40))
    text = "@NorthwindCare no signal for four days"
    desk.hear(says("1", text, edited_at=minutes(45)), at=45)
    assert (desk.case.state, desk.case.due_at) == ("open", NEVER)
    check_clocks()


def test_a_new_turn_owes_anew_and_rewrites_nothing(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.send("It is fixed!", at=40)
    first = Clock.objects.get(kind="follow up")
    desk.hear(says("3", "@NorthwindCare dead again!", at=60, reply_to="1"), at=60)
    desk.send("Fixed it once more.", at=70, room=Room.DIRECT)
    desk.resolve(at=80)
    assert desk.way(81) is Way.OWED
    both = Clock.objects.filter(kind="follow up").order_by("started_at")
    assert [(c.turn_id == first.turn_id, c.met_at) for c in both] == [
        (True, first.met_at),
        (False, None),
    ]


def test_one_turn_owes_once(in_private):
    desk = in_private
    desk.resolve(at=30)
    desk.send("It is fixed!", at=40)
    actions.reopen(case_id=desk.case.pk, by=desk.ada, now=minutes(50))
    desk.send("One thing more.", at=55, room=Room.DIRECT)
    desk.resolve(at=60)
    assert desk.case.followed_at is not None
    assert Clock.objects.filter(kind="follow up").count() == 1


def test_somebody_may_say_that_no_follow_up_is_owed_and_why(in_private):
    desk = in_private
    desk.resolve(at=30)
    with pytest.raises(ValueError, match="Say why"):
        rooms.owe_nothing(case_id=desk.case.pk, why=" ", by=desk.ada, now=minutes(40))
    rooms.owe_nothing(
        case_id=desk.case.pk, why="They asked us not to", by=desk.ada, now=minutes(40)
    )
    assert desk.way(41) is Way.DONE
    assert desk.clock.void_at == minutes(40)
    last = Move.objects.order_by("id").last()
    assert (last.move, last.note, last.by_id) == ("no follow-up", "They asked us not to", desk.ada)
    with pytest.raises(ValueError, match="owed here any more"):
        rooms.owe_nothing(case_id=desk.case.pk, why="Again", by=desk.ada, now=minutes(41))


def test_resolving_can_say_at_once_that_nothing_is_owed(in_private):
    desk = in_private
    desk.resolve(at=30, not_owed="They asked us not to")
    assert desk.moves()[-3:] == ["resolve", "owe", "no follow-up"]
    assert desk.clock.void_at == minutes(30)
    assert desk.way(31) is Way.DONE


@pytest.mark.parametrize("outcome", ["no answer"])
def test_only_what_was_settled_is_owed(in_private, outcome):
    in_private.resolve(outcome, at=30)
    assert in_private.case.owed_at is None


def test_what_began_in_private_owes_nothing():
    desk = Desk()
    desk.hear(writes("d1", "My phone is dead", at=1), at=1)
    desk.send("Fixed.", at=5, room=Room.DIRECT)
    desk.resolve(at=6)
    assert desk.case.owed_at is None
    assert desk.way(7) is Way.NONE


def test_what_ended_in_public_owes_nothing(desk):
    desk.send("Fixed for everyone.", at=5)
    desk.resolve(at=6)
    assert desk.case.owed_at is None
    assert desk.way(7) is Way.DONE


def test_a_complaint_that_its_author_deleted_owes_nothing(in_private):
    desk = in_private
    desk.hear(at=25, deletions=(Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(25)),))
    desk.resolve(at=30)
    assert desk.case.owed_at is None


def test_sending_the_last_word_in_private_and_resolving_owes_too(desk):
    desk.send("Found it.", at=5, room=Room.DIRECT, then="resolve")
    assert (desk.case.state, desk.case.outcome) == ("resolved", "solved")
    assert desk.way(6) is Way.OWED


def test_resolving_and_telling_the_public_is_one_act(in_private):
    desk = in_private
    resolve_in_public(
        case_id=desk.case.pk, outcome="solved", text="All is well again.", by=desk.ada,
        seen=newest_post(desk.case.pk),
        now=minutes(30), limits_for=lambda _: LIMITS,
    )  # fmt: skip
    assert desk.way(30) is Way.OWED  # until the network has it
    desk.leave(30)
    assert desk.way(31) is Way.DONE
    assert Outgoing.objects.order_by("id").last().room == "public"


def test_a_follow_up_that_may_not_be_said_resolves_nothing(in_private):
    desk = in_private
    with pytest.raises(Objections):
        resolve_in_public(
            case_id=desk.case.pk, outcome="solved", text="Your card 4111 1111 1111 1111 works",
            by=desk.ada, now=minutes(30), limits_for=lambda _: LIMITS,
            seen=newest_post(desk.case.pk),
        )  # fmt: skip
    assert desk.case.state == "waiting"
    assert desk.case.owed_at is None
    assert not Clock.objects.filter(kind="follow up").exists()


def test_a_follow_up_that_is_late_is_said_though_the_case_is_closed(in_private):
    desk = in_private
    desk.resolve(at=30)
    wake_due(now=minutes(30 + 4 * DAY))
    watch_clocks(now=minutes(29 + DAY))
    watch_clocks(now=minutes(31 + 5 * DAY))
    said = ClockFact.objects.filter(kind="follow up").order_by("id")
    assert [f.fact for f in said] == ["warned", "broken"]
    assert desk.clock.broken_at is not None


def test_a_policy_may_want_no_follow_up(in_private):
    policy(shipped_text().replace("follow_up = true", "follow_up = false"))
    in_private.resolve(at=30)
    assert in_private.case.owed_at is None
    assert in_private.way(31) is Way.SOLVED


def test_a_policy_may_want_a_follow_up_and_promise_no_time(in_private):
    policy(shipped_text().replace('follow_up = "1d"', ""), examples=False)
    desk = in_private
    desk.resolve(at=30)
    assert desk.way(31) is Way.OWED
    assert (desk.clock.due_at, desk.clock.next_at) == (NEVER, None)
    desk.send("It is fixed!", at=40)
    assert desk.way(41) is Way.DONE


def policy(text: str, *, examples: bool = True) -> None:
    if not examples:
        text = text[: text.index("[[examples]]")]
    apply(text=text, by=None, note="For a test", now=minutes(0))


# How it ends


def test_an_answer_that_the_network_will_not_take_resolves_nothing(desk):
    desk.network.refuses = True
    desk.send("Solved.", at=5, then="resolve")
    assert Outgoing.objects.get().state == "failed"
    assert desk.case.state == "open"
    assert Clock.objects.filter(met_at=None, void_at=None).exists(), "a clock stopped"


def test_an_answer_nobody_knows_of_resolves_nothing_until_it_is_found(desk):
    number = propose(
        case_id=desk.case.pk, room=Room.PUBLIC, text="Solved.", reply_to_post=None, then="resolve",
        seen=newest_post(desk.case.pk), by=desk.ada, now=minutes(5), limits_for=lambda _: LIMITS,
    )  # fmt: skip
    Outgoing.objects.filter(pk=number).update(state="unsure", wake_at=None)
    assert desk.case.state == "open"
    settle_found(outgoing_id=number, by=desk.ada, now=minutes(9), remote_id="77")
    assert (desk.case.state, desk.case.outcome) == ("resolved", "solved")


def test_only_who_was_invited_and_did_not_come_can_have_never_come(desk):
    with pytest.raises(ValueError, match="never came"):
        desk.resolve("never came", at=4)
    desk.send("Please write to us.", at=5, invites=True)
    desk.resolve("never came", at=8 * DAY)
    assert desk.case.outcome == "never came"
    assert desk.way(9 * DAY) is Way.NEVER_CAME
    assert desk.case.owed_at is None


def test_an_outcome_that_there_is_not_is_refused(desk):
    with pytest.raises(ValueError, match="Say how it ended"):
        desk.resolve("vanished", at=4)
    assert desk.case.state == "new"
