"""Trying the examples of a policy: what everybody agrees on, so that no change breaks it unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import regex

from sanderling.core.policy.conditions import Saying, Situation
from sanderling.core.policy.document import Answered, Example, Written
from sanderling.core.policy.policy import PROMISES, Policy, Promise
from sanderling.core.policy.spans import span, written
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Tone, Urgency
from sanderling.core.words import later, say

ORDINARY = date(2026, 1, 14)
"""A Wednesday like any other, for examples that name only a time."""

_LINK = regex.compile(r"https?://|www\.", regex.IGNORECASE)
_NONE = later("nothing")


class Tried(NamedTuple):
    """How an example went: `says` is what was expected and what came out instead; empty if well."""

    name: str
    says: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return not self.says


def tried(policy: Policy) -> tuple[Tried, ...]:
    """All examples of a policy, in their order."""
    return tuple(Tried(one.name, tuple(_differs(policy, one))) for one in policy.document.examples)


def situation(post: Written, zone: ZoneInfo) -> Situation:
    """The post of an example as conditions ask about it."""
    said = msgspec.structs.asdict(post)
    said["tone"], said["urgency"] = Tone[post.tone.upper()], Urgency[post.urgency.upper()]
    at = post.at if isinstance(post.at, datetime) else datetime.combine(ORDINARY, post.at)
    said["at"] = _aware(at, zone)
    return Situation(**said)


def saying(post: Written, answer: Answered, team: str) -> Saying:
    """What an example would say, as approvals ask about it."""
    about = situation(post, ZoneInfo("UTC"))
    return Saying(
        room=answer.room,
        kind=about.kind,
        tone=about.tone,
        flags=about.flags,
        network=about.network,
        account=about.account,
        followers=about.followers,
        length=len(answer.text),
        has_link=bool(_LINK.search(answer.text)),
        team=team,
        words=answer.text.lower(),
        plan=about.plan,
        lang=about.lang,
    )


def _differs(policy: Policy, example: Example) -> Iterator[str]:
    zone = ZoneInfo(policy.document.zone)
    about = situation(example.post, zone)
    since = about.at or NEVER
    promises, route = policy.verdict(about, since)
    made = {promise.kind: promise for promise in promises}
    expect = example.expect
    if expect.team is not None and expect.team != route.team:
        yield _other("team", expect.team, route.team, route.rule)
    if expect.skills is not None and set(expect.skills) != set(route.skills):
        yield _other("skills", ", ".join(expect.skills), ", ".join(route.skills), route.rule)
    for kind, key in PROMISES.items():
        expected: str | datetime | None = getattr(expect, key)
        if expected is not None:
            yield from _promise_differs(kind, expected, made.get(kind), zone)
    if expect.approval is not None and example.say is not None:
        found = policy.approval(saying(example.post, example.say, route.team))
        if expect.approval != (found.rule if found else ""):
            yield _other("approval", expect.approval, found.rule if found else "", "")


def _promise_differs(
    kind: str, expected: str | datetime, made: Promise | None, zone: ZoneInfo
) -> Iterator[str]:
    rule = made.rule if made else ""
    if isinstance(expected, datetime):
        due = made.due_at if made else None
        if due != _aware(expected, zone):
            yield _other(kind, _clock(_aware(expected, zone), zone), _clock(due, zone), rule)
    else:
        wanted = span(expected) if expected else timedelta()
        budget = made.budget if made else timedelta()
        if wanted != budget:
            yield _other(kind, written(wanted), written(budget), rule)


def _other(what: str, expected: str, came: str, rule: str) -> str:
    expected, came = expected or say(_NONE), came or say(_NONE)
    if rule:
        return say(
            "{what}: expected {expected}, but {came} came out (by “{rule}”).",
            what=what, expected=expected, came=came, rule=rule,
        )  # fmt: skip
    return say(
        "{what}: expected {expected}, but {came} came out.",
        what=what, expected=expected, came=came,
    )  # fmt: skip


def _aware(at: datetime, zone: ZoneInfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    return say("never") if at >= NEVER else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
