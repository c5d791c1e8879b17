"""What pages share that a secret link opens: helpers', invitations, the first run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sanderling.core.words import say
from sanderling.web import wording
from sanderling.web.agents import preferences


def link_to(request: HttpRequest, path: str) -> str:
    """The whole address of a page of ours, as somebody elsewhere opens it."""
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{base}{path}"


def whence(request: HttpRequest) -> str:
    """The address from which somebody asks."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def closed(request: HttpRequest, status: int, why: str, **facts: Any) -> HttpResponse:
    """A link that opens nothing, and why."""
    context = {
        "prefs": preferences(request), "status": status, "what": say("This link is not open"),
        "why": [why], "kept": "", "ask": None, "back": "", "back_words": "", "look": None, **facts,
    }  # fmt: skip
    return hidden(render(request, "trouble.html", context, status=status))


def pause(until: datetime, now: datetime) -> str:
    """How long somebody waits who tried too many links."""
    wait = wording.in_words((until - now).total_seconds())
    return say("Too many links that open nothing. Wait {wait}.", wait=wait)


def hidden(response: HttpResponse) -> HttpResponse:
    """Nobody lists this page; that no other site learns its address, every page of ours has."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
