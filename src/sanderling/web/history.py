"""The history of a case: every act with who, when, what and from where. Read only."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges, cases_of, key_from, key_text
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Aspect
from sanderling.core.words import later, say
from sanderling.respond.history import Entry, history
from sanderling.triage.queries import topics
from sanderling.web import clock, wording
from sanderling.web.agents import brand, by_agent, me, preferences, show
from sanderling.web.desk import QUEUES, case_or_else
from sanderling.web.findings import in_words, named
from sanderling.web.moves import answer_moved, began, by_whom, change, happened, kept, moved

CORRECTED = {
    Aspect.NEEDS_US: later("Corrected: needs us"),
    Aspect.KIND: later("Corrected: kind"),
    Aspect.TONE: later("Corrected: tone"),
    Aspect.URGENCY: later("Corrected: urgency"),
    Aspect.LANG: later("Corrected: language"),
    Aspect.TOPIC: later("Corrected: topic"),
}


class Line(NamedTuple):
    """A line of the history. `where` is where it was done, `note` what was said with it."""

    id: int
    at: datetime
    who: str
    what: str
    change: str
    note: str
    where: str


@require_GET
@by_agent
def page(request: HttpRequest, case_id: int) -> HttpResponse:
    """All that happened in a case and in those that became part of it, newest first."""
    found = case_or_else(request, case_id)
    if isinstance(found, HttpResponse):
        return found
    zone = preferences(request).zone
    now, after = clock.now(), key_from(request.GET.get("after", ""))
    entries = history(cases_of(case_id), after)
    return show(
        request, "history.html", now, page="history", brand=brand(), case=found,
        queue_list=QUEUES, queue_name="", badges=badges(me(request).id, now),
        lines=[_line(e, zone, now) for e in entries.rows], later=after is not None,
        more=key_text(entries.after) if entries.after else "",
    )  # fmt: skip


def _line(e: Entry, zone: tzinfo, now: datetime) -> Line:
    what, changed = _said(e, zone, now)
    return Line(e.key, e.at, by_whom(e.by), what, changed, _words(e), _where(e))


def _said(e: Entry, zone: tzinfo, now: datetime) -> tuple[str, str]:
    match e.source:
        case "correction":
            return _corrected(e)
        case "clock":
            return began(e.what), _due(e.became, zone, now)
        case "fact":
            return happened(e.was, e.what), _due(e.became, zone, now)
        case "outgoing":
            return answer_moved(e.what, e.of), change(e.was, e.became)
    return moved(e.what), change(e.was, e.became)


def _corrected(e: Entry) -> tuple[str, str]:
    aspect = Aspect(e.what)
    names = named(topics()) if aspect is Aspect.TOPIC else None
    was, became = (in_words(aspect, text, names) for text in (e.was, e.became))
    return say(CORRECTED[aspect]), say("{was} → {became}", was=was, became=became)


def _words(e: Entry) -> str:
    if e.source == "correction":
        return e.note
    return kept(e.note, e.what, by_person=bool(e.by))


def _due(text: str, zone: tzinfo, now: datetime) -> str:
    due = datetime.fromisoformat(text) if text else NEVER
    return say("due {time}", time=wording.clock_time(due, zone, now)) if due < NEVER else ""


def _where(e: Entry) -> str:
    """People act at the desk's pages; what has no person was done by the worker."""
    return say("Desk page") if e.by else say("Worker")
