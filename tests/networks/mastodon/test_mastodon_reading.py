"""What the connector tells of a server's posts, likes, messages, edits and deletions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from networks.mastodon.conftest import Connect
from sanderling.core.network import (
    Follows,
    Likes,
    Network,
    Page,
    Post,
    Rechecks,
    Refused,
    Room,
    Seeks,
    TakesBack,
)
from sanderling.networks.mastodon import Mastodon
from sanderling.networks.mastodon.place import MOST_AT_FIRST, Reached
from servers.mastodon import Manners, Server


def pull_all(network: Mastodon, since: str | None = None) -> list[Page]:
    pages = [network.pull(since)]
    while pages[-1].more:
        pages.append(network.pull(pages[-1].cursor))
    return pages


def posts_of(pages: list[Page]) -> dict[str, Post]:
    return {post.remote_id: post for page in pages for post in page.posts}


def test_it_is_a_network_and_what_it_can_do_besides(server: Server, connect: Connect) -> None:
    network = connect(server.person("desk"))
    for kind in (Network, Follows, Seeks, Rechecks, TakesBack, Likes):
        assert isinstance(network, kind)
    assert network.name == "mastodon"


def test_limits_are_those_of_the_server_with_room_for_the_mention(
    server: Server, connect: Connect
) -> None:
    network = connect(server.person("desk"))
    assert network.limits.public_length == 468, "Mastodon's usual ones until it says"
    next(network.follow(None))
    limits = network.limits
    assert (limits.public_length, limits.direct_length, limits.media) == (468, 468, 4)
    assert (limits.media_bytes, limits.keeps_keys) == (10_485_760, False)
    assert "image/webp" in limits.media_types
    assert "administrators" in limits.read_by


def test_limits_are_the_usual_ones_while_the_server_does_not_say(
    server: Server, connect: Connect
) -> None:
    server.fault("status", path="/api/v*/instance", status=503)
    network = connect(server.person("desk"))
    next(network.follow(None))
    assert network.limits.public_length == 468


def test_a_mention_tells_who_wrote_it_to_whom_and_where(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    asked = jo.post(f"@{desk.username} my bill is wrong, see https://jo.example/bill")
    (page,) = pull_all(connect(desk))
    (post,) = page.posts
    assert post.remote_id == f"{asked['id']}@{server.host}"
    assert post.author.id == f"{jo.id}@{server.host}"
    assert post.author.handle == f"{jo.username}@{server.host}"
    assert post.mentions == (f"{desk.id}@{server.host}",)
    assert post.text == f"@{desk.username} my bill is wrong, see https://jo.example/bill"
    assert post.links == ("https://jo.example/bill",)
    assert (post.room, post.counterpart, post.reply_to) == (Room.PUBLIC, None, None)
    assert post.url == asked["url"]
    assert post.created_at.tzinfo is not None
    assert asked["id"].encode() in page.raw


@pytest.mark.parametrize("visibility", ["direct", "private"])
def test_what_not_everybody_may_read_is_direct_with_its_author(
    server: Server, connect: Connect, visibility: str
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    jo.post(f"@{desk.username} my number is ...", visibility=visibility)
    (post,) = posts_of(pull_all(connect(desk))).values()
    assert (post.room, post.counterpart) == (Room.DIRECT, f"{jo.id}@{server.host}")


def test_what_we_typed_in_an_app_is_told_as_ours_with_whom_it_was_to(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    root = jo.post(f"@{desk.username} hello?")
    public = desk.post(f"@{jo.username} hello!", in_reply_to_id=root["id"])
    direct = desk.post(f"@{jo.username} between us", visibility="direct")
    told = posts_of(pull_all(connect(desk)))
    us, them = f"{desk.id}@{server.host}", f"{jo.id}@{server.host}"
    reply = told[f"{public['id']}@{server.host}"]
    assert (reply.author.id, reply.reply_to) == (us, f"{root['id']}@{server.host}")
    assert reply.reply_to_author == them
    message = told[f"{direct['id']}@{server.host}"]
    assert (message.author.id, message.room, message.counterpart) == (us, Room.DIRECT, them)


def test_likes_and_reposts_are_signals(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    ours = desk.post("Good news")
    jo.act(ours["id"], "favourite")
    jo.act(ours["id"], "reblog")
    signals = [s for page in pull_all(connect(desk)) for s in page.signals]
    assert {(s.kind, s.remote_id, s.actor) for s in signals} == {
        (kind, f"{ours['id']}@{server.host}", f"{jo.id}@{server.host}")
        for kind in ("like", "repost")
    }


def test_a_quote_tells_what_it_quotes_and_whose(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    ours = desk.post("Good news")
    jo.post(f"@{desk.username} really?", quoted_status_id=ours["id"])
    quote = next(p for p in posts_of(pull_all(connect(desk))).values() if p.quote_of)
    assert quote.quote_of == f"{ours['id']}@{server.host}"
    assert quote.quote_of_author == f"{desk.id}@{server.host}"


def test_pictures_are_told_with_their_descriptions(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    files = {"file": ("a.png", b"\x89PNG", "image/png")}
    media = jo.call("POST", "/api/v2/media", files=files, data={"description": "a bill"})
    jo.post(f"@{desk.username} look", media_ids=[media["id"]])
    (post,) = posts_of(pull_all(connect(desk))).values()
    ((kind, alt),) = [(one.kind, one.alt) for one in post.media]
    assert (kind, alt) == ("picture", "a bill")


def test_a_cursor_given_back_yields_only_what_came_after(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    network = connect(desk)
    for i in range(45):
        jo.post(f"@{desk.username} before {i}")
    pages = pull_all(network)
    assert len(pages) > 1
    assert len(posts_of(pages)) == 45
    cursor = pages[-1].cursor
    assert posts_of(pull_all(network, cursor)) == {}
    later = [jo.post(f"@{desk.username} after {i}")["id"] for i in range(50)]
    told = posts_of(pull_all(network, cursor))
    assert set(told) == {f"{one}@{server.host}" for one in later}


def test_a_reader_that_was_killed_half_way_loses_nothing(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    posted = [jo.post(f"@{desk.username} {i}")["id"] for i in range(60)]
    first = connect(desk).pull(None)
    assert first.more
    posted.append(jo.post(f"@{desk.username} meanwhile")["id"])
    rest = pull_all(connect(desk), first.cursor)
    again = pull_all(connect(desk), rest[-1].cursor)
    told = posts_of([first, *rest, *again])
    assert {one.partition("@")[0] for one in told} == set(posted)


def test_at_first_only_what_is_recent_is_read() -> None:
    now = datetime.now(UTC)
    old = {"7": now - timedelta(days=31)}
    assert not Reached().further(old, "7", now=now).under_way
    assert Reached().further({"7": now}, "7", now=now).under_way
    many = Reached(top="9", next="9", read=MOST_AT_FIRST - 1)
    assert many.further({"8": now}, "8", now=now) == Reached(known="9")
    # Later nothing is left out, however much has come in.
    assert Reached(known="1").further({"7": now - timedelta(days=31)}, "7", now=now).under_way


def test_a_server_that_repeats_a_page_for_ever_is_not_read_for_ever() -> None:
    now = datetime.now(UTC)
    there = Reached(known="1", top="9", next="8")
    assert not there.further({"8": now}, "8", now=now).under_way


def test_a_cursor_of_another_network_is_refused_in_words(server: Server, connect: Connect) -> None:
    network = connect(server.person("desk"))
    for cursor in ("nonsense", "{}", '{"host": "elsewhere.example"}', "[1"):
        with pytest.raises(Refused, match="Connect the account again"):
            network.pull(cursor)


def test_an_edit_is_found_with_every_wording_and_asked_for_once(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    status = jo.post(f"@{desk.username} teh bill")
    network = connect(desk)
    (post,) = posts_of(pull_all(network)).values()
    jo.edit(status["id"], f"@{desk.username} the bil")
    jo.edit(status["id"], f"@{desk.username} the bill")
    told = sorted(network.recheck([post.remote_id]).posts, key=lambda p: p.version_at)
    assert [p.text.split(maxsplit=1)[1] for p in told] == ["teh bill", "the bil", "the bill"]
    assert told[0].edited_at is None
    assert len({p.version_at for p in told}) == 3
    assert len(network.recheck([post.remote_id]).posts) == 1


def test_a_recheck_tells_what_is_gone_and_what_stands(server: Server, connect: Connect) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    posts = [f"{jo.post(f'number {i}')['id']}@{server.host}" for i in range(25)]
    jo.delete(posts[3].partition("@")[0])
    page = connect(desk).recheck(posts)
    assert [(d.remote_id, d.room) for d in page.deletions] == [(posts[3], Room.PUBLIC)]
    assert {p.remote_id for p in page.posts} == {*posts} - {posts[3]}


def test_a_recheck_works_where_only_single_posts_can_be_looked_up(
    server: Server, connect: Connect, behaving
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    old = behaving(Manners(lacks=("/api/v1/statuses",)))
    kept, gone = jo.post("stays"), jo.post("goes")
    jo.delete(gone["id"])
    page = connect(desk, at=old).recheck([f"{s['id']}@{old.host}" for s in (kept, gone)])
    assert [p.remote_id for p in page.posts] == [f"{kept['id']}@{old.host}"]
    assert [d.remote_id for d in page.deletions] == [f"{gone['id']}@{old.host}"]


def test_direct_messages_of_strangers_that_a_policy_holds_back_are_told(
    server: Server, connect: Connect
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    policy = {"for_private_mentions": "filter"}
    desk.call("PATCH", "/api/v2/notifications/policy", json=policy)
    for text in ("please help", "my number is ..."):
        jo.post(f"@{desk.username} {text}", visibility="direct")
    assert desk.call("GET", "/api/v1/notifications") == []
    page = connect(desk).pull(None)
    assert [p.room for p in page.posts] == [Room.DIRECT, Room.DIRECT]


def test_what_a_server_does_not_offer_is_asked_for_once(
    server: Server, connect: Connect, behaving
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    manners = Manners(lacks=("/api/v1/conversations", "/api/v2/instance"))
    small = behaving(manners)
    jo.post(f"@{desk.username} hello")
    network = connect(desk, at=small)
    pages = pull_all(network)
    pull_all(network, pages[-1].cursor)
    assert len(posts_of(pages)) == 1
    assert manners.asked.count("GET /api/v1/conversations") == 1


def test_a_server_without_what_is_needed_is_refused_and_asked_again_later(
    server: Server, connect: Connect, behaving
) -> None:
    desk, jo = server.person("desk"), server.person("jo")
    jo.post(f"@{desk.username} hello")
    manners = Manners(lacks=("/api/v1/notifications",))
    network = connect(desk, at=behaving(manners))
    with pytest.raises(Refused):
        network.pull(None)
    manners.lacks = ()
    assert len(network.pull(None).posts) == 1
