"""How an account does, in words: the same on the Networks page and at a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Literal, NamedTuple

from sanderling.listen.queries import Covered, Health, Late, Share
from sanderling.web.wording import clock_time, in_words, many, money

ADDRESSES = ("feed", "mail")
"""Networks whose accounts are called by an address."""
AT_ONCE_S = 90.0
"""A post that came within this many seconds is told in seconds."""


class State(NamedTuple):
    """How an account does: in a word or two, and why."""

    look: Literal["good", "warning", "wrong", "off"]
    words: str
    why: str = ""


def state(a: Health, now: datetime, zone: tzinfo = UTC, *, closed: str = "") -> State:
    """The state of an account, the worst first; `closed` is why nothing can be sent, if so."""
    if a.archived_at:
        return State("off", "Disconnected", "Nothing is heard or sent. Its history stays here.")
    if closed:
        return State("wrong", "Must be connected again", closed)
    if a.lost:
        return State("wrong", "Must be connected again", a.trouble)
    if a.rest_until and a.rest_until > now:
        wait = (a.rest_until - now).total_seconds()
        return State("warning", f"Rests for {in_words(wait)}", a.trouble)
    if a.trouble:
        return State("warning", "Is tried again now", a.trouble)
    quiet = _quiet(a, now, zone)
    if a.warning:
        return State("warning", "Works, but not all of it", f"{a.warning} {quiet}".strip())
    if quiet:
        return State("warning", "Works, but hears late", quiet)
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


def split(a: Health, currency: str) -> str:
    """What this month's money went for: Columns $1.20, mentions $0.40."""
    told = _shares(a.split.shares, currency)
    return told[:1].upper() + told[1:]


def dearest(a: Health, currency: str) -> str:
    """The columns that cost most this month."""
    return _shares(a.split.dearest, currency)


def _shares(found: Iterable[Share], currency: str) -> str:
    return ", ".join(f"{share.what} {money(share.micros, currency)}" for share in found)


def _quiet(a: Health, now: datetime, zone: tzinfo) -> str:
    """What a stream or webhook did not tell although it should have."""
    if a.late:
        return f"{_missed(a.late, a.live_at, clock_time(a.late.at, zone))} Nothing is lost."
    if a.live_at and a.unheard:
        since = in_words((now - a.live_at).total_seconds())
        return (
            f"Its stream or webhook has been silent for {since}; asking found "
            f"{many(a.unheard, 'post')} on the days since. Nothing is lost."
        )
    return ""


def _missed(late: Late, live_at: datetime | None, last: str) -> str:
    when = f"at {last}" if late.posts == 1 else f"the last at {last}"
    if live_at is None:
        return f"Reading all again found {many(late.posts, 'post')} that did not come, {when}."
    return (
        "Its stream or webhook seems quiet: asking found "
        f"{many(late.posts, 'post')} that it did not tell, {when}."
    )


def tight(a: Health) -> bool:
    """Whether the month is on its way to cost more than it may."""
    return a.month.budget is not None and (a.slowed or a.month.forecast > a.month.budget)
