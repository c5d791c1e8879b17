"""What does not fit together in a policy, though each part of it may be well written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sanderling.core.policy import calendars, patterns
from sanderling.core.policy.conditions import LONGEST_TOGETHER, SAYINGS, SITUATIONS
from sanderling.core.policy.document import (
    ALWAYS_OPEN,
    DAYS,
    LONGEST_NAME,
    ApprovalRule,
    Assignment,
    Document,
    Example,
    Expected,
    Forbidden,
    Goal,
    Incidents,
    Part,
    PatternRule,
    RouteRule,
    Team,
    Warn,
    WorkingHours,
)
from sanderling.core.policy.places import Path
from sanderling.core.policy.reading import Fault, Inspect
from sanderling.core.policy.spans import span
from sanderling.core.words import figure, say

KINDS = ("acknowledge", "answer", "solve", "follow_up")
"""The promises, as the file calls them."""

LONGEST_UNDO = 120
LONGEST_TEAM = 60
LONGEST_HOLDING = 280
LONGEST_SENTENCE = 200
MOST_CONTACTS = 100
LEAST_UPDATE = timedelta(minutes=5)
MOST_PER_HOUR = 20_000

_Says = tuple[str, str]  # a key of the part, and what is wrong with it


def inspector(raw: Mapping[str, Any]) -> Inspect:
    """What looks at each part of this document, which may have faults elsewhere."""
    names = _Names(raw)

    def inspect(part: Part, path: Path) -> Iterator[Fault]:
        look = _LOOKS.get(type(part))
        for key, says in look(part, names) if look else ():
            yield Fault((*path, key) if key else path, says)

    return inspect


class _Names:
    """What other parts may refer to."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        zone = raw.get("zone")
        self.zone = zone if isinstance(zone, str) and _is_zone(zone) else "UTC"
        self.hours = {ALWAYS_OPEN, *_keys(raw, "hours")}
        self.plans = _keys(raw, "plans")
        approvals = raw.get("approvals")
        entries = approvals if isinstance(approvals, list) else []
        self.approvals = {e["name"] for e in entries if isinstance(e, dict) and _named(e)}


def _keys(raw: Mapping[str, Any], key: str) -> set[str]:
    found = raw.get(key)
    return set(found) if isinstance(found, dict) else set()


def _named(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("name"), str)


def _is_zone(name: str) -> bool:
    try:
        calendars.zone_named(name)
    except ValueError:
        return False
    return True


def _document(said: Document, _: _Names) -> Iterator[_Says]:
    yield from _tried("zone", calendars.zone_named, said.zone)
    if not said.name.strip():
        yield "name", say("Give the policy a name.")
    if not said.goals:
        yield "goals", say("A policy needs at least one goal. Write [[goals]].")
    if said.undo > LONGEST_UNDO:
        yield (
            "undo",
            say("An answer can be held back for at most {most} seconds.", most=LONGEST_UNDO),
        )
    if ALWAYS_OPEN in said.hours:
        yield (
            "hours",
            say(
                "“{always_open}” stands for day and night. Give these hours another name.",
                always_open=ALWAYS_OPEN,
            ),
        )
    together = sum(map(len, [*(g.when for g in said.goals), *(r.when for r in said.routes)]))
    if together > LONGEST_TOGETHER:
        yield (
            "goals",
            say(
                "All conditions together are longer than {most} characters.",
                most=figure(LONGEST_TOGETHER),
            ),
        )
    for key in ("goals", "routes", "approvals", "forbidden", "patterns", "examples"):
        for name in _twice([part.name for part in getattr(said, key)]):
            yield (
                key,
                say("The name “{name}” stands twice. Each needs a name of its own.", name=name),
            )
    yield from _contacts(said)
    yield from (("voice", says) for says in _silenced(said))
    yield from _unreachable(said)


def _contacts(said: Document) -> Iterator[_Says]:
    if len(said.contacts) > MOST_CONTACTS:
        yield (
            "contacts",
            say("At most {most} contacts of your own can be named.", most=MOST_CONTACTS),
        )
    for contact in said.contacts:
        if not 5 <= len(contact.strip()) <= LONGEST_NAME:
            yield (
                "contacts",
                say(
                    "A contact has 5 to {most} characters: “{contact}”.",
                    most=LONGEST_NAME,
                    contact=contact[:40],
                ),
            )


