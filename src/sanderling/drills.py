"""Drills as a whole: the practice network plays, our account there hears, every page says so, and
in the end there is a score.

The row in the database says what runs. The network is a process of its own, which the desk's pages
start again after a restart; where it does not come back, the drill is broken off.
"""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from sanderling import wiring
from sanderling.core.drilling import Facts
from sanderling.core.network import Refused
from sanderling.core.words import later, say
from sanderling.incidents import drills
from sanderling.incidents.drills import NoSuchDrill, Played
from sanderling.listen.actions import connect
from sanderling.listen.queries import accounts
from sanderling.respond import drilled

NETWORK = "practice"
SEEDS = 1_000_000
PATIENCE_S = 90.0
"""How long the network may be away, as it is while the desk's pages are started again."""

LOOK_S = 1.0
SHORTEST, LONGEST = 1, 240
TITLES = {
    "outage": later("An outage at noon"),
    "firestorm": later("A firestorm after an insulting ad"),
    "leak": later("A data leak: addresses in public"),
}
"""What the drills are called on every page, in their order."""


def minutes() -> dict[str, int]:
    """How long each drill takes, by its scenario."""
    known = wiring.PRACTICE_HERE.drills()
    return {name: known[name] for name in TITLES}


def begin(
    *, scenario: str, by: int | None, now: datetime, seed: int | None = None,
    lasts: int | None = None, speed: float = 0.0,
) -> int:  # fmt: skip
    """Begin a drill of `lasts` minutes, on an account that is connected if it is not; its number.

    Raises Refused where the network cannot play it, and AlreadyRuns; then nothing has begun.
    """
    if scenario not in TITLES:
        raise Refused(say("There is no such drill."))
    lasts = minutes()[scenario] if lasts is None else lasts
    if not SHORTEST <= lasts <= LONGEST:
        raise Refused(say("A drill lasts from {least} to {most} minutes.",
            least=SHORTEST, most=LONGEST))  # fmt: skip
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    with transaction.atomic():  # of two who begin at once, one waits here and is refused
        drill_id = drills.begin(
            scenario=scenario, title=TITLES[scenario], seed=seed,
            lasts=timedelta(minutes=lasts), by=by, now=now,
        )  # fmt: skip
        found = wiring.PRACTICE_HERE.play(scenario, seed=seed, speed=speed)
        try:
            connect(
                network=NETWORK, who=found.who, address=found.address, secret=found.secret, now=now
            )
        except Exception:
            wiring.PRACTICE_HERE.rest()
            raise
    return drill_id


def end(*, by: int | None, now: datetime) -> int:
    """End the drill that runs, and keep its score; its number. Raises NoSuchDrill."""
    played = _running()
    facts = _facts(played, now)
    _end(played, facts, by=by, now=now)
    return played.id


def keep_up(*, now: datetime, patience_s: float = PATIENCE_S) -> None:
    """End the drill whose time is over; break it off where its network has gone for good."""
    played = drills.running()
    if played is None:
        return
    if now >= played.ends_at:
        _end(played, _facts(played, now), by=None, now=now)
        return
    end = time.monotonic() + patience_s
    while not wiring.PRACTICE_HERE.plays(played.scenario):
        if time.monotonic() > end:
            _end(played, None, by=None, now=now)
            return
        time.sleep(LOOK_S)


def facts_of(played: Played) -> Facts | None:
    """What was kept of a drill; None where it was broken off or still runs."""
    return None if played.score is None else msgspec.convert(played.score, Facts)


def _running() -> Played:
    played = drills.running()
    if played is None:
        raise NoSuchDrill(say("No drill runs."))
    return played


def _facts(played: Played, now: datetime) -> Facts | None:
    """None where the network that knows the truth does not answer any more."""
    try:
        touched = wiring.PRACTICE_HERE.touched(played.scenario, played.begun_at)
    except Refused:
        return None
    ours = next((a.id for a in accounts() if a.network == NETWORK), 0)
    return drilled.facts(played.id, account=ours, touched=touched, since=played.begun_at, until=now)


def _end(played: Played, facts: Facts | None, *, by: int | None, now: datetime) -> None:
    kept = None if facts is None else msgspec.to_builtins(facts)
    if drills.end(drill_id=played.id, score=kept, by=by, now=now):
        wiring.PRACTICE_HERE.rest()
