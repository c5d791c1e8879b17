"""A second opinion: people write and read through Mastodon.py, the library that others use."""

from __future__ import annotations

import pytest

from networks.mastodon.conftest import Connect
from sanderling.core.network import Draft, Room
from servers.mastodon import Person, Server

mastodon = pytest.importorskip("mastodon", reason="Mastodon.py is not installed")


def app(person: Person) -> mastodon.Mastodon:
    return mastodon.Mastodon(
        access_token=person.token,
        api_base_url=person.server.address,
        version_check_mode="none",
        ratelimit_method="throw",
    )


def test_a_person_asks_and_sees_our_answers_in_public_and_direct(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    theirs = app(jo)
    asked = theirs.status_post(f"@{desk.username} my parcel is lost", visibility="unlisted")
    network = connect(desk)
    (post,) = network.pull(None).posts
    assert post.url == asked.url
    assert post.created_at == asked.created_at

    public = Draft(room=Room.PUBLIC, text="Sorry! May we ask more?", reply_to=post.remote_id)
    direct = Draft(room=Room.DIRECT, text="Which number is it?", to=post.author.id)
    receipts = [network.push(draft, f"k{i}") for i, draft in enumerate((public, direct))]

    told = theirs.notifications(types=["mention"])
    seen = {str(one.status.id): one.status for one in told}
    answer, message = (seen[r.remote_id.partition("@")[0]] for r in receipts)
    assert (answer.visibility, message.visibility) == ("unlisted", "direct")
    assert str(answer.in_reply_to_id) == str(asked.id)
    assert f"@{jo.username} Which number is it?" in message.content
    assert str(theirs.conversations()[0].last_status.id) == str(message.id)
    assert [r.at for r in receipts] == [answer.created_at, message.created_at]

    replied = theirs.status_reply(message, "It is 12")
    last = network.pull(None).posts
    reply = next(p for p in last if p.remote_id == f"{replied.id}@{server.host}")
    assert (reply.room, reply.counterpart) == (Room.DIRECT, post.author.id)


def test_what_we_take_back_is_gone_for_them(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    network = connect(desk)
    receipt = network.push(Draft(room=Room.PUBLIC, text="Too early"), "k")
    shown = app(jo).status(receipt.remote_id.partition("@")[0])
    assert shown.content == "<p>Too early</p>"
    network.take_back(receipt.remote_id, Room.PUBLIC)
    with pytest.raises(mastodon.MastodonNotFoundError):
        app(jo).status(shown.id)
