"""Columns: saved queries, and the matcher that runs all of them over a page of posts.

The matcher is rebuilt when the columns change; every process notices by their revision.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from sanderling.core.query import parse
from sanderling.listen.models import Column
from sanderling.store import announce

LONGEST_NAME = 60


@transaction.atomic
def add_column(*, name: str, query: str, by: int | None) -> int:
    """Save a query as the last column; raises QueryError or ValueError in words for its author."""
    name = _name(name)
    parse(query)
    last = Column.objects.aggregate(last=Max("position"))["last"] or 0
    column = Column.objects.create(
        name=name, query=query.strip(), position=last + 1, created_by_id=by
    )
    announce.announce([announce.COLUMNS])
    return column.pk


@transaction.atomic
def change_column(*, column_id: int, name: str, query: str) -> None:
    """Give a column another name or query; what it caught before stays."""
    parse(query)
    Column.objects.filter(pk=column_id).update(name=_name(name), query=query.strip())
    announce.announce([announce.COLUMNS, announce.column(column_id)])


@transaction.atomic
def move_column(*, column_id: int, to: int) -> None:
    """Put a column at place `to`, counted from 0; the others close ranks."""
    order = list(Column.objects.order_by("position", "id").select_for_update())
    moving = next((c for c in order if c.pk == column_id), None)
    if moving is None:
        return
    order.remove(moving)
    order.insert(to, moving)
    for place, column in enumerate(order):
        column.position = place
    Column.objects.bulk_update(order, ["position"])
    announce.announce([announce.COLUMNS])


@transaction.atomic
def remove_column(*, column_id: int) -> None:
    """Take a column away; the posts it caught stay in the desk."""
    Column.objects.filter(pk=column_id).delete()
    announce.announce([announce.COLUMNS])


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValueError("A column needs a name.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"A column's name may have {LONGEST_NAME} characters.")
    return name
