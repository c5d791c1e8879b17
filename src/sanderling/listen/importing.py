"""Taking in the company's own list of customers (`core.customers`): all of it, or nothing.

    lines -> the identities they name | the persons those are | what is bad | what changes

Taking in the same file again changes nothing. What an agent linked is never undone by a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from sanderling.core.customers import Bad, Customers, Line
from sanderling.core.words import later, say
from sanderling.listen.models import Identity, Linking, Person
from sanderling.store.sql import as_json, fetch

BATCH = 1_000


class Unfit(Exception):
    """The file cannot be taken in; `bad` says why, line by line. Nothing was done."""

    def __init__(self, bad: Sequence[Bad]) -> None:
        super().__init__(" ".join(str(b) for b in bad[:3]))
        self.bad = list(bad)


class Taken(NamedTuple):
    """What taking in a file came to. `unseen`: lines about somebody who has not written yet;
    `persons`: those who are new, were told of otherwise than before, or got an identity."""

    lines: int
    added: int
    changed: int
    linked: int
    unseen: int
    persons: frozenset[int] = frozenset()


class _Face(NamedTuple):
    """An identity as it stands: whose it is, and whether an agent said so."""

    id: int
    person: int | None
    by_agent: bool


@dataclass
class _Work:
    """What a file comes to, gathered so that each table is written once a batch."""

    source: str
    now: datetime
    tells: frozenset[str]
    by_reference: dict[str, Person]
    by_id: dict[int, Person]
    bad: list[Bad] = field(default_factory=list)
    new: list[Person] = field(default_factory=list)
    changed: dict[int, Person] = field(default_factory=dict)
    joins: dict[int, tuple[_Face, Person]] = field(default_factory=dict)
    unseen: int = 0

    def take(self, line: Line, faces: list[_Face]) -> None:
        """One line: whom it means, and what it tells of them."""
        person = self._person(line, faces)
        if person is None:
            return
        if not faces and (line.handle or line.email):
            self.unseen += 1
        self._tell(person, line)
        for face in faces:
            self._join(line, face, person)

    def _person(self, line: Line, faces: list[_Face]) -> Person | None:
        """Whom the line means; None for somebody without a number who has not written yet."""
        if found := self.by_reference.get(line.reference):
            return found
        theirs = {id(p): p for face in faces if (p := self._of(face)) is not None}
        free = [p for p in theirs.values() if not line.reference or not p.reference]
        if len(free) > 1:
            self.bad.append(Bad(line.number, say("It joins two people whom the desk knows apart.")))
            return None
        if free:
            return self._named(free[0], line)
        if not faces and not line.reference:
            self.unseen += 1
            return None
        person = Person(name=line.name or line.handle or line.email or line.reference)
        self.new.append(person)
        return self._named(person, line)

    def _of(self, face: _Face) -> Person | None:
        """Whose an identity is by now."""
        if face.id in self.joins:
            return self.joins[face.id][1]
        return self.by_id.get(face.person) if face.person else None

    def _named(self, person: Person, line: Line) -> Person:
        if line.reference and person.reference != line.reference:
            person.reference = line.reference
            self._touch(person)
        if line.reference:
            self.by_reference[line.reference] = person
        return person

    def _tell(self, person: Person, line: Line) -> None:
        told = (line.name or person.name, person.plan, person.plan_until)
        if "plan" in self.tells and not line.silent:
            told = (told[0], line.plan, line.until)
        if (person.name, person.plan, person.plan_until) != told:
            person.name, person.plan, person.plan_until = told
            self._touch(person)

    def _touch(self, person: Person) -> None:
        person.source, person.told_at = self.source, self.now
        if person.pk:
            self.changed[person.pk] = person

    def _join(self, line: Line, face: _Face, person: Person) -> None:
        if self._of(face) is person:
            return
        if face.by_agent or face.id in self.joins:
            who = line.handle or line.email
            self.bad.append(
                Bad(
                    line.number,
                    say(
                        "“{who}” is somebody else's at this desk. Separate them there first, "
                        "with a reason, or correct the file.",
                        who=who,
                    ),
                )
            )
        else:
            self.joins[face.id] = (face, person)


@transaction.atomic
def take_in_customers(*, file: Customers, source: str, now: datetime) -> Taken:
    """Take in a list of customers that was told by `source`; raises Unfit."""
    if file.bad:
        raise Unfit(file.bad)
    faces, bad = _faces(file.lines)
    work = _work(file, faces, source, now)
    for line in file.lines:
        work.take(line, faces.get(line.number, []))
    if bad or work.bad:
        raise Unfit(sorted({*bad, *work.bad}))
    try:
        with transaction.atomic():
            _write(work)
    except IntegrityError as error:
        raise Unfit(
            [Bad(1, say("Somebody changed the same customers at this moment. Try again."))]
        ) from error
    touched = (*work.new, *work.changed.values(), *(person for _, person in work.joins.values()))
    return Taken(
        len(file.lines), len(work.new), len(work.changed), len(work.joins), work.unseen,
        frozenset(person.pk for person in touched),
    )  # fmt: skip


def _faces(lines: Sequence[Line]) -> tuple[dict[int, list[_Face]], list[Bad]]:
    """The identities that each line names; a handle that two have had is bad."""
    handles = sorted({(x.network, x.handle.lower()) for x in lines if x.handle})
    rows = fetch(
        "listen/known_by_handle",
        {
            "handles": as_json([{"network": n, "handle": h} for n, h in handles]),
            "emails": sorted({x.email for x in lines if x.email}),
        },
    )
    by_handle: dict[tuple[str, str], list[_Face]] = defaultdict(list)
    by_email: dict[str, _Face] = {}
    for identity, network, handle, remote_id, person, by_agent in rows:
        face = _Face(identity, person, by_agent)
        by_handle[network, handle].append(face)
        if network == "mail":
            by_email[remote_id.lower()] = face
    found: dict[int, list[_Face]] = {}
    bad = []
    for line in lines:
        named = by_handle.get((line.network, line.handle.lower()), []) if line.handle else []
        if len(named) > 1:
            says = say(
                "{n} people have had the handle “{handle}” on {network}. Leave the handle out.",
                n=len(named),
                handle=line.handle,
                network=line.network,
            )
            bad.append(Bad(line.number, says))
        mail = by_email.get(line.email)
        found[line.number] = [*named, *([mail] if mail and mail not in named else [])]
    return found, bad


def _work(file: Customers, faces: dict[int, list[_Face]], source: str, now: datetime) -> _Work:
    references = {line.reference for line in file.lines if line.reference}
    ids = {face.person for found in faces.values() for face in found if face.person}
    by_reference = {p.reference: p for p in Person.objects.filter(reference__in=references)}
    by_id = {p.pk: p for p in by_reference.values()}
    for person in Person.objects.filter(pk__in=ids - by_id.keys()):
        by_id[person.pk] = person
    return _Work(source[:200], now, file.tells, by_reference, by_id)


def _write(work: _Work) -> None:
    """One statement a table a batch."""
    Person.objects.bulk_create(work.new, batch_size=BATCH)
    columns = ["name", "reference", "plan", "plan_until", "source", "told_at"]
    Person.objects.bulk_update(work.changed.values(), columns, batch_size=BATCH)
    moved = [face.id for face, _ in work.joins.values() if face.person]
    Linking.objects.filter(identity__in=moved, until=None).update(
        until=work.now, until_why=later("{source} says otherwise").format(source=work.source)
    )
    joined = sorted(work.joins.items())
    Linking.objects.bulk_create(
        [
            Linking(
                identity_id=i,
                person=person,
                why=later("Told by {source}").format(source=work.source),
                at=work.now,
            )
            for i, (_, person) in joined
        ],
        batch_size=BATCH,
    )
    Identity.objects.bulk_update(
        [Identity(pk=i, person=person) for i, (_, person) in joined], ["person"], batch_size=BATCH
    )
