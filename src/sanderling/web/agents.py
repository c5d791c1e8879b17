"""Who is asking, and how they like their pages: every view begins here."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sanderling.cases.attention import counts
from sanderling.cases.shifts import unaccepted
from sanderling.core.words import say
from sanderling.incidents.overview import badge
from sanderling.listen.queries import accounts, sign_in_lost
from sanderling.people.presence import seen
from sanderling.people.queries import Colleague, Taste, attendance, company, taste
from sanderling.respond.waiting import count as to_look_at
from sanderling.web import clock, tasting, wording
from sanderling.web.progress import progress
from sanderling.web.viewing import links

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True)
class Preferences:
    """What a browser remembers of its agent's taste, in cookies; unknown values are the default."""

    theme: str
    density: str
    side: str
    cust: str
    zone: tzinfo


def by_agent(view: View[P]) -> View[P]:
    """Only for agents who are signed in. A page leads others to the sign-in, a script hears 401."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            if request.method == "POST" or not by_script(request):
                seen(
                    agent_id=me(request).id, now=clock.now()
                )  # what scripts fetch is no sign of life
            return view(request, *args, **kwargs)
        if by_script(request):
            return HttpResponse(status=401)
        return cast(HttpResponse, redirect_to_login(request.get_full_path(), settings.LOGIN_URL))

    return guarded


def by_lead(view: View[P]) -> View[P]:
    """Only for team leads; other agents hear that it is not theirs to do."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if me(request).is_lead:
            return view(request, *args, **kwargs)
        raise PermissionDenied(say("Only team leads can do this. Ask one of yours."))

    return by_agent(guarded)


def by_script(request: HttpRequest) -> bool:
    """Our own script asks, for a part of a page or with an act."""
    return "X-Desk" in request.headers


def me(request: HttpRequest) -> Colleague:
    """The agent who asks."""
    agent = cast(Any, request.user)
    return Colleague(agent.pk, agent.name, agent.initials, agent.avatar, agent.is_lead)


def preferences(request: HttpRequest) -> Preferences:
    """How this browser likes its pages."""

    def choice(name: str, *allowed: str) -> str:
        value = request.COOKIES.get(name, "")
        return value if value in allowed else allowed[0]

    return Preferences(
        theme=choice("theme", "", "light", "dark"),
        density=choice("density", "comfortable", "compact"),
        side=choice("side", "", "folded", "open"),
        cust=choice("cust", "", "on", "off"),
        zone=wording.zone_from(request.COOKIES.get("zone", "UTC")),
    )


def brand() -> str:
    """The name under which we care for customers: the company's, or that of our first account."""
    if said := company():
        return said
    ours = accounts()
    return (ours[0].name or ours[0].handle) if ours else ""


def show(
    request: HttpRequest, template: str, now: datetime | None = None, /, **facts: Any
) -> HttpResponse:
    """A page or a part of one, for the agent who asks."""
    whole = not by_script(request)
    liked = taste(me(request).id) if whole else Taste()
    if whole and tasting.speaks_otherwise(request, liked):
        return _begun_again(request, liked)
    prefs = _liked(request, liked) if whole else preferences(request)
    context = {
        "now": now or clock.now(), "me": me(request), "prefs": prefs, "zone": prefs.zone,
        "taste": liked,
        "lost": sign_in_lost if me(request).is_lead else list,
        "shifts": lambda: unaccepted(me(request).id, is_lead=me(request).is_lead),
        "attendance": lambda: attendance(me(request).id),
        "incidents": badge,
        "beginning": lambda: progress() if me(request).is_lead else None,
        "for_me": partial(counts, me(request).id),
        "views": lambda: links(me(request).id, is_lead=me(request).is_lead),
        "to_approve": lambda: to_look_at(me(request).id, now=clock.now()), **facts,
    }  # fmt: skip
    response = render(request, template, context)
    if whole:
        tasting.keep(request, response, me(request).id, liked)
    return response


def _begun_again(request: HttpRequest, liked: Taste) -> HttpResponse:
    """The same page, once this browser knows the language that the agent chose elsewhere."""
    response = redirect(request.get_full_path())
    tasting.keep(request, response, me(request).id, liked)
    return response


def _liked(request: HttpRequest, liked: Taste) -> Preferences:
    """The preferences of a whole page: what follows the agent goes before what is old here."""
    prefs = preferences(request)
    if liked.zone:
        prefs = replace(prefs, zone=wording.zone_from(liked.zone))
    if tasting.behind(request, me(request).id, liked):
        prefs = replace(prefs, theme=liked.theme, density=liked.density)
    return prefs
