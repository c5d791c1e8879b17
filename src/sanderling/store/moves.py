"""The one function that moves a life: compare-and-swap, history and announcement together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from sanderling.core.lifecycle import Lifecycle
from sanderling.core.words import say
from sanderling.store.models import Move
from sanderling.store.sql import as_json, run


class Overtaken(Exception):
    """Somebody else moved this row first; look again before acting."""


def advance(
    row: models.Model,
    life: Lifecycle,
    move: str,
    *,
    by: int | None,
    now: datetime,
    note: str = "",
    **changes: Any,
) -> str:
    """Move `row` along `life` and write the history; returns the new state.

    `changes` are further columns set in the same statement. The row in memory is updated too.
    Raises Impossible where the life has no such move, Overtaken where the row is no longer in the
    state it was read in. Call inside a transaction.
    """
    was = row.state  # type: ignore[attr-defined]  # every row with a life has a state
    state = life.after(was, move)
    updated = type(row)._default_manager.filter(pk=row.pk, state=was).update(state=state, **changes)
    if not updated:
        raise Overtaken(
            say("This {name} was changed by someone else a moment ago.", name=say(life.name))
        )
    for name, value in {"state": state, **changes}.items():
        setattr(row, name, value)
    Move.objects.create(
        kind=str(type(row)._meta.model_name),
        row=row.pk,
        was=was,
        now=state,
        move=move,
        by_id=by,
        at=now,
        note=note,
    )
    return state


def record(row: models.Model, move: str, *, by: int | None, now: datetime, note: str = "") -> None:
    """History for something that happened to `row` without changing its state."""
    state = row.state  # type: ignore[attr-defined]  # every row with a life has a state
    Move.objects.create(
        kind=str(type(row)._meta.model_name),
        row=row.pk,
        was=state,
        now=state,
        move=move,
        by_id=by,
        at=now,
        note=note,
    )


def remember(
    kind: str, row: int, move: str, *, by: int | None, now: datetime, note: str = ""
) -> None:
    """History of something that has no life of states, such as a cause or a person."""
    Move.objects.create(kind=kind, row=row, was="", now="", move=move, by_id=by, at=now, note=note)


def record_all(rows: Sequence[dict[str, Any]]) -> None:
    """History of many rows: dicts of kind, row, was, now, move, at, and by and note if there are
    any."""
    if rows:
        run("store/put_moves", {"rows": as_json(rows)})
