"""A playbook: what to do in an incident, by whom and how soon, as a text that its owner writes.

    name = "service-down"
    title = "Service down"
    when = "choppy"

    [[steps]]
    text = "Say publicly that we see it"
    role = "voice"
    within = "20m"

It is read as strictly as the policy: everything that is wrong is named, with its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, get_args

import msgspec
import regex

from sanderling.core import wording
from sanderling.core.policy import Problem, Unfit
from sanderling.core.policy.document import Part
from sanderling.core.policy.places import Path
from sanderling.core.policy.reading import Fault, parsed
from sanderling.core.policy.reading import read as read_parts
from sanderling.core.policy.spans import Span
from sanderling.core.policy.whole import placed
from sanderling.core.words import later, say

RoleName = Literal["lead", "voice", "scribe", "technical"]
ROLES: tuple[RoleName, ...] = get_args(RoleName)
"""Who is who in an incident, in the order in which they are needed."""

ROLE_WORDS: Mapping[str, str] = {
    "lead": later("Lead"),
    "voice": later("Voice"),
    "scribe": later("Scribe"),
    "technical": later("Technical contact"),
}
LEVELS = ("calm", "choppy", "storm")
"""The steps of the gauge, from the lowest."""

LONGEST_STEP = 200
LONGEST_TITLE = 80
FEWEST_WORDINGS = 3
"""Ways to word an acknowledgement: with fewer, many customers would read the same."""

SHORT = 3
"""Letters of a word that is too short to stand for all that begin with it."""

_NAME = regex.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_LANGUAGE = regex.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_WORD = regex.compile(r"\w++")


class Step(Part, frozen=True):
    """`[[steps]]`: something to do, by whom, due so long after the playbook began.

    With `every` it comes again, so long after it was done.
    """

    text: str
    role: RoleName | None = None
    within: Span | None = None
    every: Span | None = None


class Said(Part, frozen=True):
    """`[[texts]]`: a public status that may be said, under its label, by language."""

    label: str
    text: dict[str, str]


class Playbook(Part, frozen=True):
    """The whole text.

    `when`: the step of the gauge that begins it by itself, or by hand. Of several, the one begins
    whose `words` stand most often in what is known of the incident; one without words where none
    do. `roles` says what each is for. `acknowledge` and `close` are templates by language, with
    variations, as in `core.wording`.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    about: str = ""
    when: Literal["by hand", "choppy", "storm"] = "by hand"
    words: tuple[str, ...] = ()
    roles: dict[str, str] = msgspec.field(default_factory=dict)
    texts: tuple[Said, ...] = ()
    acknowledge: dict[str, str] = msgspec.field(default_factory=dict)
    close: dict[str, str] = msgspec.field(default_factory=dict)


class Checked(NamedTuple):
    """What came of a text: a playbook if nothing is wrong with it, else what is."""

    book: Playbook | None
    problems: tuple[Problem, ...]


def check(text: str) -> Checked:
    """Look at a text whole. Never raises, whatever it is."""
    raw, faults = parsed(text)
    if not faults:
        book, faults = read_parts(Playbook, raw, _inspect)
        if book is not None:
            return Checked(book, ())
    return Checked(None, tuple(placed(text, raw, faults)))


def read(text: str) -> Playbook:
    """A text that was checked before. Raises Unfit."""
    book, problems = check(text)
    if book is None:
        raise Unfit(problems)
    return book


def begun_by(level: str, books: Iterable[Playbook], known: str) -> Playbook | None:
    """Which of these the gauge begins at this level in an incident of which `known` is said."""
    reached = LEVELS[1 : LEVELS.index(level) + 1]
    able = [(_hits(book, known), book) for book in books if book.when in reached]
    fits = [(hits, book) for hits, book in able if hits or not book.words]
    return max(fits, key=lambda one: one[0])[1] if fits else None


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in English, else in the first there is; "" for none."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _hits(book: Playbook, known: str) -> int:
    """How many words of the playbook begin a word in what is known; short ones must be one."""
    inside = f" {' '.join(_WORD.findall(known.casefold()))} "
    ends = (" " if len(word) <= SHORT else "" for word in book.words)
    return sum(
        f" {word.casefold()}{end}" in inside for word, end in zip(book.words, ends, strict=True)
    )


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────

_Says = Iterator[tuple[Path, str]]


def _inspect(part: Part, path: Path) -> Iterator[Fault]:
    for at, says in _wrong(part):
        yield Fault((*path, *at), says)


def _wrong(part: Part) -> _Says:
    match part:
        case Step():
            yield from _short(part.text, "text", LONGEST_STEP)
        case Said():
            yield from _short(part.label, "label", LONGEST_TITLE)
            yield from _by_language(part.text, "text")
        case Playbook():
            yield from _whole(part)


def _whole(book: Playbook) -> _Says:
    if not _NAME.fullmatch(book.name):
        says = say("A name has small letters, digits and hyphens, such as service-down.")
        yield ("name",), says
    yield from _short(book.title, "title", LONGEST_TITLE)
    if not book.steps:
        yield ("steps",), say("A playbook has at least one step.")
    for role in book.roles.keys() - ROLES:
        says = say("There is no role “{role}”. There are {roles}.", role=role[:40],
                   roles=", ".join(ROLES))  # fmt: skip
        yield ("roles", role), says
    if book.words and book.when == "by hand":
        yield ("words",), say("Words choose what a level begins, and this one begins by hand.")
    for n, word in enumerate(book.words):
        if not word.strip():
            yield ("words", n), say("There is nothing here yet.")
    for key, templates in (("acknowledge", book.acknowledge), ("close", book.close)):
        yield from _by_language(templates, key)
        yield from _templates(templates, key)


def _short(text: str, key: str, most: int) -> _Says:
    if not text.strip():
        yield (key,), say("There is nothing here yet.")
    if len(text) > most:
        yield (key,), say("This is at most {most} characters long.", most=most)


def _by_language(texts: Mapping[str, str], key: str) -> _Says:
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language):
            says = say("“{key}” is no language. Write it as en or de.", key=language[:40])
            yield (key, language), says
        elif not text.strip():
            yield (key, language), say("There is nothing here yet.")


def _templates(templates: Mapping[str, str], key: str) -> _Says:
    for language, text in templates.items():
        problems = wording.check(text)
        for says in problems:
            yield (key, language), says
        if not problems and wording.variants(text) < FEWEST_WORDINGS:
            says = say(
                "It can be worded in {n} ways, and {most} are needed so that customers do not all"
                " read the same. Write variations as [Hello|Hi].",
                n=wording.variants(text), most=FEWEST_WORDINGS,
            )  # fmt: skip
            yield (key, language), says
