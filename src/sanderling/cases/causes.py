"""Why customers had to write: a small tree, two levels deep, that the company owns.

Causes that cases ended with are never deleted, only put away: what was counted stays counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count

from sanderling.cases.models import Case, Cause
from sanderling.core.words import say
from sanderling.store.moves import remember

LONGEST_NAME = 80
MOST = 200


class WrongCause(ValueError):
    """The tree cannot be changed so; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A cause with those under it; `cases` ended with it. `archived`: nobody may choose it."""

    id: int
    name: str
    archived: bool
    cases: int
    under: tuple[Branch, ...] = ()

    @property
    def open(self) -> tuple[Branch, ...]:
        """Those under it that may be chosen."""
        return tuple(b for b in self.under if not b.archived)


def causes(*, archived: bool = False) -> list[Branch]:
    """The tree in the order of names; with those that were put away, if asked for."""
    rows = Cause.objects.order_by("name", "id")
    if not archived:
        rows = rows.filter(archived_at=None)
    counted = dict(
        Case.objects.filter(cause__isnull=False).values_list("cause").annotate(Count("pk"))
        if archived
        else ()
    )
    under: dict[int | None, list[Cause]] = {}
    for row in rows:
        under.setdefault(row.parent_id, []).append(row)

    def branch(row: Cause) -> Branch:
        below = tuple(branch(b) for b in under.get(row.pk, ()))
        gone = row.archived_at is not None
        return Branch(row.pk, row.name, gone, counted.get(row.pk, 0), below)

    return [branch(row) for row in under.get(None, ())]


def cause_in_words(cause_id: int) -> str | None:
    """ "Network › Mast outage"; None where it may not be chosen."""
    row = Cause.objects.select_related("parent").filter(pk=cause_id, archived_at=None).first()
    if row is None or (row.parent is not None and row.parent.archived_at is not None):
        return None
    return f"{row.parent.name} › {row.name}" if row.parent else row.name


@transaction.atomic
def add_cause(*, name: str, parent: int | None, by: int | None, now: datetime) -> int:
    """A new cause, at the top or under one of the top; gives its number. Raises WrongCause."""
    if Cause.objects.filter(archived_at=None).count() >= MOST:
        raise WrongCause(
            say("There are {most} causes already. Put away what nobody uses.", most=MOST)
        )
    if parent is not None:
        above = _cause(parent)
        if above.parent_id is not None:
            raise WrongCause(
                say("Causes are two levels deep. Choose one of the top as the one above.")
            )
        if above.archived_at is not None:
            raise WrongCause(say("“{name}” was put away. Bring it back first.", name=above.name))
    row = _saved(Cause(name=_name(name), parent_id=parent))
    remember("cause", row.pk, "add", by=by, now=now, note=row.name)
    return row.pk


@transaction.atomic
def rename_cause(*, cause_id: int, name: str, by: int, now: datetime) -> None:
    """Give a cause another name, for the cases that ended with it too; raises WrongCause."""
    row = _cause(cause_id)
    was, row.name = row.name, _name(name)
    if row.name != was:
        _saved(row)
        remember("cause", row.pk, "rename", by=by, now=now, note=f"{was} → {row.name}")


@transaction.atomic
def put_away(*, cause_id: int, by: int, now: datetime) -> None:
    """Let nobody choose a cause any more, nor those under it; raises WrongCause."""
    row = _cause(cause_id)
    if row.archived_at is None:
        row.archived_at = now
        _saved(row)
        remember("cause", row.pk, "put away", by=by, now=now)


@transaction.atomic
def bring_back(*, cause_id: int, by: int, now: datetime) -> None:
    """Let a cause be chosen again; raises WrongCause."""
    row = _cause(cause_id)
    if row.archived_at is not None:
        row.archived_at = None
        _saved(row)
        remember("cause", row.pk, "bring back", by=by, now=now)


def _cause(cause_id: int) -> Cause:
    row = Cause.objects.select_for_update().filter(pk=cause_id).first()
    if row is None:
        raise WrongCause(say("This cause is not there any more."))
    return row


def _saved(row: Cause) -> Cause:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise WrongCause(
            say("There is a cause “{name}” in the same place already.", name=row.name)
        ) from error
    return row


def _name(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise WrongCause(say("A cause needs a name."))
    if len(name) > LONGEST_NAME:
        raise WrongCause(say("A cause's name may have {most} characters.", most=LONGEST_NAME))
    return name
