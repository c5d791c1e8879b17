"""Whether somebody wrote to us before a time, and had a case then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sanderling.store.sql import as_json, fetch


def known(authors: Sequence[tuple[int, datetime]]) -> dict[int, bool]:
    """Of identities, each with a time: who wrote to us before it, and whether they had a case."""
    rows = as_json([{"author": author, "before": before} for author, before in authors])
    return dict(fetch("cases/acquainted", {"rows": rows}))
