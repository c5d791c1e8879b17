"""Reading X by asking: pages, places, wordings, rooms, and what it costs."""

from __future__ import annotations

import pytest

from sanderling.core.network import (
    Follows,
    Hides,
    Likes,
    Network,
    Page,
    Post,
    Rechecks,
    Refused,
    Room,
    Seeks,
    SignInLost,
    TakesBack,
    TakesPush,
    Thrifty,
    Throttled,
    Unreachable,
)
from sanderling.core.pricing import MICROS, Act
from sanderling.networks.x import X


def pull_all(network: X, since: str | None = None) -> list[Page]:
    pages = [network.pull(since)]
    while pages[-1].more:
        pages.append(network.pull(pages[-1].cursor))
    return pages


def posts_of(pages: list[Page]) -> list[Post]:
    return [post for page in pages for post in page.posts]


def test_it_is_a_network_with_all_that_x_offers(stage) -> None:
    network = stage.connector()
    kinds = (Network, Follows, Seeks, Thrifty, Rechecks, TakesPush, Hides, TakesBack)
    assert all(isinstance(network, kind) for kind in kinds)
    assert not isinstance(network, Likes)
    assert network.limits.replies == "summoned"
    enterprise = stage.connector(tier="enterprise")
    assert isinstance(enterprise, Likes)
    assert (enterprise.limits.replies, enterprise.limits.prices) == ("open", None)


def test_whoami_names_the_account(stage) -> None:
    who = stage.connector().whoami()
    assert (who.id, who.handle) == (stage.acme.id, "acme")


def test_an_x_that_still_speaks_of_tweets_is_asked_in_its_words(stage) -> None:
    stage.x.spelling = "tweet"
    root = stage.ask()
    reply = stage.x.post(stage.ada, "@acme still", reply_to=stage.x.world.posts[root]).id
    network = stage.connector()
    told = {post.remote_id: post for post in posts_of(pull_all(network))}
    assert told[reply].reply_to == root
    assert len(stage.x.violations) == 1
    stage.x.violations.clear()
    pull_all(network)


def test_a_mention_tells_who_wrote_what_to_whom(stage) -> None:
    root = stage.ask("@acme a &amp; b < c https://example.com/whole?a=1&b=2")
    reply = stage.x.post(stage.ada, "@acme still", reply_to=stage.x.world.posts[root]).id
    told = {post.remote_id: post for post in posts_of(pull_all(stage.connector()))}
    first, second = told[root], told[reply]
    assert first.text == "@acme a &amp; b < c https://example.com/whole?a=1&b=2"
    assert first.links == ("https://example.com/whole?a=1&b=2",)
    assert (first.room, first.author.handle, first.reply_to) == (Room.PUBLIC, "ada", None)
    assert first.mentions == (stage.acme.id,)
    assert first.author.takes_messages == "all"
    assert (second.reply_to, second.reply_to_author) == (root, stage.ada.id)
    assert second.thread == first.thread
    assert first.created_at.tzinfo is not None


def test_pages_hold_every_post_once_and_a_cursor_only_what_came_after(stage) -> None:
    asked = {stage.ask(f"@acme question {i}") for i in range(130)}
    pages = pull_all(stage.connector())
    told = [post.remote_id for post in posts_of(pages)]
    assert len(pages) > 1
    assert len(told) == len(set(told)) == 130
    assert set(told) == asked
    cursor = pages[-1].cursor
    assert posts_of(pull_all(stage.connector(), cursor)) == []
    later = stage.ask("@acme after")
    assert [p.remote_id for p in posts_of(pull_all(stage.connector(), cursor))] == [later]


def test_no_more_than_the_newest_two_hundred_are_bought_at_first(stage) -> None:
    asked = [stage.ask(f"@acme question {i}") for i in range(320)]
    told = {post.remote_id for post in posts_of(pull_all(stage.connector()))}
    assert told == set(asked[-200:])


def test_a_reader_that_stopped_half_way_goes_on_there_and_then_reads_what_is_new(stage) -> None:
    asked = [stage.ask(f"@acme question {i}") for i in range(150)]
    first = stage.connector().pull(None)
    assert first.more
    meanwhile = stage.ask("@acme meanwhile")
    rest = pull_all(stage.connector(), first.cursor)
    new = pull_all(stage.connector(), rest[-1].cursor)
    told = [post.remote_id for post in posts_of([first, *rest, *new])]
    assert sorted(told) == sorted([*asked, meanwhile])


