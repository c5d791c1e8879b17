"""Bringing cases in line with what was found, or decided, about posts that stand here already.

needs of posts | stories told anew | cases in which nothing needs us any more withdraw
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sanderling.cases import clocking, tally
from sanderling.cases.models import Case
from sanderling.cases.stands import Customer, Stand, needed
from sanderling.cases.telling import tell
from sanderling.core.lives import CASE
from sanderling.core.placing import Need
from sanderling.core.timing import NEVER
from sanderling.store import announce
from sanderling.store.moves import advance
from sanderling.store.sql import as_json, fetch


def follow(
    posts: Sequence[int],
    needs: Mapping[int, Need],
    *,
    by: int | None,
    now: datetime,
    loosen: bool = True,
) -> None:
    """Tell the stories of posts that are seen anew; those in `needs` need so much from now on.
    Without `loosen` no promise that was made becomes a later one.

    In the name of an agent anything may change. The desk by itself (`by` is None) takes no need
    away where somebody has had a hand in the case, nor from a post that once said something else.
    The caller holds the accounts.
    """
    touched = _change(needs, decided=by is not None)
    tell(stands=_rising(needs), touched=touched, retold=_placed(posts), now=now, loosen=loosen)
    for (case_id,) in fetch("cases/emptied_cases", {"posts": list(touched)}):
        _withdraw(case_id, by=by, now=now)


def _placed(posts: Sequence[int]) -> dict[int, Customer]:
    """Whose stories the posts stand in."""
    found = fetch("cases/customers_of_posts", {"posts": list(posts)})
    return {post: (account, customer) for post, account, customer in found}


def _rising(needs: Mapping[int, Need]) -> list[Stand]:
    """Posts that stand nowhere yet, or only by somebody else's matter, and need us after all."""
    needing = {post: need for post, need in needs.items() if need}
    roles: dict[int, str] = dict(fetch("cases/placed_as", {"posts": list(needing)}))
    return needed({p: need for p, need in needing.items() if roles.get(p) != "requester"})


def _change(needs: Mapping[int, Need], *, decided: bool) -> dict[int, Customer]:
    """Whose stories are told anew because a placed post needs more or less than before."""
    rows = [{"post": post, "needs": need} for post, need in needs.items()]
    found = fetch("cases/change_needs", {"rows": as_json(rows), "decided": decided})
    return {post: (account, customer) for post, account, customer in found}


def _withdraw(case_id: int, *, by: int | None, now: datetime) -> None:
    """Nothing in the case needs us: it leaves the queues, and no clock runs any longer."""
    case = Case.objects.select_for_update().get(pk=case_id)
    before = tally.standing(case)
    advance(
        case, CASE, "withdraw", by=by, now=now, due_at=NEVER, due_kind="", snoozed=False,
        wake_at=None,
    )  # fmt: skip
    clocking.end(case_id, solved=False, now=now)
    tally.shift([before], [tally.standing(case)])
    announce.announce([announce.case(case_id), announce.QUEUES])
