"""One voice: the panel that tells everybody about an incident, and what happened to each word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.core.words import many, say
from sanderling.incidents.queries import NoSuchIncident, Standing, incident
from sanderling.policy.queries import current
from sanderling.respond import actions as respond
from sanderling.respond.approving import NotYours
from sanderling.respond.broadcasting import post_status, take_back
from sanderling.respond.owing import Owed, owed
from sanderling.respond.status import CLEAR, LABELS, Status
from sanderling.respond.statuses import Told, Voice, one_told, told_of, voices
from sanderling.respond.vetting import approve_status, send_back_status
from sanderling.web import clock
from sanderling.web.agents import by_agent, me, preferences, show
from sanderling.web.answers import Question, Unfit, act, done, number
from sanderling.web.volume import Mark
from sanderling.wiring import limits_for

LOCAL = "%Y-%m-%dT%H:%M"
"""A local time as browsers write it in a form."""
ROUND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Begun:
    """What the form holds at first: what came back to its author, or what fits next. `chosen` are
    accounts, `next_at` is as a form has it."""

    label: str
    text: str
    link: str
    pinned: str
    next_at: str
    chosen: frozenset[int]


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the panel shows. `owes` is the word that is owed, `silent` says why nobody may speak
    now, `approvers` whom the policy names to read it first."""

    told: list[Told]
    voices: list[Voice]
    owes: Owed | None
    late: bool
    begun: Begun
    seen: int
    labels: tuple[str, ...]
    clear: str
    approvers: str
    may: bool


def panel(request: HttpRequest, it: Standing, now: datetime) -> dict[str, Any]:
    """What the template of the panel needs, for who asks."""
    told = told_of(it.id, me(request).id)
    speak = voices(it, me(request).id, limits_for=limits_for)
    word = owed(it.id)
    status = Panel(
        told, speak, word, word is not None and word.late(now),
        _begun(told, speak, me(request).id, preferences(request).zone, now),
        told[0].id if told else 0, LABELS, CLEAR, current().document.incidents.approve,
        it.state in ("confirmed", "eased", "over"),
    )  # fmt: skip
    return {"it": it, "status": status, "told": _first_word(told)}


def _first_word(told: list[Told]) -> list[Mark]:
    """When everybody could first read something, for the figure."""
    stood = [one.first_at for one in told if one.first_at]
    return [Mark(min(stood), say("First public word"), "told")] if stood else []


