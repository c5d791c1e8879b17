"""What only the practice network does on demand on the way to us, as its connector hears it."""

from __future__ import annotations

import pytest

from practice_server import Net
from sanderling.core.network import Draft, Network, Post, Refused, Room
from sanderling.networks.practice import Practice


def posts(network: Network, since: str | None = None) -> list[Post]:
    pages = [network.pull(since)]
    while pages[-1].more:
        pages.append(network.pull(pages[-1].cursor))
    return [post for page in pages for post in page.posts]


def ask(net: Net, text: str = "my bill is wrong", number: int = 0) -> str:
    return str(net.write(who(net, number), f"@NorthwindCare {text}")["id"])


def who(net: Net, number: int = 0) -> str:
    return str(net.people(messages_from="everyone")[number]["handle"])


@pytest.fixture
def network(net: Net) -> Practice:
    return net.connector()


def test_direct_messages_between_other_people_are_not_told(net: Net, network: Practice) -> None:
    net.write(who(net, 0), "between us", to=who(net, 1))
    assert posts(network) == []


def test_signals_come_in_order_and_ours_once(net: Net, network: Practice) -> None:
    post, fan = ask(net), who(net, 1)
    net.like(fan, post)
    net.repost(fan, post)
    net.like(fan, post, undone=True)
    network.like(post)
    network.like(post)
    signals = [(s.kind, s.actor == net.account_id, s.undone) for s in network.pull(None).signals]
    assert signals == [
        ("like", False, False), ("repost", False, False), ("like", False, True),
        ("like", True, False),
    ]  # fmt: skip


def test_what_is_refused_is_said_in_the_networks_words(net: Net, network: Practice) -> None:
    closed = net.people(messages_from="nobody")[0]
    for draft, words in (
        (Draft(room=Room.DIRECT, text="Hello", to=closed["id"]), "takes no messages"),
        (Draft(room=Room.PUBLIC, text="long " * 100), "280"),
        (Draft(room=Room.PUBLIC, text="Hello", reply_to="404"), "gone"),
    ):
        with pytest.raises(Refused, match=words):
            network.push(draft, "key")
    assert posts(network) == []


def test_with_every_delivery_fault_the_final_wording_is_the_same(
    net: Net, network: Practice
) -> None:
    cursor = network.pull(None).cursor
    net.faults(repeat=0.5, reorder_s=0.3)
    asked = {ask(net, f"no {i}"): i for i in range(20)}
    for post, i in asked.items():
        if i % 3 == 0:
            net.edit(who(net), post, f"@NorthwindCare edited {i}")
    net.faults()
    told = posts(network, cursor)
    final = {post.remote_id: post for post in sorted(told, key=lambda post: post.version_at)}
    assert {i: final[post].text for post, i in asked.items()} == {
        i: f"@NorthwindCare {'edited' if i % 3 == 0 else 'no'} {i}" for i in range(20)
    }
    assert [post.remote_id for post in told] != [post.remote_id for post in final.values()]


def test_an_edit_can_arrive_before_its_post(net: Net, network: Practice) -> None:
    cursor = network.pull(None).cursor
    net.faults(edit_first_s=60)
    post = ask(net, "teh bill")
    assert posts(network, cursor) == []
    net.edit(who(net), post, "@NorthwindCare the bill")
    told = posts(network, cursor)
    assert [p.text for p in told] == ["@NorthwindCare the bill", "@NorthwindCare teh bill"]


def test_what_got_lost_on_the_way_is_found_by_reading_the_history_again(
    net: Net, network: Practice
) -> None:
    cursor = network.pull(None).cursor
    net.faults(lose=1)
    lost = ask(net)
    net.faults()
    assert posts(network, cursor) == []
    assert [p.remote_id for p in posts(network)] == [lost]


def test_a_delayed_event_arrives_later(net: Net, network: Practice) -> None:
    cursor = network.pull(None).cursor
    net.faults(delay_s=3600)
    late = ask(net)
    assert posts(network, cursor) == []
    net.faults()
    assert [p.remote_id for p in posts(network, cursor)] == [late]
