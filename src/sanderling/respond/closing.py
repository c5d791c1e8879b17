"""Ending a case with a last word before everyone, as one act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sanderling.cases.actions import resolve
from sanderling.core.network import Room
from sanderling.core.rooms import Outcome
from sanderling.respond.actions import propose
from sanderling.respond.queries import LimitsFor


@transaction.atomic
def resolve_in_public(  # noqa: PLR0913  an end and an answer, with all that belongs to both
    *,
    case_id: int,
    outcome: Outcome,
    text: str,
    seen: int,
    by: int,
    now: datetime,
    limits_for: LimitsFor,
    cause: int | None = None,
    note: str = "",
    confirmed: Collection[str] = (),
) -> int:
    """Resolve the case and let its public follow-up leave; gives the number of the outgoing post.

    The follow-up is owed until the network has taken it. Raises what `resolve` and `propose` raise;
    then nothing was done.
    """
    resolve(case_id=case_id, outcome=outcome, cause=cause, by=by, now=now, note=note)
    return propose(
        case_id=case_id, room=Room.PUBLIC, text=text, reply_to_post=None, then="wait", seen=seen,
        by=by, now=now, limits_for=limits_for, confirmed=confirmed,
    )  # fmt: skip
