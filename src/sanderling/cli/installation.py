"""Getting an installation ready for a command: its database, its tables, its log."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings

from sanderling.cli.errors import Unready
from sanderling.policy.actions import adopt_default
from sanderling.store import schema, server


def now() -> datetime:
    """The time, for commands that act on behalf of a person."""
    return datetime.now(UTC)


@contextmanager
def open_desk(*, migrate: bool | None = None) -> Iterator[None]:
    """The desk's database, ready for use as long as the block runs.

    Migrations run by themselves on the embedded database and on command on one's own. A desk has a
    policy from its first moment.
    Raises DatabaseTrouble and Unready.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for loud in ("httpx", "httpcore"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    with server.ready(data=settings.DATA, url=settings.DATABASE_URL):
        _tables(migrate=not settings.DATABASE_URL if migrate is None else migrate)
        adopt_default(now=now())
        yield


def need_port(host: str, port: int) -> None:
    """Raise Unready, in words, where nobody can listen on this port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise Unready(
            f"Port {port} on {host} cannot be used: {error.strerror or error}. "
            "Stop what runs there, or choose another with --port."
        ) from error


def _tables(*, migrate: bool) -> None:
    if migrate:
        schema.bring_up_to_date()
    elif missing := schema.pending():
        raise Unready(
            f"The database lacks {len(missing)} changes, the first is {missing[0]}. "
            "Make a backup, then run `sanderling migrate`."
        )
