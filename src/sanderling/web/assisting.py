"""Buttons that ask a language model, where one is set up. What it writes is shown, never sent."""

from __future__ import annotations

from typing import cast, get_args

from django.http import HttpRequest, HttpResponse

from sanderling.cases.queries import case_for
from sanderling.core.answering import most
from sanderling.core.impersonal import NAME, blanks
from sanderling.core.machine import LONGEST_TEXT, Task
from sanderling.core.network import NetworkError, Room
from sanderling.core.words import retold, say, speaking
from sanderling.respond.assisting import NothingToAsk, Wish, Written, assist
from sanderling.respond.queries import facing
from sanderling.respond.suggesting import asked
from sanderling.web import wording
from sanderling.web.agents import by_script, me, show
from sanderling.web.answers import Unfit, act
from sanderling.web.languages import language
from sanderling.wiring import limits_for, machine

ENGLISH = "en"
SIGNATURE = 6
"""Characters left free for the agent's signature."""


@act
def ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask the model for a draft, a summary or a translation: a part for the panel, or a page."""
    model = machine()
    if model is None:
        raise Unfit(say("No language model is set up here."), status=404)
    wish = _wish(request, case_id)
    try:
        written = assist(case_id=case_id, wish=wish, machine=model, by=me(request).id)
    except NothingToAsk as error:
        raise Unfit(str(error), status=422) from error
    except NetworkError as error:
        raise Unfit(retold(str(error)), status=502) from error
    return _shown(request, case_id, wish, written)


def _wish(request: HttpRequest, case_id: int) -> Wish:
    task, room = request.POST.get("task", ""), request.POST.get("room", "")
    if task not in get_args(Task) or room not in (*Room,):
        raise Unfit(say("The desk does not know what to ask the model for."), status=422)
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    theirs = asked(case_id).lang
    for_customer = task == "draft" or (task == "translation" and text)
    code = (theirs if for_customer else _reads(request)) or ENGLISH
    limits = facing(case_id, limits_for=limits_for).standing.limits
    longest = max(min(most(Room(room), limits), 1_000) - SIGNATURE, 0)
    return Wish(cast(Task, task), Room(room), _in_english(code), longest, text)


def _in_english(code: str) -> str:
    """A language as the model is told of it: what it is asked is English."""
    with speaking(None):
        return language(code)


def _reads(request: HttpRequest) -> str:
    """The language that the agent's browser asks for first."""
    first = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0]
    return first.split("-")[0].strip().lower() if first.replace("-", "").isalpha() else ENGLISH


def _shown(request: HttpRequest, case_id: int, wish: Wish, written: Written) -> HttpResponse:
    who = case_for(me(request).id, case_id).customer.who
    text = written.text.replace(NAME, wording.first_name(who.name, who.handle))
    template = "parts/assisted.html" if by_script(request) else "assisted.html"
    usable = wish.task == "draft" or bool(wish.text)
    return show(
        request, template, text=text, blanks=blanks(text), by=written.by, room=wish.room.value,
        case_id=case_id, usable=usable, task=wish.task,
    )  # fmt: skip