def test_our_answers_typed_on_x_itself_are_ours_without_the_names_x_puts_before(stage) -> None:
    root = stage.ask()
    stage.x.post(stage.acme, "Typed by hand", reply_to=stage.x.world.posts[root])
    (ours,) = (p for p in posts_of(pull_all(stage.connector())) if p.author.id == stage.acme.id)
    assert (ours.text, ours.reply_to) == ("Typed by hand", root)


def test_an_edit_is_the_same_post_with_new_words_and_a_later_time(stage) -> None:
    post = stage.x.post(stage.ada, "@acme teh kettle")
    cursor = pull_all(stage.connector())[-1].cursor
    stage.x.advance(minutes=3)
    stage.x.edit(post, "@acme the kettle")
    (after,) = posts_of(pull_all(stage.connector(), cursor))
    assert (after.remote_id, after.text) == (post.id, "@acme the kettle")
    assert after.edited_at is not None
    assert (after.edited_at - after.created_at).total_seconds() >= 170
    assert after.version_at > after.created_at


def test_direct_messages_name_the_other_person_whoever_wrote(stage) -> None:
    stage.x.send(stage.ada, stage.acme, "my number is 17 & more")
    stage.x.send(stage.acme, stage.ada, "thank you")
    told = [p for p in posts_of(pull_all(stage.connector())) if p.room is Room.DIRECT]
    assert {p.text for p in told} == {"my number is 17 & more", "thank you"}
    assert {p.counterpart for p in told} == {stage.ada.id}
    assert len({p.thread for p in told}) == 1
    assert {p.author.handle for p in told} == {"ada", "acme"}


def test_messages_are_read_on_from_where_we_were(stage) -> None:
    for i in range(30):
        stage.x.send(stage.ada, stage.acme, f"message {i}")
    cursor = pull_all(stage.connector())[-1].cursor
    for i in range(25):
        stage.x.send(stage.ada, stage.acme, f"new {i}")
    told = posts_of(pull_all(stage.connector(), cursor))
    assert {f"new {i}" for i in range(25)} <= {post.text for post in told}


def test_messages_that_x_makes_us_wait_for_hold_nothing_else_up(stage) -> None:
    stage.x.send(stage.ada, stage.acme, "first")
    cursor = pull_all(stage.connector())[-1].cursor
    new = {stage.x.send(stage.ada, stage.acme, f"new {i}").id for i in range(25)}
    stage.x.advance(minutes=16)
    stage.x.limit("getDirectMessagesEvents", 1)
    asked = stage.ask()
    network = stage.connector()
    pages = pull_all(network, cursor)
    told = {post.remote_id for post in posts_of(pages)}
    assert asked in told
    assert not new <= told
    stage.x.advance(minutes=16)
    stage.x.limit("getDirectMessagesEvents", 15)
    told |= {post.remote_id for post in posts_of(pull_all(network, pages[-1].cursor))}
    assert new <= told


def test_without_the_scope_for_messages_the_rest_is_read_and_a_warning_says_so(stage) -> None:
    asked = stage.ask()
    network = stage.connector(scope="tweet.read users.read offline.access")
    page = network.pull(None)
    assert [post.remote_id for post in page.posts] == [asked]
    assert page.warning is not None
    assert "Direct messages cannot be read" in page.warning


def test_all_well_is_told_once_as_an_empty_warning(stage) -> None:
    network = stage.connector()
    first = network.pull(None)
    assert first.warning == ""
    assert network.pull(first.cursor).warning is None


def test_what_we_count_is_what_x_charges(stage) -> None:
    for i in range(5):
        root = stage.ask(f"@acme {i}")
        stage.x.post(stage.ada, "@acme more", reply_to=stage.x.world.posts[root])
    stage.x.post(stage.acme, "News")
    stage.x.send(stage.ada, stage.acme, "psst")
    network = stage.connector()
    charges = [charge for page in pull_all(network) for charge in page.charges]
    assert network.limits.prices.cost(charges) == round(stage.x.bill.total * MICROS)


