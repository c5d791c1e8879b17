"""What the policy says about the posts of a page: each is looked up and asked about once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sanderling.core.policy import Policy, Promise, Route, Situation
from sanderling.core.verdict import Flag, Kind, Tone, Urgency
from sanderling.policy import queries as policies
from sanderling.store.sql import fetch

Ruling = tuple[tuple[Promise, ...], Route]
"""What a post is promised, and whose matter it is."""


class Rulings:
    """The policy's word on some customers' posts, by whichever version is asked for."""

    def __init__(self, posts: Iterable[int]) -> None:
        wanted = sorted(set(posts))
        self.current = policies.current()
        self._versions = {self.current.version: self.current}
        self._said = situations(wanted)
        self._found: dict[tuple[int, int], Ruling] = {}

    def version(self, number: int) -> Policy:
        """The policy as it was in that version."""
        if number not in self._versions:
            self._versions[number] = policies.version(number)
        return self._versions[number]

    def of(self, post: int, policy: Policy) -> Ruling:
        """What a version of the policy says about a post, counted from when it was written."""
        key = post, policy.version
        if key not in self._found:
            at, situation = self._said[post]
            self._found[key] = policy.verdict(situation, at)
        return self._found[key]


def situations(posts: Sequence[int]) -> dict[int, tuple[datetime, Situation]]:
    """When some posts of customers were written, and what the policy may ask about them."""
    rows = fetch("cases/situations", {"posts": posts}) if posts else []
    return {post: (at, _situation(at, *columns)) for post, at, *columns in rows}


def _situation(  # noqa: PLR0913  the columns of a row
    at: datetime, kind: str, tone: int, urgency: int, flags: Sequence[str], lang: str, topic: str,
    network: str, account: str, room: str, followers: int, plan: str,
) -> Situation:  # fmt: skip
    return Situation(
        at=at,
        kind=_KINDS[kind],
        tone=_TONES[tone],
        urgency=_URGENCIES[urgency],
        flags=tuple(map(Flag, flags)),
        lang=lang,
        topic=topic,
        network=network,
        account=account,
        room=room,
        followers=followers,
        plan=plan,
    )


_KINDS = {kind.value: kind for kind in Kind}
_TONES, _URGENCIES = tuple(Tone), tuple(Urgency)
