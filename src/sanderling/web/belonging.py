"""Which incident a case is part of, from the case's page: chosen, suggested, taken out again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import belonging
from sanderling.cases.queries import badges
from sanderling.core.words import say
from sanderling.incidents.overview import named
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_script, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES, case_or_else

LONGEST = 80


@require_GET
@by_agent
def choose(request: HttpRequest, case_id: int) -> HttpResponse:
    """Which incident it could be: a page, or its part for the dialog."""
    found = case_or_else(request, case_id)
    if isinstance(found, HttpResponse):
        return found
    asked = request.GET.get("find", "").replace("\0", "").strip()[:LONGEST]
    facts = {
        "case": found, "find": asked, "choice": named(asked),
        "suggested": belonging.suggested([case_id]).get(case_id),
    }  # fmt: skip
    now = clock.now()
    if by_script(request):
        return show(request, "parts/belong.html", now, **facts)
    return show(
        request, "belong.html", now, page="desk", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip


@act
def belong(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case is part of an incident."""
    incident = number(request.POST.get("incident"))
    if incident is None:
        raise Unfit(say("Choose the incident."), status=422)
    belonging.belong(
        case_ids=[case_id], incident_id=incident, by=me(request).id, now=clock.now(), how="agent"
    )
    says = say("Case {case} is part of incident {n}.", case=case_id, n=incident)
    return done(request, f"/case/{case_id}/", case=case_id, says=says)


@act
def leave(request: HttpRequest, case_id: int) -> HttpResponse:
    """It is not part of it after all."""
    belonging.leave(case_id=case_id, by=me(request).id, now=clock.now())
    says = say("Case {case} is taken out of the incident.", case=case_id)
    return done(request, f"/case/{case_id}/", case=case_id, says=says)
