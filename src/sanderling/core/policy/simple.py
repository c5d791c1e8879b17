"""The promises of the desk: how fast each turn is acknowledged and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Policy:
    """A version of the promises. The version is frozen on every clock that it sets."""

    version: int
    acknowledge: timedelta
    answer: timedelta

    def promises(self, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """The clocks of a turn that began at `since`: what is promised, and by when."""
        return (("acknowledge", since + self.acknowledge), ("answer", since + self.answer))


POLICY = Policy(version=1, acknowledge=timedelta(minutes=60), answer=timedelta(hours=4))
