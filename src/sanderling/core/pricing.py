"""What acts on a network cost, by its price list: data with a date, amounts in millionths.

Which act a post of ours would be is decided here, so that the composer, the meter and the forecast
say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from sanderling.core.text import has_link

MICROS = 1_000_000
"""Amounts are whole millionths of the list's currency: $0.015 is 15,000."""


class Act(StrEnum):
    """Everything a network may charge for."""

    POST = "post"
    POST_WITH_LINK = "post with a link"
    SUMMONED_REPLY = "summoned reply"
    MESSAGE = "message"
    DELETE = "delete"
    HIDE = "hide"
    MEDIA = "media"
    READ_POST = "read a post"
    READ_OWN = "read an own post"
    READ_PERSON = "read a person"
    READ_MESSAGE = "read a message"
    READ_LIKE = "read a like"
    COUNT = "count posts"


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """An act done `count` times; `column` is the id of the column it was done for, if any."""

    act: Act
    count: int = 1
    column: int | None = None


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """A network's price list as of `dated`; `of` holds millionths of `currency` per act."""

    dated: date
    currency: str
    source: str
    of: dict[Act, int]

    def cost(self, charges: Iterable[Charge]) -> int:
        """What the charges come to, in millionths; acts that are not on the list are free."""
        return sum(self.of.get(charge.act, 0) * charge.count for charge in charges)


def act_of(text: str, *, direct: bool, summoned: bool) -> Act:
    """What sending `text` would be on the bill.

    Whether a summoned reply with a link is charged as a reply or as a post with a link is not
    published by X, so the dearer is assumed.
    """
    if direct:
        return Act.MESSAGE
    if has_link(text):
        return Act.POST_WITH_LINK
    return Act.SUMMONED_REPLY if summoned else Act.POST
