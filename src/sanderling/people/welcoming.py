"""The front door of a desk that nobody can sign in to yet: one address, and the first lead.

The address lies in a file of the data folder, for its owner's eyes alone: whoever can read that
folder owns the desk anyway. It opens until the first agent is there, and never again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest
from pathlib import Path

from django.db import transaction

from sanderling.core.words import say
from sanderling.people import roster
from sanderling.people.actions import add_agent
from sanderling.people.models import Company
from sanderling.people.queries import STEPS, has_agents
from sanderling.store.kept import kept_secret, replace_secret
from sanderling.store.moves import remember
from sanderling.store.sql import run_text

FILE = "welcome"
"""In the data folder: the whole address, ready to be copied."""


class SetUpAlready(Exception):
    """This desk has an agent: it is set up by those who can sign in."""


def address(folder: Path, base: str) -> str:
    """The address at which this desk is set up, made once; `base` is where browsers find the desk.
    Raises OSError."""
    file = folder / FILE
    token = _token(kept_secret(file, lambda: _address(base, secrets.token_urlsafe(24)) + "\n"))
    found = _address(base, token)
    if file.read_text().strip() != found:
        replace_secret(file, found + "\n")
    return found


def opens(folder: Path, token: str) -> bool:
    """Whether this is the secret of the address."""
    try:
        known = _token((folder / FILE).read_text())
    except OSError:
        return False
    return bool(known) and compare_digest(known.encode(), token.encode())


def shut(folder: Path) -> None:
    """Forget the address; twice is the same as once."""
    (folder / FILE).unlink(missing_ok=True)


@transaction.atomic
def begin(*, email: str, name: str, initials: str, password: str, now: datetime) -> int:
    """Let the first lead in; gives their id.

    Raises SetUpAlready where somebody was faster, roster.Unfit and ValidationError, in words.
    """
    run_text("select pg_advisory_xact_lock(21, 0)", {})  # one first lead, however many forms
    if has_agents():
        raise SetUpAlready(
            say("This desk is set up already. Sign in, or ask a lead to invite you.")
        )
    first = add_agent(
        email=email, name=roster.name_of(name), initials=roster.initials_of(initials),
        password=password, is_lead=True,
    )  # fmt: skip
    _company()
    remember("agent", first, "begin", by=first, now=now)
    return first


@transaction.atomic
def call_company(*, name: str, by: int, now: datetime) -> None:
    """Say whose desk this is. Raises roster.Unfit."""
    name, row = roster.name_of(name), _company()
    before, row.name = row.name, name
    row.save(update_fields=["name"])
    if before != name:
        remember("company", row.pk, "name", by=by, now=now, note=f"{before or '…'} → {name}")
    _passed(row, done=["company"])


@transaction.atomic
def passed(*, step: str, done: bool) -> None:
    """A step of setting up was done, or left out for now. Raises ValueError for no step."""
    if step not in STEPS:
        raise ValueError("There is no such step.")
    _passed(_company(), done=[step] if done else [], left=[] if done else [step])


@transaction.atomic
def ready(*, by: int, now: datetime) -> None:
    """Put the list of steps away; twice is the same as once."""
    row = _company()
    if row.ready_at is None:
        row.ready_at = now
        row.save(update_fields=["ready_at"])
        remember("company", row.pk, "ready", by=by, now=now)


def _company() -> Company:
    """The row, theirs who asks until the transaction ends."""
    Company.objects.get_or_create(pk=1)
    return Company.objects.select_for_update().get(pk=1)


def _passed(row: Company, *, done: Iterable[str] = (), left: Iterable[str] = ()) -> None:
    there = {*row.done, *done}
    row.done = [step for step in STEPS if step in there]
    row.left = [step for step in STEPS if step in {*row.left, *left} - there]
    row.save(update_fields=["done", "left"])


def _address(base: str, token: str) -> str:
    return f"{base.rstrip('/')}/welcome/{token}/"


def _token(text: str) -> str:
    return text.strip().rstrip("/").rpartition("/")[2]
