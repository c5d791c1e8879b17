"""How an account does, in words: the same on the Networks page and at a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Literal, NamedTuple

from sanderling.core.words import figure, many, retold, say
from sanderling.listen.queries import Covered, Health, Late, Share
from sanderling.web.wording import clock_time, in_words, money

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
        why = say("Nothing is heard or sent. Its history stays here.")
        return State("off", say("Disconnected"), why)
    if closed or a.lost:
        return State("wrong", say("Must be connected again"), retold(closed or a.trouble))
    if a.rest_until and a.rest_until > now:
        wait = in_words((a.rest_until - now).total_seconds())
        return State("warning", say("Rests for {length}", length=wait), retold(a.trouble))
    if a.trouble:
        return State("warning", say("Is tried again now"), retold(a.trouble))
    quiet = _quiet(a, now, zone)
    if a.warning:
        why = f"{retold(a.warning)} {quiet}".strip()
        return State("warning", say("Works, but not all of it"), why)
    if quiet:
        return State("warning", say("Works, but hears late"), quiet)
    if a.asked_at is None:
        why = say("Reading begins as soon as the worker sees the account.")
        return State("off", say("Not read yet"), why)
    return State("good", say("Works"))


def lag(seconds: float) -> str:
    """How old the newest post was when it came."""
    if seconds >= AT_ONCE_S:
        return say("{length} after it was written", length=in_words(seconds))
    n = max(1, round(seconds))
    return many("{n} second after it was written", "{n} seconds after it was written", n)


def covered(day: Covered) -> str:
    """What a day's posts prove: we saw 412 of 412, 3 repaired."""
    figures = {"all": figure(day.listed or 0), "repaired": figure(day.repaired)}
    if day.listed and day.repaired:
        return say("we saw {seen} of {all}, {repaired} repaired", seen=figure(day.seen), **figures)
    if day.listed:
        return say("we saw {seen} of {all}", seen=figure(day.seen), **figures)
    if day.repaired:
        return many(
            "{n} post came, {repaired} repaired; not yet compared with the network's list",
            "{n} posts came, {repaired} repaired; not yet compared with the network's list",
            day.arrived, **figures,
        )  # fmt: skip
    return many(
        "{n} post came; not yet compared with the network's list",
        "{n} posts came; not yet compared with the network's list",
        day.arrived,
    )


def called(network: str, handle: str) -> str:
    """What an account is called: @care, or care@northwind.example where that is an address."""
    return handle if network in ADDRESSES else f"@{handle}"


def spent(a: Health, currency: str) -> str:
    """This month's money: what was spent, of how much, and where it leads."""
    month = a.month
    told = money(month.micros, currency) or say("Nothing yet")
    if month.budget is not None:
        budget = money(month.budget, currency) or say("nothing")
        told = say("{spent} of {budget}", spent=told, budget=budget)
    if month.micros:
        whole = money(month.forecast, currency)
        told = say("{spent}. Estimate for the whole month: {money}", spent=told, money=whole)
    return say("{spent}, so reading is slowed down", spent=told) if a.slowed else told


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
        last = clock_time(a.late.at, zone)
        return f"{_missed(a.late, a.live_at, last)} {say('Nothing is lost.')}"
    if a.live_at and a.unheard:
        since = in_words((now - a.live_at).total_seconds())
        return many(
            "Its stream or webhook has been silent for {length}; asking found {n} post on the days"
            " since. Nothing is lost.",
            "Its stream or webhook has been silent for {length}; asking found {n} posts on the days"
            " since. Nothing is lost.",
            a.unheard, length=since,
        )  # fmt: skip
    return ""


def _missed(late: Late, live_at: datetime | None, last: str) -> str:
    if live_at is None:
        return many(
            "Reading all again found {n} post that did not come, at {time}.",
            "Reading all again found {n} posts that did not come, the last at {time}.",
            late.posts, time=last,
        )  # fmt: skip
    return many(
        "Its stream or webhook seems quiet: asking found {n} post that it did not tell, at {time}.",
        "Its stream or webhook seems quiet: asking found {n} posts that it did not tell, the last"
        " at {time}.",
        late.posts, time=last,
    )  # fmt: skip


def tight(a: Health) -> bool:
    """Whether the month is on its way to cost more than it may."""
    return a.month.budget is not None and (a.slowed or a.month.forecast > a.month.budget)
