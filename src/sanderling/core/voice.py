"""Who may answer for the brand: the policy names, by account, teams, "lead" or agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sanderling.core.words import say

LEAD = "lead"


class Speaker(NamedTuple):
    """Somebody who would answer: their email address, the names of their teams, whether they
    lead."""

    email: str = ""
    teams: frozenset[str] = frozenset()
    lead: bool = False


Voice = Mapping[str, Sequence[str]]
"""By the handle of an account who may answer from it; an account that is missing is everybody's."""


def same_handle(handle: str, other: str) -> bool:
    """Whether two handles, without @, are one; the first may leave out its server."""
    one, two = handle.casefold(), other.casefold()
    return one == two or one == two.partition("@")[0]


def silence(voice: Voice, ours: str, speaker: Speaker) -> str:
    """Why `speaker` may not answer from account `ours` (without @), and who may; empty where they
    may."""
    for handle, allowed in voice.items():
        named = same_handle(handle.removeprefix("@"), ours)
        if named and not any(_is(speaker, who) for who in allowed):
            return say(
                "Only {allowed} may answer from @{ours}. Pass the case on to them, or "
                "leave them a note.",
                allowed=_listed(allowed),
                ours=ours,
            )
    return ""


def _is(speaker: Speaker, who: str) -> bool:
    if who == LEAD:
        return speaker.lead
    known = {speaker.email.casefold(), *(team.casefold() for team in speaker.teams)}
    return bool(who) and who.casefold() in known


def _listed(allowed: Sequence[str]) -> str:
    words = [say("a lead") if who == LEAD else who for who in allowed] or [say("nobody")]
    if len(words) == 1:
        return words[0]
    return say("{these} or {last}", these=", ".join(words[:-1]), last=words[-1])
