"""Rounds: one answer for everybody whom an incident touches, each in words of their own.

A round is prepared, may have to be approved, runs, and can be held, stopped and resumed at any
time. Nothing leaves here: rounding.py lets one answer after the other go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, get_args

from django.db import transaction

from sanderling.cases.actions import open_for
from sanderling.core.lifecycle import Impossible
from sanderling.core.lives import OUTGOING, ROUND
from sanderling.core.reaching import OVERRULED, RoundKind
from sanderling.core.voice import LEAD
from sanderling.core.wording import Unclear, check
from sanderling.core.words import figure, say
from sanderling.incidents.queries import incident
from sanderling.people.queries import leads_alone, speaker
from sanderling.policy.queries import current
from sanderling.respond.approving import NotYours
from sanderling.respond.holding import parts
from sanderling.respond.models import Outgoing, Recipient, Round
from sanderling.respond.progress import forecast, in_language, problems
from sanderling.respond.queries import LimitsFor
from sanderling.respond.reaching import Became, enlist, put, set_aside, waiting_of
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.store.sql import fetch

FASTEST = 100_000
"""Answers an hour that anybody may ask for; networks allow far fewer."""

LIVE = ("prepared", "asked", "running", "held")
"""States of a round that is not at its end; one of each kind in an incident."""


class NotReady(ValueError):
    """The round cannot begin like this: `why`, in sentences."""

    def __init__(self, *why: str) -> None:
        self.why = why
        super().__init__(" ".join(why))


class NoSuchRound(Exception):
    """There is no round, or nobody in it, of this number."""


@transaction.atomic
def prepare(  # noqa: PLR0913  a round is said with all that belongs to it
    *,
    incident_id: int,
    kind: str,
    text: str,
    by: int,
    now: datetime,
    limits_for: LimitsFor,
    per_hour: int | None = None,
    translations: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Word a round, or word it anew while it is being prepared, and find out whom it would reach;
    gives its number. By default it is as fast as the policy says, in answers an hour.

    `translations`, by the code of a language, are for those who write it; an empty one is none.

    Who still waits in an earlier round of this kind that was stopped waits in this one. Raises
    NotReady, Unclear for a template that cannot be read, and Impossible where one runs already.
    """
    if kind not in get_args(RoundKind):
        raise NotReady(say("There is no round called {kind}.", kind=kind[:20]))
    others = {code: words for code, words in translations.items() if words.strip()}
    for code, words in {"": text, **others}.items():
        if wrong := check(words):
            raise Unclear(in_language(code, wrong[0]))
    pace = _pace(current().document.incidents.per_hour if per_hour is None else per_hour)
    there = incident(incident_id)
    if not there.stands and kind == "acknowledge":
        raise NotReady(say("The incident is over; close it with everybody instead."))
    live = Round.objects.select_for_update().filter(incident_id=incident_id, kind=kind)
    row = live.filter(state__in=LIVE).first()
    if row is None:
        row = Round.objects.create(
            incident_id=incident_id, kind=kind, state=ROUND.first, text=text, per_hour=pace,
            by_id=by, at=now, translations=others,
        )  # fmt: skip
        record(row, "prepare", by=by, now=now)
        earlier = Recipient.objects.filter(incident_id=incident_id, kind=kind, state="waiting")
        earlier.update(round=row)
    elif row.state == "prepared":
        row.text, row.translations, row.per_hour = text, others, pace
        row.by_id, row.at = by, now
        row.save(update_fields=["text", "translations", "per_hour", "by_id", "at"])
    else:
        raise Impossible(say("Another round runs here. Stop it before you word a new one."))
    set_aside(waiting_of(row), row, limits_for=limits_for, now=now)
    enlist(row, limits_for=limits_for, now=now)
    _tell(row)
    return row.pk


@transaction.atomic
def begin(*, round_id: int, by: int, now: datetime, limits_for: LimitsFor) -> str:
    """Let a round begin, or ask for the approval that the policy wants first; gives its state.

    What it will take and cost is kept as it is forecast now. Raises NotReady with all that speaks
    against it.
    """
    row = _locked(round_id)
    enlist(row, limits_for=limits_for, now=now)
    if wrong := problems(row, limits_for=limits_for):
        raise NotReady(*wrong)
    seen_ahead = forecast(row, limits_for=limits_for, now=now)
    if not seen_ahead.waiting:
        raise NotReady(say("Nobody is left whom this round could answer."))
    row.forecast = seen_ahead.kept()
    row.save(update_fields=["forecast"])
    who = current().document.incidents.approve
    if who and not leads_alone(row.by_id, who):
        _move(row, "ask", by=by, now=now, why="")
        announce.announce([announce.APPROVALS])
    else:
        _move(row, "begin", by=by, now=now, begun_at=now, why="")
    return row.state


@transaction.atomic
def approve(*, round_id: int, by: int, now: datetime) -> None:
    """A second pair of eyes has read the words: the round begins. Raises NotYours."""
    row = _locked(round_id)
    _may_decide(row, by)
    _move(row, "approve", by=by, now=now, begun_at=now, why="")


