"""Decks: columns side by side, one's own or shared with a team or with everybody.

Whoever sees a deck arranges its columns. Only its owner, or a lead, renames, shares or removes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from django.db import transaction

from sanderling.core.words import later, say
from sanderling.listen.bounds import one_line
from sanderling.listen.models import Deck
from sanderling.people.queries import teams, teams_of, works_in
from sanderling.store import announce
from sanderling.store.moves import remember
from sanderling.store.sql import run

Shared = Literal["own", "team", "all"]
FIRST = later("Everybody")
"""The name of the deck that is made with the first column."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class DeckRow:
    """A deck as a menu shows it; `team` is the id of the team it is shared with."""

    id: int
    name: str
    owner: int | None
    shared: str
    team: int | None


def decks_for(agent_id: int) -> list[DeckRow]:
    """The decks that an agent sees: everybody's, then those of teams, then their own."""
    mine = teams_of(agent_id)
    found = [_row(d) for d in Deck.objects.order_by("id")]
    seen = [
        d
        for d in found
        if d.shared == "all"
        or (d.shared == "own" and d.owner == agent_id)
        or (d.shared == "team" and (not mine or d.team in mine))
    ]
    return sorted(seen, key=lambda d: ("all", "team", "own").index(d.shared))


def deck_for(agent_id: int, deck_id: int) -> DeckRow | None:
    """A deck, or None if it is gone or the agent does not see it."""
    return next((d for d in decks_for(agent_id) if d.id == deck_id), None)


def first_deck() -> int:
    """The oldest deck that everybody shares; it is made if there is none. In a transaction."""
    found = Deck.objects.filter(shared="all").order_by("id").values_list("pk", flat=True).first()
    return found or Deck.objects.create(name=FIRST, shared="all").pk


@transaction.atomic
def add_deck(*, name: str, shared: Shared, team: int | None, by: int, now: datetime) -> int:
    """A new, empty deck of an agent; raises ValueError in words for them."""
    deck = Deck(owner_id=by, **_said(name, shared, team, by))
    deck.save()
    remember("deck", deck.pk, "added", by=by, now=now, note=deck.name)
    _changed()
    return deck.pk


@transaction.atomic
def change_deck(
    *, deck_id: int, name: str, shared: Shared, team: int | None, by: int, now: datetime
) -> None:
    """Another name, or others to share it with; raises ValueError in words for them."""
    said = _said(name, shared, team, by)
    deck = Deck.objects.select_for_update().get(pk=deck_id)
    if shared == "own" and deck.owner_id is None:
        said["owner_id"] = by  # what the desk made becomes theirs who keep it for themselves
    Deck.objects.filter(pk=deck_id).update(**said)
    remember("deck", deck_id, "changed", by=by, now=now, note=f"{said['name']}, {shared}")
    _changed()


@transaction.atomic
def remove_deck(*, deck_id: int, by: int, now: datetime) -> None:
    """Take a deck away with its columns; the posts that they caught stay in the desk."""
    deck = Deck.objects.filter(pk=deck_id).first()
    if deck is None:
        return
    remember("deck", deck_id, "removed", by=by, now=now, note=deck.name)
    deck.delete()
    _changed()


def may_keep(deck: DeckRow, agent_id: int, *, is_lead: bool) -> bool:
    """Whether the agent may rename, share and remove the deck."""
    return is_lead or deck.owner == agent_id


def _said(name: str, shared: Shared, team: int | None, by: int) -> dict[str, str | int | None]:
    if shared not in get_args(Shared):
        raise ValueError(say("Say who sees the deck: only you, a team, or everybody."))
    if shared != "team":
        team = None
    elif team not in teams() or not works_in(by, team):
        raise ValueError(say("Choose a team that you work in."))
    return {"name": one_line(name, "deck", LONGEST_NAME), "shared": shared, "team_id": team}


def _changed() -> None:
    run("listen/next_revision", {})
    announce.announce([announce.COLUMNS])


def _row(d: Deck) -> DeckRow:
    return DeckRow(d.pk, d.name, d.owner_id, d.shared, d.team_id)
