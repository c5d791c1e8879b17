"""What the worker does besides hearing: pushes, looking posts up again, erasing, steering."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, OperationalError

from river import NOON, US, connected, hear, minutes, says
from sanderling import jobs
from sanderling.cases.work import receive
from sanderling.core.network import Deletion, Limits, Media, Page, Room, Unreachable
from sanderling.listen import actions, columns, ours, pushes, tidy, work
from sanderling.listen.models import Account, Post, PostVersion, Push, RawPage
from sanderling.store.sealing import SealBroken

pytestmark = pytest.mark.django_db
LIMITS = Limits(
    public_length=280, direct_length=1000, counts="weighted", keeps_keys=True, recheck_s=3600
)


def lead(account_id: int, page: Page) -> None:
    receive(account_id=account_id, page=page, now=minutes(60))


def clock(n: float = 60):
    return lambda: minutes(n)


class Called:
    """A network that calls us: a body names a post, or says that it stumbles."""

    name, limits = "practice", LIMITS

    def challenge(self, query):
        return query.get("proof")

    def genuine(self, body, headers):
        return headers.get("signature") == "right"

    def understand(self, body):
        if body == b"stumble":
            raise Unreachable("not now")
        if body == b"fall":
            raise KeyError(body)
        if body == b"another's":
            return Page(way="webhook", raw=body)
        return Page(posts=(says(body.decode()),), way="webhook")


def take(network, n: float = 60) -> int:
    return work.take_pushes(lambda _: network, lead, clock=clock(n))


def pushable() -> int:
    return actions.connect(
        network="practice", who=US, address="https://x.example", secret="", now=minutes(0)
    )


def test_a_push_is_kept_led_on_once_and_gone():
    account = pushable()
    pushes.keep(account_id=account, body=b"p1", now=minutes(1))
    assert take(Called()) == 1
    assert take(Called()) == 0
    assert list(Post.objects.values_list("remote_id", flat=True)) == ["p1"]
    assert not Push.objects.exists()


def test_a_push_that_stumbles_holds_up_nobody_and_comes_again():
    account = pushable()
    for body in (b"stumble", b"p1"):
        pushes.keep(account_id=account, body=body, now=minutes(1))
    assert take(Called()) == 2
    assert Post.objects.count() == 1
    Push.objects.update(body=b"p2")
    assert take(Called()) == 0, "it rests"
    assert take(Called(), 70) == 1
    assert Post.objects.count() == 2


def test_a_push_that_nobody_understands_is_given_up_in_the_end():
    account = pushable()
    pushes.keep(account_id=account, body=b"fall", now=minutes(0))
    for n in range(pushes.MOST_TRIES):
        assert take(Called(), (n + 1) * 60) == 1
    assert not Push.objects.exists()


def test_a_network_that_calls_us_need_not_let_us_call_it():
    account = pushable()
    actions.sign_in_lost(account_id=account, message="gone", now=minutes(0))
    for body in (b"p1", b"another's"):
        pushes.keep(account_id=account, body=body, now=minutes(1))
    assert take(Called()) == 2
    assert Post.objects.exists()
    assert not RawPage.objects.exists(), "what is about another account is kept there alone"
    assert Account.objects.get().trouble == "gone"
    assert not ours.listening(now=minutes(60))


class Falls:
    """A network whose answers nobody has thought of."""

    name, limits = "practice", LIMITS

    def __init__(self, error: Exception) -> None:
        self.error = error

    def pull(self, since):
        raise self.error

    def seek(self, sought):
        raise self.error


@pytest.mark.parametrize(
    "error", [KeyError("id"), DataError("integer out of range"), SealBroken("stumbled over a key")]
)
def test_whatever_stops_hearing_is_told_and_tried_again_later(error):
    account = pushable()
    work.hear(account, Falls(error), lead, clock=clock())
    assert "stumbled" in Account.objects.get().trouble
    assert not ours.listening(now=minutes(60))
    assert ours.listening(now=minutes(70))


def test_a_lost_database_is_no_trouble_of_the_account():
    account = pushable()
    with pytest.raises(OperationalError):
        work.hear(account, Falls(OperationalError("gone")), lead, clock=clock())
    assert ours.listening(now=minutes(60))


def test_a_worker_that_dies_with_a_push_leaves_it_to_the_next():
    account = pushable()
    pushes.keep(account_id=account, body=b"p1", now=minutes(1))
    assert pushes.claim(now=minutes(1))
    assert pushes.claim(now=minutes(1)) is None
    assert take(Called(), 3) == 1


class Looked:
    """A network on which posts can be looked up again; `gone` are deleted by now."""

    name, limits = "practice", LIMITS

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.asked: list[list[str]] = []

    def recheck(self, remote_ids):
        self.asked.append(list(remote_ids))
        lost = [r for r in remote_ids if r in self.gone]
        at = minutes(50)
        return Page(deletions=tuple(Deletion(remote_id=r, room=Room.PUBLIC, at=at) for r in lost))

    def again(self, account: int, n: float = 60) -> None:
        work.recheck(account, self, lead, clock=clock(n))


def test_a_round_looks_every_public_post_up_newest_first_and_then_rests():
    account, network = connected(), Looked()
    hear(account, *(says(f"p{n:03}", at=n / 10) for n in range(150)))
    network.gone = {"p003"}
    for _ in range(3):
        network.again(account)
    assert [len(ids) for ids in network.asked] == [100, 50]
    assert network.asked[0][0] == "p149"
    assert Post.objects.get(remote_id="p003").deleted_at == minutes(50)
    network.again(account, 60 + 59)
    assert len(network.asked) == 2
    network.again(account, 60 + 61)
    assert [len(ids) for ids in network.asked[2:]] == [100], "the next round begins when it is due"
    assert "p003" not in [i for ids in network.asked[2:] for i in ids]


def test_old_posts_and_our_own_are_not_looked_up():
    account, network = connected(), Looked()
    hear(account, says("old"))
    network.again(account, 60 * 24 * 31)
    assert network.asked == []


def test_a_spent_budget_stops_looking_up():
    account, network = connected(), Looked()
    hear(account, says("p"))
    Account.objects.update(budget=0)
    network.again(account)
    assert network.asked == []


def test_what_was_deleted_is_erased_where_the_rules_want_it_and_only_there():
    account = connected()
    hear(account, says("gone"), says("stays"))
    hear(account, says("gone", "@NorthwindCare other words", edited_at=minutes(2)))
    hear(account, deletions=(Deletion(remote_id="gone", room=Room.PUBLIC, at=minutes(5)),))
    picture = (Media(kind="picture", url="https://x.example/p"),)
    hear(account, says("picture", "", media=picture))
    hear(account, deletions=(Deletion(remote_id="picture", room=Room.PUBLIC, at=minutes(5)),))
    assert tidy.forget_deleted(["elsewhere"]) == []
    assert Post.objects.get(remote_id="gone").text
    assert len(tidy.forget_deleted(["practice"])) == 2
    assert tidy.forget_deleted(["practice"]) == []
    assert Post.objects.get(remote_id="gone").text == ""
    assert not PostVersion.objects.exists()
    assert Post.objects.get(remote_id="picture").media is None
    assert Post.objects.get(remote_id="stays").text


def test_raw_pages_go_sooner_where_deleted_posts_must():
    account = connected()
    hear(account, says("1"), raw=b"{}", now=minutes(0))
    tidy.tidy(now=minutes(60 * 24))
    assert RawPage.objects.exists()
    tidy.tidy(forgetting=["practice"], now=minutes(60 * 24))
    assert not RawPage.objects.exists()


class Sought:
    """A network that can look for posts."""

    name, limits = "practice", LIMITS

    def __init__(self) -> None:
        self.asked: list[dict[int, object]] = []

    def seek(self, sought):
        self.asked.append(dict(sought))


def test_one_account_of_a_server_looks_for_the_columns_and_hears_of_every_change(monkeypatch):
    first = pushable()
    second = actions.connect(
        network="practice",
        who=US.__class__(id="us2", handle="NorthwindUK"),
        address="https://x.example",
        secret="",
        now=minutes(0),
    )
    networks = {0: Falls(KeyError("id")), first: Sought(), second: Sought()}
    monkeypatch.setattr(jobs, "network_for", networks.__getitem__)
    worker = jobs.Worker()
    worker._mine = {*networks}
    worker._steer_all()
    column = columns.add_column(name="Outage", query="outage", by=None, now=NOON)
    worker._steer_all()
    worker._steer_all()
    assert [list(asked) for asked in networks[first].asked] == [[], [column]]
    assert [list(asked) for asked in networks[second].asked] == [[], []]
    actions.rest(account_id=first, until=minutes(10**6), trouble="away")
    assert ours.leads(now=minutes(0) + timedelta(hours=1)) == {second}
