"""From what a model answers about a post to the verdict on it.

    answers + reading + whom it is written to -> kind, tone -> flags -> needs us, urgency, unsure

The model says what a post is; whom it is written to and how many read along decide the rest. Where
a post written to us is unclear it is said to need us: nobody is left standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sanderling.core.facts import Facts
from sanderling.core.judging.reading import Reading
from sanderling.core.judging.rules import opinion
from sanderling.core.judging.signs import THEMES, Group
from sanderling.core.network import Room
from sanderling.core.verdict import Aspect, Flag, Kind, Odds, Reason, Tone, Urgency, Verdict
from sanderling.core.words import later

MOST_REASONS = 5
WIDE_REACH = 10_000
VAST_REACH = 100_000

SURE_KIND, SURE_TONE, SURE_NEED, SURE_LANG = 0.5, 0.35, 0.7, 0.6
"""Below these odds a person is asked."""

_HEARD_ASKING, _HEARD_IN_DANGER, _HEARD_ABOUT = 0.35, 0.15, 0.15
"""How likely a post that only speaks near us must ask for something, and concern us."""

_ADVERTISES = 0.5
"""So likely must a post to us be advertising to be left alone."""

_CHATS = 0.95
"""So likely must a post to us be chat to need no answer."""

_FLAGGED, _FLAGGED_IN_DOUBT = 0.3, {Flag.VULNERABLE: 0.5}
"""A flag by the model alone; what the lexicon names, and nobody denies, is one in any case. One
that is raised needlessly costs a look, one that is missed a customer; but of vulnerable persons the
model is wrong more often than right."""

_A_FEW_WORDS, _FEW_WORDS = 3, 5
_KINDS, _TONES = tuple(Kind), tuple(Tone)
_ASKING = (Kind.COMPLAINT, Kind.QUESTION, Kind.REQUEST)
_TELLING = {
    Kind.COMPLAINT: (Group.TROUBLE, Group.ANGER, Group.INSISTING),
    Kind.QUESTION: (Group.QUESTION,),
    Kind.REQUEST: (Group.REQUEST,),
}
_SOUNDS_LIKE = {
    Kind.COMPLAINT: (
        later("A few words that sound like a complaint"),
        later("A few words that sound like a complaint: “{term}”"),
    ),
    Kind.QUESTION: (
        later("A few words that sound like a question"),
        later("A few words that sound like a question: “{term}”"),
    ),
    Kind.REQUEST: (
        later("A few words that sound like a request"),
        later("A few words that sound like a request: “{term}”"),
    ),
}
_THEME_OF = {
    "safety": Flag.SAFETY, "emergency": Flag.SAFETY, "fraud": Flag.MONEY,
    "lost_phone": Flag.MONEY, "stranded": Flag.STRANDED, "legal": Flag.LEGAL,
    "formal": Flag.LEGAL, "press": Flag.PRESS, "leaving": Flag.LEAVING,
    "vulnerable": Flag.VULNERABLE, "selfharm": Flag.SELFHARM, "threat": Flag.THREAT,
    "abuse": Flag.ABUSE, "scam": Flag.SCAM,
}  # fmt: skip
_THEMES = {theme: _THEME_OF[name] for name, theme in THEMES.items()}
_SAYS = {
    Flag.SAFETY: (later("Someone may be in danger"), later("Someone may be in danger: “{term}”")),
    Flag.MONEY: (later("Money is at stake"), later("Money is at stake: “{term}”")),
    Flag.STRANDED: (later("Is stuck somewhere"), later("Is stuck somewhere: “{term}”")),
    Flag.LEGAL: (later("Speaks of the law"), later("Speaks of the law: “{term}”")),
    Flag.PRESS: (later("Speaks of the press"), later("Speaks of the press: “{term}”")),
    Flag.LEAVING: (later("Wants to leave us"), later("Wants to leave us: “{term}”")),
    Flag.VULNERABLE: (
        later("A vulnerable person is concerned"),
        later("A vulnerable person is concerned: “{term}”"),
    ),
    Flag.ABUSE: (later("Insults people"), later("Insults people: “{term}”")),
    Flag.SELFHARM: (later("Talks of self-harm"), later("Talks of self-harm: “{term}”")),
    Flag.THREAT: (later("Threatens violence"), later("Threatens violence: “{term}”")),
    Flag.SCAM: (later("Looks like a scam"), later("Looks like a scam: “{term}”")),
}
"""Of each flag what it says: alone, and with the words that raised it."""

_URGENCY = {
    Flag.SAFETY: Urgency.CRITICAL, Flag.SELFHARM: Urgency.CRITICAL, Flag.THREAT: Urgency.CRITICAL,
    Flag.MONEY: Urgency.HIGH, Flag.STRANDED: Urgency.HIGH, Flag.LEGAL: Urgency.HIGH,
    Flag.PRESS: Urgency.HIGH, Flag.LEAVING: Urgency.HIGH, Flag.VULNERABLE: Urgency.HIGH,
    Flag.ABUSE: Urgency.LOW, Flag.SCAM: Urgency.LOW,
}  # fmt: skip

_OURS = Reason("ours", later("Written by one of our own accounts"))
_SPAM = Reason("spam", later("Looks like advertising"))
_MACHINE = Reason("automated", later("Sent by an automated account"))
_IDLE = Reason("idle", later("Only thanks, closes or greets"))
_LITTLE = Reason("little", later("Says too little to act on"))
_CHAT = Reason("chat", later("Written to us, but asks nothing of us"))
_OVERHEARD = Reason("overheard", later("Not written to us, and asks nothing of us"))
_DIRECT = Reason("direct", later("A direct message to us"))
_TO_US = Reason("to us", later("Written to us"))
_HEARD = Reason("heard", later("Not written to us, but clearly a matter to look after"))
_UNREAD = Reason("unread", later("Written to us in a language that cannot be judged here"))
_ANSWERS = Reason("answers", later("Answers us in a few words"))
_UNCLEAR = Reason("unclear", later("Written to us; it is not clear what it is"))


class Found(NamedTuple):
    """What a model found in one post.

    `kind`, `tone`: probabilities in the order of Kind and Tone; `flags` in that of Flag.
    `about`: how likely it concerns a company. `lang_odds`: how likely `reading.lang` is right;
    `judged`: whether that is a language the model reads. `evidence`: what counted, heaviest first.
    """

    kind: list[float]
    tone: list[float]
    flags: list[float]
    about: float
    lang_odds: float
    judged: bool
    evidence: tuple[Reason, ...] = ()


def decide(facts: Facts, reading: Reading, found: Found) -> Verdict:
    """The verdict on one post, from its own facts alone. Never raises."""
    kind = _kind(facts, reading, found)
    tone, tone_odds = _tone(found, kind)
    flags = _flags(reading, found)
    needs_us, why, need_odds = _needs_us(facts, reading, found, kind, flags)
    heat = sum(odds * level for level, odds in enumerate(found.tone)) / (len(_TONES) - 1)
    odds = Odds(need_odds, found.kind[_KINDS.index(kind)], tone_odds, found.lang_odds)
    return Verdict(
        needs_us=needs_us,
        kind=kind,
        tone=tone,
        urgency=_urgency(facts, kind, tone, flags) if needs_us else _at_rest(flags),
        lang=reading.lang,
        reasons=tuple(_reasons(facts, reading, found, (kind, flags, why)))[:MOST_REASONS],
        heat=round(heat, 3),
        flags=flags,
        odds=Odds(*(round(share, 3) for share in (odds.needs_us, odds.kind, odds.tone, odds.lang))),
        unsure=() if facts.ours else _unsure(odds, reading, judged=found.judged),
    )


def _kind(facts: Facts, reading: Reading, found: Found) -> Kind:
    """The likeliest; but of a few words to us that the model takes for chat the rules know more."""
    kind = _likeliest(found)
    if kind is Kind.OTHER and reading.words <= _FEW_WORDS and is_to_us(facts):
        plain, _ = opinion(reading)
        return plain if plain in _ASKING else kind
    return kind


def _likeliest(found: Found) -> Kind:
    return _KINDS[max(range(len(_KINDS)), key=found.kind.__getitem__)]


def _by_rules(reading: Reading, kind: Kind) -> Reason:
    """What the rules saw in a few words, in the lexicon's spelling."""
    signs = sorted(sign for group in _TELLING[kind] for sign in reading.telling.get(group, ()))
    alone, quoting = _SOUNDS_LIKE[kind]
    return Reason("rules", quoting.format(term=signs[-1][1]) if signs else alone)


