"""People of the practice network: what they remember, and what they mean to do next.

A mind is nothing but what happened to its person, in order: `remember` is its only way to change,
so people who read the network's log again are the same people. What they mean to do next follows
from the mind and the story's seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from sanderling.networks.practice.reading import Reading, read
from sanderling.networks.practice.world import (
    Deleted,
    Edited,
    Event,
    Liked,
    Person,
    Post,
    Posted,
)

MINUTE = 60.0
HOUR = 60 * MINUTE
CALMEST, FURIOUS = 0, 3
DOUBT = {"patient": 0.08, "plain": 0.15, "sunny": 0.05, "dry": 0.2, "hot": 0.3}
OPENINGS = ("complain", "ask", "praise", "talk", "echo", "quote")


@dataclass(kw_only=True)
class Mind:
    """What someone remembers of their dealings with the brand.

    `stage` is where they are: idle (wants nothing) · waiting (wrote, nobody answered) · answered
    (has read an answer and not yet reacted) · told (gave details, waits for what comes of it) ·
    content · played (a human moves them now; nobody else does).
    `mood` runs from 0 (content) to 3 (furious); `outcomes` are how their earlier matters ended.
    """

    person: Person
    stage: str = "idle"
    act: str = ""
    topic: str = ""
    mood: int = 1
    since: float = 0.0
    tries: int = 0
    doubts: int = 0
    acts: int = 0
    matters: int = 0
    place: str = ""
    room: str = "public"
    opening: Post | None = None
    mine: Post | None = None
    heard: Post | None = None
    heard_texts: list[str] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    repair: tuple[str, str] | None = None
    outcomes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Intention:
    """What someone means to do, and at which second of the story."""

    tick: float
    act: str


def remember(mind: Mind, event: Event) -> None:
    """Let the mind be as after `event`, which concerns its person."""
    match event.what:
        case Posted(post) if post.author == mind.person.id:
            _spoke(mind, post, event.tick)
        case Posted(post) if mind.stage != "played":
            _was_answered(mind, post, event.tick)
        case Edited(_, _, by_plan):
            mind.repair = None
            mind.stage = mind.stage if by_plan else "played"
        case Liked(post_id) if mind.heard and mind.heard.id == post_id:
            _rest(mind, event.tick)
        case Deleted():
            if mind.stage == "content":
                _rest(mind, event.tick)
            else:
                mind.stage = "played"


def _spoke(mind: Mind, post: Post, tick: float) -> None:
    why = post.why
    if why is None:
        mind.stage = "played"
        return
    mind.acts += 1
    mind.since = tick
    mind.room = post.writing.room
    mind.repair = (post.id, why.repair) if why.repair else None
    if why.act in OPENINGS:
        mind.act, mind.topic, mind.tries, mind.doubts = why.act, why.topic, 0, 0
        mind.opening, mind.heard, mind.heard_texts = post, None, []
        mind.matters, mind.place = mind.matters + 1, why.place
    mind.mine, mind.mood = post, why.mood
    mind.stage = AFTER.get(why.act, "waiting")
    if why.act in ("escalate", "nudge", "copied"):
        mind.tries += 1
    if why.act == "still":
        mind.doubts += 1
    if why.act in ("rant", "close"):
        mind.outcomes.append(why.act)


AFTER = {
    "talk": "idle",
    "echo": "idle",
    "quote": "idle",
    "details": "told",
    "come": "told",
    "still": "told",
    "thank": "content",
    "grudge": "content",
    "decline": "told",
    "rant": "idle",
    "close": "idle",
}


def _was_answered(mind: Mind, post: Post, tick: float) -> None:
    mind.reading = read(post.writing.text, before=mind.heard_texts)
    mind.heard_texts.append(post.writing.text)
    mind.heard, mind.room, mind.since = post, post.writing.room, tick
    if mind.reading.repeats or mind.reading.brushes_off:
        mind.mood = min(FURIOUS, mind.mood + 1)
    elif mind.reading.sorry or mind.reading.fixes:
        mind.mood = max(CALMEST, mind.mood - 1)
    if mind.stage != "content":
        mind.stage = "answered"


def _rest(mind: Mind, tick: float) -> None:
    mind.outcomes.append("satisfied")
    mind.stage, mind.since = "idle", tick


def intend(mind: Mind, seed: int) -> Intention | None:
    """What the person means to do next if nothing happens before; None: nothing."""
    character = mind.person.character
    if character is None or (mind.stage in ("played", "idle") and not mind.repair):
        return None
    rng = Random(f"{seed}:{mind.person.id}:{mind.acts}:{mind.stage}:{len(mind.heard_texts)}")
    if mind.repair:
        return Intention(mind.since + rng.uniform(0.5, 3) * MINUTE, "mend")
    patience = character.patience * rng.uniform(0.7, 1.3)
    match mind.stage:
        case "waiting":
            return _while_waiting(mind, patience, character.persistence)
        case "answered":
            return _reaction(mind, rng, patience)
        case "told":
            return _while_told(mind, patience * 1.4, character.persistence)
        case _:
            return _afterwards(mind, rng)


def _while_waiting(mind: Mind, patience: float, persistence: int) -> Intention | None:
    if mind.act == "praise":
        return None
    if mind.tries < persistence:
        return Intention(mind.since + patience, "escalate" if mind.act == "complain" else "nudge")
    if mind.tries == persistence and mind.act == "complain" and mind.mood >= 2:
        return Intention(mind.since + 2 * patience, "rant")
    return None


def _while_told(mind: Mind, patience: float, persistence: int) -> Intention | None:
    if mind.tries < persistence:
        return Intention(mind.since + patience, "nudge")
    return None


def _reaction(mind: Mind, rng: Random, patience: float) -> Intention | None:
    act = _what_to_say(mind, rng)
    if act == "wait":
        return Intention(mind.since + patience * 1.4, "nudge")
    quick = 1.5 if mind.room == "direct" else 3
    return Intention(mind.since + rng.uniform(quick, 5 * quick) * MINUTE, act) if act else None


def _what_to_say(mind: Mind, rng: Random) -> str | None:
    """How an answer is met. The order matters: what stings comes first, then what helps."""
    reading, character = mind.reading, mind.person.character
    assert character is not None  # only people with a character have intentions
    if mind.act == "praise":
        return "like"
    if reading.repeats:
        return "copied" if mind.tries <= character.persistence else None
    if reading.brushes_off and not reading.invites:
        return "press"
    if reading.invites and mind.room == "public":
        return _to_messages(character.comes, rng)
    if reading.fixes:
        return _believe(mind, rng)
    if reading.asks:
        return "details"
    if reading.sorry or reading.holds:
        return "wait"
    if reading.thanks or mind.act == "ask":
        return "thank"
    return "press" if rng.random() < 0.5 else "wait"


def _to_messages(comes: float, rng: Random) -> str | None:
    """Come, say that one would rather not, or simply never turn up."""
    drawn = rng.random()
    if drawn < comes:
        return "come"
    return "decline" if drawn < comes + (1 - comes) / 2 else None


def _believe(mind: Mind, rng: Random) -> str:
    character = mind.person.character
    assert character is not None  # only people with a character have intentions
    if mind.doubts == 0 and mind.act == "complain" and rng.random() < DOUBT[character.temper]:
        return "still"
    return "grudge" if mind.mood >= 2 or character.temper == "dry" else "thank"


def _afterwards(mind: Mind, rng: Random) -> Intention | None:
    """A last small thing when it is over: say so in public, like the answer, take it back."""
    drawn = rng.random()
    at = mind.since + rng.uniform(2, 20) * MINUTE
    if mind.room == "direct" and drawn < 0.4:
        return Intention(at, "close")
    if drawn < 0.7:
        return Intention(at, "like")
    if drawn < 0.76:
        return Intention(at, "delete")
    return None
