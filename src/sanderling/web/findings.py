"""A verdict in words: what was found, how sure that is, why, and what else it could be.

Only what the row says is said. A judge that does not tell how sure it is leaves that out, and a
chance of exactly one is such a silence: no calibrated judge is ever certain.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from sanderling.core.verdict import Aspect, Flag, Kind, Reason, Tone, Urgency
from sanderling.core.words import later, retold, say
from sanderling.triage.queries import CorrectionMade, Found, TopicRow, topics, verdict_of
from sanderling.web import languages, marks, wording

FLAGS: dict[str, str] = {
    Flag.SAFETY: later("Somebody’s safety"),
    Flag.MONEY: later("Money at stake"),
    Flag.STRANDED: later("Stranded now"),
    Flag.LEGAL: later("Lawyers or authorities"),
    Flag.PRESS: later("The press"),
    Flag.LEAVING: later("Wants to leave us"),
    Flag.VULNERABLE: later("A vulnerable person"),
    Flag.ABUSE: later("Insults staff"),
    Flag.SELFHARM: later("Talks of self-harm"),
    Flag.THREAT: later("A threat"),
    Flag.SCAM: later("A scam"),
}
GRAVE = frozenset((Flag.SAFETY, Flag.SELFHARM, Flag.THREAT, Flag.VULNERABLE))
"""Flags that must not be overlooked among the others."""
FOLDED = {
    Flag.THREAT: later("This post contains a threat."),
    Flag.ABUSE: later("This post insults staff."),
}
"""What nobody is made to read; a cry for help is not among it, for that must be read."""

NEEDS = {"true": later("Yes"), "false": later("No")}
_URGENCIES = (later("Low"), later("Normal"), later("High"), later("Critical"))
URGENCIES = {str(int(u)): _URGENCIES[u] for u in Urgency}
TONES = {str(int(tone)): wording.TONES[tone] for tone in Tone}
KEYS: dict[Aspect, dict[str, str]] = {
    Aspect.NEEDS_US: {"true": "y", "false": "n"},
    Aspect.KIND: {kind: kind[0] for kind in Kind},
    Aspect.TONE: {str(int(tone)): str(tone + 1) for tone in Tone},
    Aspect.URGENCY: {str(int(u)): str((u + 7) % 10) for u in Urgency},
    Aspect.LANG: {},
    Aspect.TOPIC: {},
}
"""The one key of each value in the dialog: y n, the kind's first letter, 1 to 6, and 7 to 0."""

SURE = (
    (0.95, later("almost certain, {percent}%")),
    (0.75, later("likely, {percent}%")),
    (0.55, later("more likely than not, {percent}%")),
)
GUESS = later("hardly more than a guess, {percent}%")
_MOVED = re.compile(r"(\w+): (.*) → (.*)", re.DOTALL)


class Choice(NamedTuple):
    """A value that can be chosen: as corrections write it, in words, drawn, and its one key."""

    value: str
    words: str
    mark: Markup
    key: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One aspect of a verdict.

    `sure` is how likely it is, in words, empty where nothing tells; `unsure` asks a person to
    decide, and `decided` says that one did. `choices` are all it could be; none are listed for
    languages and topics, which are chosen from a list.
    """

    aspect: Aspect
    label: str
    value: str
    words: str
    mark: Markup
    sure: str
    unsure: bool
    decided: bool
    choices: tuple[Choice, ...]


class Counted(NamedTuple):
    """A reason: `share` is how much it counted, in per cent of the one that counted most.

    `share` is None where it was no matter of degree; `against` says that it spoke for something
    else, and `how` tells all that in words.
    """

    says: str
    share: int | None
    against: bool
    how: str


class Said(NamedTuple):
    """What somebody corrected, in words."""

    what: str
    was: str
    now: str
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A post's verdict as the screens show it.

    `flags` are what must not wait, each with whether it is grave. `alike` is how many posts say
    nearly the same, this one included; 1 where it stands alone. `folded` is why the text is folded
    away, empty where it is not.
    """

    found: Found
    findings: list[Finding]
    reasons: list[Counted]
    flags: list[tuple[str, bool]]
    alike: int
    folded: str
    topics: list[TopicRow]
    said: list[Said]


def judged(post_id: int) -> Judged | None:
    """All that the screens show of a post's verdict; None while there is none."""
    found = verdict_of(post_id)
    if found is None:
        return None
    tree = topics()
    names = named(tree)
    return Judged(
        found=found,
        findings=findings(found, names),
        reasons=reasons(found.reasons),
        flags=[(flag(f), f in GRAVE) for f in found.flags],
        alike=found.copies + 1,
        folded=folded(found.flags),
        topics=tree,
        said=[said(c, names) for c in found.corrections],
    )


