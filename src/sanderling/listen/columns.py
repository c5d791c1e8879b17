"""Columns: saved queries, and the matcher that runs all of them over a page of posts.

The matcher is rebuilt when the columns change; every process notices by their revision.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import lru_cache

from django.db import transaction
from django.db.models import Max

from sanderling.core.network import Post, Room
from sanderling.core.query import Matcher, Query, QueryError, Subject, parse
from sanderling.listen.bounds import LONGEST_TEXT, plain
from sanderling.listen.models import Column, ColumnSet
from sanderling.listen.ours import Ear
from sanderling.store import announce
from sanderling.store.sql import run

log = logging.getLogger(__name__)
LONGEST_NAME = 60
_HANDLES = re.compile(r"(?<![\w@])@([\w.-]*\w(?:@[\w.-]*\w)?)")  # @user and @user@server


def match(subjects: Sequence[Subject]) -> list[list[int]]:
    """The ids of the columns that each subject belongs in."""
    return _matcher(revision()).match(subjects)


def subject(us: Ear, post: Post) -> Subject:
    """A post as columns see it, heard by the account whose matter it is."""
    handles = tuple(_HANDLES.findall(post.text)) if "@" in post.text else ()
    answered = us.ids.get(post.reply_to_author or "")
    return Subject(
        text=post.text,
        handle=post.author.handle,
        mentions=handles,
        reply_to=us.handles[answered] if answered else next(iter(handles), None),
        lang=post.lang,
        followers=post.author.followers,
        links=post.links,
        has_media=bool(post.media),
        is_reply=post.reply_to is not None,
        is_quote=post.quote_of is not None,
        is_dm=post.room is Room.DIRECT,
        network=us.network,
        account=us.handles[us.account_of(post)],
    )


def revision() -> int:
    """A number that rises whenever a column is added, changed or removed."""
    return ColumnSet.objects.values_list("revision", flat=True).first() or 0


def queries() -> dict[int, Query]:
    """What every column asks for, by its id."""
    found = {}
    for pk, query in Column.objects.values_list("pk", "query"):
        try:
            found[pk] = parse(query)
        except QueryError as error:  # one that an older version could read holds up nobody
            log.warning("listen.column.unreadable column=%s %r", pk, str(error))
    return found


@lru_cache(maxsize=1)
def _matcher(revision: int) -> Matcher:
    return Matcher(queries())


@transaction.atomic
def add_column(*, name: str, query: str, by: int | None) -> int:
    """Save a query as the last column; raises QueryError or ValueError in words for its author."""
    name, query = _name(name), _query(query)
    last = Column.objects.aggregate(last=Max("position"))["last"] or 0
    column = Column.objects.create(name=name, query=query, position=last + 1, created_by_id=by)
    _changed()
    return column.pk


@transaction.atomic
def change_column(*, column_id: int, name: str, query: str) -> None:
    """Give a column another name or query; what it caught before stays."""
    name, query = _name(name), _query(query)
    Column.objects.filter(pk=column_id).update(name=name, query=query)
    _changed(column_id)


@transaction.atomic
def move_column(*, column_id: int, to: int) -> None:
    """Put a column at place `to`, counted from 0; the others close ranks."""
    order = list(Column.objects.order_by("position", "id").select_for_update())
    moving = next((c for c in order if c.pk == column_id), None)
    if moving is None:
        return
    order.remove(moving)
    order.insert(max(to, 0), moving)
    for place, column in enumerate(order):
        column.position = place
    Column.objects.bulk_update(order, ["position"])
    _changed()


@transaction.atomic
def remove_column(*, column_id: int) -> None:
    """Take a column away; the posts it caught stay in the desk."""
    Column.objects.filter(pk=column_id).delete()
    _changed()


def _changed(*column_ids: int) -> None:
    run("listen/next_revision", {})
    announce.announce([announce.COLUMNS, *map(announce.column, column_ids)])


def _query(query: str) -> str:
    query = plain(query.strip(), LONGEST_TEXT)
    parse(query)
    return query


def _name(name: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not name:
        raise ValueError("A column needs a name.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"A column's name may have {LONGEST_NAME} characters.")
    return name
