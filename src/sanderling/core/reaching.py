"""Whom a round answers, and why it leaves somebody to a person: asked before it begins, and again
before each answer leaves.

Nobody whom an agent already talks to hears from a round, nobody hears twice, and nobody who must
be answered with care hears words that were written for many.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from sanderling.core.answering import Standing, obstacle
from sanderling.core.network import Room
from sanderling.core.verdict import Flag
from sanderling.core.words import later, say

RoundKind = Literal["acknowledge", "close"]

CARE = {
    Flag.SAFETY: later("They may be in danger. Write to them in person."),
    Flag.SELFHARM: later("They may harm themselves. Write to them in person."),
    Flag.VULNERABLE: later("They need particular care. Write to them in person."),
    Flag.THREAT: later("They threaten somebody. A person decides what is said."),
    Flag.LEGAL: later("They speak of law. A person decides what is said."),
    Flag.PRESS: later("They write for the press. A person answers by name."),
}
"""What is never answered with words for many, the gravest first."""

OVERRULED = ("copy", "no case", "answered", "ended", "care", "approval")
"""Reasons that somebody may set aside in their turn: answer all the same."""

PERSON = ("no way", "care", "approval", "objection", "taken back", "failed")
"""Reasons after which a customer still waits for a person."""


class Known(NamedTuple):
    """What is known of a customer before a round answers their post in `room`.

    `ours`: the post is an account's of our own. `copy`: all they wrote repeats others. `case` is
    where the post stands, None where triage let it rest, and `state` its life. `answered`: a person
    wrote to them since. `owner` has the case and `writer` types in it, both "" for nobody.
    `on_its_way`: another answer. `told_as`: a handle under which they were told already.
    `rehearsed`: it is a drill, and this is no practice network.
    """

    kind: RoundKind
    room: Room
    standing: Standing
    flags: frozenset[Flag] = frozenset()
    ours: bool = False
    copy: bool = False
    case: int | None = None
    state: str = ""
    answered: bool = False
    owner: str = ""
    writer: str = ""
    on_its_way: bool = False
    told_as: str = ""
    rehearsed: bool = False


class Aside(NamedTuple):
    """Why somebody is set aside: a word for it, and a sentence."""

    reason: str
    why: str


def aside(known: Known, *, by_hand: bool = False) -> Aside | None:
    """Why a round must not answer this customer; None where it may. `by_hand`: somebody decided
    that it shall, as far as that can be decided."""
    return _never(known) or _talks(known) or (None if by_hand else _better_not(known))


def _never(known: Known) -> Aside | None:
    if known.ours:
        return Aside("ours", say("This is an account of our own."))
    if known.rehearsed:
        return Aside("drill", say("This is a drill: nothing leaves to a real network."))
    if known.told_as:
        return Aside("told", say("They were told already, as @{handle}.", handle=known.told_as))
    if known.case is not None and (why := obstacle(known.room, known.standing)):
        return Aside("no way", why)
    return None


def _talks(known: Known) -> Aside | None:
    """Somebody is with them now."""
    if known.writer:
        return Aside("talking", say("{name} is writing to them.", name=known.writer))
    if known.on_its_way:
        return Aside("talking", say("Another answer to them is on its way."))
    if known.answered and known.owner and known.state == "open":
        return Aside("talking", say("{name} talks to them.", name=known.owner))
    return None


def _better_not(known: Known) -> Aside | None:
    if known.case is None:
        if known.copy:
            return Aside("copy", say("They only repeat what others wrote."))
        return Aside("no case", say("Triage found that this post needs no answer."))
    if known.kind == "acknowledge" and known.answered:
        return Aside("answered", say("Somebody has answered them already."))
    if known.state in ("resolved", "closed") and (known.kind == "acknowledge" or known.answered):
        return Aside("ended", say("Their case has ended already."))
    for flag, why in CARE.items():
        if flag in known.flags:
            return Aside("care", say(why))
    return None
