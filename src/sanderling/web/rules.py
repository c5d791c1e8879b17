"""How rules of the policy read on the screen, and the answer to "why is this here?"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sanderling.core.policy import PROMISES, Policy
from sanderling.core.policy.document import ApprovalRule, Forbidden, Goal, PatternRule, RouteRule
from sanderling.core.policy.spans import written
from sanderling.core.policy.words import in_words, long
from sanderling.core.words import later, say
from sanderling.policy import queries

PARTS = ("goals", "routes", "approvals", "forbidden", "patterns")
"""Where rules stand, in the words of the file."""

DOES = {
    "acknowledge": later("acknowledge within {time}"),
    "answer": later("answer within {time}"),
    "solve": later("solve within {time}"),
    "follow up": later("follow up in public within {time}"),
}

STEPS = {
    "suspected": later("an incident is suspected"),
    "choppy": later("its sea is choppy"),
    "storm": later("it is a storm"),
}
"""Steps of an incident that are told."""

Rule = Goal | RouteRule | ApprovalRule | Forbidden | PatternRule

__all__ = ["Because", "anchor", "because", "in_words", "long", "sentence", "steps", "written"]


class Because(NamedTuple):
    """Why something is as it is: a sentence, and where its rule can be read."""

    says: str
    link: str


def because(number: int, rule: str, part: str = "") -> Because | None:
    """What the rule of this name says in that version of the policy, and the way to it. `part` says
    where to look if names stand in several; None for a rule that is nowhere."""
    policy = queries.version(number)
    for name, n, found in _rules(policy):
        if found.name == rule and part in ("", name):
            says = say(
                "“{rule}” in version {version} of the policy: {sentence}",
                rule=rule, version=policy.version, sentence=sentence(found),
            )  # fmt: skip
            return Because(says, f"/policy/versions/{policy.version}/#{anchor(name, n)}")
    return None


def anchor(part: str, n: int) -> str:
    """Where a rule stands on the page of its version."""
    return f"{part}-{n + 1}"


def sentence(rule: Rule) -> str:
    """A rule in one sentence."""
    match rule:
        case Goal():
            return _first(_promised(rule, in_words(rule.when)))
        case RouteRule():
            return " ".join((_goes(rule, in_words(rule.when)), *_hours(rule)))
        case ApprovalRule():
            holding = say("After {time} the holding line is sent.", time=long(rule.expires))
            parts = (_needs(rule, in_words(rule.when)), rule.reason, rule.expires and holding)
            return " ".join(part for part in parts if part)
        case Forbidden():
            return f"{_unsaid(rule)} {rule.says}"
        case PatternRule():
            return rule.says


def steps(told: Iterable[str]) -> str:
    """The steps of an incident that are told, in words."""
    return ", ".join(say(STEPS[step]) for step in told)


def _rules(policy: Policy) -> Iterator[tuple[str, int, Rule]]:
    for name in PARTS:
        rules: tuple[Rule, ...] = getattr(policy.document, name)
        yield from ((name, n, rule) for n, rule in enumerate(rules))


def _promised(goal: Goal, condition: str) -> str:
    spans = ((DOES[kind], getattr(goal, key)) for kind, key in PROMISES.items())
    what = ", ".join(say(does, time=long(span)) for does, span in spans if span)
    if condition:
        return say("{promises} when {condition}.", promises=what, condition=condition)
    return f"{what}."


def _goes(rule: RouteRule, condition: str) -> str:
    team = f"{rule.team} ({', '.join(rule.skills)})" if rule.skills else rule.team
    if condition:
        return say("It goes to {team} when {condition}.", team=team, condition=condition)
    return say("It goes to {team}.", team=team)


def _hours(rule: RouteRule) -> Iterator[str]:
    if rule.within:
        yield say("Only within the hours “{hours}”.", hours=rule.within)
    if rule.outside:
        yield say("Only outside the hours “{hours}”.", hours=rule.outside)


def _needs(rule: ApprovalRule, condition: str) -> str:
    if rule.by == "lead":
        if condition:
            return say("Needs a lead when {condition}.", condition=condition)
        return say("Needs a lead.")
    if condition:
        return say("Needs {who} when {condition}.", who=rule.by, condition=condition)
    return say("Needs {who}.", who=rule.by)


def _unsaid(rule: Forbidden) -> str:
    what = ", ".join(rule.words)
    if rule.room == "public":
        return say("Is not said in public: {words}.", words=what)
    if rule.room == "direct":
        return say("Is not said in direct messages: {words}.", words=what)
    return say("Is not said: {words}.", words=what)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]
