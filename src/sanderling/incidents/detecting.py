"""Telling the detector what people write, and doing what it says.

    posts not told yet | heard by the detector | suspected incidents, and posts that join them

All in one transaction with what the detector remembers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from sanderling.core.links import links_in
from sanderling.core.noticing import Joined, Noticed, Said, complains
from sanderling.core.verdict import Kind, Tone, Urgency, Verdict
from sanderling.incidents import memory
from sanderling.incidents.actions import put_in, suspect
from sanderling.incidents.memory import Ear
from sanderling.incidents.models import Incident
from sanderling.incidents.queries import STANDS, drill_running
from sanderling.store.sql import fetch

AT_ONCE = 2_000
STALE = timedelta(hours=6)
"""What was written so long ago is history: it is learnt from, and makes no incident."""
_DRILL = "drill "


class _Post(NamedTuple):
    """A post that the detector was not told yet; `concerns` it: others wrote it, and it stands."""

    id: int
    at: datetime
    author: int
    network: str
    room: str
    concerns: bool
    judged: bool
    text: str
    needs_us: bool
    kind: str
    tone: int
    topic: str
    copy_of: int | None
    reach: int


class Brands(NamedTuple):
    """What is listened to apart: the real networks, those on which people practise, and a drill."""

    practising: Collection[str]
    drill: int | None

    def of(self, network: str) -> str:
        """The name by which the detector knows what is written on this network now."""
        if network not in self.practising:
            return ""
        return "practice" if self.drill is None else f"{_DRILL}{self.drill}"


def drill_of(brand: str) -> int | None:
    """The drill that a name of `Brands.of` means."""
    return int(brand.removeprefix(_DRILL)) if brand.startswith(_DRILL) else None


@transaction.atomic
def notice_some(*, practising: Collection[str], now: datetime, limit: int = AT_ONCE) -> int | None:
    """Tell the detector of so many posts, and do what it says; gives how many there were, None
    where another process does it.

    `practising`: networks on which people only practise.
    """
    ear = memory.take(now=now)
    if ear is None:
        return None
    heeded = _heed(ear)
    posts = _unheard(ear, limit)
    brands = Brands(practising, drill_running())
    judged = [p for p in posts if p.concerns and p.judged]
    said = [_said(p, brands) for p in judged if p.room == "public"]
    found = ear.detector.hear(said) if said else []
    noticed = _suspect([f for f in found if isinstance(f, Noticed)], now=now)
    joined = [f for f in found if isinstance(f, Joined)]
    private = [p for p in judged if p.room == "direct" and p.needs_us]
    _join([*joined, *_seems_to_join(ear, private, brands)], now=now)
    ear.heard([p.id for p in posts], [p.id for p in posts if p.judged or not p.concerns])
    memory.keep(ear, now=now, at_once=heeded or noticed)
    return len(posts)


def _unheard(ear: Ear, limit: int) -> list[_Post]:
    params = {"mark": ear.mark, "missing": ear.missing, "limit": limit}
    return [_Post(*row) for row in fetch("incidents/to_hear", params)]


def _said(post: _Post, brands: Brands) -> Said:
    return Said(
        post=post.id,
        at=post.at,
        author=str(post.author),
        brand=brands.of(post.network),
        text=post.text,
        complains=complains(_verdict(post)),
        topics=(post.topic,) if post.topic else (),
        links=tuple(link.address for link in links_in(post.text)),
        reach=post.reach,
        copy_of=post.copy_of,
        repost=post.text.startswith("RT @"),
    )


def _verdict(post: _Post) -> Verdict:
    """As much of the finding as the detector asks about."""
    return Verdict(
        needs_us=post.needs_us, kind=Kind(post.kind), tone=Tone(post.tone),
        urgency=Urgency.LOW, lang="", reasons=(),
    )  # fmt: skip


def _heed(ear: Ear) -> bool:
    """Tell the detector what people said about what it noticed; whether there was anything."""
    rows = list(
        Incident.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(heeded=False)
        .order_by("pk")
        .values_list("pk", "key", "state", "merged_into__key")
    )
    for _, key, state, into in rows:
        if into:
            ear.detector.merge(key, into)
        elif state in STANDS:
            ear.detector.resume(key)
        else:
            ear.detector.forget(key)
    Incident.objects.filter(pk__in=[pk for pk, *_ in rows]).update(heeded=True)
    return bool(rows)


def _suspect(found: Iterable[Noticed], *, now: datetime) -> bool:
    """Suspected incidents; whether there are any."""
    fresh = [noticed for noticed in found if noticed.at > now - STALE]
    for noticed in fresh:
        suspect(noticed=noticed, now=now, drill=drill_of(noticed.brand))
    return bool(fresh)


def _seems_to_join(ear: Ear, posts: Sequence[_Post], brands: Brands) -> list[Joined]:
    """Direct messages are not counted among what is suddenly frequent, but may be about it."""
    best = ((p.id, ear.detector.belongs(p.text, brands.of(p.network))[:1]) for p in posts)
    return [Joined(key, (post,)) for post, found in best for key, _ in found]


def _join(found: Iterable[Joined], *, now: datetime) -> None:
    by_key: dict[str, set[int]] = {}
    for joined in found:
        by_key.setdefault(joined.key, set()).update(joined.posts)
    posts_of: dict[int, set[int]] = {}
    known = fetch("incidents/incidents_of_keys", {"keys": list(by_key)}) if by_key else []
    for key, incident_id in known:
        posts_of.setdefault(incident_id, set()).update(by_key[key])
    for incident_id, posts in sorted(posts_of.items()):
        put_in(incident_id=incident_id, posts=sorted(posts), how="detector", by=None, now=now)
