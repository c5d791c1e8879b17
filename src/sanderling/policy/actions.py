"""Putting a policy in force."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sanderling.core.policy import Policy, Problem, Unfit, check, shipped_text
from sanderling.core.words import say
from sanderling.people.actions import team_named
from sanderling.policy import queries
from sanderling.policy.models import Version
from sanderling.store.sql import run_text

LONGEST_NOTE = 500


class Newer(Exception):
    """Somebody else put a version in force since this one was written."""

    def __init__(self, number: int) -> None:
        super().__init__(
            say(
                "Version {number} came into force while you were writing. Look at what it changed,"
                " bring your change into it, and apply again.",
                number=number,
            )
        )
        self.number = number


@transaction.atomic
def apply(*, text: str, by: int | None, note: str, now: datetime, seen: int | None = None) -> int:
    """Put a text in force as the next version; gives its number. Teams that it names are made.

    What holds already, word for word, is not written twice. Applies follow one another.
    Raises Unfit, with everything that is wrong, examples that fail among it; and Newer where
    `seen`, the version that its author had before them, is not the newest any more.
    """
    checked = check(text)
    if checked.policy is None:
        raise Unfit(checked.problems)
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Unfit(
            [Problem("note", say("A note is at most {most} characters long.", most=LONGEST_NOTE))]
        )
    _one_at_a_time()
    newest = queries.newest()
    if seen is not None and seen != newest:
        raise Newer(newest)
    last = queries.written(newest)
    if newest and last and last.text == text:
        return newest
    _make_teams(checked.policy)
    return Version.objects.create(text=text, note=note, by_id=by, at=now).pk


@transaction.atomic
def adopt_default(*, now: datetime) -> int:
    """Where no policy was ever applied, put the one that ships in force; gives the newest version.
    Doing it twice changes nothing."""
    _one_at_a_time()
    return queries.newest() or apply(text=shipped_text(), by=None, note=queries.SHIPPED, now=now)


def _one_at_a_time() -> None:
    run_text("select pg_advisory_xact_lock(20, 0)", {})


def _make_teams(policy: Policy) -> None:
    said = policy.document
    names = [route.team for route in said.routes] + list(said.teams)
    names += [rule.by for rule in said.approvals]
    names += [who for allowed in said.voice.values() for who in allowed]
    for name in dict.fromkeys(names):
        if name != "lead" and "@" not in name:
            team_named(name)
