"""Approvals: what waits for a second pair of eyes, why, and the word that lets it leave."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.core.words import many, say
from sanderling.respond import actions as respond
from sanderling.respond.approving import NotYours, approve, send_back
from sanderling.respond.statuses import to_vet
from sanderling.respond.waiting import sent_back, waiting
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Question, Unfit, act, done, number
from sanderling.web.desk import QUEUES
from sanderling.wiring import limits_for


@require_GET
@by_agent
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, and what came back to the agent who asks."""
    now, agent = clock.now(), me(request)
    return show(
        request, "approvals.html", now, page="approvals", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(agent.id, now), waiting=waiting(agent.id),
        statuses=to_vet(agent.id), returned=sent_back(agent.id, now=now),
    )  # fmt: skip


@require_GET
@by_agent
def badge(request: HttpRequest) -> HttpResponse:
    """The way to this page, with the number of answers to look at."""
    return show(request, "parts/approvals_nav.html", page=request.GET.get("page", ""))


@act
def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Approve an answer, as it is or edited, or send it back with a note."""
    ways: dict[str, Callable[[HttpRequest, int], str]] = {
        "approve": _approve,
        "send-back": _send_back,
    }
    chosen = ways.get(request.POST.get("act", ""))
    if chosen is None:
        raise Unfit(say("The desk does not know that decision."), status=422)
    try:
        return done(request, "/approvals/", says=chosen(request, approval_id))
    except NotYours as error:
        raise Unfit(str(error), status=403) from error


def _approve(request: HttpRequest, approval_id: int) -> str:
    text, seen = request.POST.get("text"), number(request.POST.get("seen"))
    try:
        approve(
            approval_id=approval_id, by=me(request).id, now=clock.now(), limits_for=limits_for,
            text=text, seen=seen, confirmed=request.POST.getlist("confirmed"),
        )  # fmt: skip
    except respond.News as news:
        raise Unfit(say("{news} Read it first, then decide.", news=news), kept=text or "") from news
    except respond.Objections as against:
        raise _against(request, approval_id, against, text or "") from against
    return many(
        "Approved. It leaves in {n} second.", "Approved. It leaves in {n} seconds.",
        respond.undo().seconds,
    )  # fmt: skip


def _against(
    request: HttpRequest, approval_id: int, against: respond.Objections, text: str
) -> Unfit:
    """What speaks against the text; asked where the approver may overrule it."""
    if any(one.severity == "stop" for one in against.found):
        return Unfit(*against.sentences, kept=text, status=422)
    fields = [("act", "approve"), ("text", text), ("seen", request.POST.get("seen", ""))]
    fields += [("confirmed", one.rule) for one in against.found]
    ask = Question(f"/approvals/{approval_id}/", fields, say("Approve all the same"))
    rules = [one.rule for one in against.found]
    return Unfit(*against.sentences, kept=text, ask=ask, confirmed=rules)


def _send_back(request: HttpRequest, approval_id: int) -> str:
    note = request.POST.get("note", "")
    try:
        send_back(approval_id=approval_id, by=me(request).id, now=clock.now(), note=note)
    except ValueError as error:
        raise Unfit(str(error), kept=note, status=422) from error
    return say("Sent back to its author.")
