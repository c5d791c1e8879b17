"""Waiting on somebody else: asking a colleague, answering one, waiting on a third party."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from sanderling.cases import asking
from sanderling.core.words import later, say
from sanderling.policy.queries import current
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done, number

WAITS = (
    (120, later("2 hours")), (480, later("8 hours")), (1440, later("a day")),
    (4320, later("3 days")), (10_080, later("a week")), (43_200, later("30 days")),
)  # fmt: skip
"""For how long a third party may be waited for: minutes, and in words."""


@act
def ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask a colleague about the case, which waits on them."""
    to, question = number(request.POST.get("to")), request.POST.get("question", "")
    if to is None:
        raise Unfit(say("Say whom you ask."), kept=question, status=422)
    try:
        asking.ask(
            case_id=case_id, to=to, question=question, remind=current().document.asks.remind,
            by=me(request).id, now=clock.now(),
        )  # fmt: skip
    except ValueError as error:
        raise Unfit(str(error), kept=question, status=422) from error
    return done(request, f"/case/{case_id}/", says=say("Asked. The case waits for the answer."))


@act
def answer(request: HttpRequest, ask_id: int) -> HttpResponse:
    """Answer a question: a note in its case."""
    text = request.POST.get("answer", "")
    try:
        case_id = asking.answer(ask_id=ask_id, text=text, by=me(request).id, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    return done(request, _back(request, case_id), says=say("Answered. The case is awake again."))


@act
def withdraw(request: HttpRequest, ask_id: int) -> HttpResponse:
    """A question needs no answer any more."""
    case_id = asking.withdraw(ask_id=ask_id, by=me(request).id, now=clock.now())
    return done(request, _back(request, case_id), says=say("The question is withdrawn."))


@act
def wait(request: HttpRequest, case_id: int) -> HttpResponse:
    """Somebody outside the desk must move; the case rests for so many minutes at most."""
    minutes, now = number(request.POST.get("minutes"), WAITS[-1][0]), clock.now()
    whom = request.POST.get("whom", "")
    if not minutes:
        raise Unfit(say("Say for how long: up to thirty days."), kept=whom, status=422)
    try:
        asking.wait_on_third_party(
            case_id=case_id, whom=whom, until=now + timedelta(minutes=minutes), by=me(request).id,
            now=now,
        )  # fmt: skip
    except ValueError as error:
        raise Unfit(str(error), kept=whom, status=422) from error
    return done(
        request, f"/case/{case_id}/", says=say("The case waits on {whom}.", whom=whom.strip())
    )


def _back(request: HttpRequest, case_id: int) -> str:
    """Where the form stood: in the list of questions, or at the case."""
    return "/lists/asked/" if request.POST.get("from") == "list" else f"/case/{case_id}/"
