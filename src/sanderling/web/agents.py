"""Who is asking, and how they like their pages: every view begins here."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sanderling.listen.queries import accounts, sign_in_lost
from sanderling.people.queries import Colleague
from sanderling.web import clock, wording

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
        raise PermissionDenied("Only team leads can do this. Ask one of yours.")

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
    """The name under which we care for customers: that of our first account."""
    ours = accounts()
    return (ours[0].name or ours[0].handle) if ours else ""


def show(
    request: HttpRequest, template: str, now: datetime | None = None, /, **facts: Any
) -> HttpResponse:
    """A page or a part of one, for the agent who asks."""
    prefs = preferences(request)
    context = {
        "now": now or clock.now(), "me": me(request), "prefs": prefs, "zone": prefs.zone,
        "lost": sign_in_lost if me(request).is_lead else list, **facts,
    }  # fmt: skip
    return render(request, template, context)
