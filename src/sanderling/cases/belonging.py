"""Cases that are part of an incident: put there by people or by a rule, and taken out again.

A case looks like part of an incident when one of its posts belongs to it. Whoever takes a case out
takes its posts out too, so that nothing suggests it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from sanderling.cases.models import Case
from sanderling.cases.queries import CaseRow, NoSuchCase, Part, row, rows_of
from sanderling.core.words import later, say
from sanderling.incidents import actions as incidents
from sanderling.incidents.actions import How
from sanderling.incidents.queries import incident
from sanderling.policy.queries import current
from sanderling.store import announce
from sanderling.store.moves import record_all
from sanderling.store.sql import fetch

AT_ONCE = 2_000
"""Cases that become part of incidents in one transaction."""
LATELY = timedelta(minutes=10)
EVER = datetime(1970, 1, 1, tzinfo=UTC)
_END = 2**62


class NotPart(ValueError):
    """A case cannot be part of this incident; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a case is part of; where it is part of none, what it looks like part of."""

    incident: Part | None
    looks_like: Part | None


class Linked(NamedTuple):
    """How the cases of an incident stand: how many there are, wait for us, have ended; to how many
    we spoke since it began, and how many had their acknowledgement. `like`: how many more look like
    part of it, counted up to AT_ONCE."""

    cases: int
    open: int
    done: int
    answered: int
    acknowledged: int
    like: int


@dataclass(frozen=True, slots=True)
class CasesOf:
    """A page of an incident's cases; `before` is where the next page begins, None at the end."""

    rows: list[CaseRow]
    before: int | None


class Matter(NamedTuple):
    """The case that a post stands in, who has it, and whether we spoke there since."""

    case: int
    state: str
    owner: str
    answered: bool


@transaction.atomic
def belong(
    *, case_ids: Sequence[int], incident_id: int, by: int | None, now: datetime, how: How = "agent"
) -> int:
    """Cases are part of an incident from now on, and their newest posts that need us belong to it;
    gives how many were not before.

    Agents may move a case from one incident to another, a rule may not. Raises NotPart and
    NoSuchIncident.
    """
    part = _whole(incident_id)
    wanted = _asked_for(case_ids, how)
    posts = list(wanted.values_list("about_post_id", flat=True))
    incidents.put_in(incident_id=part.id, posts=posts, how=how, by=by, now=now)
    found = list(wanted.exclude(incident=part.id).select_for_update())
    Case.objects.filter(pk__in=[c.pk for c in found]).update(incident=part.id)
    _remember(found, "join incident", part.id, by=by, now=now)
    return len(found)


def gather(*, incident_id: int, by: int, now: datetime) -> int:
    """All cases that look like part of an incident are part of it, but for those that somebody took
    out; gives how many. Raises NotPart and NoSuchIncident."""
    gathered = 0
    while cases := _alike(incident_id):
        gathered += belong(case_ids=cases, incident_id=incident_id, by=by, now=now)
    return gathered


