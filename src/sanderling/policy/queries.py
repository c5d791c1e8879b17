"""Which policy holds, and which held before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sanderling.core.policy import Policy, Problem, Unfit, read, shipped, shipped_text
from sanderling.core.words import later
from sanderling.policy.models import Version

SHIPPED = later("The policy that came with Sanderling.")
"""The note of the version that came with the desk."""

MOST = 500
"""Versions that a list shows."""


@dataclass(frozen=True)
class Written:
    """A version as it was written: whose it is (None: it came with the desk), and since when."""

    number: int
    text: str
    note: str
    by: str | None
    at: datetime | None


@dataclass(frozen=True)
class Outlived:
    """This release cannot read version `number`, for these reasons: version `holds` is in force."""

    number: int
    problems: tuple[Problem, ...]
    holds: int


def newest() -> int:
    """The number of the newest version; 0 where there is none."""
    return Version.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def current() -> Policy:
    """The policy that holds now: the newest version; where there is none, the one that ships, as
    version 0. One cheap question to the database; call it once a page.

    A version that an earlier release wrote and this one cannot read is passed over for the one
    before it, and `outlived` says so: a desk without any promises would serve nobody.
    """
    return _up_to(None)


def version(number: int) -> Policy:
    """The policy as it was in that version, for what was promised by it; where it cannot be read
    any more, or never was, the one that held before it."""
    return _up_to(number)


def outlived() -> Outlived | None:
    """Why the newest version is not the one that holds; None if it is."""
    last = written(newest())
    if last is None:
        return None
    try:
        read(last.text, last.number)
    except Unfit as unfit:
        return Outlived(last.number, tuple(unfit.problems), current().version)
    return None


def written(number: int) -> Written | None:
    """A version as it was written; 0 is the one that ships. None for one that never was."""
    if number == 0:
        return Written(0, shipped_text(), SHIPPED, None, None)
    row = Version.objects.filter(pk=number).values_list(*_COLUMNS).first()
    return Written(*row) if row else None


def versions() -> list[Written]:
    """The newest versions as they were written, newest first."""
    return [Written(*row) for row in Version.objects.order_by("-pk").values_list(*_COLUMNS)[:MOST]]


_COLUMNS = ("pk", "text", "note", "by__name", "at")


def _up_to(number: int | None) -> Policy:
    rows = Version.objects.order_by("-pk").values_list("pk", "at")
    row = (rows if number is None else rows.filter(pk__lte=number)).first()
    return _held(*row) if row else shipped()


@lru_cache(maxsize=64)
def _held(number: int, at: datetime) -> Policy:
    """The newest readable version up to this one. Versions never change, so this is kept; `at`
    tells them from those of a database that stood here before."""
    text = Version.objects.values_list("text", flat=True).get(pk=number)
    try:
        return read(text, number)
    except Unfit:
        return _up_to(number - 1)
