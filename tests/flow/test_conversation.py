"""A customer writes, the desk hears, an agent answers, the customer reacts: over a real network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from outbox import NEWEST
from outcome import check_clocks, check_tallies
from practice_server import Net, practice_server
from sanderling import jobs
from sanderling.cases import actions
from sanderling.cases.models import Case, Clock, Placement
from sanderling.core.network import Room
from sanderling.listen import work
from sanderling.listen.actions import connect
from sanderling.listen.models import Post, PostVersion
from sanderling.people.models import Agent
from sanderling.respond.actions import Objections, propose
from sanderling.respond.models import Outgoing
from sanderling.respond.work import send_due
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db

US = "NorthwindCare"
ANGRY = f"@{US} my phone is dead since monday, this is a disgrace"


def now() -> datetime:
    return datetime.now(UTC)


class Pulled:
    """The account's connector, without its stream, which never ends."""

    def __init__(self, net: Net) -> None:
        real = net.connector()
        self.name, self.limits, self.pull = "practice", real.limits, real.pull


class Desk:
    """The desk, with Ada at it."""

    def __init__(self, net: Net) -> None:
        self.net, self.network = net, net.connector()
        self.account = connect(network="practice", who=self.network.whoami(), address=net.url,
                               secret=net.token, now=now())  # fmt: skip
        self.ada = Agent.objects.create(
            email="ada@northwind.example", name="Ada Brandt", initials="AB"
        ).pk

    def hear(self) -> None:
        work.hear(self.account, Pulled(self.net), jobs.receive, clock=now)
        check_tallies()
        check_clocks()

    def answer(self, text: str, room: Room = Room.PUBLIC, then: str = "wait") -> str:
        """Ada answers and the undo window has passed; the id of the post on the network."""
        number = propose(
            case_id=self.case.pk, room=room, text=text, reply_to_post=None, then=then, seen=NEWEST,
            by=self.ada, now=now() - timedelta(minutes=1), limits_for=lambda _: self.network.limits,
        )  # fmt: skip
        send_due(lambda _: self.network, clock=now)
        check_tallies()
        check_clocks()
        row = Outgoing.objects.get(pk=number)
        assert (row.state, row.trouble) == ("sent", "")
        return str(row.remote_id)

    @property
    def solving(self) -> list[bool]:
        """Of each life of the case, whether the clock until it is solved was met."""
        found = Clock.objects.filter(void_at=None, kind="solve").order_by("started_at")
        return [clock.met_at is not None for clock in found]

    @property
    def case(self) -> Case:
        return Case.objects.exclude(state="merged").get()

    def clocks(self) -> dict[str, bool]:
        """Of the newest turn, which clocks were met; solving is a matter of all turns."""
        answering = Clock.objects.filter(void_at=None).exclude(kind="solve")
        newest = answering.order_by("-started_at").first()
        found = answering.filter(turn_id=newest.turn_id)
        return {clock.kind: clock.met_at is not None for clock in found}


@pytest.fixture
def net(tmp_path) -> Iterator[Net]:
    with practice_server(tmp_path) as net:
        yield net


@pytest.fixture
def desk(net: Net) -> Desk:
    return Desk(net)


@pytest.fixture
def lena(net: Net) -> str:
    """A customer who writes English and takes messages from everyone."""
    found = (person["handle"] for person in net.people(messages_from="everyone"))
    return next(who for who in found if net.write(who, "Nice weather")["lang"] == "en")


def test_a_complaint_is_answered_in_public_solved_in_private_and_thanked(net, desk, lena):
    first = net.write(lena, ANGRY)["id"]
    desk.hear()
    assert (desk.case.state, desk.case.due_kind) == ("new", "acknowledge")

    actions.claim(case_id=desk.case.pk, by=desk.ada, now=now())
    assert (desk.case.state, desk.case.owner_id) == ("open", desk.ada)
    answer = desk.answer("Sorry! Please send us a direct message with your number.")
    assert desk.case.state == "waiting"
    assert desk.clocks() == {"acknowledge": True, "answer": True}

    on_network = net.posts()
    ours = [p for p in on_network.values() if p.author.id == net.account_id]
    assert [(p.remote_id, p.reply_to, p.text) for p in ours] == [
        (answer, first, "Sorry! Please send us a direct message with your number. ^AB")
    ]
    desk.hear()
    assert Post.objects.filter(direction="ours").count() == 1
    assert Post.objects.get(remote_id=answer).origin == "desk"

    net.write(lena, "It is 555-0199, the phone is still dead", to=US)
    desk.hear()
    assert (desk.case.state, desk.case.owner_id) == ("open", desk.ada)
    assert desk.clocks() == {"acknowledge": False, "answer": False}

    private = desk.answer("Fixed: please restart the phone.", room=Room.DIRECT, then="resolve")
    assert desk.case.state == "resolved"
    assert desk.solving == [True]
    assert net.posts()[private].room is Room.DIRECT
    assert "Fixed: please restart the phone. ^AB" not in {
        post.text for post in net.posts().values() if post.room is Room.PUBLIC
    }

    net.write(lena, "Thank you so much!", to=US)
    net.write(lena, f"@{US} thanks, works now", reply_to=answer)
    desk.hear()
    assert desk.case.state == "resolved"
    assert Placement.objects.filter(case=desk.case).count() == 6
    moves = Move.objects.filter(kind="case", row=desk.case.pk).order_by("id")
    assert [m.move for m in moves] == [
        "take", "reply", "customer wrote", "reply", "resolve", "owe",
    ]  # fmt: skip


