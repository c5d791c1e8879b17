"""How an act is answered: a line of JSON to our script, a redirect to a plain form.

What an agent cannot do is a sentence, never a traceback; what they typed is never lost.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import override
from django.views.decorators.http import require_POST

from sanderling.cases import actions as cases
from sanderling.cases import asking, belonging, linking, promising
from sanderling.cases.queries import NoSuchCase
from sanderling.core.lifecycle import Impossible
from sanderling.core.query import QueryError
from sanderling.core.words import language, say
from sanderling.incidents.actions import WrongIncident
from sanderling.incidents.leading import CannotLead
from sanderling.incidents.playbooks import NoSuchPlaybook
from sanderling.incidents.queries import NoSuchIncident
from sanderling.incidents.steps import CannotStep
from sanderling.incidents.timeline import CannotWrite
from sanderling.respond import actions as respond
from sanderling.respond.belonging import NoAnswer
from sanderling.store.moves import Overtaken
from sanderling.web import clock
from sanderling.web.agents import P, View, by_agent, by_script, preferences

PLACES = (
    *("approvals", "deck", "drills", "handover", "incidents", "judgement", "networks"),
    *("people", "playbooks", "policy", "search", "settings", "templates", "views"),
)
"""Pages to which a refused form leads back."""


class Question(NamedTuple):
    """What the desk asks before it does something: `yes` is the word on the button."""

    action: str
    fields: Sequence[tuple[str, str]]
    yes: str


class Unfit(Exception):
    """The act cannot be done as it stands: `why`, what the agent typed, and perhaps a question.

    `facts` are for the script, `look` for a page that shows `parts/stopped.html`.
    """

    def __init__(
        self,
        *why: str,
        kept: str = "",
        ask: Question | None = None,
        status: int = 409,
        look: Mapping[str, Any] = MappingProxyType({}),
        **facts: Any,
    ) -> None:
        super().__init__(" ".join(why))
        self.why, self.kept, self.ask, self.status = why, kept, ask, status
        self.look, self.facts = look, facts


OVERTAKEN = (
    CannotLead,
    CannotStep,
    CannotWrite,
    NoSuchPlaybook,
    cases.AlreadyTaken,
    cases.NoSuchPost,
    Impossible,
    Overtaken,
    WrongIncident,
    asking.NotAsked,
    belonging.NotPart,
    linking.NotLinked,
    promising.Settled,
    respond.TooLate,
    respond.NoSuchPost,
    NoAnswer,
)
"""What may happen to any act because somebody else was faster; fit to be read by people."""


def act(view: View[P]) -> View[P]:
    """An act of a signed-in agent: POST only, and every refusal in words."""

    @functools.wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Unfit as unfit:
            return _refused(request, unfit)
        except QueryError as error:
            return _refused(
                request, Unfit(error.message, kept=error.query, at=error.at, length=error.length)
            )
        except (NoSuchCase, NoSuchIncident) as error:
            return _refused(request, Unfit(str(error), status=404))
        except OVERTAKEN as error:
            return _refused(request, Unfit(str(error)))

    return by_agent(require_POST(answered))


def done(request: HttpRequest, to: str, **facts: Any) -> HttpResponse:
    """The act is done: `facts` for the script, or the page at `to`."""
    if by_script(request):
        return JsonResponse({"to": to, **facts})
    response = redirect(to)
    response.status_code = 303
    return response


def django_says(error: ValidationError) -> list[str]:
    """What Django says against a form, in the language of who reads it; it has its own words."""
    with override(language()):
        return [str(message) for message in error.messages]


def number(text: str | None, most: int = 2**62) -> int | None:
    """A number that came with a request, or None if it is none."""
    if text and text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= most:
        return int(text)
    return None


def _refused(request: HttpRequest, unfit: Unfit) -> HttpResponse:
    if by_script(request):
        answer = {"why": unfit.why, "ask": unfit.ask.yes if unfit.ask else "", **unfit.facts}
        return JsonResponse(answer, status=unfit.status)
    facts = {
        "prefs": preferences(request), "status": unfit.status, "why": unfit.why, "ask": unfit.ask,
        "what": say("One question first") if unfit.ask else say("That did not work"),
        "kept": unfit.kept,
        "back": _back(request), "back_words": say("Back"), "look": unfit.look,
        "now": clock.now(), "zone": preferences(request).zone,
    }  # fmt: skip
    return render(request, "trouble.html", facts, status=unfit.status)


def _back(request: HttpRequest) -> str:
    place, _, rest = request.path.strip("/").partition("/")
    if place == "case":
        return f"/case/{number(rest.partition('/')[0]) or ''}/"
    if place == "judgement" and rest.startswith("posts/"):
        return f"/judgement/{'/'.join(rest.split('/')[:2])}/"
    if place == "incidents":
        return f"/incidents/{rest.partition('/')[0]}/".replace("//", "/")
    if place == "lists":
        return f"/lists/{rest.partition('/')[0]}/"
    return f"/{place}/" if place in PLACES else "/desk/"
