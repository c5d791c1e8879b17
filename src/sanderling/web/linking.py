"""Linking cases that belong together, from a case's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sanderling.cases import linking
from sanderling.core.words import say
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done, number


@act
def link(request: HttpRequest, case_id: int) -> HttpResponse:
    """This case belongs to another one, for a reason."""
    other, why = (
        number(request.POST.get("other", "").strip().lstrip("#")),
        request.POST.get("why", ""),
    )
    if other is None:
        raise Unfit(say("Give the number of the other case."), kept=why, status=422)
    linking.link(one=case_id, other=other, why=why, by=me(request).id, now=clock.now())
    return done(
        request,
        f"/case/{case_id}/",
        says=say("Linked with case {other}. Nothing was sent.", other=other),
    )


@act
def unlink(request: HttpRequest, case_id: int) -> HttpResponse:
    """It does not belong there after all."""
    other = number(request.POST.get("other"))
    if other is None:
        raise Unfit(say("Give the number of the other case."), status=422)
    linking.unlink(one=case_id, other=other, by=me(request).id, now=clock.now())
    return done(
        request,
        f"/case/{case_id}/",
        says=say("Not linked with case {other} any more.", other=other),
    )
