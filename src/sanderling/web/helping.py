"""Help from outside the team: asking for it in a case, and the page that the link opens."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sanderling.cases.queries import Merged, NoSuchCase, badges, case_for, timeline
from sanderling.core.network import Room
from sanderling.core.words import say
from sanderling.people.signing_in import paused_until, wrong_password
from sanderling.respond.actions import Objections
from sanderling.respond.addressing import addressed
from sanderling.respond.helping import (
    MOST_DAYS,
    Help,
    LinkEnded,
    NoSuchLink,
    TooMuch,
    answer,
    invite,
    links,
    opened,
    revoke,
    tell,
    written,
)
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, preferences, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES
from sanderling.web.secret_links import closed, hidden, link_to, pause, whence
from sanderling.wiring import limits_for

GUESSING = "a helper's link"
"""Under this name wrong links are counted, as wrong passwords are."""


# ── for the team ──────────────────────────────────────────────────────────────────────────────────


def helpers(request: HttpRequest, case_id: int) -> HttpResponse:
    """Who was asked about a case, and asking somebody else."""
    return _ask(request, case_id) if request.method == "POST" else _asked(request, case_id)


@by_agent
def _asked(request: HttpRequest, case_id: int) -> HttpResponse:
    return _case_page(request, case_id)


@act
def _ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """The link is shown now and never again, so this answers with the page itself."""
    given = request.POST
    try:
        token = invite(
            case_id=case_id, name=given.get("name", ""), initials=given.get("initials", ""),
            question=given.get("question", ""), days=number(given.get("days")) or 0,
            by=me(request).id, now=clock.now(), direct=given.get("direct") == "yes",
        )  # fmt: skip
    except ValueError as error:
        raise Unfit(str(error), kept=given.get("question", ""), status=422) from error
    link = link_to(request, f"/help/{token}/")
    return _case_page(request, case_id, link=link, name=given.get("name", ""))


@act
def end(request: HttpRequest, case_id: int, link_id: int) -> HttpResponse:
    """End a link before its time."""
    revoke(link_id=link_id, case_id=case_id, by=me(request).id, now=clock.now())
    return done(request, f"/case/{case_id}/helpers/", says=say("The link is ended."))


def _case_page(request: HttpRequest, case_id: int, **facts: Any) -> HttpResponse:
    now = clock.now()
    try:
        case = case_for(me(request).id, case_id)
    except NoSuchCase as error:
        raise Http404(str(error)) from error
    except Merged as merged:
        return redirect(f"/case/{merged.into}/helpers/")
    return show(
        request, "help_links.html", now, page="desk", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), case=case, links=links(case_id),
        most=MOST_DAYS,
        **{"link": "", "name": "", **facts},
    )  # fmt: skip


# ── for the helper ────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
def help_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked and what the customer wrote; what the helper writes waits for approval."""
    now, address = clock.now(), whence(request)
    if until := paused_until(email=GUESSING, address=address, now=now):
        return closed(request, 429, pause(until, now))
    try:
        found = opened(token, now=now)
        if request.method == "POST":
            return _write(request, token, found)
        return _help(request, found)
    except NoSuchLink as error:
        wrong_password(email=GUESSING, address=address, now=now)
        return closed(request, 404, str(error))
    except LinkEnded as error:
        return closed(request, 410, str(error))


def _write(request: HttpRequest, token: str, found: Help) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        if request.POST.get("act") == "note":
            tell(token=token, text=text, now=clock.now())
            return _help(
                request,
                found,
                thanks=say("{asked_by} has your note. Thank you.", asked_by=found.asked_by),
            )
        answer(token=token, text=text, now=clock.now(), limits_for=limits_for)
    except Objections as against:
        return _help(request, found, 422, against=against.sentences, text=text)
    except (ValueError, TooMuch) as error:
        return _help(request, found, 422, against=[str(error)], text=text)
    thanks = say(
        "Thank you. {asked_by} looks at your answer before it is posted.", asked_by=found.asked_by
    )
    return _help(request, found, thanks=thanks)


def _help(request: HttpRequest, found: Help, status: int = 200, /, **facts: Any) -> HttpResponse:
    prefs, now = preferences(request), clock.now()
    case_id = addressed([found.case_id])[0].case_id
    posts = [
        post for post in timeline(case_id).posts
        if post.role == "requester" and not post.deleted_at
        and (found.direct or post.room == Room.PUBLIC)
    ]  # fmt: skip
    context = {
        "prefs": prefs, "now": now, "zone": prefs.zone, "brand": brand(), "help": found,
        "posts": posts, "written": written(found), "thanks": "", "against": [], "text": "", **facts,
    }  # fmt: skip
    return hidden(render(request, "help.html", context, status=status))
