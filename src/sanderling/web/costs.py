"""What acts on networks cost, in words; nothing is said where nothing costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sanderling.core.network import Limits
from sanderling.web.wording import listed, money
from sanderling.wiring import NoSuchNetwork, limits_for


def terms(account_id: int) -> Limits | None:
    """What the account's network allows; None where this installation does not speak to it."""
    try:
        return limits_for(account_id)
    except NoSuchNetwork:
        return None


def currency(limits: Limits | None) -> str:
    """The currency of a network's price list; "" where it charges nothing."""
    return limits.prices.currency if limits and limits.prices else ""


def cost(by_account: Mapping[int, int]) -> str:
    """What accounts spent (millionths of each one's currency) as one amount for each currency."""
    sums: Counter[str] = Counter()
    for account_id, micros in by_account.items():
        if micros:
            sums[currency(terms(account_id))] += micros
    amounts = [money(micros, unit) for unit, micros in sums.items() if unit]
    return listed(amounts)