def _silenced(said: Document) -> Iterator[str]:
    for handle, allowed in said.voice.items():
        if not handle.removeprefix("@").strip():
            yield say("Name the account by its handle, such as “@northwind”.")
        if not [who for who in allowed if who.strip()]:
            yield say(
                "Nobody may answer from “{handle}”. Name a team, “lead” or an address.",
                handle=handle[:40],
            )


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _unreachable(said: Document) -> Iterator[_Says]:
    taken: dict[str, str] = {}
    for goal in said.goals:
        promised = [kind for kind in KINDS if getattr(goal, kind) is not None]
        if promised and all(kind in taken for kind in promised):
            first = taken[promised[0]]
            yield (
                "goals",
                say(
                    "“{name}” is never reached: “{first}” before it always holds.",
                    name=goal.name,
                    first=first,
                ),
            )
        if goal.when.strip() == "true":
            taken = dict.fromkeys(promised, goal.name) | taken
    always = ""
    for rule in said.routes:
        if always:
            yield (
                "routes",
                say(
                    "“{name}” is never reached: “{always}” before it always holds.",
                    name=rule.name,
                    always=always,
                ),
            )
        elif rule.when.strip() == "true" and not rule.within and not rule.outside:
            always = rule.name


def _hours(said: WorkingHours, names: _Names) -> Iterator[_Says]:
    for day in DAYS:
        yield from _tried(day, calendars.intervals, getattr(said, day))
    for on, texts in said.on.items():
        found = _tried("on", calendars.intervals, texts)
        yield from ((key, say("{where}: {trouble}", where=on, trouble=says)) for key, says in found)
    if said.zone:
        yield from _tried("zone", calendars.zone_named, said.zone)
    if said.holidays:
        yield from _tried("holidays", calendars.national, said.holidays)
    if not any(getattr(said, day) for day in DAYS) and not any(said.on.values()):
        yield (
            "",
            say('These hours are never open. Give at least one day, as monday = ["08:00-18:00"].'),
        )


def _team(said: Team, names: _Names) -> Iterator[_Says]:
    yield from _known_hours("hours", said.hours, names)


def _goal(said: Goal, names: _Names) -> Iterator[_Says]:
    yield from _name(said.name)
    yield from (("when", says) for says in SITUATIONS.check(said.when, names.plans))
    if said.hours:
        yield from _known_hours("hours", said.hours, names)
    if all(getattr(said, kind) is None for kind in KINDS):
        yield "", say("This goal promises nothing. Give it one of {kinds}.", kinds=", ".join(KINDS))
    if said.acknowledge and said.answer and said.acknowledge > said.answer:
        yield (
            "acknowledge",
            say("Who answers acknowledges too: this cannot be longer than the answer."),
        )


def _warn(said: Warn, _: _Names) -> Iterator[_Says]:
    for kind in KINDS:
        if not 1 <= getattr(said, kind) <= 90:
            yield (
                kind,
                say("Say how many per cent of the time are left when the desk warns: 1 to 90."),
            )


def _route(said: RouteRule, names: _Names) -> Iterator[_Says]:
    yield from _name(said.name)
    yield from (("when", says) for says in SITUATIONS.check(said.when, names.plans))
    if not said.team.strip() or len(said.team) > LONGEST_TEAM:
        yield "team", say("A team has a name of 1 to {most} characters.", most=LONGEST_TEAM)
    for key in ("within", "outside"):
        if getattr(said, key):
            yield from _known_hours(key, getattr(said, key), names)


def _approval(said: ApprovalRule, names: _Names) -> Iterator[_Says]:
    yield from _name(said.name)
    yield from (("when", says) for says in SAYINGS.check(said.when, names.plans))
    if not said.reason.strip():
        yield "reason", say("Say why, for those who approve and for those who wait.")
    if not said.by.strip() or len(said.by) > LONGEST_TEAM:
        yield "by", say("Say who approves: “lead”, or the name of a team.")
    lines = [said.holding] if isinstance(said.holding, str) else list(said.holding.values())
    if said.expires and not any(line.strip() for line in lines):
        yield "holding", say("Say what is sent when nobody has looked in time: a holding line.")
    if any(len(line) > LONGEST_HOLDING for line in lines):
        yield (
            "holding",
            say("A holding line is at most {most} characters long.", most=LONGEST_HOLDING),
        )


