"""Learning from corrections (T10): a new layer goes live only if it passes the gate.

corrections --> lessons --> core.judging.layer: learn --> the gate --> live, or kept aside
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from django.db import transaction

from sanderling.core.judging import weights
from sanderling.core.judging.fast import addressed
from sanderling.core.judging.layer import FEWEST, Figures, Lesson, learn
from sanderling.core.judging.tasks import TASKS
from sanderling.core.verdict import Aspect, Kind
from sanderling.core.words import later
from sanderling.triage import judges, queries
from sanderling.triage.layers import go_live, keep_layer

ASPECTS = (Aspect.KIND, Aspect.TONE, Aspect.NEEDS_US)
"""What can be learnt; the rest follows from rules, or is kept as the agent said it."""

REST = timedelta(hours=20)
_NIGHT = range(1, 5)
"""Hours, UTC, in which the desk learns by itself."""


class Learnt(NamedTuple):
    """What came of learning: the layer, whether it is live, and how it did in a sentence."""

    layer: int | None
    live: bool
    says: str


def retrain(*, allow_x: bool, now: datetime) -> Learnt:
    """Learn a new layer from all corrections, and let it judge if it passes the gate."""
    lessons = lessons_of(queries.trainable(allow_x=allow_x, aspects=ASPECTS))
    if len(lessons) < FEWEST:
        return Learnt(
            None, live=False,
            says=later("There are {n} corrected posts to learn from; {fewest} are needed.").format(
                n=len(lessons), fewest=FEWEST
            ),
        )  # fmt: skip
    judge = weights.fast()
    layer, figures = learn(judge, lessons)
    with transaction.atomic():
        number = keep_layer(
            base=judge.name,
            weights=layer.pack(),
            figures=msgspec.to_builtins(figures),
            note=_outcome(figures),
            now=now,
        )
        if figures.passes:
            go_live(layer_id=number, now=now)
    judges.look_again()
    return Learnt(number, figures.passes, f"{figures.says()} {_outcome(figures)}")


def retrain_at_night(*, allow_x: bool, now: datetime) -> Learnt | None:
    """Learn once a night, if anything was corrected since the last time."""
    made = [layer.made_at for layer in queries.layers()]
    last = max(made, default=None)
    if now.hour not in _NIGHT or (last is not None and now - last < REST):
        return None
    fresh = queries.trainable(allow_x=allow_x, aspects=ASPECTS, limit=1)
    if not fresh or (last is not None and fresh[0].at <= last):
        return None
    return retrain(allow_x=allow_x, now=now)


def lessons_of(corrections: Iterable[queries.Lesson]) -> list[Lesson]:
    """One lesson a post, of all that was said about it.

    That a post does not need us says that it is chat; that it does says nothing of its kind.
    """
    found: dict[int, Lesson] = {}
    for said in corrections:
        lesson = found.get(said.post) or Lesson(
            said.post, said.facts.text, said.facts.lang, to_us=addressed([said.facts])[0]
        )
        if said.aspect is Aspect.KIND:
            lesson = lesson._replace(kind=said.value)
        elif said.aspect is Aspect.TONE:
            lesson = lesson._replace(tone=TASKS["tone"].classes[int(said.value)])
        elif said.value == "false":
            lesson = lesson._replace(kind=lesson.kind or Kind.OTHER.value)
        found[said.post] = lesson
    return [lesson for lesson in found.values() if lesson.kind or lesson.tone]


def _outcome(figures: Figures) -> str:
    if figures.passes:
        return later("It judges from now on.")
    if figures.met <= figures.met_before:
        return later("It does not judge: it met no more of what was held back.")
    return later("It does not judge: it would forget what was known.")
