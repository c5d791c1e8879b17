"""Placing posts into cases: what follows from what was heard, and from what people decide.

heard + verdicts | whose matter, in which role (stands) | tell the stories anew (telling)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sanderling.cases.models import Case, Placement
from sanderling.cases.stands import Customer, needed, own, stands_of
from sanderling.cases.telling import Told, tell
from sanderling.core.placing import Need
from sanderling.core.verdict import Verdict
from sanderling.listen.actions import Heard
from sanderling.store.sql import fetch


def place(
    *,
    network: str,
    heard: Sequence[Heard],
    verdicts: Sequence[Verdict],
    gone: Sequence[int],
    now: datetime,
) -> Told:
    """Put what was heard where it belongs, and bring the cases concerned up to date."""
    stands = stands_of(network, heard, verdicts)
    again = {h.post: h.author for h in heard if h.again}
    known = _customers("cases/customers_of_posts", list(again))
    for post, (_, customer) in known.items():
        if customer == again[post] and post in stands and stands[post].customer[1] != customer:
            del stands[post]  # once its author's own matter, it is never a bystander's
    touched = _customers("cases/mark_gone", gone) | known
    return tell(stands=list(stands.values()), touched=touched, now=now)


def place_own(*, post_id: int, case: Case, ends: bool, now: datetime) -> None:
    """A post that the desk sent joins its case, whoever told of it first."""
    Placement.objects.filter(pk=post_id).update(ends=ends)
    tell(stands=[own(post_id, case, ends=ends)], touched={}, now=now)


def need(post_id: int, *, now: datetime) -> None:
    """Someone decided that a customer's post needs us after all; ours never does."""
    tell(stands=needed({post_id: Need.ANSWER}), touched={}, now=now)


def unsettle(*, case: Case, now: datetime) -> None:
    """What the customer wrote since our last answer was settled too early: it waits again."""
    posts = fetch("cases/unsettle", {"case": case.pk})
    customer = (case.account_id, case.requester_id)
    tell(stands=[], touched={}, retold={post: customer for (post,) in posts}, now=now)


def case_of(post_id: int) -> int | None:
    """The case that a post stands in."""
    return Placement.objects.filter(pk=post_id).values_list("case_id", flat=True).first()


def room_of(post_id: int) -> str | None:
    """The room that a post stands in."""
    return Placement.objects.filter(pk=post_id).values_list("room", flat=True).first()


def account_of(post_id: int) -> int | None:
    """The account whose matter a post is; None where there is no such post."""
    found = fetch("cases/posts_to_place", {"posts": [post_id]})
    return found[0][1] if found else None


def _customers(statement: str, posts: Sequence[int]) -> dict[int, Customer]:
    """Whose stories are told anew because of these posts."""
    if not posts:
        return {}
    return {p: (a, c) for p, a, c in fetch(statement, {"posts": list(posts)})}
