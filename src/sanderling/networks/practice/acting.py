"""From what someone means to do to what they write: words, room, and which post it answers."""

from __future__ import annotations

from random import Random

import msgspec

from sanderling.core.text import length
from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.people import CALMEST, FURIOUS, Mind
from sanderling.networks.practice.phrases import Book, line_for, slipped, slots, styled, texts
from sanderling.networks.practice.world import (
    PUBLIC_LENGTH,
    Picture,
    Post,
    Why,
    World,
    Writing,
)

UNTAGGED, SLIPS, PICTURES, FRESH, AGAIN, DRESSED = 0.25, 0.05, 0.2, 0.25, 0.6, 0.5
MOODS = {"patient": (1, 1), "plain": (1, 2), "sunny": (1, 1), "dry": (1, 2), "hot": (2, 3)}
NEEDS_US = ("complain", "ask", "praise")


class Saying(msgspec.Struct, frozen=True):
    """A post that is ready to be written, and what its author means by it."""

    writing: Writing
    why: Why


class Matter(msgspec.Struct, frozen=True):
    """What someone is about to write about: what they do, about which topic, and where."""

    act: str
    topic: str
    place: str = ""


def open_matter(mind: Mind, matter: Matter, book: Book, rng: Random) -> Saying:
    """The first post of a new matter."""
    act, topic = matter.act, matter.topic
    mood = _first_mood(mind, rng) if act == "complain" else 1
    line = line_for(mind.person.lang, act, topic, mood)
    values = slots(mind.person, mind.matters + 1, topic, matter.place)
    raw = book.pick(mind.person.lang, line)
    untagged = "Northwind" in raw and rng.random() < UNTAGGED
    if act in NEEDS_US and "{us}" not in raw and not untagged:
        raw = "{us} " + raw
    forms = [_dressed(mind, raw, act, mood, rng), raw]
    text = _fitting(mind, [form.format_map(values) for form in forms], rng)
    slip = slipped(text, rng) if rng.random() < SLIPS else text
    why = Why(
        act=act, topic=topic, mood=mood, place=values["place"], line=line,
        repair=text if slip != text else None,
    )  # fmt: skip
    pictures = _pictures(mind, topic, rng) if act == "complain" else ()
    return Saying(Writing(text=slip, pictures=pictures, lang=mind.person.lang), why)


def join_in(mind: Mind, matter: Matter, to: Post, book: Book, rng: Random) -> Saying:
    """A bystander's echo under someone's post, or a quote of it."""
    act, topic = matter.act, matter.topic
    line = line_for(mind.person.lang, act, topic, 1)
    values = slots(mind.person, mind.matters + 1, topic, matter.place)
    text = book.pick(mind.person.lang, line).format_map(values)
    writing = Writing(
        text=styled(text, _style(mind), rng),
        reply_to=to.id if act == "echo" else None,
        quote_of=to.id if act == "quote" else None,
        lang=mind.person.lang,
    )
    return Saying(writing, Why(act=act, topic=topic, place=values["place"], line=line))


def go_on(mind: Mind, act: str, world: World, book: Book, rng: Random) -> Saying:
    """The next thing said in a matter that is under way."""
    mood = _mood(mind, act)
    direct = act == "come" or (mind.room == "direct" and act not in ("close", "rant"))
    line = line_for(mind.person.lang, _wording(act, direct), mind.topic, mood)
    values = slots(mind.person, mind.matters, mind.topic, mind.place)
    raw = book.pick(mind.person.lang, line)
    answered = None if direct else _answers(mind, act, world, rng)
    if not direct and answered is None and "{us}" not in raw:
        raw = "{us} " + raw
    text = raw.format_map(values)
    writing = Writing(
        text=text if direct else styled(text, _style(mind), rng),
        room="direct" if direct else "public",
        reply_to=answered,
        to=_brand(mind) if direct else None,
        lang=mind.person.lang,
    )
    return Saying(writing, Why(act=act, topic=mind.topic, mood=mood, place=mind.place, line=line))


def _wording(act: str, direct: bool) -> str:
    if act == "details" and direct:
        return "details_direct"
    return act


def _first_mood(mind: Mind, rng: Random) -> int:
    """How upset a matter begins: by temper, and by how the last one ended."""
    low, high = MOODS[mind.person.character.temper if mind.person.character else "plain"]
    memory = 1 if "rant" in mind.outcomes[-1:] else 0
    return min(FURIOUS, rng.randint(low, high) + memory)


def _mood(mind: Mind, act: str) -> int:
    if act in ("escalate", "still", "copied"):
        return min(FURIOUS, mind.mood + 1)
    return {"thank": CALMEST, "close": CALMEST, "rant": FURIOUS}.get(act, mind.mood)


def _brand(mind: Mind) -> str:
    return mind.heard.author if mind.heard else CARE.id


def _answers(mind: Mind, act: str, world: World, rng: Random) -> str | None:
    """Which public post this one replies to; None: it stands by itself."""
    if act == "rant" or (act == "escalate" and rng.random() < FRESH):
        return None
    wanted = [mind.opening] if act == "close" else [mind.heard, mind.mine, mind.opening]
    for post in wanted:
        if post and post.writing.room == "public" and post.id not in world.deleted:
            return post.id
    return None


def _dressed(mind: Mind, raw: str, act: str, mood: int, rng: Random) -> str:
    """A text with a word before or after it, as people are in the habit of."""
    own = texts(mind.person.lang)
    if act == "complain" and mind.outcomes and rng.random() < AGAIN:
        return rng.choice(own["slots.again"]) + raw
    if act not in NEEDS_US or "slots.opener" not in own or rng.random() > DRESSED:
        return raw
    if mood > 1:
        return rng.choice(own["slots.sting"]) + raw
    if act != "praise" and rng.random() < 0.5:
        return f"{raw} {rng.choice(own['slots.closer'])}"
    return rng.choice(own["slots.opener"]) + raw


def _fitting(mind: Mind, forms: list[str], rng: Random) -> str:
    """The first form that is short enough, typed the way this person types."""
    styles = [styled(form, _style(mind), rng) for form in forms]
    short = (form for form in styles if length(form, "weighted") <= PUBLIC_LENGTH)
    return next(short, forms[-1])


def _style(mind: Mind) -> str:
    return mind.person.character.style if mind.person.character else "plain"


def _pictures(mind: Mind, topic: str, rng: Random) -> tuple[Picture, ...]:
    known = texts(mind.person.lang).get(f"picture.{topic}")
    if not known or rng.random() > PICTURES:
        return ()
    return (Picture(f"/pictures/{topic}.png", rng.choice(known)),)
