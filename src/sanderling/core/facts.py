"""Frozen facts that a rule may ask about: gathered by the caller, one query for a batch."""

from __future__ import annotations

from datetime import datetime

import msgspec

from sanderling.core.network import Room


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What triage knows about one post besides its words.

    `to_us`: it mentions us, replies to us, or is a direct message to us.
    `ours`: written by one of our own accounts. `automated`: the network marks it as machine-made.
    """

    text: str
    room: Room
    created_at: datetime
    lang: str | None = None
    followers: int | None = None
    to_us: bool = False
    ours: bool = False
    is_reply: bool = False
    has_media: bool = False
    automated: bool = False
