"""Setting up a desk, step by step: who leads it, whose it is, what it hears, when one works, who
comes along. Each step is a page of its own that can be left out, and found again.

    /welcome/TOKEN/ -> company -> hear -> hours -> invite -> the Desk, with what is left on a card
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from sanderling.core.network import NetworkError
from sanderling.core.policy import Unfit as UnfitPolicy
from sanderling.core.policy.document import DAYS
from sanderling.core.policy.editing import CannotWrite
from sanderling.core.words import say
from sanderling.listen import actions as listen
from sanderling.listen.bounds import Unfit as UnfitAccount
from sanderling.listen.queries import accounts
from sanderling.people import roster
from sanderling.people import welcoming as doors
from sanderling.people.queries import STEPS, Beginning, has_agents, invitations
from sanderling.people.signing_in import paused_until, wrong_password
from sanderling.policy import actions as policy
from sanderling.policy import queries as policies
from sanderling.store.sealing import SealBroken
from sanderling.web import clock
from sanderling.web.agents import brand, by_lead, me, preferences, show
from sanderling.web.answers import Unfit, act
from sanderling.web.first_hours import day_and_night, within
from sanderling.web.inviting import enter, in_words, made
from sanderling.web.own import zones
from sanderling.web.progress import progress
from sanderling.web.secret_links import closed, hidden, pause, whence
from sanderling.wiring import NETWORKS, PRACTICE_HERE

GUESSING = "the address of a new desk"
LONGEST_PASSWORD = 1024
SCENARIO = "ordinary"
TROUBLES = (NetworkError, SealBroken, UnfitAccount)


# ── before anybody can sign in ────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
def you(request: HttpRequest, token: str) -> HttpResponse:
    """The first step: the first lead, who can sign in from then on."""
    now, address = clock.now(), whence(request)
    if until := paused_until(email=GUESSING, address=address, now=now):
        return closed(request, 429, pause(until, now))
    if has_agents():
        return _set_up_already(request)
    if not doors.opens(settings.DATA, token):
        wrong_password(email=GUESSING, address=address, now=now)
        return closed(request, 404, say("This address opens nothing. Look where Sanderling was"
            " started: the right one is printed there."))  # fmt: skip
    return _begin(request) if request.method == "POST" else _you(request)


def _begin(request: HttpRequest) -> HttpResponse:
    given = request.POST
    password = given.get("password", "")[:LONGEST_PASSWORD]
    try:
        email = roster.email_of(given.get("email", ""))
        doors.begin(
            email=email, name=given.get("name", ""), initials=given.get("initials", ""),
            password=password, now=clock.now(),
        )  # fmt: skip
    except doors.SetUpAlready:
        return _set_up_already(request)
    except (roster.Unfit, ValidationError) as error:
        return _you(request, 422, trouble=in_words(error))
    doors.shut(settings.DATA)
    enter(request, email, password)
    return _see("/welcome/")


def _you(request: HttpRequest, status: int = 200, /, trouble: str = "") -> HttpResponse:
    kept = {name: request.POST.get(name, "")[:254] for name in ("email", "name", "initials")}
    context = {"prefs": preferences(request), "trouble": trouble, "given": kept, **_about("you")}
    return hidden(render(request, "welcome.html", context, status=status))


def _set_up_already(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("/welcome/")
    why = say("This desk is set up already, and its address was good for once.")
    return closed(request, 410, why, back="/signin/", back_words=say("Sign in"))


# ── for the first lead, and any other ─────────────────────────────────────────────────────────────


@require_GET
@by_lead
def next_step(request: HttpRequest) -> HttpResponse:
    """Where one left off; the Desk, where nothing is left."""
    found = progress()
    step = found.next if found else STEPS[0]
    return redirect(f"/welcome/{step}/" if step else "/desk/")


def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: its page, or what its form does."""
    return ACTS[name](request) if request.method == "POST" else _step(request, name)


@require_GET
@by_lead
def _step(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, name)


@act
@by_lead
def _call(request: HttpRequest) -> HttpResponse:
    """The name of the company."""
    try:
        doors.call_company(
            name=request.POST.get("name", ""), by=me(request).id, now=clock.now()
        )  # fmt: skip
    except roster.Unfit as error:
        return _page(request, "company", 422, trouble=str(error))
    return _see("/welcome/")


