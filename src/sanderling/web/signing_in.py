"""The sign-in page: an email address, a password, and patience with mistakes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

import sanderling
from sanderling.core.words import later, say
from sanderling.people import presence
from sanderling.people.queries import has_agents
from sanderling.people.signing_in import paused_until, right_password, wrong_password
from sanderling.web import clock, wording
from sanderling.web.agents import brand, me, preferences
from sanderling.web.secret_links import whence

KEPT = 14 * 24 * 3600
"""Seconds that a sign-in lasts where the agent wants it kept."""
WRONG = (
    later("That password does not fit this email. Sign-in pauses for ten minutes now."),
    later("That password does not fit this email. One more try before a pause of ten minutes."),
    later("That password does not fit this email. Two more tries before a pause of ten minutes."),
    later("That password does not fit this email. Three more tries before a pause of ten minutes."),
    later("That password does not fit this email. Four more tries before a pause of ten minutes."),
    later("That password does not fit this email. Five more tries before a pause of ten minutes."),
)
"""By how many tries are left."""
YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who are you? Leads on to the page that was asked for."""
    if request.method == "POST":
        return _try(request)
    if request.user.is_authenticated:
        return redirect(_next(request.GET.get("next", ""), request))
    return _page(request, next=request.GET.get("next", ""))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Good-bye."""
    if request.user.is_authenticated:
        presence.say(agent_id=me(request).id, state="off", now=clock.now())
    logout(request)
    return redirect("/signin/")


def _try(request: HttpRequest) -> HttpResponse:
    now, address = clock.now(), whence(request)
    email = request.POST.get("email", "").strip().lower()[:254]
    if until := paused_until(email=email, address=address, now=now):
        wait = wording.in_words((until - now).total_seconds())
        trouble = say("Too many tries. Wait {wait}, then try again.", wait=wait)
        return _page(request, 429, email=email, trouble=trouble)
    agent = authenticate(request, username=email, password=request.POST.get("password", "")[:1024])
    if agent is None:
        left = wrong_password(email=email, address=address, now=now)
        return _page(request, 403, email=email, trouble=say(WRONG[left]))
    right_password(email=email, address=address)
    login(request, agent)
    presence.say(agent_id=agent.pk, state="here", now=now)
    request.session.set_expiry(KEPT if request.POST.get("keep") == "yes" else 0)
    response = redirect(_next(request.POST.get("next", ""), request))
    if zone := request.POST.get("zone", ""):
        response.set_cookie("zone", zone[:64], max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    return response


def _next(wanted: str, request: HttpRequest) -> str:
    """A page of ours, whatever the address says."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else "/desk/"


def _page(request: HttpRequest, status: int = 200, /, **facts: Any) -> HttpResponse:
    prefs = preferences(request)
    context = {
        "prefs": prefs, "greeting": _greeting(clock.now().astimezone(prefs.zone)),
        "brand": brand(), "version": sanderling.__version__, "demo": _demo(), "email": "",
        "nobody": not has_agents(),
        "trouble": "", "next": request.POST.get("next", ""),
        "keep": request.method != "POST" or request.POST.get("keep") == "yes", **facts,
    }  # fmt: skip
    return render(request, "signin.html", context, status=status)


def _greeting(there: datetime) -> str:
    if 5 <= there.hour < 12:
        return say("Good morning")
    return say("Good afternoon") if 12 <= there.hour < 18 else say("Good evening")


def _demo() -> dict[str, str] | None:
    """How to sign in to a demo, which hides nothing."""
    if not settings.DEMO:
        return None
    return {
        "name": "Anika Brandt",
        "email": "anika.brandt@northwind.example",
        "password": Path(settings.DATA, "demo-password").read_text(),
    }
