"""Saved views: a search is kept under a name, given another one, shared, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import views
from sanderling.cases.queries import badges
from sanderling.cases.views import Kept, NoSuchView, WrongView
from sanderling.core.searching import say as written_out
from sanderling.core.words import say
from sanderling.people.queries import teams, teams_of
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES
from sanderling.web.looking import look
from sanderling.web.viewing import address, links


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """Every view of the agent, each to be changed where it is theirs."""
    now, agent = clock.now(), me(request)
    return show(
        request, "views.html", now, page="views", brand=brand(), queue_list=QUEUES, queue_name="",
        badges=badges(agent.id, now), kept=links(agent.id, is_lead=agent.is_lead),
        teams=_teams(agent.id), query=request.GET.get("query", ""),
        queue=request.GET.get("queue", ""), titles={name: title for name, title, _ in QUEUES},
    )  # fmt: skip


@act
def save(request: HttpRequest) -> HttpResponse:
    """Keep a search."""
    kept = _kept(request)
    with _in_words():
        views.save(kept, by=me(request).id, now=clock.now())
    return done(
        request, address(kept.query, kept.queue), says=say("“{name}” is kept.", name=kept.name)
    )


@act
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Another name, search or readers."""
    agent, kept = me(request), _kept(request)
    with _in_words():
        views.change(view_id, kept, by=agent.id, is_lead=agent.is_lead, now=clock.now())
    return done(request, "/views/", says=say("“{name}” is changed.", name=kept.name))


@act
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Take a view away."""
    agent = me(request)
    with _in_words():
        views.delete(view_id, by=agent.id, is_lead=agent.is_lead, now=clock.now())
    return done(request, "/views/", says=say("The view is deleted."))


def _teams(agent_id: int) -> dict[int, str]:
    """The teams with which an agent may share."""
    mine = teams_of(agent_id)
    return {id: name for id, name in teams().items() if not mine or id in mine}


def _kept(request: HttpRequest) -> Kept:
    """What the form says; the query is written out as it was understood. Raises Unfit."""
    text = request.POST.get("query", "")
    looked = look(request, text, clock.now())
    if looked.problem:
        raise Unfit(looked.problem.message, kept=text, status=422)
    with_whom, _, team = request.POST.get("shared", "").partition("-")
    return Kept(
        " ".join(request.POST.get("name", "").split()), written_out(looked.search),
        request.POST.get("queue", ""), with_whom, number(team),
    )  # fmt: skip


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except WrongView as error:
        raise Unfit(str(error), status=422) from error
    except NoSuchView as error:
        raise Unfit(str(error), status=404) from error
