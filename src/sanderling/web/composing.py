"""The composer as it is shown: three ways to write, each with its draft and its obstacle."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanderling.cases.noting import LONGEST_NOTE
from sanderling.cases.queries import CasePage, Timeline
from sanderling.core.impersonal import NAME
from sanderling.core.words import retold, say
from sanderling.people.queries import Colleague
from sanderling.respond.queries import Way, Ways, drafts_of
from sanderling.respond.statuses import Pinned, pinned
from sanderling.web import wording


@dataclass(frozen=True, slots=True)
class Lane:
    """One way to write. `most` is the longest text, signature included; 0 where none is counted.

    `why_not` says why it is closed; `by_hand` is then where a person could answer all the same.
    `read_by` says who else reads it. `price` and `price_with_link` are in words; empty where free.
    """

    room: str
    label: str
    placeholder: str
    draft: str
    most: int
    why_not: str = ""
    by_hand: str = ""
    read_by: str = ""
    price: str = ""
    price_with_link: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """All that the composer needs. `room` is where it starts: the customer's last, never wider.
    `pinned` is what the case's incident gives to answer with, by the customer's name."""

    room: str
    lanes: tuple[Lane, Lane, Lane]
    target: str
    counts: str
    invitation: str = ""
    pinned: Pinned | None = None


def writing(
    case: CasePage, told: Timeline, agent: Colleague, ways: Ways, *, invitation: str = ""
) -> Writing:
    """The composer of `agent` in a case that can be answered in these `ways`; `invitation` is how
    the customer would be asked to write in private."""
    drafts = {d.room: d.text for d in drafts_of(case.id, agent.id)}
    who = case.customer.who
    first = wording.first_name(who.name, who.handle)
    public, direct = ways.public, ways.direct
    return Writing(
        room=told.last_room,
        lanes=(
            _lane(
                public, say("Public reply"), say("Answer {first} in public", first=first), drafts
            ),
            _lane(
                direct, say("Direct message"), say("Write to {first} in private", first=first),
                drafts,
            ),
            Lane("note", say("Note"), say("Tell your team"), drafts.get("note", ""), LONGEST_NOTE),
        ),
        target=public.target_handle or who.handle,
        counts=public.counts,
        invitation=invitation if public.may else "",
        pinned=_pinned(case.id, first),
    )  # fmt: skip


def _pinned(case_id: int, first: str) -> Pinned | None:
    found = pinned(case_id)
    return replace(found, text=found.text.replace(NAME, first)) if found else None


def _lane(way: Way, label: str, placeholder: str, drafts: dict[str, str]) -> Lane:
    return Lane(
        way.room, label, placeholder, drafts.get(way.room, ""), way.limit, why_not=retold(way.why),
        by_hand=way.by_hand, read_by=retold(way.read_by),
        price=wording.money(way.price, way.currency),
        price_with_link=wording.money(way.price_with_link, way.currency),
    )  # fmt: skip
