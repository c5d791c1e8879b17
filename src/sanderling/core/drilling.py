"""What a drill is worth: points out of facts, a sentence for each, and what to do better.

The practice network knows when it began and whom it touched; the desk knows what was done. Neither
is needed here, only `Facts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from sanderling.core.words import many, say

MINUTE = timedelta(minutes=1)
TOO_LATE = 4
"""After so many times its goal, a first act is worth nothing any more."""

IN_TIME_LATE = 0.5
"""What an acknowledgement after its goal is worth, of one in time."""

LESSONS = 3


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What the practice network knows of one customer whom it touched.

    `who` is their id there. `first_at` is when they first wrote about it; `upset` how upset they
    were then and `now`, from 0 (content) to 3 (furious).
    """

    who: str
    first_at: datetime
    upset: int
    now: int


class Goals(msgspec.Struct, frozen=True, kw_only=True):
    """How soon it should have been noticed, told to everybody, and acknowledged to each."""

    noticed: timedelta = 5 * MINUTE
    word: timedelta = 20 * MINUTE
    acknowledged: timedelta = 15 * MINUTE


class Mistakes(msgspec.Struct, frozen=True, kw_only=True):
    """How often something went wrong.

    `private`: something private stood in a public answer. `doubled`: a customer got a second answer
    without having written in between. `broken`: a promise was not kept in time. `unanswered`: a
    customer heard nothing at all. `misdirected`: an answer hung on somebody else's post.
    """

    private: int = 0
    doubled: int = 0
    broken: int = 0
    unanswered: int = 0
    misdirected: int = 0


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a drill.

    `began_at` is when the first customer wrote about it, `noticed_at` when the desk or an agent saw
    it, `word_at` when everybody was told in public. Of `affected` customers each of `waited` got a
    first answer after so long. `turned` of the answered were less upset in the end than when they
    wrote.
    """

    began_at: datetime | None
    noticed_at: datetime | None = None
    word_at: datetime | None = None
    affected: int = 0
    waited: tuple[timedelta, ...] = ()
    turned: int = 0
    mistakes: Mistakes = Mistakes()
    goals: Goals = Goals()


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a score: `points` of at most `most`, and in words why."""

    name: str
    points: int
    most: int
    says: str


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill is worth, from 0 to 100, in the language of who reads it."""

    points: int
    parts: tuple[Part, ...]
    lessons: tuple[str, ...]


WEIGHTS = {"noticed": 20, "word": 20, "acknowledged": 30, "tone": 15, "mistakes": 15}
MOST_UNANSWERED = 5
"""More customers who heard nothing cost no more here: they are missing among the acknowledged."""

COSTS = {"private": 8, "misdirected": 5, "broken": 4, "doubled": 2, "unanswered": 1}
"""What one mistake of a kind takes from the points for making none."""


def score(facts: Facts) -> Score:
    """The score; a drill in which nobody wrote is worth nothing, and says so."""
    if facts.began_at is None:
        says = say("Nobody wrote about it before the drill ended.")
        return Score(points=0, parts=(), lessons=(says,))
    parts = (
        _noticed(facts, facts.began_at), _word(facts, facts.began_at), _acknowledged(facts),
        _tone(facts), _mistakes(facts.mistakes),
    )  # fmt: skip
    return Score(
        points=sum(part.points for part in parts), parts=parts, lessons=_lessons(parts, facts)
    )


def _promptness(took: timedelta, goal: timedelta) -> float:
    """1 within the goal, falling evenly to 0 at TOO_LATE times the goal."""
    over = (took - goal) / (goal * (TOO_LATE - 1))
    return max(0.0, min(1.0, 1 - over))


def _part(name: str, share: float, says: str) -> Part:
    most = WEIGHTS[name]
    return Part(name=name, points=round(most * share), most=most, says=says)


def _noticed(facts: Facts, began: datetime) -> Part:
    if facts.noticed_at is None:
        return _part("noticed", 0, say("Nobody saw that it was one incident."))
    took = max(timedelta(), facts.noticed_at - began)
    says = many(
        "Seen as one incident {n} minute after it began; the goal is {goal}.",
        "Seen as one incident {n} minutes after it began; the goal is {goal}.",
        _minutes(took), goal=_minutes(facts.goals.noticed),
    )  # fmt: skip
    return _part("noticed", _promptness(took, facts.goals.noticed), says)


def _word(facts: Facts, began: datetime) -> Part:
    if facts.word_at is None:
        return _part("word", 0, say("Nothing was said to everybody in public."))
    took = max(timedelta(), facts.word_at - began)
    says = many(
        "The first public word came {n} minute after it began; the goal is {goal}.",
        "The first public word came {n} minutes after it began; the goal is {goal}.",
        _minutes(took), goal=_minutes(facts.goals.word),
    )  # fmt: skip
    return _part("word", _promptness(took, facts.goals.word), says)


def _acknowledged(facts: Facts) -> Part:
    soon = sum(took <= facts.goals.acknowledged for took in facts.waited)
    late = len(facts.waited) - soon
    share = (soon + IN_TIME_LATE * late) / max(1, facts.affected)
    says = say(
        "{answered} of {affected} customers heard from us, {soon} of them within {goal} minutes.",
        answered=len(facts.waited), affected=facts.affected, soon=soon,
        goal=_minutes(facts.goals.acknowledged),
    )  # fmt: skip
    return _part("acknowledged", min(1.0, share), says)


def _tone(facts: Facts) -> Part:
    answered = len(facts.waited)
    says = say(
        "{turned} of {answered} customers were less upset after our answer.",
        turned=facts.turned, answered=answered,
    )  # fmt: skip
    return _part("tone", facts.turned / answered if answered else 0, says)


def _mistakes(made: Mistakes) -> Part:
    counted = msgspec.structs.replace(made, unanswered=min(made.unanswered, MOST_UNANSWERED))
    lost = sum(cost * getattr(counted, name) for name, cost in COSTS.items())
    said = " ".join(_said(made)) or say("No mistake was found.")
    return _part("mistakes", max(0.0, 1 - lost / WEIGHTS["mistakes"]), said)


def _said(made: Mistakes) -> Iterator[str]:
    if made.private:
        yield many("Something private stood in {n} public answer.",
                   "Something private stood in {n} public answers.", made.private)  # fmt: skip
    if made.misdirected:
        yield many("{n} answer hung on the post of somebody else.",
                   "{n} answers hung on the post of somebody else.", made.misdirected)  # fmt: skip
    if made.broken:
        yield many("{n} promise was not kept in time.",
                   "{n} promises were not kept in time.", made.broken)  # fmt: skip
    if made.doubled:
        yield many("{n} answer came a second time to somebody who had not written again.",
                   "{n} answers came a second time to somebody who had not written again.",
                   made.doubled)  # fmt: skip
    if made.unanswered:
        yield many("{n} customer heard nothing.", "{n} customers heard nothing.",
                   made.unanswered)  # fmt: skip


def _lessons(parts: tuple[Part, ...], facts: Facts) -> tuple[str, ...]:
    """What would have brought most: one sentence for each part in which points were lost."""
    advice = {
        "noticed": say("Look at the Incidents page as soon as a second customer says the same, and"
                       " open an incident rather than wait for more."),
        "word": say("Post one public status before everything is known: that you see it, and when"
                    " you will say more."),
        "acknowledged": say("Begin the round that acknowledges everybody as soon as the status"
                            " stands; answer by hand only those whom it leaves out."),
        "tone": say("Say sorry, say what you do and by when; an answer that only sends people"
                    " elsewhere calms nobody."),
        "mistakes": _advice(facts.mistakes),
    }  # fmt: skip
    lost = sorted((p for p in parts if p.points < p.most), key=lambda p: p.points - p.most)
    return tuple(advice[part.name] for part in lost[:LESSONS])


def _advice(made: Mistakes) -> str:
    """About the mistakes that cost most."""
    worst = max(COSTS, key=lambda name: COSTS[name] * getattr(made, name))
    return {
        "private": say("Ask for numbers and addresses in a direct message, and read what the desk"
                       " minds before you send."),
        "misdirected": say("Look at whose post an answer hangs on before you send it."),
        "broken": say("Promise only a time at which somebody is there to keep it, and say more"
                      " even if there is nothing new."),
        "doubled": say("Take a case before you answer it, and look whether a round reaches the"
                       " customer anyway."),
        "unanswered": say("At the end, look at the list of those who were not reached, and answer"
                          " each of them."),
    }[worst]  # fmt: skip


def _minutes(took: timedelta) -> int:
    """Whole minutes, begun ones counted."""
    return -(-int(took.total_seconds()) // 60)
