"""What the worker keeps of solved cases, so that their answers can be suggested; and forgets.

Kept are numbers only: which answer, to which post, and what that post is about as a vector. Whoever
deletes their post takes its row along.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sanderling.core.judging.likeness import likeness
from sanderling.core.judging.weights import fast
from sanderling.respond.suggesting import ability
from sanderling.store.sql import as_json, fetch, run

MOST = 10_000
"""So many answers are kept, the newest: all of them are looked through for a suggestion,
in some 60 ms."""

BATCH = 200


@transaction.atomic
def remember(*, limit: int = BATCH) -> int:
    """Keep answers of cases that were solved lately; gives how many. Nothing where the database
    cannot compare them.

    Only what a person wrote and the network accepted, and neither invitations to write in private
    nor acknowledgements.
    """
    if ability():
        run("respond/grow_likeness", {})
    if ability():
        return 0
    found = fetch("respond/solved", {"limit": limit})
    rows = [_row(*answer) for answer in found]
    return run("respond/keep_answered", {"rows": as_json(rows)}) if rows else 0


def forget() -> int:
    """Drop what was deleted on its network, and the oldest beyond MOST; gives how many."""
    return run("respond/forget_answered", {"most": MOST})


def _row(  # noqa: PLR0913  the columns of a statement
    outgoing: int, case: int, question: int, answer: int, room: str, lang: str, at: datetime,
    asked: str,
) -> dict[str, object]:  # fmt: skip
    return {
        "outgoing_id": outgoing,
        "case_id": case,
        "question_id": question,
        "answer_id": answer,
        "room": room,
        "lang": lang,
        "at": at,
        "likeness": likeness(asked, fast().model.idf).sparsevec(),
    }
