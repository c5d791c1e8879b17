"""What every network's connector promises, tried against a real server with real faults.

A new connector joins by an entry in STAGES: a context manager that yields a `Stage`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from practice_server import Net, practice_server
from sanderling.core.network import (
    Draft,
    Follows,
    Likes,
    Network,
    OutcomeUnknown,
    Page,
    Post,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.networks.practice import Practice


@dataclass(frozen=True)
class Stage:
    """A connector, and what can be done around it so that its promises are tried."""

    name: str
    make: Callable[..., Network]
    stop: Callable[[], None]
    net: Net

    @property
    def connector(self) -> Network:
        return self.make()

    def ask(self, text: str = "@NorthwindCare my bill is wrong", number: int = 0) -> str:
        """Somebody writes to us in public; the post's id."""
        return str(self.net.write(self.who(number), text)["id"])

    def who(self, number: int = 0) -> str:
        return str(self.net.people(messages_from="everyone")[number]["handle"])


@contextmanager
def practice(tmp_path: Path) -> Iterator[Stage]:
    with practice_server(tmp_path) as net:
        yield Stage("practice", net.connector, net.stop, net)


STAGES: dict[str, Callable[[Path], AbstractContextManager[Stage]]] = {"practice": practice}


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with STAGES[request.param](tmp_path / request.param) as made:
        yield made


def pull_all(network: Network, since: str | None = None) -> list[Page]:
    pages = [network.pull(since)]
    while pages[-1].more:
        pages.append(network.pull(pages[-1].cursor))
    return pages


def posts_of(pages: list[Page]) -> list[Post]:
    return [post for page in pages for post in page.posts]


def public(text: str = "We are on it", **where: str) -> Draft:
    return Draft(room=Room.PUBLIC, text=text, **where)


# Reading


def test_it_is_a_network_with_a_name_and_limits(stage: Stage) -> None:
    assert isinstance(stage.connector, Network)
    assert stage.connector.name == stage.name
    assert stage.connector.limits.public_length > 0


def test_pages_never_repeat_a_post_and_hold_them_all(stage: Stage) -> None:
    asked = [stage.ask(f"@NorthwindCare question {i}") for i in range(120)]
    pages = pull_all(stage.connector)
    assert len(pages) > 1
    assert [post.remote_id for post in posts_of(pages)] == asked


def test_a_cursor_given_back_yields_only_what_came_after(stage: Stage) -> None:
    stage.ask("@NorthwindCare before")
    cursor = pull_all(stage.connector)[-1].cursor
    assert posts_of(pull_all(stage.connector, cursor)) == []
    later = stage.ask("@NorthwindCare after")
    assert [p.remote_id for p in posts_of(pull_all(stage.connector, cursor))] == [later]


def test_a_page_keeps_what_was_received(stage: Stage) -> None:
    post = stage.ask()
    assert post.encode() in pull_all(stage.connector)[0].raw


def test_a_post_tells_who_wrote_it_to_whom_and_where_it_belongs(stage: Stage) -> None:
    root = stage.ask()
    reply = stage.net.write(stage.who(1), "same here", reply_to=root)["id"]
    first, second = posts_of(pull_all(stage.connector))
    assert (first.room, first.reply_to, first.counterpart) == (Room.PUBLIC, None, None)
    assert first.mentions == (stage.net.account_id,)
    assert first.author.handle == stage.who()
    assert first.author.takes_messages == "all"
    assert first.created_at.tzinfo is not None
    assert (second.remote_id, second.reply_to) == (reply, root)
    assert second.reply_to_author == first.author.id
    assert second.thread == first.thread


def test_a_direct_message_names_the_other_person_whoever_wrote_it(stage: Stage) -> None:
    person = stage.net.people(messages_from="everyone")[0]
    stage.net.write(person["handle"], "my number is ...", to=stage.net.account_id)
    stage.connector.push(Draft(room=Room.DIRECT, text="Thank you", to=person["id"]), "k")
    theirs, ours = posts_of(pull_all(stage.connector))
    assert theirs.room == ours.room == Room.DIRECT
    assert theirs.counterpart == ours.counterpart == person["id"]
    assert theirs.thread == ours.thread
    assert ours.author.id == stage.net.account_id


def test_direct_messages_between_other_people_are_not_told(stage: Stage) -> None:
    stage.net.write(stage.who(0), "between us", to=stage.who(1))
    assert posts_of(pull_all(stage.connector)) == []


def test_an_answer_typed_in_the_network_itself_is_pulled_as_ours(stage: Stage) -> None:
    root = stage.ask()
    stage.net.write("NorthwindCare", "Typed by hand", reply_to=root)
    assert posts_of(pull_all(stage.connector))[-1].author.id == stage.net.account_id


def test_an_edit_is_the_same_post_again_with_new_words_and_a_later_time(stage: Stage) -> None:
    post = stage.ask("@NorthwindCare teh bill")
    stage.net.edit(stage.who(), post, "@NorthwindCare the bill")
    before, after = posts_of(pull_all(stage.connector))
    assert before.remote_id == after.remote_id == post
    assert (before.text, before.edited_at) == ("@NorthwindCare teh bill", None)
    assert after.text == "@NorthwindCare the bill"
    assert after.version_at > before.version_at


