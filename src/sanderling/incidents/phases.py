"""How far an incident is: the steps people look for, and when each was reached."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sanderling.core.words import later
from sanderling.incidents.queries import Standing
from sanderling.store.models import Move

CAUSE = "cause"
"""What history calls it when a cause was said."""
PHASES = (
    ("noticed", later("Noticed")),
    ("confirmed", later("Confirmed")),
    ("cause", later("Cause known")),
    ("easing", later("Easing")),
    ("clear", later("All clear")),
)


class Phase(NamedTuple):
    """A step: its words, when it was reached if it was, and whether it is done, now or next."""

    name: str
    says: str
    at: datetime | None
    stands: str


def phases(it: Standing) -> list[Phase]:
    """The steps of an incident in their order; `now` is the last that was reached."""
    reached = _reached(it)
    last = [name for name, _ in PHASES if reached.get(name)][-1]
    return [
        Phase(name, says, reached.get(name), _stands(name, last, reached)) for name, says in PHASES
    ]


def _stands(name: str, last: str, reached: dict[str, datetime | None]) -> str:
    if name == last:
        return "now"
    return "done" if reached.get(name) else "next"


def _reached(it: Standing) -> dict[str, datetime | None]:
    """When each step was reached, as far as it still holds: what flared up again eases no more."""
    moves = Move.objects.filter(kind="incident", row=it.id).order_by("pk")
    at: dict[str, datetime] = {}
    for move, when in moves.values_list("move", "at"):
        if move in ("confirm", CAUSE):
            at.setdefault(move, when)
        else:
            at[move] = when
    worked = it.state in ("confirmed", "eased", "over")
    return {
        "noticed": it.noticed_at,
        "confirmed": at.get("confirm", it.noticed_at) if worked else None,
        "cause": at.get(CAUSE) if it.cause else None,
        "easing": at.get("ease") if it.state in ("eased", "over") else None,
        "clear": it.ended_at if it.state == "over" else None,
    }
