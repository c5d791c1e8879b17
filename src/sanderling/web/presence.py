"""Who else is here: the page says that it is open and what is typed, and shows the colleagues."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import presence
from sanderling.web import clock
from sanderling.web.agents import by_agent, me, show
from sanderling.web.answers import Unfit, act, done


@require_GET
@by_agent
def others(request: HttpRequest, case_id: int) -> HttpResponse:
    """The colleagues who have the case before them."""
    now = clock.now()
    found = presence.others(case_id, agent_id=me(request).id, now=now)
    return show(request, "parts/presence.html", now, present=found)


@act
def here(request: HttpRequest, case_id: int) -> HttpResponse:
    """The page is open, somebody types in it, or (doing nothing) it is left."""
    doing = request.POST.get("doing", "")
    if not doing:
        presence.gone(case_id=case_id, agent_id=me(request).id)
        return done(request, f"/case/{case_id}/")
    try:
        presence.here(case_id=case_id, agent_id=me(request).id, doing=doing, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), status=422) from error
    return done(request, f"/case/{case_id}/")
