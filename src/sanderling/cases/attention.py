"""What asks for an agent's attention: who named them, what they are asked, what was promised, which
cases wait on somebody else, and what of that hangs on one case.

Lists are walked by key; every row is frozen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Q

from sanderling.cases.models import Ask, Case, Link, Promise
from sanderling.cases.queries import Key, Owner
from sanderling.store.models import Move
from sanderling.store.sql import Row, fetch

PAGE = 50
MOST = 100
"""How far the numbers on badges are counted."""
_FIRST = {"at": "-infinity", "id": 0}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `after` is the key of the next, None at the end."""

    rows: list[T]
    after: Key | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits for an agent, each counted up to MOST: unseen mentions, open questions to
    them, and promises of theirs, or in cases of theirs, that are due soon or late. `others` are
    cases of the whole desk that rest because somebody else must move."""

    mentions: int
    asked: int
    promises: int
    others: int

    @property
    def mine(self) -> int:
        """What this agent should look at."""
        return self.mentions + self.asked + self.promises


@dataclass(frozen=True, slots=True)
class Named:
    """A note that names an agent, who has not seen it."""

    note: int
    at: datetime
    case: int
    customer: str
    text: str
    by: Owner


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a case that waits for its answer. `reminded` so many times."""

    id: int
    at: datetime
    case: int
    customer: str
    question: str
    reminded: int
    by: Owner
    to: Owner


@dataclass(frozen=True, slots=True)
class Resting:
    """A case that waits on `whom`: colleagues who were asked, or a third party."""

    case: int
    wake_at: datetime
    customer: str
    waits_on: str
    whom: str
    owner: Owner | None


@dataclass(frozen=True, slots=True)
class Promised:
    """What we said we would do. `warned` once it was due soon."""

    id: int
    due_at: datetime
    case: int
    customer: str
    text: str
    warned: bool
    by: Owner


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that belongs to this one."""

    case: int
    customer: str
    state: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Matters:
    """What hangs on a case besides its story. `whom` is the third party that it waits on."""

    waits_on: str
    whom: str
    asks: list[Asked]
    promises: list[Promised]
    links: list[Linked]


def counts(agent_id: int) -> Counts:
    """The numbers beside an agent's lists."""
    found = fetch("cases/attention", {"agent": agent_id, "most": MOST})[0]
    return Counts(*map(int, found))


def mentions(agent_id: int, after: Key | None = None, limit: int = PAGE) -> Page[Named]:
    """Notes that name this agent, who has not seen them; oldest first."""
    rows = fetch("cases/mentions", {**_from(after), "agent": agent_id, "limit": limit + 1})
    return _page(
        [Named(*(*r[:5], Owner(*r[5:9]))) for r in rows], limit, lambda n: Key(n.at, n.note)
    )


def asked(agent_id: int, after: Key | None = None, limit: int = PAGE) -> Page[Asked]:
    """Open questions to this agent, oldest first."""
    rows = fetch("cases/asked", {**_from(after), "agent": agent_id, "limit": limit + 1})
    return _page([_asked(r) for r in rows], limit, lambda a: Key(a.at, a.id))


def others(after: Key | None = None, limit: int = PAGE) -> Page[Resting]:
    """Cases that wait on a colleague or a third party, those that wake first on top."""
    rows = fetch("cases/others", {**_from(after), "limit": limit + 1})
    found = [Resting(*(*r[:5], Owner(*r[5:9]) if r[5] else None)) for r in rows]
    return _page(found, limit, lambda r: Key(r.wake_at, r.case))


def promises(after: Key | None = None, limit: int = PAGE) -> Page[Promised]:
    """Everybody's open promises, the soonest due first."""
    rows = fetch("cases/promises", {**_from(after), "limit": limit + 1})
    return _page([_promised(r) for r in rows], limit, lambda p: Key(p.due_at, p.id))


def matters(cases: list[int]) -> Matters:
    """What hangs on a case; `cases` are its number and those of the cases that became part of it.

    Raises Case.DoesNotExist where there is no such case.
    """
    waits_on = Case.objects.values_list("waits_on", flat=True).get(pk=cases[0])
    whom = _whom(cases[0]) if waits_on == "third party" else ""
    return Matters(waits_on, whom, _asks(cases), _promises(cases), _links(cases))


def _whom(case_id: int) -> str:
    waits = Move.objects.filter(kind="case", row=case_id, move="wait").order_by("-id")
    return waits.values_list("note", flat=True).first() or ""


def _asks(cases: list[int]) -> list[Asked]:
    found = Ask.objects.filter(case_id__in=cases, answered_at=None, withdrawn_at=None)
    return [
        _asked(r)
        for r in found.order_by("at", "id").values_list(
            "id", "at", "case_id", "case__requester__name", "question", "reminded",
            "by_id", "by__name", "by__initials", "by__avatar",
            "to_id", "to__name", "to__initials", "to__avatar",
        )
    ]  # fmt: skip


def _promises(cases: list[int]) -> list[Promised]:
    found = Promise.objects.filter(case_id__in=cases, kept_at=None, dropped_at=None)
    return [
        _promised(r)
        for r in found.order_by("due_at", "id").values_list(
            "id", "due_at", "case_id", "case__requester__name", "text", "warned_at",
            "by_id", "by__name", "by__initials", "by__avatar",
        )
    ]  # fmt: skip


def _links(cases: list[int]) -> list[Linked]:
    """Links of the case, each told from its side."""
    one, other = Q(one_id__in=cases), Q(other_id__in=cases)
    found = Link.objects.filter(one | other, until=None).order_by("at", "id")
    rows = found.values_list(
        "one_id", "one__requester__name", "one__state",
        "other_id", "other__requester__name", "other__state", "why", "by__name", "at",
    )  # fmt: skip
    return [
        Linked(*(r[3:6] if r[0] in cases else r[:3]), *r[6:])
        for r in rows
        if not (r[0] in cases and r[3] in cases)  # both became one
    ]


def _asked(r: Row) -> Asked:
    return Asked(*(*r[:6], Owner(*r[6:10]), Owner(*r[10:14])))


def _promised(r: Row) -> Promised:
    return Promised(*(*r[:5], r[5] is not None, Owner(*r[6:10])))


def _from(after: Key | None) -> dict[str, object]:
    return after._asdict() if after else dict(_FIRST)


def _page(rows: list[T], limit: int, key: Callable[[T], Key]) -> Page[T]:
    shown = rows[:limit]
    return Page(shown, key(shown[-1]) if len(rows) > limit else None)
