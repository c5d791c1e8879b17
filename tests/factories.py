"""Rows for tests that need a desk with something in it: one short call each, sensible defaults.

Nothing here is judged or placed by the desk; what a test is about it says itself.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sanderling.cases import tally
from sanderling.cases.models import Case, Clock, Placement
from sanderling.listen.decks import first_deck
from sanderling.listen.models import Account, Column, ColumnPost, Identity, Post
from sanderling.people.models import Agent
from sanderling.triage.models import Verdict

NOW = datetime(2026, 10, 13, 9, 5, tzinfo=UTC)
PASSWORD = "sand-between-toes"
_next = itertools.count(1)


def agent(name: str = "Anika Brandt", **changes: Any) -> Agent:
    """An agent who signs in with PASSWORD."""
    n = next(_next)
    words = name.split()
    row = Agent(
        email=f"{words[0].lower()}.{n}@northwind.example", name=name,
        initials="".join(w[0] for w in words)[:4].upper(), **changes,
    )  # fmt: skip
    row.set_password(PASSWORD)
    row.save()
    return row


def account(**changes: Any) -> Account:
    """Our account on the practice network."""
    n = next(_next)
    given = {
        "network": "practice", "remote_id": f"us-{n}", "handle": "NorthwindCare",
        "name": "Northwind Care", "avatar": "practice:northwind", "address": "http://127.0.0.1:1/",
        "secret": "",
    }  # fmt: skip
    return Account.objects.create(**{**given, **changes})


def identity(name: str = "Jonas Veld", **changes: Any) -> Identity:
    """A person on the practice network."""
    n = next(_next)
    given = {
        "network": "practice", "remote_id": f"person-{n}", "name": name,
        "handle": name.split()[0].lower() + str(n), "followers": 18_200, "follows_us": True,
        "takes_messages": "all",
    }  # fmt: skip
    return Identity.objects.create(**{**given, **changes})


def post(account: Account, author: Identity, text: str, **changes: Any) -> Post:
    """A public post to us."""
    n = next(_next)
    given: dict[str, Any] = {
        "network": account.network, "scope": 0, "remote_id": f"post-{n}", "account": account,
        "author": author, "room": "public", "direction": "theirs", "origin": "customer",
        "to_us": True, "text": text, "lang": "en", "created_at": NOW - timedelta(minutes=20),
        "edited": False,
    }  # fmt: skip
    given |= changes
    if given["room"] == "direct":
        given["scope"] = account.pk
    given.setdefault("version_at", given["created_at"])
    return Post.objects.create(**given)


def verdict(post: Post, **changes: Any) -> Verdict:
    """What triage might have found."""
    given: dict[str, Any] = {
        "needs_us": True, "kind": "complaint", "tone": 3, "urgency": 1, "lang": "en",
        "reasons": [["complains", "Says: “no signal”"]], "judge": "rules-1",
    }  # fmt: skip
    return Verdict.objects.create(post=post, **{**given, **changes})


def place(case: Case, post: Post, role: str = "requester") -> Placement:
    """Let a post stand in a case."""
    return Placement.objects.create(
        post=post, account=case.account, customer=case.requester, case=case, role=role,
        room=post.room, at=post.created_at, needs=2 * (role == "requester"), ends=role == "us",
        gone=post.deleted_at is not None, starts=False, names=[post.pk],
    )  # fmt: skip


def case(
    account: Account, customer: Identity, text: str = "No signal for three days.", **changes: Any
) -> Case:
    """A case about one post, with its verdict, placement, clock and counter."""
    room = changes.pop("room", "public")
    began = changes.pop("opened_at", NOW - timedelta(minutes=20))
    about = changes.pop("about_post", None) or post(
        account, customer, text, room=room, created_at=began
    )
    due = changes.pop("due_at", began + timedelta(hours=1))
    given: dict[str, Any] = {
        "state": "new", "title": text[:80], "kind": "complaint", "tone": 3, "urgency": 1,
        "reach": customer.followers or 0, "last_at": began, "due_kind": "acknowledge",
    }  # fmt: skip
    row = Case.objects.create(
        account=account, requester=customer, about_post=about, opened_at=began, due_at=due,
        **{**given, **changes},
    )  # fmt: skip
    verdict(about, kind=row.kind, tone=row.tone)
    place(row, about)
    if row.due_kind:
        Clock.objects.create(
            case=row, turn=about, kind=row.due_kind, started_at=min(began, due), due_at=due,
            policy=0,
        )  # fmt: skip
    tally.shift([], [tally.standing(row)])
    return row


def column(name: str, query: str, *caught: Post, position: int = 1, **changes: Any) -> Column:
    """A column of a deck, by default everybody’s, that caught these posts."""
    deck = changes.pop("deck", None) or first_deck()
    row = Column.objects.create(deck_id=deck, name=name, query=query, position=position, **changes)
    ColumnPost.objects.bulk_create(ColumnPost(column=row, post=p) for p in caught)
    return row
