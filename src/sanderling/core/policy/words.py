"""Conditions and times of a policy in the words of people, for pages that read as sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import regex

from sanderling.core.verdict import KINDS, TONES, URGENCIES
from sanderling.core.words import figure, later, many, say

_QUOTED = r"""(?:"([^"\n]*)"|'([^'\n]*)')"""
_LEVEL = r"(glad|calm|uneasy|annoyed|angry|furious|low|normal|high|critical)"
_ABOUT = {
    "safety": later("somebody may be in danger"),
    "money": later("money is at stake"),
    "stranded": later("somebody is stranded"),
    "legal": later("it speaks of law"),
    "press": later("it comes from the press"),
    "leaving": later("they may leave us"),
    "vulnerable": later("they need special care"),
    "abuse": later("it is abusive"),
    "selfharm": later("somebody may harm themselves"),
    "threat": later("somebody is threatened"),
    "scam": later("it speaks of a scam"),
}
_IS = {
    "kind": later("it is a {word}"),
    "plan": later("their plan is “{word}”"),
    "lang": later("it is written in “{word}”"),
    "topic": later("it is about “{word}”"),
    "network": later("it is on {word}"),
    "account": later("it went to {word}"),
    "team": later("{word} answers"),
}
_WHOLE = {
    ("room", "public"): later("it is public"),
    ("room", "direct"): later("it is a direct message"),
    ("kind", "complaint"): later("it is a complaint"),
    ("kind", "question"): later("it is a question"),
    ("kind", "request"): later("it is a request"),
    ("kind", "praise"): later("it is praise"),
    ("kind", "spam"): later("it is spam"),
    ("kind", "other"): later("it is something else"),
}
_LEVELS = {
    ("tone", "=="): later("the tone is {level}"),
    ("tone", "!="): later("the tone is not {level}"),
    ("tone", ">="): later("the tone is {level} or worse"),
    ("tone", ">"): later("the tone is worse than {level}"),
    ("tone", "<="): later("the tone is {level} or calmer"),
    ("tone", "<"): later("the tone is calmer than {level}"),
    ("urgency", "=="): later("the urgency is {level}"),
    ("urgency", "!="): later("the urgency is not {level}"),
    ("urgency", ">="): later("the urgency is {level} or higher"),
    ("urgency", ">"): later("the urgency is higher than {level}"),
    ("urgency", "<="): later("the urgency is {level} or lower"),
    ("urgency", "<"): later("the urgency is lower than {level}"),
}
_AMOUNTS = {
    ("followers", ">="): later("they have {n} or more followers"),
    ("followers", ">"): later("they have more than {n} followers"),
    ("followers", "<="): later("they have {n} or less followers"),
    ("followers", "<"): later("they have less than {n} followers"),
    ("length", ">="): later("the text has {n} or more characters"),
    ("length", ">"): later("the text has more than {n} characters"),
    ("length", "<="): later("the text has {n} or less characters"),
    ("length", "<"): later("the text has less than {n} characters"),
}
_WORDS = {
    **{kind.value: said for kind, said in KINDS.items()},
    **{tone.name.lower(): said for tone, said in TONES.items()},
    **{urgency.name.lower(): said for urgency, said in URGENCIES.items()},
}


def in_words(condition: str) -> str:
    """A condition as a part of a sentence, after "when"; "" for `true`, which needs no words. What
    has none is left as it is written, so that nothing is ever said wrongly."""
    text = " ".join(condition.split())
    if text == "true":
        return ""
    for pattern, said in _PHRASES:
        text = pattern.sub(said, text)
    return text.replace("&&", say("and")).replace("||", say("or"))


def long(span: timedelta | None) -> str:
    """A time as people say it: "15 minutes", "1 day 2 hours"; "" for none."""
    minutes = int(span.total_seconds()) // 60 if span else 0
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = (
        many("{n} day", "{n} days", days) if days else "",
        many("{n} hour", "{n} hours", hours) if hours else "",
        many("{n} minute", "{n} minutes", minutes) if minutes else "",
    )
    return " ".join(part for part in parts if part)


def _flag(found: regex.Match[str]) -> str:
    name = found[1] or found[2]
    return say(_ABOUT[name]) if name in _ABOUT else say("it is marked {name}", name=name)


def _is(found: regex.Match[str]) -> str:
    field, word = found[1], found[3] or found[4] or ""
    if whole := _WHOLE.get((field, word)):
        said = say(whole)
    elif field == "room":
        said = found[0]
    else:
        said = say(_IS[field], word=word)
    return said if found[2] == "==" else say("not: {said}", said=said)


def _one_of(found: regex.Match[str]) -> str:
    words = [a or b for a, b in regex.findall(_QUOTED, found[2])]
    if not words:
        return found[0]
    if found[1] == "kind":
        words = [say(_WORDS.get(word, word)) for word in words]
    *most, last = words
    listed = say("{these} or {last}", these=", ".join(most), last=last) if most else last
    return say(_IS[found[1]], word=listed)


def _level(found: regex.Match[str]) -> str:
    field, sign, level = found[1], found[2], found[3]
    return say(_LEVELS[field, sign], level=say(_WORDS[level]))


def _amount(found: regex.Match[str]) -> str:
    return say(_AMOUNTS[found[1], found[2]], n=figure(int(found[3])))


_Said = Callable[[regex.Match[str]], str]
_PHRASES: list[tuple[regex.Pattern[str], _Said]] = [
    (regex.compile(pattern), said)
    for pattern, said in (
        (_QUOTED + r" in flags", _flag),
        (r"\b(room|kind|plan|lang|topic|network|account|team) ?(==|!=) ?" + _QUOTED, _is),
        (r"\b(kind|plan|lang|topic|network|account|team) in \[([^\]]*)\]", _one_of),
        (r"\b(tone|urgency) ?(==|!=|>=|>|<=|<) ?" + _LEVEL, _level),
        (r"\b(followers|length) ?(>=|>|<=|<) ?([0-9]{1,12})\b", _amount),
        (
            r"\bwords\.contains\(" + _QUOTED + r"\)",
            lambda found: say("we say “{words}”", words=found[1] or found[2]),
        ),
        (r"! ?has_link\b", lambda _: say("there is no link")),
        (r"\bhas_link\b", lambda _: say("there is a link")),
    )
]
