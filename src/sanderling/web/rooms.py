"""The way of a case between its two rooms, as its page shows it, and what agents do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast, get_args

from django.http import HttpRequest, HttpResponse

from sanderling.cases import actions, rooms
from sanderling.cases.causes import Branch, causes
from sanderling.cases.endings import OUTCOMES
from sanderling.cases.queries import row
from sanderling.core.lives import CASE
from sanderling.core.network import Limits
from sanderling.core.rooms import (
    SETTLED,
    Outcome,
    Step,
    Way,
    invitation,
    steps,
    way,
)
from sanderling.core.timing import NEVER
from sanderling.core.words import many, say
from sanderling.respond import actions as respond
from sanderling.respond.closing import resolve_in_public
from sanderling.respond.waiting import asked_for
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Question, Unfit, act, done, number
from sanderling.wiring import limits_for

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Between:
    """How a case stands between its rooms. `owed_by` is when the public follow-up is due.

    `will_owe`: it is owed if the case is resolved now, by `owe_until`. `invitation` asks the
    customer to write in private; empty where they need not be asked, or cannot be.
    """

    here: Way
    steps: tuple[Step, ...]
    owes: bool
    owed_by: datetime | None
    will_owe: bool
    owe_until: datetime | None
    may_have_missed: bool
    invitation: str

    @property
    def asks(self) -> str:
        """What the resolve dialog asks, so that a page sees whether it asks something else now."""
        return f"{self.will_owe}-{self.may_have_missed}"


@dataclass(frozen=True, slots=True)
class Endings:
    """How a case may be ended: outcomes with their words, and the company's causes."""

    outcomes: tuple[tuple[str, str], ...]
    causes: list[Branch]


def between(case_id: int, limits: Limits, now: datetime) -> Between:
    """How the case stands between its rooms now."""
    found = rooms.rooms_of(case_id)
    facts, owed_by = found.facts, rooms.follow_up_due(case_id)
    will_owe = owed_by is None and rooms.will_owe(found)
    promise = rooms.promised(found, now=now) if will_owe else None
    return Between(
        here=way(facts, now),
        steps=steps(facts, now),
        owes=facts.owes or owed_by is not None,
        owed_by=_day(owed_by),
        will_owe=will_owe,
        owe_until=_day(promise.due_at) if promise else None,
        may_have_missed=facts.may_have_missed,
        invitation=_invitation(found, limits),
    )


def _day(at: datetime | None) -> datetime | None:
    """A time that comes."""
    return None if at == NEVER else at


def _invitation(found: rooms.Rooms, limits: Limits) -> str:
    if not found.facts.public or found.facts.came_at or "none" in (limits.messages, limits.replies):
        return ""
    texts, link = rooms.invitation_texts(), found.link(limits.message_link)
    return invitation(texts, found.lang, handle=found.handle, link=link)


def endings(crossing: Between) -> Endings:
    """How a case may end: "never came" only for who was invited and did not come."""
    missed = crossing.may_have_missed
    offered = [(o, says) for o, says in OUTCOMES.items() if o != "never came" or missed]
    return Endings(tuple(offered), causes())


@act
def resolve(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case has ended: how, why, and what becomes of the public follow-up."""
    outcome, follow = _outcome(request), request.POST.get("follow", "")
    note = " ".join(request.POST.get("note", "").split())[:LONGEST_NOTE]
    cause = number(request.POST.get("cause"))
    said: dict[str, Any] = {
        "case_id": case_id, "by": me(request).id, "now": clock.now(), "cause": cause, "note": note,
    }  # fmt: skip
    try:
        if follow == "now" and outcome in SETTLED:
            return _in_public(request, case_id, {**said, "outcome": outcome})
        if outcome == "no answer" and "dismiss" in CASE.may(row(case_id).standing.state):
            actions.dismiss(**said)
        else:
            why = request.POST.get("why", "")
            said["not_owed"] = rooms.reason(why) if follow == "not" and outcome in SETTLED else ""
            actions.resolve(**said, outcome=outcome)
    except ValueError as error:
        raise Unfit(str(error), status=422) from error
    return done(request, f"/case/{case_id}/", says=say("Resolved."), left=True)


def _in_public(request: HttpRequest, case_id: int, said: dict[str, Any]) -> HttpResponse:
    """Resolve, and let the last word before everyone leave."""
    text = request.POST.get("text_follow", "")
    if not text.strip():
        why = say("Write the public follow-up, or say that it is owed, or why it is not.")
        raise Unfit(why, status=422)
    seen, confirmed = number(request.POST.get("seen")) or 0, request.POST.getlist("confirmed")
    try:
        leaving = resolve_in_public(
            **said, text=text, seen=seen, confirmed=confirmed, limits_for=limits_for
        )
    except respond.News as news:
        raise _asked(request, str(news), seen=news.seen) from news
    except respond.Objections as against:
        if any(one.severity == "stop" for one in against.found):
            raise Unfit(*against.sentences, kept=text, status=422) from against
        rules = [*confirmed, *(one.rule for one in against.found)]
        raise _asked(request, *against.sentences, seen=seen, confirmed=rules) from against
    seconds, held = respond.undo().seconds, asked_for(leaving)
    says = many(
        "Resolved. Public follow-up in {n} second", "Resolved. Public follow-up in {n} seconds",
        seconds,
    )  # fmt: skip
    if held:
        says = say("Resolved. The public follow-up waits for {by_whom}.", by_whom=held.by_whom)
    return done(
        request, f"/case/{case_id}/", outgoing=leaving, room="public", then="follow up",
        seconds=seconds, says=says, held=bool(held), left=True,
    )  # fmt: skip


_ASKED_AGAIN = ("outcome", "cause", "note", "follow", "text_follow")


def _asked(request: HttpRequest, *why: str, seen: int, confirmed: Sequence[str] = ()) -> Unfit:
    """What is asked once before it is done all the same."""
    fields = [(name, request.POST.get(name, "")) for name in _ASKED_AGAIN]
    fields += [("seen", str(seen)), *(("confirmed", rule) for rule in confirmed)]
    ask = Question(request.path, fields, say("Post it all the same"))
    kept = request.POST.get("text_follow", "")
    return Unfit(*why, kept=kept, ask=ask, status=409, seen=seen, confirmed=list(confirmed))


def _outcome(request: HttpRequest) -> Outcome:
    outcome = request.POST.get("outcome", "")
    if outcome not in get_args(Outcome):
        raise Unfit(say("Say how it ended."), status=422)
    return cast(Outcome, outcome)


@act
def owe_nothing(request: HttpRequest, case_id: int) -> HttpResponse:
    """No public follow-up is owed after all, and why."""
    why = request.POST.get("why", "")
    try:
        rooms.owe_nothing(case_id=case_id, why=why, by=me(request).id, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=why[:LONGEST_NOTE], status=422) from error
    return done(request, f"/case/{case_id}/", says=say("No public follow-up is owed."))
