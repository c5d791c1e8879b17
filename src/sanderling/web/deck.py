"""The Deck: live columns, each following one saved query; and the decks themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import ColumnPost, badges, column_posts
from sanderling.core.query import QueryError
from sanderling.core.words import say
from sanderling.listen import decks
from sanderling.listen.decks import DeckRow
from sanderling.listen.queries import DeckColumn, Volume, column, column_costs, columns, volumes
from sanderling.people.queries import teams, works_in
from sanderling.respond.liking import can_like
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.costs import cost
from sanderling.web.desk import QUEUES
from sanderling.web.pulse import pulse
from sanderling.wiring import network_for

POSTS = 20
MOST_POSTS = 120
LAST_DECK = "deck"
"""The cookie that remembers which deck one looked at."""
YEAR_S = 365 * 24 * 3600


@require_GET
@by_agent
def deck(request: HttpRequest, deck_id: int | None = None) -> HttpResponse:
    """Every column of a deck with its newest posts; by default of the one last looked at."""
    now = clock.now()
    seen = decks.decks_for(me(request).id)
    shown = _chosen(seen, deck_id, number(request.COOKIES.get(LAST_DECK)))
    ours = columns(shown.id) if shown else []
    caught = volumes([c.id for c in ours], now)
    found = _filled(ours, caught, now)
    answer = show(
        request, "deck.html", now, **framed(request, now), columns=found, deck=shown, decks=seen,
        keeps=shown is not None and _keeps(request, shown), teams=_teams(request),
        per_minute=sum(v.per_minute for v in caught.values()),
        likes=_likes(posts for _, posts, _, _ in found),
    )  # fmt: skip
    if shown:
        answer.set_cookie(LAST_DECK, str(shown.id), max_age=YEAR_S, samesite="Lax")
    return answer


@require_GET
@by_agent
def posts(request: HttpRequest, column_id: int) -> HttpResponse:
    """One column again, or the posts below `before`."""
    found, now = column_for(request, column_id), clock.now()
    size = min(MOST_POSTS, number(request.GET.get("n")) or POSTS)
    caught = column_posts(column_id, number(request.GET.get("before")), size)
    return show(
        request, "parts/column.html", now, column=found, posts=caught,
        pulse=pulse(volumes([column_id], now).get(column_id)),
        cost=cost(column_costs(now).get(column_id, {})), likes=_likes([caught]),
    )  # fmt: skip


@act
def add_deck(request: HttpRequest) -> HttpResponse:
    """A new deck, empty."""
    with in_words():
        made = decks.add_deck(by=me(request).id, now=clock.now(), **_words(request))
    return done(request, f"/deck/{made}/", deck=made)


@act
def change_deck(request: HttpRequest, deck_id: int) -> HttpResponse:
    """Another name for a deck, or others to share it with."""
    _kept(request, deck_id)
    with in_words():
        decks.change_deck(deck_id=deck_id, by=me(request).id, now=clock.now(), **_words(request))
    return done(request, f"/deck/{deck_id}/", deck=deck_id)


@act
def remove_deck(request: HttpRequest, deck_id: int) -> HttpResponse:
    """Take a deck away, with its columns."""
    _kept(request, deck_id)
    decks.remove_deck(deck_id=deck_id, by=me(request).id, now=clock.now())
    return done(request, "/deck/")


def framed(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What the frame around a page of the Deck needs."""
    return {
        "page": "deck", "brand": brand(), "queue_name": "", "queue_list": QUEUES,
        "badges": badges(me(request).id, now),
    }  # fmt: skip


def column_for(request: HttpRequest, column_id: int) -> DeckColumn:
    """A column in a deck that the agent sees; raises Http404."""
    found = column(column_id)
    if found is None or decks.deck_for(me(request).id, found.deck) is None:
        raise Http404(say("This column was taken away."))
    return found


def deck_for(request: HttpRequest, deck_id: int) -> DeckRow:
    """A deck that the agent sees; raises Http404."""
    found = decks.deck_for(me(request).id, deck_id)
    if found is None:
        raise Http404(say("This deck was taken away, or is not shared with you any more."))
    return found


@contextmanager
def in_words() -> Iterator[None]:
    """A wrong name is said like a wrong query, which `act` knows how to say."""
    try:
        yield
    except QueryError:
        raise
    except ValueError as error:
        raise Unfit(str(error), status=422) from error


def _chosen(seen: Sequence[DeckRow], wanted: int | None, last: int | None) -> DeckRow | None:
    if wanted is not None:
        found = next((d for d in seen if d.id == wanted), None)
        if found is None:
            raise Http404(say("This deck was taken away, or is not shared with you any more."))
        return found
    return next((d for d in seen if d.id == last), seen[0] if seen else None)


def _filled(
    ours: Sequence[DeckColumn], caught: Mapping[int, Volume], now: datetime
) -> list[tuple[Any, ...]]:
    """Each column with its newest posts, its pulse and its cost."""
    costs = column_costs(now)
    return [
        (
            c,
            column_posts(c.id, limit=POSTS),
            pulse(caught.get(c.id)),
            cost(costs.get(c.id, {})),
        )
        for c in ours
    ]


def _likes(found: Any) -> frozenset[int]:
    """Which of our accounts can like posts, of those whose matter the posts are."""
    caught: list[ColumnPost] = [p for posts in found for p in posts]
    return frozenset(a for a in {p.account for p in caught} if can_like(network_for(a)))


def _teams(request: HttpRequest) -> dict[int, str]:
    """The teams with which the agent may share a deck."""
    return {pk: name for pk, name in teams().items() if works_in(me(request).id, pk)}


def _keeps(request: HttpRequest, found: DeckRow) -> bool:
    return decks.may_keep(found, me(request).id, is_lead=me(request).is_lead)


def _kept(request: HttpRequest, deck_id: int) -> None:
    if not _keeps(request, deck_for(request, deck_id)):
        raise Unfit(
            say("Only who made a deck, or a lead, changes it. Make one of your own."), status=403
        )


def _words(request: HttpRequest) -> dict[str, Any]:
    shared, _, team = request.POST.get("shared", "").partition("-")
    return {
        "name": request.POST.get("name", ""),
        "shared": cast(decks.Shared, shared),
        "team": number(team),
    }
