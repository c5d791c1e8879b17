"""Waiting on somebody else: a question to a colleague, or a third party who must move.

The case is put aside meanwhile (cases/resting.py). A question stays open until it is answered or
withdrawn, or its case ends; the colleague is reminded of it again and again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import F

from sanderling.cases.actions import locked
from sanderling.cases.models import Ask, Case
from sanderling.cases.noting import keep_note
from sanderling.cases.resting import put_aside, wake_up
from sanderling.core.words import figure, later, say
from sanderling.people.queries import Colleague, colleague
from sanderling.store import announce
from sanderling.store.moves import record
from sanderling.store.sql import fetch

LONGEST_QUESTION = 2_000
LONGEST_NAME = 120
LONGEST_WAIT = timedelta(days=90)


_What = Literal["question", "answer", "name"]
_WORDLESS: dict[_What, str] = {
    "question": later("A question needs some words."),
    "answer": later("An answer needs some words."),
    "name": later("A name needs some words."),
}
_TOO_LONG: dict[_What, str] = {
    "question": later("A question may have {most} characters; this has {n}."),
    "answer": later("An answer may have {most} characters; this has {n}."),
    "name": later("A name may have {most} characters; this has {n}."),
}


class NotAsked(Exception):
    """There is no such question to this agent, or it is settled; the sentence says which."""


@transaction.atomic
def ask(*, case_id: int, to: int, question: str, remind: timedelta, by: int, now: datetime) -> int:
    """Ask a colleague; the case waits on them. Gives the question's number.

    They are reminded each `remind`. Raises ValueError, in words, for a question that nobody could
    answer, and Overtaken where the case is no longer worked on.
    """
    question = _words(question, "question", LONGEST_QUESTION)
    whom = _whom(to, by)
    case = locked(case_id)
    if Ask.objects.filter(case=case, to_id=to, answered_at=None, withdrawn_at=None).exists():
        raise ValueError(
            say("{name} has a question of this case already, not answered yet.", name=whom.name)
        )
    said = f"{whom.name}: {question}"
    until = now + remind
    put_aside(case, "ask", until=until, waits_on="colleague", by=by, now=now, note=said)
    asked = Ask.objects.create(
        case=case, by_id=by, to_id=to, question=question, at=now, remind_at=until
    )
    announce.announce([announce.agent(to)])
    return asked.pk


@transaction.atomic
def answer(*, ask_id: int, text: str, by: int, now: datetime) -> int:
    """Answer a question: a note in the case, which wakes; who asked and its owner hear of it.

    Gives the number of the case. Raises NotAsked, and ValueError for an answer without words.
    """
    case, asked = _open(ask_id)
    if asked.to_id != by:
        raise NotAsked(say("Somebody else was asked this. Write them a note instead."))
    text = _words(text, "answer", LONGEST_QUESTION)
    asked.answer, asked.answered_at, asked.remind_at = text, now, None
    asked.save(update_fields=["answer", "answered_at", "remind_at"])
    keep_note(case, text, by=by, now=now, also={asked.by_id, case.owner_id or asked.by_id})
    record(case, "answer a question", by=by, now=now, note=asked.question)
    announce.announce([announce.agent(by)])
    _wake_asker(case, now, later("the question was answered"))
    return case.pk


@transaction.atomic
def withdraw(*, ask_id: int, by: int, now: datetime) -> int:
    """The question needs no answer any more; the case wakes if it rested for that. Gives its
    number. Raises NotAsked."""
    case, asked = _open(ask_id)
    asked.withdrawn_at, asked.remind_at = now, None
    asked.save(update_fields=["withdrawn_at", "remind_at"])
    record(case, "withdraw a question", by=by, now=now, note=asked.question)
    announce.announce([announce.agent(asked.to_id), announce.case(case.pk)])
    if not Ask.objects.filter(case=case, answered_at=None, withdrawn_at=None).exists():
        _wake_asker(case, now, later("the question was withdrawn"))
    return case.pk


@transaction.atomic
def wait_on_third_party(
    *, case_id: int, whom: str, until: datetime, by: int, now: datetime
) -> None:
    """Somebody outside the desk must move (a courier, a supplier); the case wakes at `until`.

    Raises ValueError, in words, without a name or with a time that makes no sense, and Overtaken.
    """
    whom = _words(" ".join(whom.split()), "name", LONGEST_NAME)
    if not now < until <= now + LONGEST_WAIT:
        raise ValueError(
            say("Say until when: later than now, and within {days} days.", days=LONGEST_WAIT.days)
        )
    put_aside(
        locked(case_id), "wait", until=until, waits_on="third party", by=by, now=now, note=whom
    )


def remind_due(*, every: timedelta, now: datetime) -> int:
    """Remind those who were asked and have not answered, once each period; gives how many.

    A case that rests for it wakes, so that whoever asked can look elsewhere.
    """
    reminded = 0
    while found := fetch("cases/next_reminder", {"now": now}):
        _remind(found[0][0], every, now)
        reminded += 1
    return reminded


@transaction.atomic
def _remind(ask_id: int, every: timedelta, now: datetime) -> None:
    try:
        case, asked = _open(ask_id)
    except NotAsked:  # answered a moment ago
        return
    if asked.remind_at is None or asked.remind_at > now:
        return
    Ask.objects.filter(pk=ask_id).update(reminded=F("reminded") + 1, remind_at=now + every)
    record(case, "remind", by=None, now=now, note=asked.question)
    announce.announce([announce.agent(asked.to_id), announce.case(case.pk)])
    _wake_asker(case, now, later("no answer yet"))


def _wake_asker(case: Case, now: datetime, why: str) -> None:
    if case.waits_on == "colleague":
        wake_up(case, by=None, now=now, why=why)


def _open(ask_id: int) -> tuple[Case, Ask]:
    """A question that is not settled, and its case, both locked: the case first, as ever."""
    case_id = Ask.objects.filter(pk=ask_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotAsked(say("There is no question {number}.", number=ask_id))
    case = locked(case_id)
    asked = Ask.objects.select_for_update().get(pk=ask_id)
    if asked.answered_at is not None:
        raise NotAsked(say("This question is answered already."))
    if asked.withdrawn_at is not None:
        raise NotAsked(say("This question was withdrawn: no answer is needed any more."))
    return case, asked


def _whom(to: int, by: int) -> Colleague:
    whom = colleague(to)
    if whom is None:
        raise ValueError(say("That colleague is not at the desk any more. Ask somebody else."))
    if to == by:
        raise ValueError(say("You cannot ask yourself. Choose a colleague."))
    return whom


def _words(text: str, what: _What, most: int) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise ValueError(say(_WORDLESS[what]))
    if len(text) > most:
        raise ValueError(say(_TOO_LONG[what], most=figure(most), n=figure(len(text))))
    return text
