"""Praise: what was done with it. A like, and whether the customer may be quoted, are moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from django.db import transaction

from sanderling.cases.actions import locked
from sanderling.cases.models import Case
from sanderling.store import announce
from sanderling.store.models import Move
from sanderling.store.moves import record

Consent = Literal["quote asked", "quote allowed", "quote refused"]


@dataclass(frozen=True, slots=True)
class Praised:
    """`liked`: we liked the post. `consent` is what was last said about quoting it, empty where
    nobody asked; `by` wrote that down, at `at`."""

    liked: bool
    consent: str
    by: str
    at: datetime | None


def praised(cases: list[int]) -> Praised:
    """What was done with the praise in a case and in those that became part of it."""
    moves = Move.objects.filter(kind="case", row__in=cases).order_by("-id")
    said = moves.filter(move__in=get_args(Consent)).values_list("move", "by__name", "at").first()
    liked = moves.filter(move="like").exists()
    return Praised(liked, said[0], said[1] or "", said[2]) if said else Praised(liked, "", "", None)


@transaction.atomic
def liked(*, case_id: int, by: int, now: datetime) -> None:
    """The network took our like of the customer's post."""
    _done(locked(case_id), "like", by, now)


@transaction.atomic
def consent(*, case_id: int, said: Consent, by: int, now: datetime) -> None:
    """We asked to quote the customer, or they said yes or no; the newest word counts."""
    _done(locked(case_id), said, by, now)


def _done(case: Case, move: str, by: int, now: datetime) -> None:
    record(case, move, by=by, now=now)
    announce.announce([announce.case(case.pk)])
