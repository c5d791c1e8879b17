"""Two cases that belong together. Linked, never copied: nothing is sent, no post moves, and each
keeps its own clocks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sanderling.cases.models import Case, Link
from sanderling.cases.queries import NoSuchCase
from sanderling.core.words import later, say
from sanderling.store import announce
from sanderling.store.moves import record

LONGEST_WHY = 500


class NotLinked(Exception):
    """These cases cannot be linked, or are not; the sentence says why."""


@transaction.atomic
def link(*, one: int, other: int, why: str, by: int, now: datetime) -> None:
    """Say that two cases belong together, and why. Raises NotLinked and NoSuchCase."""
    why = " ".join(why.replace("\0", "").split())[:LONGEST_WHY]
    if not why:
        raise NotLinked(say("Say why they belong together: a word or two."))
    cases = _both(one, other)
    if _standing(cases).exists():
        raise NotLinked(say("Cases {one} and {other} are linked already.", one=one, other=other))
    first, second = cases
    Link.objects.create(one=first, other=second, why=why, by_id=by, at=now)
    _note_in_both(cases, "link", why, by=by, now=now)


@transaction.atomic
def unlink(*, one: int, other: int, by: int, now: datetime) -> None:
    """They do not belong together after all. The link is kept as history. Raises NotLinked."""
    cases = _both(one, other)
    if not _standing(cases).update(until=now, until_by=by):
        raise NotLinked(
            say("Cases {one} and {other} are not linked any more.", one=one, other=other)
        )
    _note_in_both(cases, "unlink", "", by=by, now=now)


def _both(one: int, other: int) -> tuple[Case, Case]:
    """Both cases, locked, the smaller number first: so nobody waits for each other."""
    if one == other:
        raise NotLinked(say("A case cannot be linked with itself."))
    found = {c.pk: c for c in Case.objects.select_for_update().filter(pk__in=(one, other))
             .order_by("pk")}  # fmt: skip
    for number in (one, other):
        if number not in found:
            raise NoSuchCase(say("There is no case {number}.", number=number))
        if into := found[number].merged_into_id:
            raise NotLinked(
                say(
                    "Case {number} became part of case {into}: link that one.",
                    number=number,
                    into=into,
                )
            )
    return found[min(one, other)], found[max(one, other)]


def _standing(cases: tuple[Case, Case]) -> QuerySet[Link]:
    one, other = cases
    return Link.objects.filter(one=one, other=other, until=None)


def _note_in_both(cases: tuple[Case, Case], move: str, why: str, *, by: int, now: datetime) -> None:
    for here, there in (cases, cases[::-1]):
        if why:
            note = later("case {number}: {why}").format(number=there.pk, why=why)
        else:
            note = later("case {number}").format(number=there.pk)
        record(here, move, by=by, now=now, note=note)
    announce.announce([announce.case(c.pk) for c in cases])
