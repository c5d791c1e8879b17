"""What is about to break, or broke: told once to whoever has the case, or could take it; and the
steps that incidents reach, to those who lead."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import Alert, alerts
from sanderling.core.words import later, retold, say
from sanderling.incidents.gauged import Reached, reached
from sanderling.web import clock, wording
from sanderling.web.agents import by_agent, me, preferences
from sanderling.web.answers import number

MOST_MS = 10**14
DUE = {
    "acknowledge": later("{name}: acknowledge by {by}"),
    "answer": later("{name}: answer by {by}"),
    "solve": later("{name}: solve by {by}"),
    "follow up": later("{name}: follow up by {by}"),
}
"""What is due soon, for every kind of promise."""


@require_GET
@by_agent
def since(request: HttpRequest) -> HttpResponse:
    """Alerts after the number `after`, steps of incidents after the number `step`, both only
    since a time (`since`, in milliseconds), as JSON."""
    at = datetime.fromtimestamp((number(request.GET.get("since"), MOST_MS) or 0) / 1000, UTC)
    found = alerts(me(request).id, after=number(request.GET.get("after")) or 0, since=at)
    last = max((alert.id for alert in found), default=0)
    after = number(request.GET.get("step")) or 0
    steps = reached(me(request).id, is_lead=me(request).is_lead, since=at, after=after)
    return JsonResponse(
        {
            "alerts": [*(_told(request, alert) for alert in found), *map(_reached, steps)],
            "last": last,
            "step": max((step.id for step in steps), default=0),
        }
    )


def _told(request: HttpRequest, alert: Alert) -> dict[str, object]:
    zone, now = preferences(request).zone, clock.now()
    name = wording.first_name(alert.name, alert.handle)
    by = wording.clock_time(alert.due_at, zone, now)
    if alert.fact == "broken":
        says = (
            say("{name} was promised to hear from us by {by}", name=name, by=by)
            if _speaks(alert)
            else say("Due by {by}", by=by)
        )
        return {
            "to": f"/case/{alert.case_id}/",
            "says": say("Late: case {case}", case=alert.case_id),
            "more": says,
        }
    return {
        "to": f"/case/{alert.case_id}/",
        "says": say("Soon late: case {case}", case=alert.case_id),
        "more": say(DUE.get(alert.kind, DUE["answer"]), name=name, by=by),
    }


def _reached(step: Reached) -> dict[str, object]:
    more = retold(step.says) or say("See its room")
    return {"to": f"/incidents/{step.incident}/", "says": step.title, "more": more}


def _speaks(alert: Alert) -> bool:
    return alert.kind in ("acknowledge", "answer")
