"""What the worker runs to turn pages into cases.

    page | listen takes it in | triage judges it | cases place it          one transaction

A page goes through the whole river in one transaction: a kill at any line leaves the cursor where
it was, and the page comes again. If judging or placing stumbles over a post, the page is kept all
the same and its posts wait in `Unfinished`, to be finished one by one.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from sanderling.cases import actions
from sanderling.cases.models import Case
from sanderling.cases.placing import Placed, place
from sanderling.core.network import Page
from sanderling.listen.actions import Taken, take_in
from sanderling.triage.actions import judge_heard


class Received(NamedTuple):
    """What came of a page."""

    taken: Taken
    placed: Placed


@transaction.atomic
def receive(*, account_id: int, page: Page, now: datetime) -> Received:
    """Lead one page through listening, triage and cases."""
    taken = take_in(account_id=account_id, page=page, now=now)
    return Received(taken, _finish(taken, now))


def _finish(taken: Taken, now: datetime) -> Placed:
    verdicts = judge_heard(heard=taken.heard)
    return place(
        network=taken.network, heard=taken.heard, verdicts=verdicts, gone=taken.gone, now=now
    )


def wake_due(*, now: datetime, limit: int = 200) -> int:
    """Wake what was snoozed until now, and close what stayed resolved; gives how many."""
    due = list(
        Case.objects.filter(wake_at__lte=now).order_by("wake_at").values_list("pk", "snoozed")[:limit]
    )
    for case_id, snoozed in due:
        if snoozed:
            actions.wake(case_id=case_id, now=now)
        else:
            actions.close(case_id=case_id, now=now)
    return len(due)
