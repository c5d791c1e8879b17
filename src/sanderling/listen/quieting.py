"""What a column leaves out: single posts, authors, threads. Posts stay in the desk and come back.

Nothing here touches how posts are caught: what is left out is left out when a column is read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from sanderling.core.words import later, say
from sanderling.listen.models import Column, Ignored, Muted, Post
from sanderling.store import announce
from sanderling.store.moves import remember

What = Literal["author", "thread"]


class NothingThere(ValueError):
    """The post or the column is gone; fit to be read by people."""


@transaction.atomic
def ignore(*, column_id: int, post_id: int, by: int, now: datetime) -> None:
    """A post leaves one column; raises NothingThere."""
    _look(column_id, post_id)
    made = Ignored(column_id=column_id, post_id=post_id, by_id=by, at=now)
    Ignored.objects.bulk_create([made], ignore_conflicts=True)
    remember("post", post_id, "ignored", by=by, now=now, note=_column(column_id))
    announce.announce([announce.column(column_id)])


@transaction.atomic
def bring_back(*, column_id: int, post_id: int, by: int, now: datetime) -> None:
    """An ignored post stands in its column again."""
    if Ignored.objects.filter(column_id=column_id, post_id=post_id).delete()[0]:
        remember("post", post_id, "brought back", by=by, now=now, note=_column(column_id))
    announce.announce([announce.column(column_id)])


@transaction.atomic
def mute(
    *, column_id: int, post_id: int, what: What, everywhere: bool, by: int, now: datetime
) -> int:
    """Leave out the author or the thread of a post, in its column or everywhere in its deck.

    Returns the number of the mute, for `unmute`; raises NothingThere.
    """
    column, post = _look(column_id, post_id)
    about = {"author_id": post.author_id} if what == "author" else _thread(post)
    made, _ = Muted.objects.get_or_create(
        deck_id=column.deck_id, column=None if everywhere else column, **about,
        defaults={"by_id": by, "at": now, "name": _name(post, what)},
    )  # fmt: skip
    if everywhere:
        note = later("{name}, deck {number}").format(name=made.name, number=column.deck_id)
    else:
        note = later("{name}, column {number}").format(name=made.name, number=column_id)
    remember("muted", made.pk, "muted", by=by, now=now, note=note)
    _tell(made)
    return made.pk


@transaction.atomic
def unmute(*, muted_id: int, by: int, now: datetime) -> None:
    """Show again what was muted."""
    made = Muted.objects.filter(pk=muted_id).first()
    if made is None:
        return
    remember("muted", muted_id, "unmuted", by=by, now=now, note=made.name)
    _tell(made)
    made.delete()


def deck_of(muted_id: int) -> int | None:
    """The deck that a mute is for; None if it was undone."""
    return Muted.objects.filter(pk=muted_id).values_list("deck_id", flat=True).first()


def _column(column_id: int) -> str:
    return later("column {number}").format(number=column_id)


def _look(column_id: int, post_id: int) -> tuple[Column, Post]:
    column = Column.objects.filter(pk=column_id).first()
    post = Post.objects.select_related("author").filter(pk=post_id).first()
    if column is None or post is None:
        raise NothingThere(say("The column or the post is gone. Nothing was changed."))
    return column, post


def _thread(post: Post) -> dict[str, str]:
    """What all posts of its thread have in common, as far as its network tells."""
    return {"network": post.network, "thread": post.thread or post.reply_to or post.remote_id}


def _name(post: Post, what: What) -> str:
    if what == "author":
        return f"@{post.author.handle}"
    return " ".join(post.text.split())[:80] or later("A thread without words")


def _tell(made: Muted) -> None:
    if made.column_id is None:
        announce.announce([announce.COLUMNS])
    else:
        announce.announce([announce.column(made.column_id)])
