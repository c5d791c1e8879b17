"""Every read about answering: whether we may, what is being typed, and what is on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sanderling.cases.queries import NoSuchCase
from sanderling.core.answering import Standing, Target, act, by_hand, most, obstacle
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Limits, Room
from sanderling.core.pricing import Charge
from sanderling.core.voice import silence
from sanderling.core.words import say
from sanderling.people.queries import colleague, speaker
from sanderling.policy.queries import current
from sanderling.respond.models import Approval, Draft, Outgoing
from sanderling.store.sql import fetch

LimitsFor = Callable[[int], Limits]
"""What the network of an account allows; the wiring knows."""

MOST_UNSENT = 200
UNDER_WAY = ("queued", "held", "sending", "unsure", "failed")


@dataclass(frozen=True, slots=True)
class Way:
    """Whether and how a customer can be answered in a room.

    `why` says why not; `by_hand` is then where a person could answer in the network itself.
    `limit` is in units of `counts` and includes the signature. `read_by` says who else can read
    it. `price` and `price_with_link` are what it costs, in millionths of `currency`.
    """

    room: Room
    may: bool
    why: str
    target_post: int | None
    target_handle: str
    limit: int
    counts: str
    by_hand: str
    read_by: str
    price: int
    price_with_link: int
    currency: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Both ways to answer in a case, and how this agent signs."""

    public: Way
    direct: Way
    signature: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """What an agent has typed for a room (public, direct or note) and not sent."""

    room: str
    text: str
    saved_at: datetime


