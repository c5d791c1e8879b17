"""Conditions of the policy: CEL (Common Expression Language), checked when saved, bounded in cost.

    kind == "complaint" && tone >= angry && followers >= 10000

All conditions of a policy are compiled into one list that is answered by one call: one by one, 50
of them take three times as long.

What a condition may cost is bounded by its length: loops, regular expressions and conversions are
taken out of the language, and what remains is answered in time linear to what is written.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import regex
from cel_expr_python import cel

from sanderling.core.verdict import Flag, Kind, Tone, Urgency
from sanderling.core.words import later, say

LONGEST = 700
"""Characters of one condition."""

LONGEST_TOGETHER = 80_000
"""Characters of all conditions that are asked together; the library reads 100,000."""


class Situation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goals and routes may ask about: the post that opens a turn, who wrote it, and where.

    `tone` and `urgency` are compared with the words of the screens: `tone >= angry`. What is not
    known is empty, or 0. `at` is when it was written; routes that hold only within some hours, or
    outside them, need it.
    """

    kind: Kind = Kind.OTHER
    tone: Tone = Tone.CALM
    urgency: Urgency = Urgency.NORMAL
    flags: tuple[Flag, ...] = ()
    lang: str = ""
    topic: str = ""
    network: str = ""
    account: str = ""
    room: str = "public"
    followers: int = 0
    plan: str = ""
    at: datetime | None = None


class Saying(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What approvals may ask about: what is about to be said, to whom, and where.

    `room` is where it will stand; `words` is the text in lower case, `length` its characters.
    `kind`, `tone` and `flags` are those of the case, `team` is who answers it.
    """

    room: str = "public"
    kind: Kind = Kind.OTHER
    tone: Tone = Tone.CALM
    flags: tuple[Flag, ...] = ()
    network: str = ""
    account: str = ""
    followers: int = 0
    length: int = 0
    has_link: bool = False
    team: str = ""
    words: str = ""
    plan: str = ""
    lang: str = ""


class Problem(NamedTuple):
    """What is wrong in a policy, where, and what to do about it, in words. `line` counts from 1;
    0 where no line is to blame."""

    place: str
    says: str
    line: int = 0

    def __str__(self) -> str:
        told = (
            say("{where}: {trouble}", where=self.place, trouble=self.says)
            if self.place
            else self.says
        )
        return say("line {line}: {says}", line=self.line, says=told) if self.line else told


_STRING, _INT = cel.Type.STRING, cel.Type.INT
_LEVELS = {level.name.lower(): int(level) for scale in (Tone, Urgency) for level in scale}
_ANY = {
    "kind": _STRING, "tone": _INT, "flags": cel.Type.List(_STRING), "lang": _STRING,
    "network": _STRING, "account": _STRING, "room": _STRING, "followers": _INT, "plan": _STRING,
}  # fmt: skip
_KNOWN = {
    "kind": frozenset(Kind),
    "flags": frozenset(Flag),
    "room": frozenset({"public", "direct"}),
}

_NOT_KNOWN = {
    "kind": later("“{word}” is no kind. There are {known}."),
    "flags": later("“{word}” is no flag. There are {known}."),
    "room": later("“{word}” is no room. There are {known}."),
}

# Whatever could loop, or cost more than it is long, is left out.
_PLAIN = cel.NewEnvConfigFromYaml("""
name: policy
stdlib:
  disable_macros: true
  exclude_functions:
    - name: matches
    - name: timestamp
    - name: duration
    - name: dyn
    - name: bytes
""")

_TROUBLE = regex.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNKNOWN = regex.compile(r"undeclared reference to '(\w+)'")
_COMPARED = regex.compile(r"""\b(\w+)\s*[!=]=\s*(?:"([^"\n]*)"|'([^'\n]*)')""")
_ONE_OF = regex.compile(r"\b(\w+)\s+in\s+\[([^\]]*)\]")
_AMONG = regex.compile(r"""(?:"([^"\n]*)"|'([^'\n]*)')\s+in\s+(\w+)\b""")
_TEXT = regex.compile(r"""(?:"([^"\n]*)"|'([^'\n]*)')""")


