"""People and teams: who works here, what they can, who is there now. Leads change it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.core.words import later, say
from sanderling.listen.queries import accounts_of_all_teams
from sanderling.people import presence, roster
from sanderling.people.actions import add_agent, team_named
from sanderling.people.queries import has_agent as has_agent_
from sanderling.people.queries import invitations, members, teams
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_lead, me, show
from sanderling.web.answers import Unfit, act, django_says, done, number
from sanderling.web.desk import QUEUES

PRESENCES = {
    "here": later("At work"), "away": later("Away"), "off": later("Not at work"),
    "silent": later("At work, but silent"),
}  # fmt: skip

BECAME = {"here": later("At work."), "away": later("Away."), "off": later("Not at work.")}


@require_GET
@by_agent
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and the teams."""
    now = clock.now()
    everybody = members()
    return show(
        request, "people.html", now, page="people", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), presences=PRESENCES,
        working=[m for m in everybody if m.is_active],
        here=sum(m.is_active and m.presence(now) == "here" for m in everybody),
        left=[m for m in everybody if not m.is_active], teams=teams(),
        accounts=accounts_of_all_teams(), invited=invitations(now) if me(request).is_lead else [],
    )  # fmt: skip


@act
def be(request: HttpRequest) -> HttpResponse:
    """Come to work, take a break, go home."""
    state = request.POST.get("state", "")
    try:
        presence.say(agent_id=me(request).id, state=state, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), status=422) from error
    return done(request, "/desk/", state=state, says=say(BECAME[state]))


@act
def seen(request: HttpRequest) -> HttpResponse:
    """A page is being used; `by_agent` has written it down already."""
    return done(request, "/desk/")


@act
@by_lead
def add(request: HttpRequest) -> HttpResponse:
    """Let somebody new sign in."""
    name, initials = request.POST.get("name", ""), request.POST.get("initials", "")
    try:
        email = roster.email_of(request.POST.get("email", ""))
        if has_agent_(email):
            raise Unfit(say("Somebody with this email address is here already."), status=422)
        roster.check(name=name, initials=initials)
        add_agent(
            email=email, name=" ".join(name.split()), initials=initials.strip().upper(),
            password=request.POST.get("password", "")[:1024],
        )  # fmt: skip
    except ValidationError as error:
        raise Unfit(*django_says(error), status=422) from error
    except roster.Unfit as error:
        raise Unfit(str(error), status=422) from error
    return done(request, "/people/", says=say("{name} can sign in.", name=" ".join(name.split())))


@act
@by_lead
def change(request: HttpRequest, agent_id: int) -> HttpResponse:
    """What a lead writes down about an agent."""
    sent = request.POST
    capacity = number(sent.get("capacity"))
    if capacity is None:
        raise Unfit(say("Say how many cases the desk gives them at once; 0 for none."), status=422)
    try:
        roster.change(
            agent_id=agent_id, name=sent.get("name", ""), initials=sent.get("initials", ""),
            is_lead=sent.get("lead") == "yes",
            teams=[t for text in sent.getlist("team") if (t := number(text)) is not None],
            skills=sent.get("skills", "").split(","),
            languages=sent.get("languages", "").split(","), capacity=capacity,
        )  # fmt: skip
    except roster.Unfit as error:
        raise Unfit(str(error), status=422) from error
    return done(request, "/people/", says=say("Written down."))


@act
@by_lead
def activate(request: HttpRequest, agent_id: int) -> HttpResponse:
    """Let somebody sign in again, or no longer."""
    active = request.POST.get("active") == "yes"
    try:
        name = roster.set_active(agent_id=agent_id, active=active)
    except roster.Unfit as error:
        raise Unfit(str(error), status=422) from error
    says = (
        say("{name} can sign in again.", name=name)
        if active
        else say("{name} cannot sign in any more.", name=name)
    )
    return done(request, "/people/", says=says)


@act
@by_lead
def add_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    if team_named(request.POST.get("name", "")) is None:
        raise Unfit(say("A team needs a name."), status=422)
    return done(request, "/people/", says=say("The team is there."))


@act
@by_lead
def rename_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Another name for a team."""
    try:
        roster.rename_team(team_id=team_id, name=request.POST.get("name", ""))
    except roster.Unfit as error:
        raise Unfit(str(error), status=422) from error
    return done(request, "/people/", says=say("Renamed."))
