"""Notes: what agents tell each other in a case, and whom they name in it.

The caller holds the case (`cases.actions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sanderling.cases.models import Case, Mention, Note
from sanderling.core.mentioning import Named, mentions
from sanderling.core.words import figure, say
from sanderling.people.queries import colleagues
from sanderling.store import announce
from sanderling.store.moves import record

LONGEST_NOTE = 10_000


def keep_note(case: Case, text: str, *, by: int, now: datetime, also: Iterable[int] = ()) -> None:
    """Leave a note; whoever is named in it, and `also` who is given, hears of it.

    Raises ValueError, in words, if it says nothing or far too much.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise ValueError(say("A note needs some words."))
    if len(text) > LONGEST_NOTE:
        raise ValueError(
            say(
                "A note may have {most} characters; this has {n}.",
                most=figure(LONGEST_NOTE),
                n=figure(len(text)),
            )
        )
    note = Note.objects.create(case=case, by_id=by, text=text, at=now)
    record(case, "note", by=by, now=now)
    told = sorted({*_named_in(text), *also} - {by})
    Mention.objects.bulk_create([Mention(note=note, agent_id=agent) for agent in told])
    announce.announce([announce.case(case.pk), *map(announce.agent, told)])


def _named_in(text: str) -> set[int]:
    known = [Named(c.id, c.name, c.initials) for c in colleagues()] if "@" in text else []
    return {who for found in mentions(text, known) for who in found.who}


@transaction.atomic
def seen(*, case_ids: Iterable[int], by: int, now: datetime) -> int:
    """`by` has these cases before them: what names them there is seen. Gives how many there were.

    Seeing is no act: it leaves no move, and only their own pages hear of it.
    """
    unseen = Mention.objects.filter(agent_id=by, seen_at=None, note__case_id__in=list(case_ids))
    found = unseen.update(seen_at=now)
    if found:
        announce.announce([announce.agent(by)])
    return found