def findings(found: Found, names: Mapping[str, str]) -> list[Finding]:
    """Every aspect of a verdict, in the order of the screen; the topic where there are any."""
    shown = [aspect for aspect in Aspect if aspect is not Aspect.TOPIC or names]
    return [_finding(found, aspect, names) for aspect in shown]


def value(found: Found, aspect: Aspect) -> str:
    """What was found, as corrections write it."""
    has: Any = getattr(found, aspect)
    if has is None:
        return ""
    return str(has).lower() if isinstance(has, bool) else str(has)


def in_words(aspect: Aspect, value: str, names: Mapping[str, str] | None = None) -> str:
    """A value as people say it; one that is not known stays as it is. `names` are the topics'."""
    match aspect:
        case Aspect.NEEDS_US:
            return say(NEEDS.get(value, value))
        case Aspect.KIND:
            return wording.kind_in_words(value)
        case Aspect.TONE:
            return say(TONES.get(value, value))
        case Aspect.URGENCY:
            return say(URGENCIES.get(value, value))
        case Aspect.LANG:
            return languages.language(value)
        case Aspect.TOPIC:
            return (names or {}).get(value, say("A topic that is gone")) if value else say("None")


def named(tree: Iterable[TopicRow]) -> dict[str, str]:
    """The names of topics by their numbers, as corrections write these."""
    return {str(topic.id): topic.name for topic in tree}


def said(c: CorrectionMade, names: Mapping[str, str]) -> Said:
    """A correction in words."""
    was, now = (in_words(c.aspect, text, names) for text in (c.was, c.now))
    return Said(say(wording.ASPECTS[c.aspect]), was, now, c.by, retold(c.why), c.at)


def corrected(note: str) -> str:
    """What a case's diary says of a correction, in words: corrected “tone”: Calm → Angry."""
    told = _MOVED.fullmatch(note)
    if not told or told[1] not in wording.ASPECTS:
        return say("corrected the verdict")
    aspect, was, now = Aspect(told[1]), told[2], told[3]
    what = wording.aspect_in_words(aspect)
    if was == now:
        return say("confirmed “{what}”", what=what)
    if aspect is Aspect.TOPIC:
        return say("corrected “{what}”", what=what)
    was, now = in_words(aspect, was), in_words(aspect, now)
    return say("corrected “{what}”: {was} → {now}", what=what, was=was, now=now)


def likely(chance: float | None) -> str:
    """How sure, in words and figures; empty where the judge does not tell."""
    if chance is None or chance >= 1:
        return ""
    sentence = next((sentence for least, sentence in SURE if chance >= least), GUESS)
    return say(sentence, percent=min(99, round(100 * chance)))


def reasons(given: Iterable[Reason]) -> list[Counted]:
    """Reasons with how much they counted, the heaviest first."""
    ranked = sorted(given, key=lambda reason: -abs(reason.weight))
    most = abs(ranked[0].weight) if ranked else 0.0
    return [_counted(reason, most) for reason in ranked]


def folded(flags: Collection[str]) -> str:
    """Why a text is folded away until somebody asks for it; empty where it is not."""
    return next((say(why) for flag, why in FOLDED.items() if flag in flags), "")


def flag(name: str) -> str:
    """A flag in words."""
    return say(FLAGS.get(name, name))


def _finding(found: Found, aspect: Aspect, names: Mapping[str, str]) -> Finding:
    now = value(found, aspect)
    chance = getattr(found.odds, aspect, None) if found.odds else None
    decided = aspect in found.corrected
    return Finding(
        aspect=aspect,
        label=say(wording.ASPECTS[aspect]),
        value=now,
        words=in_words(aspect, now, names),
        mark=_mark(aspect, now),
        sure="" if decided else likely(chance),
        unsure=aspect in found.unsure,
        decided=decided,
        choices=_choices(aspect),
    )


def _choices(aspect: Aspect) -> tuple[Choice, ...]:
    keys = KEYS[aspect].items()
    return tuple(Choice(v, in_words(aspect, v), _mark(aspect, v), key) for v, key in keys)


def _mark(aspect: Aspect, value: str) -> Markup:
    """How a value is drawn: tones as seas, kinds by their icon."""
    if aspect is Aspect.TONE and value in TONES:
        return marks.sea(int(value))
    if aspect is Aspect.KIND and value in wording.KINDS:
        return marks.icon(wording.KINDS[value])
    return Markup("")


def _counted(reason: Reason, most: float) -> Counted:
    says, against = retold(reason.says), reason.weight < 0
    if not reason.weight:
        return Counted(says, None, against=False, how="")
    share = max(2, round(100 * abs(reason.weight) / most))
    return Counted(says, share, against, _how(share, against=against))


def _how(share: int, *, against: bool) -> str:
    if share == 100:
        return say("counted most, but against it") if against else say("counted most")
    if against:
        return say("counted {percent}% of the most, but against it", percent=share)
    return say("counted {percent}% of the most", percent=share)
