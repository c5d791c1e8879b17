"""Templates: keeping them, and putting one into an answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from sanderling.cases.queries import Merged, NoSuchCase, badges, case_for
from sanderling.core.network import Room
from sanderling.core.verdict import Kind
from sanderling.core.wording import VARIABLES
from sanderling.core.words import say
from sanderling.people.queries import teams
from sanderling.respond import templates
from sanderling.respond.actions import save_draft
from sanderling.respond.offering import NoSuchTemplate, kept, language, offers, said
from sanderling.respond.queries import drafts_of
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_script, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES

ROOMS = ("public", "direct", "note")


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """All templates, and how to write one."""
    return _page(
        request, "templates.html", templates=kept(), variables=VARIABLES, teams=teams(),
        kinds=list(Kind),
    )  # fmt: skip


@act
def add(request: HttpRequest) -> HttpResponse:
    """Keep a new one."""
    _kept(request, templates.make)
    return done(request, "/templates/", says=say("The template is kept."))


@act
def change(request: HttpRequest, template_id: int) -> HttpResponse:
    """Word one in another way."""
    _kept(request, templates.change, template_id=template_id)
    return done(request, "/templates/", says=say("The template is changed."))


@act
def archive(request: HttpRequest, template_id: int) -> HttpResponse:
    """Put one away."""
    try:
        templates.archive(template_id=template_id, by=me(request).id, now=clock.now())
    except (templates.NotYours, NoSuchTemplate) as error:
        raise Unfit(str(error)) from error
    return done(request, "/templates/", says=say("The template is put away."))


def offered(request: HttpRequest, case_id: int) -> HttpResponse:
    """The templates that fit a case: for a script as a part, else as a page. What was typed before
    one asked for them comes with the form, and is kept."""
    return _keep_typed(request, case_id) if request.method == "POST" else _offered(request, case_id)


@by_agent
def _offered(request: HttpRequest, case_id: int) -> HttpResponse:
    try:
        case = case_for(me(request).id, case_id)
    except (NoSuchCase, Merged) as error:
        raise Http404(str(error)) from error
    room = _room(request.GET.get("room", ""))
    shown = "public" if room == "note" else room
    facts: dict[str, Any] = {
        "case": case, "room": room,
        "offers": offers(
            case_id, me(request).id, room=shown, kind=case.kind,
            lang=language(case_id, now=clock.now()),
        ),
    }  # fmt: skip
    if by_script(request):
        return show(request, "parts/offered.html", **facts)
    return _page(request, "offered.html", **facts)


@act
def _keep_typed(request: HttpRequest, case_id: int) -> HttpResponse:
    for room in ROOMS:
        if f"text_{room}" in request.POST:
            _save(request, case_id, room, request.POST[f"text_{room}"])
    response = redirect(f"/case/{case_id}/templates/?room={_room(request.POST.get('room', ''))}")
    response.status_code = 303
    return response


@act
def use(request: HttpRequest, case_id: int, template_id: int) -> HttpResponse:
    """Put a template into an answer: a script gets its words, else they join the draft."""
    room = _room(request.POST.get("room", ""))
    try:
        text = said(template_id, case_id, me(request).id)
    except NoSuchTemplate as error:
        raise Unfit(str(error)) from error
    templates.count_use(template_id=template_id)
    if not by_script(request):
        drafts = {d.room: d.text for d in drafts_of(case_id, me(request).id)}
        before = drafts.get(room, "").rstrip()
        _save(request, case_id, room, f"{before}\n{text}" if before else text)
    return done(request, f"/case/{case_id}/", text=text, says=say("The template is in the box."))


def _save(request: HttpRequest, case_id: int, room: str, text: str) -> None:
    try:
        save_draft(case_id=case_id, agent_id=me(request).id, room=room, text=text, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error


def _kept(request: HttpRequest, keep: Any, **which: Any) -> None:
    given = request.POST
    text = given.get("text", "")
    try:
        keep(
            name=given.get("name", ""), text=text, by=me(request).id, now=clock.now(),
            room=given.get("room", ""), lang=given.get("lang", ""), kind=given.get("kind", ""),
            team=number(given.get("team")), **which,
        )  # fmt: skip
    except templates.Unfit as unfit:
        raise Unfit(*unfit.problems, kept=text, status=422) from unfit
    except (templates.NotYours, NoSuchTemplate) as error:
        raise Unfit(str(error), kept=text) from error


def _room(name: str) -> str:
    return name if name in (*Room, "note") else "public"


def _page(request: HttpRequest, template: str, **facts: Any) -> HttpResponse:
    now = clock.now()
    return show(
        request, template, now, page="templates", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip
