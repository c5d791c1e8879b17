"""Suggestions beside the composer: what solved something similar, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import queries as cases
from sanderling.core.impersonal import NAME, blanks
from sanderling.core.network import Room
from sanderling.core.words import say
from sanderling.respond.actions import save_draft
from sanderling.respond.queries import drafts_of
from sanderling.respond.suggesting import Suggestion, ability, suggestions
from sanderling.web import clock, wording
from sanderling.web.agents import by_agent, by_script, me, show
from sanderling.web.answers import Unfit, act, done
from sanderling.wiring import machine


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion as it is shown. `text` names this customer; `blanks` are still to be filled in;
    `found` is the suggestion itself."""

    text: str
    blanks: list[str]
    found: Suggestion


@require_GET
@by_agent
def suggested(request: HttpRequest, case_id: int) -> HttpResponse:
    """What to answer in a room of a case: a part for the composer, or a page of its own."""
    room = request.GET.get("room", "")
    if room not in (*Room,):
        raise Http404(say("Suggestions are for public replies and direct messages."))
    try:
        case = cases.case_for(me(request).id, case_id)
        found = suggestions(case.id, Room(room))
    except cases.Merged as merged:
        return suggested(request, merged.into)
    except cases.NoSuchCase as error:
        raise Http404(str(error)) from error
    who = case.customer.who
    facts = {
        "offers": [_offer(s, wording.first_name(who.name, who.handle)) for s in found],
        "off": ability(), "room": room, "case": case,
        "machine": model.name if (model := machine()) else "",
    }  # fmt: skip
    template = "parts/suggestions.html" if by_script(request) else "suggestions.html"
    return show(request, template, **facts)


@act
def use(request: HttpRequest, case_id: int) -> HttpResponse:
    """Put a suggestion under what is typed in its room: for browsers without our script."""
    room, text = request.POST.get("room", ""), request.POST.get("text", "")
    if room not in (*Room,):
        raise Unfit(say("Suggestions are for public replies and direct messages."), kept=text)
    kept = {d.room: d.text for d in drafts_of(case_id, me(request).id)}.get(room, "")
    typed = request.POST.get(f"text_{room}", kept)
    both = f"{typed}\n\n{text}" if typed.strip() else text
    try:
        save_draft(case_id=case_id, agent_id=me(request).id, room=room, text=both, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    return done(request, f"/case/{case_id}/")


def _offer(found: Suggestion, first: str) -> Offer:
    text = found.text.replace(NAME, first)
    return Offer(text, blanks(text), found)
