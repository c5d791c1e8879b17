"""The incidents: those that stand, those that are only suspected, and those that are past."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import Key, badges, key_from, key_text
from sanderling.incidents import overview
from sanderling.incidents.queries import standing
from sanderling.incidents.voices import gist_of
from sanderling.web import clock, volume
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.desk import QUEUES

SAMPLED = 3
"""Posts that a suspected incident shows in the list."""
MOST_SAMPLED = 6
"""Of very many suspected incidents only the newest show posts."""


@require_GET
@by_agent
def incidents(request: HttpRequest) -> HttpResponse:
    """The list."""
    now = clock.now()
    key = key_from(request.GET.get("after", ""))
    stand = [] if key else standing()
    rows = overview.listed(stand, now=now)
    suspected = [row for row in reversed(rows) if row.it.state == "suspected"]
    past = overview.past((key.at, key.id) if key else None)
    return show(
        request, "incidents.html", now, page="incidents", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), v=volume,
        live=[row for row in rows if row.it.state != "suspected"], suspected=suspected,
        samples={
            row.it.id: gist_of(row.it.id).samples[:SAMPLED] if n < MOST_SAMPLED else []
            for n, row in enumerate(suspected)
        },
        others={row.it.id: [o for o in stand if o.id != row.it.id] for row in suspected},
        past=past, more=key_text(Key(*past.after)) if past.after else "", later=bool(key),
    )  # fmt: skip


@require_GET
@by_agent
def badge(request: HttpRequest) -> HttpResponse:
    """The way to the incidents, with how many are live."""
    return show(
        request, "parts/incidents_nav.html", page=request.GET.get("page", ""),
        standing=overview.badge(),
    )  # fmt: skip
