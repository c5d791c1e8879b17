"""Waiting that can be cut short."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """Wakes who waits; who was busy when it rang does not wait at all. Lives in the loop."""

    def __init__(self) -> None:
        self.rung = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody."""
        self.rung += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, heard: int, seconds: float) -> None:
        """Wait so long, or until it rings again after the time that `heard` counts."""
        if self.rung == heard:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._next.wait(), seconds)
