"""What the desk knows around an answer, and what speaks against it then."""

from __future__ import annotations

import msgspec
import pytest

from outbox import NEWEST
from river import connected, hear, minutes, says, writes
from sanderling.cases.actions import write_note
from sanderling.cases.models import Case
from sanderling.core.network import Limits, Receipt, Room
from sanderling.core.policy.document import Forbidden, PatternRule
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.policy.queries import current
from sanderling.respond import actions, minding, outbox
from sanderling.respond.actions import Objections, propose, save_draft
from sanderling.respond.models import Outgoing

pytestmark = pytest.mark.django_db

NOW = minutes(10)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)


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


def answer(case: int, by: int, text: str = "Sorry, we look into it today.", **more) -> Outgoing:
    said = {
        "room": Room.PUBLIC, "text": text, "reply_to_post": None, "then": "wait", "seen": NEWEST,
        "now": NOW, "limits_for": lambda _: LIMITS, **more,
    }  # fmt: skip
    return Outgoing.objects.get(pk=propose(case_id=case, by=by, **said))


def against(case: int, by: int, text: str, **more) -> list[str]:
    with pytest.raises(Objections) as found:
        answer(case, by, text, **more)
    assert found.value.sentences == [one.says for one in found.value.found]
    return [one.rule for one in found.value.found]


def test_who_takes_part_may_be_named_and_others_are_asked_about(account, case, ada) -> None:
    hear(account, says("2", "@olga you too?", at=2, reply_to="1"))
    for text in ("@lena sorry!", "@NorthwindCare is sorry, @olga!"):
        answer(case, ada, text)
    assert against(case, ada, "@petra we are sorry!") == ["mention"]


def test_a_bystanders_post_is_chosen_and_confirmed(account, case, ada) -> None:
    more = {"reply_to": "1", "reply_to_author": "lena", "mentions": ()}
    hear(account, says("3", "same here honestly", who="olga", at=3, **more))
    theirs = Post.objects.get(remote_id="3").pk
    assert answer(case, ada).reply_to == "1"
    assert against(case, ada, "You too?", reply_to_post=theirs) == ["bystander"]
    row = answer(case, ada, "You too?", reply_to_post=theirs, confirmed=["bystander"])
    assert row.reply_to == "3"


@pytest.mark.parametrize(
    ("text", "asked"), [("Hi Petra, sorry!", True), ("Hi Lena, sorry!", False)]
)
def test_another_customers_name_is_asked_about(case, ada, text, asked) -> None:
    if asked:
        assert against(case, ada, text) == ["greeting"]
    else:
        answer(case, ada, text)


@pytest.mark.parametrize("source", ["draft", "message", "note", "their message"])
def test_what_was_written_for_fewer_is_not_widened_without_a_yes(account, case, ada, source):
    secret = "Your contract ends in May."
    hear(account, writes("1", secret if source == "their message" else "and now?", at=2))
    if source == "draft":
        save_draft(case_id=case, agent_id=ada, room="direct", text=secret, now=NOW)
    elif source == "message":
        answer(case, ada, secret, room=Room.DIRECT)
        claimed = outbox.start_next(now=minutes(20))
        outbox.arrived(claimed, "sent", Receipt(remote_id="5", at=NOW), now=NOW)
    elif source == "note":
        write_note(case_id=case, text=secret, by=ada, now=NOW)
    assert against(case, ada, f"Lena, {secret}") == ["widening"]
    row = answer(case, ada, f"Lena, {secret}", confirmed=["widening"])
    assert [one["rule"] for one in row.confirmed] == ["widening"]
    assert row.policy == current().version


def test_a_note_is_not_sent_to_the_customer_without_a_yes(account, case, ada) -> None:
    hear(account, writes("1", at=2))
    write_note(case_id=case, text="She is on Flex, no refund.", by=ada, now=NOW)
    text = "She is on Flex, no refund."
    assert against(case, ada, text, room=Room.DIRECT) == ["widening"]


def test_what_stops_cannot_be_confirmed(case, ada) -> None:
    text = "Is 4111 1111 1111 1111 yours?"
    assert against(case, ada, text, confirmed=["card", "number"]) == ["card"]


def test_a_customer_who_shows_their_data_is_asked_to_delete_it(account, ada) -> None:
    hear(account, says("1", "@NorthwindCare help, my card is 4111 1111 1111 1111"))
    case = Case.objects.get().pk
    assert against(case, ada, "We look into it today.") == ["shown by them"]
    answer(case, ada, "Please delete your post, it shows your card. We look into it today.")


def test_the_same_words_to_many_are_asked_about(account, ada) -> None:
    for who in ("lena", "olga", "petra", "sam"):
        hear(account, says(who, who=who))
    cases = list(Case.objects.order_by("id").values_list("pk", flat=True))
    for case in cases[:3]:
        answer(case, ada)
    assert against(cases[3], ada, "Sorry, we look into it today.") == ["same to many"]
    answer(cases[3], ada, "Sorry, we see to it today.")
    answer(cases[3], ada, now=NOW + 2 * minding.LATELY)


def test_the_policy_says_what_is_forbidden_and_how_numbers_look(case, ada, monkeypatch) -> None:
    held = current()
    document = msgspec.structs.replace(
        held.document,
        undo=30,
        forbidden=(Forbidden(name="refunds", words=("money back",), says="No refunds here."),),
        patterns=(PatternRule(name="order number", pattern=r"NW-\d+", says="An order number."),),
    )
    policy = type("Strict", (), {"document": document, "version": 7})()
    monkeypatch.setattr(actions, "current", lambda: policy)
    assert against(case, ada, "Your money back for NW-12?") == [
        "number: order number",
        "forbidden words",
    ]
    row = answer(case, ada)
    assert (row.policy, (row.leaves_at - row.created_at).total_seconds()) == (7, 30)
