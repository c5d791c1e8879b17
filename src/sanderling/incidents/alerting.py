"""Telling addresses outside of the steps that incidents reached: each address once, until it took
it, and none of them holding up another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sanderling.core.alarming import Alarm, Told
from sanderling.incidents.gauged import DRILL, TITLES
from sanderling.incidents.models import Alert
from sanderling.store import announce
from sanderling.store.sql import fetch

log = logging.getLogger(__name__)

MOST = 10
"""Alerts that are told at once."""
LEASE = timedelta(minutes=3)
"""So long nobody else tells what a worker has begun to tell; telling takes less than a minute."""
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
"""Rest before an alert is tried again: the first, which doubles each time, and the longest."""
TRIES = 17
"""Together half a day."""


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that has to be told; `but` are the keys of who was told before."""

    id: int
    incident: int
    step: str
    says: str
    tries: int
    but: tuple[str, ...]
    name: str
    drill: bool


def tell_due(alarm: Alarm | None, *, home: str, clock: Callable[[], datetime]) -> int:
    """Tell what is due, and keep how it went; gives how many alerts that were.

    `home` is where people reach the desk, "" where that is not known.
    """
    if alarm is None or not (due := _claimed(clock())):
        return 0
    with ThreadPoolExecutor(MOST) as pool:
        told = pool.map(lambda one: alarm.tell(_title(one), _text(one, home), but=one.but), due)
        for one, went in zip(due, told, strict=True):
            _keep(one, went, clock())
    return len(due)


def _claimed(now: datetime) -> list[Due]:
    with transaction.atomic():
        rows = fetch("incidents/claim_alerts", {"now": now, "lease": LEASE, "limit": MOST})
    return [
        Due(id, incident, step, says, tries, tuple(told), name, drill)
        for id, incident, step, says, tries, told, name, drill in rows
    ]


def _title(due: Due) -> str:
    title = TITLES.get(due.step, TITLES["suspected"]).format(name=due.name)
    return DRILL.format(title=title) if due.drill else title


def _text(due: Due, home: str) -> str:
    link = f"{home}/incidents/{due.incident}/" if home else ""
    return "\n\n".join(part for part in (due.says, link) if part)


@transaction.atomic
def _keep(due: Due, told: list[Told], now: datetime) -> None:
    trouble = " ".join(one.trouble for one in told if one.trouble)
    rest = min(FIRST * 2 ** (due.tries - 1), LONGEST)
    Alert.objects.filter(pk=due.id).update(
        told=[*due.but, *(one.key for one in told if not one.trouble)],
        trouble=trouble,
        sent_at=None if trouble else now,
        again_at=now + rest if trouble and due.tries < TRIES else None,
    )
    if trouble:
        log.warning("alerts.untold incident %s, %s: %s", due.incident, due.step, trouble)
    announce.announce([announce.incident(due.incident)])
