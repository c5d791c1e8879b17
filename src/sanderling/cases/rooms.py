"""What happens between the two rooms of a case: invited, owed a public follow-up, followed up.

The facts stand on the case, the promise of a follow-up is a clock like any other, and each step is
a move. Nothing here looks at the network or sends anything. The caller holds the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from sanderling.cases.models import Case, Clock, ClockFact
from sanderling.cases.queries import NoSuchCase
from sanderling.cases.ruling import situations
from sanderling.core.policy import Promise, Situation
from sanderling.core.rooms import (
    INVITATIONS,
    Facts,
    Outcome,
    invites,
    link_to,
    owes_follow_up,
)
from sanderling.core.timing import NEVER
from sanderling.core.words import figure, say
from sanderling.policy import queries as policies
from sanderling.store import announce
from sanderling.store.moves import record
from sanderling.store.sql import Row, fetch

FOLLOW_UP = "follow up"
"""The kind of clock; it runs on when its case is resolved and closed."""
LONGEST_WHY = 500


class Rooms(NamedTuple):
    """How a case stands between its rooms. `turn` is the post that opened its last turn; `ours` and
    `handle` are our account, `lang` is the language of the post that the case is about."""

    case_id: int
    state: str
    facts: Facts
    turn: int
    network: str
    ours: str
    handle: str
    lang: str

    def link(self, message_link: str) -> str:
        """Where a click writes to us in private, by `core.network.Limits.message_link`."""
        return link_to(message_link, ours=self.ours, handle=self.handle)

    def invited_by(self, text: str, message_link: str) -> bool:
        """Whether a public text of ours leads there."""
        return invites(text, self.link(message_link))


def rooms_of(case_id: int) -> Rooms:
    """How the case stands between its rooms; raises NoSuchCase."""
    found = fetch("cases/rooms", {"case": case_id})
    if not found:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    return _rooms(found[0])


def _rooms(r: Row) -> Rooms:
    _, state, invited, came, ended, outcome, owed, followed, public, spoke, private, turn = r[:12]
    facts = Facts(
        public=public, spoke_at=spoke, invited_at=invited, came_at=came, ended_at=ended,
        outcome=outcome, private=private, owed_at=owed, followed_at=followed,
        never_came=policies.current().document.rooms.never_came,
    )  # fmt: skip
    return Rooms(r[0], state, facts, turn, *r[12:])


def follow_up_due(case_id: int) -> datetime | None:
    """By when the case, or one that became part of it, owes the public a word; NEVER where no time
    was promised, None where it owes none."""
    running = Clock.objects.filter(kind=FOLLOW_UP, met_at=None, void_at=None)
    mine = running.filter(Q(case_id=case_id) | Q(case__merged_into_id=case_id))
    return mine.order_by("due_at").values_list("due_at", flat=True).first()


def promised(rooms: Rooms, *, now: datetime) -> Promise | None:
    """The public follow-up that the policy promises if the case ends now; None for no time."""
    said = situations([rooms.turn]).get(rooms.turn)
    found = policies.current().promises(said[1] if said else Situation(), now)
    return next((promise for promise in found if promise.kind == FOLLOW_UP), None)


def will_owe(rooms: Rooms) -> bool:
    """Whether the public is owed a word if the case is solved now, where nothing is owed yet."""
    wanted = policies.current().document.rooms.follow_up
    return wanted and not rooms.facts.owes and owes_follow_up(rooms.facts, "solved")


# Inviting ------------------------------------------------------------------------------------


def invitation_texts() -> Mapping[str, str]:
    """How we ask somebody to write in private, by language; the policy's own words go before."""
    return {**INVITATIONS, **policies.current().document.rooms.invitation}


def invited(case: Case, *, at: datetime, by: int | None, now: datetime) -> None:
    """We asked the customer to write in private, and the network took it. The last time counts, as
    long as they have not come."""
    if case.came_at is not None or (case.invited_at is not None and case.invited_at >= at):
        return
    case.invited_at = at
    case.save(update_fields=["invited_at"])
    record(case, "invited", by=by, now=now)
    announce.announce([announce.case(case.pk), announce.QUEUES])


# Public follow-up ----------------------------------------------------------------------------