def test_a_deletion_is_told_with_its_room(stage: Stage) -> None:
    post = stage.ask()
    stage.net.delete(stage.who(), post)
    (gone,) = (d for page in pull_all(stage.connector) for d in page.deletions)
    assert (gone.remote_id, gone.room) == (post, Room.PUBLIC)


def test_likes_and_reposts_are_signals_and_can_be_taken_back(stage: Stage) -> None:
    post, fan = stage.ask(), stage.who(1)
    stage.net.like(fan, post)
    stage.net.repost(fan, post)
    stage.net.like(fan, post, undone=True)
    signals = [s for page in pull_all(stage.connector) for s in page.signals]
    assert [(s.kind, s.undone) for s in signals] == [
        ("like", False), ("repost", False), ("like", True)
    ]  # fmt: skip
    assert {s.remote_id for s in signals} == {post}
    assert len(posts_of(pull_all(stage.connector))) == 1


# Following


def test_a_stream_tells_what_happens_as_it_happens(stage: Stage) -> None:
    network = stage.connector
    if not isinstance(network, Follows):
        pytest.skip(f"{stage.name} has no stream")
    cursor = pull_all(network)[-1].cursor
    pages = network.follow(cursor)
    next(pages)
    writer = threading.Timer(0.1, stage.ask)
    writer.start()
    post = next(post for page in pages for post in page.posts)
    writer.join()
    assert post.mentions == (stage.net.account_id,)


# Writing


def test_what_was_pushed_stands_on_the_network_and_its_receipt_says_where(stage: Stage) -> None:
    root = stage.ask()
    receipt = stage.connector.push(public("So sorry!", reply_to=root), "k1")
    ours = posts_of(pull_all(stage.connector))[-1]
    assert (ours.remote_id, ours.text, ours.reply_to) == (receipt.remote_id, "So sorry!", root)
    assert ours.created_at == receipt.at


def test_a_pushed_key_is_found_and_an_unknown_one_is_not(stage: Stage) -> None:
    draft = public("Found?")
    assert stage.connector.find("k1", draft) is None
    receipt = stage.connector.push(draft, "k1")
    assert stage.connector.find("k1", draft) == receipt
    assert stage.connector.find("k2", public("Another")) is None


def test_pushing_a_key_twice_makes_one_post(stage: Stage) -> None:
    first = stage.connector.push(public("Once"), "k1")
    assert stage.connector.push(public("Once"), "k1") == first
    assert len(posts_of(pull_all(stage.connector))) == 1


def test_keys_may_hold_any_characters(stage: Stage) -> None:
    key = "case/42?part=1#a b"
    receipt = stage.connector.push(public(), key)
    assert stage.connector.find(key, public()) == receipt


def test_without_keys_a_push_is_found_by_its_words_and_its_place(stage: Stage) -> None:
    stage.net.faults(forget_keys=True)
    network = stage.make(keeps_keys=False)
    assert not network.limits.keeps_keys
    root, other = stage.ask(), stage.ask()
    draft = public("On it", reply_to=root)
    assert network.find("k1", draft) is None
    receipt = network.push(draft, "k1")
    assert network.find("k1", draft) == receipt
    assert network.find("k1", public("On it", reply_to=other)) is None
    assert network.find("k1", public("On it too", reply_to=root)) is None


def test_liking_twice_is_the_same_as_once(stage: Stage) -> None:
    network = stage.connector
    if not isinstance(network, Likes):
        pytest.skip(f"{stage.name} has no likes")
    post = stage.ask()
    network.like(post)
    network.like(post)
    signals = [s for page in pull_all(network) for s in page.signals]
    assert [(s.remote_id, s.actor) for s in signals] == [(post, stage.net.account_id)]


# The five errors

ACTS = [
    pytest.param(lambda network: network.pull(None), id="pull"),
    pytest.param(lambda network: network.push(public(), "k"), id="push"),
    pytest.param(lambda network: network.find("k", public()), id="find"),
]
Act = Callable[[Network], object]


@pytest.mark.parametrize("act", ACTS)
def test_throttled_says_until_when_and_afterwards_all_is_well(stage: Stage, act: Act) -> None:
    stage.net.faults(throttle_s=30)
    with pytest.raises(Throttled) as caught:
        act(stage.connector)
    now = datetime.now(UTC)
    assert now < caught.value.until <= now + timedelta(seconds=31)
    stage.net.faults()
    act(stage.connector)


@pytest.mark.parametrize("act", ACTS)
def test_a_network_that_is_down_is_unreachable_and_took_nothing(stage: Stage, act: Act) -> None:
    stage.net.faults(unreachable=True)
    with pytest.raises(Unreachable):
        act(stage.connector)
    stage.net.faults()
    assert posts_of(pull_all(stage.connector)) == []


