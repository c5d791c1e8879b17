"""From what was read in a post to the verdict on it, by rules.

    words -> language -> signs of the lexicon -> Reading -> kind, tone -> needs us, urgency, reasons

The weights were tuned on labelled posts; docs/triage.md has the figures and what the rules cannot.
Where a post written to us is unclear it is said to need us: nobody is left standing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sanderling.core.facts import Facts
from sanderling.core.judging.language import UNKNOWN
from sanderling.core.judging.reading import Reading, read
from sanderling.core.judging.signs import LANGUAGES, THEMES, Group
from sanderling.core.network import Room
from sanderling.core.verdict import Kind, Reason, Tone, Urgency, Verdict

JUDGE = "rules-1"
"""Which judge spoke: kept beside its verdicts."""

MOST_REASONS = 4
MOST_QUOTED = 2
_CLEAR = 1.0

WIDE_REACH = 10_000
VAST_REACH = 100_000


class _Least(NamedTuple):
    """How much weight makes a post advertising, a complaint, a question or a request."""

    spam: float
    trouble: float
    question: float
    request: float


_SAID_TO_US = _Least(spam=3.0, trouble=0.8, question=0.8, request=1.0)
_ONLY_HEARD = _Least(spam=2.0, trouble=2.0, question=3.0, request=3.0)
"""Who does not turn to us must complain clearly, and ask for something in more than one way."""

_THEME = 1.0
"""What cannot wait makes what was only heard so much clearer."""

_PRAISE = 1.0
_GLAD = 0.5
_A_FEW_WORDS = 3
_MANY_BANGS = 3
_SHOUTING, _BANGING = 1.4, 1.2
_STRESS, _MOST_STRESSED = 0.4, 2
"""What a word in capitals adds to trouble and heat, and how many of them count."""

_ASKED = 0.2
"""So much clearer must trouble be in a post that asks, to be a complaint and no question."""

_MOST_INSISTED = 0.9
"""Trouble and asking again alone make nobody more than annoyed."""

_THREAT = 0.5
_THREATS = {THEMES[name] for name in ("legal", "formal", "press", "leaving")}

_TONES = ((0.4, Tone.CALM), (0.9, Tone.UNEASY), (2.0, Tone.ANNOYED), (4.0, Tone.ANGRY))
"""Below which heat a post sounds so; FURIOUS from the last one on."""

_RULES = {group: group.name.lower() for group in Group}
_ASKING = (Kind.COMPLAINT, Kind.QUESTION, Kind.REQUEST)
_EVIDENCE = {
    Kind.COMPLAINT: (Group.TROUBLE, "Says"),
    Kind.QUESTION: (Group.QUESTION, "Asks:"),
    Kind.REQUEST: (Group.REQUEST, "Wants something:"),
    Kind.PRAISE: (Group.PRAISE, "Praises:"),
}

_OURS = Reason("ours", "Written by one of our own accounts")
_MACHINE = Reason("automated", "Sent by an automated account")
_IDLE = Reason("idle", "Only thanks, closes or greets")
_LITTLE = Reason("little", "Says too little to act on")
_OVERHEARD = Reason("overheard", "Not written to us, and asks nothing of us")
_DIRECT = Reason("direct", "A direct message to us")
_TO_US = Reason("to us", "Written to us")
_UNQUOTED = {
    Kind.COMPLAINT: Reason("trouble", "Several small signs of trouble, none of them clear alone"),
    Kind.QUESTION: Reason("question", "Asks a question"),
    Kind.REQUEST: Reason("request", "Wants something of us"),
    Kind.PRAISE: Reason("thanks", "Thanks us"),
}
_HEARD = Reason("heard", "Not written to us, but clearly a matter to look after")
_UNREAD = Reason("unread", "Written to us in a language the rules cannot read")
_ANSWERS = Reason("answers", "Answers us in a few words")
_UNCLEAR = Reason("unclear", "Written to us; the rules cannot tell what it is")


def judge(facts: Sequence[Facts]) -> list[Verdict]:
    """A verdict for each post, in their order, each from its own facts alone. Never raises."""
    return [_verdict(post) for post in facts]


def _verdict(facts: Facts) -> Verdict:
    reading = read(facts.text, facts.lang)
    kind = _kind(facts, reading)
    tone = _tone(reading, kind)
    needs_us, why = _needs_us(facts, reading, kind)
    reasons = (*_evidence(facts, reading, kind, tone), why) if needs_us else (why,)
    return Verdict(
        needs_us=needs_us,
        kind=kind,
        tone=tone,
        urgency=_urgency(facts, reading, kind, tone) if needs_us else Urgency.LOW,
        lang=reading.lang,
        reasons=reasons[:MOST_REASONS],
    )


def _kind(facts: Facts, reading: Reading) -> Kind:
    weights, trouble, themes = reading.weights, _trouble(reading), reading.themes
    to_us = facts.to_us or facts.room is Room.DIRECT
    least = _SAID_TO_US if to_us else _ONLY_HEARD
    if weights[Group.SPAM] and weights[Group.SPAM] + reading.links >= max(least.spam, trouble):
        return Kind.SPAM
    if trouble + (_THEME if themes and not to_us else 0.0) >= least.trouble + _asked(reading):
        return Kind.COMPLAINT
    if weights[Group.QUESTION] + reading.asks >= least.question:
        return Kind.QUESTION
    if weights[Group.REQUEST] >= least.request:
        return Kind.REQUEST
    if weights[Group.PRAISE] >= _PRAISE:
        return Kind.PRAISE
    if _only_thanks(facts, reading):
        return Kind.PRAISE
    return next((theme.kind for theme in themes if to_us), Kind.OTHER)


def _only_thanks(facts: Facts, reading: Reading) -> bool:
    """Thanks in public and nothing else found; folded hands alone may plead as well as thank."""
    public = facts.to_us and facts.room is Room.PUBLIC
    return public and bool(reading.weights[Group.THANKS]) and reading.lang in LANGUAGES


def _trouble(reading: Reading) -> float:
    """How much went wrong; praise speaks against it, unless it mocks."""
    weights = reading.weights
    found = weights[Group.TROUBLE] + weights[Group.ANGER] + weights[Group.INSISTING]
    return found + _stress(reading) + weights[Group.PRAISE] * (1 if reading.mocks else -1)


def _stress(reading: Reading) -> float:
    return _STRESS * min(reading.capitals, _MOST_STRESSED)


def _asked(reading: Reading) -> float:
    return _ASKED if reading.asks and reading.weights[Group.QUESTION] >= 1 else 0.0


def _tone(reading: Reading, kind: Kind) -> Tone:
    """A complaint never sounds glad, nor a question for its polite thanks alone."""
    weights, complains = reading.weights, kind is Kind.COMPLAINT
    heat = weights[Group.ANGER] + min(weights[Group.TROUBLE] / 3, 1.0)
    glad = weights[Group.PRAISE] + (0.0 if kind in _ASKING else weights[Group.THANKS] / 2)
    if reading.mocks:
        heat += weights[Group.PRAISE] / 2
    elif not complains and glad >= _GLAD and glad > weights[Group.ANGER] + weights[Group.TROUBLE]:
        return Tone.GLAD
    if complains:
        heat += min(weights[Group.INSISTING] / 2, _MOST_INSISTED) + _stress(reading)
        heat += _THREAT * (not _THREATS.isdisjoint(reading.themes))
    if reading.shouts:
        heat *= _SHOUTING
    if reading.bangs >= _MANY_BANGS:
        heat *= _BANGING
    sounds = next((tone for most, tone in _TONES if heat < most), Tone.FURIOUS)
    if not complains:
        return sounds
    return max(sounds, Tone.ANNOYED if reading.mocks else Tone.UNEASY)


def _needs_us(facts: Facts, reading: Reading, kind: Kind) -> tuple[bool, Reason]:
    direct = facts.room is Room.DIRECT
    if facts.ours:
        return False, _OURS
    if kind is Kind.SPAM:
        return False, _quoting(Group.SPAM, "Looks like advertising:", reading.telling[Group.SPAM])
    if facts.automated and not direct:
        return False, _MACHINE
    if kind in _ASKING:
        return True, _DIRECT if direct else _TO_US if facts.to_us else _HEARD
    if _idles(reading) and not (direct and reading.greets):
        return False, _IDLE
    if direct:
        return True, _DIRECT
    if not facts.to_us:
        return False, _OVERHEARD
    return _to_us(facts, reading, kind)


def _to_us(facts: Facts, reading: Reading, kind: Kind) -> tuple[bool, Reason]:
    """Whether a public post to us that asks for nothing needs us: when in doubt, it does."""
    if kind is Kind.PRAISE:
        return True, _TO_US
    if reading.words and reading.lang not in (*LANGUAGES, UNKNOWN):
        return True, _UNREAD
    if reading.words > _A_FEW_WORDS or facts.has_media:
        return True, _UNCLEAR
    if facts.is_reply and (reading.words or reading.links):
        return True, _ANSWERS
    return False, _LITTLE


def _idles(reading: Reading) -> bool:
    return 0 < reading.words <= reading.idle and not reading.themes


def _urgency(facts: Facts, reading: Reading, kind: Kind, tone: Tone) -> Urgency:
    if kind is Kind.PRAISE:
        return Urgency.LOW
    asks = kind in _ASKING or facts.room is Room.DIRECT
    urgency = Urgency.NORMAL if asks else Urgency.LOW
    reach = facts.followers or 0
    if tone >= Tone.ANGRY:
        urgency = Urgency.CRITICAL if reach >= VAST_REACH else Urgency.HIGH
    elif reach >= WIDE_REACH:
        urgency = Urgency.HIGH
    return max([urgency, *(theme.urgency for theme in reading.themes)])


def _evidence(facts: Facts, reading: Reading, kind: Kind, tone: Tone) -> Iterator[Reason]:
    """What the verdict rests on, the most telling first."""
    for theme in sorted(reading.themes, key=lambda theme: -theme.urgency):
        yield Reason(theme.name, f"{theme.says}: “{reading.themes[theme]}”")
    if (facts.followers or 0) >= WIDE_REACH:
        yield Reason("reach", f"{facts.followers:,} followers")
    told = list(_feelings(reading, kind, tone))
    yield from (_quoting(group, says, reading.telling[group]) for group, says in told)
    if reading.capitals and tone > Tone.CALM:
        word = "word" if reading.capitals == 1 else "words"
        yield Reason("capitals", f"Shouting: {reading.capitals} {word} in capitals")
    if kind in _EVIDENCE:
        group, says = _EVIDENCE[kind]
        known = {term for group, _ in told for _, term in reading.telling[group]}
        found = [sign for sign in reading.telling.get(group, ()) if sign[1] not in known]
        if found:
            yield _quoting(group, says, found)
        elif not told:
            yield _UNQUOTED[kind]


def _feelings(reading: Reading, kind: Kind, tone: Tone) -> Iterator[tuple[Group, str]]:
    """The groups of signs that tell how the customer feels about it."""
    if reading.mocks and kind is Kind.COMPLAINT:
        yield Group.MOCKING, "Sounds mocking:"
    if tone >= Tone.ANNOYED and Group.ANGER in reading.telling:
        yield Group.ANGER, "Angry words:"
    if kind is Kind.COMPLAINT and Group.INSISTING in reading.telling:
        yield Group.INSISTING, "Not for the first time:"


def _quoting(group: Group, says: str, found: list[tuple[float, str]]) -> Reason:
    """A reason that quotes the heaviest sign, of equal ones the longest; and a second clear one."""
    if len(found) > 1:
        first, *others = sorted(set(found), key=_most_telling)[:MOST_QUOTED]
        found = [first, *(sign for sign in others if sign[0] >= _CLEAR)]
    return Reason(_RULES[group], f"{says} " + ", ".join([f"“{term}”" for _, term in found]))


def _most_telling(sign: tuple[float, str]) -> tuple[float, int, str]:
    weight, term = sign
    return -weight, -len(term), term
