"""The tree of causes, as team leads shape it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import causes as tree
from sanderling.cases.queries import badges
from sanderling.core.words import say
from sanderling.web import clock
from sanderling.web.agents import brand, by_lead, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES


@require_GET
@by_lead
def causes(request: HttpRequest) -> HttpResponse:
    """Why customers had to write, as the company sees it."""
    now = clock.now()
    found = tree.causes(archived=True)
    return show(
        request, "causes.html", now, page="lists", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now),
        causes=[c for c in found if not c.archived], away=_away(found),
    )  # fmt: skip


def _away(found: list[tree.Branch]) -> list[tree.Branch]:
    """What was put away, those under something first put away with it."""
    return [c for c in found if c.archived] + [
        b for c in found if not c.archived for b in c.under if b.archived
    ]


@act
@by_lead
def add(request: HttpRequest) -> HttpResponse:
    """A new cause, at the top or under another."""
    name = request.POST.get("name", "")
    try:
        tree.add_cause(
            name=name, parent=number(request.POST.get("parent")), by=me(request).id,
            now=clock.now(),
        )  # fmt: skip
    except tree.WrongCause as error:
        raise Unfit(str(error), kept=name[:200], status=422) from error
    return done(request, "/causes/", says=say("The cause is added."))


@act
@by_lead
def change(request: HttpRequest, cause_id: int) -> HttpResponse:
    """Another name; or put away, or brought back."""
    how, name = request.POST.get("how", "rename"), request.POST.get("name", "")
    by, now = me(request).id, clock.now()
    try:
        if how == "put away":
            tree.put_away(cause_id=cause_id, by=by, now=now)
        elif how == "bring back":
            tree.bring_back(cause_id=cause_id, by=by, now=now)
        else:
            tree.rename_cause(cause_id=cause_id, name=name, by=by, now=now)
    except tree.WrongCause as error:
        raise Unfit(str(error), kept=name[:200], status=422) from error
    return done(request, "/causes/", says=say("The causes are changed."))