def test_reading_is_charged_once_a_day(stage) -> None:
    stage.ask()
    network = stage.connector()
    charged = {charge.act: charge.count for page in pull_all(network) for charge in page.charges}
    assert charged[Act.READ_OWN] == 1
    assert charged[Act.READ_PERSON] >= 1
    assert [charge for page in pull_all(network) for charge in page.charges] == []
    stage.x.advance(hours=25)
    assert any(page.charges for page in pull_all(stage.connector()))


def test_a_page_keeps_what_was_received(stage) -> None:
    assert stage.ask().encode() in pull_all(stage.connector())[0].raw


def test_gone_and_edited_posts_are_found_by_looking_again(stage) -> None:
    kept, gone = stage.ask("@acme one"), stage.x.post(stage.ada, "@acme two")
    edited = stage.x.post(stage.ada, "@acme thre")
    stage.x.delete(gone)
    stage.x.advance(minutes=1)
    stage.x.edit(edited, "@acme three")
    page = stage.connector().recheck([kept, gone.id, edited.id, "not an id"])
    assert [deletion.remote_id for deletion in page.deletions] == [gone.id]
    latest = {p.remote_id: p.text for p in sorted(page.posts, key=lambda p: p.version_at)}
    assert latest == {kept: "@acme one", edited.id: "@acme three"}


def test_looking_up_an_earlier_wording_leads_to_the_newest(stage) -> None:
    stage.x.old_ids = "as asked"
    post = stage.x.post(stage.ada, "@acme teh")
    stage.x.advance(minutes=1)
    stage.x.edit(post, "@acme the")
    page = stage.connector().recheck([post.id])
    assert max(page.posts, key=lambda p: p.version_at).text == "@acme the"


@pytest.mark.parametrize("cursor", ["nonsense", "1-live-9", "{}", '{"type":"y"}'])
def test_a_cursor_of_another_network_is_refused_in_words(stage, cursor: str) -> None:
    with pytest.raises(Refused, match="Connect the account again"):
        stage.connector().pull(cursor)


def test_a_used_up_limit_says_until_when_and_is_not_tried_in_vain(stage) -> None:
    stage.x.limit("getUsersMentions", 1)
    network = stage.connector()
    cursor = network.pull(None).cursor
    before = len(stage.x.calls)
    with pytest.raises(Throttled) as caught:
        network.pull(cursor)
    assert caught.value.until > stage.now()
    assert len(stage.x.calls) == before
    stage.x.advance(minutes=16)
    network.pull(cursor)


def test_used_up_credit_is_a_pause_with_words(stage) -> None:
    stage.x.credit = 0
    with pytest.raises(Throttled, match="credit"):
        stage.connector().pull(None)


@pytest.mark.parametrize("kind", ["refuse", "cut", "cut_midway"])
def test_a_failing_x_is_unreachable(stage, kind: str) -> None:
    stage.x.fault("getUsersMentions", kind)
    with pytest.raises(Unreachable):
        stage.connector().pull(None)
    stage.ask()
    assert len(posts_of(pull_all(stage.connector()))) == 1


def test_nobody_listening_is_unreachable(stage) -> None:
    vault = stage.vault()
    network = X("http://127.0.0.1:9", vault, clock=stage.now)
    with pytest.raises(Unreachable):
        network.pull(None)
    network.close()


def test_permission_taken_back_is_a_lost_sign_in(stage) -> None:
    network = stage.connector()
    stage.x.keys.revoke(stage.acme)
    with pytest.raises(SignInLost):
        network.pull(None)


@pytest.mark.parametrize("kind", ["malformed", "stripped", "repeat", "shuffle"])
def test_a_spoilt_answer_loses_nothing_that_is_whole(stage, kind: str) -> None:
    asked = {stage.ask(f"@acme {i}") for i in range(5)}
    stage.x.fault("getUsersMentions", kind)
    network = stage.connector()
    try:
        told = {post.remote_id for post in posts_of(pull_all(network))}
    except Unreachable:
        assert kind == "malformed"
        told = {post.remote_id for post in posts_of(pull_all(network))}
    assert len(told & asked) >= (4 if kind == "stripped" else 5)
