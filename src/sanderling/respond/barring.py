"""What must not leave to a real network, whoever proposed it: words of a drill."""

from __future__ import annotations

from sanderling.core.network import Limits
from sanderling.core.words import later
from sanderling.respond.models import Outgoing
from sanderling.store.sql import fetch

WHY = later(
    "This belongs to a drill, and a drill says nothing on a real network. Nothing was sent. If it"
    " is meant for a real customer, take the case out of the drill's incident and send it again."
)


def barred(row: Outgoing, limits: Limits) -> str:
    """Why an outgoing post must not leave by a network of these limits; "" where it may.

    A post belongs to a drill by its case, its broadcast or its round; whether the drill still runs
    makes no difference.
    """
    if limits.practises:
        return ""
    names = {"outgoing": row.pk, "case": row.case_id, "broadcast": row.broadcast_id}
    return WHY if fetch("respond/of_drill", names) else ""
