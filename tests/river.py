"""Small builders for tests that send pages down the river without a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sanderling.cases.work import receive
from sanderling.core.network import Author, Page, Post, Room
from sanderling.listen import actions as listen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
US = Author(id="us", handle="NorthwindCare", name="Northwind Care")


def minutes(n: float) -> datetime:
    """The time n minutes after noon."""
    return NOON + timedelta(minutes=n)


def connected() -> int:
    """An account of ours on the practice network."""
    return listen.connect(network="practice", who=US, address="", secret="", now=NOON)


def says(
    remote_id: str, text: str = "@NorthwindCare my phone is dead, please help", **more
) -> Post:
    """A customer's public mention; `who` and `at` (minutes after noon) and any field of Post."""
    who = more.pop("who", "lena")
    at = more.pop("at", 0)
    fields = {
        "author": Author(id=who, handle=who, name=who.title(), followers=10),
        "created_at": minutes(at),
        "room": Room.PUBLIC,
        "mentions": ("us",),
    }
    return Post(remote_id=remote_id, text=text, **{**fields, **more})


def writes(remote_id: str, text: str = "my phone is dead, please help", **more) -> Post:
    """A customer's direct message."""
    return says(
        remote_id, text, **{"room": Room.DIRECT, "mentions": (), "counterpart": "lena", **more}
    )


def we_say(
    remote_id: str, to: str | None = "lena", text: str = "Sorry, we look into it", **more
) -> Post:
    """Our own public reply, typed in the network's own app."""
    return says(remote_id, text, author=US, mentions=(), reply_to_author=to, **more)


def hear(account: int, *posts: Post, now: datetime | None = None, **page):
    """One page of an account goes down the river."""
    return receive(account_id=account, page=Page(posts=posts, **page), now=now or minutes(600))
