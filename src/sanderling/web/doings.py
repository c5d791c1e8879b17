"""What you did: every act of the agent who asks, newest first, each leading to its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.respond.doings import Doing, done_by
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, preferences, show
from sanderling.web.answers import number
from sanderling.web.days import heading
from sanderling.web.desk import QUEUES
from sanderling.web.findings import corrected
from sanderling.web.moves import change, kept, moved


class Day(NamedTuple):
    """The acts of a day, newest first."""

    name: str
    title: str
    lines: list[Line]


class Line(NamedTuple):
    """An act as the page shows it."""

    doing: Doing
    what: str
    change: str


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """A page of acts, by days."""
    now = clock.now()
    before = number(request.GET.get("before"))
    found = done_by(me(request).id, before)
    return show(
        request, "doings.html", now, page="doings", brand=brand(), queue_list=QUEUES,
        queue_name="", badges=badges(me(request).id, now), more=found.after or "",
        days=_days(found.rows, preferences(request).zone, now), later=before is not None,
    )  # fmt: skip


def _days(doings: list[Doing], zone: tzinfo, now: datetime) -> list[Day]:
    def day(doing: Doing) -> date:
        return doing.at.astimezone(zone).date()

    today = now.astimezone(zone).date()
    return [
        Day(found.isoformat(), heading(found, today), [_line(d) for d in did])
        for found, did in groupby(doings, day)
    ]


def _line(doing: Doing) -> Line:
    shown = replace(doing, note=_words(doing))
    return Line(shown, moved(doing.move, doing.kind), change(doing.was, doing.became))


def _words(doing: Doing) -> str:
    if doing.move == "correct":
        return corrected(doing.note)
    return kept(doing.note, doing.move, by_person=True)
