"""The board at the end of a shift: what is left, given by a named person to a named person.

What was on the board when it was given is frozen with it. Until it is accepted the shift is still
that of who gave it, and both are told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.db import transaction
from django.db.models import Q

from sanderling.cases.models import ShiftChange
from sanderling.core.words import figure, say
from sanderling.people.queries import colleague, teams
from sanderling.store import announce
from sanderling.store.moves import Overtaken
from sanderling.store.sql import fetch

SOON = timedelta(hours=1)
"""How near a deadline is due soon, for somebody who just begins."""
MOST = 40
"""Cases of a kind on a board; more are counted but not named."""
LONGEST = 4_000
SHOWN = 30
Kind = Literal["late", "due soon", "promised", "asked", "offered"]


class CannotGive(Exception):
    """The shift cannot be given or accepted so; says why."""


class Item(msgspec.Struct, frozen=True):
    """A case that the next shift must know: of which `kind`, what `says` more, and when `at`."""

    kind: Kind
    case: int
    at: datetime
    says: str
    title: str
    customer: str
    owner: str
    team: str


class Board(msgspec.Struct, frozen=True):
    """What is left: how many cases wait for us, for customers, and for approval, and the items.

    `taken_back` is when who gave it took it back, before it was accepted.
    """

    waits_for_us: int
    waits_for_customers: int
    approvals: int
    items: tuple[Item, ...]
    taken_back: datetime | None = None

    @property
    def named(self) -> int:
        """How many items stand on it."""
        return len(self.items)

    def of(self, kind: Kind) -> list[Item]:
        """The items of one kind, the earliest first."""
        return [item for item in self.items if item.kind == kind]


@dataclass(frozen=True, slots=True)
class Given:
    """A shift as it was given; `team` is a name, empty for all teams."""

    id: int
    team: str
    by_id: int
    by: str
    to_id: int
    to: str
    note: str
    board: Board
    at: datetime
    accepted_at: datetime | None


def board(*, team: int | None, approvals: int, now: datetime) -> Board:
    """What is left now, of one team and of what belongs to none, or of all (None)."""
    facts = {"team": team or 0, "now": now, "soon": now + SOON, "most": MOST}
    ours, theirs = fetch("cases/open_counts", {"team": team or 0})[0]
    items = tuple(
        Item(kind, case, at, says, title, customer, owner, name)
        for kind, case, at, says, title, customer, owner, name in fetch("cases/board", facts)
    )
    return Board(int(ours), int(theirs), approvals, items)


@transaction.atomic
def give(*, left: Board, team: int | None, to: int, note: str, by: int, now: datetime) -> int:
    """Give the shift to a colleague, as the board stands; gives its number. Raises CannotGive."""
    note = note.replace("\r\n", "\n").replace("\0", "").strip()
    if to == by:
        raise CannotGive(say("A shift is given to somebody else."))
    if colleague(to) is None:
        raise CannotGive(say("That colleague is not at the desk any more."))
    if team is not None and team not in teams():
        raise CannotGive(say("There is no such team."))
    if not note:
        raise CannotGive(
            say("Say in a word what the next shift must know, even if it is: all quiet.")
        )
    if len(note) > LONGEST:
        raise CannotGive(
            say(
                "The note may have {most} characters; this has {n}.",
                most=figure(LONGEST),
                n=figure(len(note)),
            )
        )
    made = ShiftChange.objects.create(
        team_id=team, by_id=by, to_id=to, note=note, items=msgspec.to_builtins(left), at=now
    )
    announce.announce([announce.PEOPLE])
    return made.pk


@transaction.atomic
def accept(*, shift_id: int, by: int, now: datetime) -> None:
    """I have read it and take it on. Accepting twice is the same as once; raises CannotGive."""
    made = ShiftChange.objects.select_for_update().filter(pk=shift_id).first()
    if made is None:
        raise CannotGive(say("There is no such shift."))
    if made.to_id != by:
        raise CannotGive(say("This shift is given to somebody else, who must accept it."))
    if _board(made).taken_back is not None:
        raise Overtaken(say("This shift was taken back; it is still theirs who gave it."))
    if made.accepted_at is None:
        made.accepted_at = now
        made.save(update_fields=["accepted_at"])
        announce.announce([announce.PEOPLE])


@transaction.atomic
def take_back(*, shift_id: int, by: int, now: datetime) -> None:
    """Give a shift to nobody after all, before it was accepted. Raises CannotGive or Overtaken."""
    made = ShiftChange.objects.select_for_update().filter(pk=shift_id).first()
    if made is None or made.by_id != by:
        raise CannotGive(say("Only who gave a shift can take it back."))
    if made.accepted_at is not None:
        raise Overtaken(say("This shift was accepted already."))
    made.items = msgspec.to_builtins(_board(made)) | {"taken_back": now.isoformat()}
    made.save(update_fields=["items"])
    announce.announce([announce.PEOPLE])


def unaccepted(agent_id: int, *, is_lead: bool) -> list[Given]:
    """Shifts that wait to be accepted, oldest first: those that an agent gave or was given; for
    leads, all."""
    mine = Q() if is_lead else Q(by_id=agent_id) | Q(to_id=agent_id)
    found = _shifts(mine & Q(accepted_at=None), "id")
    return [given for given in found if given.board.taken_back is None]


def history() -> list[Given]:
    """The shifts given last, newest first."""
    return _shifts(Q(), "-id")


def _board(made: ShiftChange) -> Board:
    return msgspec.convert(made.items, Board)


def _shifts(which: Q, order: str) -> list[Given]:
    found = ShiftChange.objects.filter(which).select_related("team", "by", "to").order_by(order)
    return [
        Given(
            id=s.pk, team=s.team.name if s.team else "", by_id=s.by_id, by=s.by.name,
            to_id=s.to_id, to=s.to.name, note=s.note, board=_board(s),
            at=s.at, accepted_at=s.accepted_at,
        )
        for s in found[:SHOWN]
    ]  # fmt: skip
