"""What every network's connector promises, tried against a real server with real faults.

A new connector joins by a stage: see stages/stage.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from sanderling.core.network import (
    Draft,
    Follows,
    Likes,
    Network,
    NetworkError,
    OutcomeUnknown,
    Page,
    Post,
    Receipt,
    Rechecks,
    Refused,
    Room,
    SignInLost,
    TakesBack,
    Throttled,
    Unreachable,
)
from stages.all import STAGES
from stages.stage import Stage

PATIENCE_S = 30


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with STAGES[request.param](request, tmp_path / "stage") as made:
        yield made


def pull_all(stage: Stage, since: str | None = None, network: Network | None = None) -> list[Page]:
    """Every page after `since`; the order of posts within them is free."""
    stage.settle()
    network = network or stage.make()
    pages = [network.pull(stage.later(since))]
    while pages[-1].more:
        pages.append(network.pull(pages[-1].cursor))
    return pages


def cursor_of(pages: list[Page]) -> str | None:
    return next((page.cursor for page in reversed(pages) if page.cursor is not None), None)


def posts_of(pages: Iterable[Page]) -> list[Post]:
    return [post for page in pages for post in page.posts]


def ids(posts: Iterable[Post]) -> list[str]:
    return sorted(post.remote_id for post in posts)


def post_of(pages: Iterable[Page], remote_id: str) -> Post:
    """The only telling of a post."""
    (post,) = (post for post in posts_of(pages) if post.remote_id == remote_id)
    return post


def ours_of(stage: Stage, pages: Iterable[Page]) -> list[Post]:
    return [post for post in posts_of(pages) if post.author.id == stage.us]


# Reading


def test_it_is_a_network_with_a_name_and_limits(stage: Stage) -> None:
    network = stage.make()
    assert isinstance(network, Network)
    assert network.name == stage.name
    writable = stage.can("answer")
    assert (max(network.limits.public_length, network.limits.direct_length) > 0) == writable


def test_pages_never_repeat_a_post_and_hold_them_all(stage: Stage) -> None:
    asked = [stage.ask(f"question {i}", by=i % 3) for i in range(stage.many)]
    pages = pull_all(stage)
    assert len(pages) > 1 or not stage.can("pages")
    assert ids(posts_of(pages)) == sorted(asked)


def test_a_cursor_given_back_yields_only_what_came_after(stage: Stage) -> None:
    network = stage.make()
    stage.ask("before")
    cursor = cursor_of(pull_all(stage, None, network))
    stage.needs("sharp cursor")
    assert posts_of(pull_all(stage, cursor, network)) == []
    later = stage.ask("after")
    told = pull_all(stage, cursor, network)
    assert ids(posts_of(told)) == [later]
    assert posts_of(pull_all(stage, cursor_of(told), network)) == []


def test_another_process_goes_on_from_the_cursor_and_misses_nothing(stage: Stage) -> None:
    stage.ask("before")
    cursor = cursor_of(pull_all(stage))
    later = stage.ask("after")
    assert later in ids(posts_of(pull_all(stage, cursor)))


def test_a_page_keeps_what_was_received(stage: Stage) -> None:
    stage.needs("raw")
    stage.ask("a zebra on the bill")
    assert any(b"a zebra on the bill" in page.raw for page in pull_all(stage))


def test_a_post_tells_who_wrote_it_and_where(stage: Stage) -> None:
    began = datetime.now(UTC)
    first, second = stage.ask(by=0), stage.ask("mine too", by=1)
    pages = pull_all(stage)
    post, other = post_of(pages, first), post_of(pages, second)
    assert post.room == stage.room
    assert "my bill is wrong" in post.text
    assert post.author.handle
    assert post.created_at.utcoffset() == timedelta(0)
    assert abs(post.created_at - began) < timedelta(minutes=2)
    if stage.can("authors"):
        assert (post.author.id, other.author.id) == (stage.people[0], stage.people[1])
    if stage.room is Room.DIRECT:
        assert post.counterpart == stage.people[0]
    elif stage.can("mention"):
        assert (post.reply_to, post.counterpart) == (None, None)
        assert post.mentions == (stage.us,)


def test_a_reply_to_our_answer_tells_what_it_belongs_to(stage: Stage) -> None:
    stage.needs("answer", "thread")
    root = stage.ask()
    stage.settle()
    answer = stage.make().push(stage.draft("We are on it", to=root), "k1").remote_id
    reply = stage.reply(answer, "same here", by=0)
    pages = pull_all(stage)
    first, ours, second = (post_of(pages, post) for post in (root, answer, reply))
    assert (ours.reply_to, second.reply_to) == (root, answer)
    assert second.reply_to_author in (None, stage.us)
    assert first.thread == ours.thread == second.thread


def test_a_direct_message_names_the_other_person_whoever_wrote_it(stage: Stage) -> None:
    stage.needs("message")
    asked = stage.write("my number is 555", by=1)
    stage.settle()
    receipt = stage.make().push(stage.message("Thank you", by=1), "k1")
    pages = pull_all(stage)
    theirs, ours = post_of(pages, asked), post_of(pages, receipt.remote_id)
    assert theirs.room == ours.room == Room.DIRECT
    assert theirs.counterpart == ours.counterpart == stage.people[1] == theirs.author.id
    assert theirs.thread == ours.thread
    assert ours.author.id == stage.us


def test_an_answer_typed_in_the_network_itself_is_pulled_as_ours(stage: Stage) -> None:
    stage.needs("native")
    typed = stage.type("Typed by hand", to=stage.ask())
    post = post_of(pull_all(stage), typed)
    assert post.author.id == stage.us
    assert "Typed by hand" in post.text


def test_an_edit_is_the_same_post_again_with_new_words_and_a_later_time(stage: Stage) -> None:
    stage.needs("edit")
    post, network = stage.ask("teh bill"), stage.make()
    read = pull_all(stage, None, network)
    before = post_of(read, post)
    stage.edit(post, "the bill")
    told = posts_of(edits(stage, cursor_of(read), post, network))
    after = max((p for p in told if p.remote_id == post), key=lambda p: p.version_at)
    assert "teh bill" in before.text
    assert "the bill" in after.text
    assert after.version_at > before.version_at
    assert after.created_at == before.created_at


def test_a_deletion_is_told_with_its_room(stage: Stage) -> None:
    stage.needs("delete")
    post = stage.ask()
    cursor = cursor_of(pull_all(stage))
    stage.delete(post)
    pages = edits(stage, cursor, post, stage.make())
    gone = {(d.remote_id, d.room) for page in pages for d in page.deletions}
    assert gone == {(post, stage.room)}


def edits(stage: Stage, cursor: str | None, post: str, network: Network) -> list[Page]:
    """What is told of a post from then on, by itself or by looking it up again."""
    pages = pull_all(stage, cursor, network)
    if isinstance(network, Rechecks):
        pages.append(network.recheck([post]))
    return pages


def test_likes_and_reposts_are_signals_and_no_posts(stage: Stage) -> None:
    stage.needs("like", "repost")
    post = liked(stage)
    stage.settle()
    before = len(posts_of(pull_all(stage)))
    stage.like(post)
    stage.repost(post)
    pages = pull_all(stage)
    signals = {(s.remote_id, s.kind, s.undone) for page in pages for s in page.signals}
    assert signals == {(post, "like", False), (post, "repost", False)}
    assert len(posts_of(pages)) == before


def test_a_like_can_be_taken_back(stage: Stage) -> None:
    stage.needs("like", "undo")
    post = liked(stage)
    stage.like(post)
    stage.like(post, undone=True)
    signals = [s for page in pull_all(stage) for s in page.signals]
    assert [(s.kind, s.undone) for s in signals] == [("like", False), ("like", True)]


def liked(stage: Stage) -> str:
    """A post of which the network tells who likes it: everywhere one of ours."""
    return stage.make().push(stage.draft("We are back"), "k-liked").remote_id


# Following


def heard(pages: Iterable[Page], text: str) -> Post:
    """The post with these words, when it comes."""
    until = monotonic() + PATIENCE_S
    for page in pages:
        for post in page.posts:
            if text in post.text:
                return post
        assert monotonic() < until, f"{text!r} was not told"
    raise AssertionError("the stream ended quietly")


def test_a_stream_tells_what_happens_as_it_happens(stage: Stage) -> None:
    stage.needs("stream")
    network = stage.make()
    assert isinstance(network, Follows)
    with closing(network.follow(cursor_of(pull_all(stage)))) as pages:
        next(pages)
        writer = threading.Timer(0.3, stage.ask, ["is anybody there?"])
        writer.start()
        post = heard(pages, "is anybody there?")
        writer.join()
    assert post.room == stage.room
    assert post.author.id != stage.us


def test_a_stream_that_breaks_off_says_so_or_goes_on(stage: Stage) -> None:
    stage.needs("stream")
    network = stage.make()
    cursor = cursor_of(pull_all(stage))
    with closing(network.follow(cursor)) as pages:
        next(pages)
        stage.proxy.hang_up()
        stage.ask("while you were away")
        try:
            heard(pages, "while you were away")
        except Unreachable:
            assert any("while you were away" in p.text for p in posts_of(pull_all(stage, cursor)))


def test_following_a_network_that_is_down_is_unreachable(stage: Stage) -> None:
    stage.needs("stream")
    network = stage.make()
    cursor = cursor_of(pull_all(stage))
    with stage.proxy.away(), closing(network.follow(cursor)) as pages, pytest.raises(Unreachable):
        list(pages)


# Writing


def test_what_answers_nobody_stands_for_everybody_and_what_comes_next_stands_under_it(
    stage: Stage,
) -> None:
    network = stage.make()
    if not network.limits.announces:
        with pytest.raises(NetworkError):
            network.push(Draft(room=Room.PUBLIC, text="We see it", at=datetime.now(UTC)), "k1")
        return
    first = network.push(Draft(room=Room.PUBLIC, text="We see it", at=datetime.now(UTC)), "k1")
    stage.settle()
    under = Draft(
        room=Room.PUBLIC, text="We fix it", reply_to=first.remote_id, at=datetime.now(UTC)
    )
    second = network.push(under, "k2")
    stage.settle()
    assert same(network.find("k2", under), second)
    pages = pull_all(stage)
    ours = {post.remote_id: post for post in ours_of(stage, pages)}
    assert ours.keys() == {first.remote_id, second.remote_id}
    assert (ours[first.remote_id].reply_to, ours[second.remote_id].reply_to) == (
        None,
        first.remote_id,
    )
    assert {post.room for post in ours.values()} == {Room.PUBLIC}


def test_what_was_pushed_stands_on_the_network_and_its_receipt_says_where(stage: Stage) -> None:
    stage.needs("answer")
    root = stage.ask()
    stage.settle()
    receipt = stage.make().push(stage.draft("So sorry!", to=root), "k1")
    (ours,) = ours_of(stage, pull_all(stage))
    assert (ours.remote_id, ours.reply_to) == (receipt.remote_id, root)
    assert "So sorry!" in ours.text
    assert abs(ours.created_at - receipt.at) < timedelta(seconds=2)
    assert [text for text in stage.ours() if "So sorry!" in text] == stage.ours()


def test_a_pushed_key_is_found_and_an_unknown_one_is_not(stage: Stage) -> None:
    stage.needs("answer")
    draft, other = stage.draft("Found?", to=stage.ask()), stage.draft("Another")
    stage.settle()
    assert stage.make().find("k1", draft) is None
    receipt = stage.make().push(draft, "k1")
    stage.settle()
    assert same(stage.make().find("k1", draft), receipt)
    assert stage.make().find("k2", other) is None


def same(found: Receipt | None, receipt: Receipt) -> bool:
    return found is not None and found.remote_id == receipt.remote_id


def test_pushing_a_key_twice_makes_one_post(stage: Stage) -> None:
    stage.needs("answer")
    network, draft = stage.make(), stage.draft("Once", to=stage.ask())
    stage.settle()
    if not network.limits.keeps(stage.room):
        pytest.skip(f"{stage.name} keeps no keys: its answers are looked for by their words")
    first = network.push(draft, "k1")
    assert same(network.push(draft, "k1"), first)
    assert same(stage.make().push(draft, "k1"), first)
    stage.settle()
    assert len(stage.ours()) == 1


def test_keys_may_hold_any_characters(stage: Stage) -> None:
    stage.needs("answer")
    key, draft = "case/42?part=1#a b", stage.draft("Any key", to=stage.ask())
    stage.settle()
    receipt = stage.make().push(draft, key)
    stage.settle()
    assert same(stage.make().find(key, draft), receipt)


def test_without_keys_a_push_is_found_by_its_words_and_its_place(stage: Stage) -> None:
    stage.needs("answer")
    network = stage.make()
    if network.limits.keeps(stage.room):
        pytest.skip(f"{stage.name} keeps keys")
    stage.needs("words")
    root, other = stage.ask(by=0), stage.ask("another matter", by=1)
    stage.settle()
    draft = stage.draft("On it", to=root)
    receipt = network.push(draft, "k1")
    stage.settle()
    assert same(network.find("k1", draft), receipt)
    assert network.find("k1", stage.draft("On it", to=other, by=1)) is None
    assert network.find("k1", stage.draft("On it too", to=root)) is None


def test_a_message_is_found_as_well(stage: Stage) -> None:
    stage.needs("message")
    stage.write("hello?", by=1)
    stage.settle()
    draft = stage.message("Hello there", by=1)
    assert stage.make().find("k1", draft) is None
    receipt = stage.make().push(draft, "k1")
    stage.settle()
    assert same(stage.make().find("k1", draft), receipt)
    assert stage.make().find("k2", stage.message("Something else", by=1)) is None


def test_liking_twice_is_the_same_as_once(stage: Stage) -> None:
    network = stage.make()
    if not isinstance(network, Likes):
        pytest.skip(f"{stage.name}: we cannot like there")
    post = stage.ask()
    stage.settle()
    network.like(post)
    network.like(post)


def test_taking_back_twice_is_the_same_as_once(stage: Stage) -> None:
    network = stage.make()
    if not isinstance(network, TakesBack):
        pytest.skip(f"{stage.name}: nothing can be taken back there")
    receipt = network.push(stage.draft("A slip", to=stage.ask()), "k1")
    network.take_back(receipt.remote_id, stage.room)
    network.take_back(receipt.remote_id, stage.room)
    stage.settle()
    assert stage.ours() == []


# The five errors

Do = Callable[[Stage, Network], object]
ACTS = [
    pytest.param(lambda _, network: network.pull(None), id="pull"),
    pytest.param(lambda stage, network: network.push(stage.draft("We are on it"), "k"), id="push"),
    pytest.param(lambda stage, network: network.find("k", stage.draft("We are on it")), id="find"),
]


def needs_of(stage: Stage, do: Do) -> None:
    if do is not ACTS[0].values[0]:
        stage.needs("answer")


@pytest.mark.parametrize("do", ACTS)
def test_throttled_says_until_when_and_afterwards_all_is_well(stage: Stage, do: Do) -> None:
    stage.needs("limits")
    needs_of(stage, do)
    stage.tire(30)
    with pytest.raises(Throttled) as caught:
        do(stage, stage.make())
    now = datetime.now(UTC)
    assert now < caught.value.until <= now + timedelta(seconds=32)
    stage.proxy.well()
    do(stage, stage.make())


@pytest.mark.parametrize("do", ACTS)
def test_a_network_that_is_down_is_unreachable_and_took_nothing(stage: Stage, do: Do) -> None:
    needs_of(stage, do)
    network = stage.make()
    with stage.proxy.away(), pytest.raises(Unreachable):
        do(stage, network)
    stage.settle()
    assert stage.ours() == []


@pytest.mark.parametrize("do", ACTS)
def test_a_permission_that_is_gone_is_a_lost_sign_in(stage: Stage, do: Do) -> None:
    stage.needs("sign-in")
    needs_of(stage, do)
    stage.sign_out()
    with pytest.raises(SignInLost):
        do(stage, stage.make())


def test_what_the_network_refuses_is_refused_with_its_reason(stage: Stage) -> None:
    stage.needs("answer")
    network = stage.make()
    limits = network.limits
    longest = limits.direct_length if stage.room is Room.DIRECT else limits.public_length
    if stage.can("length"):
        with pytest.raises(Refused, match=r"\w \w"):
            network.push(stage.draft("long " * longest), "k2")
    if stage.can("gone"):
        gone = stage.ask()
        stage.delete(gone)
        stage.settle()
        with pytest.raises(Refused, match=r"\w \w"):
            network.push(stage.draft("Hello", to=gone), "k3")
    assert stage.ours() == []


CURSORS = ("another-live-3", "nonsense", "1-live-999999", '{"v":99}', "é" * 50, "")


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_of_another_network_is_refused_in_words_or_reads_from_the_start(
    stage: Stage, cursor: str
) -> None:
    asked = stage.ask()
    try:
        assert ids(posts_of(pull_all(stage, cursor))) == [asked]
    except Refused as refused:
        assert "Connect the account again" in str(refused)  # noqa: PT017  either is right


@pytest.mark.parametrize(
    ("kind", "taken"),
    [("cut after", True), ("hang after", True), ("cut before", False)],
)
def test_a_lost_answer_is_an_unknown_outcome_and_find_tells_the_truth(
    stage: Stage, kind: str, taken: bool
) -> None:
    stage.needs("answer")
    draft = stage.draft("Are you there?", to=stage.ask())
    stage.settle()
    network = stage.make(answer_s=0.7)
    stage.proxy.let(kind, stage.writes, seconds=20)
    with pytest.raises(OutcomeUnknown):
        network.push(draft, "k1")
    stage.proxy.well()
    stage.settle()
    assert len(stage.ours()) == taken
    stage.needs("find after loss")
    found = stage.make().find("k1", draft)
    standing = ids(ours_of(stage, pull_all(stage)))
    assert ([found.remote_id] if found else []) == standing
    assert bool(standing) == taken


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_failing_server_may_have_taken_it(stage: Stage, status: int) -> None:
    stage.needs("answer", "failing answers")
    draft = stage.draft("Are you there?", to=stage.ask())
    stage.settle()
    stage.proxy.let("answer after", stage.writes, status=status)
    with pytest.raises(OutcomeUnknown):
        stage.make().push(draft, "k1")
    stage.proxy.well()
    stage.settle()
    assert stage.make().find("k1", draft)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_to_tell_is_unreachable(stage: Stage, status: int) -> None:
    stage.ask()
    stage.proxy.let("answer", stage.reads, status=status)
    with pytest.raises(Unreachable):
        stage.make().pull(None)
    stage.proxy.well()
    assert len(posts_of(pull_all(stage))) == 1


def test_half_an_answer_loses_nothing(stage: Stage) -> None:
    cursor = cursor_of(pull_all(stage))
    asked = [stage.ask(f"question {i}") for i in range(6)]
    stage.settle()
    stage.proxy.let("truncate", stage.reads)
    pages: list[Page] = []
    with suppress(Unreachable):
        pages.append(stage.make().pull(stage.later(cursor)))
    stage.proxy.well()
    pages += pull_all(stage, cursor_of(pages) or cursor)
    assert set(ids(posts_of(pages))) >= set(asked)


def test_half_an_answer_to_a_push_leaves_it_findable(stage: Stage) -> None:
    stage.needs("answer")
    draft = stage.draft("Half heard", to=stage.ask())
    stage.settle()
    stage.proxy.let("truncate", stage.writes)
    with suppress(OutcomeUnknown):
        stage.make().push(draft, "k1")
    stage.proxy.well()
    stage.settle()
    assert stage.make().find("k1", draft)
    assert len(stage.ours()) == 1


# What goes wrong on the way


def test_pages_survive_a_pull_that_fails_half_way(stage: Stage) -> None:
    """Whoever goes on from the last cursor after each failure hears all of it."""
    asked = [stage.ask(f"question {i}", by=i % 3) for i in range(stage.many)]
    stage.settle()
    stage.proxy.let("cut before", stage.reads, chance=0.3, times=stage.stumbles)
    network, cursor, told = stage.make(), None, set[str]()
    for _ in range(200):
        try:
            page = network.pull(cursor)
        except NetworkError:
            continue
        told |= {post.remote_id for post in page.posts}
        cursor = page.cursor or cursor
        if not page.more:
            break
    assert told == set(asked)
