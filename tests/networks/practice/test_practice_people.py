"""How the people of the practice network react, tried in short stories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from sanderling.networks.practice.acting import Matter
from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.people import HOUR
from sanderling.networks.practice.reading import Reading, read
from sanderling.networks.practice.simulation import Simulation
from sanderling.networks.practice.world import Moment, Post, World, Writing

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
INVITATION = "So sorry about this! Could you send us a DM with your number? ^AB"
FIX = "Thanks for waiting. We've corrected it, the amount is credited. ^AB"


class Story:
    """A quiet network in which one person of a chosen temper opens a matter."""

    def __init__(self, temper: str, scenario_seed: int = 1) -> None:
        self.world = World(born=1)
        self.simulation = Simulation(self.world)
        self.simulation.begin("quiet", scenario_seed, self.now())
        people = [mind.person for mind in self.simulation.minds.values()]
        self.who = next(p.id for p in people if p.character and p.character.temper == temper)
        self.mind = self.simulation.minds[self.who]

    def now(self) -> Moment:
        tick = self.simulation.tick
        return Moment(START + timedelta(seconds=tick), tick)

    def open(self, act: str = "complain", topic: str = "bill") -> Post:
        return self.simulation.let_open(self.who, Matter(act, topic), self.now())

    def wait(self, hours: float) -> list[str]:
        """Let time pass; what the person meant by each post they wrote in it."""
        before = len(self.world.posts)
        until = self.simulation.tick + hours * HOUR
        self.simulation.run(until, lambda tick: START + timedelta(seconds=tick))
        new = list(self.world.posts.values())[before:]
        return [post.why.act for post in new if post.why]

    def answer(self, text: str) -> Post:
        """The brand answers the person's latest post, in its room."""
        latest = next(p for p in reversed(self.world.posts.values()) if p.author == self.who)
        if latest.writing.room == "direct":
            writing = Writing(text=text, room="direct", to=self.who)
        else:
            writing = Writing(text=text, reply_to=latest.id)
        return self.world.write(CARE.id, writing, self.now())


def comers(temper: str) -> Story:
    """A story of someone of this temper who comes when invited to messages."""
    for seed in count(1):
        story = Story(temper, scenario_seed=seed)
        story.open()
        story.answer(INVITATION)
        if story.wait(2) == ["come"]:
            return story
    raise AssertionError("nobody ever comes")


def test_a_complaint_that_nobody_answers_grows_angrier_and_ends_in_a_rant() -> None:
    story = Story("hot", scenario_seed=3)
    opening = story.open()
    acts = story.wait(40)
    assert acts == ["escalate"] * 4 + ["rant"]
    moods = [p.why.mood for p in story.world.posts.values() if p.why]
    assert moods == sorted(moods)
    assert moods[-1] > opening.why.mood or opening.why.mood == 3


def test_praise_and_small_talk_are_not_followed_up_when_unanswered() -> None:
    for act in ("praise", "talk"):
        story = Story("hot", scenario_seed=3)
        story.open(act, "")
        assert story.wait(40) == []


def test_an_invited_customer_comes_to_direct_messages_thanks_and_may_say_so_in_public() -> None:
    story = comers("plain")
    coming = list(story.world.posts.values())[-1]
    assert coming.writing.room == "direct"
    assert coming.writing.to == CARE.id
    story.answer(FIX)
    acts = story.wait(3)
    assert acts[0] in ("thank", "grudge", "still")


def test_of_many_invited_some_come_some_decline_and_some_are_never_seen_again() -> None:
    first = set()
    for seed in range(1, 30):
        story = Story("plain", scenario_seed=seed)
        story.open()
        story.answer(INVITATION)
        first.add(next(iter(story.wait(3)), "silence"))
    assert first >= {"come", "decline", "silence"}


def test_who_was_told_to_wait_asks_for_news_later_but_not_at_once() -> None:
    story = Story("plain")
    story.open()
    story.answer("Sorry about that, we are looking into it.")
    assert story.wait(0.5) == []
    assert story.wait(12)[0] == "nudge"


def test_a_question_back_is_answered_with_details() -> None:
    story = Story("plain")
    story.open("complain", "speed")
    story.answer("Oh no. Which plan are you on?")
    assert story.wait(1) == ["details"]


def test_the_same_sentence_twice_makes_people_angrier_and_they_say_so() -> None:
    story = Story("patient")
    story.open()
    story.answer("We are looking into it. ^AB")
    mood = story.mind.mood
    story.answer("We are looking into it. ^CD")
    assert story.wait(1) == ["copied"]
    assert story.mind.mood > mood


def test_being_sent_elsewhere_does_not_count_as_help() -> None:
    story = Story("plain")
    story.open()
    story.answer("Please call our hotline.")
    assert story.wait(1) == ["press"]


def test_a_customer_whose_last_matter_ended_badly_begins_the_next_one_angrier() -> None:
    calm, burnt = Story("plain", scenario_seed=3), Story("plain", scenario_seed=3)
    burnt.mind.outcomes.append("rant")
    assert burnt.open().why.mood == calm.open().why.mood + 1


def test_whom_a_human_plays_is_left_to_the_human() -> None:
    story = Story("hot")
    story.open()
    story.world.write(story.who, Writing(text="I am played by a person now"), story.now())
    assert story.wait(40) == []


def test_what_is_said_in_one_matter_fits_together() -> None:
    story = comers("plain")
    story.answer("Could you tell me your number again?")
    story.wait(2)
    numbers = {
        word.strip(".,")
        for post in story.world.posts.values()
        for word in post.writing.text.split()
        if word.startswith("0") and word.strip(".,").isdigit() and len(word) > 3
    }
    assert len(numbers) <= 2  # the prefix 0700 and one person's own number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("So sorry to hear that!", {"sorry"}),
        ("Das tut uns sehr leid.", {"sorry"}),
        ("Lo sentimos mucho.", {"sorry"}),
        ("Could you DM us your number?", {"invites", "asks"}),
        ("Schreib uns bitte eine Direktnachricht.", {"invites"}),
        ("Escríbenos un mensaje privado, por favor.", {"invites"}),
        ("We've credited the amount.", {"fixes"}),
        ("Das ist behoben.", {"fixes"}),
        ("Ya está solucionado.", {"fixes"}),
        ("We are looking into it.", {"holds"}),
        ("Wir kümmern uns darum.", {"holds"}),
        ("Lo revisamos en breve.", {"holds"}),
        ("Please call our hotline.", {"brushes_off"}),
        ("Vielen Dank!", {"thanks"}),
        ("Admiral of the fleet", set()),
    ],
)
def test_answers_are_read_by_their_words_in_three_languages(text: str, found: set[str]) -> None:
    reading = read(text, before=[])
    assert {name for name in Reading.__struct_fields__ if getattr(reading, name)} == found
