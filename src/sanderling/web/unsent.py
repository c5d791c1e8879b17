"""What could not be sent: every answer that waits for a person to decide, and the way out of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.respond import queries as respond
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.desk import QUEUES


@require_GET
@by_agent
def unsent(request: HttpRequest) -> HttpResponse:
    """The list, oldest first; what is decided goes back to its case."""
    now = clock.now()
    return show(
        request, "unsent.html", now, page="unsent", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), rows=respond.unsent(),
        most=respond.MOST_UNSENT,
    )  # fmt: skip
