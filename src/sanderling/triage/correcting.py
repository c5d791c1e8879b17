"""What agents correct: kept with who and why, stronger than any judge about the same wording."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from sanderling.core.verdict import Aspect, Kind, Tone, Urgency
from sanderling.core.words import later, say
from sanderling.triage.actions import Decided
from sanderling.triage.models import Correction, Topic, Verdict

LONGEST_WHY = 500
_LANG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


class NotJudged(Exception):
    """Nothing was found in this post that could be corrected; the sentence says why."""


class WrongValue(ValueError):
    """The aspect cannot have this value; the sentence says what it can have."""


class Corrected(NamedTuple):
    """What a correction came to: values as text, and what counts before and after it."""

    was: str
    now: str
    before: Decided
    after: Decided


@transaction.atomic
def correct_verdict(
    *, post_id: int, aspect: Aspect, value: str, by: int, why: str, now: datetime
) -> Corrected | None:
    """Let `aspect` of the verdict on a post be `value`, in the name of `by`.

    Values are texts: needs_us "true" or "false"; a kind; a tone from "0" to "5"; an urgency from
    "0" to "3"; a language code; the number of a topic, or nothing. Saying what already stands
    settles a doubt; saying it twice is nothing, and gives None. The caller holds the account and
    brings the cases in line. Raises NotJudged and WrongValue.
    """
    why = why.replace("\0", "").strip()
    if len(why) > LONGEST_WHY:
        raise WrongValue(
            say(
                "A reason may have {most} characters; this has {n}.",
                most=LONGEST_WHY,
                n=len(why),
            )
        )
    row = Verdict.objects.select_for_update(of=("self",)).select_related("post").filter(
        pk=post_id).first()  # fmt: skip
    if row is None:
        raise NotJudged(say("Nothing was found in this post yet. Try again in a moment."))
    if row.post.direction == "ours":
        raise NotJudged(say("This post is ours: nothing is found in it that could be corrected."))
    meant, was, before = _read(aspect, value), text_of(row, aspect), _decided(row)
    text = _text(meant)
    if text == was and aspect in row.corrected:
        return None
    _set(row, aspect, meant)
    Correction.objects.create(
        post_id=post_id, version_at=row.post.version_at, aspect=aspect, was=was, now=text, by_id=by,
        why=why, at=now, judge=row.judge, network=row.post.network, lang=row.lang,
    )  # fmt: skip
    return Corrected(was, text, before, _decided(row))


def text_of(row: Verdict, aspect: Aspect) -> str:
    """The value of an aspect as corrections write it."""
    return _text(getattr(row, aspect))


def _set(row: Verdict, aspect: Aspect, meant: Any) -> None:
    setattr(row, aspect, meant)
    if aspect is Aspect.TONE:
        row.heat = meant / max(Tone)
    row.corrected = sorted({*row.corrected, aspect.value})
    row.unsure = [doubt for doubt in row.unsure if doubt != aspect]
    row.version_at = row.post.version_at
    row.save(update_fields=[aspect, "heat", "corrected", "unsure", "version_at"])


def _decided(row: Verdict) -> Decided:
    return Decided(row.needs_us, Kind(row.kind))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


_WRONG = {
    Aspect.NEEDS_US: later("“{value}” does not say whether a post needs us."),
    Aspect.KIND: later("“{value}” is no kind of a post."),
    Aspect.TONE: later("“{value}” is no tone of a post."),
    Aspect.URGENCY: later("“{value}” is no urgency of a post."),
    Aspect.LANG: later("“{value}” is no language of a post."),
    Aspect.TOPIC: later("“{value}” is no topic of a post."),
}


def _read(aspect: Aspect, value: str) -> Any:
    """What `value` means for the aspect; raises WrongValue."""
    try:
        return _READ[aspect](value)
    except WrongValue:
        raise
    except (ValueError, KeyError) as error:
        raise WrongValue(
            say(
                _WRONG[aspect],
                value=value[:40],
            )
        ) from error


def _needs_us(value: str) -> bool:
    return {"true": True, "false": False}[value]


def _lang(value: str) -> str:
    if not _LANG.fullmatch(value):
        raise ValueError(value)
    return value


def _topic(value: str) -> int | None:
    if not value:
        return None
    if not (value.isdecimal() and len(value) < 19 and Topic.objects.filter(pk=int(value)).exists()):
        raise WrongValue(say("There is no such topic any more. Choose another."))
    return int(value)


_READ: dict[Aspect, Callable[[str], Any]] = {
    Aspect.NEEDS_US: _needs_us,
    Aspect.KIND: lambda value: Kind(value).value,
    Aspect.TONE: lambda value: Tone(int(value)).value,
    Aspect.URGENCY: lambda value: Urgency(int(value)).value,
    Aspect.LANG: _lang,
    Aspect.TOPIC: _topic,
}
