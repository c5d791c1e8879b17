"""Notices for an agent who looks elsewhere: what and where, and no word of a customer unless the
agent chose so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from sanderling.cases.noticing import Notice, notices
from sanderling.core.words import say
from sanderling.people.queries import taste
from sanderling.web import clock, wording
from sanderling.web.agents import by_agent, me, preferences
from sanderling.web.answers import number

MOST_MS = 10**14
RECENT = timedelta(hours=1)
"""What is older is no news, whenever the page was opened."""
LONGEST = 200


@require_GET
@by_agent
def new(request: HttpRequest) -> HttpResponse:
    """What is new since a time (`since`, milliseconds), and whether to show and sound it; JSON."""
    liked, now = taste(me(request).id), clock.now()
    asked = datetime.fromtimestamp((number(request.GET.get("since"), MOST_MS) or 0) / 1000, UTC)
    quiet = not (liked.desktop or liked.sound)
    since = max(asked, now - RECENT)
    found = [] if quiet else notices(me(request).id, about=liked.about, since=since)
    told = [_told(request, notice, now, words=liked.words) for notice in found]
    return JsonResponse({"desktop": liked.desktop, "sound": liked.sound, "notices": told})


def _told(
    request: HttpRequest, notice: Notice, now: datetime, *, words: bool
) -> dict[str, str | int]:
    title, says = _sentences(request, notice, now)
    if words and notice.words:
        says = " ".join(notice.words.split())[:LONGEST]
    return {"key": notice.key, "case": notice.case_id, "title": title, "says": says}


def _sentences(request: HttpRequest, notice: Notice, now: datetime) -> tuple[str, str]:
    case, by = notice.case_id, notice.by
    match notice.about:
        case "late":
            return say("Late: case {case}", case=case), _due(request, notice, now)
        case "soon":
            return say("Soon late: case {case}", case=case), _due(request, notice, now)
        case "mentioned":
            return say("{by} named you", by=by), say("In a note in case {case}", case=case)
        case "asked":
            return say("{by} asks you something", by=by), say(
                "Case {case} waits for your answer", case=case
            )
        case "offered":
            return say("{by} offers you a case", by=by), say(
                "Case {case} waits for you to accept it", case=case
            )
        case _:
            return say("Critical, and nobody has it"), say("Case {case} is new", case=case)


def _due(request: HttpRequest, notice: Notice, now: datetime) -> str:
    if notice.due_at is None:
        return ""
    by = wording.clock_time(notice.due_at, preferences(request).zone, now)
    match notice.due_kind:
        case "acknowledge":
            return say("To be acknowledged by {time}", time=by)
        case "answer":
            return say("To be answered by {time}", time=by)
        case "solve":
            return say("To be solved by {time}", time=by)
        case _:
            return say("The public follow-up was promised by {time}", time=by)
