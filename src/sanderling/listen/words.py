"""The words of posts, kept beside them for full text search.

Intake does not wait for this: the worker reads new posts some seconds later, in batches. Edits,
deletions and erasures leave a row in `listen_reworded` in their own transaction.
"""

from __future__ import annotations

from django.db import transaction

from sanderling.store.sql import fetch, run

BATCH = 1_000
BACK = 20_000
"""So many numbers before the newest post that was read, posts are looked for that were committed
later than their number was given."""


def read_all(*, limit: int = BATCH) -> int:
    """Read the words of all posts that wait for it, a batch a transaction; gives how many batches
    it took. Nothing happens while another worker does it."""
    batches = 1
    while read_some(limit=limit):
        batches += 1
    return batches


@transaction.atomic
def read_some(*, limit: int = BATCH) -> bool:
    """Read the words of so many posts; whether there may be more."""
    if not fetch("listen/words_alone", {})[0][0]:
        return False
    anew = run("listen/reread_words", {"limit": limit})
    new = run("listen/read_words", {"back": BACK, "limit": limit})
    return anew == limit or new == limit
