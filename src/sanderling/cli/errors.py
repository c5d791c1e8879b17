"""Trouble told in words: no traceback on anybody's screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from rich.console import Console

from sanderling.store.trouble import DatabaseTrouble

screen = Console(stderr=True, highlight=False)


class Unready(Exception):
    """The installation cannot do this; the message says why and what to do."""


@contextmanager
def people_can_read_errors() -> Iterator[None]:
    """Trouble that has words is told in words, and ends the command with status 1."""
    try:
        yield
    except (DatabaseTrouble, ImproperlyConfigured, Unready) as trouble:
        screen.print(str(trouble), style="red", markup=False)
        raise SystemExit(1) from None
