"""Networks: our accounts and how they do, and connecting one step by step.

    choose a network -> its form -> (the network's own page, and back) -> what was tried

What waits for somebody's yes lies sealed in their session, for one answer and a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanderling.cases.queries import badges
from sanderling.core.network import Connected, Elsewhere, NetworkError, SignIn
from sanderling.core.pricing import MICROS
from sanderling.core.words import retold, say
from sanderling.listen import accounts as ours
from sanderling.listen import actions as listen
from sanderling.listen.bounds import Unfit as UnfitAccount
from sanderling.listen.connecting import NotUnderWay, answer, back_to, resumed, wait_for
from sanderling.listen.ours import NoSuchAccount
from sanderling.listen.queries import Health, health
from sanderling.people.actions import team_named
from sanderling.people.queries import teams
from sanderling.store.sealing import SealBroken
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_lead, me, preferences, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.costs import currency, terms
from sanderling.web.desk import QUEUES
from sanderling.web.health import State, called, state
from sanderling.wiring import NETWORKS, Kind

LONGEST_ANSWER = 10_000
MOST_STEPS, LONGEST_STEP = 30, 300
MOST_BUDGET = 10_000_000
TROUBLES = (NetworkError, SealBroken, UnfitAccount)
"""Why an account cannot be connected, in words for people."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as the page shows it; `currency` is "" where the network charges nothing."""

    a: Health
    label: str
    state: State
    currency: str
    connectable: bool


