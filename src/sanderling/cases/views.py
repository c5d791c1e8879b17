"""Saved views: searches with a name, one's own or shared with a team or with everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from sanderling.cases.models import View
from sanderling.cases.queries import QUEUES
from sanderling.core.words import say
from sanderling.people.queries import teams, teams_of
from sanderling.store.moves import remember

LONGEST_NAME = 60
MOST = 40
"""Views that one agent may make."""
SHARED = ("", "team", "all")


class WrongView(ValueError):
    """A view cannot be kept so; the sentence says why."""


class NoSuchView(LookupError):
    """There is no such view, or it is not this agent's to see or change."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as an agent sees it; `mine` to change. `queue` is empty where it searches everywhere,
    `team` and `team_id` say with which team it is shared."""

    id: int
    name: str
    query: str
    queue: str
    shared: str
    team_id: int | None
    team: str
    by: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What a view is to be. `shared` is one of SHARED, `team` the team's id where it is `team`."""

    name: str
    query: str
    queue: str = ""
    shared: str = ""
    team: int | None = None


def views(agent_id: int, *, is_lead: bool = False) -> list[SavedView]:
    """Those that an agent made or that are shared with them, in the order of names. Leads may
    change what is shared with all."""
    rows = _seen_by(agent_id).order_by("name", "id").select_related("team", "by")
    return [
        SavedView(
            id=v.pk, name=v.name, query=v.query, queue=v.queue, shared=v.shared,
            team_id=v.team_id, team=v.team.name if v.team else "", by=v.by.name,
            mine=_may_change(v, agent_id, is_lead),
        )
        for v in rows
    ]  # fmt: skip


@transaction.atomic
def save(view: Kept, *, by: int, now: datetime) -> int:
    """Keep a search under a name; gives its number. The query must be one that can be parsed.

    Raises WrongView."""
    _check(view, by)
    if View.objects.filter(by_id=by).count() >= MOST:
        raise WrongView(
            say("You have {most} views already. Delete one that you do not use.", most=MOST)
        )
    row = View.objects.create(
        name=view.name, query=view.query, queue=view.queue, shared=view.shared, team_id=view.team,
        by_id=by,
    )  # fmt: skip
    remember("view", row.pk, "save", by=by, now=now, note=f"{view.name}: {view.query}")
    return row.pk


@transaction.atomic
def change(view_id: int, view: Kept, *, by: int, is_lead: bool = False, now: datetime) -> None:
    """Another name, query or readers for a view. Raises NoSuchView and WrongView."""
    row = _to_change(view_id, by, is_lead)
    _check(view, by, row.team_id)
    row.name, row.query, row.queue = view.name, view.query, view.queue
    row.shared, row.team_id = view.shared, view.team
    row.save()
    remember("view", view_id, "change", by=by, now=now, note=f"{view.name}: {view.query}")


@transaction.atomic
def delete(view_id: int, *, by: int, is_lead: bool = False, now: datetime) -> None:
    """Take a view away, for all who saw it. Raises NoSuchView."""
    row = _to_change(view_id, by, is_lead)
    remember("view", view_id, "delete", by=by, now=now, note=f"{row.name}: {row.query}")
    row.delete()


def _seen_by(agent_id: int) -> QuerySet[View]:
    mine = teams_of(agent_id)
    in_team = Q(shared="team", team_id__in=mine) if mine else Q(shared="team")
    return View.objects.filter(Q(by_id=agent_id) | Q(shared="all") | in_team)


def _may_change(row: View, agent_id: int, is_lead: bool) -> bool:
    return row.by_id == agent_id or (is_lead and row.shared != "")


def _to_change(view_id: int, by: int, is_lead: bool) -> View:
    row = _seen_by(by).select_for_update(of=("self",)).filter(pk=view_id).first()
    if row is None:
        raise NoSuchView(say("This view was deleted, or it is not shared with you."))
    if not _may_change(row, by, is_lead):
        raise NoSuchView(say("Only who made this view, or a team lead, can change it."))
    return row


def _check(view: Kept, by: int, had: int | None = None) -> None:
    """`had` is the team that the view is shared with already. Raises WrongView."""
    if not view.name or len(view.name) > LONGEST_NAME:
        raise WrongView(
            say(
                "Give the view a name of at most {most} characters.",
                most=LONGEST_NAME,
            )
        )
    if not view.query:
        raise WrongView(say("There is nothing to keep: write a search first."))
    if view.queue and view.queue not in QUEUES:
        raise WrongView(say("There is no such queue."))
    if view.shared not in SHARED or (view.shared == "team") != (view.team is not None):
        raise WrongView(say("Say with whom the view is shared."))
    if view.team is not None and view.team != had and view.team not in (teams_of(by) or teams()):
        raise WrongView(say("You can share a view with your own teams."))