@require_GET
@by_agent
def status(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The panel alone."""
    try:
        it = incident(incident_id)
    except NoSuchIncident as error:
        raise Http404(str(error)) from error
    now = clock.now()
    return show(request, "parts/incident_status.html", now, **panel(request, it, now))


@act
def post(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Tell everybody."""
    text = request.POST.get("text", "")
    try:
        broadcast = post_status(
            status=_status(request, incident_id), by=me(request).id, now=clock.now(),
            limits_for=limits_for, confirmed=request.POST.getlist("confirmed"), key=_key(request),
        )  # fmt: skip
    except NoSuchIncident as error:
        raise Unfit(str(error), kept=text, status=404) from error
    except respond.OnItsWay as earlier:
        raise Unfit(str(earlier), kept=text) from earlier
    except respond.Objections as against:
        raise _against(request, against, text) from against
    told = one_told(broadcast, me(request).id)
    if told is not None and told.decision is not None:
        says = say("It waits for {by_whom} to approve it.", by_whom=told.decision.whom)
    else:
        n = respond.undo().seconds
        says = many("Everybody reads it in {n} second", "Everybody reads it in {n} seconds", n)
    return done(request, _room(incident_id), says=says)


@act
def back(request: HttpRequest, incident_id: int, broadcast_id: int) -> HttpResponse:
    """Take a status back, from all accounts or from one."""
    account = number(request.POST.get("account"))
    take_back(broadcast_id=broadcast_id, by=me(request).id, now=clock.now(), account=account)
    return done(request, _room(incident_id), says=say("Taken back. Your text is in the box again."))


@act
def decide(request: HttpRequest, incident_id: int, outgoing_id: int) -> HttpResponse:
    """What a person decides about a status that did not leave, or of which nobody knows."""
    ways: dict[str, Callable[..., None]] = {
        "again": respond.try_again,
        "there": respond.settle_found,
        "not-there": respond.settle_missing,
        "give-up": respond.give_up,
    }
    chosen = ways.get(request.POST.get("act", ""))
    if chosen is None:
        raise Unfit(say("The desk does not know that decision."), status=422)
    chosen(outgoing_id=outgoing_id, by=me(request).id, now=clock.now())
    return done(request, _room(incident_id), says=say("Done."))


@act
def vet(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Approve a status for all its accounts, or send it back with a note."""
    note, by, now = request.POST.get("note", ""), me(request).id, clock.now()
    try:
        if request.POST.get("act") == "send-back":
            send_back_status(approval_id=approval_id, by=by, now=now, note=note)
            return done(request, "/approvals/", says=say("Sent back to its author."))
        approve_status(approval_id=approval_id, by=by, now=now, limits_for=limits_for)
    except NotYours as error:
        raise Unfit(str(error), status=403) from error
    except respond.Objections as against:
        raise Unfit(*against.sentences, status=422) from against
    except ValueError as error:
        raise Unfit(str(error), kept=note, status=422) from error
    n = respond.undo().seconds
    says = many("Approved. It leaves in {n} second.", "Approved. It leaves in {n} seconds.", n)
    return done(request, "/approvals/", says=says)


def _status(request: HttpRequest, incident_id: int) -> Status:
    given = request.POST
    asked = given.get("next_at", "")
    next_at = _local(asked, preferences(request).zone)
    if asked and next_at is None:
        raise Unfit(say("Say by when, with day and hour."), kept=given.get("text", ""), status=422)
    accounts = tuple(id for one in given.getlist("account") if (id := number(one)) is not None)
    return Status(
        incident=incident_id, label=given.get("label", "") or given.get("own_label", ""),
        text=given.get("text", ""), accounts=accounts,
        own={account: given.get(f"own_{account}", "") for account in accounts},
        link=given.get("link", ""), pinned=given.get("pinned", ""), next_at=next_at,
        seen=number(given.get("seen")) or 0,
    )  # fmt: skip


def _against(request: HttpRequest, against: respond.Objections, text: str) -> Unfit:
    """What speaks against it; asked where its author may overrule all of it."""
    if any(one.severity == "stop" for one in against.found):
        return Unfit(*against.sentences, kept=text, status=422)
    rules = sorted({one.rule for one in against.found})
    fields = [
        (name, value)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "confirmed")
        for value in request.POST.getlist(name)
    ]
    fields += [("confirmed", rule) for rule in sorted({*rules, *request.POST.getlist("confirmed")})]
    ask = Question(request.path, fields, say("Post all the same"))
    return Unfit(*against.sentences, kept=text, ask=ask, confirmed=rules)


def _begun(told: list[Told], speak: list[Voice], by: int, zone: tzinfo, now: datetime) -> Begun:
    mine = next((one for one in told if one.by == by), None)
    came_back = mine if mine is not None and mine.gone and mine is told[0] else None
    stands = next((one for one in told if one.stands), None)
    due = now + current().document.incidents.update
    due += ROUND - timedelta(seconds=due.timestamp() % ROUND.total_seconds())
    before = came_back or stands
    chosen = frozenset(one.account.id for one in before.spoken) if before else _one_a_network(speak)
    return Begun(
        came_back.label if came_back else _next_label(stands),
        came_back.text if came_back else "", before.link if before else "",
        before.pinned if before else "", f"{due.astimezone(zone):{LOCAL}}", chosen,
    )  # fmt: skip


def _next_label(stands: Told | None) -> str:
    """How far it would be next, as far as anybody can guess."""
    return LABELS[0] if stands is None else LABELS[1] if stands.label == LABELS[0] else LABELS[3]


def _one_a_network(speak: list[Voice]) -> frozenset[int]:
    """Our oldest account on each network."""
    found: dict[str, int] = {}
    for voice in speak:
        if not voice.why_not:
            found.setdefault(voice.account.network, voice.account.id)
    return frozenset(found.values())


def _local(text: str, zone: tzinfo) -> datetime | None:
    """A local time that a form sent, in UTC; None for anything else."""
    try:
        return datetime.strptime(text[:16], LOCAL).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _key(request: HttpRequest) -> UUID | None:
    """What the page calls this status, so that it counts once however often it comes."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _room(incident_id: int) -> str:
    return f"/incidents/{incident_id}/#incident-status"
