"""Making every struct ready before threads are many.

msgspec learns a struct's fields when it is first decoded. Where two threads do that at the same
moment, one may find it half learnt, and the process dies (0.22.0: a read through null in `_core`).
So each process that has threads learns all it knows of while it is still alone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import msgspec


def make_ready() -> int:
    """Let msgspec learn every struct that has been defined so far; how many there are."""
    found = 0
    for kind in _kinds(msgspec.Struct):
        with suppress(TypeError):  # one that is never decoded may hold what JSON cannot say
            msgspec.json.Decoder(kind)
            found += 1
    return found


def _kinds(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)
