"""The Deck: live columns, each following one saved query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.actions import open_for
from sanderling.cases.queries import badges, column_posts
from sanderling.core.query import QueryError
from sanderling.listen import columns as listen
from sanderling.listen.queries import MOST_COUNTED, Volume, column, column_costs, columns, volumes
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.costs import cost
from sanderling.web.desk import QUEUES

POSTS = 30
MOST_POSTS = 120
HOT = 10.0
"""Posts a minute from which a column counts as hot..."""
HOTTER = 3.0
"""...if that is so many times what it was in the two hours before."""


@require_GET
@by_agent
def deck(request: HttpRequest) -> HttpResponse:
    """Every column with its newest posts."""
    now = clock.now()
    pulse, costs = volumes(now), column_costs(now)
    shown = [
        (
            col,
            column_posts(col.id, limit=POSTS),
            _pulse(pulse.get(col.id)),
            cost(costs.get(col.id, {})),
        )
        for col in columns()
    ]
    return show(
        request, "deck.html", now, page="deck", brand=brand(), columns=shown, queue_name="",
        per_minute=sum(v.per_minute for v in pulse.values()), queue_list=QUEUES,
        badges=badges(me(request).id, now),
    )  # fmt: skip


@require_GET
@by_agent
def posts(request: HttpRequest, column_id: int) -> HttpResponse:
    """One column again, or the posts below `before`."""
    found = column(column_id)
    if found is None:
        raise Http404("This column was taken away.")
    now = clock.now()
    size = min(MOST_POSTS, number(request.GET.get("n")) or POSTS)
    caught = column_posts(column_id, number(request.GET.get("before")), size)
    return show(
        request, "parts/column.html", now, column=found, posts=caught,
        pulse=_pulse(volumes(now).get(column_id)), cost=cost(column_costs(now).get(column_id, {})),
    )  # fmt: skip


@act
def make_case(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post that triage let rest becomes a case, and ours."""
    case_id = open_for(post_id=post_id, by=me(request).id, now=clock.now())
    return done(request, f"/case/{case_id}/", case=case_id, says=f"Case {case_id} is yours.")


@act
def add(request: HttpRequest) -> HttpResponse:
    """A new column at the end of the deck."""
    with _in_words():
        made = listen.add_column(by=me(request).id, **_words(request))
    return done(request, f"/deck/#column-{made}", column=made)


@act
def change(request: HttpRequest, column_id: int) -> HttpResponse:
    """Another name or another query for a column."""
    with _in_words():
        listen.change_column(column_id=column_id, **_words(request))
    return done(request, f"/deck/#column-{column_id}", column=column_id)


@act
def move(request: HttpRequest, column_id: int) -> HttpResponse:
    """Put a column at another place, counted from 0."""
    place = number(request.POST.get("to"), 10_000)
    if place is None:
        raise Unfit("Say to which place the column moves.", status=422)
    listen.move_column(column_id=column_id, to=place)
    return done(request, f"/deck/#column-{column_id}")


@act
def remove(request: HttpRequest, column_id: int) -> HttpResponse:
    """Take a column away."""
    listen.remove_column(column_id=column_id)
    return done(request, "/deck/")


@contextmanager
def _in_words() -> Iterator[None]:
    """A wrong name is said like a wrong query, which `act` knows how to say."""
    try:
        yield
    except QueryError:
        raise
    except ValueError as error:
        raise Unfit(str(error), status=422) from error


def _words(request: HttpRequest) -> dict[str, str]:
    return {"name": request.POST.get("name", ""), "query": request.POST.get("query", "")}


def _pulse(volume: Volume | None) -> dict[str, Any]:
    """The volume of a column as bars (per cent of the highest), and in words."""
    steps = volume.steps if volume else (0,) * 24
    rate = volume.per_minute if volume else 0.0
    usual = sum(steps[:-2]) / 110
    high = max(steps) or 1
    hour = sum(steps[-12:])
    return {
        "bars": [max(4, round(100 * n / high)) if n else 4 for n in steps],
        "rate": f"{rate:.0f} / min" if rate >= 1 else f"{hour} / hour",
        "usual": _compared(rate, usual),
        "says": f"Posts over two hours: {sum(steps)}, of which {hour} in the last one",
        "hot": rate >= HOT and rate >= HOTTER * usual and sum(steps) < MOST_COUNTED,
    }


def _compared(rate: float, usual: float) -> str:
    if not rate:
        return "quiet now"
    if not usual:
        return "new in two hours"
    times = rate / usual
    if times >= 2:
        return f"{times:.0f} times before" if times < 100 else "over 99 times before"
    return "as before"
