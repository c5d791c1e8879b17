"""What the desk asks a policy: what is promised, by when, whose matter it is, who looks first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sanderling.core.policy.calendars import calendar
from sanderling.core.policy.conditions import SAYINGS, SITUATIONS, Conditions, Saying, Situation
from sanderling.core.policy.document import ALWAYS_OPEN, ApprovalRule, Document, Goal, RouteRule
from sanderling.core.policy.spans import Span
from sanderling.core.timing import ALWAYS, NEVER, Calendar

PROMISES: Mapping[str, str] = {
    "acknowledge": "acknowledge",
    "answer": "answer",
    "solve": "solve",
    "follow up": "follow_up",
}
"""The kinds of promises, each with the key that the file has for it."""

_KEPT = 4_096


class Promise(NamedTuple):
    """A promise about one turn: `budget` within `hours`, by the goal named `rule`."""

    kind: str
    budget: timedelta
    hours: str
    due_at: datetime
    warn_at: datetime
    rule: str


class Route(NamedTuple):
    """Whose matter it is, by the route named `rule`; all empty where none holds."""

    team: str
    skills: tuple[str, ...]
    rule: str


class Approval(NamedTuple):
    """`by` ("lead" or a team) must look first, for this reason. After `expires` the `holding` line
    is sent in its place; None: it waits as long as it takes."""

    rule: str
    reason: str
    by: str
    expires: timedelta | None
    holding: str


NOBODY = Route(team="", skills=(), rule="")


class _Offer(NamedTuple):
    """A promise as a goal makes it."""

    kind: str
    budget: Span
    left: timedelta
    hours: str
    calendar: Calendar
    rule: str


class _Choice(NamedTuple):
    """What follows from which conditions hold, whatever the time."""

    offers: tuple[_Offer, ...]
    route: Route


class Policy:
    """One version of the policy. Make it with `read` or `check`, which refuse what does not fit.

    Nothing of it asks the time, and the same question always has the same answer.
    """

    def __init__(self, version: int, document: Document) -> None:
        self.version = version
        self.document = document
        self._goals, self._routes = document.goals, document.routes
        asked = [goal.when for goal in self._goals] + [route.when for route in self._routes]
        self._rules = Conditions(SITUATIONS, asked)
        self._approvals = Conditions(SAYINGS, [rule.when for rule in document.approvals])
        self._calendars = {ALWAYS_OPEN: ALWAYS} | {
            name: calendar(said, document.zone) for name, said in document.hours.items()
        }
        self._timed = [
            (n, rule) for n, rule in enumerate(self._routes, len(self._goals))
            if rule.within or rule.outside
        ]  # fmt: skip
        self._choices: dict[tuple[bool, ...], _Choice] = {}

    def promises(self, situation: Situation, since: datetime) -> tuple[Promise, ...]:
        """What is promised about a turn that began at `since`, at most one of each kind."""
        return tuple(_promise(offer, since) for offer in self._choice(situation).offers)

    def route(self, situation: Situation) -> Route:
        """Whose matter it is. Routes with hours need `situation.at`: without it, those that hold
        `outside` of some hours do not, and those `within` do."""
        return self._choice(situation).route

    def verdict(self, situation: Situation, since: datetime) -> tuple[tuple[Promise, ...], Route]:
        """Both, for the price of one."""
        choice = self._choice(situation)
        return tuple(_promise(offer, since) for offer in choice.offers), choice.route

    def approval(self, saying: Saying) -> Approval | None:
        """Who must look at what is about to be said; None if nobody must."""
        held = self._approvals.hold(saying)
        rules = (rule for rule, holds in zip(self.document.approvals, held, strict=True) if holds)
        rule = next(rules, None)
        return _approval(rule, saying.lang) if rule else None

    def due(self, hours: str, since: datetime, budget: timedelta) -> datetime:
        """When so much of these hours has passed since then; NEVER if the policy does not know the
        hours, or they never come."""
        known = self._calendar(hours)
        return known.after(since, budget) if known else NEVER

    def worked(self, hours: str, start: datetime, stop: datetime) -> timedelta:
        """How much of these hours lies between two instants; none of hours that are not known."""
        known = self._calendar(hours)
        return known.between(start, stop) if known else timedelta()

    def warns(self, kind: str, due_at: datetime, hours: str, budget: timedelta) -> datetime:
        """When the desk warns of a promise of this kind that is due then: while people work."""
        known = self._calendar(hours)
        return known.before(due_at, self._left(kind, budget)) if known else due_at

    def is_open(self, hours: str, at: datetime) -> bool:
        """Whether people work then; never, if the policy does not know the hours."""
        known = self._calendar(hours)
        return known is not None and known.is_open(at)

    def _calendar(self, hours: str) -> Calendar | None:
        return self._calendars.get(hours or ALWAYS_OPEN)

    def _left(self, kind: str, budget: timedelta) -> timedelta:
        per_cent: int = getattr(self.document.warn, PROMISES[kind])
        return budget * per_cent / 100

    def _choice(self, situation: Situation) -> _Choice:
        held = self._rules.hold(situation)
        for n, rule in self._timed:
            held[n] = held[n] and self._in_time(rule, situation.at)
        key = tuple(held)
        choice = self._choices.get(key)
        if choice is None:
            if len(self._choices) >= _KEPT:
                self._choices.clear()
            choice = self._choices[key] = self._chosen(key)
        return choice

    def _in_time(self, rule: RouteRule, at: datetime | None) -> bool:
        if at is None:
            return not rule.outside
        inside = not rule.within or self.is_open(rule.within, at)
        return inside and not (rule.outside and self.is_open(rule.outside, at))

    def _chosen(self, held: tuple[bool, ...]) -> _Choice:
        goals = [goal for goal, holds in zip(self._goals, held, strict=False) if holds]
        routed = zip(self._routes, held[len(self._goals) :], strict=True)
        rule = next((rule for rule, holds in routed if holds), None)
        route = Route(" ".join(rule.team.split()), rule.skills, rule.name) if rule else NOBODY
        offers = (self._offer(kind, goals, route.team) for kind in PROMISES)
        return _Choice(tuple(offer for offer in offers if offer), route)

    def _offer(self, kind: str, goals: list[Goal], team: str) -> _Offer | None:
        for goal in goals:
            budget: Span | None = getattr(goal, PROMISES[kind])
            if budget is not None:
                hours = goal.hours or self._hours_of(team)
                left = self._left(kind, budget)
                return _Offer(kind, budget, left, hours, self._calendars[hours], goal.name)
        return None

    def _hours_of(self, team: str) -> str:
        known = self.document.teams.get(team)
        return known.hours if known else ALWAYS_OPEN


def _promise(offer: _Offer, since: datetime) -> Promise:
    due = offer.calendar.after(since, offer.budget)
    warn = offer.calendar.before(due, offer.left)
    return Promise(offer.kind, offer.budget, offer.hours, due, warn, offer.rule)


def _approval(rule: ApprovalRule, lang: str) -> Approval:
    holding = rule.holding
    if not isinstance(holding, str):
        holding = holding.get(lang) or holding.get("en") or next(iter(holding.values()), "")
    return Approval(rule.name, rule.reason, rule.by, rule.expires, holding)
