"""What waits for an agent: mentions, questions to them, promises due, and cases that rest because
somebody else must move. One page, four lists; each is walked by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import attention
from sanderling.cases.queries import Key, badges, key_from, key_text
from sanderling.core.words import later
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.desk import QUEUES


class Tab(NamedTuple):
    """A list: its address, title and icon, what it says when it is empty, and its rows."""

    path: str
    title: str
    icon: str
    about: str
    nothing: tuple[str, str]
    rows: Callable[[int, Key | None], attention.Page[Any]]


TABS = {
    "mentions": Tab(
        "/mentions/", later("Mentions"), "at-sign",
        later("Notes that name you. Opening the case clears them."),
        (
            later("Nobody waits for your word"),
            later("Notes in which a colleague writes @ and your name appear here."),
        ),
        attention.mentions,
    ),
    "asked": Tab(
        "/lists/asked/", later("Asked of you"), "circle-question-mark",
        later("Questions of colleagues. Their cases wait until you answer."),
        (
            later("No questions"),
            later("What colleagues ask you about a case appears here."),
        ),
        attention.asked,
    ),
    "promises": Tab(
        "/lists/promises/", later("Promises due"), "calendar-clock",
        later("What we told customers we would do, whoever said it."),
        (
            later("Nothing promised"),
            later("What you confirm as a promise when you send it stands here until it is kept."),
        ),
        lambda _, after: attention.promises(after),
    ),
    "others": Tab(
        "/lists/others/", later("Waiting on others"), "hourglass",
        later("Cases that rest until a colleague or somebody outside the desk has moved."),
        (
            later("Nobody is waited for"),
            later("Cases that wait on a colleague or a third party appear here."),
        ),
        lambda _, after: attention.others(after),
    ),
}  # fmt: skip


@require_GET
@by_agent
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the lists; a script fetches the same page again when something changed."""
    now, agent, tab = clock.now(), me(request), TABS[name]
    found = tab.rows(agent.id, key_from(request.GET.get("after", "")))
    return show(
        request, "waiting.html", now, page="waiting", brand=brand(), name=name, tab=tab, tabs=TABS,
        rows=found.rows, more=key_text(found.after) if found.after else "",
        counts=attention.counts(agent.id), queue_list=QUEUES, queue_name="",
        badges=badges(agent.id, now),
    )  # fmt: skip


@require_GET
@by_agent
def for_you(request: HttpRequest) -> HttpResponse:
    """The link to these lists, with the number of what waits for this agent."""
    return show(request, "parts/foryou.html", page=request.GET.get("page", ""))
