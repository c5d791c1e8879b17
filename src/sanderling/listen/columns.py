"""Columns: saved queries, and the matcher that runs all of them over a page of posts.

The matcher is rebuilt when the columns change; every process notices by their revision.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Max

from sanderling.core.network import Post, Room
from sanderling.core.query import Matcher, Query, QueryError, Subject, parse
from sanderling.core.words import say
from sanderling.listen.bounds import LONGEST_TEXT, one_line, plain
from sanderling.listen.decks import first_deck
from sanderling.listen.models import Column, ColumnPost, ColumnSet
from sanderling.listen.ours import Ear
from sanderling.store import announce
from sanderling.store.moves import remember
from sanderling.store.sql import run

log = logging.getLogger(__name__)
LONGEST_NAME = 60
WIDTHS = ("narrow", "usual", "wide")
_HANDLES = re.compile(r"(?<![\w@])@([\w.-]*\w(?:@[\w.-]*\w)?)")  # @user and @user@server


def match(subjects: Sequence[Subject]) -> list[list[int]]:
    """The ids of the columns that each subject belongs in."""
    return _matcher(revision()).match(subjects)


def subject(us: Ear, post: Post) -> Subject:
    """A post as columns see it, heard by the account whose matter it is."""
    handles = mentioned(post.text)
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


def mentioned(text: str) -> tuple[str, ...]:
    """The handles that a text names, without @."""
    return tuple(_HANDLES.findall(text)) if "@" in text else ()


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
def add_column(
    *, name: str, query: str, by: int | None, now: datetime, deck: int | None = None
) -> int:
    """Save a query as the last column of a deck, by default of the one that everybody shares.

    Raises QueryError or ValueError in words for its author.
    """
    name, query = one_line(name, "column", LONGEST_NAME), _query(query)
    deck = deck or first_deck()
    last = Column.objects.filter(deck_id=deck).aggregate(last=Max("position"))["last"] or 0
    column = Column.objects.create(
        deck_id=deck, name=name, query=query, position=last + 1, created_by_id=by
    )
    remember("column", column.pk, "added", by=by, now=now, note=name)
    _changed()
    return column.pk


@transaction.atomic
def change_column(
    *, column_id: int, name: str, query: str, by: int | None, now: datetime, width: str = ""
) -> None:
    """Give a column another name, query or width; what it caught before stays.

    Raises QueryError or ValueError in words for its author.
    """
    said = {"name": one_line(name, "column", LONGEST_NAME), "query": _query(query)}
    if width:
        said["width"] = _width(width)
    if Column.objects.filter(pk=column_id).update(**said):
        remember("column", column_id, "changed", by=by, now=now, note=said["query"])
    _changed(column_id)


@transaction.atomic
def resize_column(*, column_id: int, width: str, by: int, now: datetime) -> None:
    """Make a column one of WIDTHS; raises ValueError."""
    if Column.objects.filter(pk=column_id).update(width=_width(width)):
        remember("column", column_id, "resized", by=by, now=now, note=width)
    announce.announce([announce.COLUMNS])


@transaction.atomic
def move_column(*, column_id: int, to: int, by: int | None, now: datetime) -> None:
    """Put a column at place `to` of its deck, counted from 0; the others close ranks."""
    beside = Column.objects.filter(deck__in=Column.objects.filter(pk=column_id).values("deck"))
    order = list(beside.order_by("position", "id").select_for_update())
    moving = next((c for c in order if c.pk == column_id), None)
    if moving is None:
        return
    order.remove(moving)
    order.insert(max(to, 0), moving)
    for place, column in enumerate(order):
        column.position = place
    Column.objects.bulk_update(order, ["position"])
    remember("column", column_id, "moved", by=by, now=now, note=str(moving.position))
    _changed()


@transaction.atomic
def remove_column(*, column_id: int, by: int | None, now: datetime) -> None:
    """Take a column away; the posts it caught stay in the desk."""
    column = Column.objects.filter(pk=column_id).first()
    if column is not None:
        remember("column", column_id, "removed", by=by, now=now, note=column.name)
        column.delete()
    _changed()


def tell_of(post_id: int) -> None:
    """Say that a post looks different to the columns it hangs in. In a transaction."""
    caught = ColumnPost.objects.filter(post_id=post_id).values_list("column_id", flat=True)
    announce.announce(map(announce.column, caught))


def _changed(*column_ids: int) -> None:
    run("listen/next_revision", {})
    announce.announce([announce.COLUMNS, *map(announce.column, column_ids)])


def _query(query: str) -> str:
    query = plain(query.strip(), LONGEST_TEXT)
    parse(query)
    return query


def _width(width: str) -> str:
    if width not in WIDTHS:
        raise ValueError(
            say(
                "A column is {these} or {last}.",
                these=", ".join(WIDTHS[:-1]),
                last=WIDTHS[-1],
            )
        )
    return width