@require_GET
@by_agent
def networks(request: HttpRequest) -> HttpResponse:
    """Our accounts, and the networks of which one can be connected."""
    now, zone = clock.now(), preferences(request).zone
    shown = [_shown(a, now, zone) for a in health(now)]
    connected = [s for s in shown if not s.a.archived_at]
    return _page(
        request, "networks.html", now, connected=connected,
        gone=[s for s in shown if s.a.archived_at], kinds=_kinds(), teams=teams(),
        tried=request.session.pop("tried", None), demo=settings.DEMO,
        waiting=sum(s.state.look == "wrong" for s in connected),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@by_lead
def connect(request: HttpRequest, network: str) -> HttpResponse:
    """The form of a network; sent, it is tried at once."""
    sign_in = _sign_in(network)
    if request.method == "GET":
        return _form(request, network)
    given = {a.name: request.POST.get(a.name, "")[:LONGEST_ANSWER] for a in sign_in.asks}
    again = number(request.POST.get("account"))

    def begin() -> Connected | Elsewhere:
        return sign_in.begin(given, _back_to(request, network))

    return _tried(request, network, begin, again=again, given=given)


@require_GET
@by_lead
def elsewhere(request: HttpRequest, network: str) -> HttpResponse:
    """The way to the network's own page, and the box for its code."""
    try:
        under_way = resumed(request.session.get("connecting", ""), network, now=clock.now())
    except NotUnderWay as error:
        return _form(request, network, trouble=str(error), status=409)
    return _page(
        request, "elsewhere.html", network=network, label=say(_kind(network).label),
        under_way=under_way, host=urlsplit(under_way.url).hostname or "",
    )  # fmt: skip


@require_GET
@by_lead
def back(request: HttpRequest, network: str) -> HttpResponse:
    """Where a network leads back to, with its answer in the address."""
    return _finish(request, network, request.GET.dict())


@require_POST
@by_lead
def finish(request: HttpRequest, network: str) -> HttpResponse:
    """The code, or the address, that somebody brought from the network's page."""
    return _finish(request, network, answer(request.POST.get("answer", "")))


@act
@by_lead
def disconnect(request: HttpRequest, account_id: int) -> HttpResponse:
    """Hear an account no more."""
    name = _changed(ours.disconnect, account_id=account_id, now=clock.now())
    return done(
        request,
        "/networks/",
        says=say("{name} is disconnected. Its history stays here.", name=name),
    )


@act
@by_lead
def budget(request: HttpRequest, account_id: int) -> HttpResponse:
    """What an account may cost in a month; nothing written is no limit."""
    micros = _micros(request.POST.get("budget", ""))
    name = _changed(ours.set_budget, account_id=account_id, micros=micros)
    return done(request, "/networks/", says=say("The budget of {name} is set.", name=name))


@act
@by_lead
def team(request: HttpRequest, account_id: int) -> HttpResponse:
    """Whose account it is; nothing written is everybody's."""
    name = _changed(
        ours.set_team, account_id=account_id, team=team_named(request.POST.get("team", ""))
    )
    return done(request, "/networks/", says=say("The team of {name} is set.", name=name))


def _finish(request: HttpRequest, network: str, told: Mapping[str, str]) -> HttpResponse:
    sign_in = _sign_in(network)
    try:
        under_way = resumed(request.session.pop("connecting", ""), network, now=clock.now())
    except NotUnderWay as error:
        return _form(request, network, trouble=str(error), status=409)
    request.session.save()  # one answer only, even if it takes long or fails
    return _tried(
        request, network, lambda: sign_in.finish(under_way.keep, told), again=under_way.again
    )


def _tried(
    request: HttpRequest,
    network: str,
    attempt: Callable[[], Connected | Elsewhere],
    *,
    again: int | None,
    given: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Make the attempt: it leads elsewhere, connects an account, or is told what went wrong."""
    try:
        found = attempt()
        if isinstance(found, Elsewhere):
            request.session["connecting"] = wait_for(network, found, now=clock.now(), again=again)
            return _see(f"/networks/connect/{network}/elsewhere")
        account = listen.connect(
            network=network, who=found.who, address=found.address, secret=found.secret,
            now=clock.now(),
        )  # fmt: skip
    except TROUBLES as error:
        return _form(
            request, network, given=given, trouble=retold(str(error)), again=again, status=422
        )
    request.session["tried"] = {
        "account": account,
        "name": called(network, found.who.handle[:200]),
        "steps": [(step.ok, step.words[:LONGEST_STEP]) for step in found.steps[:MOST_STEPS]],
        "other": again is not None and again != account,
    }
    return _see("/networks/")


def _form(request: HttpRequest, network: str, status: int = 200, /, **facts: Any) -> HttpResponse:
    sign_in = _sign_in(network)
    wanted = facts.pop("again", None) or number(request.GET.get("account"))
    again = next((a for a in health(clock.now()) if a.id == wanted and a.network == network), None)
    status = facts.pop("status", status)
    given = facts.pop("given", None) or {}
    facts = {"trouble": "", **facts}
    return _page(
        request, "connect.html", network=network, label=say(_kind(network).label),
        asks=sign_in.asks,
        values={a.name: given.get(a.name, a.value) for a in sign_in.asks if a.kind != "password"},
        again=again, back_to=_back_to(request, network), status=status, **facts,
    )  # fmt: skip


def _page(
    request: HttpRequest,
    template: str,
    now: datetime | None = None,
    /,
    status: int = 200,
    **facts: Any,
) -> HttpResponse:
    now = now or clock.now()
    response = show(
        request, template, now, page="networks", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip
    response.status_code = status
    return response


def _shown(a: Health, now: datetime, zone: tzinfo) -> Shown:
    kind = NETWORKS.get(a.network)
    label = say(kind.label) if kind else a.network
    connectable = kind is not None and kind.sign_in is not None
    limits = terms(a.id)
    stands = state(a, now, zone, closed=limits.closed if limits else "")
    return Shown(a, label, stands, currency(limits), connectable)


def _kinds() -> list[tuple[str, str]]:
    return [(name, say(kind.label)) for name, kind in NETWORKS.items() if kind.sign_in]


def _kind(network: str) -> Kind:
    if network not in NETWORKS:
        raise Http404(say("Sanderling does not know this network."))
    return NETWORKS[network]


def _sign_in(network: str) -> SignIn:
    found = _kind(network).sign_in
    if found is None:
        raise Http404(say("Nobody connects an account of this network by hand."))
    return found


def _back_to(request: HttpRequest, network: str) -> str:
    return back_to(settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/"), network)


def _see(path: str) -> HttpResponse:
    response = redirect(path)
    response.status_code = 303
    return response


def _changed(change: Callable[..., str], **facts: Any) -> str:
    try:
        return change(**facts)
    except NoSuchAccount as error:
        raise Unfit(str(error), status=404) from error


def _micros(text: str) -> int | None:
    """An amount of money as somebody writes it, in millionths; raises Unfit."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        amount = Decimal(text[:40])
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= MOST_BUDGET:
        raise Unfit(say("A budget is an amount of money, like 50 or 12.50."), kept=text, status=422)
    return int(amount * MICROS)
