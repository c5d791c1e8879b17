"""Pictures of how two judges do, as SVG: small, readable by day and by night, no library.

The colours are those of web/static/css/tokens.css, as sRGB: a picture stands alone in a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

Point = tuple[float, float, int]
"""How sure, what share was right (0 to 1 both), how many."""

_STYLE = """
text { font: 12px "Inter Variable", Inter, system-ui, sans-serif; fill: #172229 }
.small { font-size: 11px; fill: #444f56 }
.title { font-size: 13px; font-weight: 600 }
.ground { fill: #fefdfc }
.line { stroke: #e5e3de; fill: none }
.ideal { stroke: #444f56; stroke-dasharray: 3 4; fill: none }
.cell { fill: #085e7a }
.strong { fill: #fcfcfa }
.fast { stroke: #c7613d; fill: none; stroke-width: 2 }
.careful { stroke: #085e7a; fill: none; stroke-width: 2 }
.fast-dot { fill: #c7613d }
.careful-dot { fill: #085e7a }
@media (prefers-color-scheme: dark) {
text { fill: #e9eef0 }
.small { fill: #b4bcbf }
.ground { fill: #121a1f }
.line { stroke: #394348 }
.ideal { stroke: #b4bcbf }
.cell { fill: #6ebed5 }
.strong { fill: #0d1519 }
.fast { stroke: #df7752 }
.careful { stroke: #6ebed5 }
.fast-dot { fill: #df7752 }
.careful-dot { fill: #6ebed5 }
}"""

_SIDE, _LEFT, _TOP, _GAP = 180, 52, 64, 60
_CELL, _NAMES = 44, 80


def reliability(panels: Sequence[tuple[str, Mapping[str, Sequence[Point]]]]) -> str:
    """A diagram a task, of how often each judge is right when it is so sure; on the dashed line it
    is exactly as often as it says. A dot's area is its share of the posts."""
    width = _LEFT + len(panels) * (_SIDE + _GAP)
    parts = [_text(_LEFT, 22, "How often an answer is right, by how sure it is", "title")]
    for number, (task, lines) in enumerate(panels):
        parts += _axes(_LEFT + number * (_SIDE + _GAP), task)
        for judge, points in lines.items():
            parts += _curve(_LEFT + number * (_SIDE + _GAP), judge, points)
    key = _TOP + _SIDE + 54
    for number, judge in enumerate(("fast", "careful")):
        at = _LEFT + 140 * number
        parts.append(f'<circle class="{judge}-dot" cx="{at + 5}" cy="{key - 4}" r="5"/>')
        parts.append(_text(at + 16, key, f"{judge} judge"))
    return _svg(width, key + 18, parts)


def confusion(
    task: str, classes: Sequence[str], tables: Mapping[str, Sequence[Sequence[int]]]
) -> str:
    """A table a judge: rows are what is true, columns what was said, in per cent of the row."""
    wide = len(classes) * _CELL
    step = _NAMES + wide + 36
    parts = []
    for number, (judge, table) in enumerate(tables.items()):
        at = number * step + _NAMES
        parts.append(_text(at, 22, f"{task}, {judge} judge", "title"))
        parts.append(_text(at, 40, "across: what it said; down: what is true; %", "small"))
        parts += _matrix(at, classes, table)
    return _svg(len(tables) * step, _TOP + wide + 70, parts)


def _axes(at: int, task: str) -> Iterator[str]:
    yield _text(at, _TOP - 12, task)
    for tenths in (0, 5, 10):
        along, up = at + _SIDE * tenths / 10, _TOP + _SIDE * (1 - tenths / 10)
        yield f'<path class="line" d="M{along:g} {_TOP}V{_TOP + _SIDE}M{at} {up:g}H{at + _SIDE}"/>'
        yield _text(along, _TOP + _SIDE + 16, f"{10 * tenths} %", "small", "middle")
        yield _text(at - 6, up + 4, f"{10 * tenths}", "small", "end")
    yield f'<path class="ideal" d="M{at} {_TOP + _SIDE}L{at + _SIDE} {_TOP}"/>'


def _curve(at: int, judge: str, points: Sequence[Point]) -> Iterator[str]:
    total = sum(n for *_, n in points) or 1
    places = [(at + _SIDE * sure, _TOP + _SIDE * (1 - right), n) for sure, right, n in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    yield f'<polyline class="{escape(judge)}" points="{line}"/>'
    for x, y, n in places:
        radius = 1.5 + 9 * (n / total) ** 0.5
        yield f'<circle class="{escape(judge)}-dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def _matrix(at: int, classes: Sequence[str], table: Sequence[Sequence[int]]) -> Iterator[str]:
    for row, (name, counts) in enumerate(zip(classes, table, strict=True)):
        up = _TOP + row * _CELL
        yield _text(at - 8, up + _CELL / 2 + 4, name, "small", "end")
        for column, count in enumerate(counts):
            yield from _square(at + column * _CELL, up, count / (sum(counts) or 1))
    for column, name in enumerate(classes):
        x, y = at + column * _CELL + _CELL / 2, _TOP + len(classes) * _CELL + 12
        yield (
            f'<text class="small" transform="translate({x:g} {y}) rotate(-35)"'
            f' text-anchor="end">{escape(name)}</text>'
        )


def _square(x: float, y: float, share: float) -> Iterator[str]:
    size = _CELL - 2
    yield (
        f'<rect class="cell" x="{x:g}" y="{y:g}" width="{size}" height="{size}" rx="3"'
        f' fill-opacity="{0.05 + 0.95 * share:.2f}"/>'
    )
    kind = "strong" if share > 0.7 else ""
    yield _text(x + size / 2, y + size / 2 + 4, f"{100 * share:.0f}", kind, "middle")


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
        f"{f' class={kind!r}' if kind else ''}>{escape(words)}</text>"
    )


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img">\n<style>{_STYLE}</style>\n'
        f'<rect class="ground" width="{width}" height="{height}" rx="8"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
