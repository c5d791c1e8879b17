"""`sanderling drill`: people practise on this desk, or simulated agents on one of their own."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import typer

from sanderling import drills
from sanderling.bench import drill as rehearsal
from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import now, open_desk
from sanderling.cli.processes import end_when_asked
from sanderling.core.drilling import Score, score
from sanderling.core.network import Refused
from sanderling.incidents.drills import AlreadyRuns, NoSuchDrill, drill

LOOK_S = 1.0


def practise(scenario: str, *, seed: int | None, minutes: int | None, speed: float) -> None:
    """Begin a drill on this desk, wait until it ends, and tell its score; raises Unready.

    Who interrupts the command ends the drill.
    """
    with open_desk():
        try:
            number = drills.begin(
                scenario=scenario, by=None, now=now(), seed=seed, lasts=minutes, speed=speed
            )
        except (Refused, AlreadyRuns) as error:
            raise Unready(str(error)) from error
        until = drill(number).ends_at
        screen.print(f"The drill runs until {until:%H:%M} (UTC), or until somebody ends it on a"
                     " page or you press Ctrl-C.", markup=False)  # fmt: skip
        end_when_asked()
        try:
            _wait(number)
        finally:
            with suppress(NoSuchDrill):  # somebody ended it on a page
                drills.end(by=None, now=now())
            _tell(number)


def rehearse(
    scenario: str, *, agents: int, seed: int | None, minutes: int | None, speed: float
) -> None:
    """Let simulated agents go through a drill on a desk of their own; the score as JSON."""
    try:
        found = rehearsal.run(
            scenario=scenario, agents=agents, seed=seed, minutes=minutes, speed=speed
        )
    except Refused as error:
        raise Unready(str(error)) from error
    typer.echo(json.dumps(found))


def _wait(number: int) -> None:
    """Until it has ended, by whomever; by its time where no worker runs."""
    while (played := drill(number)).ended_at is None:
        if now() >= played.ends_at:
            return
        time.sleep(LOOK_S)


def _tell(number: int) -> None:
    facts = drills.facts_of(drill(number))
    if facts is None:
        screen.print("It was broken off, so there is no score.")
        return
    found: Score = score(facts)
    screen.print(f"{found.points} of 100 points", style="bold", markup=False)
    for part in found.parts:
        screen.print(f"  {part.points:>2}/{part.most}  {part.says}", markup=False)
    for lesson in found.lessons:
        screen.print(f"  - {lesson}", markup=False)
