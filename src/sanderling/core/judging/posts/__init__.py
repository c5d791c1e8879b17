"""Invented posts with labels, in the languages that are judged: to train on, and to be checked by.

Nobody's words but ours, so they may travel with the weights: before a company's own layer goes
live it must do no worse on those held back here.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from sanderling.core.judging.tasks import READ

_BLOCK, _PARTS = 12, 5
"""Lines are held back in blocks: the languages tell the same situations in the same order, and a
situation must not be trained on in one language and asked about in another."""


class Invented(msgspec.Struct, frozen=True):
    """A post nobody wrote, labelled: `held_back` ones are never trained on."""

    text: str
    lang: str
    kind: str
    tone: int
    flags: tuple[str, ...]
    to_us: bool
    held_back: bool = False


@cache
def invented() -> tuple[Invented, ...]:
    """All of them, language by language."""
    return tuple(post for lang in READ for post in _of(lang))


def _of(lang: str) -> list[Invented]:
    source = files(__name__).joinpath(f"{lang}.jsonl").read_bytes()
    decode = msgspec.json.Decoder(Invented).decode
    return [
        msgspec.structs.replace(decode(line), held_back=number // _BLOCK % _PARTS == 0)
        for number, line in enumerate(source.splitlines())
    ]
