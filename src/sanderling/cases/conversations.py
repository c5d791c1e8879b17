"""What the conversations of matters say, as columns of their cases (core/judging/arc.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sanderling.core.judging.arc import MOST_SAID, Arc, Said, arc
from sanderling.core.placing import Entry, Need
from sanderling.core.verdict import Tone
from sanderling.store.sql import fetch

Sounds = tuple[Tone, float]
"""The tone and the heat of a post."""


def conversations(matters: Sequence[Sequence[Entry]]) -> list[dict[str, Any]]:
    """The columns that each matter's conversation sets, from verdicts that are kept already.

    `urgency` is the least that the case's may be. A post alone, most matters by far, sets nothing:
    its tone stands in the verdict that its case is written from.
    """
    heard = [_heard(matter) for matter in matters]
    sounds = _sounds(e.post for entries in heard for e in entries if e.role == "requester")
    return [
        {} if _alone(matter) else _columns(arc(_said(entries, sounds)))
        for matter, entries in zip(matters, heard, strict=True)
    ]


def _alone(matter: Sequence[Entry]) -> bool:
    return len(matter) == 1 and not matter[0].gone


def _heard(matter: Sequence[Entry]) -> list[Entry]:
    """What counts of a matter: nothing of bystanders, nothing taken back, and only the newest."""
    if _alone(matter):
        return []
    return [e for e in matter if e.role != "bystander" and not e.gone][-MOST_SAID:]


def _sounds(posts: Iterable[int]) -> dict[int, Sounds]:
    wanted = list(posts)
    if not wanted:
        return {}
    found = fetch("cases/tones", {"posts": wanted})
    return {post: (_TONES[tone], heat) for post, tone, heat in found}


def _said(entries: Iterable[Entry], sounds: Mapping[int, Sounds]) -> Iterable[Said]:
    for e in entries:
        if e.role == "us":
            yield Said(e.names[0], e.at, "us")
        elif e.post in sounds:
            tone, heat = sounds[e.post]
            needs = e.needs == Need.ANSWER and not e.settled
            yield Said(e.names[0], e.at, "requester", heat, tone, needs)


def _columns(found: Arc) -> dict[str, Any]:
    return {
        "arc": found.steps,
        "swing": found.swing,
        "swung_at": found.swung_at,
        "reasons": found.reasons,
        "urgency": found.urgency,
    }


_TONES = tuple(Tone)
