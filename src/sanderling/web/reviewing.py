"""The review of an incident: a page that writes itself, and the same as Markdown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.core.review import Review, markdown, review
from sanderling.incidents.queries import Standing
from sanderling.respond.review import facts
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, preferences, show
from sanderling.web.costs import cost
from sanderling.web.desk import QUEUES
from sanderling.web.incident_timeline import standing_or_404


def panel(request: HttpRequest, incident: Standing, now: datetime) -> dict[str, Any]:
    """What the template of the panel needs: nothing but the incident."""
    return {}


@require_GET
@by_agent
def part(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The panel alone."""
    return show(request, "parts/incident_review.html", it=standing_or_404(incident_id))


@require_GET
@by_agent
def page(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The review to be read."""
    it, now = standing_or_404(incident_id), clock.now()
    return show(
        request, "review.html", now, page="incidents", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), it=it,
        review=_review(request, it, now),
    )  # fmt: skip


@require_GET
@by_agent
def file(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The review as Markdown, to be taken along."""
    it = standing_or_404(incident_id)
    response = HttpResponse(
        markdown(_review(request, it, clock.now())), content_type="text/markdown; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="incident-{it.id}.md"'
    return response


def _review(request: HttpRequest, it: Standing, now: datetime) -> Review:
    return review(facts(it.id, amount=cost, now=now), preferences(request).zone)
