"""The people behind identities: linked with a reason, separated again, and what they pay for.

Linking sends nothing and copies nothing. What was linked, why, by whom and until when stays in
`Linking`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from sanderling.core.words import figure, say
from sanderling.listen.models import Identity, Linking, Person
from sanderling.store.moves import remember
from sanderling.store.sql import fetch

LONGEST_WHY = 500
MOST_IDENTITIES = 20


class WrongPerson(ValueError):
    """These identities cannot be linked or separated so; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An identity of a person, why it was linked to them, when and by whom (empty: the file)."""

    id: int
    network: str
    handle: str
    name: str
    avatar: str
    followers: int | None
    follows_us: bool | None
    takes_messages: str | None
    why: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the desk knows them. `plan` is what they pay for, `over` whether it has ended;
    `source` is where that was told, `told_at` when."""

    id: int
    name: str
    reference: str
    plan: str
    plan_until: datetime | None
    over: bool
    source: str
    told_at: datetime | None
    identities: tuple[Linked, ...]


def plans_of(identities: Iterable[int], now: datetime) -> dict[int, str]:
    """The plans that people pay for at `now`, by identity; who has none is missing."""
    ids = sorted(set(identities))
    return dict(fetch("listen/plans", {"identities": ids, "now": now})) if ids else {}


def known(identity_id: int, now: datetime) -> Known | None:
    """The person behind an identity; None where nobody said who it is."""
    identity = Identity.objects.select_related("person").filter(pk=identity_id).first()
    person = identity.person if identity else None
    if person is None:
        return None
    rows = Linking.objects.filter(person=person, until=None).select_related("identity", "by")
    linked = tuple(_linked(row) for row in rows.order_by("at", "id")[:MOST_IDENTITIES])
    over = person.plan_until is not None and person.plan_until <= now
    return Known(
        person.pk, person.name, person.reference, person.plan, person.plan_until, over,
        person.source, person.told_at, linked,
    )  # fmt: skip


def _linked(row: Linking) -> Linked:
    i = row.identity
    return Linked(
        i.pk, i.network, i.handle, i.name, i.avatar, i.followers, i.follows_us, i.takes_messages,
        row.why, row.at, row.by.name if row.by else "",
    )  # fmt: skip


def known_as(handle: str, network: str = "") -> list[tuple[int, str]]:
    """Identities of this handle, and their networks; on one network, if it is named."""
    wanted = Identity.objects.filter(handle__iexact=handle.strip().lstrip("@")[:200])
    if network:
        wanted = wanted.filter(network=network)
    return list(wanted.exclude(handle="").order_by("id").values_list("id", "network")[:10])


@transaction.atomic
def link(*, identity_id: int, other_id: int, why: str, by: int, now: datetime) -> int:
    """Two identities are one person's, and why; gives the person's number.

    Linking what is linked is nothing. Raises WrongPerson.
    """
    why = _reason(why, say("Say what makes you sure that it is the same person."))
    if identity_id == other_id:
        raise WrongPerson(say("That is this very identity."))
    one, other = _identities(identity_id, other_id)
    if one.person_id is not None and one.person_id == other.person_id:
        return one.person_id
    if one.person_id is not None and other.person_id is not None:
        raise WrongPerson(say("Both are known as somebody already. Separate one of them first."))
    person_id = one.person_id or other.person_id
    if person_id is None:
        person_id = Person.objects.create(name=one.name or one.handle).pk
    for identity in (one, other):
        if identity.person_id is None:
            _join(identity, person_id, why=why, by=by, now=now)
    return person_id


@transaction.atomic
def separate(*, identity_id: int, why: str, by: int, now: datetime) -> None:
    """An identity is not this person's after all, and why; raises WrongPerson."""
    why = _reason(why, say("Say why it is somebody else."))
    identity = Identity.objects.select_for_update().filter(pk=identity_id).first()
    if identity is None or identity.person_id is None:
        raise WrongPerson(say("It is not linked to anybody any more."))
    Linking.objects.filter(identity=identity, until=None).update(
        until=now, until_by=by, until_why=why
    )
    identity.person = None
    identity.save(update_fields=["person"])
    remember("identity", identity.pk, "separate", by=by, now=now, note=why)


def _join(identity: Identity, person_id: int, *, why: str, by: int, now: datetime) -> None:
    identity.person_id = person_id
    identity.save(update_fields=["person"])
    try:
        with transaction.atomic():
            Linking.objects.create(
                identity=identity, person_id=person_id, why=why, by_id=by, at=now
            )
    except IntegrityError as error:
        raise WrongPerson(say("Somebody linked it a moment ago. Look again.")) from error
    remember("identity", identity.pk, "link", by=by, now=now, note=why)


def _identities(*ids: int) -> list[Identity]:
    """Two identities, locked, in the order that was asked for."""
    found = {
        i.pk: i for i in Identity.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }
    if len(found) < len(ids):
        raise WrongPerson(say("One of the two is not known here."))
    return [found[i] for i in ids]


def _reason(why: str, missing: str) -> str:
    why = " ".join(why.replace("\0", "").split())
    if not why:
        raise WrongPerson(missing)
    if len(why) > LONGEST_WHY:
        raise WrongPerson(
            say(
                "A reason may have {most} characters; this has {n}.",
                most=LONGEST_WHY,
                n=figure(len(why)),
            )
        )
    return why
