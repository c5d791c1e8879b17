"""The servers that the connector is tried against, tried with Bluesky's own SDK for Python."""

from __future__ import annotations

import threading

import pytest
from atproto import FirehoseSubscribeReposClient, client_utils, parse_subscribe_repos_message
from atproto_client.exceptions import AtProtocolError, BadRequestError
from atproto_jetstream import JetstreamClient

from processes import eventually
from servers.bluesky.devnet import Devnet


def test_a_mention_is_seen_by_the_one_mentioned(devnet: Devnet):
    brand, anna = devnet.person("brand"), devnet.person("anna")
    wrote = anna.send_post(client_utils.TextBuilder().mention("@brand.test", brand.me.did))
    listed = brand.app.bsky.notification.list_notifications
    seen = eventually(lambda: [n for n in listed().notifications if n.uri == wrote.uri])
    assert seen[0].reason == "mention"


def test_messages_go_both_ways_by_a_privileged_app_password(devnet: Devnet):
    brand, carl = devnet.person("brand"), devnet.person("carl")
    let_in(brand, "all")
    theirs, ours = devnet.messenger(carl), messenger_by(devnet, brand, privileged=True)
    convo = theirs.get_convo_for_members({"members": [brand.me.did]}).convo
    theirs.send_message({"convo_id": convo.id, "message": {"text": "My parcel is lost"}})
    asked = next(c for c in ours.list_convos().convos if c.id == convo.id)
    assert (asked.status, asked.unread_count) == ("request", 1)
    assert {m.handle for m in asked.members} == {"brand.test", "carl.test"}
    ours.send_message({"convo_id": convo.id, "message": {"text": "We look for it"}})
    told = theirs.get_messages({"convo_id": convo.id}).messages
    assert [m.text for m in told] == ["We look for it", "My parcel is lost"]
    logs = [entry for entry in ours.get_log().logs if entry.convo_id == convo.id]
    assert [entry.py_type.partition("#")[2] for entry in logs] == [
        "logBeginConvo", "logCreateMessage", "logAcceptConvo", "logCreateMessage",
    ]  # fmt: skip
    assert ours.get_log({"cursor": logs[-1].rev}).logs == []


def test_a_plain_app_password_may_not_message(devnet: Devnet):
    plain = messenger_by(devnet, devnet.person("dora"), privileged=False)
    with pytest.raises(BadRequestError) as refused:
        plain.list_convos()
    assert refused.value.response.content.message == "Bad token method"


@pytest.mark.parametrize(
    ("declared", "error"), [("none", "MessagesDisabled"), ("following", "NotFollowedBySender")]
)
def test_who_lets_nobody_write_is_not_written_to(devnet: Devnet, declared: str, error: str):
    brand, shy = devnet.person("brand"), devnet.person(f"shy-{declared}")
    let_in(shy, declared)
    with pytest.raises(BadRequestError) as refused:
        devnet.messenger(brand).get_convo_for_members({"members": [shy.me.did]})
    assert refused.value.response.content.error == error


def test_the_chat_service_loses_answers_on_demand(devnet: Devnet):
    brand, emil = devnet.person("brand"), devnet.person("emil")
    let_in(brand, "all")
    theirs = devnet.messenger(emil)
    convo = theirs.get_convo_for_members({"members": [brand.me.did]}).convo
    for how in ("lose", "lose answer", "throttle"):
        devnet.chat.go_wrong(how)
        with pytest.raises(AtProtocolError) as failed:
            theirs.send_message({"convo_id": convo.id, "message": {"text": how}})
    assert failed.value.response.status_code == 429
    assert devnet.chat.texts(emil.me.did) == ["lose answer"]


def test_the_firehose_and_jetstream_tell_the_same_change(devnet: Devnet):
    fred = devnet.person("fred")
    wrote = fred.send_post("heard by all")
    assert first_from_firehose(devnet, wrote.uri) == wrote.cid
    told = {"collections": ["app.bsky.feed.*"], "kinds": ["commit"], "cursor": 0}
    heard = heard_on_jetstream(devnet, told)
    mine = next(e for e in heard if e.did == fred.me.did)
    assert (mine.operation, mine.record["text"], mine.cid) == ("create", "heard by all", wrote.cid)
    assert all(event.collection.startswith("app.bsky.feed.") for event in heard)
    again = heard_on_jetstream(
        devnet, {"cursor": mine.seq, "dids": [fred.me.did], "kinds": ["commit"]}
    )
    assert [e.seq for e in again][:1] == [mine.seq]


def let_in(who, whom: str) -> None:
    """Declare who may write messages to them, and wait until the AppView knows."""
    who.com.atproto.repo.put_record(
        {"repo": who.me.did, "collection": "chat.bsky.actor.declaration", "rkey": "self",
         "record": {"$type": "chat.bsky.actor.declaration", "allowIncoming": whom}}
    )  # fmt: skip

    def declared() -> bool:
        chat = who.get_profile(who.me.did).associated.chat
        return chat is not None and chat.allow_incoming == whom

    eventually(declared)


def messenger_by(devnet: Devnet, who, *, privileged: bool):
    word = devnet.app_password(who, privileged=privileged)
    return devnet.messenger(devnet.person(who.me.handle, word))


def first_from_firehose(devnet: Devnet, uri: str) -> str:
    client, found = FirehoseSubscribeReposClient({"cursor": 0}, devnet.firehose), []

    def heard(frame) -> None:
        commit = parse_subscribe_repos_message(frame)
        for change in getattr(commit, "ops", ()):
            if uri.endswith(change.path):
                found.append(str(change.cid))
                client.stop()

    client.start(heard)
    return found[0]


def heard_on_jetstream(devnet: Devnet, params) -> list:
    """The commits of the past that a consumer with these parameters is told."""
    heard: list = []
    client = JetstreamClient(params, base_uri=devnet.jetstream.url, compress=False)
    running = threading.Thread(target=client.start, args=(heard.append,), daemon=True)
    running.start()
    eventually(lambda: len(heard) > 0)
    count = -1
    while count != (count := len(heard)):
        threading.Event().wait(0.2)
    client.stop()
    devnet.jetstream.drop()
    running.join(10)
    return [event for event in heard if hasattr(event, "operation")]
