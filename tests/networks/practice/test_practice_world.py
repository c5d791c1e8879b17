"""The rules of the practice network, and that its log is all there is to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.journal import CannotServe, Lines, recall
from sanderling.networks.practice.simulation import Simulation
from sanderling.networks.practice.world import Moment, Person, Refusal, World, Writing

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def at(tick: float) -> Moment:
    return Moment(START + timedelta(seconds=tick), tick)


def someone(number: int, messages: str = "everyone") -> Person:
    return Person(
        id=f"p{number}", handle=f"person{number}", name=f"Person {number}", lang="en",
        followers=10, messages=messages,  # type: ignore[arg-type]  # a test may pass any word
    )  # fmt: skip


@pytest.fixture
def world() -> World:
    world = World(born=1)
    for person in (CARE, someone(1), someone(2, "following"), someone(3, "nobody")):
        world.join(person, at(0))
    return world


def test_who_takes_messages_only_from_those_they_follow_refuses_us_until_they_follow(
    world: World,
) -> None:
    with pytest.raises(Refusal, match="only takes messages from accounts they follow"):
        world.write(CARE.id, Writing(text="Hello", room="direct", to="p2"), at(1))
    world.follow("p2", CARE.id, at(2))
    assert world.write(CARE.id, Writing(text="Hello", room="direct", to="p2"), at(3))


def test_who_takes_no_messages_can_still_be_answered_once_they_wrote(world: World) -> None:
    with pytest.raises(Refusal, match="takes no messages"):
        world.write(CARE.id, Writing(text="Hello", room="direct", to="p3"), at(1))
    world.write("p3", Writing(text="I need you", room="direct", to=CARE.id), at(2))
    assert world.write(CARE.id, Writing(text="Hello", room="direct", to="p3"), at(3))


@pytest.mark.parametrize(
    ("writing", "why"),
    [
        (Writing(text="  "), "empty"),
        (Writing(text="a" * 281), "280"),
        (Writing(text="a" * 10_001, room="direct", to="p1"), "10,000"),
        (Writing(text="Hello", room="direct"), "someone to go to"),
        (Writing(text="Hello", to="p1"), "someone to go to"),
        (Writing(text="Hello", reply_to="404"), "gone"),
        (Writing(text="Hello", room="direct", to="nobody"), "nobody called"),
        (Writing(text="Hello", room="direct", to=CARE.id), "themselves"),
    ],
)
def test_what_the_network_refuses_it_refuses_with_a_sentence(
    world: World, writing: Writing, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        world.write(CARE.id, writing, at(1))


def test_what_was_said_in_private_cannot_be_answered_quoted_or_passed_on_in_public(
    world: World,
) -> None:
    secret = world.write("p1", Writing(text="my number", room="direct", to=CARE.id), at(1))
    for public in (
        Writing(text="so", reply_to=secret.id),
        Writing(text="so", quote_of=secret.id),
    ):
        with pytest.raises(Refusal, match="direct messages"):
            world.write(CARE.id, public, at(2))
    with pytest.raises(Refusal, match="cannot be reposted"):
        world.repost(CARE.id, secret.id, at(2))
    with pytest.raises(Refusal, match="gone"):
        world.like("p2", secret.id, at(2))


def test_a_deleted_post_cannot_be_answered_liked_or_changed(world: World) -> None:
    post = world.write("p1", Writing(text="oops"), at(1))
    world.delete("p1", post.id, at(2))
    for act in (
        lambda: world.write(CARE.id, Writing(text="hm", reply_to=post.id), at(3)),
        lambda: world.like(CARE.id, post.id, at(3)),
        lambda: world.edit("p1", post.id, "again", at(3)),
    ):
        with pytest.raises(Refusal, match="gone"):
            act()


def test_only_its_author_may_change_or_delete_a_post(world: World) -> None:
    post = world.write("p1", Writing(text="mine"), at(1))
    with pytest.raises(Refusal, match="Only its author"):
        world.edit("p2", post.id, "yours", at(2))
    with pytest.raises(Refusal, match="Only its author"):
        world.delete("p2", post.id, at(2))


def test_replies_share_the_thread_of_the_first_post_and_a_pair_shares_one_conversation(
    world: World,
) -> None:
    root = world.write("p1", Writing(text="first"), at(1))
    reply = world.write(CARE.id, Writing(text="second", reply_to=root.id), at(2))
    third = world.write("p2", Writing(text="third", reply_to=reply.id), at(3))
    assert root.thread == reply.thread == third.thread == root.id
    there = world.write("p1", Writing(text="psst", room="direct", to=CARE.id), at(4))
    back = world.write(CARE.id, Writing(text="yes?", room="direct", to="p1"), at(5))
    assert there.thread == back.thread != root.thread


def test_the_same_key_of_the_same_account_makes_one_post(world: World) -> None:
    first = world.write(CARE.id, Writing(text="Hello"), at(1), key="k")
    assert world.write(CARE.id, Writing(text="Hello"), at(2), key="k") == first
    assert world.write("p1", Writing(text="Hello"), at(3), key="k") != first


def told(world: World) -> dict[str, object]:
    """Everything a world knows; what is empty was only asked for."""
    known = {name: value for name, value in vars(world).items() if name != "listeners"}
    return {
        name: {k: v for k, v in value.items() if v} if isinstance(value, dict) else value
        for name, value in known.items()
    }


def play(world: World, scenario: str, seed: int, steps: list[float]) -> Simulation:
    simulation = Simulation(world)
    simulation.begin(scenario, seed, at(0))
    for hours in steps:
        simulation.run(simulation.tick + hours * 3600, lambda tick: at(tick).at)
        answer_latest(world, simulation.tick)
    return simulation


def answer_latest(world: World, tick: float) -> None:
    """The brand answers the latest post of a person, in the room where it was said."""
    theirs = [p for p in world.posts.values() if p.author != CARE.id and p.id not in world.deleted]
    if not theirs:
        return
    post = theirs[-1]
    if post.writing.room == "public":
        writing = Writing(text="So sorry! Could you send us a DM?", reply_to=post.id)
    else:
        writing = Writing(text="We've credited it, all fixed.", room="direct", to=post.author)
    world.write(CARE.id, writing, at(tick))


SCENARIOS = st.sampled_from(["ordinary", "outage", "firestorm"])


def told_again(world: World, events: int) -> Simulation:
    """The story as someone knows it who has read the first `events` lines of the log."""
    again = World(born=world.born)
    for event in world.log[:events]:
        again.apply(event)
    return Simulation(again)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    scenario=SCENARIOS,
    steps=st.lists(st.floats(0.1, 1.5), min_size=1, max_size=4),
)
def test_people_who_read_the_log_again_remember_and_mean_the_same(
    seed: int, scenario: str, steps: list[float]
) -> None:
    world = World(born=1)
    first = play(world, scenario, seed, steps)
    second = told_again(world, len(world.log))
    assert second.minds == first.minds
    assert second.plans == first.plans
    later = first.tick + 3600
    for story in (first, second):
        story.run(later, lambda tick: at(tick).at)
    assert second.world.log == first.world.log


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), scenario=SCENARIOS, cut=st.floats(0, 1))
def test_a_story_cut_off_after_any_line_goes_on_as_the_same_story(
    seed: int, scenario: str, cut: float
) -> None:
    world = World(born=1)
    first = Simulation(world)
    first.begin(scenario, seed, at(0))
    begun = len(world.log)
    first.run(2 * 3600, lambda tick: at(tick).at)
    second = told_again(world, begun + int(cut * (len(world.log) - begun)))
    second.run(2 * 3600, lambda tick: at(tick).at)
    assert second.world.log == world.log


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), chunks=st.lists(st.floats(0.05, 0.9), min_size=1, max_size=6))
def test_the_same_seed_tells_the_same_story_however_time_is_cut(
    seed: int, chunks: list[float]
) -> None:
    whole, parts = World(born=1), World(born=1)
    one, many = Simulation(whole), Simulation(parts)
    one.begin("ordinary", seed, at(0))
    many.begin("ordinary", seed, at(0))
    for hours in chunks:
        many.run(many.tick + hours * 3600, lambda tick: at(tick).at)
    one.run(many.tick, lambda tick: at(tick).at)
    assert whole.log == parts.log


def test_two_seeds_tell_two_stories() -> None:
    stories = []
    for seed in (1, 2):
        world = World(born=1)
        play(world, "ordinary", seed, [2.0])
        stories.append([post.writing.text for post in world.posts.values()])
    assert stories[0] != stories[1]


def test_the_journal_read_again_is_the_same_world(tmp_path: Path) -> None:
    lines = Lines(tmp_path / "journal.jsonl")
    world = recall(lines, born=77)
    play(world, "ordinary", 5, [1.0, 1.0])
    lines.close()
    lines = Lines(tmp_path / "journal.jsonl")
    assert told(recall(lines, born=99)) == told(world)
    lines.close()


def test_a_torn_last_line_of_the_journal_is_dropped_and_writing_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    lines = Lines(path)
    world = recall(lines, born=77)
    world.join(someone(1), at(0))
    world.write("p1", Writing(text="first"), at(1))
    lines.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    lines = Lines(path)
    world = recall(lines, born=99)
    assert not world.posts
    world.write("p1", Writing(text="second"), at(2))
    lines.close()
    lines = Lines(path)
    assert [p.writing.text for p in recall(lines, born=99).posts.values()] == ["second"]
    lines.close()


def test_a_journal_damaged_in_the_middle_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"77\nnot json\n")
    lines = Lines(path)
    with pytest.raises(CannotServe, match=r"line 2.*Move the file away"):
        recall(lines, born=77)
    lines.close()