def test_who_complains_after_it_was_solved_has_an_open_case_again(net, desk, lena):
    first = net.write(lena, ANGRY)["id"]
    desk.hear()
    desk.answer("Fixed: please restart the phone.", then="resolve")
    net.write(lena, f"@{US} Still dead! This is a disgrace", reply_to=first)
    desk.hear()
    assert desk.case.state == "open"
    assert desk.clocks() == {"acknowledge": False, "answer": False}
    assert desk.solving == [True, False]


def test_the_people_of_the_network_react_to_an_answer(net, desk):
    net.open("complain", "bill")
    desk.hear()
    desk.answer("We are so sorry about the bill. It is fixed and refunded, it is on its way.")
    heard = Post.objects.filter(direction="theirs").count()
    net.advance(hours=12)
    desk.hear()
    assert Post.objects.filter(direction="theirs").count() > heard, "nobody reacted"


def test_an_answer_typed_in_the_networks_own_app_stops_the_clock_and_is_no_customers(
    net, desk, lena
):
    first = net.write(lena, ANGRY)["id"]
    desk.hear()
    ours = net.write(US, f"@{lena} We look into it", reply_to=first)["id"]
    desk.hear()
    assert desk.case.state == "waiting"
    assert desk.clocks() == {"acknowledge": True, "answer": True}
    post = Post.objects.get(remote_id=ours)
    assert (post.direction, post.origin, post.to_us) == ("ours", "native", False)
    assert Placement.objects.get(post=post).role == "us"
    net.write(US, f"@{US} our phones are dead, says a customer")
    net.write(US, "my phone is dead, please help", to=lena)
    desk.hear()
    assert Case.objects.count() == 1


def test_an_acknowledgement_meets_its_own_clock_alone(net, desk, lena):
    net.write(lena, ANGRY)
    desk.hear()
    since = desk.case.opened_at
    desk.answer("We see it and look into it.", then="keep open")
    assert (desk.case.state, desk.case.due_kind) == (desk.case.state, "answer")
    assert desk.case.state in ("new", "open")
    assert desk.case.due_at == since + timedelta(hours=4)
    assert desk.clocks() == {"acknowledge": True, "answer": False}
    desk.hear()
    assert desk.clocks() == {"acknowledge": True, "answer": False}, "heard, it became an answer"
    desk.answer("It is fixed.")
    assert desk.case.state == "waiting"
    assert desk.clocks() == {"acknowledge": True, "answer": True}


def test_an_edit_is_seen_and_its_older_wording_kept(net, desk, lena):
    first = net.write(lena, f"@{US} lovely day")["id"]
    desk.hear()
    net.edit(lena, first, ANGRY)
    desk.hear()
    assert Post.objects.get(remote_id=first).text == ANGRY
    assert PostVersion.objects.get().text == f"@{US} lovely day"
    assert (desk.case.state, desk.case.title, desk.case.kind) == ("new", ANGRY, "complaint")


def test_a_deleted_complaint_needs_no_answer_and_cannot_get_one(net, desk, lena):
    first = net.write(lena, ANGRY)["id"]
    desk.hear()
    net.delete(lena, first)
    desk.hear()
    assert desk.case.state == "withdrawn"
    with pytest.raises(Objections):
        desk.answer("We look into it.")
    again = net.write(lena, ANGRY)["id"]
    desk.hear()
    assert desk.case.state == "new"
    assert Post.objects.get(remote_id=again).deleted_at is None


def test_likes_and_reposts_are_numbers_and_never_cases(net, desk, lena):
    people = [person["handle"] for person in net.people()[1:4]]
    ours = net.write(US, "Our shops open on Sundays now")["id"]
    for who in people:
        net.like(who, ours)
        net.repost(who, ours)
    net.like(people[0], ours, undone=True)
    desk.hear()
    post = Post.objects.get(remote_id=ours)
    assert (post.likes, post.reposts) == (2, 3)
    assert not Case.objects.exists()
    net.write(lena, ANGRY)
    desk.hear()
    complaint: Any = Post.objects.get(text=ANGRY)
    for who in people:
        net.like(who, complaint.remote_id)
        net.repost(who, complaint.remote_id)
    desk.hear()
    complaint.refresh_from_db()
    assert (complaint.likes, complaint.reposts) == (3, 3)
    assert Case.objects.count() == 1
    assert Placement.objects.count() == 1


def test_a_case_that_an_agent_took_up_again_stays_open_whatever_is_edited(net, desk, lena):
    first = net.write(lena, ANGRY)["id"]
    desk.hear()
    actions.resolve(case_id=desk.case.pk, outcome="solved", by=desk.ada, now=now())
    actions.reopen(case_id=desk.case.pk, by=desk.ada, now=now())
    net.edit(lena, first, f"{ANGRY}!")
    desk.hear()
    assert desk.case.state == "open"
    desk.answer("It is fixed.")
    assert desk.case.state == "waiting"
