"""How an act is answered: a line of JSON to our script, a redirect to a plain form.

What an agent cannot do is a sentence, never a traceback; what they typed is never lost.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sanderling.cases import actions as cases
from sanderling.cases.queries import NoSuchCase
from sanderling.core.lifecycle import Impossible
from sanderling.core.query import QueryError
from sanderling.respond import actions as respond
from sanderling.store.moves import Overtaken
from sanderling.web.agents import P, View, by_agent, by_script, preferences


class Question(NamedTuple):
    """What the desk asks before it does something: `yes` is the word on the button."""

    action: str
    fields: Sequence[tuple[str, str]]
    yes: str


class Unfit(Exception):
    """The act cannot be done as it stands: `why`, what the agent typed, and perhaps a question."""

    def __init__(
        self,
        *why: str,
        kept: str = "",
        ask: Question | None = None,
        status: int = 409,
        **facts: Any,
    ) -> None:
        super().__init__(" ".join(why))
        self.why, self.kept, self.ask, self.status, self.facts = why, kept, ask, status, facts


OVERTAKEN = (
    cases.AlreadyTaken,
    cases.NoSuchPost,
    Impossible,
    Overtaken,
    respond.TooLate,
    respond.NoSuchPost,
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
        except NoSuchCase as error:
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
        "what": "One question first" if unfit.ask else "That did not work", "kept": unfit.kept,
        "back": _back(request), "back_words": "Back",
    }  # fmt: skip
    return render(request, "trouble.html", facts, status=unfit.status)


def _back(request: HttpRequest) -> str:
    place, _, rest = request.path.strip("/").partition("/")
    if place == "case":
        return f"/case/{number(rest.partition('/')[0]) or ''}/"
    if place == "judgement" and rest.startswith("posts/"):
        return f"/judgement/{'/'.join(rest.split('/')[:2])}/"
    return f"/{place}/" if place in ("deck", "networks", "judgement") else "/desk/"
