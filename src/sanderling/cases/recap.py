"""What came of all the cases of some accounts, for a report on a whole recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sanderling.store.sql import fetch

BATCH = 5_000


class Recap(NamedTuple):
    """How many cases there are, how many of them had an answer and how many are open, and the
    minutes from the first post that needed us to the first answer: median and 90th percentile,
    None where nothing was answered."""

    cases: int
    answered: int
    open: int
    first_answer_p50_min: float | None
    first_answer_p90_min: float | None


def recap(account_ids: Sequence[int]) -> Recap:
    """The recap of all cases that the accounts have ever had."""
    return Recap(*fetch("cases/recap", {"accounts": list(account_ids)})[0])


def threads(account_ids: Sequence[int]) -> Iterator[tuple[str, int]]:
    """The remote id of every post of the accounts that stands in a case, with that case.

    Reads batch by batch: memory does not grow with the number of posts.
    """
    last = 0
    while True:
        rows = fetch(
            "cases/recap_threads", {"accounts": list(account_ids), "after": last, "limit": BATCH}
        )
        for _, remote_id, case in rows:
            yield remote_id, case
        if len(rows) < BATCH:
            return
        last = rows[-1][0]
