"""What the connector posts and to whom, how it finds it again, and the five errors of the door."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from networks.mastodon.conftest import Connect
from sanderling.core.network import (
    Draft,
    Media,
    OutcomeUnknown,
    Receipt,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.networks.mastodon import Mastodon
from servers.mastodon import Manners, Person, Server


def public(text: str, **where: str) -> Draft:
    return Draft(room=Room.PUBLIC, text=text, at=datetime.now(UTC), **where)


def direct(text: str, to: Person, **where: str) -> Draft:
    to_id = f"{to.id}@{to.server.host}"
    return Draft(room=Room.DIRECT, text=text, at=datetime.now(UTC), to=to_id, **where)


def status_of(desk: Person, receipt: Receipt) -> dict:
    return desk.sees(receipt.remote_id.partition("@")[0])


@pytest.mark.parametrize(
    ("asked", "room", "answered"),
    [
        ("public", Room.PUBLIC, "public"),
        ("unlisted", Room.PUBLIC, "unlisted"),
        ("private", Room.DIRECT, "direct"),
        ("direct", Room.DIRECT, "direct"),
        ("public", Room.DIRECT, "direct"),
        ("private", Room.PUBLIC, "direct"),
        ("direct", Room.PUBLIC, "direct"),
    ],
)
def test_an_answer_is_never_more_visible_than_what_it_answers(
    server: Server, connect: Connect, asked: str, room: Room, answered: str
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    root = jo.post(f"@{desk.username} help", visibility=asked)
    to = f"{jo.id}@{server.host}" if room is Room.DIRECT else None
    draft = Draft(room=room, text="On it", reply_to=f"{root['id']}@{server.host}", to=to)
    status = status_of(desk, connect(desk).push(draft, "k"))
    assert status["visibility"] == answered
    assert [one["id"] for one in status["mentions"]] == [jo.id]
    assert status["in_reply_to_id"] == root["id"]


def test_who_is_named_already_is_not_named_twice(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    root = f"{jo.post('my bill')['id']}@{server.host}"
    network = connect(desk)
    named = network.push(public(f"Sorry, @{jo.username}!", reply_to=root), "a")
    whole = network.push(public(f"@{jo.username}@{server.host} Sorry!", reply_to=root), "b")
    assert status_of(desk, named)["content"].count("@") == 1
    assert status_of(desk, whole)["content"].count(jo.username) == 1


def test_a_post_of_our_own_names_nobody(server: Server, connect: Connect) -> None:
    desk = server.person("desk")
    status = status_of(desk, connect(desk).push(public("All is well again"), "k"))
    assert (status["content"], status["visibility"]) == ("<p>All is well again</p>", "public")


def test_a_message_continues_the_conversation(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    theirs = jo.post(f"@{desk.username} my number is ...", visibility="direct")
    status = status_of(desk, connect(desk).push(direct("Thank you", jo), "k"))
    assert status["in_reply_to_id"] == theirs["id"]
    assert status["visibility"] == "direct"


def test_a_message_that_names_somebody_else_is_refused(server: Server, connect: Connect) -> None:
    desk, jo, eve = server.person("desk"), server.person("jo"), server.person("eve")
    network = connect(desk)
    with pytest.raises(Refused, match=f"names @{eve.username}"):
        network.push(direct(f"As I told @{eve.username}, no", jo), "k")
    assert desk.statuses() == []
    network.push(direct(f"@{desk.username} is us, desk@example.org is an address", jo), "k")
    with pytest.raises(Refused, match="somebody whom it is for"):
        network.push(Draft(room=Room.DIRECT, text="Hello"), "k")


def test_pictures_go_with_their_descriptions(server: Server, connect: Connect) -> None:
    desk = server.person("desk")
    url = "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()
    picture = Media(kind="picture", url=url, alt="our office")
    draft = Draft(room=Room.PUBLIC, text="Look", media=(picture,))
    (media,) = status_of(desk, connect(desk).push(draft, "k"))["media_attachments"]
    assert (media["type"], media["description"]) == ("image", "our office")
    for url in ("/etc/passwd", "http://169.254.169.254/", "data:image/png;base64,%%"):
        bad = Draft(room=Room.PUBLIC, text="Look", media=(Media(kind="picture", url=url),))
        with pytest.raises(Refused, match="cannot be read"):
            connect(desk).push(bad, "k2")
    assert len(desk.statuses()) == 1


def test_what_was_pushed_is_found_by_its_words_and_its_place(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    root, other = (f"{jo.post(text)['id']}@{server.host}" for text in ("one", "two"))
    network = connect(desk)
    draft = public("See https://help.example/bill?a=1&b=2 <there>,\n\nplease", reply_to=root)
    assert network.find("k", draft) is None
    receipt = network.push(draft, "k")
    assert network.find("k", draft) == receipt
    assert network.find("k", public(draft.text, reply_to=other)) is None
    assert network.find("k", public(draft.text)) is None
    assert network.find("k", public("See https://help.example", reply_to=root)) is None
    later = Draft(
        room=Room.PUBLIC, text=draft.text, reply_to=root, at=receipt.at + timedelta(minutes=2)
    )
    assert network.find("k", later) is None


def test_a_message_is_found_only_as_a_message_to_the_same_person(
    server: Server, connect: Connect
) -> None:
    desk, jo, eve = server.person("desk"), server.person("jo"), server.person("eve")
    network = connect(desk)
    receipt = network.push(direct("Your code is 1", jo), "k")
    assert network.find("k", direct("Your code is 1", jo)) == receipt
    assert network.find("k", direct("Your code is 1", eve)) is None
    assert network.find("k", public("Your code is 1")) is None
    network.push(public("Said to all"), "k2")
    assert network.find("k2", direct("Said to all", jo)) is None


def test_it_is_found_among_many(server: Server, connect: Connect) -> None:
    desk = server.person("desk")
    network = connect(desk)
    draft = public("The first")
    receipt = network.push(draft, "k")
    for i in range(45):
        desk.post(f"later {i}")
    assert network.find("k", draft) == receipt


def test_a_key_pushed_twice_makes_one_post_where_the_server_keeps_keys(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server]
) -> None:
    desk = server.person("desk")
    network, key = connect(desk), "case/42?part=1#ä b"
    assert network.push(public("Once"), key) == network.push(public("Once"), key)
    assert len(desk.statuses()) == 1
    forgetful = connect(desk, at=behaving(Manners()))
    assert forgetful.push(public("Twice"), key) != forgetful.push(public("Twice"), key)
    assert not network.limits.keeps(Room.PUBLIC)
    assert not network.limits.keeps(Room.DIRECT)


def test_a_post_of_ours_can_be_taken_back_and_gone_is_no_error(
    server: Server, connect: Connect
) -> None:
    desk = server.person("desk")
    network = connect(desk)
    receipt = network.push(public("Oh no"), "k")
    network.take_back(receipt.remote_id, Room.PUBLIC)
    network.take_back(receipt.remote_id, Room.PUBLIC)
    assert desk.statuses() == []


def test_liking_twice_is_the_same_as_once(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    status = jo.post("Thank you!")
    for _ in range(2):
        connect(desk).like(f"{status['id']}@{server.host}")
    assert jo.sees(status["id"])["favourites_count"] == 1


def test_what_the_server_refuses_is_refused_with_its_reason(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    network = connect(desk)
    gone = jo.post("gone soon")
    jo.delete(gone["id"])
    with pytest.raises(Refused, match="gone"):
        network.push(public("Hello?", reply_to=f"{gone['id']}@{server.host}"), "k")
    with pytest.raises(Refused, match="gone"):
        network.push(Draft(room=Room.DIRECT, text="Hi", to=f"1@{server.host}"), "k")
    with pytest.raises(Refused, match="too long"):
        network.push(public("long " * 200), "k")
    with pytest.raises(Refused, match="another server"):
        network.push(public("Hello?", reply_to="1@elsewhere.example"), "k")
    assert desk.statuses() == []


ACTS = [
    pytest.param(lambda network: network.pull(None), id="pull"),
    pytest.param(lambda network: network.push(public("Hello"), "k"), id="push"),
    pytest.param(lambda network: network.find("k", public("Hello")), id="find"),
    pytest.param(lambda network: next(network.follow(None)), id="follow"),
]
Act = Callable[[Mastodon], object]


@pytest.mark.parametrize("act", ACTS)
def test_a_throttled_call_says_until_when(server: Server, connect: Connect, act: Act) -> None:
    network = connect(server.person("desk"))
    server.fault("ratelimit", path="*")
    with pytest.raises(Throttled) as caught:
        act(network)
    now = datetime.now(UTC)
    assert now < caught.value.until <= now + timedelta(seconds=301)


@pytest.mark.parametrize("act", ACTS)
def test_a_server_that_is_down_is_unreachable(server: Server, connect: Connect, act: Act) -> None:
    desk = server.person("desk")
    server.fault("status", path="*", status=503)
    with pytest.raises(Unreachable):
        act(connect(desk))
    server.faultless()
    assert desk.statuses() == []


@pytest.mark.parametrize("act", ACTS)
def test_a_revoked_token_is_a_lost_sign_in(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server], act: Act
) -> None:
    desk = server.person("desk")
    with pytest.raises(SignInLost, match="revoked"):
        act(connect(desk, at=behaving(Manners(revoked={desk.token}))))


@pytest.mark.parametrize("act", ACTS)
def test_nobody_listening_is_unreachable(server: Server, connect: Connect, act: Act) -> None:
    nowhere = Server("http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        act(connect(server.person("desk"), at=nowhere))
    nowhere.close()


@pytest.mark.parametrize(
    ("effect", "more"),
    [
        pytest.param("status", {"status": 502}, id="502"),
        pytest.param("malformed", {}, id="an answer that makes no sense"),
        pytest.param("latency", {"delay_ms": 1500}, id="no answer in time"),
    ],
)
def test_a_lost_answer_is_an_unknown_outcome_and_find_says_that_it_is_not_there(
    server: Server, connect: Connect, effect: str, more: dict[str, int]
) -> None:
    desk = server.person("desk")
    draft = public("Are you there?")
    server.fault(effect, path="/api/v1/statuses", method="POST", count=1, **more)
    with pytest.raises(OutcomeUnknown):
        connect(desk, answer_s=0.5).push(draft, "k")
    assert connect(desk).find("k", draft) is None
    assert desk.statuses() == []


@pytest.mark.parametrize(
    "manners",
    [
        pytest.param({"loses": "POST /api/v1/statuses"}, id="lost"),
        pytest.param({"rewrite": {"/api/v1/statuses": lambda _: {"odd": 1}}}, id="no status"),
    ],
)
def test_an_answer_lost_after_it_was_taken_is_found(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server], manners: Any
) -> None:
    desk = server.person("desk")
    network = connect(desk, at=behaving(Manners(**manners)))
    draft = public("Taken")
    with pytest.raises(OutcomeUnknown):
        network.push(draft, "k")
    assert network.find("k", draft) is not None


def test_reading_stops_early_so_that_answers_can_leave(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server]
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    asked = jo.post(f"@{desk.username} help")
    few = behaving(Manners(left=31))
    network = connect(desk, at=few)
    network.pull(None)
    with pytest.raises(Throttled):
        network.pull(None)
    network.push(public("On it", reply_to=f"{asked['id']}@{few.host}"), "k")
    assert len(desk.statuses()) == 1


def test_a_server_that_shows_a_message_to_all_has_it_deleted_again(
    server: Server, connect: Connect, behaving: Callable[[Manners], Server]
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    rude = {"/api/v1/statuses": lambda status: status | {"visibility": "public"}}
    at = behaving(Manners(rewrite=rude))
    message = Draft(room=Room.DIRECT, text="For you", to=f"{jo.id}@{at.host}")
    with pytest.raises(Refused, match="deleted again"):
        connect(desk, at=at).push(message, "k")
    assert desk.statuses() == []
