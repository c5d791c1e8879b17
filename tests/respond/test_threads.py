"""A long answer leaves as a thread: in order, each post answering the one before, or not at all."""

from __future__ import annotations

import pytest

from outbox import NEWEST, UNDO
from river import connected, hear, minutes, says, writes
from sanderling.cases.models import Case
from sanderling.core.network import (
    Draft,
    Limits,
    OutcomeUnknown,
    Page,
    Receipt,
    Refused,
    Room,
)
from sanderling.people.models import Agent
from sanderling.respond.actions import give_up, propose, release, try_again, withdraw
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Outgoing
from sanderling.respond.queries import drafts_of, outgoing_of
from sanderling.respond.work import look_for_lost, send_due

pytestmark = pytest.mark.django_db

NOW = minutes(10)
LIMITS = Limits(public_length=60, direct_length=60, counts="graphemes", keeps_keys=True)
TEXT = (
    "Thank you for your patience, Lena.\n\nThe mast in the west of the town has failed. We mend"
    " it today, and then your line."
)


class Reef:
    """A network that keeps what is pushed, and errs as a test tells it."""

    name, limits = "practice", LIMITS

    def __init__(self) -> None:
        self.stands: dict[str, Draft] = {}
        self.before: list[Exception | None] = []
        self.after: list[Exception | None] = []

    def pull(self, since: str | None) -> Page:
        return Page()

    def push(self, draft: Draft, key: str) -> Receipt:
        if self.before and (error := self.before.pop(0)):
            raise error
        self.stands.setdefault(key, draft)
        if self.after and (error := self.after.pop(0)):
            raise error
        return self.find(key, draft)

    def find(self, key: str, draft: Draft) -> Receipt | None:
        number = list(self.stands).index(key) + 1 if key in self.stands else 0
        return Receipt(remote_id=f"ours-{number}", at=NOW) if number else None


@pytest.fixture
def ada() -> int:
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk


@pytest.fixture
def account() -> int:
    return connected()


@pytest.fixture
def case(account: int) -> int:
    hear(account, says("1"))
    return Case.objects.get().pk


@pytest.fixture
def reef() -> Reef:
    return Reef()


def answer(case: int, by: int, **more) -> int:
    said = {
        "room": Room.PUBLIC, "text": TEXT, "reply_to_post": None, "then": "wait", "seen": NEWEST,
        "now": NOW, "limits_for": lambda _: LIMITS, **more,
    }  # fmt: skip
    return propose(case_id=case, by=by, **said)


def work(reef: Reef, at: float = 20) -> None:
    """The worker does all that it can by then."""
    busy = 1
    while busy:
        now = minutes(at)
        busy = send_due(lambda _: reef, clock=lambda now=now: now)
        busy += look_for_lost(lambda _: reef, clock=lambda now=now: now)
        at += 1


def states() -> list[str]:
    return list(Outgoing.objects.order_by("part").values_list("state", flat=True))


def test_a_long_answer_becomes_posts_that_answer_one_another(case, ada, reef) -> None:
    answer(case, ada)
    assert {row.leaves_at for row in Outgoing.objects.all()} == {NOW + UNDO}
    work(reef)
    said = list(reef.stands.values())
    assert [draft.text for draft in said] == [
        "Thank you for your patience, Lena.\n\n1/3",
        "The mast in the west of the town has failed. 2/3",
        "We mend it today, and then your line. 3/3 ^AB",
    ]
    assert [draft.reply_to for draft in said] == ["1", "ours-1", "ours-2"]
    assert states() == ["sent"] * 3


def test_the_case_moves_with_the_last_post(case, ada, reef) -> None:
    answer(case, ada, then="resolve")
    for expected in ("open", "open", "resolved"):
        send_due(lambda _: reef, clock=lambda: minutes(20), limit=1)
        assert Case.objects.get().state == expected


def test_messages_are_sent_one_after_another(account, case, ada, reef) -> None:
    hear(account, writes("1", at=2))
    answer(case, ada, room=Room.DIRECT)
    work(reef)
    said = list(reef.stands.values())
    assert len(said) == 3
    assert {(draft.reply_to, draft.to) for draft in said} == {(None, "lena")}


