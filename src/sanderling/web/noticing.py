"""Notices for an agent who looks elsewhere: what and where, and no word of a customer unless the
agent chose so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from sanderling.cases.noticing import Notice, notices
from sanderling.core.words import say
from sanderling.incidents.gauged import Reached, reached
from sanderling.incidents.noticing import Notice as InIncident
from sanderling.incidents.noticing import notices as in_incidents
from sanderling.people.queries import taste
from sanderling.respond.owing import Due, due
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
    words = [] if quiet else due(me(request).id, about=liked.about, since=since)
    told = [_told(request, notice, now, words=liked.words) for notice in found]
    if not quiet:
        rooms = in_incidents(me(request).id, is_lead=me(request).is_lead, since=since)
        told += [
            _from_room(request, notice, now, words=liked.words)
            for notice in rooms
            if notice.about in liked.about
        ]
        seas = reached(me(request).id, is_lead=me(request).is_lead, since=since)
        told += [_from_sea(one, words=liked.words) for one in seas]
    told += [_owed(request, word, now) for word in words]
    return JsonResponse({"desktop": liked.desktop, "sound": liked.sound, "notices": told})


def _told(request: HttpRequest, notice: Notice, now: datetime, *, words: bool) -> dict[str, str]:
    title, says = _sentences(request, notice, now)
    if words and notice.words:
        says = " ".join(notice.words.split())[:LONGEST]
    to = f"/case/{notice.case_id}/"
    return {"key": notice.key, "to": to, "title": title, "says": says}


def _from_room(
    request: HttpRequest, notice: InIncident, now: datetime, *, words: bool
) -> dict[str, str]:
    """A step that is late, or a role that is offered."""
    if notice.about == "offered":
        title = say("{by} offers you a role", by=notice.by)
    else:
        title = say("Late: a step in incident {number}", number=notice.incident_id)
    says = say("In the room of incident {number}", number=notice.incident_id)
    if words:
        says = " ".join(notice.words.split())[:LONGEST]
    elif notice.due_at:
        by = wording.clock_time(notice.due_at, preferences(request).zone, now)
        says = say("To be done by {time}", time=by)
    to = f"/incidents/{notice.incident_id}/#incident-playbook"
    return {"key": notice.key, "to": to, "title": title, "says": says}


def _owed(request: HttpRequest, word: Due, now: datetime) -> dict[str, str]:
    """A public word that is due soon or late, to whoever leads or speaks."""
    by = wording.clock_time(word.due_at, preferences(request).zone, now)
    title = (
        say("Late: a public word about {incident}", incident=word.name)
        if word.late
        else say("Soon due: a public word about {incident}", incident=word.name)
    )
    says = (
        say("Nothing was said yet; due by {time}", time=by)
        if word.first
        else say("It was promised for {time}", time=by)
    )
    return {"key": word.key, "to": f"/incidents/{word.incident}/", "title": title, "says": says}


def _from_sea(one: Reached, *, words: bool) -> dict[str, str]:
    """A step that an incident reached. Its name is made of words of customers."""
    title = one.title if words else one.about
    says = say("In the room of incident {number}", number=one.incident)
    to = f"/incidents/{one.incident}/#incident-gauge"
    return {"key": f"alert-{one.id}", "to": to, "title": title, "says": says}


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
