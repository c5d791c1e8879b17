"""The style guide: every part of the desk in every state, for those who build it."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanderling.core.guards import Objection
from sanderling.core.policy import read
from sanderling.web import samples

POLICY = """
name = "The style guide's"
[[goals]]
name = "Everything"
when = "true"
acknowledge = "15m"
answer = "1h"
solve = "2d"
"""
OBJECTIONS = (
    Objection("pii", "This is an account number. In public everybody could read it.", "stop", 0, 9),
    Objection("word", "We do not say “unfortunately”.", "confirm", 10, 23, "Sadly"),
)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page; raises Http404 where the desk is not being built."""
    if not settings.DEBUG:
        raise Http404
    look = request.GET
    facts = {
        "s": samples, "now": samples.NOW, "zone": UTC, "me": samples.ANIKA, "case": samples.CASE,
        "first": "Jonas", "ways": samples.ways(), "story": samples.story(), "seen": 1,
        "reply_to": None, "care": False, "queue_name": "team", "queue_title": "Team",
        "colleagues": [samples.ANIKA, samples.MIRA], "strips": samples.strips(), "likes": {1},
        "document": read(POLICY, 1).document, "objections": OBJECTIONS,
        "prefs": SimpleNamespace(
            theme=_one_of(look.get("theme"), "light", "dark"), side="",
            density=_one_of(look.get("density"), "comfortable", "compact") or "comfortable",
        ),
        "alone": True, "way_of_reading": _one_of(look.get("dir"), "ltr", "rtl") or "ltr",
    }  # fmt: skip
    return render(request, "styleguide.html", facts)


def _one_of(asked: str | None, *allowed: str) -> str:
    return asked if asked in allowed else ""
