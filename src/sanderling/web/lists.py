"""Work lists: what would be forgotten in the queues, in one place, longest first."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.lists import MOST_COUNTED, counts, worklist
from sanderling.cases.queries import badges, key_from, key_text
from sanderling.core.words import later, say
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.desk import QUEUES


class Tab(NamedTuple):
    """A list: its name in the address, its title, what stands in it, what its time says, and the
    words for when it is empty."""

    name: str
    title: str
    what: str
    since: str
    empty: str
    why: str


TABS = (
    Tab(
        "owed",
        later("Owed a public follow-up"),
        later(
            "They complained before everyone, and it was solved in private. Tell those who read it."
        ),
        later("owed for"),
        later("Nothing is owed in public"),
        later("Every public complaint that was solved in private was told in public too."),
    ),
    Tab(
        "invited",
        later("Invited but never came"),
        later(
            "We asked them to write in private, and they did not. Ask once more, or end it"
            " honestly."
        ),
        later("invited"),
        later("Everybody came"),
        later("Whoever was invited to messages wrote to us, or was invited a moment ago."),
    ),
    Tab(
        "silent",
        later("Silent for a day"),
        later("They have waited for an answer for more than 24 hours, whatever else happened."),
        later("waits for"),
        later("Nobody waits that long"),
        later("Every customer was answered within a day."),
    ),
)


@require_GET
@by_agent
def lists(request: HttpRequest, name: str = "owed") -> HttpResponse:
    """One of the lists, and how much stands in all of them."""
    tab = next((t for t in TABS if t.name == name), None)
    if tab is None:
        raise Http404(say("There is no such list."))
    now = clock.now()
    found = worklist(name, now=now, after=key_from(request.GET.get("after", "")))
    return show(
        request, "lists.html", now, page="lists", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), tabs=TABS, tab=tab, counts=counts(now),
        most=MOST_COUNTED, items=found.items, more=key_text(found.after) if found.after else "",
        later=bool(key_from(request.GET.get("after", ""))),
    )  # fmt: skip
