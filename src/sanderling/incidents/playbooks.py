"""Playbooks: their versions, which are only ever added to, and those that ship.

What ships is version 0 and known from the first start. A version that people wrote goes before it;
one that the desk only kept because it was begun does not, so that a later release may better it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files

from django.db import transaction

from sanderling.core import playbook
from sanderling.core.playbook import Playbook as Book
from sanderling.core.policy import Unfit
from sanderling.core.words import say
from sanderling.incidents.models import Incident, Playbook
from sanderling.store import moves
from sanderling.store.sql import run_text


class NoSuchPlaybook(Exception):
    """There is no playbook of this name, or no such version of it."""


class Newer(Exception):
    """Somebody else wrote a version since this one was begun, or the name is taken."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A version of a playbook as it was written. `id` is None and `version` 0 where it ships; `by`
    is None for what the desk kept by itself. An archived one is offered no more."""

    id: int | None
    name: str
    title: str
    text: str
    version: int
    by: str | None = None
    at: datetime | None = None
    archived: bool = False

    @property
    def book(self) -> Book | None:
        """What it says; None where this release cannot read it any more."""
        try:
            return _read(self.text)
        except Unfit:
            return None


def playbooks() -> list[Kept]:
    """The newest version of every playbook, by title; those put away last."""
    rows = Playbook.objects.order_by("name", "-version").distinct("name")
    kept = {row.name: _kept(row) for row in rows.select_related("by")}
    names = kept.keys() | _shipped().keys()
    return sorted(
        (_newest(kept.get(name), name) for name in names),
        key=lambda one: (one.archived, one.title.casefold(), one.name),
    )


def newest(name: str) -> Kept:
    """The version of a playbook that counts. Raises NoSuchPlaybook."""
    row = Playbook.objects.select_related("by").filter(name=name).order_by("-version").first()
    if row is None and name not in _shipped():
        raise NoSuchPlaybook(say("There is no playbook of this name."))
    return _newest(_kept(row) if row else None, name)


def versions(name: str) -> list[Kept]:
    """Every version of a playbook, the newest first. Raises NoSuchPlaybook."""
    rows = Playbook.objects.select_related("by").filter(name=name).order_by("-version")
    found = [_kept(row) for row in rows]
    if name in _shipped():
        found.append(_shipped()[name])
    if not found:
        raise NoSuchPlaybook(say("There is no playbook of this name."))
    return found


def version(name: str, number: int) -> Kept:
    """One version of a playbook. Raises NoSuchPlaybook."""
    for one in versions(name):
        if one.version == number:
            return one
    raise NoSuchPlaybook(say("There is no such version of this playbook."))


def of(incident_id: int) -> Kept | None:
    """The playbook that was begun in an incident, as it was then; None for none."""
    row = Incident.objects.select_related("playbook").filter(pk=incident_id).first()
    return _kept(row.playbook) if row and row.playbook else None


@transaction.atomic
def write(*, text: str, name: str = "", seen: int = 0, by: int, now: datetime) -> Kept:
    """Keep a text as the next version. `name` and `seen` are the playbook and the version that its
    author had before them; a text that calls itself otherwise is a new playbook.

    What stands there already, word for word, is not written twice, but one put away comes back.
    Raises Unfit with everything that is wrong, and Newer where somebody was faster.
    """
    book = playbook.read(text)
    _one_at_a_time()
    last = _last(book.name)
    if last and book.name != name:
        raise Newer(
            say("There is a playbook “{name}” already. Choose another name.", name=book.name)
        )
    if last and last.version != seen:
        raise Newer(
            say(
                "“{name}” was changed while you were writing. Look at it and write again.",
                name=book.name,
            )
        )
    if last and last.text == text and not last.archived:
        return last
    return _add(book.name, book.title, text, last, by=by, now=now)


@transaction.atomic
def archive(*, name: str, by: int, now: datetime) -> None:
    """Put a playbook away: it is offered and begun no more, and every version stays. Writing it
    again brings it back. Raises NoSuchPlaybook."""
    _one_at_a_time()
    last = newest(name)
    if not last.archived:
        _add(name, last.title, last.text, last, by=by, now=now, archived_at=now)


def adopted(name: str, *, now: datetime) -> Kept:
    """The newest version as a row, so that an incident can name it. Call inside a transaction.

    Raises NoSuchPlaybook.
    """
    _one_at_a_time()
    last = newest(name)
    if last.id is not None:
        return last
    return _add(name, last.title, last.text, _last_row(name), by=None, now=now)


def _add(  # noqa: PLR0913  a row, with what it follows
    name: str, title: str, text: str, last: Kept | None, *, by: int | None, now: datetime,
    archived_at: datetime | None = None,
) -> Kept:  # fmt: skip
    number = max((last.version if last else 0), _highest(name)) + 1
    row = Playbook.objects.create(
        name=name, title=title, text=text, version=number, by_id=by, at=now,
        archived_at=archived_at,
    )  # fmt: skip
    move = "put away" if archived_at else "change" if last else "make"
    moves.remember("playbook", row.pk, move, by=by, now=now, note=title)
    return _kept(row)


def _last(name: str) -> Kept | None:
    try:
        return newest(name)
    except NoSuchPlaybook:
        return None


def _last_row(name: str) -> Kept | None:
    row = Playbook.objects.select_related("by").filter(name=name).order_by("-version").first()
    return _kept(row) if row else None


def _highest(name: str) -> int:
    last = _last_row(name)
    return last.version if last else 0


def _newest(row: Kept | None, name: str) -> Kept:
    shipped = _shipped().get(name)
    if row is None or (shipped and row.by is None and row.text != shipped.text):
        assert shipped is not None  # a name comes from one of both
        return shipped
    return row


def _kept(row: Playbook) -> Kept:
    by = row.by.name if row.by else None
    return Kept(
        row.pk, row.name, row.title, row.text, row.version, by, row.at, row.archived_at is not None
    )


@cache
def _shipped() -> dict[str, Kept]:
    """What comes with Sanderling, by name."""
    folder = files("sanderling.incidents").joinpath("shipped")
    texts = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".toml")]
    books = [(playbook.read(text), text) for text in texts]
    return {book.name: Kept(None, book.name, book.title, text, 0) for book, text in books}


_read = lru_cache(maxsize=256)(playbook.read)


def _one_at_a_time() -> None:
    run_text("select pg_advisory_xact_lock(20, 1)", {})
