"""One answer to several customers: each by name, each in words of its own, and each through the
same guards, interlock and approvals as an answer to one.

The token that the form carries gives each post its key, and keys are unique: a form that comes
twice tells how it went, and nobody is answered twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max

from sanderling.cases.actions import Then
from sanderling.core.network import Room
from sanderling.core.sameness import worded
from sanderling.core.wording import Unclear, check, variables
from sanderling.core.words import later, say
from sanderling.respond.actions import News, Objections, propose
from sanderling.respond.addressing import Addressed, addressed, values
from sanderling.respond.holding import parts
from sanderling.respond.models import Outgoing
from sanderling.respond.queries import LimitsFor
from sanderling.store.sql import fetch

MOST = 100
"""Customers that are answered at once."""

APART = timedelta(seconds=2)
"""How far apart answers leave from one account, where its network says nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went for one customer: `state` is queued, held or objection; `why` then says what
    speaks against it. A post that went on since tells where it stands now."""

    whom: Addressed
    text: str
    state: str
    why: tuple[str, ...] = ()
    outgoing: int | None = None
    leaves_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to all: the template `text`, in `room`; `then` is what happens to each case."""

    text: str
    room: Room
    then: Then


def problems(case_ids: Sequence[int], text: str) -> list[str]:
    """What speaks against saying this to all of them, in words; nothing if it may be tried."""
    found = check(text)
    if not case_ids:
        found.append(say("Choose whom to answer first."))
    if len(set(case_ids)) > MOST:
        found.append(say("At most {most} customers are answered at once.", most=MOST))
    if not found and not variables(text) & {"name", "handle"}:
        found.append(
            say(
                "Address each of them: put {name} or {handle} into the text.",
                name="{name}",
                handle="{handle}",
            )
        )
    return found


def propose_many(  # noqa: PLR0913  everything that makes an answer is said, nothing is assumed
    *,
    case_ids: Sequence[int],
    answer: Answer,
    token: UUID,
    seen: Mapping[int, int],
    by: int,
    now: datetime,
    limits_for: LimitsFor,
    dry: bool = False,
) -> list[Outcome]:
    """Answer each case in turn, who has waited longest first, and say how it went.

    `seen` is, by case, the newest post its agent had before them. Each answer is a transaction of
    its own, and what speaks against one keeps back no other. They leave one after the other, as
    fast as their network lets us write. `dry`: nothing is kept, all is told. Raises Unclear.
    """
    if against := problems(case_ids, answer.text):
        raise Unclear(against[0])
    each = addressed(case_ids)
    seed = token.int % 2**64
    texts = worded(answer.text, [values(whom, by) for whom in each], seed)
    queue = _Pace(now, limits_for)
    had: set[tuple[int, int]] = set()
    outcomes = []
    for whom, text in zip(each, texts, strict=True):
        if (whom.account_id, whom.customer_id) in had:
            outcomes.append(
                _not(whom, text, say("This customer is answered in another case already."))
            )
            continue
        had.add((whom.account_id, whom.customer_id))
        one = _Say(whom, text, answer, uuid5(token, str(whom.case_id)), by, now, limits_for)
        outcomes.append(_one(one, seen.get(whom.case_id), queue, dry=dry))
    return outcomes


@dataclass(frozen=True, slots=True)
class _Say:
    whom: Addressed
    text: str
    answer: Answer
    key: UUID
    by: int
    now: datetime
    limits_for: LimitsFor


class _Pace:
    """When the next answer may leave from an account."""

    def __init__(self, now: datetime, limits_for: LimitsFor) -> None:
        self._now, self._limits_for = now, limits_for
        self._next: dict[int, datetime] = {}

    def after(self, row: Outgoing) -> datetime:
        """When this answer leaves: behind all that its account has queued already."""
        account = row.account_id
        per_hour = self._limits_for(account).writes_per_hour
        apart = timedelta(hours=1) / per_hour if per_hour else APART
        if account not in self._next:
            queued = Outgoing.objects.filter(account_id=account, state="queued").exclude(pk=row.pk)
            last = queued.aggregate(last=Max("leaves_at"))["last"]
            self._next[account] = last + apart if last and last > self._now else row.leaves_at
        leaves = max(self._next[account], row.leaves_at)
        self._next[account] = leaves + apart
        return leaves


def _one(one: _Say, seen: int | None, queue: _Pace, *, dry: bool) -> Outcome:
    try:
        with transaction.atomic():
            fetch("respond/lock_case", {"case": one.whom.case_id})
            known = Outgoing.objects.filter(key=one.key).first()
            outcome = _known(one.whom, known) if known else _new(one, seen, queue)
            if dry:
                transaction.set_rollback(True)
            return outcome
    except News as news:
        return _not(one.whom, one.text, say("{news} Read it first.", news=news))
    except Objections as against:
        return Outcome(one.whom, one.text, "objection", tuple(against.sentences))


_ENDED = {
    "resolved": later("The case is resolved already."),
    "closed": later("The case is closed already."),
}


def _new(one: _Say, seen: int | None, queue: _Pace) -> Outcome:
    if one.whom.state in _ENDED:
        return _not(one.whom, one.text, say(_ENDED[one.whom.state]))
    number = propose(
        case_id=one.whom.case_id, room=one.answer.room, text=one.text, reply_to_post=None,
        then=one.answer.then, seen=seen or 0, by=one.by, now=one.now, limits_for=one.limits_for,
    )  # fmt: skip
    row = Outgoing.objects.get(pk=number)
    row.key = one.key
    row.save(update_fields=["key"])
    if row.state == "queued":
        row.leaves_at = queue.after(row)
        for each in parts(row):
            each.leaves_at = each.wake_at = row.leaves_at
            each.save(update_fields=["leaves_at", "wake_at"])
    return _known(one.whom, row)


def _known(whom: Addressed, row: Outgoing) -> Outcome:
    return Outcome(whom, row.text, row.state, (), row.pk, row.leaves_at)


def _not(whom: Addressed, text: str, why: str) -> Outcome:
    return Outcome(whom, text, "objection", (why,))