@act
@by_lead
def _practise(request: HttpRequest) -> HttpResponse:
    """An account on the practice network, which begins to run beside this desk."""
    if settings.DEMO:
        raise Unfit(say("The demo has a practice network already."))
    try:
        found = PRACTICE_HERE.connect(SCENARIO)
        listen.connect(
            network="practice", who=found.who, address=found.address, secret=found.secret,
            now=clock.now(),
        )  # fmt: skip
    except TROUBLES as error:
        return _page(request, "hear", 422, trouble=str(error))
    doors.passed(step="hear", done=True)
    return _see("/welcome/hear/")


@act
@by_lead
def _work(request: HttpRequest) -> HttpResponse:
    """When the company works, as the next version of the policy."""
    given = request.POST
    zone, days = given.get("zone", ""), [day for day in DAYS if day in given.getlist("day")]
    if zone not in ("UTC", *zones()):
        return _page(request, "hours", 422, trouble=say("Choose the time zone of your company."))
    office = given.get("when") == "office"
    if office and not days:
        return _page(request, "hours", 422, trouble=say("Choose at least one day."))
    before = policies.written(policies.newest())
    text = before.text if before else ""
    try:
        text = (
            within(text, zone, days, given.get("start", "")[:5], given.get("stop", "")[:5])
            if office else day_and_night(text, zone)
        )  # fmt: skip
        note = "Working hours, told at the first set-up."
        policy.apply(text=text, by=me(request).id, note=note, now=clock.now())
    except (CannotWrite, UnfitPolicy) as error:
        return _page(request, "hours", 422, trouble=_why_not(error))
    doors.passed(step="hours", done=True)
    return _see("/welcome/")


@act
@by_lead
def _invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague; the link is shown now and never again."""
    try:
        link = made(request)
    except Unfit as error:
        return _page(request, "invite", 422, trouble=str(error))
    doors.passed(step="invite", done=True)
    name = " ".join(request.POST.get("name", "").split())
    return _page(request, "invite", link=link, name=name)


ACTS = {"company": _call, "hear": _practise, "hours": _work, "invite": _invite}


@act
@by_lead
def later(request: HttpRequest) -> HttpResponse:
    """Go on from a step: it is done, or left out for now."""
    name = request.POST.get("step", "")
    try:
        doors.passed(step=name, done=name == "hear" and bool(accounts()))
    except ValueError as error:
        raise Unfit(str(error), status=422) from error
    return _see("/welcome/")


@act
@by_lead
def ready(request: HttpRequest) -> HttpResponse:
    """Put the list of what is left away."""
    doors.ready(by=me(request).id, now=clock.now())
    return _see("/desk/")


def _page(request: HttpRequest, name: str, status: int = 200, /, **facts: Any) -> HttpResponse:
    found = progress() or Beginning("", frozenset(), frozenset(), ready=False)
    now = clock.now()
    more: dict[str, Any] = {"trouble": "", "link": "", "name": "", "given": request.POST}
    if name == "hear":
        kinds = [(kind, said.label) for kind, said in NETWORKS.items() if said.sign_in]
        more |= {"ours": accounts(), "kinds": kinds, "demo": settings.DEMO}
    if name == "hours":
        holds = policies.current().document
        more |= {"zones": zones(), "zone_now": holds.zone, "days": DAYS}
    if name == "invite":
        more |= {"invited": [i for i in invitations(now) if i.state == "open"]}
    response = show(
        request, "welcome.html", now, brand=brand(), **_about(name, found), **{**more, **facts}
    )
    response.status_code = status
    return response


def _about(name: str, found: Beginning | None = None) -> dict[str, Any]:
    return {"step": name, "steps": ("you", *STEPS), "found": found}


def _why_not(error: CannotWrite | UnfitPolicy) -> str:
    return str(error) if isinstance(error, CannotWrite) else error.problems[0].says


def _see(path: str) -> HttpResponse:
    response = redirect(path)
    response.status_code = 303
    return response