class Language:
    """What conditions about one kind of thing are written in."""

    def __init__(self, fields: Mapping[str, cel.Type]) -> None:
        self.fields = tuple(fields)
        self._cel = cel.NewEnv(config=_PLAIN, variables=dict(fields) | dict.fromkeys(_LEVELS, _INT))

    def check(self, text: str, plans: Container[str]) -> list[str]:
        """What is wrong with a condition; nothing, if it may stand in a policy with these plans."""
        if not text.strip():
            return [say("A condition is missing. Write `true` for what always holds.")]
        if len(text) > LONGEST:
            return [say("This condition is longer than {most} characters. Split it.", most=LONGEST)]
        try:
            made = self._cel.compile(text)
            self._cel.compile(_listed([text]))  # one level deeper, as it will be asked
        except (RuntimeError, UnicodeError) as error:
            return [self._in_words(str(error))]
        if made.return_type() != cel.Type.BOOL:
            return [say("This is no condition: it must be true or false.")]
        return list(_unheard_of(text, plans))

    def compile(self, text: str) -> cel.Expression:
        """Raises RuntimeError for what `check` refuses."""
        return self._cel.compile(text)

    def _in_words(self, trouble: str) -> str:
        found = _TROUBLE.search(trouble)
        if not found:
            return say("This condition is nested too deeply. Split it.")
        line, column, says = found.groups()
        where = (
            say("Column {column}", column=column)
            if line == "1"
            else say("Line {line}, column {column}", line=line, column=column)
        )
        if unknown := _UNKNOWN.search(says):
            names = ", ".join((*self.fields, *_LEVELS))
            return say(
                "{where}: there is no “{word}” here. There are {names}.",
                where=where,
                word=unknown[1],
                names=names,
            )
        return say("{where}: {trouble}", where=where, trouble=says[:300])


SITUATIONS = Language(_ANY | {"urgency": _INT, "topic": _STRING})
"""For goals and routes: asks about a `Situation`."""

SAYINGS = Language(
    _ANY | {"length": _INT, "has_link": cel.Type.BOOL, "team": _STRING, "words": _STRING}
)
"""For approvals: asks about a `Saying`."""


class Conditions:
    """Conditions that are asked together. Wrong ones raise RuntimeError: let the language `check`
    each of them first."""

    def __init__(self, language: Language, texts: Sequence[str]) -> None:
        self._each = [language.compile(text) for text in texts]
        self._all = language.compile(_listed(texts))

    def hold(self, about: Situation | Saying) -> list[bool]:
        """Which of them hold, in their order. One that cannot be answered (a division by zero, say)
        does not hold, and the others are none the worse for it."""
        facts = _facts(about)
        try:
            found = self._all.eval(data=facts)
            if found.type() != cel.Type.ERROR:
                answers: list[bool] = found.plain_value()
                return answers
        except (RuntimeError, ValueError, ArithmeticError):
            pass  # a text or a number that CEL cannot hold: then only those that read it suffer
        return [_holds(one, facts) for one in self._each]


def _holds(condition: cel.Expression, facts: dict[str, object]) -> bool:
    try:
        return condition.eval(data=facts).value() is True
    except (RuntimeError, ValueError, ArithmeticError):
        return False


def _listed(texts: Sequence[str]) -> str:
    return "[" + ", ".join(f"({text}\n)" for text in texts) + "]"


def _facts(about: Situation | Saying) -> dict[str, object]:
    facts: dict[str, object] = msgspec.structs.asdict(about)
    facts["flags"] = [flag.value for flag in about.flags]
    facts["kind"] = about.kind.value
    return facts | _LEVELS


def _unheard_of(text: str, plans: Container[str]) -> Iterator[str]:
    """Words that a field can never be, which would make a condition that never holds."""
    for field, word in sorted(set(_compared(text))):
        if field == "plan":
            if word and word not in plans:
                yield say("There is no plan “{word}”. Name it under [plans].", word=word)
        elif word not in _KNOWN[field]:
            known = ", ".join(sorted(_KNOWN[field]))
            yield say(_NOT_KNOWN[field], word=word, known=known)


def _compared(text: str) -> Iterator[tuple[str, str]]:
    for field, *word in _COMPARED.findall(text):
        if field in _KNOWN or field == "plan":
            yield field, "".join(word)
    for field, listed in _ONE_OF.findall(text):
        if field in _KNOWN or field == "plan":
            yield from ((field, a or b) for a, b in _TEXT.findall(listed))
    for a, b, field in _AMONG.findall(text):
        if field == "flags":
            yield field, a or b
