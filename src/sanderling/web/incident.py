"""The room of one incident: how far it is, how many write when, and everybody's panels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from math import ceil
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges, key_from
from sanderling.core.lives import INCIDENT
from sanderling.core.words import figure, many, say
from sanderling.incidents import queries as incidents
from sanderling.incidents.figures import minutes
from sanderling.incidents.phases import Phase, phases
from sanderling.incidents.queries import Standing
from sanderling.incidents.voices import Key
from sanderling.web import (
    broadcasting,
    clock,
    gauging,
    incident_playbook,
    incident_timeline,
    reviewing,
    rounds,
    volume,
)
from sanderling.web import crowd as crowds
from sanderling.web.agents import brand, by_agent, me, preferences, show
from sanderling.web.desk import QUEUES
from sanderling.web.volume import Figure, Mark, Point
from sanderling.web.wording import clock_time

Panel = Callable[[HttpRequest, Standing, datetime], dict[str, Any]]
PANELS: tuple[Panel, ...] = (
    gauging.panel,
    rounds.panel,
    broadcasting.panel,
    incident_playbook.panel,
    incident_timeline.panel,
    reviewing.panel,
)
"""What the panels of the room need to know, by the modules that own them. What one gives as
`marks`, a list of `volume.Mark`, stands in the figure too."""


class Row(NamedTuple):
    """A line of the table under the figure."""

    point: Point
    usual: str
    marks: list[str]


class Shown(NamedTuple):
    """The figure: its title, what it shows, what a screen reader hears, and its table."""

    it: Figure
    title: str
    says: str
    alt: str
    table: list[Row]


@require_GET
@by_agent
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The whole page."""
    found = incident_or_else(request, incident_id)
    if isinstance(found, HttpResponse):
        return found
    now = clock.now()
    return show(
        request, "incident.html", now, page="incidents", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now),
        **_facts(request, found, now) | {"crowd": crowds.crowd(found)},
    )  # fmt: skip


@require_GET
@by_agent
def room(request: HttpRequest, incident_id: int) -> HttpResponse:
    """All that changes in the room from moment to moment; not the crowd, which is slower."""
    found = incident_or_else(request, incident_id)
    if isinstance(found, HttpResponse):
        return found
    now = clock.now()
    return show(request, "parts/incident_room.html", now, **_facts(request, found, now))


@require_GET
@by_agent
def crowd(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Who writes, and what."""
    found = incident_or_else(request, incident_id)
    if isinstance(found, HttpResponse):
        return found
    return show(request, "parts/incident_crowd.html", it=found, crowd=crowds.crowd(found))


@require_GET
@by_agent
def posts(request: HttpRequest, incident_id: int) -> HttpResponse:
    """All posts, page by page."""
    found = incident_or_else(request, incident_id)
    if isinstance(found, HttpResponse):
        return found
    key = key_from(request.GET.get("after", ""))
    return show(
        request, "incident_posts.html", page="incidents", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, clock.now()), it=found, later=bool(key),
        these=crowds.page(incident_id, Key(*key) if key else None),
    )  # fmt: skip


def incident_or_else(request: HttpRequest, incident_id: int) -> Standing | HttpResponse:
    """The incident, or a redirect to the one that it became part of; raises Http404."""
    try:
        found = incidents.incident(incident_id)
    except incidents.NoSuchIncident as error:
        raise Http404(str(error)) from error
    if found.merged_into is None:
        return found
    rest = request.path.removeprefix(f"/incidents/{incident_id}/")
    return HttpResponsePermanentRedirect(f"/incidents/{found.merged_into}/{rest}")


def _facts(request: HttpRequest, it: Standing, now: datetime) -> dict[str, Any]:
    steps = phases(it)
    facts: dict[str, Any] = {"marks": []}
    for panel in PANELS:
        facts |= panel(request, it, now)
    marks = sorted(_marks(steps) + facts["marks"])
    return facts | {
        "it": it,
        "may": INCIDENT.may(it.state),
        "others": [o for o in incidents.standing() if o.id != it.id],
        "phases": steps,
        "figure_of": _figure(it, marks, now, preferences(request).zone),
        "crowd": None,
    }


def _figure(it: Standing, marks: list[Mark], now: datetime, zone: tzinfo) -> Shown:
    """Posts over time, from before the first one to now or to the end."""
    since, until, step = volume.span(it.began_at, it.ended_at or now)
    points = [
        Point(s.at, s.posts, max(0, int(2 * s.expected - s.usual)), ceil(s.usual))
        for s in minutes(it.id, since, until, step)
    ]
    drawn = Figure(step, points if it.posts else [], marks)
    says = volume.found(it.noticed_at, it.began_at, zone, now)
    if (peak := drawn.peak) and peak.posts:
        says = say("{found} Most at {time}: {posts}.", found=says, posts=figure(peak.posts),
                   time=clock_time(peak.at, zone, now))  # fmt: skip
    title = many("Posts about it, every minute", "Posts about it, every {n} minutes",
                 int(step.total_seconds() / 60))  # fmt: skip
    return Shown(drawn, title, says, _alt(drawn, says), _table(drawn))


LOOK = {"noticed": "noticed", "cause": "known"}
"""Which steps stand in the figure, and how."""


def _marks(steps: list[Phase]) -> list[Mark]:
    return [Mark(p.at, say(p.says), LOOK[p.name]) for p in steps if p.at and p.name in LOOK]


def _alt(drawn: Figure, says: str) -> str:
    if not drawn.points:
        return says
    first, last = figure(drawn.points[0].posts), figure(drawn.points[-1].posts)
    says = say("{says} At first {first}, in the end {last}.", says=says, first=first, last=last)
    usual = _usual(drawn.points[-1])
    return say("{says} Usual: {range}.", says=says, range=usual) if usual else says


def _usual(point: Point) -> str:
    """What was to be expected; nothing where nobody knows."""
    if not point.high:
        return ""
    return say("{low} to {high}", low=figure(point.low), high=figure(point.high))


def _table(drawn: Figure) -> list[Row]:
    def during(point: Point) -> list[str]:
        return [m.says for m in drawn.marks if point.at <= m.at < point.at + drawn.step]

    return [Row(p, _usual(p), during(p)) for p in drawn.points]
