"""How high the sea is around each incident that stands: measured, kept, and told once a step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction

from sanderling.core.gauge import (
    LEVELS,
    MOST,
    WINDOW,
    Heard,
    Level,
    Mark,
    Reading,
    Steps,
    measure,
    reasons,
)
from sanderling.incidents.gauged import reading
from sanderling.store import announce
from sanderling.store.moves import record_all
from sanderling.store.sql import as_json, fetch, from_json, run, run_text

Known = Callable[[Sequence[tuple[int, datetime]]], Mapping[int, bool]]
"""Of authors, each with a time: who of them wrote to us before it, and whether they had a case."""

Reached = Callable[[int, str, datetime], object]
"""What begins when an incident reaches a level for the first time: its number, the level, now."""

MOST_MARKS = 30
"""Points of the path, one a minute at most, that the newest reading is compared with."""


@dataclass(frozen=True, slots=True)
class Gauged:
    """An incident that stands, as the gauge last showed it. `episode` counts how often it flared
    up."""

    id: int
    state: str
    began_at: datetime
    why: str
    last: Reading | None
    episode: int


def gauge_standing(
    *,
    steps: Steps,
    told: Collection[str],
    known: Known,
    reached: Reached = lambda incident_id, level, now: None,
    now: datetime,
) -> int:
    """Measure every incident that stands; gives how many. `told` are the steps that are told
    outside. Nothing happens while another worker does it."""
    with transaction.atomic():
        ((mine,),) = run_text("select pg_try_advisory_xact_lock(31, 0)", {})
        standing = _standing() if mine else []
        readings = _measured(standing, steps, known, now) if standing else {}
        changed = [i for i in standing if _differs(i.last, readings[i.id])]
        _keep([(i, readings[i.id]) for i in changed], now)
        alarms = _alarmed(standing, readings, steps, told, now)
        for incident_id, step in alarms:
            if step in LEVELS:
                reached(incident_id, step, now)
        _announce(changed, readings, alarms)
    return len(standing)


def _standing() -> list[Gauged]:
    rows = fetch("incidents/standing", {})
    return [
        Gauged(id, state, began_at, why, reading(from_json(gauge)), episode)
        for id, state, began_at, why, gauge, episode in rows
    ]


def _measured(
    standing: Sequence[Gauged], steps: Steps, known: Known, now: datetime
) -> dict[int, Reading]:
    heard = _heard(standing, known, now)
    paths: dict[int, list[Mark]] = {incident.id: [] for incident in standing}
    for id, *mark in fetch("incidents/path", {"incidents": list(paths), "limit": MOST_MARKS}):
        paths[id].append(Mark(*mark))
    ((usual,),) = fetch("incidents/usual", {"today": now.date()})
    return {
        i.id: measure(heard[i.id], now=now, steps=steps, usual=usual, last=i.last, path=paths[i.id])
        for i in standing
    }


def _heard(standing: Sequence[Gauged], known: Known, now: datetime) -> dict[int, list[Heard]]:
    rows = fetch("incidents/heard", {"since": now - WINDOW, "now": now, "limit": MOST + 1})
    began = {incident.id: incident.began_at for incident in standing}
    authors = {author: began[id] for id, _, author, *_ in rows if id in began}
    before = known(list(authors.items())) if authors else {}
    heard: dict[int, list[Heard]] = {id: [] for id in began}
    for id, at, author, reach, reposts, tone, copies, pays in rows:
        if id in heard:
            customer = pays or before.get(author, False)
            heard[id].append(
                Heard(at, author, reach, reposts, tone, copies, author not in before, customer)
            )
    return heard


def _differs(last: Reading | None, reading: Reading) -> bool:
    """Whether there is anything new to see; a calm that lasts costs no row."""
    if last is None or last.posts or reading.posts:
        return True
    return last.trend != reading.trend


def _keep(gauged: Iterable[tuple[Gauged, Reading]], now: datetime) -> None:
    rows = as_json(
        [
            {
                "id": i.id, "gauge": msgspec.to_builtins(reading), "level": reading.level,
                "rate": reading.rate, "reach": reading.reach,
            }
            for i, reading in gauged
        ]
    )  # fmt: skip
    run("incidents/put_gauge", {"rows": rows, "now": now})
    run("incidents/put_readings", {"rows": rows, "at": now.replace(second=0, microsecond=0)})
    record_all(
        [
            {
                "kind": "incident", "row": i.id, "was": i.state, "now": i.state,
                "move": reading.level, "at": now,
            }
            for i, reading in gauged
            if reading.level != _level(i)
        ]
    )  # fmt: skip


def _level(incident: Gauged) -> Level:
    return incident.last.level if incident.last else "calm"


def _alarmed(
    standing: Iterable[Gauged],
    readings: Mapping[int, Reading],
    steps: Steps,
    told: Collection[str],
    now: datetime,
) -> list[tuple[int, str]]:
    """The steps that incidents reached for the first time since they flared up, kept once."""
    rows = [
        {
            "incident": i.id, "step": step, "episode": i.episode, "says": says,
            "again_at": now if step in told else None,
        }
        for i in standing
        for step, says in _reached(i, readings[i.id], steps)
    ]  # fmt: skip
    if not rows:
        return []
    return [
        (id, step)
        for id, step in fetch("incidents/put_alerts", {"rows": as_json(rows), "now": now})
    ]


def _reached(incident: Gauged, reading: Reading, steps: Steps) -> Iterable[tuple[str, str]]:
    if incident.state == "suspected" and incident.last is None:
        yield "suspected", incident.why
    if LEVELS.index(reading.level) > LEVELS.index(_level(incident)):
        yield reading.level, reasons(reading, steps)[0]


def _announce(
    changed: Iterable[Gauged], readings: Mapping[int, Reading], alarms: Sequence[tuple[int, str]]
) -> None:
    changed = list(changed)
    topics = [announce.incident(incident.id) for incident in changed]
    if alarms or any(_level(i) != readings[i.id].level for i in changed):
        topics.append(announce.INCIDENTS)
    if alarms:
        topics.append(announce.ALERTS)
    announce.announce(topics)
