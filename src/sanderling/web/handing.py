"""Handing cases over, and directing customers to departments. Nothing here sends by itself: words
for the customer are put into a draft of the agent who would say them."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import handing
from sanderling.cases.handing import CannotHand, offer_numbered, offered_to
from sanderling.cases.queries import CasePage, case_for, timeline
from sanderling.core.answering import LONGEST
from sanderling.core.words import later, say
from sanderling.listen.queries import OurAccount, accounts_of_teams
from sanderling.people.queries import colleagues, presences, teams
from sanderling.policy.queries import current
from sanderling.respond import actions as respond
from sanderling.respond.queries import drafts_of
from sanderling.web import clock, wording
from sanderling.web.agents import by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number

TAKE_OVER = (
    "Hello {customer}, I am {me} and take over from {before}. I have read everything so far, so you"
    " need not tell it again."
)
DIRECT_TO = "Hello {customer}, our colleagues of {team} are the right ones for this: {handle}."


PRESENCES = {
    "here": later("here"), "away": later("away"), "off": later("off"),
    "silent": later("silent"),
}  # fmt: skip
"""What stands behind a colleague's name."""


class Receiver(NamedTuple):
    """Somebody a case can be offered to: the value in the form, the words, and who is there."""

    value: str
    words: str


class Choices(NamedTuple):
    """To whom a case can be offered; departments answer as accounts of their own."""

    colleagues: list[Receiver]
    teams: list[Receiver]
    departments: list[Receiver]


def choices(case: CasePage, by: int) -> Choices:
    """Everybody a case could go to, who is at work first."""
    there = presences(clock.now())
    people = sorted(colleagues(), key=lambda c: (there.get(c.id) != "here", c.name))
    named = teams()
    own = accounts_of_teams(case.account.network)
    return Choices(
        [
            Receiver(f"agent-{c.id}", present(c.name, there.get(c.id)))
            for c in people
            if c.id not in (by, case.owner.id if case.owner else None)
        ],
        [Receiver(f"team-{team}", name) for team, name in named.items()],
        [
            Receiver(f"department-{team}", f"{named[team]}, @{account.handle}")
            for team, account in own.items()
            if account.id != case.account_id
        ],
    )


def present(name: str, state: str | None) -> str:
    """A colleague, and whether they are at work; `state` is as `people.queries.presences` says."""
    presence = say(PRESENCES.get(state or "off", PRESENCES["off"]))
    return say("{name} ({presence})", name=name, presence=presence)


@act
def offer(request: HttpRequest, case_id: int) -> HttpResponse:
    """Offer a case; for a department, name it to the customer in a draft as well."""
    kind, _, digits = request.POST.get("to", "").partition("-")
    whom = number(digits)
    if kind not in ("agent", "team", "department") or whom is None:
        raise Unfit(say("Choose a colleague, a team or a department."), status=422)
    note = request.POST.get("note", "")
    now = clock.now()
    account = _account(case_id, whom, me(request).id) if kind == "department" else None
    receiver = {"to": whom} if kind == "agent" else {"team": whom}
    try:
        handing.offer(case_id=case_id, note=note, by=me(request).id, now=now, **receiver)
    except CannotHand as error:
        raise Unfit(str(error), kept=note, status=422) from error
    if account is None:
        return done(
            request, f"/case/{case_id}/", says=say("Offered. You have it until it is accepted.")
        )
    room = _draft(request, case_id, _directing(request, case_id, whom, account))
    return done(
        request, f"/case/{case_id}/", drafts=_drafts(request, case_id), room=room,
        says=say(
            "Offered. Your words to the customer name @{handle}; read and send them.",
            handle=account.handle,
        ),
    )  # fmt: skip


@act
def decide(request: HttpRequest, offer_id: int) -> HttpResponse:
    """What becomes of an offer: accepted, declined with a reason, or taken back."""
    by, now, chosen = me(request).id, clock.now(), request.POST.get("act", "")
    try:
        if chosen == "accept":
            return _accept(request, offer_id, handing.accept(offer_id=offer_id, by=by, now=now))
        if chosen == "decline":
            why = request.POST.get("why", "")
            handing.decline(offer_id=offer_id, why=why, by=by, now=now)
            return done(request, "/desk/?q=mine", says=say("Declined. It stays where it was."))
        if chosen == "withdraw":
            case_id = handing.withdraw(offer_id=offer_id, by=by, now=now)
            return done(request, f"/case/{case_id}/", says=say("Taken back. You keep it."))
    except CannotHand as error:
        raise Unfit(str(error), status=422) from error
    raise Unfit(say("The desk does not know that decision."), status=422)


@require_GET
@by_agent
def offers(request: HttpRequest) -> HttpResponse:
    """What is offered to the agent who asks."""
    queue = request.GET.get("q", "")
    return show(request, "parts/offers.html", offers=offered_to(me(request).id), queue_name=queue)


def _accept(request: HttpRequest, offer_id: int, case_id: int) -> HttpResponse:
    made = offer_numbered(offer_id)
    tells, text = told_by_policy()
    if tells and made is not None:
        case = case_for(me(request).id, case_id)
        _draft(
            request,
            case_id,
            _filled(text, case, me=me(request).name, name=me(request).name, before=made.by),
        )
    return done(
        request, f"/case/{case_id}/?q=mine", case=case_id,
        says=_yours(case_id, tells=tells),
    )  # fmt: skip


def _yours(case_id: int, *, tells: bool) -> str:
    if tells:
        return say("Case {case} is yours. Your draft tells the customer.", case=case_id)
    return say("Case {case} is yours.", case=case_id)


def told_by_policy() -> tuple[bool, str]:
    """Whether the customer is told who takes over, and in which words."""
    said = current().document.handover
    return said.tell, said.text or TAKE_OVER


def _account(case_id: int, team: int, by: int) -> OurAccount:
    """The account of a department where the customer is; raises Unfit."""
    found = accounts_of_teams(case_for(by, case_id).account.network).get(team)
    if found is None:
        raise Unfit(say("This team has no account on the customer's network."), status=422)
    return found


def _directing(request: HttpRequest, case_id: int, team: int, account: OurAccount) -> str:
    case = case_for(me(request).id, case_id)
    return _filled(DIRECT_TO, case, team=teams().get(team, ""), handle=f"@{account.handle}")


def _filled(text: str, case: CasePage, **words: str) -> str:
    """A text with its names; what it does not know stays as it stands."""
    who = case.customer.who
    words["customer"] = wording.first_name(who.name, who.handle)
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return text


def _draft(request: HttpRequest, case_id: int, text: str) -> str:
    """Put words above what the agent has typed in the customer's last room; gives the room."""
    room = timeline(case_id).last_room
    typed = _drafts(request, case_id).get(room, "")
    if text not in typed:
        text = f"{text}\n\n{typed}".strip()[:LONGEST]
        respond.save_draft(
            case_id=case_id, agent_id=me(request).id, room=room, text=text, now=clock.now()
        )
    return room


def _drafts(request: HttpRequest, case_id: int) -> dict[str, str]:
    return {d.room: d.text for d in drafts_of(case_id, me(request).id)}