@transaction.atomic
def send_back(*, round_id: int, note: str, by: int, now: datetime) -> None:
    """Give the round back to whoever worded it, with a note; they may also take it back themselves,
    without one. Raises NotYours, and NotReady without a note."""
    row = _locked(round_id)
    note = note.replace("\0", "").strip()[:2_000]
    if by != row.by_id:
        _may_decide(row, by)
    if not note and by != row.by_id:
        raise NotReady(say("Say in a few words what should be different."))
    _move(row, "send back", by=by, now=now, why=note)


@transaction.atomic
def hold(*, round_id: int, by: int, now: datetime) -> int:
    """Nothing more leaves until it is resumed; how many answers were called back in time."""
    return _halt(_locked(round_id), "hold", by=by, now=now)


@transaction.atomic
def stop(*, round_id: int, by: int | None, now: datetime, why: str = "") -> int:
    """End a round, whoever still waits; how many answers were called back in time."""
    row = _locked(round_id)
    if row.state == "prepared":
        _move(row, "drop", by=by, now=now, ended_at=now, why=why)
        return 0
    return _halt(row, "stop", by=by, now=now, ended_at=now, why=why)


@transaction.atomic
def resume(*, round_id: int, by: int, now: datetime) -> None:
    """Go on where a round was held, stopped or done: with who waits, and who came since."""
    row = _locked(round_id)
    later_one = Round.objects.filter(incident_id=row.incident_id, kind=row.kind, pk__gt=row.pk)
    if later_one.exists():
        raise Impossible(say("A newer round has taken its place."))
    if row.begun_at is None:
        raise Impossible(say("It never began. Word a new one."))
    _move(row, "resume", by=by, now=now, ended_at=None, why="")


@transaction.atomic
def change_pace(*, round_id: int, per_hour: int, by: int, now: datetime) -> None:
    """So many answers an hour from each account, from now on."""
    row = _locked(round_id)
    row.per_hour = _pace(per_hour)
    row.save(update_fields=["per_hour"])
    record(row, "pace", by=by, now=now, note=str(row.per_hour))
    _tell(row)


@transaction.atomic
def answer_all_the_same(*, recipient_id: int, by: int, now: datetime) -> None:
    """Somebody whom the round left aside shall be answered after all, in the name of `by`.

    A post that is no case becomes one. Raises Impossible where that is not for people to decide.
    """
    one = Recipient.objects.select_for_update().filter(pk=recipient_id).first()
    if one is None:
        raise NoSuchRound(say("There is nobody of number {number} here.", number=recipient_id))
    if one.state != "set aside" or one.reason not in OVERRULED:
        raise Impossible(say("They cannot be put back into the line."))
    case = open_for(post_id=one.post_id, by=by, now=now) if one.case_id is None else one.case_id
    Recipient.objects.filter(pk=one.pk).update(by=by)
    put([Became(one.pk, "waiting", case_id=case)], now=now, was=("set aside",))
    _tell(Round.objects.get(pk=one.round_id))


def may_decide(author: int, agent_id: int) -> bool:
    """Whether this agent may be the second pair of eyes for what `author` worded."""
    who, asks = current().document.incidents.approve, speaker(agent_id)
    return agent_id != author and (asks.lead or (who != LEAD and who in asks.teams))


def _may_decide(row: Round, by: int) -> None:
    if not may_decide(row.by_id, by):
        raise NotYours(say("This is for somebody else to read: a lead, or who the policy names."))


def _halt(row: Round, move: str, *, by: int | None, now: datetime, **changes: Any) -> int:
    _move(row, move, by=by, now=now, **changes)
    back = [
        Became(recipient, "waiting")
        for recipient, outgoing in fetch("respond/recallable", {"round": row.pk})
        if called_back(Outgoing.objects.get(pk=outgoing), by=by, now=now)
    ]
    return put(back, now=now, was=("taken",))


def called_back(row: Outgoing, *, by: int | None, now: datetime) -> bool:
    """Withdraw an answer of a round; False where it is leaving this very moment."""
    try:
        for each in parts(row):
            advance(each, OUTGOING, "withdraw", by=by, now=now, wake_at=None)
    except (Overtaken, Impossible):
        return False
    if row.case_id:
        announce.announce([announce.case(row.case_id)])
    return True


def _pace(per_hour: int) -> int:
    if not 1 <= per_hour <= FASTEST:
        raise NotReady(say("Choose from 1 to {most} answers an hour.", most=figure(FASTEST)))
    return per_hour


def _locked(round_id: int) -> Round:
    row = Round.objects.select_for_update().filter(pk=round_id).first()
    if row is None:
        raise NoSuchRound(say("There is no round {number}.", number=round_id))
    return row


def _move(row: Round, move: str, *, by: int | None, now: datetime, **changes: Any) -> None:
    advance(row, ROUND, move, by=by, now=now, **changes)
    _tell(row)


def _tell(row: Round) -> None:
    announce.announce([announce.incident(row.incident_id)])
