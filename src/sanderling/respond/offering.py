"""What pages read of templates: all of them, and those that fit a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sanderling.cases.queries import NoSuchCase
from sanderling.core.wording import render, variants
from sanderling.core.words import say
from sanderling.people.queries import teams_of
from sanderling.respond.addressing import addressed, values
from sanderling.respond.models import Template
from sanderling.store.sql import fetch

MOST = 500


class NoSuchTemplate(Exception):
    """There is no such template, or not any more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A template. `room`, `lang`, `kind` and `team` are empty where it is offered everywhere;
    `variants` is how many ways there are to word it."""

    id: int
    name: str
    text: str
    room: str
    lang: str
    kind: str
    team_id: int | None
    team: str
    by_id: int
    by: str
    used: int
    variants: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A template as it would read in a case."""

    id: int
    name: str
    text: str
    used: int
    variants: int


def kept() -> list[Kept]:
    """Every template that is not put away, by name."""
    rows = Template.objects.filter(archived_at=None).select_related("team", "by")
    return [_kept(row) for row in rows.order_by("name", "pk")[:MOST]]


def offers(
    case_id: int, agent_id: int, *, room: str, kind: str = "", lang: str = ""
) -> list[Offer]:
    """The templates that fit a case and a room, each as it would read; most used first.

    What is meant for another room, kind, language or team is left out. Raises NoSuchCase.
    """
    mine = teams_of(agent_id)
    fits = Template.objects.filter(archived_at=None, room__in=("", room), kind__in=("", kind))
    if lang:
        fits = fits.filter(lang__in=("", lang))
    if mine:
        fits = fits.filter(Q(team=None) | Q(team__in=mine))
    known = _known(case_id, agent_id)
    return [
        Offer(row.pk, row.name, _said(row, case_id, known), row.used, variants(row.text))
        for row in fits.order_by("-used", "name", "pk")[:MOST]
    ]


def said(template_id: int, case_id: int, agent_id: int) -> str:
    """A template as it reads in a case; another wording each time it was used. Raises NoSuchCase,
    and NoSuchTemplate."""
    row = Template.objects.filter(pk=template_id, archived_at=None).first()
    if row is None:
        raise NoSuchTemplate(say("Somebody put this template away a moment ago."))
    return _said(row, case_id, _known(case_id, agent_id))


def _said(row: Template, case_id: int, known: Mapping[str, str]) -> str:
    return render(row.text, known, seed=case_id * 1_000_003 + row.used)


def _known(case_id: int, agent_id: int) -> Mapping[str, str]:
    whom = addressed([case_id])
    if not whom:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    return values(whom[0], agent_id)


def _kept(row: Template) -> Kept:
    return Kept(
        row.pk, row.name, row.text, row.room, row.lang, row.kind, row.team_id,
        row.team.name if row.team else "", row.by_id, row.by.name, row.used, variants(row.text),
    )  # fmt: skip


def language(case_id: int, *, now: datetime) -> str:
    """The language that a case is in; empty where nobody knows."""
    found = fetch("respond/said_about", {"case": case_id, "now": now})
    return str(found[0][3]) if found else ""
