"""What the desk and the process that rings tell each other, as JSON."""

from __future__ import annotations

import msgspec


class Asked(msgspec.Struct):
    """What to tell to which addresses, by their keys; an empty title only looks at them."""

    title: str
    text: str
    addresses: dict[str, str]


class Answer(msgspec.Struct):
    """How it went with one: `service` is what kind it is, `trouble` a sentence with {address}."""

    key: str
    service: str
    trouble: str
