"""Posts that a page could not lead to their end: set aside, and picked up again one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sanderling.core.network import Author, Post, Room
from sanderling.core.timing import pause
from sanderling.listen.actions import Heard
from sanderling.listen.models import Identity, Unfinished
from sanderling.listen.models import Post as StoredPost

LONGEST_TROUBLE = 2_000


def set_aside(posts: Iterable[int], *, trouble: str, now: datetime) -> None:
    """Let these posts wait; the trouble is kept for whoever looks."""
    Unfinished.objects.bulk_create(
        [
            Unfinished(
                post_id=p, since=now, next_at=now + pause(1), trouble=trouble[:LONGEST_TROUBLE]
            )
            for p in posts
        ],
        ignore_conflicts=True,
    )


def claim(*, now: datetime) -> tuple[Unfinished, str, Heard] | None:
    """The next post to finish, held until the transaction ends, with its network."""
    row = (
        Unfinished.objects.select_for_update(skip_locked=True)
        .filter(next_at__lte=now)
        .order_by("next_at")
        .first()
    )
    if row is None:
        return None
    post = StoredPost.objects.select_related("author").get(pk=row.post_id)
    return row, post.network, _heard_again(post)


def try_later(row: Unfinished, *, trouble: str, now: datetime) -> None:
    """It failed once more; wait longer."""
    row.tries += 1
    row.next_at = now + pause(row.tries + 1)
    row.trouble = trouble[:LONGEST_TROUBLE]
    row.save()


def _heard_again(post: StoredPost) -> Heard:
    other = post.counterpart if post.room == Room.DIRECT else post.reply_to_author
    answers = (
        Identity.objects.filter(network=post.network, remote_id=other)
        .values_list("pk", flat=True)
        .first()
        if other
        else None
    )
    return Heard(
        post=post.pk,
        author=post.author_id,
        answers=answers,
        account=post.account_id,
        said=Post(
            remote_id=post.remote_id,
            author=Author(
                id=post.author.remote_id,
                handle=post.author.handle,
                name=post.author.name,
                followers=post.author.followers,
            ),
            text=post.text,
            created_at=post.created_at,
            edited_at=post.version_at if post.edited else None,
            room=Room(post.room),
            reply_to=post.reply_to,
            reply_to_author=post.reply_to_author,
            thread=post.thread,
            counterpart=post.counterpart,
            automated=post.origin == "automation",
            lang=post.lang,
        ),
        ours=post.direction == "ours",
        to_us=post.to_us,
        newest=True,
        again=True,
        gone=post.deleted_at is not None,
    )
