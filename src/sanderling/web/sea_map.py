"""The firestorm meter as a drawing: voices a minute against people they reach, both on log scales.

The bands are lines of equal product, because the product is what the levels are about. Figures are
of the drawing's own grid, from its top left corner; nothing of it is turned in other directions of
writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import NamedTuple

from sanderling.core.gauge import Level, Mark, Steps

LEFT, TOP, RIGHT, BOTTOM = 30.0, 6.0, 234.0, 170.0
FAR = 1_000.0
"""Outside of the drawing, whatever its size; what stands out is clipped."""
RATES, REACHES = (-1, 2), (2, 6)
"""The decades that are shown at least: 0.1 to 100 voices, 100 to 1,000,000 people."""
MOST_POINTS = 120
ABOVE, WORD = 12.0, 40.0
"""How far a word stands above a line, and how much room it takes."""
APART = 22.0
"""Labels stand so far from each other, or the later one is left out."""


class Spot(NamedTuple):
    """A place in the drawing, rounded."""

    x: float
    y: float


class Tick(NamedTuple):
    """A decade of an axis, and where it stands."""

    value: float
    at: float


@dataclass(frozen=True, slots=True)
class Label:
    """A point of the path with its mark; `before`: its words stand before it, else behind."""

    spot: Spot
    mark: Mark
    before: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that the template draws. `bands` are the areas from the choppy and from the stormy line
    up, as points of polygons; `words` where the names of the levels stand, as far as there is room
    for them."""

    bands: tuple[str, str]
    words: dict[Level, Spot]
    trail: str
    labels: list[Label]
    now: Spot
    rates: list[Tick]
    reaches: list[Tick]


class Scale(NamedTuple):
    """The decades of both axes."""

    rate: tuple[int, int]
    reach: tuple[int, int]

    def spot(self, rate: float, reach: float) -> Spot:
        """Where it stands, at the edge if it is beyond it."""
        return Spot(self.x(_log(rate, self.rate)), self.y(_log(reach, self.reach)))

    def x(self, decade: float) -> float:
        """Across."""
        first, last = self.rate
        return round(LEFT + (RIGHT - LEFT) * (decade - first) / (last - first), 1)

    def y(self, decade: float) -> float:
        """Down."""
        first, last = self.reach
        return round(BOTTOM - (BOTTOM - TOP) * (decade - first) / (last - first), 1)


def drawn(path: Sequence[Mark], now: Mark, steps: Steps) -> Drawn:
    """The drawing of a path that ends at `now`."""
    marks = [*_thinned(path), now]
    scale = Scale(
        _decades((m.rate for m in marks), RATES), _decades((m.reach for m in marks), REACHES)
    )
    spots = [scale.spot(m.rate, m.reach) for m in marks]
    lines = log10(steps.choppy), log10(steps.storm)
    return Drawn(
        bands=(_above(scale, lines[0]), _above(scale, lines[1])),
        words=_words(scale, *lines),
        trail=" ".join(f"{x},{y}" for x, y in spots),
        labels=_labels(marks, spots),
        now=spots[-1],
        rates=[Tick(10.0**d, scale.x(d)) for d in range(scale.rate[0], scale.rate[1] + 1)],
        reaches=[Tick(10.0**d, scale.y(d)) for d in range(scale.reach[0], scale.reach[1] + 1)],
    )


def _log(value: float, decades: tuple[int, int]) -> float:
    first, last = decades
    return min(float(last), max(float(first), log10(value))) if value > 0 else float(first)


def _decades(values: Iterable[float], least: tuple[int, int]) -> tuple[int, int]:
    logs = [log10(value) for value in values if value > 0]
    first, last = least
    return min([first, *(max(floor(v), first - 1) for v in logs)]), max([last, *map(ceil, logs)])


def _thinned(path: Sequence[Mark]) -> list[Mark]:
    """So many points at most, the highest among them."""
    if len(path) <= MOST_POINTS:
        return list(path)
    every = ceil(len(path) / MOST_POINTS)
    parts = (path[n : n + every] for n in range(0, len(path), every))
    return [max(part, key=lambda mark: mark.force) for part in parts]


def _above(scale: Scale, line: float) -> str:
    """The area in which rate times reach is more than 10 to the power of `line`."""
    left, right = scale.y(line - scale.rate[0]), scale.y(line - scale.rate[1])
    corners = ((LEFT, left), (RIGHT, right), (RIGHT, -FAR), (LEFT, -FAR))
    return " ".join(f"{x},{y}" for x, y in corners)


def _words(scale: Scale, choppy: float, storm: float) -> dict[Level, Spot]:
    """Where the bands' names stand, out of the way of most paths: on the left in the middle of
    their band, the storm's above its line on the right."""
    low = scale.rate[0] + scale.reach[0]
    places: dict[Level, Spot | None] = {
        "calm": _on(scale, (low + choppy) / 2),
        "choppy": _on(scale, (choppy + storm) / 2),
        "storm": _above_the_end(scale, storm),
    }
    return {level: place for level, place in places.items() if place}


def _above_the_end(scale: Scale, line: float) -> Spot | None:
    """A place for a word above a line, at its right end."""
    y = scale.y(line - scale.rate[1]) - ABOVE
    return Spot(RIGHT - WORD, y) if TOP + ABOVE <= y <= BOTTOM else None


def _on(scale: Scale, line: float) -> Spot | None:
    """A place for a word on a line of equal product: near the left edge, or else near the top."""
    across = (scale.rate[1] - scale.rate[0]) * 0.05
    rate = scale.rate[0] + across
    top = scale.reach[1] - (scale.reach[1] - scale.reach[0]) * 0.08
    reach = min(line - rate, top)
    rate = line - reach
    if not scale.rate[0] <= rate <= scale.rate[1] or reach < scale.reach[0]:
        return None
    return Spot(min(scale.x(rate), RIGHT - WORD), scale.y(reach))


def _labels(marks: Sequence[Mark], spots: Sequence[Spot]) -> list[Label]:
    """The first point and the highest, as far as there is room."""
    wanted = [0, max(range(len(marks)), key=lambda n: marks[n].force)]
    taken = [spots[-1]]
    found = []
    for n in dict.fromkeys(wanted):
        spot = spots[n]
        if n < len(marks) - 1 and all(_distance(spot, other) > APART for other in taken):
            taken.append(spot)
            found.append(Label(spot, marks[n], before=spot.x > (LEFT + RIGHT) / 2))
    return found


def _distance(a: Spot, b: Spot) -> float:
    return max(abs(a.x - b.x), abs(a.y - b.y))
