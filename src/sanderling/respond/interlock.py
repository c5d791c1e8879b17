"""The interlock: an answer goes with the last thing its author saw, and stops where more was said.

Presence informs, this protects: what a customer, a colleague or someone in the network's own app
wrote meanwhile is read first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanderling.core.network import Room
from sanderling.core.words import say
from sanderling.respond.models import Outgoing
from sanderling.store.sql import fetch

MOST = 50
"""New posts that are shown; there may be more."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A post that came into a case after somebody looked.

    `role` is requester, us or bystander. `by` and `by_name` are the agent who wrote it in the
    desk, None and empty where it was written on the network itself.
    """

    id: int
    room: Room
    role: str
    text: str
    at: datetime
    name: str
    handle: str
    by: int | None
    by_name: str

    @property
    def who(self) -> str:
        """Who wrote it, as a sentence begins."""
        if self.role != "us":
            return self.name or f"@{self.handle}"
        return self.by_name or say(
            "Somebody, as @{handle} in the network’s own app,", handle=self.handle
        )


class News(Exception):
    """Something newer than what the author of an answer saw: `posts`, oldest first. `seen` is what
    they have seen once they know of these."""

    def __init__(self, posts: Sequence[Newer]) -> None:
        self.posts = list(posts)
        self.seen = max(post.id for post in posts)
        super().__init__(summary(posts))


def newest_post(case_id: int) -> int:
    """The number of the newest post of a case, whoever wrote it; 0 if it has none."""
    return int(fetch("respond/newest", {"case": case_id})[0][0])


def newer_than(case_id: int, seen: int, *, by: int) -> list[Newer]:
    """What stands in a case, is newer than the post `seen`, and was not sent by agent `by`."""
    rows = fetch("respond/news", {"case": case_id, "seen": seen, "limit": MOST})
    found = [_newer(*row) for row in rows]
    return [post for post in found if post.by is None or post.by != by]


def _newer(*row: Any) -> Newer:
    number, room, role, text, at, name, handle, by, by_name = row
    return Newer(number, Room(room), role, text, at, name, handle, by, by_name or "")


def look_first(case_id: int, *, seen: int, by: int) -> None:
    """Raise News where something newer than `seen` stands in the case."""
    if posts := newer_than(case_id, seen, by=by):
        raise News(posts)


def overtaken(row: Outgoing) -> str:
    """Why an answer that waited must not leave now, in words; empty if it may.

    What bystanders say is no reason. A thread that has begun is not left in the middle. A public
    status answers nobody who could write meanwhile.
    """
    if row.part > 1 or row.case_id is None:
        return ""
    posts = newer_than(row.case_id, row.seen, by=row.by_id)
    told = [post for post in posts if post.role != "bystander"]
    return say("{told} Read it, then send this or change it.", told=summary(told)) if told else ""


def summary(posts: Sequence[Newer]) -> str:
    """Who said something new, in a sentence."""
    one, *others = dict.fromkeys(post.who.removesuffix(",") for post in posts)
    if not others:
        return say("{name} wrote after this was begun.", name=one)
    if len(others) == 1:
        return say("{one} and {other} wrote after this was begun.", one=one, other=others[0])
    return say("{one} and {other} and others wrote after this was begun.", one=one, other=others[0])
