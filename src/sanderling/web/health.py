"""How an account does, in words: the same on the Networks page and at a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from sanderling.listen.queries import Covered, Health
from sanderling.web.wording import in_words, many, money

ADDRESSES = ("feed", "mail")
"""Networks whose accounts are called by an address."""
AT_ONCE_S = 90.0
"""A post that came within this many seconds is told in seconds."""


class State(NamedTuple):
    """How an account does: in a word or two, and why."""

    look: Literal["good", "warning", "wrong", "off"]
    words: str
    why: str = ""


def state(a: Health, now: datetime) -> State:
    """The state of an account, the worst first."""
    if a.archived_at:
        return State("off", "Disconnected", "Nothing is heard or sent. Its history stays here.")
    if a.lost:
        return State("wrong", "Must be connected again", a.trouble)
    if a.rest_until and a.rest_until > now:
        wait = (a.rest_until - now).total_seconds()
        return State("warning", f"Rests for {in_words(wait)}", a.trouble)
    if a.trouble:
        return State("warning", "Is tried again now", a.trouble)
    if a.warning:
        return State("warning", "Works, but not all of it", a.warning)
    if a.asked_at is None:
        return State(
            "off", "Not read yet", "Reading begins as soon as the worker sees the account."
        )
    return State("good", "Works")


def lag(seconds: float) -> str:
    """How old the newest post was when it came."""
    if seconds >= AT_ONCE_S:
        return f"{in_words(seconds)} after it was written"
    return f"{many(max(1, round(seconds)), 'second')} after it was written"


def covered(day: Covered) -> str:
    """What a day's posts prove: we saw 412 of 412, 3 repaired."""
    repaired = f", {day.repaired:,} repaired" if day.repaired else ""
    if day.listed:
        return f"we saw {day.seen:,} of {day.listed:,}{repaired}"
    return f"{many(day.arrived, 'post')} came{repaired}; not yet compared with the network's list"


def called(network: str, handle: str) -> str:
    """What an account is called: @care, or care@northwind.example where that is an address."""
    return handle if network in ADDRESSES else f"@{handle}"


def spent(a: Health, currency: str) -> str:
    """This month's money: what was spent, of how much, and where it leads."""
    month = a.month
    told = money(month.micros, currency) or "Nothing yet"
    if month.budget is not None:
        told += f" of {money(month.budget, currency) or 'nothing'}"
    if month.micros:
        told += f". Estimate for the whole month: {money(month.forecast, currency)}"
    return f"{told}, so reading is slowed down" if a.slowed else told


def tight(a: Health) -> bool:
    """Whether the month is on its way to cost more than it may."""
    return a.month.budget is not None and (a.slowed or a.month.forecast > a.month.budget)
