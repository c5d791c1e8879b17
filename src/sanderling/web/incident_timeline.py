"""The time line of an incident: the panel with what is newest, and the page with everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.core.words import say
from sanderling.incidents import queries as incidents
from sanderling.incidents import timeline
from sanderling.incidents.queries import NoSuchIncident, Standing
from sanderling.incidents.timeline import END, LONGEST, Key, Line
from sanderling.respond import timeline as said
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_script, me, show
from sanderling.web.answers import act, done
from sanderling.web.desk import QUEUES
from sanderling.web.wording import stamp

FEW = 12
"""Lines in the panel."""
MANY = 100
"""Lines on a page of its own."""

ICONS = {
    "state": "siren", "role": "user-check", "step": "check", "decision": "stamp",
    "note": "sticky-note", "alert": "triangle-alert", "word": "globe", "round": "users",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """Lines, newest first; `older` is the address of those before them, "" where there are none."""

    lines: list[Line]
    older: str


def panel(request: HttpRequest, incident: Standing, now: datetime) -> dict[str, Any]:
    """What the template of the panel needs."""
    return {"told": _told(incident.id, END, FEW), "line_icons": ICONS, "longest_line": LONGEST}


@require_GET
@by_agent
def part(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The panel alone for a script; for people, everything, page by page."""
    it, now = standing_or_404(incident_id), clock.now()
    if by_script(request):
        return show(request, "parts/incident_timeline.html", now, it=it, **panel(request, it, now))
    told = _told(it.id, _key(request.GET.get("before", "")), MANY)
    return show(
        request, "incident_timeline.html", now, page="incidents", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), it=it, told=told, line_icons=ICONS,
        longest_line=LONGEST,
    )  # fmt: skip


@act
def write(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Keep a decision or a note."""
    kind = request.POST.get("kind", "")
    timeline.write_down(
        incident_id=incident_id, kind=kind, text=request.POST.get("text", ""), by=me(request).id,
        now=clock.now(),
    )  # fmt: skip
    says = say("The decision is kept.") if kind == "decision" else say("The note is kept.")
    return done(request, f"/incidents/{incident_id}/#incident-timeline", says=says)


def standing_or_404(incident_id: int) -> Standing:
    """An incident; raises Http404."""
    try:
        return incidents.incident(incident_id)
    except NoSuchIncident as error:
        raise Http404(str(error)) from error


def _told(incident_id: int, before: Key, most: int) -> Told:
    wanted = most + 1
    found = timeline.merged(
        timeline.lines(incident_id, before=before, limit=wanted),
        said.lines(incident_id, before=before, limit=wanted),
        limit=wanted,
    )
    lines = found[:most]
    if len(found) <= most:
        return Told(lines, "")
    return Told(lines, f"/incidents/{incident_id}/timeline/?before={_text(lines[-1])}")


def _text(line: Line) -> str:
    """The key of a line for an address, exact to the microsecond."""
    return f"{stamp(line.at)}{line.at.microsecond % 1000:03}.{line.key}"


def _key(text: str) -> Key:
    """What came with an address; the end for what is none."""
    digits, _, key = text.partition(".")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 17):
        return END
    seconds, rest = divmod(int(digits), 1_000_000)
    return Key(datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), key[:40])