_BARRED = {"news": ("approve", "send back"), "approval": ("release",)}
"""Moves that what is held for one reason does not have, though others do."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A post of ours that is not sent yet, or could not be.

    `moves` are those open to it. `asks`: the desk could not find out, and a person must say. While
    it is held, `held_for` is approval or news, or empty where it waits for an earlier part of the
    same answer. It is `part` of `parts`.
    `helper` wrote it in place of the agent `by_name`; `edited_by` changed it before it left.
    `behind`: an earlier answer in its room comes first.
    """

    id: int
    state: str
    room: Room
    text: str
    then: str
    by: int
    by_name: str
    created_at: datetime
    leaves_at: datetime
    wake_at: datetime | None
    tries: int
    trouble: str
    held_for: str = ""
    part: int = 1
    parts: int = 1
    helper: str = ""
    edited_by: str = ""
    behind: bool = False

    @property
    def moves(self) -> tuple[str, ...]:
        """The moves open to it: what is held for news is its author's to decide, and what is held
        for approval is not theirs to release."""
        barred = _BARRED.get(self.held_for, ()) if self.state == "held" else ()
        return tuple(move for move in OUTGOING.may(self.state) if move not in barred)

    @property
    def asks(self) -> bool:
        """The desk looked and could not be sure: a person must say whether it stands."""
        return self.state == "unsure" and self.wake_at is None


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer that did not reach its customer, as far as the desk knows, or a public status that
    may not stand: a person must decide. It is in a case or about an incident.

    `why` is a sentence. `asks`: it may stand on the network, and nobody knows; else it was refused.
    """

    id: int
    case_id: int | None
    incident: int | None
    title: str
    room: Room
    text: str
    why: str
    asks: bool
    at: datetime
    by_name: str
    name: str
    handle: str
    network: str


class Facing(NamedTuple):
    """Whom an answer in a case goes to, and from which account.

    `customer` is their stable id and `name` what they call themselves; `post` and `reply_to` are
    the ids, here and on the network, of the post that the answer would reply to, `url` is where a
    browser shows it, `role` whose it is (requester or bystander), `text` and `lang` its words.
    """

    case_id: int
    account_id: int
    customer: str
    post: int | None
    reply_to: str | None
    url: str
    standing: Standing
    name: str = ""
    role: str = ""
    text: str = ""
    lang: str = ""


def facing(
    case_id: int, *, limits_for: LimitsFor, post: int | None = None, reply_to: str | None = None
) -> Facing:
    """Who faces us in a case (or the one it was merged into); raises NoSuchCase.

    The post to answer is `post`, or the public one that the network calls `reply_to`, or by default
    the newest that the customer wrote in public.
    """
    rows = fetch("respond/standing", {"case": case_id, "post": post, "reply_to": reply_to})
    if not rows:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    case, account, customer, post, reply_to, room, author, gone, handle, ours, *known = rows[0]
    wrote_public, wrote_direct, follows_us, takes_messages, closed, summons, url, *words = known
    target = (
        Target(room=Room(room), handle=author, gone=gone, closed=closed, summons=summons)
        if post
        else None
    )
    standing = Standing(
        limits=limits_for(account),
        handle=handle,
        ours=ours,
        target=target,
        wrote_public=wrote_public,
        wrote_direct=wrote_direct,
        follows_us=follows_us,
        takes_messages=takes_messages,
    )
    name, role, text, lang = (word or "" for word in words)
    return Facing(
        case, account, customer, post, reply_to, url or "", standing, name, role, text, lang
    )


def answerability(
    case_id: int, *, agent_id: int, limits_for: LimitsFor, reply_to_post: int | None = None
) -> Ways:
    """May we reply, may we message, and how long may it be; raises NoSuchCase."""
    found = facing(case_id, limits_for=limits_for, post=reply_to_post)
    silent = silenced(found.standing.ours, agent_id)
    public, direct = (_way(room, found, silent) for room in (Room.PUBLIC, Room.DIRECT))
    return Ways(public, direct, initials(agent_id))


def silenced(ours: str, agent_id: int) -> str:
    """Why, by the policy, this agent may not answer from the account `ours`; empty where they
    may."""
    voice = current().document.voice
    return silence(voice, ours, speaker(agent_id)) if voice else ""


def _way(room: Room, found: Facing, silent: str) -> Way:
    """How this room is; `silent` says why this agent may not answer from the account at all."""
    standing = found.standing
    why = silent or obstacle(room, standing)
    public = room is Room.PUBLIC
    author = standing.target.handle if standing.target else ""
    return Way(
        room=room,
        may=not why,
        why=why,
        target_post=found.post if public else None,
        target_handle=author if public else standing.handle,
        limit=most(room, standing.limits),
        counts=standing.limits.counts,
        by_hand=found.url if public and not silent and by_hand(standing) else "",
        read_by="" if public else standing.limits.read_by,
        price=_price(room, "", standing),
        price_with_link=_price(room, "https://example.org", standing),
        currency=standing.limits.prices.currency if standing.limits.prices else "",
    )


def _price(room: Room, text: str, standing: Standing) -> int:
    prices = standing.limits.prices
    return prices.cost([Charge(act=act(room, text, standing))]) if prices else 0


def initials(agent_id: int) -> str:
    """How an agent signs; empty for someone who is not at the desk any more."""
    found = colleague(agent_id)
    return found.initials if found else ""


def drafts_of(case_id: int, agent_id: int) -> list[Drafted]:
    """What this agent has typed in this case and not sent."""
    rows = Draft.objects.filter(case_id=case_id, agent_id=agent_id).order_by("room")
    return [Drafted(d.room, d.text, d.saved_at) for d in rows]


def outgoing_of(case_id: int) -> list[UnderWay]:
    """Our posts in this case that are under way or stuck, oldest first."""
    found = Outgoing.objects.filter(case_id=case_id, state__in=UNDER_WAY).select_related(
        "by", "edited_by"
    )
    rows = list(found.order_by("id"))
    first = {o.room: o.pk for o in reversed(rows)}
    return [
        UnderWay(
            id=o.pk,
            state=o.state,
            room=Room(o.room),
            text=o.text,
            then=o.then,
            by=o.by_id,
            by_name=o.by.name,
            created_at=o.created_at,
            leaves_at=o.leaves_at,
            wake_at=o.wake_at,
            tries=o.tries,
            trouble=o.trouble,
            held_for=o.held_for,
            part=o.part,
            parts=o.parts,
            helper=o.helper,
            edited_by=o.edited_by.name if o.edited_by else "",
            behind=first[o.room] != o.pk,
        )
        for o in rows
    ]


def approvals_waiting() -> int:
    """How many answers wait for a second pair of eyes."""
    return Approval.objects.filter(decision="").count()


def unsent() -> list[Unsent]:
    """What could not be sent and waits for a person, the oldest first; MOST_UNSENT at most."""
    rows = fetch("respond/unsent", {"limit": MOST_UNSENT})
    return [
        Unsent(number, case, incident, title, Room(room), text, why, state == "unsure", *rest)
        for number, case, incident, title, room, text, why, state, *rest in rows
    ]


def is_anothers(outgoing: Outgoing, remote_id: str) -> bool:
    """The post is known as an earlier answer in this case, or as an earlier public status from this
    account, which said the same."""
    place: dict[str, Any] = {"case_id": outgoing.case_id}
    if outgoing.case_id is None:
        place = {"broadcast__isnull": False, "account_id": outgoing.account_id}
    others = Outgoing.objects.filter(remote_id=remote_id, **place)
    return others.exclude(pk=outgoing.pk).exists()


def senders_of(case_id: int) -> dict[str, int]:
    """Which agent wrote each answer that was sent in this case, by its id on the network."""
    sent = Outgoing.objects.filter(case_id=case_id, state="sent").exclude(remote_id=None)
    return {remote_id: by for remote_id, by in sent.values_list("remote_id", "by_id") if remote_id}
