"""Inviting colleagues, and the page on which somebody joins who was invited."""

from __future__ import annotations

from django.contrib.auth import authenticate, login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sanderling.cases.queries import badges
from sanderling.core.words import say
from sanderling.people import inviting, presence, roster
from sanderling.people.signing_in import paused_until, wrong_password
from sanderling.web import clock
from sanderling.web.agents import brand, by_lead, me, preferences, show
from sanderling.web.answers import Unfit, act, django_says, done
from sanderling.web.desk import QUEUES
from sanderling.web.secret_links import closed, hidden, link_to, pause, whence

GUESSING = "an invitation"
"""Under this name wrong links are counted, as wrong passwords are."""
LONGEST_PASSWORD = 1024


# ── for leads ─────────────────────────────────────────────────────────────────────────────────────


@act
@by_lead
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody. The link is shown now and never again, so this answers with a page."""
    link = made(request)
    now = clock.now()
    return show(
        request, "invited.html", now, page="people", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), link=link,
        name=" ".join(request.POST.get("name", "").split()),
    )  # fmt: skip


@act
@by_lead
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    inviting.revoke(invitation_id=invitation_id, by=me(request).id, now=clock.now())
    back = "/welcome/invite/" if request.POST.get("back") == "welcome" else "/people/#invite"
    return done(request, back, says=say("The invitation is taken back."))


def made(request: HttpRequest) -> str:
    """The link that this form makes; raises Unfit."""
    given = request.POST
    try:
        token = inviting.invite(
            email=given.get("email", ""), name=given.get("name", ""),
            is_lead=given.get("lead") == "yes", by=me(request).id, now=clock.now(),
        )  # fmt: skip
    except roster.Unfit as error:
        raise Unfit(str(error), status=422) from error
    return link_to(request, f"/join/{token}/")


# ── for who was invited ───────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a name to sign with and a password, and be at the desk."""
    now, address = clock.now(), whence(request)
    if until := paused_until(email=GUESSING, address=address, now=now):
        return closed(request, 429, pause(until, now))
    try:
        found = inviting.opened(token, now=now)
        return _joined(request, token, found) if request.method == "POST" else _form(request, found)
    except inviting.NoInvitation as error:
        wrong_password(email=GUESSING, address=address, now=now)
        return closed(request, 404, str(error))
    except inviting.InvitationEnded as error:
        return closed(request, 410, str(error), back="/signin/", back_words=say("Sign in"))


def _joined(request: HttpRequest, token: str, found: inviting.Welcome) -> HttpResponse:
    given = request.POST
    password = given.get("password", "")[:LONGEST_PASSWORD]
    try:
        email = inviting.join(
            token=token, name=given.get("name", ""), initials=given.get("initials", ""),
            password=password, now=clock.now(),
        )  # fmt: skip
    except (roster.Unfit, ValidationError) as error:
        return _form(request, found, 422, trouble=in_words(error))
    enter(request, email, password)
    return redirect("/desk/")


def _form(
    request: HttpRequest, found: inviting.Welcome, status: int = 200, /, trouble: str = ""
) -> HttpResponse:
    given = request.POST
    context = {
        "prefs": preferences(request), "brand": brand(), "found": found, "trouble": trouble,
        "name": given.get("name", found.name)[: roster.LONGEST_NAME],
        "initials": given.get("initials", "")[:4], "now": clock.now(),
        "zone": preferences(request).zone,
    }  # fmt: skip
    return hidden(render(request, "join.html", context, status=status))


# ── for both front doors ──────────────────────────────────────────────────────────────────────────


def enter(request: HttpRequest, email: str, password: str) -> None:
    """Sign in who has just chosen this password, and let them be at work."""
    agent = authenticate(request, username=email, password=password)
    assert agent is not None
    login(request, agent)
    presence.say(agent_id=agent.pk, state="here", now=clock.now())


def in_words(error: roster.Unfit | ValidationError) -> str:
    """What was not right with a form."""
    return " ".join(django_says(error)) if isinstance(error, ValidationError) else str(error)
