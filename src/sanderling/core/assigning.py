"""Who gets which case, where the desk gives them out by itself: the same for the same facts.

Only agents whom a case fits, and who have room for it, are asked; among them the one the customer
knows, if that is not too long ago, then whoever the `way` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Way = Literal["off", "least loaded", "longest idle"]


class Rules(NamedTuple):
    """What the policy says about giving out cases.

    Cases of a customer go to the agent they know for `sticky`. Who gave no sign of life for
    `silent` is gone, and `offer_again` later their work is offered to others.
    """

    way: Way = "off"
    sticky: timedelta = timedelta(days=7)
    offer_again: timedelta = timedelta(minutes=30)
    silent: timedelta = timedelta(minutes=15)


class Hand(NamedTuple):
    """An agent at work. No teams, skills or languages mean all. `has` are the cases that wait for
    them; `idle_since` is when they got the last of these, or came."""

    id: int
    teams: frozenset[int]
    skills: frozenset[str]
    languages: frozenset[str]
    capacity: int
    has: int
    idle_since: datetime


class Work(NamedTuple):
    """A case that waits for us and that nobody has. `knows` is the agent who last had a case of
    this customer, at `known_at`."""

    id: int
    team: int | None
    skills: frozenset[str]
    lang: str
    knows: int | None
    known_at: datetime | None


class Given(NamedTuple):
    """A case and who gets it; `known`: because the customer knows them."""

    case: int
    agent: int
    known: bool


def share_out(
    works: Iterable[Work], hands: Iterable[Hand], rules: Rules, now: datetime
) -> list[Given]:
    """Who gets which, in the order of `works`, until nobody has room; never more than fits."""
    given: list[Given] = []
    if rules.way == "off":
        return given
    by_id = {hand.id: hand for hand in hands}
    for work in works:
        if found := choose(work, list(by_id.values()), rules, now):
            hand = by_id[found.agent]
            by_id[hand.id] = hand._replace(has=hand.has + 1, idle_since=now)
            given.append(found)
    return given


def choose(work: Work, hands: Sequence[Hand], rules: Rules, now: datetime) -> Given | None:
    """Who gets one case; None where it fits nobody who has room."""
    able = [hand for hand in hands if fits(hand, work)]
    if not able:
        return None
    if work.known_at is not None and now - work.known_at <= rules.sticky:
        for hand in able:
            if hand.id == work.knows:
                return Given(work.id, hand.id, known=True)
    idle = rules.way == "longest idle"
    order = min((h.idle_since, h.has, h.id) if idle else (h.has, h.idle_since, h.id) for h in able)
    return Given(work.id, order[2], known=False)


def fits(hand: Hand, work: Work) -> bool:
    """Whether an agent can take a case, and has room for it."""
    return (
        hand.has < hand.capacity
        and (work.team is None or not hand.teams or work.team in hand.teams)
        and (not hand.skills or work.skills <= hand.skills)
        and (not hand.languages or not work.lang or work.lang in hand.languages)
    )


def gone_since(state: str, since: datetime, seen_at: datetime, silent: timedelta) -> datetime:
    """Since when an agent is not there: since they said off, or else from `silent` after their last
    sign of life, which may lie ahead."""
    return since if state == "off" else seen_at + silent