def is_to_us(facts: Facts) -> bool:
    """Whether a post is written to us, in whatever room."""
    return facts.to_us or facts.room is Room.DIRECT


def _tone(found: Found, kind: Kind) -> tuple[Tone, float]:
    """The likeliest word; a complaint never sounds glad."""
    least = Tone.CALM if kind is Kind.COMPLAINT else Tone.GLAD
    tone = max(_TONES[least:], key=found.tone.__getitem__)
    return tone, found.tone[tone]


def _flags(reading: Reading, found: Found) -> tuple[Flag, ...]:
    """What the lexicon names, and what the model is sure of besides."""
    named = {_THEMES[theme] for theme in reading.themes}
    pairs = zip(Flag, found.flags, strict=True)
    return tuple(
        flag
        for flag, odds in pairs
        if flag in named or odds >= _FLAGGED_IN_DOUBT.get(flag, _FLAGGED)
    )


def _needs_us(
    facts: Facts, reading: Reading, found: Found, kind: Kind, flags: tuple[Flag, ...]
) -> tuple[bool, Reason, float]:
    """Whether it needs us, why, and how likely that is right."""
    direct, to_us = facts.room is Room.DIRECT, is_to_us(facts)
    asking = sum(found.kind[_KINDS.index(one)] for one in _ASKING)
    spam = found.kind[_KINDS.index(Kind.SPAM)]
    if facts.ours:
        return False, _OURS, 1.0
    if kind is Kind.SPAM and not _must_be_seen(flags) and (spam >= _ADVERTISES or not to_us):
        return False, _SPAM, spam
    if facts.automated and not direct:
        return False, _MACHINE, 1.0
    if not to_us:
        return _heard(found, asking, flags)
    if _idles(reading) and not (direct and reading.greets):
        return False, _IDLE, 1.0
    if direct:
        return True, _DIRECT, 1.0
    if kind in _ASKING or _must_be_seen(flags):
        return True, _TO_US, max(asking, 1 - found.kind[_KINDS.index(Kind.OTHER)] - spam)
    if kind is Kind.PRAISE:
        return True, _TO_US, 1 - found.kind[_KINDS.index(Kind.OTHER)] - spam
    return _chat_to_us(facts, reading, found)


