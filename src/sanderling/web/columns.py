"""One column of the Deck: its editor, its query tried before it is saved, its place and width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.core.query import QueryError, parse
from sanderling.core.query.words import EXAMPLES, OPERATORS
from sanderling.core.words import say
from sanderling.listen import columns as listen
from sanderling.listen.columns import WIDTHS
from sanderling.listen.queries import DeckColumn, accounts, columns, left_out
from sanderling.listen.trying import Trial, trial
from sanderling.web import clock, wording
from sanderling.web.agents import by_agent, by_script, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.deck import column_for, deck_for, framed, in_words

AROUND = 40
"""How many characters of a query are shown on each side of an error."""


class Wrong(NamedTuple):
    """An error in a query: what is wrong, and the query around the place."""

    says: str
    before: str
    there: str
    after: str
    at: int
    length: int


class Offer(NamedTuple):
    """Something that completes what is being written, and what it means."""

    word: str
    says: str


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the editor."""

    name: str
    query: str


@require_GET
@by_agent
def new(request: HttpRequest, deck_id: int) -> HttpResponse:
    """The editor of a column that is not there yet."""
    deck_for(request, deck_id)
    return _editor(request, deck_id, None, Written("", ""))


@require_GET
@by_agent
def edit(request: HttpRequest, column_id: int) -> HttpResponse:
    """The editor of a column, and what it leaves out."""
    found = column_for(request, column_id)
    return _editor(request, found.deck, found, Written(found.name, found.query))


@require_GET
@by_agent
def try_out(request: HttpRequest) -> HttpResponse:
    """What a query would catch, or what is wrong with it."""
    return show(request, "parts/query_tried.html", **_tried(request.GET.get("query", "")))


@act
def add(request: HttpRequest) -> HttpResponse:
    """A new column at the end of a deck."""
    deck = number(request.POST.get("deck"))
    if deck:
        deck_for(request, deck)
    with in_words():
        made = listen.add_column(by=me(request).id, now=clock.now(), deck=deck, **_words(request))
    return done(request, _at(deck, made), column=made)


@act
def change(request: HttpRequest, column_id: int) -> HttpResponse:
    """Another name, query or width for a column."""
    found = column_for(request, column_id)
    with in_words():
        listen.change_column(
            column_id=column_id, by=me(request).id, now=clock.now(),
            width=request.POST.get("width", ""), **_words(request),
        )  # fmt: skip
    return done(request, _at(found.deck, column_id), column=column_id)


@act
def resize(request: HttpRequest, column_id: int) -> HttpResponse:
    """Another width for a column."""
    found = column_for(request, column_id)
    with in_words():
        listen.resize_column(
            column_id=column_id, width=request.POST.get("width", ""),
            by=me(request).id, now=clock.now(),
        )  # fmt: skip
    return done(request, _at(found.deck, column_id), column=column_id)


@act
def move(request: HttpRequest, column_id: int) -> HttpResponse:
    """Put a column at another place, counted from 0."""
    found = column_for(request, column_id)
    place = number(request.POST.get("to"), 10_000)
    if place is None:
        raise Unfit(say("Say to which place the column moves."), status=422)
    listen.move_column(column_id=column_id, to=place, by=me(request).id, now=clock.now())
    return done(request, _at(found.deck, column_id), column=column_id)


@act
def remove(request: HttpRequest, column_id: int) -> HttpResponse:
    """Take a column away."""
    column_for(request, column_id)
    listen.remove_column(column_id=column_id, by=me(request).id, now=clock.now())
    return done(request, "/deck/")


def _editor(
    request: HttpRequest, deck: int, found: DeckColumn | None, saved: Written
) -> HttpResponse:
    written = Written(request.GET.get("name", saved.name), request.GET.get("query", saved.query))
    beside = [c.id for c in columns(deck)]
    alone, now = not by_script(request), clock.now()
    return show(
        request, "column.html" if alone else "parts/column_editor.html", now,
        **(framed(request, now) if alone else {}), deck=deck, column=found,
        written=written, widths=WIDTHS,
        place=beside.index(found.id) if found else len(beside), last=len(beside) - 1,
        left_out=left_out(found) if found else [], examples=EXAMPLES,
        offers=list(_offers()), **_tried(written.query),
    )  # fmt: skip


def _tried(query: str) -> dict[str, Wrong | Trial | None]:
    if not query.strip():
        return {"wrong": None, "trial": None}
    try:
        return {"wrong": None, "trial": trial(parse(query), clock.now())}
    except QueryError as error:
        return {"wrong": _wrong(error), "trial": None}


def _wrong(error: QueryError) -> Wrong:
    end = error.at + error.length
    return Wrong(
        error.message,
        error.query[max(0, error.at - AROUND) : error.at],
        error.query[error.at : end][:AROUND],
        error.query[end : end + AROUND],
        error.at,
        error.length,
    )


def _offers() -> Iterator[Offer]:
    """Every operator, and every value that can be known beforehand."""
    ours = accounts()
    known = {
        "account": [(a.handle, say("one of ours")) for a in ours],
        "to": [(a.handle, say("us")) for a in ours],
        "network": [(name, wording.network_name(name)) for name in {a.network for a in ours}],
    }
    for name, says, values in OPERATORS:
        yield Offer(f"{name}:", say(says))
        for value, meaning in (*values, *sorted(known.get(name, []))):
            yield Offer(f"{name}:{value}", say(meaning))


def _words(request: HttpRequest) -> dict[str, Any]:
    return {"name": request.POST.get("name", ""), "query": request.POST.get("query", "")}


def _at(deck: int | None, column: int) -> str:
    return f"/deck/{deck}/#column-{column}" if deck else f"/deck/#column-{column}"
