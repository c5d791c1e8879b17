"""How far we have read: the cursor of X, a place in each of its lists."""

from __future__ import annotations

from typing import Literal

import msgspec

from sanderling.core.network import Cursor, Refused
from sanderling.core.words import later
from sanderling.networks.wire.sweep import Sweep


class Reached(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in one list; `read` items were read by the sweep under way."""

    sweep: Sweep = Sweep()
    read: int = 0


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place in every list; `columns` holds the newest id that was found for each."""

    network: Literal["x"]
    mentions: Reached = Reached()
    own: Reached = Reached()
    messages: Reached = Reached()
    columns: dict[int, str] = {}

    @property
    def under_way(self) -> bool:
        """Whether a list has older pages still to be read."""
        return any(part.sweep.under_way for part in (self.mentions, self.own, self.messages))

    def text(self) -> Cursor:
        """As it lies in the desk."""
        return msgspec.json.encode(self).decode()


def place(cursor: Cursor | None) -> Place:
    """The place a cursor names; raises Refused for one of another network."""
    if cursor is None:
        return Place(network="x")
    try:
        return msgspec.json.decode(cursor, type=Place)
    except msgspec.DecodeError as error:
        raise Refused(
            later("This account's place was left on another network. Connect the account again.")
        ) from error
