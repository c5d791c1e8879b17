"""Promises: asked about once an answer is on its way, kept in mind, and settled.

Nothing here holds up an answer. What was found in it is a question to the agent, who may change the
time, or say no.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from sanderling.cases import promising
from sanderling.cases.queries import badges
from sanderling.core.promising import Found, find
from sanderling.core.words import say
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, preferences, show
from sanderling.web.answers import Unfit, act, done
from sanderling.web.days import moment
from sanderling.web.desk import QUEUES, case_or_else

LOCAL = "%Y-%m-%dT%H:%M"
"""A local time as browsers write it in a form."""
LONGEST = promising.LONGEST


def asked_about(request: HttpRequest, text: str, now: datetime) -> list[dict[str, str]]:
    """The promises in an answer that has just been sent, as the agent is asked about them."""
    zone = preferences(request).zone
    return [_question(text, found, zone) for found in find(text, now=now, zone=zone)]


def _question(text: str, found: Found, zone: tzinfo) -> dict[str, str]:
    there = found.due.astimezone(zone)
    return {
        "text": text[found.start : found.stop][:LONGEST],
        "due": f"{there:{LOCAL}}",
        "by": moment(there),
    }


def page_for(case_id: int, asked: Sequence[dict[str, str]]) -> str:
    """The address of the page that asks the same without a script."""
    fields = [(name, one[name]) for one in asked for name in ("text", "due")]
    return f"/case/{case_id}/promise/?{urlencode(fields)}"


@by_agent
def promise(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask whether to keep a promise in mind, with its time to change; or keep it."""
    return _keep(request, case_id) if request.method == "POST" else _ask(request, case_id)


def _ask(request: HttpRequest, case_id: int) -> HttpResponse:
    found = case_or_else(request, case_id)
    if isinstance(found, HttpResponse):
        return found
    texts, dues = request.GET.getlist("text")[:5], request.GET.getlist("due")[:5]
    asked = [
        (text[:LONGEST], due if _read(due, UTC) else "")
        for text, due in zip(texts or [""], dues or [""], strict=False)
    ]
    now = clock.now()
    return show(
        request, "promise.html", now, page="promise", brand=brand(), case=found, asked=asked,
        queue_list=QUEUES, queue_name="", badges=badges(me(request).id, now),
    )  # fmt: skip


@act
def _keep(request: HttpRequest, case_id: int) -> HttpResponse:
    zone, text = preferences(request).zone, request.POST.get("text", "")
    due = _read(request.POST.get("due", ""), zone)
    if due is None:
        raise Unfit(say("Say by when, with day and hour."), kept=text, status=422)
    try:
        promising.keep(case_id=case_id, text=text, due=due, by=me(request).id, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    return done(request, f"/case/{case_id}/", says=say("Kept in mind."))


@act
def settle(request: HttpRequest, promise_id: int) -> HttpResponse:
    """A promise was kept, or is dropped for a reason."""
    facts: dict[str, Any] = {"promise_id": promise_id, "by": me(request).id, "now": clock.now()}
    why = request.POST.get("why", "")
    try:
        if request.POST.get("how") == "kept":
            case_id, says = promising.kept(**facts), say("Kept. Well done.")
        else:
            case_id, says = promising.drop(**facts, why=why), say("Dropped.")
    except ValueError as error:
        raise Unfit(str(error), kept=why, status=422) from error
    to = "/lists/promises/" if request.POST.get("from") == "list" else f"/case/{case_id}/"
    return done(request, to, says=says)


def _read(text: str, zone: tzinfo) -> datetime | None:
    """A local time that a form sent, in UTC; None for anything else."""
    try:
        return datetime.strptime(text[:16], LOCAL).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
