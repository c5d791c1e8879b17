"""The careful judge in a process of its own: behind everything else, and never in its way."""

from __future__ import annotations

import os
import threading

from django.conf import settings

from sanderling.cli.errors import screen
from sanderling.cli.processes import Child

KINDNESS = 10
"""How far we stand back from other processes: 19 is last of all."""


def child() -> list[Child]:
    """The process to start beside web and work; none where it is switched off, which is said."""
    if settings.CAREFUL:
        return [Child("careful", ["careful"])]
    screen.print(
        "The careful judge is switched off (SANDERLING_CAREFUL): nothing is looked at twice."
    )
    return []


def run() -> int:
    """Look at what is asked for until the main thread is asked to leave.

    Gives an exit status at once where nothing can be done, and says why: another start would not
    help.
    """
    if not settings.CAREFUL:
        screen.print("The careful judge is switched off: set SANDERLING_CAREFUL to true first.")
        return os.EX_UNAVAILABLE
    from sanderling.core.judging.weights import Unavailable  # noqa: PLC0415 -- loaded for it alone
    from sanderling.jobs import look_again  # noqa: PLC0415 -- loaded for it alone
    from sanderling.triage import judges  # noqa: PLC0415 -- loaded for it alone

    try:
        judge = judges.careful()
    except Unavailable as why:
        told = f"Nothing is looked at twice, the fast judge stands alone: {why}"
        screen.print(told, markup=False)
        return os.EX_UNAVAILABLE
    os.nice(KINDNESS)
    look_again(judge, settings.CAREFUL_PER_MINUTE, threading.Event())
    return 0
