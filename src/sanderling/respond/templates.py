"""Keeping words that are used again. What may stand in them is said by core.wording."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from sanderling.core.network import Room
from sanderling.core.verdict import Kind
from sanderling.core.wording import check
from sanderling.core.words import say
from sanderling.people.queries import colleague, teams
from sanderling.respond.models import Template
from sanderling.respond.offering import NoSuchTemplate
from sanderling.store.models import Move

LONGEST_NAME = 80


class Unfit(ValueError):
    """The template cannot be kept as it stands: `problems` for its author."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class NotYours(Exception):
    """Only who made a template changes it, and team leads."""


@transaction.atomic
def make(*, name: str, text: str, by: int, now: datetime, **where: Any) -> int:
    """Keep a new template; gives its number. `where`: room, lang, kind and team, "" or None for
    everywhere. Raises Unfit."""
    row = Template(by_id=by, at=now)
    _write(row, name=name, text=text, **where)
    _moved(row, "make", by=by, now=now)
    return row.pk


@transaction.atomic
def change(*, template_id: int, name: str, text: str, by: int, now: datetime, **where: Any) -> None:
    """Word a template in another way. Raises Unfit, NotYours and NoSuchTemplate."""
    row = _mine(template_id, by)
    _write(row, name=name, text=text, **where)
    _moved(row, "change", by=by, now=now)


@transaction.atomic
def archive(*, template_id: int, by: int, now: datetime) -> None:
    """Put a template away: it is offered no more. Raises NotYours and NoSuchTemplate."""
    row = _mine(template_id, by)
    row.archived_at = now
    row.save(update_fields=["archived_at"])
    _moved(row, "archive", by=by, now=now)


def count_use(*, template_id: int) -> None:
    """Somebody put it into an answer."""
    Template.objects.filter(pk=template_id).update(used=F("used") + 1)


def _mine(template_id: int, by: int) -> Template:
    rows = Template.objects.select_for_update().filter(pk=template_id, archived_at=None)
    row = rows.first()
    if row is None:
        raise NoSuchTemplate(say("Somebody put this template away a moment ago."))
    me = colleague(by)
    if row.by_id != by and not (me and me.is_lead):
        raise NotYours(say("Only who made a template changes it, and team leads."))
    return row


def _write(  # noqa: PLR0913  the columns of a template
    row: Template, *, name: str, text: str, room: str = "", lang: str = "", kind: str = "",
    team: int | None = None,
) -> None:  # fmt: skip
    row.name = " ".join(name.replace("\0", "").split())
    row.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    row.room, row.lang, row.kind, row.team_id = room, lang.strip().lower(), kind, team
    if problems := _problems(row):
        raise Unfit(problems)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Unfit([say("There is a template called {name} already.", name=row.name)]) from error


def _problems(row: Template) -> list[str]:
    found = check(row.text)
    if not row.name:
        found.insert(0, say("Give it a name by which your team finds it."))
    if len(row.name) > LONGEST_NAME:
        found.append(
            say(
                "A name may have {most} characters; this has {n}.",
                most=LONGEST_NAME,
                n=len(row.name),
            )
        )
    if row.room not in ("", *Room):
        found.append(say("A template is for public replies, for direct messages or for both."))
    if row.kind not in ("", *Kind):
        found.append(say("There is no kind called {kind}.", kind=row.kind[:20]))
    if not row.lang.replace("-", "").isalpha() and row.lang:
        found.append(say("A language is written as en or pt-br."))
    if row.team_id is not None and row.team_id not in teams():
        found.append(say("There is no such team any more."))
    return found


def _moved(row: Template, move: str, *, by: int, now: datetime) -> None:
    Move.objects.create(
        kind="template", row=row.pk, was="", now="", move=move, by_id=by, at=now, note=row.text
    )
