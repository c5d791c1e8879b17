"""How a case ends: an outcome, a cause from the company's own tree, and a word for the team."""

from __future__ import annotations

from typing import NamedTuple, get_args

from sanderling.cases.causes import cause_in_words
from sanderling.cases.models import Case
from sanderling.core.rooms import Outcome
from sanderling.core.words import later, say

OUTCOMES: dict[Outcome, str] = {
    "solved": later("Solved"),
    "told we cannot": later("Told honestly that we cannot"),
    "no answer": later("No answer needed"),
    "never came": later("Never came"),
}
"""In words, in the order in which they are offered."""

_ALONE: dict[Outcome, str] = {
    "solved": later("Solved."),
    "told we cannot": later("Told honestly that we cannot."),
    "no answer": later("No answer needed."),
    "never came": later("Never came."),
}
_NOTED: dict[Outcome, str] = {
    "solved": later("Solved. {note}"),
    "told we cannot": later("Told honestly that we cannot. {note}"),
    "no answer": later("No answer needed. {note}"),
    "never came": later("Never came. {note}"),
}


class Unfitting(ValueError):
    """A case cannot end so; the sentence says why."""


class Ending(NamedTuple):
    """An end that fits its case; `says` is how history tells it."""

    outcome: Outcome
    cause: int | None
    says: str


def ending(case: Case, *, outcome: Outcome, cause: int | None = None, note: str = "") -> Ending:
    """The end of `case`. Raises Unfitting for an outcome that there is not, for "never came" where
    nobody was invited or the customer came, and for a cause that nobody may choose any more."""
    if outcome not in get_args(Outcome):
        raise Unfitting(
            say("Say how it ended: solved, told that we cannot, no answer, never came.")
        )
    if outcome == "never came" and (case.invited_at is None or case.came_at is not None):
        raise Unfitting(say("Only who was invited to messages, and did not write, never came."))
    found = None
    if cause is not None:
        found = cause_in_words(cause)
        if found is None:
            raise Unfitting(say("That cause is not there any more. Choose another."))
    return Ending(outcome, cause, _in_words(outcome, found, note.rstrip()))


def _in_words(outcome: Outcome, cause: str | None, note: str) -> str:
    """How it ended, in English, as it is kept."""
    if cause is None:
        return _NOTED[outcome].format(note=note) if note else _ALONE[outcome]
    if not note:
        return later("{outcome}. Cause: {cause}.").format(outcome=OUTCOMES[outcome], cause=cause)
    return later("{outcome}. Cause: {cause}. {note}").format(
        outcome=OUTCOMES[outcome], cause=cause, note=note
    )
