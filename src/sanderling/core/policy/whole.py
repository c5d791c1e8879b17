"""From a text to a policy, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from sanderling.core.policy.checking import inspector
from sanderling.core.policy.conditions import Problem
from sanderling.core.policy.document import Document
from sanderling.core.policy.examples import Tried, tried
from sanderling.core.policy.places import Path, Place, line_of, places
from sanderling.core.policy.policy import Policy
from sanderling.core.policy.reading import Fault, parsed
from sanderling.core.policy.reading import read as read_parts
from sanderling.core.words import many, say

MOST_TOLD = 100
"""Problems of one text that are told; who has more will not read them all."""


class Unfit(ValueError):
    """The text is no policy; `problems` says why, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


class Checked(NamedTuple):
    """What came of a text: a policy if nothing is wrong with it, else problems, and how its
    examples went if they could be tried."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    tried: tuple[Tried, ...]


def check(text: str, version: int = 0) -> Checked:
    """Look at a text whole. Never raises, whatever it is. An example that fails is a problem."""
    policy, problems = _made(text, version)
    if policy is None:
        return Checked(None, tuple(problems), ())
    went = tried(policy)
    found = places(text)
    problems = [
        Problem(say("example “{name}”", name=one.name), says, line_of(found, ("examples", n)))
        for n, one in enumerate(went)
        for says in one.says
    ]
    return Checked(None if problems else policy, tuple(problems), went)


def read(text: str, version: int) -> Policy:
    """A text that was checked before; its examples are not tried again. Raises Unfit."""
    policy, problems = _made(text, version)
    if policy is None:
        raise Unfit(problems)
    return policy


def shipped_text() -> str:
    """The policy that ships, as its text."""
    return files("sanderling.core.policy").joinpath("default.toml").read_text("utf-8")


@cache
def shipped() -> Policy:
    """The policy that ships: version 0, which holds until one is applied."""
    return read(shipped_text(), 0)


def _made(text: str, version: int) -> tuple[Policy | None, list[Problem]]:
    raw, faults = parsed(text)
    if not faults:
        document, faults = read_parts(Document, raw, inspector(raw))
        if document is not None:
            return Policy(version, document), []
    return None, placed(text, raw, faults)


def placed(text: str, raw: Mapping[str, Any], faults: Sequence[Fault]) -> list[Problem]:
    """Faults of a text with their places, in its order; of very many, the first MOST_TOLD."""
    found: dict[Path, Place] = places(text) if raw else {}
    problems = [
        Problem(_said(raw, fault.path), fault.says, fault.line or line_of(found, fault.path))
        for fault in faults
    ]
    problems = sorted(dict.fromkeys(problems), key=lambda problem: problem.line)
    if len(problems) > MOST_TOLD:
        more = many(
            "There is {n} more like these.",
            "There are {n} more like these.",
            len(problems) - MOST_TOLD,
        )
        problems = [*problems[:MOST_TOLD], Problem("", more)]
    return problems


def _said(raw: Mapping[str, Any], path: Path) -> str:
    """A path in words: ("goals", 2, "when") is: goals 3 “Furious”, when."""
    parts: list[str] = []
    at: Any = raw
    for step in path:
        if isinstance(at, list) and isinstance(step, int):
            at = at[step]
            name = at.get("name") if isinstance(at, dict) else None
            parts[-1] += f" {step + 1}" + (f" “{name[:80]}”" if isinstance(name, str) else "")
        else:
            at = at.get(step) if isinstance(at, dict) else None
            parts.append(str(step)[:80])
    return ", ".join(parts)
