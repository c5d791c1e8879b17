"""What opens, moves and fills an incident. Each action is one transaction and tells the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from sanderling.core.lives import INCIDENT
from sanderling.core.noticing import Noticed
from sanderling.core.words import later, say
from sanderling.incidents.models import Incident, Member
from sanderling.incidents.queries import STANDS, NoSuchIncident
from sanderling.store import announce
from sanderling.store.moves import advance, record
from sanderling.store.sql import fetch, run

How = Literal["detector", "rule", "agent"]
LONGEST_NAME = 80
LONGEST_CAUSE = 500
LONGEST_WHY = 1_000
MOST_TERMS = 20


class WrongIncident(ValueError):
    """An incident cannot be so; the sentence says why."""


@transaction.atomic
def open_incident(*, name: str, by: int, now: datetime, drill: int | None = None) -> int:
    """An agent says that many write, or will, about one problem: confirmed at once. Gives its
    number. Raises WrongIncident for a name that cannot be."""
    row = _created(name=_name(name), by_id=by, drill_id=drill, now=now)
    advance(row, INCIDENT, "confirm", by=by, now=now, wake_at=None)
    _tell(row.pk)
    return row.pk


@transaction.atomic
def suspect(*, noticed: Noticed, now: datetime, drill: int | None = None) -> int:
    """What the detector noticed stands as a suspected incident with its posts; gives its number.

    Noticed again under the same key while it stands, it is the same incident.
    """
    known = Incident.objects.filter(key=noticed.key, state__in=STANDS).first()
    row = known or _created(
        name=" ".join(noticed.name.split())[:LONGEST_NAME] or later("Something new"),
        key=noticed.key,
        drill_id=drill,
        terms=list(noticed.terms[:MOST_TERMS]),
        why=noticed.why[:LONGEST_WHY],
        expected=noticed.expected,
        now=now,
    )
    put_in(incident_id=row.pk, posts=noticed.posts, how="detector", by=None, now=now)
    announce.announce([announce.QUEUES])
    return row.pk


@transaction.atomic
def move(*, incident_id: int, move: str, by: int | None, now: datetime, note: str = "") -> None:
    """Confirm, dismiss, ease, flare up or end it. Raises NoSuchIncident, WrongIncident where
    another one is about the same by now, Impossible and Overtaken."""
    row = locked(incident_id)
    changes: dict[str, Any] = {"wake_at": None, "ended_at": None}
    if INCIDENT.after(row.state, move) not in STANDS:
        changes["ended_at"] = now
    elif row.key and row.state not in STANDS:
        _check_alone(row)
    if "dismissed" in (row.state, INCIDENT.after(row.state, move)):
        changes["heeded"] = not row.key
    advance(row, INCIDENT, move, by=by, now=now, note=_line(note, LONGEST_WHY), **changes)
    _tell(row.pk)
    announce.announce([announce.QUEUES])


@transaction.atomic
def merge(*, incident_id: int, into: int, by: int, now: datetime) -> None:
    """It turned out to be part of `into`: its posts move there, and it leads there from now on.

    Its cases move with `cases.belonging.merge`, which calls this. Raises NoSuchIncident,
    WrongIncident, Impossible and Overtaken.
    """
    if incident_id == into:
        raise WrongIncident(say("An incident cannot be merged with itself."))
    first, second = locked(min(incident_id, into)), locked(max(incident_id, into))
    row, whole = (first, second) if first.pk == incident_id else (second, first)
    if whole.state not in STANDS:
        raise WrongIncident(say("Incident {number} is over: choose one that is not.", number=into))
    if row.drill_id != whole.drill_id:
        raise WrongIncident(say("A drill is never merged with what is real."))
    note = later("into incident {number}").format(number=into)
    changes = {"merged_into_id": into, "ended_at": now, "wake_at": None}
    heeded = not (row.key and whole.key)
    advance(row, INCIDENT, "merge", by=by, now=now, note=note, heeded=heeded, **changes)
    Incident.objects.filter(merged_into=incident_id).update(merged_into=into)
    Member.objects.filter(incident=incident_id).update(incident=into)
    run("incidents/count_members", {"incidents": [incident_id, into]})
    note = later("incident {number} became part of it").format(number=incident_id)
    record(whole, "take in", by=by, now=now, note=note)
    _tell(incident_id, into)


@transaction.atomic
def rename(*, incident_id: int, name: str, by: int, now: datetime) -> None:
    """Give it another name. Raises NoSuchIncident and WrongIncident."""
    row = locked(incident_id)
    was, row.name = row.name, _name(name)
    if row.name != was:
        row.save(update_fields=["name"])
        record(row, "rename", by=by, now=now, note=f"{was} → {row.name}")
        _tell(row.pk)


@transaction.atomic
def say_cause(*, incident_id: int, cause: str, by: int, now: datetime) -> None:
    """Say what is known of the cause; empty takes it back. Raises NoSuchIncident."""
    row = locked(incident_id)
    was, row.cause = row.cause, _line(cause, LONGEST_CAUSE)
    if row.cause != was:
        row.save(update_fields=["cause"])
        record(row, "cause", by=by, now=now, note=row.cause)
        _tell(row.pk)


@transaction.atomic
def put_in(
    *, incident_id: int, posts: Sequence[int], how: How, by: int | None, now: datetime
) -> int:
    """Posts of others belong to an incident; gives how many are new there.

    What belongs to another one, or was taken out, is left as it is, unless an agent says so. Raises
    NoSuchIncident.
    """
    row = _whole(incident_id)
    given = {"incident": row.pk, "posts": list(posts), "how": how, "by": by}
    left = fetch("incidents/free_members", given) if how == "agent" else []
    if left:
        _count_anew(incident for (incident,) in left)
    found = fetch("incidents/put_members", given) if given["posts"] else []
    if not found:
        return 0
    ((new,),) = found
    if how == "agent":
        record(row, "put in", by=by, now=now, note=_posts(posts))
    _tell(row.pk, *(incident for (incident,) in left))
    return int(new)


@transaction.atomic
def take_out(*, incident_id: int, post_ids: Sequence[int], by: int, now: datetime) -> int:
    """Posts that do not belong to it after all; the desk does not put them back. Gives how many.

    Raises NoSuchIncident.
    """
    row = _whole(incident_id)
    there = Member.objects.filter(incident=row, post__in=list(post_ids), out_at=None)
    gone = there.update(out_at=now, by=by)
    if gone:
        _count_anew([row.pk])
        record(row, "take out", by=by, now=now, note=_posts(post_ids))
        _tell(row.pk)
    return gone


def locked(incident_id: int) -> Incident:
    """The incident, locked until the transaction ends. Raises NoSuchIncident."""
    row = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None:
        raise NoSuchIncident(say("There is no incident {number}.", number=incident_id))
    return row


def _whole(incident_id: int) -> Incident:
    """The incident, or the one that it became part of, locked."""
    row = locked(incident_id)
    return locked(row.merged_into_id) if row.merged_into_id else row


def _created(*, now: datetime, **given: Any) -> Incident:
    after, _ = INCIDENT.timeouts[INCIDENT.first]
    row = Incident.objects.create(
        state=INCIDENT.first, began_at=now, noticed_at=now, wake_at=now + after, **given
    )
    record(row, "notice" if row.by_id is None else "open", by=row.by_id, now=now)
    return row


def _check_alone(row: Incident) -> None:
    """Raises WrongIncident where the detector's key is another one's by now."""
    other = Incident.objects.filter(key=row.key, state__in=STANDS).exclude(pk=row.pk).first()
    if other is not None:
        raise WrongIncident(
            say("Incident {number} is about the same by now: work on that one.", number=other.pk)
        )


def _count_anew(incidents: Iterable[int]) -> None:
    run("incidents/count_members", {"incidents": sorted(set(incidents))})


def _name(text: str) -> str:
    name = _line(text, LONGEST_NAME + 1)
    if not name or len(name) > LONGEST_NAME:
        raise WrongIncident(
            say("Give the incident a name of at most {most} characters.", most=LONGEST_NAME)
        )
    return name


def _line(text: str, most: int) -> str:
    return " ".join(text.replace("\0", "").split())[:most]


def _posts(posts: Sequence[int]) -> str:
    """For history: one post by its number, many by how many."""
    if len(posts) == 1:
        return later("post {number}").format(number=posts[0])
    return later("{n} posts").format(n=len(posts))


def _tell(*incidents: int) -> None:
    announce.announce([*map(announce.incident, incidents), announce.INCIDENTS])