def _forbidden(said: Forbidden, _: _Names) -> Iterator[_Says]:
    yield from _name(said.name)
    if not said.words or not all(word.strip() for word in said.words):
        yield "words", say("Name at least one word, and no empty ones.")
    if not said.says.strip():
        yield "says", say("Say why, for the agent who wrote it.")


def _pattern(said: PatternRule, _: _Names) -> Iterator[_Says]:
    yield from _name(said.name)
    if wrong := patterns.check(said.pattern):
        yield "pattern", wrong


def _assignment(said: Assignment, _: _Names) -> Iterator[_Says]:
    if not 1 <= said.at_most <= 500:
        yield "at_most", say("An agent can have 1 to 500 cases at once.")


def _incidents(said: Incidents, _: _Names) -> Iterator[_Says]:
    if said.choppy < 1:
        yield "choppy", say("Say from how much on the sea is choppy: a number above 0.")
    if said.storm <= said.choppy:
        yield (
            "storm",
            say("A storm begins above a choppy sea: more than {choppy}.", choppy=said.choppy),
        )
    if said.update < LEAST_UPDATE:
        yield "update", say("Leave at least five minutes between two public words.")
    if len(said.approve) > LONGEST_TEAM or said.approve != said.approve.strip():
        yield "approve", say("Say who approves: “lead”, or the name of a team; nothing for nobody.")
    if not 1 <= said.per_hour <= MOST_PER_HOUR:
        yield (
            "per_hour",
            say("A round can send 1 to {most} answers an hour.", most=figure(MOST_PER_HOUR)),
        )
    if not 0 <= said.keep_free <= 95:
        yield "keep_free", say("Say how many per cent are kept free for agents: 0 to 95.")
    for step in _twice(said.alerts):
        yield "alerts", say("“{step}” stands twice.", step=step)


def _example(said: Example, names: _Names) -> Iterator[_Says]:
    yield from _name(said.name, LONGEST_SENTENCE)
    if said.post.plan and said.post.plan not in names.plans:
        yield (
            "post",
            say("There is no plan “{plan}”. Name it under [plans].", plan=said.post.plan[:40]),
        )
    if all(getattr(said.expect, key) is None for key in Expected.__struct_fields__):
        yield "expect", say("This example expects nothing. Say what must come out.")
    for kind in KINDS:
        expected = getattr(said.expect, kind)
        if isinstance(expected, str) and expected:
            yield from (("expect", says) for _, says in _tried("", span, expected))
    if said.expect.approval is not None and said.say is None:
        yield "expect", say('An approval is about what we say. Add say = { text = "..." }.')
    if said.expect.approval and said.expect.approval not in names.approvals:
        yield (
            "expect",
            say("There is no approval “{approval}”.", approval=said.expect.approval[:40]),
        )


def _name(name: str, most: int = LONGEST_NAME) -> Iterator[_Says]:
    if not name.strip() or len(name) > most:
        yield "name", say("A name has 1 to {most} characters.", most=most)


def _known_hours(key: str, name: str, names: _Names) -> Iterator[_Says]:
    if name not in names.hours:
        yield (
            key,
            say(
                "There are no hours “{name}”. Write [hours.…], or “{always_open}”.",
                name=name[:40],
                always_open=ALWAYS_OPEN,
            ),
        )


def _tried(key: str, act: Callable[[Any], object], given: object) -> Iterator[_Says]:
    try:
        act(given)
    except ValueError as error:
        yield key, str(error)


_LOOKS: dict[type[Part], Callable[[Any, _Names], Iterator[_Says]]] = {
    Document: _document,
    WorkingHours: _hours,
    Team: _team,
    Goal: _goal,
    Warn: _warn,
    RouteRule: _route,
    ApprovalRule: _approval,
    Forbidden: _forbidden,
    PatternRule: _pattern,
    Assignment: _assignment,
    Incidents: _incidents,
    Example: _example,
}
