"""Playbooks: reading them, trying them, writing the next version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from sanderling.cases.queries import badges
from sanderling.core import playbook
from sanderling.core.playbook import Playbook
from sanderling.core.policy import Unfit
from sanderling.core.policy.document import LONGEST
from sanderling.core.sameness import worded
from sanderling.core.words import later, say
from sanderling.incidents import playbooks as kept
from sanderling.incidents.playbooks import Kept, NoSuchPlaybook
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_lead, by_script, me, show
from sanderling.web.answers import act, done, number
from sanderling.web.desk import QUEUES
from sanderling.web.policies import Line, difference

NEW = """\
# What to do, by whom and how soon. Lines with # are remarks.

name = ""
title = ""
about = ""

# The step of the gauge that begins it: "choppy" or "storm"; else "by hand".
when = "by hand"

[[steps]]
text = ""
role = "lead"
within = "10m"

[acknowledge]
en = "[Hello|Hi] {name}, [we see it too|this is on our side]. [We are working on it|We are on it]."
"""
"""Where a new playbook begins."""

WHEN = {
    "by hand": later("Begun by hand"),
    "choppy": later("Begun by itself when the sea is choppy"),
    "storm": later("Begun by itself in a storm"),
}
TRIED = (
    {"name": "Jonas", "handle": "@jonas", "agent": "Ada", "account": "@care", "case": "1"},
    {"name": "Inês", "handle": "@ines", "agent": "Ada", "account": "@care", "case": "2"},
    {"name": "Sam", "handle": "@sam", "agent": "Ada", "account": "@care", "case": "3"},
)
"""Customers to whom a playbook's templates are tried."""


class Wordings(NamedTuple):
    """How a template reads to some customers, in one language."""

    language: str
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A playbook on its page: what it says, and its templates tried."""

    book: Playbook
    when: str
    acknowledge: list[Wordings]
    close: list[Wordings]


def shown(book: Playbook) -> Shown:
    """A playbook as pages show it."""
    return Shown(book, say(WHEN[book.when]), _tried(book.acknowledge), _tried(book.close))


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """Every playbook."""
    return _page(request, "playbooks.html", found=[(one, one.book) for one in kept.playbooks()],
                 when=WHEN)  # fmt: skip


@require_GET
@by_agent
def book(request: HttpRequest, name: str, version: int | None = None) -> HttpResponse:
    """A playbook as it reads, with its versions; the newest, or an older one."""
    one = _or_404(name, version)
    all_ = kept.versions(name)
    older = [v for v in all_ if v.version < one.version]
    found = playbook.check(one.text)
    return _page(
        request, "playbook.html", one=one, versions=all_, newest=kept.newest(name).version,
        shown=shown(found.book) if found.book else None, problems=found.problems,
        changed=list(difference(older[0].text, one.text)) if older else [],
    )  # fmt: skip


@require_GET
@by_agent
def text(request: HttpRequest, name: str = "") -> HttpResponse:
    """The text of a playbook, to be read, tried and changed; or of a new one."""
    one = _or_404(name) if name else Kept(None, "", "", NEW, 0)
    return _editor(request, one.text, one.name, one.version)


@require_POST
@by_agent
def check(request: HttpRequest) -> HttpResponse:
    """What would come of a text; changes nothing."""
    given = _text(request)
    if by_script(request):
        return JsonResponse(_answer(request, given))
    return _editor(request, given, *_before(request))


@require_POST
@by_lead
def write(request: HttpRequest) -> HttpResponse:
    """Keep a text as the next version, if nothing in it is wrong and nobody was faster."""
    given, (name, seen) = _text(request), _before(request)
    try:
        made = kept.write(text=given, name=name, seen=seen, by=me(request).id, now=clock.now())
    except Unfit:
        says = say("This playbook does not fit yet, so nothing was changed. See what is wrong.")
        return _refused(request, given, says, 422)
    except kept.Newer as newer:
        return _refused(request, given, str(newer), 409)
    return done(request, f"/playbooks/{made.name}/", says=say("The playbook is kept."))


@by_lead
def archive(request: HttpRequest, name: str) -> HttpResponse:
    """Put a playbook away."""
    _or_404(name)
    return _archive(request, name)


@act
def _archive(request: HttpRequest, name: str) -> HttpResponse:
    kept.archive(name=name, by=me(request).id, now=clock.now())
    return done(request, "/playbooks/", says=say("The playbook is put away."))


def _tried(templates: Mapping[str, str]) -> list[Wordings]:
    return [Wordings(lang, worded(text, TRIED, 1)) for lang, text in templates.items()]


def _or_404(name: str, version: int | None = None) -> Kept:
    try:
        return kept.newest(name) if version is None else kept.version(name, version)
    except NoSuchPlaybook as error:
        raise Http404(str(error)) from error


def _refused(request: HttpRequest, given: str, says: str, status: int) -> HttpResponse:
    if by_script(request):
        return JsonResponse({**_answer(request, given), "why": [says]}, status=status)
    return _editor(request, given, *_before(request), trouble=says, status=status)


def _answer(request: HttpRequest, given: str) -> dict[str, Any]:
    facts = _checked(given, *_before(request))
    html = render_to_string("parts/playbook_checked.html", {"me": me(request), **facts}, request)
    lines = sorted({problem.line for problem in facts["problems"] if problem.line})
    return {"html": html, "lines": lines, "fits": facts["fits"]}


def _checked(given: str, name: str, seen: int) -> dict[str, Any]:
    found = playbook.check(given)
    return {
        "fits": found.book is not None,
        "problems": found.problems,
        "shown": shown(found.book) if found.book else None,
        "changed": _changed(given, name, seen),
    }


def _changed(given: str, name: str, seen: int) -> list[Line]:
    """What is other than in the version that the author had before them, if there is one."""
    try:
        return list(difference(kept.version(name, seen).text, given))
    except NoSuchPlaybook:
        return []


def _editor(  # a page with all that was typed
    request: HttpRequest, given: str, name: str, seen: int, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    response = _page(
        request, "playbook_text.html", text=given, name=name, seen=seen, trouble=trouble,
        longest=LONGEST, **_checked(given, name, seen),
    )  # fmt: skip
    response.status_code = status
    return response


def _text(request: HttpRequest) -> str:
    """The text of the form, with the ends of lines that everybody but browsers writes."""
    return request.POST.get("text", "")[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n")


def _before(request: HttpRequest) -> tuple[str, int]:
    """The playbook and the version that the author had before them."""
    return request.POST.get("name", "")[:80], number(request.POST.get("seen")) or 0


def _page(request: HttpRequest, template: str, /, **facts: Any) -> HttpResponse:
    now = clock.now()
    return show(
        request, template, now, page="playbooks", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip
