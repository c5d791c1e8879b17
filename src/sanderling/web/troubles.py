"""What a page says when it cannot be shown: calm, in words, and with a way on.

These pages ask the database for nothing; it may be what is missing.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sanderling.core.words import say
from sanderling.web.agents import preferences


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    said = str(exception) if exception.args and isinstance(exception.args[0], str) else ""
    return _page(
        request, 404, say("There is nothing here"), said or say("This page does not exist.")
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    why = str(exception) if exception else ""
    return _page(request, 403, say("Not yours to see"), why or say("You may not do or see this."))


def strange_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from one of our pages, or from a page that is too old."""
    why = say("This page was open for so long that its form is no longer valid. Load it again.")
    return _page(request, 403, say("Please load the page again"), why, back=request.path)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(
        request, 400, say("That makes no sense here"), say("The address or form cannot be read.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _page(
            request, 503, say("The desk is resting"),
            say("Its database does not answer. Nothing is lost; the page tries again by itself."),
        )  # fmt: skip
        response.headers["Retry-After"] = response.headers["Refresh"] = "10"
        return response
    return _page(
        request, 500, say("Something broke here"),
        say("It is not your doing, and it was written down. Try again, or go back to the Desk."),
    )  # fmt: skip


def _page(request: HttpRequest, status: int, what: str, *why: str, **facts: Any) -> HttpResponse:
    context = {
        "prefs": preferences(request), "status": status, "what": what, "why": why, "kept": "",
        "ask": None, "back": "/desk/",
        "back_words": say("Load it again") if "back" in facts else say("To the Desk"), **facts,
    }  # fmt: skip
    return render(request, "trouble.html", context, status=status)
