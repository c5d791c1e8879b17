"""What was heard, as entries of a matter: whose it is, and in which role it stands there.

Ours stand where their customer stands. An answer to a post that was never heard waits as an orphan
until that post comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

from sanderling.cases.models import Case
from sanderling.core.network import Room
from sanderling.core.placing import Entry, Need, Role
from sanderling.core.verdict import Kind, Verdict
from sanderling.listen.actions import Heard
from sanderling.store.sql import as_json, fetch, run
from sanderling.triage.actions import Decided

Customer = tuple[int, int]
"""An account of ours and the identity of whose matter it is."""


class Stand(NamedTuple):
    """An entry with the customer and the room it stands in."""

    customer: Customer
    room: str
    entry: Entry


def stands_of(
    network: str, heard: Sequence[Heard], verdicts: Sequence[Verdict]
) -> dict[int, Stand]:
    """By post: where the posts of a page stand, and orphans that found their parent in it."""
    stands: dict[int, Stand] = {}
    for h, verdict in zip(heard, verdicts, strict=True):
        if not h.ours and (customer := _customer(h, verdict)) is not None:
            stands[h.post] = _joined(stands.get(h.post), _stand(h, customer, need_of(verdict)))
    answers = _answers(network, [h for h in heard if h.ours])
    for stand in (*answers, *_adopted(network, heard, answers)):
        stands[stand.entry.post] = stand
    return stands


def own(post_id: int, case: Case, *, ends: bool) -> Stand:
    """A post that the desk sent, as it will stand in its case."""
    post = _posts([post_id])[post_id]
    return Stand(
        (case.account_id, case.requester_id),
        post.room,
        Entry(
            post=post_id,
            at=post.at,
            role="us",
            needs=Need.NONE,
            ends=ends,
            gone=post.gone,
            names=names(post.remote_id, post.reply_to),
            starts=False,
            case=case.pk,
            fresh=True,
        ),
    )


def needed(needs: Mapping[int, Need]) -> list[Stand]:
    """Customers' posts that were found, or decided, to need us after all; ours never do."""
    return [_needing(post, needs[post.id]) for post in _posts(needs).values() if not post.ours]


def _needing(post: _Post, needs: Need) -> Stand:
    public = post.room == Room.PUBLIC
    return Stand(
        (post.account, post.author),
        post.room,
        Entry(
            post=post.id,
            at=post.at,
            role="requester",
            needs=needs,
            ends=False,
            gone=post.gone,
            names=names(post.remote_id, post.reply_to, post.thread if public else None),
            starts=public and post.reply_to is None,
            fresh=True,
        ),
    )


class _Post(NamedTuple):
    id: int
    account: int
    author: int
    remote_id: str
    room: str
    at: datetime
    reply_to: str | None
    thread: str | None
    gone: bool
    ours: bool


def _posts(ids: Iterable[int]) -> dict[int, _Post]:
    found = fetch("cases/posts_to_place", {"posts": list(ids)})
    return {row[0]: _Post(*row) for row in found}


def _customer(h: Heard, verdict: Verdict) -> tuple[int, Role] | None:
    """Whose matter a post of theirs is, and in which role; None where it is nobody's."""
    if h.to_us or verdict.needs_us:
        return h.author, "requester"
    answered = h.answers
    if answered is None:
        return None
    return answered, "requester" if answered == h.author else "bystander"


def need_of(found: Verdict | Decided) -> Need:
    """How much a post needs us by what was found in it."""
    if not found.needs_us:
        return Need.NONE
    return Need.THANKS if found.kind is Kind.PRAISE else Need.ANSWER


def _our_role(h: Heard) -> Role:
    """A machine's answer stands by: only a person's acknowledges or answers."""
    return "bystander" if h.said.automated else "us"


def _stand(h: Heard, customer: tuple[int, Role], needs: Need) -> Stand:
    identity, role = customer
    said = h.said
    direct = said.room is Room.DIRECT
    ids = (said.remote_id, said.reply_to, None if direct else said.thread, *said.answers)
    return Stand(
        (h.account, identity),
        said.room,
        Entry(
            post=h.post,
            at=said.created_at,
            role=role,
            needs=needs if role == "requester" else Need.NONE,
            ends=role == "us",
            gone=h.gone,
            names=names(*ids),
            starts=not direct and said.reply_to is None,
            fresh=True,
        ),
    )


def names(*remote_ids: str | None) -> tuple[int, ...]:
    """Hashes of the ids that hold a thread together; the first is the post's own."""
    return tuple(dict.fromkeys(crc32(r.encode()) for r in remote_ids if r is not None))


def _joined(one: Stand | None, other: Stand) -> Stand:
    """Two wordings of one post are one entry: a need once seen stays."""
    if one is None:
        return other
    weightier = other if other.entry.role == "requester" else one
    needs = max(one.entry.needs, other.entry.needs)
    return weightier._replace(entry=weightier.entry._replace(needs=needs))


def _answers(network: str, ours: Sequence[Heard]) -> list[Stand]:
    """Ours stand where their customer stands; those whose customer is unknown wait as orphans."""
    found = [_stand(h, (h.answers, _our_role(h)), Need.NONE) for h in ours if h.answers is not None]
    asking = [h for h in ours if h.answers is None and h.said.reply_to is not None]
    if not asking:
        return found
    parents = {
        remote_id: (customer, waits)
        for remote_id, customer, waits in fetch(
            "cases/parents",
            {"network": network, "remote_ids": sorted({str(h.said.reply_to) for h in asking})},
        )
    }
    beside = {h.said.remote_id for h in ours}  # not placed yet, or only now
    orphans = []
    for h in asking:
        customer, waits = parents.get(str(h.said.reply_to), (None, True))
        if customer is not None:
            found.append(_stand(h, (customer, _our_role(h)), Need.NONE))
        elif waits or h.said.reply_to in beside:
            orphans.append({"post": h.post, "parent": h.said.reply_to})
    if orphans:
        run("cases/put_orphans", {"network": network, "rows": as_json(orphans)})
    return found


def _adopted(network: str, heard: Sequence[Heard], answers: Sequence[Stand]) -> list[Stand]:
    """Orphans whose parent is among what was heard, and theirs in turn.

    A parent of ours that waits itself adopts nobody yet; one that answers nobody frees its own.
    """
    customers = {s.entry.post: s.customer[1] for s in answers}
    parents = {
        h.said.remote_id: customers.get(h.post) if h.ours else h.author
        for h in heard
        if h.said.room is Room.PUBLIC
        and (not h.ours or h.post in customers or h.said.reply_to is None)
    }
    found: list[Stand] = []
    while parents:
        rows = fetch("cases/adopt_orphans", {"network": network, "remote_ids": sorted(parents)})
        children = {}
        for post, parent, remote_id, account, room, at, reply_to, thread, gone in rows:
            customer = children[remote_id] = parents[parent]
            if customer is not None:
                found.append(
                    Stand(
                        (account, customer),
                        room,
                        Entry(
                            post=post,
                            at=at,
                            role="us",
                            needs=Need.NONE,
                            ends=True,
                            gone=gone,
                            names=names(remote_id, reply_to, thread),
                            starts=False,
                            fresh=True,
                        ),
                    )
                )
        parents = children
    return found