def _heard(found: Found, asking: float, flags: tuple[Flag, ...]) -> tuple[bool, Reason, float]:
    """Who does not turn to us must ask for something clearly, or be in danger."""
    clear = _HEARD_IN_DANGER if _in_danger(flags) else _HEARD_ASKING
    if found.judged and asking >= clear and found.about >= _HEARD_ABOUT:
        return True, _HEARD, asking
    return False, _OVERHEARD, max(1 - asking, 1 - found.about)


def _in_danger(flags: tuple[Flag, ...]) -> bool:
    return any(_URGENCY[flag] is Urgency.CRITICAL for flag in flags)


def _chat_to_us(facts: Facts, reading: Reading, found: Found) -> tuple[bool, Reason, float]:
    """A public post to us that asks for nothing we can see: when in doubt, it needs us."""
    other = found.kind[_KINDS.index(Kind.OTHER)]
    if reading.words and not found.judged:
        return True, _UNREAD, 0.5
    if facts.is_reply and (reading.words or reading.links):
        return True, _ANSWERS, max(0.5, 1 - other)
    if reading.words <= _A_FEW_WORDS and not facts.has_media:
        return False, _LITTLE, other
    if other >= _CHATS and not facts.has_media:
        return False, _CHAT, other
    return True, _UNCLEAR, max(0.5, 1 - other)


def _idles(reading: Reading) -> bool:
    return 0 < reading.words <= reading.idle and not reading.themes


def _must_be_seen(flags: tuple[Flag, ...]) -> bool:
    return any(_URGENCY[flag] >= Urgency.HIGH for flag in flags) and Flag.SCAM not in flags


def _urgency(facts: Facts, kind: Kind, tone: Tone, flags: tuple[Flag, ...]) -> Urgency:
    """Anger, reach and what cannot wait raise it; praise waits, unless it speaks of danger."""
    asks = kind in _ASKING or facts.room is Room.DIRECT
    urgency = Urgency.NORMAL if asks else Urgency.LOW
    reach = facts.followers or 0
    if kind is Kind.PRAISE:
        return Urgency.CRITICAL if _in_danger(flags) else Urgency.LOW
    if tone >= Tone.ANGRY:
        urgency = Urgency.CRITICAL if reach >= VAST_REACH else Urgency.HIGH
    elif reach >= WIDE_REACH:
        urgency = Urgency.HIGH
    return max([urgency, *(_URGENCY[flag] for flag in flags)])


def _at_rest(flags: tuple[Flag, ...]) -> Urgency:
    """Nobody waits for us; self-harm and threats are seen all the same."""
    return Urgency.HIGH if Flag.SELFHARM in flags or Flag.THREAT in flags else Urgency.LOW


def _unsure(odds: Odds, reading: Reading, *, judged: bool) -> tuple[Aspect, ...]:
    if not reading.words:
        return ()
    doubts = (
        (Aspect.NEEDS_US, odds.needs_us < SURE_NEED),
        (Aspect.KIND, not judged or odds.kind < SURE_KIND),
        (Aspect.TONE, not judged or odds.tone < SURE_TONE),
        (Aspect.LANG, odds.lang < SURE_LANG),
    )
    return tuple(aspect for aspect, doubted in doubts if doubted)


def _reasons(
    facts: Facts, reading: Reading, found: Found, decided: tuple[Kind, tuple[Flag, ...], Reason]
) -> Iterator[Reason]:
    """What cannot wait, then what counted most, then whom it is written to."""
    kind, flags, why = decided
    if facts.ours:
        yield why
        return
    quoted = {_THEMES[theme]: term for theme, term in reading.themes.items()}
    for flag in sorted(flags, key=lambda flag: -_URGENCY[flag]):
        alone, quoting = _SAYS[flag]
        says = quoting.format(term=quoted[flag]) if flag in quoted else alone
        yield Reason(flag.value, says)
    if (facts.followers or 0) >= WIDE_REACH:
        yield Reason("reach", later("{n} followers").format(n=f"{facts.followers:,}"))
    yield why
    if kind is _likeliest(found):
        yield from found.evidence
    else:
        yield _by_rules(reading, kind)
