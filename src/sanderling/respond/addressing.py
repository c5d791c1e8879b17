"""Whom an answer goes to, and what the variables of a template become for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sanderling.core.wording import first_name
from sanderling.people.queries import colleague
from sanderling.store.sql import fetch


@dataclass(frozen=True, slots=True)
class Addressed:
    """The customer of a case. `newest` is the newest post of the case."""

    case_id: int
    account_id: int
    customer_id: int
    name: str
    handle: str
    account: str
    state: str
    network: str
    avatar: str
    newest: int


def addressed(case_ids: Sequence[int]) -> list[Addressed]:
    """The customers of these cases, who has waited longest first, each case once."""
    rows = fetch("respond/addressed", {"cases": list(case_ids)}) if case_ids else []
    return [Addressed(*row[1:]) for row in rows]


class Called(Protocol):
    """What the variables of a template ask for."""

    @property
    def case_id(self) -> int | None:
        """The number of the case."""

    @property
    def name(self) -> str:
        """What the customer calls themselves."""

    @property
    def handle(self) -> str:
        """Theirs, without @."""

    @property
    def account(self) -> str:
        """What our account is called."""


def values(whom: Called, agent_id: int) -> Mapping[str, str]:
    """What the variables of a template become."""
    agent = colleague(agent_id)
    return {
        "name": first_name(whom.name, whom.handle),
        "handle": f"@{whom.handle}",
        "agent": agent.name if agent else "",
        "account": whom.account,
        "case": str(whom.case_id or ""),
    }
