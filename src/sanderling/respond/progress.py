"""What pages read of rounds: how far they are, when they will be done, what they cost, and whom
they cannot reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from sanderling.core.answering import act, signature, space
from sanderling.core.guards import Saying, objections
from sanderling.core.network import Limits, Room
from sanderling.core.pacing import WINDOW, Left, Pace, done_at, next_slot
from sanderling.core.pricing import Charge
from sanderling.core.reaching import PERSON
from sanderling.core.sameness import different
from sanderling.core.wording import check, nth, variables
from sanderling.core.words import figure, many, say
from sanderling.listen.queries import OurAccount, accounts
from sanderling.people.queries import speaker
from sanderling.policy.queries import current
from sanderling.respond.addressing import values
from sanderling.respond.minding import house
from sanderling.respond.models import Recipient, Round
from sanderling.respond.queries import LimitsFor, initials, silenced
from sanderling.respond.reaching import Candidate, candidates, template_for
from sanderling.store.sql import fetch

MOST_WORDINGS = 1_000
"""Wordings that a round uses; after these it begins again with the first."""

FEWEST = 3
"""Wordings that a round needs to answer more people than this."""

LOOKED_AT = 100
"""Wordings that are read for what speaks against them before a round begins."""

MOST_LISTED = 200
SAMPLES = 3
LONG_NAME = "Maximiliana-Alexandrina"
"""A first name as long as they come: what fits with it fits with any."""

AS_READ = {"name": LONG_NAME, "handle": "@" + "m" * 20, "account": "", "case": "1000000"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What answers cost: `micros` millionths of `currency`, by the price list as of `dated`."""

    currency: str
    micros: int
    dated: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a round will take: how many wait, when the last is told (None: never, at this pace), and
    what that costs. `allows` is what the tightest network lets us write in an hour, `rate` what the
    round makes of it; None where no network says anything."""

    waiting: int
    done_at: datetime | None
    rate: int
    allows: int | None
    costs: tuple[Cost, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As it is kept with a round that begins."""
        return {**asdict(self), "done_at": self.done_at.isoformat() if self.done_at else None}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is, with all of its kind in the incident before it: how many were told, have
    an answer on its way, wait, need a person, and are set aside."""

    id: int
    kind: str
    state: str
    text: str
    translations: Mapping[str, str]
    per_hour: int
    by: int
    by_name: str
    begun_at: datetime | None
    ended_at: datetime | None
    why: str
    told: int
    taken: int
    waiting: int
    person: int
    aside: int
    reasons: Mapping[str, int]
    wordings: int

    @property
    def line(self) -> int:
        """Who is still to be told."""
        return self.waiting + self.taken

    @property
    def all(self) -> int:
        """Everybody who is in it."""
        return self.told + self.line + self.person + self.aside


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a round, as a list shows them: `why` they are there, and what they wrote."""

    id: int
    case_id: int | None
    state: str
    reason: str
    why: str
    at: datetime | None
    name: str
    handle: str
    network: str
    avatar: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Sample:
    """How one of those who wait would be answered."""

    name: str
    handle: str
    network: str
    avatar: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is ahead of a round; `samples` and `problems` only while it is being worded, or waits
    for approval."""

    forecast: Forecast
    samples: Sequence[Sample] = ()
    problems: Sequence[str] = ()


def outlook(round_id: int, *, limits_for: LimitsFor, now: datetime) -> Outlook:
    """What is ahead of a round, as its panel shows it."""
    row = Round.objects.select_related("by").get(pk=round_id)
    ahead = forecast(row, limits_for=limits_for, now=now)
    if row.state not in ("prepared", "asked"):
        return Outlook(ahead)
    read = samples(row, limits_for=limits_for, now=now)
    return Outlook(ahead, read, problems(row, limits_for=limits_for))


def latest(incident_id: int, kind: str) -> Progress | None:
    """The newest round of a kind in an incident, and how far it is."""
    found = Round.objects.filter(incident_id=incident_id, kind=kind).select_related("by")
    row = found.order_by("-pk").first()
    return _progress(row) if row else None


def _progress(row: Round) -> Progress:
    there = Recipient.objects.filter(incident_id=row.incident_id, kind=row.kind)
    counted = there.values_list("state", "reason").annotate(n=Count("pk"))
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for state, reason, n in counted:
        states[state] += n
        if reason and state in ("set aside", "failed"):
            reasons[reason] += n
    person = sum(reasons[reason] for reason in PERSON)
    return Progress(
        id=row.pk, kind=row.kind, state=row.state, text=row.text,
        translations=row.translations, per_hour=row.per_hour, by=row.by_id,
        by_name=row.by.name, begun_at=row.begun_at, ended_at=row.ended_at,
        why=row.why, told=states["told"], taken=states["taken"], waiting=states["waiting"],
        person=person, aside=states["set aside"] + states["failed"] - person, reasons=reasons,
        wordings=sum(len(numbers(row, text)) for text in (row.text, *row.translations.values())),
    )  # fmt: skip


LISTS: Mapping[str, tuple[tuple[str, ...], tuple[bool, Sequence[str]] | None]] = {
    "told": (("told",), None),
    "line": (("waiting", "taken"), None),
    "person": (("set aside", "failed"), (True, PERSON)),
    "aside": (("set aside", "failed"), (False, PERSON)),
}
"""The lists of a round: states, and reasons that must be among these, or must not."""


def listed(incident_id: int, kind: str, which: str, limit: int = MOST_LISTED) -> list[Listed]:
    """Who is in a list of a round, most urgent first: told, line, person or aside."""
    states, reasons = LISTS[which]
    params = {
        "incident": incident_id, "kind": kind, "states": list(states), "limit": limit,
        "reasons": list(reasons[1]) if reasons else None, "among": bool(reasons and reasons[0]),
    }  # fmt: skip
    return [Listed(*row) for row in fetch("respond/listed_recipients", params)]


def pace(row: Round, limits: Limits) -> Pace:
    """How fast a round may write from an account with these limits."""
    return Pace(row.per_hour, limits.writes_per_hour, current().document.incidents.keep_free)


def left_lately(account_id: int, now: datetime) -> tuple[Left, int]:
    """What left from an account within the hour before, and how many answers of rounds are ahead:
    queued, or leaving. While the account rests, because its network asked for that, no slot is
    given before."""
    params = {"account": account_id, "since": now - WINDOW, "now": now}
    [row] = fetch("respond/left_lately", params)
    rounds, others, rounds_under_way, others_under_way, ahead, slot = row
    return Left(rounds, others, rounds_under_way, others_under_way, slot), ahead


def forecast(row: Round, *, limits_for: LimitsFor, now: datetime) -> Forecast:
    """What is left of a round: when it is done if nothing comes between, and what it costs."""
    waiting = Recipient.objects.filter(round=row, state="waiting")
    by_account = dict(waiting.values_list("account_id").annotate(n=Count("pk")))
    ends: list[datetime | None] = [now]
    rates, allowed = [], []
    for account, count in by_account.items():
        limits = limits_for(account)
        here = pace(row, limits)
        begins = next_slot(here, left_lately(account, now)[0], now) or now + WINDOW
        ends.append(done_at(here, count, begins))
        rates.append(here.rate)
        allowed += [limits.writes_per_hour] if limits.writes_per_hour is not None else []
    known = [end for end in ends if end is not None]
    return Forecast(
        waiting=sum(by_account.values()),
        done_at=max(known) if len(known) == len(ends) else None,
        rate=sum(rates),
        allows=min(allowed, default=None),
        costs=_costs(row, limits_for, now) if row.state in ("prepared", "asked") else (),
    )


def _costs(row: Round, limits_for: LimitsFor, now: datetime) -> tuple[Cost, ...]:
    """By the networks' price lists, as far as they have one."""
    found: Counter[tuple[str, str]] = Counter()
    waiting = Recipient.objects.filter(round=row, state="waiting").values_list("pk", flat=True)
    for one in candidates(waiting, limits_for, now):
        if prices := one.standing.limits.prices:
            charge = Charge(act=act(one.known.room, template_for(row, one), one.standing))
            found[prices.currency, prices.dated.isoformat()] += prices.cost([charge])
    return tuple(Cost(currency, n, dated) for (currency, dated), n in sorted(found.items()))


def languages(round_id: int) -> dict[str, int]:
    """How many of those who wait in a round write each language, the most first."""
    return dict(fetch("respond/languages_in_line", {"round": round_id}))


def numbers(row: Round, text: str) -> tuple[int, ...]:
    """The wordings of a text of a round, in no order; none where it cannot be read."""
    return () if check(text) else different(text, row.token.int % 2**64, MOST_WORDINGS)


def said_to(row: Round, whom: Candidate) -> str:
    """What a round says to somebody."""
    text = template_for(row, whom)
    found = numbers(row, text)
    return nth(text, values(whom, row.by_id), found[whom.wording % len(found)])


def samples(row: Round, *, limits_for: LimitsFor, now: datetime) -> list[Sample]:
    """How the first who wait would be answered."""
    first = Recipient.objects.filter(round=row, state="waiting").order_by("rank", "pk")
    sign = signature("", initials(row.by_id))
    return [
        Sample(one.name, one.handle, one.network, one.avatar, one.text, said_to(row, one) + sign)
        for one in candidates(first.values_list("pk", flat=True)[:SAMPLES], limits_for, now)
    ]


def problems(row: Round, *, limits_for: LimitsFor) -> list[str]:
    """What speaks against beginning a round as it is worded, in sentences; nothing if it may."""
    there = Recipient.objects.filter(round=row, state="waiting")
    from_accounts = set(there.values_list("account_id", flat=True))
    ours = [account for account in accounts() if account.id in from_accounts]
    found = [why for account in ours if (why := silenced(account.handle, row.by_id))]
    writing = Counter(languages(row.pk))
    people = {code: writing.pop(code, 0) for code in row.translations}
    for code, text in {"": row.text, **row.translations}.items():
        against = _against(row, text, people.get(code, writing.total()), ours, limits_for)
        found += [in_language(code, why) for why in against]
    return list(dict.fromkeys(found))


def in_language(code: str, why: str) -> str:
    """What speaks against the text for this language, "" being the one for all others."""
    return f"{code}: {why}" if code else why


def _against(
    row: Round, text: str, people: int, ours: Sequence[OurAccount], limits_for: LimitsFor
) -> list[str]:
    """What speaks against one text of a round, which so many people would read."""
    if wrong := check(text):
        return wrong
    found = [] if variables(text) & {"name", "handle"} else [_address_them()]
    wordings = numbers(row, text)
    if people > FEWEST > len(wordings):
        found.append(_more_wordings(len(wordings), people))
    texts = [nth(text, {**AS_READ, "agent": row.by.name}, n) for n in wordings[:LOOKED_AT]]
    for account in ours:
        found += _too_long(texts, limits_for(account.id), row.by_id, account.handle)
    return found + _guarded(texts, row.by_id, [account.handle for account in ours])


def _address_them() -> str:
    return say(
        "Address each of them: put {name} or {handle} into the text.",
        name="{name}",
        handle="{handle}",
    )


def _more_wordings(there: int, people: int) -> str:
    return many(
        "There is {n} wording for {people} people, who would read the same. Put variations into"
        " the text, {example}: {fewest} at least.",
        "There are {n} wordings for {people} people, who would read the same. Put variations into"
        " the text, {example}: {fewest} at least.",
        there, people=figure(people), example="[Hello|Hi]", fewest=FEWEST,
    )  # fmt: skip


def _too_long(texts: Sequence[str], limits: Limits, by: int, handle: str) -> list[str]:
    if limits.closed:
        return []
    room, sign = space(Room.PUBLIC, limits), signature("", initials(by))
    if all(room.takes(text + sign) for text in texts):
        return []
    return [say("Some wordings are too long for one post of @{handle}. Shorten them.",
                handle=handle)]  # fmt: skip


def _guarded(texts: Sequence[str], by: int, ours: Sequence[str]) -> list[str]:
    """What speaks against the words, to whomever they go."""
    rules, who = house(current().document), speaker(by)
    return [
        one.says
        for text in texts
        for one in objections(
            Saying(
                room=Room.PUBLIC, text=text, handle=AS_READ["handle"][1:], name=LONG_NAME,
                around=tuple(ours), speaker=who,
            ),
            rules,
        )
    ]  # fmt: skip
