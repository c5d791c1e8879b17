"""When the company's register is asked about an identity, so that nobody is asked about twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sanderling.core.customers import Sought
from sanderling.store.sql import fetch, run


def claim(identities: Collection[int], *, now: datetime, again: datetime) -> dict[int, Sought]:
    """Those of the identities whom nobody else asks about now, as a register knows people.

    They are due once more at `again`, should nobody come back with an answer.
    """
    given = {"identities": sorted(identities), "now": now, "again": again}
    rows = fetch("listen/claim_asking", given) if identities else []
    return {number: Sought(*who) for number, *who in sorted(rows)}


def put_off(identities: Collection[int], *, until: datetime) -> None:
    """The register is asked about them at `until`, not before."""
    if identities:
        run("listen/put_off_asking", {"identities": sorted(identities), "until": until})
