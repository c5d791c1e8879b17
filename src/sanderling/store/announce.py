"""Telling the pages that something changed: a topic and an id, never content.

PostgreSQL delivers on commit, drops on rollback and folds equal payloads of one transaction, so
no hook and no outbox is needed. Pages then fetch what they may see themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from sanderling.store.sql import run_text

CHANNEL = "desk"


def case(case_id: int) -> str:
    """Topic of one case: its row, its timeline, its head."""
    return f"case-{case_id}"


def here(case_id: int) -> str:
    """Topic of who has a case before them, and what they do there."""
    return f"here-{case_id}"


def column(column_id: int) -> str:
    """Topic of one column of the deck."""
    return f"column-{column_id}"


def agent(agent_id: int) -> str:
    """Topic of one agent: what names them, what they are asked, what they promised."""
    return f"agent-{agent_id}"


def incident(incident_id: int) -> str:
    """Topic of one incident's room: its figures, members, roles, steps, words and rounds."""
    return f"incident-{incident_id}"


INCIDENTS = "incidents"
"""Topic of which incidents stand, at which level, and whether a drill runs."""

QUEUES = "queues"
"""Topic of the lists and badges: some case entered, left or changed its place."""

ALERTS = "alerts"
"""Topic of what is about to break, or broke."""

APPROVALS = "approvals"
"""Topic of the answers that wait for a second pair of eyes: one came, or was decided."""

COLUMNS = "columns"
"""Topic of the deck as a whole: a column was added, changed or removed."""

PEOPLE = "people"
"""Topic of who is at work: somebody came, paused or went home."""


def announce(topics: Iterable[str]) -> None:
    """Tell every page that follows one of `topics`, once this transaction commits."""
    found = sorted(set(topics))
    if found:
        run_text(
            "select pg_notify(%(channel)s, t) from unnest(%(topics)s::text[]) t",
            {"channel": CHANNEL, "topics": found},
        )
