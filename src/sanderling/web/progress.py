"""How far the desk is set up, by what is there and by what somebody said."""

from __future__ import annotations

from dataclasses import replace

from sanderling.listen.queries import accounts
from sanderling.people.queries import Beginning, beginning, colleagues


def progress() -> Beginning | None:
    """The steps that were done or left out; None where nobody began in the browser. Accounts and
    colleagues count however they came."""
    found = beginning()
    if found is None or found.ready:
        return found
    there = {"hear": bool(accounts()), "invite": len(colleagues()) > 1}
    return replace(found, done=found.done | {step for step, done in there.items() if done})
