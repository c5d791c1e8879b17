"""Judges for tests: they find what the words of a post say, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sanderling.core.facts import Facts
from sanderling.core.verdict import Kind, Reason, Tone, Urgency, Verdict


class Plain:
    """Finds that a post needs us unless it says "never mind", and praise where it says "praise".

    `meanwhile` is called while it thinks: what happens then, happens in between.
    """

    name = "plain-1"

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.saw: list[str] = []

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        self.saw += [f.text for f in facts]
        self.meanwhile()
        return [self._verdict(f.text.casefold()) for f in facts]

    def _verdict(self, text: str) -> Verdict:
        needs_us = "never mind" not in text
        kind = Kind.PRAISE if "praise" in text else Kind.COMPLAINT if needs_us else Kind.OTHER
        return Verdict(
            needs_us=needs_us,
            kind=kind,
            tone=Tone.ANGRY if needs_us else Tone.CALM,
            urgency=Urgency.NORMAL,
            lang="en",
            reasons=(Reason("plain", "Said so", 1.5),),
            heat=0.75 if needs_us else 0.25,
        )


class Quick(Plain):
    """A fast judge: what is written to us needs us, and what speaks of fire soon."""

    name = "quick-1"

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        return [self._quickly(f) for f in facts]

    def _quickly(self, facts: Facts) -> Verdict:
        fire = "fire" in facts.text.casefold()
        return Verdict(
            needs_us=facts.to_us,
            kind=Kind.COMPLAINT if facts.to_us else Kind.OTHER,
            tone=Tone.ANNOYED if facts.to_us else Tone.CALM,
            urgency=Urgency.HIGH if fire else Urgency.NORMAL,
            lang="en",
            reasons=(Reason("quick", "Written to us"),),
            heat=0.6 if facts.to_us else 0.2,
        )
