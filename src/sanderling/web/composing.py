"""The composer as it is shown: three ways to write, each with its draft and its obstacle."""

from __future__ import annotations

from dataclasses import dataclass

from sanderling.cases.actions import LONGEST_NOTE
from sanderling.cases.queries import CasePage, Timeline
from sanderling.people.queries import Colleague
from sanderling.respond.queries import answerability, drafts_of
from sanderling.web import wording
from sanderling.wiring import limits_for


@dataclass(frozen=True, slots=True)
class Lane:
    """One way to write. `most` is the longest text, signature included; 0 where none is counted."""

    room: str
    label: str
    placeholder: str
    draft: str
    most: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Writing:
    """All that the composer needs. `room` is where it starts: the customer's last, never wider."""

    room: str
    lanes: tuple[Lane, Lane, Lane]
    target: str
    counts: str


def writing(case: CasePage, told: Timeline, agent: Colleague) -> Writing:
    """The composer of `agent` in a case."""
    ways = answerability(case.id, agent_id=agent.id, limits_for=limits_for)
    drafts = {d.room: d.text for d in drafts_of(case.id, agent.id)}
    who = case.customer.who
    first = wording.first_name(who.name, who.handle)
    public, direct = ways.public, ways.direct
    return Writing(
        room=told.last_room,
        lanes=(
            Lane("public", "Public reply", f"Answer {first} in public", drafts.get("public", ""),
                 public.limit, public.why),
            Lane("direct", "Direct message", f"Write to {first} in private",
                 drafts.get("direct", ""), direct.limit, direct.why),
            Lane("note", "Note", "Tell your team", drafts.get("note", ""), LONGEST_NOTE, ""),
        ),
        target=public.target_handle or who.handle,
        counts=public.counts,
    )  # fmt: skip