def test_no_post_leaves_before_the_one_it_follows_stands(case, ada, reef) -> None:
    reef.before = [None, OutcomeUnknown()]
    answer(case, ada)
    for _ in range(3):
        send_due(lambda _: reef, clock=lambda: minutes(20))
    assert states() == ["sent", "unsure", "queued"]
    work(reef, 30)
    assert states() == ["sent"] * 3
    assert [draft.text[-3:] for draft in reef.stands.values()] == ["1/3", "2/3", "^AB"]


def test_a_post_that_was_found_is_answered_like_one_that_was_sent(case, ada, reef) -> None:
    reef.after = [OutcomeUnknown()]
    answer(case, ada)
    work(reef)
    assert [draft.reply_to for draft in reef.stands.values()] == ["1", "ours-1", "ours-2"]


def test_undo_takes_all_of_it_back_as_it_was_typed(case, ada, reef) -> None:
    row = answer(case, ada)
    withdraw(outgoing_id=row, by=ada, now=NOW)
    work(reef)
    assert reef.stands == {}
    assert [draft.text for draft in drafts_of(case, ada)] == [TEXT]


def test_a_failure_on_the_way_holds_back_the_rest_and_asks(case, ada, reef) -> None:
    reef.before = [None, Refused("Too fast.")]
    answer(case, ada)
    work(reef)
    assert states() == ["sent", "failed", "held"]
    assert [way.trouble for way in outgoing_of(case)] == [
        "Too fast.",
        "It waits: part 2 of 3 comes first.",
    ]
    try_again(outgoing_id=Outgoing.objects.get(part=2).pk, by=ada, now=minutes(200))
    work(reef, 300)
    assert states() == ["sent"] * 3
    assert [draft.reply_to for draft in reef.stands.values()] == ["1", "ours-1", "ours-2"]


def test_the_rest_of_a_broken_thread_goes_back_together(case, ada, reef) -> None:
    reef.before = [None, Refused("Too fast.")]
    answer(case, ada)
    work(reef)
    withdraw(outgoing_id=Outgoing.objects.get(part=3).pk, by=ada, now=NOW)
    assert states() == ["sent", "withdrawn", "withdrawn"]
    [draft] = drafts_of(case, ada)
    assert TEXT.endswith(draft.text)
    assert draft.text.startswith("The mast in the west")


def test_who_gives_up_on_a_post_gives_the_rest_to_a_person(case, ada, reef) -> None:
    row = answer(case, ada)
    Outgoing.objects.filter(pk=row).update(state="unsure", wake_at=None)
    give_up(outgoing_id=row, by=ada, now=NOW)
    work(reef)
    assert states() == ["failed", "held", "held"]


def test_news_hold_back_all_of_it_and_it_is_let_go_together(account, case, ada, reef) -> None:
    row = answer(case, ada, seen=newest_post(case))
    hear(account, says("2", "it works", at=2, reply_to="1"))
    work(reef)
    assert states() == ["held"] * 3
    release(outgoing_id=row, seen=newest_post(case), by=ada, now=NOW)
    work(reef)
    assert states() == ["sent"] * 3


def test_a_thread_that_has_begun_is_not_left_in_the_middle(account, case, ada, reef) -> None:
    answer(case, ada, seen=newest_post(case))
    send_due(lambda _: reef, clock=lambda: minutes(20), limit=1)
    hear(account, says("2", "it works", at=2, reply_to="1"))
    work(reef)
    assert states() == ["sent"] * 3


def test_two_long_answers_keep_apart_what_is_theirs(case, ada, reef) -> None:
    answer(case, ada)
    answer(case, ada, text=TEXT.replace("Lena", "dear Lena"))
    work(reef)
    endings = [draft.text.removesuffix(" ^AB")[-3:] for draft in reef.stands.values()]
    assert endings == ["1/3", "2/3", "3/3"] * 2