@pytest.mark.parametrize("act", ACTS)
def test_a_token_that_is_no_longer_valid_is_a_lost_sign_in(stage: Stage, act: Act) -> None:
    stage.net.faults(sign_in_lost=True)
    with pytest.raises(SignInLost):
        act(stage.connector)


def test_nobody_listening_is_unreachable() -> None:
    network = Practice("http://127.0.0.1:9", "token")
    for act in (
        lambda: network.pull(None),
        lambda: network.push(public(), "k"),
        lambda: network.find("k", public()),
        lambda: next(network.follow(None)),
    ):
        with pytest.raises(Unreachable):
            act()
    network.close()


def test_what_the_network_refuses_is_refused_with_its_reason(stage: Stage) -> None:
    closed = stage.net.people(messages_from="nobody")[0]
    with pytest.raises(Refused, match="takes no messages"):
        stage.connector.push(Draft(room=Room.DIRECT, text="Hello", to=closed["id"]), "k1")
    with pytest.raises(Refused, match="280"):
        stage.connector.push(public("long " * 100), "k2")
    with pytest.raises(Refused, match="gone"):
        stage.connector.push(public(reply_to="404"), "k3")
    assert posts_of(pull_all(stage.connector)) == []


def test_a_cursor_of_another_network_is_refused_in_words(stage: Stage) -> None:
    for cursor in ("another-live-3", "nonsense", "1-live-999999"):
        with pytest.raises(Refused, match="Connect the account again"):
            stage.connector.pull(cursor)


@pytest.mark.parametrize(
    ("faults", "taken"),
    [
        pytest.param({"push_cut": 1}, True, id="cut after it was taken"),
        pytest.param({"push_hang_s": 20}, True, id="no answer in time"),
        pytest.param({"push_lost": 1}, False, id="cut before it was taken"),
    ],
)
def test_a_lost_answer_is_an_unknown_outcome_and_find_tells_the_truth(
    stage: Stage, faults: dict[str, float], taken: bool
) -> None:
    stage.net.faults(**faults)
    with pytest.raises(OutcomeUnknown):
        stage.make(answer_s=0.5).push(public("Are you there?"), "k1")
    stage.net.faults()
    found = stage.connector.find("k1", public("Are you there?"))
    standing = [post.remote_id for post in posts_of(pull_all(stage.connector))]
    assert ([found.remote_id] if found else []) == standing
    assert bool(standing) == taken


def test_a_stream_that_breaks_off_is_unreachable(stage: Stage) -> None:
    network = stage.connector
    if not isinstance(network, Follows):
        pytest.skip(f"{stage.name} has no stream")
    pages = network.follow(None)
    next(pages)
    stage.stop()
    with pytest.raises(Unreachable):
        list(pages)


# What goes wrong on the way


def test_with_every_delivery_fault_the_final_wording_is_the_same(stage: Stage) -> None:
    network = stage.connector
    cursor = pull_all(network)[-1].cursor
    stage.net.faults(repeat=0.5, reorder_s=0.3)
    asked = {stage.ask(f"@NorthwindCare no {i}"): i for i in range(20)}
    for post, i in asked.items():
        if i % 3 == 0:
            stage.net.edit(stage.who(), post, f"@NorthwindCare edited {i}")
    stage.net.faults()
    told = posts_of(pull_all(network, cursor))
    final = {post.remote_id: post for post in sorted(told, key=lambda post: post.version_at)}
    assert {i: final[post].text for post, i in asked.items()} == {
        i: f"@NorthwindCare {'edited' if i % 3 == 0 else 'no'} {i}" for i in range(20)
    }
    assert [post.remote_id for post in told] != [post.remote_id for post in final.values()]


def test_an_edit_can_arrive_before_its_post(stage: Stage) -> None:
    cursor = pull_all(stage.connector)[-1].cursor
    stage.net.faults(edit_first_s=60)
    post = stage.ask("@NorthwindCare teh bill")
    assert posts_of(pull_all(stage.connector, cursor)) == []
    stage.net.edit(stage.who(), post, "@NorthwindCare the bill")
    told = posts_of(pull_all(stage.connector, cursor))
    assert [p.text for p in told] == ["@NorthwindCare the bill", "@NorthwindCare teh bill"]


def test_what_got_lost_on_the_way_is_found_by_reading_the_history_again(stage: Stage) -> None:
    cursor = pull_all(stage.connector)[-1].cursor
    stage.net.faults(lose=1)
    lost = stage.ask()
    stage.net.faults()
    assert posts_of(pull_all(stage.connector, cursor)) == []
    assert [p.remote_id for p in posts_of(pull_all(stage.connector))] == [lost]


def test_a_delayed_event_arrives_later(stage: Stage) -> None:
    cursor = pull_all(stage.connector)[-1].cursor
    stage.net.faults(delay_s=3600)
    late = stage.ask()
    assert posts_of(pull_all(stage.connector, cursor)) == []
    stage.net.faults()
    assert [p.remote_id for p in posts_of(pull_all(stage.connector, cursor))] == [late]