def settled(case: Case, *, outcome: Outcome, by: int, now: datetime, not_owed: str = "") -> None:
    """The case was resolved: a matter that began in public and ended in private owes the public a
    word, unless somebody says why not (`not_owed`).

    Each turn owes once: what was told, or decided, about it is not asked for again.
    """
    rooms = rooms_of(case.pk)
    wanted = policies.current().document.rooms.follow_up and owes_follow_up(rooms.facts, outcome)
    if not wanted or _debtors(case).exists():
        return
    promise = promised(rooms, now=now)
    _, new = Clock.objects.get_or_create(
        case_id=case.pk,
        turn_id=rooms.turn,
        kind=FOLLOW_UP,
        defaults={
            "started_at": now,
            "due_at": promise.due_at if promise else NEVER,
            "next_at": promise.warn_at if promise and promise.due_at < NEVER else None,
            "policy": policies.current().version,
            "rule": promise.rule if promise else "",
            "hours": promise.hours if promise else "",
            "budget": promise.budget if promise else timedelta(),
        },
    )
    if not new:
        return
    case.owed_at, case.followed_at = now, None
    case.save(update_fields=["owed_at", "followed_at"])
    record(case, "owe", by=by, now=now)
    if not_owed:
        _waive(case, why=not_owed, by=by, now=now)
    announce.announce([announce.QUEUES])


def answered_in_public(case: Case, *, at: datetime, by: int | None, now: datetime) -> None:
    """A public answer of ours stands on the network since `at`: what was owed before is told."""
    for debtor in _debtors(case).filter(owed_at__lte=at):
        debtor.followed_at = at
        debtor.save(update_fields=["followed_at"])
        _end_clocks(debtor, "met", at=at)
        record(debtor, "follow up", by=by, now=now)
        announce.announce([announce.case(debtor.pk), announce.QUEUES])


@transaction.atomic
def owe_nothing(*, case_id: int, why: str, by: int, now: datetime) -> None:
    """Somebody decides that no public follow-up is owed after all, and says why.

    Raises NoSuchCase, and ValueError where there is no reason, or nothing owed.
    """
    why = reason(why)
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    debtors = list(_debtors(case))
    if not debtors:
        raise ValueError(say("No public follow-up is owed here any more."))
    for debtor in debtors:
        _waive(debtor, why=why, by=by, now=now)
    announce.announce([announce.case(case_id), announce.QUEUES])


def reason(why: str) -> str:
    """The reason as it is kept; raises ValueError where there is none, or far too much."""
    why = " ".join(why.replace("\0", "").split())
    if not why:
        raise ValueError(say("Say why no public follow-up is owed."))
    if len(why) > LONGEST_WHY:
        raise ValueError(
            say(
                "A reason may have {most} characters; this has {n}.",
                most=LONGEST_WHY,
                n=figure(len(why)),
            )
        )
    return why


def _waive(case: Case, *, why: str, by: int, now: datetime) -> None:
    case.followed_at = now
    case.save(update_fields=["followed_at"])
    _end_clocks(case, "void", at=now)
    record(case, "no follow-up", by=by, now=now, note=why)


def _debtors(case: Case) -> QuerySet[Case]:
    """The case and those that became part of it, where they owe a follow-up: a debt is not merged
    away."""
    family = Case.objects.filter(Q(pk=case.pk) | Q(merged_into_id=case.pk))
    owing = family.filter(owed_at__isnull=False, followed_at=None)
    return owing.select_for_update().order_by("pk")


def _end_clocks(case: Case, fact: str, *, at: datetime) -> None:
    running = Clock.objects.filter(case_id=case.pk, kind=FOLLOW_UP, met_at=None, void_at=None)
    for clock in running.select_for_update().order_by("turn_id"):
        running.filter(turn_id=clock.turn_id).update(
            next_at=None, **{"met_at" if fact == "met" else "void_at": at}
        )
        ClockFact.objects.create(
            case_id=case.pk, turn_id=clock.turn_id, kind=FOLLOW_UP, fact=fact, at=at,
            due_at=clock.due_at, policy=clock.policy, rule=clock.rule,
        )  # fmt: skip


# What stands on the network ------------------------------------------------------------------


class Said(NamedTuple):
    """A public post of ours that stands on the network since `at`: whether it answers rather than
    acknowledges, and whether it asks the customer to write in private."""

    at: datetime
    answers: bool
    invites: bool


def said_in_public(case: Case, said: Said, *, by: int | None, now: datetime) -> None:
    """What follows from a public post of ours: an invitation is no follow-up."""
    if said.invites:
        invited(case, at=said.at, by=by, now=now)
    elif said.answers:
        answered_in_public(case, at=said.at, by=by, now=now)


def heard(posts: Sequence[int], message_link: str, *, now: datetime) -> None:
    """Posts of ours that were heard, not sent by the desk: what was typed in the network's own app
    invites and follows up as well. `message_link` is as in `core.network.Limits`."""
    for case_id, at, text, ends, ours, handle in (
        fetch("cases/ours_in_rooms", {"posts": list(posts)}) if posts else ()
    ):
        link = link_to(message_link, ours=ours, handle=handle)
        case = Case.objects.select_for_update().get(pk=case_id)
        said_in_public(case, Said(at, ends, invites(text, link)), by=None, now=now)
