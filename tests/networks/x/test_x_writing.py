"""Writing on X: once, in the right place, found again after a lost answer."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from sanderling.core.network import (
    Draft,
    Media,
    OutcomeUnknown,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)

PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG not quite" * 10).decode()


def public(stage, text: str = "We are on it", **where: object) -> Draft:
    return Draft(room=Room.PUBLIC, text=text, at=stage.now(), **where)


def direct(stage, text: str = "Your number, please?", **more: object) -> Draft:
    return Draft(room=Room.DIRECT, text=text, to=stage.ada.id, at=stage.now(), **more)


def test_an_answer_stands_under_what_it_answers_and_its_receipt_says_where(stage) -> None:
    root = stage.ask()
    network = stage.connector()
    receipt = network.push(public(stage, reply_to=root), "k1")
    (ours,) = stage.x.posts_of(stage.acme)
    assert (ours.id, ours.reply_to, ours.text) == (receipt.remote_id, root, "We are on it")
    told = {post.remote_id: post for post in network.pull(None).posts}
    assert told[receipt.remote_id].text == "We are on it"
    assert abs(told[receipt.remote_id].created_at - receipt.at) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "text",
    [
        "Plain",
        "a < b & c > d",
        "see https://example.com/a?b=1&c=2 and example.org/page",
        "Zoë 🙂  two  spaces",
        "@ada as we said",
        "e\u0301 composed",
    ],
)
def test_what_was_pushed_is_found_as_x_shows_it(stage, text: str) -> None:
    root, other = stage.ask(), stage.ask("@acme another")
    network = stage.connector()
    draft = public(stage, text, reply_to=root)
    assert network.find("k", draft) is None
    receipt = network.push(draft, "k")
    found = network.find("k", draft)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    assert network.find("k", public(stage, text, reply_to=other)) is None
    assert network.find("k", public(stage, text + " too", reply_to=root)) is None


def test_what_we_wrote_before_the_draft_is_not_taken_for_it(stage) -> None:
    root = stage.ask()
    network = stage.connector()
    network.push(public(stage, reply_to=root), "k")
    stage.x.advance(hours=1)
    assert network.find("k2", public(stage, reply_to=root)) is None


def test_a_message_goes_to_one_person_and_is_found(stage) -> None:
    network = stage.connector()
    draft = direct(stage)
    assert network.find("k", draft) is None
    receipt = network.push(draft, "k")
    (sent,) = stage.x.messages_of(stage.acme)
    assert (sent.to, sent.text, sent.id) == (stage.ada, draft.text, receipt.remote_id)
    found = network.find("k", draft)
    assert found is not None
    assert found.remote_id == receipt.remote_id


@pytest.mark.parametrize(
    ("kind", "taken"),
    [("cut_after", True), ("cut_midway", True), ("hang_after", True), ("cut", False),
     ("fail_after", True)],
)  # fmt: skip
@pytest.mark.parametrize("room", [Room.PUBLIC, Room.DIRECT])
def test_a_lost_answer_is_an_unknown_outcome_and_find_tells_the_truth(
    stage, kind: str, taken: bool, room: Room
) -> None:
    operation = {
        Room.PUBLIC: "createPosts",
        Room.DIRECT: "createDirectMessagesByParticipantId",
    }[room]
    draft = public(stage, "Standing?") if room is Room.PUBLIC else direct(stage, "Standing?")
    stage.x.fault(operation, kind, status=500, seconds=3)
    with pytest.raises(OutcomeUnknown):
        stage.connector(answer_s=0.5).push(draft, "k")
    assert (stage.connector().find("k", draft) is not None) == taken


def test_x_having_the_text_already_may_mean_that_it_stands(stage) -> None:
    network = stage.connector()
    draft = public(stage, "Once")
    receipt = network.push(draft, "k")
    with pytest.raises(OutcomeUnknown, match="already"):
        network.push(draft, "k")
    found = network.find("k", draft)
    assert found is not None
    assert found.remote_id == receipt.remote_id


def test_who_did_not_call_us_cannot_be_answered_and_the_words_say_what_to_do(stage) -> None:
    stranger = stage.ask("kettles leak everywhere")
    with pytest.raises(Refused, match=r"x\.com"):
        stage.connector().push(public(stage, reply_to=stranger), "k")
    stage.x.tier = "enterprise"
    stage.connector(tier="enterprise").push(public(stage, reply_to=stranger), "k")


def test_what_x_forbids_is_refused_with_its_reason(stage) -> None:
    closed = stage.x.person("closed", dm="none")
    network = stage.connector()
    with pytest.raises(Refused, match="cannot send messages"):
        network.push(Draft(room=Room.DIRECT, text="Hi", to=closed.id, at=stage.now()), "k")
    with pytest.raises(Refused, match="too long"):
        network.push(public(stage, "long " * 100), "k")
    with pytest.raises(Refused, match="nobody"):
        network.push(Draft(room=Room.DIRECT, text="Hi", to="../2/users"), "k")


@pytest.mark.parametrize(
    ("status", "error"),
    [(503, Unreachable), (429, Throttled), (401, SignInLost), (403, Refused)],
)
def test_each_refusal_is_one_of_the_five_errors(stage, status: int, error: type) -> None:
    stage.x.fault("createPosts", "refuse", status=status, times=2)
    with pytest.raises(error):
        stage.connector().push(public(stage), "k")
    assert stage.x.posts_of(stage.acme) == []


@pytest.mark.parametrize("room", [Room.PUBLIC, Room.DIRECT])
def test_a_picture_goes_along_with_its_description(stage, room: Room) -> None:
    media = (Media(kind="picture", url=PICTURE, alt="A kettle in a puddle"),)
    draft = public(stage, media=media) if room is Room.PUBLIC else direct(stage, media=media)
    stage.connector().push(draft, "k")
    (kept,) = stage.x.world.media.values()
    assert kept.alt == "A kettle in a puddle"
    assert kept.content == b"\x89PNG not quite" * 10


def test_a_film_goes_in_parts(stage) -> None:
    film = bytes(range(256)) * 20_000
    url = "data:video/mp4;base64," + base64.b64encode(film).decode()
    stage.connector().push(public(stage, media=(Media(kind="film", url=url),)), "k")
    (kept,) = stage.x.world.media.values()
    assert kept.content == film
    assert len(kept.parts) == 2


@pytest.mark.parametrize(
    "url", ["https://example.com/a.png", "data:image/png;base64,!!", "", "data:"]
)
def test_a_file_that_cannot_be_read_is_not_sent(stage, url: str) -> None:
    draft = public(stage, media=(Media(kind="picture", url=url),))
    with pytest.raises(Refused, match="cannot be read"):
        stage.connector().push(draft, "k")
    assert stage.x.posts_of(stage.acme) == []


def test_taking_back_is_done_once_or_twice(stage) -> None:
    network = stage.connector()
    post = network.push(public(stage), "k").remote_id
    network.take_back(post, Room.PUBLIC)
    network.take_back(post, Room.PUBLIC)
    assert stage.x.posts_of(stage.acme) == []
    message = network.push(direct(stage), "k").remote_id
    with pytest.raises(Refused, match="would still see it"):
        network.take_back(message, Room.DIRECT)
    with pytest.raises(Refused, match="no post"):
        network.take_back("1/hidden", Room.PUBLIC)


def test_a_reply_under_our_post_is_hidden_and_shown_again(stage) -> None:
    root = stage.x.post(stage.acme, "News")
    rude = stage.x.post(stage.ada, "@acme rude", reply_to=root)
    network = stage.connector()
    network.hide(rude.id)
    network.hide(rude.id)
    assert rude.hidden
    network.hide(rude.id, hidden=False)
    assert not rude.hidden


def test_an_enterprise_account_likes(stage) -> None:
    stage.x.tier = "enterprise"
    post = stage.ask()
    network = stage.connector(tier="enterprise")
    network.like(post)
    network.like(post)
    assert stage.x.world.posts[post].likes == {stage.acme.id}