@transaction.atomic
def leave(*, case_id: int, by: int, now: datetime) -> None:
    """A case is part of no incident after all, and its posts do not belong to it; being part of
    none already is nothing. Raises NoSuchCase."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    if case.incident_id is None:
        return
    posts = [post for (post,) in fetch("cases/posts_in_incident", {"case": case_id})]
    incidents.take_out(incident_id=case.incident_id, post_ids=posts, by=by, now=now)
    if Case.objects.filter(pk=case_id, incident=case.incident_id).update(incident=None):
        _remember([case], "leave incident", case.incident_id, by=by, now=now)


@transaction.atomic
def merge(*, incident_id: int, into: int, by: int, now: datetime) -> None:
    """An incident turned out to be part of another: its cases go with its posts. Raises what
    `incidents.actions.merge` does."""
    incidents.merge(incident_id=incident_id, into=into, by=by, now=now)
    moved = list(Case.objects.filter(incident=incident_id).select_for_update().order_by("pk"))
    Case.objects.filter(pk__in=[c.pk for c in moved]).update(incident=into)
    _remember(moved, "join incident", into, by=by, now=now)


def attach_lately(*, now: datetime) -> int:
    """Cases with a post that belongs to a confirmed incident are part of it by themselves, where
    the policy says so; gives how many. Only for posts of the last minutes (LATELY)."""
    return _attach(now - LATELY, now) if _by_itself() else 0


def attach_all(*, now: datetime) -> int:
    """The same for all posts, however old: now and then, and for what was just confirmed."""
    return _attach(EVER, now) if _by_itself() else 0


def _by_itself() -> bool:
    return current().document.incidents.attach == "by itself"


def _attach(since: datetime, now: datetime) -> int:
    attached = 0
    while True:
        found = fetch("cases/to_attach", {"since": since, "limit": AT_ONCE})
        cases_of: dict[int, list[int]] = {}
        for case_id, incident_id in found:
            cases_of.setdefault(incident_id, []).append(case_id)
        for incident_id, cases in sorted(cases_of.items()):
            attached += belong(
                case_ids=cases, incident_id=incident_id, by=None, now=now, how="rule"
            )
        if len(found) < AT_ONCE:
            return attached


def suggested(case_ids: Sequence[int]) -> Mapping[int, int]:
    """Of these cases those that look like part of an incident that stands, by case."""
    return dict(fetch("cases/look_like", {"cases": list(case_ids)}))


def of_case(case_id: int) -> Belonging:
    """What a case is part of, or looks like part of. Raises NoSuchCase."""
    found = row(case_id)
    return Belonging(found.incident, found.looks_like)


def cases_of(incident_id: int, before: int | None = None, limit: int = 50) -> CasesOf:
    """The cases of an incident, the last opened first, going on below the case `before`."""
    params = {"incident": incident_id, "before": before or _END, "limit": limit + 1}
    found = [case for (case,) in fetch("cases/cases_in_incident", params)]
    return CasesOf(rows_of(found[:limit]), found[limit - 1] if len(found) > limit else None)


def linked(incident_id: int) -> Linked:
    """How the cases of an incident stand."""
    (counts,) = fetch("cases/incident_counts", {"incident": incident_id})
    return Linked(*[*counts, len(_alike(incident_id))])


def matters_of(posts: Sequence[int]) -> dict[int, Matter]:
    """By post: the case it stands in. Posts that stand in none are left out."""
    rows = fetch("cases/matters_of_posts", {"posts": list(posts)})
    return {post: Matter(*matter) for post, *matter in rows}


def _alike(incident_id: int) -> list[int]:
    found = fetch("cases/to_gather", {"incident": incident_id, "limit": AT_ONCE})
    return [case for (case,) in found]


def _whole(incident_id: int) -> Part:
    """The incident, or the one that it became part of."""
    found = incident(incident_id)
    if found.merged_into is not None:
        found = incident(found.merged_into)
    if found.state == "dismissed":
        raise NotPart(say("Incident {number} was dismissed: confirm it first.", number=found.id))
    return Part(found.id, found.name)


def _asked_for(case_ids: Sequence[int], how: How) -> QuerySet[Case]:
    cases = Case.objects.filter(pk__in=list(case_ids)).exclude(state="merged").order_by("pk")
    return cases if how == "agent" else cases.filter(incident=None)


def _remember(
    cases: Sequence[Case], move: str, incident_id: int, *, by: int | None, now: datetime
) -> None:
    note = later("incident {number}").format(number=incident_id)
    record_all(
        [
            {"kind": "case", "row": c.pk, "was": c.state, "now": c.state, "move": move, "at": now,
             "by": by, "note": note}
            for c in cases
        ]
    )  # fmt: skip
    if cases:
        pages = (announce.case(c.pk) for c in cases)
        announce.announce([*pages, announce.QUEUES, announce.incident(incident_id)])
