"""What X allows and charges, as data: `tiers.toml` and `prices.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from sanderling.core.network import Limits
from sanderling.core.pricing import MICROS, Act, Prices
from sanderling.core.words import later
from sanderling.networks.x.secret import TierName


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """What an app may do on its plan; `words` say it to people."""

    replies: Literal["open", "summoned"]
    likes: bool
    priced: bool
    rules: int
    rule_characters: int
    search_characters: int
    words: str


class PriceList(msgspec.Struct, frozen=True, kw_only=True):
    """The file of prices, in whole units of the currency."""

    dated: date
    currency: str
    source: str
    of: dict[Act, float]


def _load(name: str) -> object:
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))


def _prices() -> Prices:
    listed = msgspec.convert(_load("prices.toml"), PriceList)
    micros = {act: round(amount * MICROS) for act, amount in listed.of.items()}
    return Prices(dated=listed.dated, currency=listed.currency, source=listed.source, of=micros)


TIERS = msgspec.convert(_load("tiers.toml"), dict[TierName, Tier])
PRICES = _prices()


def limits(tier: Tier) -> Limits:
    """What the desk must know of X on this plan.

    A message may go only to who wrote first (X's automation rules), and what is deleted on X must
    be deleted here within a day: posts are looked up again every 20 hours.
    """
    return Limits(
        public_length=280,
        direct_length=10_000,
        counts="weighted",
        keeps_keys=False,
        keeps_message_keys=False,
        replies=tier.replies,
        messages="answers",
        message_link="https://x.com/messages/compose?recipient_id={id}",
        read_by=later("X itself: this kind of message is not encrypted"),
        forgets=True,
        media=4,
        direct_media=1,
        media_bytes=5_000_000,
        writes_per_hour=100,
        recheck_s=72_000,
        prices=PRICES if tier.priced else None,
    )
