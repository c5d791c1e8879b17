"""The policy: reading it, its versions and what they changed, and writing the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from sanderling.cases.queries import badges
from sanderling.core.policy import Checked, Policy, Problem, Tried, Unfit, check, read
from sanderling.core.policy.document import LONGEST
from sanderling.core.policy.editing import CannotWrite
from sanderling.core.policy.examples import tried
from sanderling.core.words import say
from sanderling.policy import actions, queries
from sanderling.policy.queries import Written
from sanderling.web import clock, policy_forms
from sanderling.web.agents import brand, by_agent, by_lead, by_script, me, show
from sanderling.web.answers import done, number
from sanderling.web.desk import QUEUES

MOST_LINES = 1_500
"""Lines of a difference that are shown."""


class Line(NamedTuple):
    """A line of a difference: `sign` is "+", "-", " ", or "@" where lines are left out."""

    sign: str
    text: str


@dataclass(frozen=True)
class Shown:
    """A version on its page; `problems` where this release cannot read it."""

    written: Written
    policy: Policy | None
    problems: list[Problem]
    tried: tuple[Tried, ...]
    changed: list[Line]
    before: int | None


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """The policy that holds."""
    outlived = queries.outlived()
    holds = outlived.holds if outlived else queries.newest()
    return _page(request, "policy.html", outlived=outlived, **_version(holds))


@require_GET
@by_agent
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A version as it was, with what it changed."""
    return _page(request, "policy.html", outlived=None, **_version(number))


@require_GET
@by_agent
def text(request: HttpRequest) -> HttpResponse:
    """The text of the policy, to be read, tried and changed."""
    newest = _written(queries.newest())
    return _editor(request, newest.text, newest.number)


@require_POST
@by_agent
def check_(request: HttpRequest) -> HttpResponse:
    """What would come of a text; changes nothing."""
    return _tell(request, _text(request))


@require_POST
@by_agent
def write(request: HttpRequest) -> HttpResponse:
    """The text with what a form gives; nothing is kept until it is applied."""
    given, part = _text(request), request.POST.get("write", "")
    try:
        return _tell(request, policy_forms.written(given, part, request.POST.dict()), wrote=part)
    except CannotWrite as error:
        return _tell(request, given, trouble=str(error), status=422)


@require_POST
@by_lead
def apply(request: HttpRequest) -> HttpResponse:
    """Put a text in force, if nothing in it is wrong and nobody was faster."""
    given, note = _text(request), request.POST.get("note", "")
    if not note.strip():
        says = say("Say in a few words what changes and why. Whoever comes later will thank you.")
        return _tell(request, given, trouble=says, status=422)
    try:
        applied = actions.apply(
            text=given, by=me(request).id, note=note, now=clock.now(), seen=_seen(request)
        )
    except Unfit:
        says = say("This policy does not fit yet, so nothing was changed. See what is wrong below.")
        return _tell(request, given, trouble=says, status=422)
    except actions.Newer as newer:
        return _tell(request, given, trouble=str(newer), status=409)
    return done(request, "/policy/", says=say("Version {applied} is in force.", applied=applied))


def _tell(
    request: HttpRequest, given: str, *, trouble: str = "", wrote: str = "", status: int = 200
) -> HttpResponse:
    if not by_script(request):
        return _editor(request, given, _seen(request), trouble=trouble, status=status)
    facts = _checked(given, _seen(request))
    answer: dict[str, Any] = {
        "html": _part(request, "parts/policy_checked.html", facts),
        "lines": sorted({problem.line for problem in facts["problems"] if problem.line}),
        "fits": facts["fits"],
    }
    if wrote:
        forms = {"forms": policy_forms.shown(given)}
        answer |= {"text": given, "forms": _part(request, "parts/policy_forms.html", forms)}
    if trouble:
        answer["why"] = [trouble]
    return JsonResponse(answer, status=status)


def _editor(
    request: HttpRequest, given: str, seen: int, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    facts = _checked(given, seen) | {
        "text": given,
        "seen": seen,
        "forms": policy_forms.shown(given),
        "trouble": trouble,
        "note": request.POST.get("note", "")[: actions.LONGEST_NOTE],
        "longest": LONGEST,
    }
    response = _page(request, "policy_text.html", **facts)
    response.status_code = status
    return response


def _checked(given: str, seen: int) -> dict[str, Any]:
    found: Checked = check(given)
    before = queries.written(seen)
    return {
        "fits": found.policy is not None,
        "problems": found.problems,
        "tried": found.tried,
        "changed": list(difference(before.text if before else "", given)),
    }


def _version(number: int) -> dict[str, Any]:
    written, all_ = _written(number), queries.versions()
    older = [one.number for one in all_ if one.number < number]
    before = _written(older[0]) if older else None
    try:
        policy, problems = read(written.text, number), []
    except Unfit as unfit:
        policy, problems = None, unfit.problems
    shown = Shown(
        written=written,
        policy=policy,
        problems=problems,
        tried=tried(policy) if policy else (),
        changed=list(difference(before.text, written.text)) if before else [],
        before=before.number if before else None,
    )
    return {"v": shown, "versions": all_, "newest": all_[0].number if all_ else 0}


def _written(number: int) -> Written:
    found = queries.written(number)
    if found is None:
        raise Http404(say("There is no such version of the policy."))
    return found


def difference(before: str, after: str) -> Iterator[Line]:
    """What one text has that the other has not, line by line, with two lines around each change."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    for n, line in enumerate(lines):
        if n < 2:  # names of files, of which there are none
            continue
        if n > MOST_LINES:
            yield Line("@", "")
            return
        yield Line(line[0], "" if line[0] == "@" else line[1:])


def _text(request: HttpRequest) -> str:
    """The text of the form, with the ends of lines that everybody but browsers writes."""
    return request.POST.get("text", "")[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n")


def _seen(request: HttpRequest) -> int:
    seen = number(request.POST.get("seen"))
    return queries.newest() if seen is None else seen


def _part(request: HttpRequest, template: str, facts: dict[str, Any]) -> str:
    return render_to_string(template, {"me": me(request), **facts}, request)


def _page(request: HttpRequest, template: str, /, **facts: Any) -> HttpResponse:
    now = clock.now()
    return show(
        request, template, now, page="policy", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip
