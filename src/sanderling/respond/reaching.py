"""Who is in a round: customers join it, most urgent first, and what speaks against each is known
before it begins and asked again before their answer leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec

from sanderling.cases.presence import FRESH
from sanderling.core.answering import Standing, Target
from sanderling.core.network import Room
from sanderling.core.policy import Policy, Saying
from sanderling.core.reaching import Aside, Known, RoundKind, aside
from sanderling.core.text import has_link
from sanderling.core.verdict import Flag, Kind, Tone
from sanderling.core.words import speaking
from sanderling.policy.queries import current
from sanderling.respond.models import Recipient, Round
from sanderling.respond.queries import LimitsFor
from sanderling.store.sql import as_json, fetch, run


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer in a round, the post of theirs that it would answer, and what is known of both.

    `account` is what our account is called; `about` is what approvals may ask.
    """

    id: int
    customer: int
    account_id: int
    post: int
    wording: int
    by_hand: bool
    case_id: int | None
    text: str
    url: str
    name: str
    handle: str
    network: str
    avatar: str
    account: str
    known: Known
    about: Saying

    @property
    def standing(self) -> Standing:
        """How we and they stand to each other."""
        return self.known.standing

    def against(self, text: str, policy: Policy) -> Aside | None:
        """Why a round must not say `text` to them; None where it may."""
        found = aside(self.known, by_hand=self.by_hand)
        if found or self.by_hand:
            return found
        said = {"length": len(text), "has_link": has_link(text), "words": text.lower()}
        rule = policy.approval(_saying(self.about, said))
        return Aside("approval", rule.reason) if rule else None


def enlist(row: Round, *, limits_for: LimitsFor, now: datetime) -> int:
    """Let everybody join a round who belongs into it and is in none of its kind, and set aside whom
    it must not answer; how many joined."""
    name = "respond/enlist" if row.kind == "acknowledge" else "respond/enlist_told"
    about = {"round": row.pk, "incident": row.incident_id, "kind": row.kind}
    joined = [number for (number,) in fetch(name, about)]
    set_aside(joined, row, limits_for=limits_for, now=now)
    return len(joined)


def template_for(row: Round, whom: Candidate) -> str:
    """The words of a round in the language that somebody writes, as far as it has them."""
    return str(row.translations.get(whom.about.lang) or row.text)


def set_aside(
    recipients: Sequence[int], row: Round, *, limits_for: LimitsFor, now: datetime
) -> None:
    """Set aside those of the waiting whom a round must not answer, each with the reason."""
    policy = current()
    found = {
        one.id: one.against(template_for(row, one), policy)
        for one in candidates(recipients, limits_for, now)
    }
    put([Became(number, "set aside", *why) for number, why in found.items() if why], now=now)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a recipient; what is None stays as it is."""

    id: int
    state: str
    reason: str = ""
    why: str = ""
    case_id: int | None = None
    outgoing: int | None = None


def put(rows: Sequence[Became], *, now: datetime, was: Collection[str] = ("waiting",)) -> int:
    """Write down what became of recipients that still stand as they `was`; how many did."""
    if not rows:
        return 0
    return run("respond/put_recipients", {"rows": as_json(rows), "now": now, "was": list(was)})


def waiting_of(row: Round) -> list[int]:
    """Who waits in a round, most urgent first."""
    waiting = Recipient.objects.filter(round=row, state="waiting").order_by("rank", "pk")
    return list(waiting.values_list("pk", flat=True))


def candidates(recipients: Iterable[int], limits_for: LimitsFor, now: datetime) -> list[Candidate]:
    """These recipients as they stand now, most urgent first."""
    ids = list(recipients)
    if not ids:
        return []
    params = {"recipients": ids, "now": now, "fresh": now - FRESH}
    limits: dict[int, Any] = {}
    with speaking(None):  # what is kept of it is English
        return [_candidate(_Row(*row), limits, limits_for) for row in
                fetch("respond/recipient_facts", params)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of recipient_facts.sql."""

    id: int
    kind: str
    customer: int
    account_id: int
    post: int
    wording: int
    by_hand: bool
    case_id: int | None
    state: str
    room: str
    text: str
    url: str
    gone: bool
    closed: bool
    to_us: bool
    name: str
    handle: str
    network: str
    avatar: str
    followers: int
    follows_us: bool | None
    takes_messages: Any
    ours: str
    account: str
    is_ours: bool
    copy: bool
    answered: bool
    owner: str
    writer: str
    on_its_way: bool
    told_as: str
    flags: Sequence[str]
    about: str
    tone: int
    lang: str
    team: str
    plan: str
    drill: bool


def _candidate(row: _Row, limits: dict[int, Any], limits_for: LimitsFor) -> Candidate:
    if row.account_id not in limits:
        limits[row.account_id] = limits_for(row.account_id)
    room = Room(row.room)
    flags = frozenset(map(Flag, row.flags))
    known = Known(
        kind=cast(RoundKind, row.kind), room=room, standing=_standing(row, limits[row.account_id]),
        flags=flags, ours=row.is_ours, copy=row.copy, case=row.case_id, state=row.state,
        answered=row.answered, owner=row.owner, writer=row.writer, on_its_way=row.on_its_way,
        told_as=row.told_as, rehearsed=row.drill and not limits[row.account_id].practises,
    )  # fmt: skip
    about = Saying(
        room=room, kind=Kind(row.about), tone=Tone(row.tone), flags=tuple(flags), lang=row.lang,
        network=row.network, account=row.ours, followers=row.followers, team=row.team,
        plan=row.plan,
    )  # fmt: skip
    return Candidate(
        row.id, row.customer, row.account_id, row.post, row.wording, row.by_hand, row.case_id,
        row.text, row.url, row.name, row.handle, row.network, row.avatar, row.account, known, about,
    )  # fmt: skip


def _standing(row: _Row, limits: Any) -> Standing:
    room = Room(row.room)
    return Standing(
        limits=limits, handle=row.handle, ours=row.ours, wrote_public=room is Room.PUBLIC,
        wrote_direct=room is Room.DIRECT, follows_us=row.follows_us,
        takes_messages=row.takes_messages,
        target=Target(
            room=room, handle=row.handle, gone=row.gone, closed=row.closed, summons=row.to_us
        ),
    )  # fmt: skip


def _saying(about: Saying, said: Mapping[str, Any]) -> Saying:
    return msgspec.structs.replace(about, **said)
