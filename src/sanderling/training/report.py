"""How well two judges do on posts held back from training: the model card in figures.

    examples held back -> what each judge says -> figures, confusions, reliability, speed -> files

The judges are told whether a post is written to us, as they are in use, but not its language, as
some networks tell it: that is the harder case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import msgspec
import numpy as np
from numpy.typing import NDArray

from sanderling.core.facts import Facts
from sanderling.core.judging.careful import Careful, encoders_of
from sanderling.core.judging.fast import Fast
from sanderling.core.judging.fitting import calibration_error
from sanderling.core.judging.scoring import confusion, value
from sanderling.core.judging.tasks import TASKS, Task
from sanderling.core.judging.weights import linear_of, names_in
from sanderling.core.network import Room
from sanderling.core.verdict import Flag
from sanderling.training import pictures
from sanderling.training.evaluating import said
from sanderling.training.sets import Example, targets

CONFUSED = ("kind", "tone")
WEIGHED = ("kind", "tone", "complaint", "sentiment")
"""The tasks whose confusions, and whose reliability, are told."""

FEWEST = 30
"""Of fewer posts a figure says nothing."""

_BINS = 10
_TIMED, _ROUNDS = 2_048, 3
_EVERY = ""
_WHENEVER = datetime(2020, 1, 1, tzinfo=UTC)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Figure(msgspec.Struct, frozen=True):
    """How well a judge does on one question. `source` and `lang` are "" for all of them; `value`
    from 0 to 100 in `metric`; `ece`: expected calibration error, 0 to 1."""

    judge: str
    task: str
    source: str
    lang: str
    metric: str
    value: float
    n: int
    ece: float


class Confusion(msgspec.Struct, frozen=True):
    """How often an answer (row) was taken for another (column)."""

    judge: str
    task: str
    classes: tuple[str, ...]
    table: list[list[int]]


class Bin(msgspec.Struct, frozen=True):
    """Answers about equally sure: how sure on average, what share of them is right, how many."""

    sure: float
    right: float
    n: int


class Reliability(msgspec.Struct, frozen=True):
    """How often a judge is right when it is so sure."""

    judge: str
    task: str
    bins: list[Bin]


class Flagged(msgspec.Struct, frozen=True):
    """Of `n` posts that have a flag, how many verdicts raise it, and how many raise it wrongly."""

    judge: str
    flag: str
    n: int
    found: int
    wrong: int


class Report(msgspec.Struct, frozen=True):
    """The figures of both judges on `n` posts. `posts_per_cpu_s`: whole verdicts, by judge."""

    n: int
    figures: list[Figure]
    confusions: list[Confusion]
    reliabilities: list[Reliability]
    flags: list[Flagged]
    posts_per_cpu_s: dict[str, float]

    def figure(self, judge: str, task: str, source: str = "", lang: str = "") -> Figure | None:
        """One of the figures, if there is such a one."""
        wanted = (judge, task, source, lang)
        return next((f for f in self.figures if _key(f) == wanted), None)


def report_on(examples: Sequence[Example], folder: Path) -> Report:
    """How the judges of a folder do on those of the examples that are held back; written into
    that folder as well. Raises Unavailable."""
    held = [example for example in examples if example.held_back and example.labels]
    names = names_in(folder)
    quick = Fast(linear_of(folder), names.fast)
    found = report(held, quick, Careful(encoders_of(folder), quick, names.careful))
    write(found, folder)
    return found


def report(examples: Sequence[Example], fast: Fast, careful: Careful) -> Report:
    """How both judges do on examples that neither was trained on."""
    texts = [example.text for example in examples]
    figures: list[Figure] = []
    confusions, reliabilities, flags, speeds = [], [], list[Flagged](), {}
    for name, judge in (("fast", fast), ("careful", careful)):
        shares = said(judge, texts, [None] * len(texts), [e.to_us for e in examples])
        for task in TASKS.values():
            if task.name not in shares:
                continue
            asked = _Asked(name, task, shares[task.name].astype(float), examples)
            figures += asked.figures()
            if task.name in CONFUSED and len(asked.truth):
                confusions.append(asked.confusion())
            if task.name in WEIGHED and len(asked.truth):
                reliabilities.append(asked.reliability())
        flags += _flagged(name, judge, examples)
        speeds[name] = _speed(judge, examples)
    return Report(len(examples), figures, confusions, reliabilities, flags, speeds)


def write(report: Report, folder: Path) -> None:
    """Put the report, the card's tables and the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    (folder / "card.md").write_text(card(report), encoding="utf-8")
    for name, picture in drawn(report).items():
        (folder / name).write_text(picture, encoding="utf-8")


def drawn(report: Report) -> dict[str, str]:
    """The pictures of a report as SVG, by the name of their file."""
    found = {}
    panels = [
        (task, {r.judge: _points(r) for r in report.reliabilities if r.task == task})
        for task in WEIGHED
    ]
    found["judge-reliability.svg"] = pictures.reliability([p for p in panels if p[1]])
    for task in CONFUSED:
        here = [c for c in report.confusions if c.task == task]
        if here:
            tables = {c.judge: c.table for c in here}
            found[f"judge-{task}.svg"] = pictures.confusion(task, here[0].classes, tables)
    return found


def card(report: Report) -> str:
    """The tables of a model card, as Markdown."""
    sources = sorted({f.source for f in report.figures} - {_EVERY})
    langs = sorted({f.lang for f in report.figures} - {_EVERY})
    speeds = ", ".join(f"{name} {speed:,.0f}" for name, speed in report.posts_per_cpu_s.items())
    parts = [
        f"{report.n:,} posts held back. Posts a CPU second, whole verdicts: {speeds}.",
        "### All of them\n\n" + _table("question", _rows(report, [("", _EVERY, _EVERY)])),
        "### Flags, as verdicts have them\n\n" + _flags(report),
        "### By set\n\n" + _table("set", _rows(report, [(s, s, _EVERY) for s in sources])),
        "### By language\n\n"
        + _table("language", _rows(report, [(lang, _EVERY, lang) for lang in langs])),
    ]
    return "\n\n".join(parts) + "\n"


class _Asked:
    """One question to one judge: who was asked, what is true, what was answered, how surely."""

    def __init__(self, judge: str, task: Task, shares: Floats, examples: Sequence[Example]) -> None:
        labels = targets(examples, task)
        known = np.flatnonzero(~np.isnan(labels[:, 0])).tolist()
        self.judge, self.task = judge, task
        self.truth: Ints = labels[known].argmax(axis=1)
        self.found: Ints = shares[known].argmax(axis=1)
        self.sure: Floats = shares[known].max(axis=1)
        self.sources = np.array([examples[row].source for row in known], dtype=str)
        self.langs = np.array([examples[row].lang for row in known], dtype=str)

    def figures(self) -> Iterator[Figure]:
        """Over all, then set by set, then language by language."""
        every = np.ones(len(self.truth), bool)
        cuts = [(_EVERY, _EVERY, every)]
        cuts += [(s, _EVERY, self.sources == s) for s in np.unique(self.sources).tolist()]
        cuts += [(_EVERY, lang, self.langs == lang) for lang in np.unique(self.langs).tolist()]
        for source, lang, rows in cuts:
            if self._tells(rows):
                yield self._figure(source, lang, rows)

    def confusion(self) -> Confusion:
        classes = self.task.classes
        table = confusion(self.truth, self.found, len(classes))
        return Confusion(self.judge, self.task.name, classes, table.tolist())

    def reliability(self) -> Reliability:
        of = np.minimum((self.sure * _BINS).astype(int), _BINS - 1)
        right = self.truth == self.found
        bins = [
            Bin(
                round(float(self.sure[of == b].mean()), 4),
                round(float(right[of == b].mean()), 4),
                int((of == b).sum()),
            )
            for b in range(_BINS)
            if (of == b).any()
        ]
        return Reliability(self.judge, self.task.name, bins)

    def _tells(self, rows: NDArray[np.bool_]) -> bool:
        """A mean over classes needs two of them."""
        two = len(np.unique(self.truth[rows])) > 1 or self.task.metric == "accuracy"
        return bool(rows.sum() >= FEWEST and two)

    def _figure(self, source: str, lang: str, rows: NDArray[np.bool_]) -> Figure:
        truth, found = self.truth[rows], self.found[rows]
        worth = value(self.task.metric, truth, found, self.task.classes)
        return Figure(
            judge=self.judge,
            task=self.task.name,
            source=source,
            lang=lang,
            metric=self.task.metric,
            value=round(100 * worth, 2),
            n=int(rows.sum()),
            ece=round(calibration_error(self.sure[rows], found == truth), 4),
        )


def _flagged(name: str, judge: Fast | Careful, examples: Sequence[Example]) -> Iterator[Flagged]:
    """Flags as verdicts have them: what the model and the lexicon say together."""
    known = [example for example in examples if Flag.SAFETY.value in example.labels]
    raised = [verdict.flags for verdict in judge.judge(_facts(known))]
    for flag in Flag:
        real = [example.labels[flag.value] == "yes" for example in known]
        hits = [is_so for is_so, flags in zip(real, raised, strict=True) if flag in flags]
        if sum(real) or hits:
            yield Flagged(name, flag.value, sum(real), sum(hits), len(hits) - sum(hits))


def _speed(judge: Fast | Careful, examples: Sequence[Example]) -> float:
    """Whole verdicts a CPU second, posts as they come; the best of some rounds, once warm."""
    facts = _facts(examples[:: max(1, len(examples) // _TIMED)][:_TIMED])
    judge.judge(facts[:_BINS])
    spent = []
    for _ in range(_ROUNDS):
        since = process_time()
        judge.judge(facts)
        spent.append(process_time() - since)
    return round(len(facts) / max(min(spent), 1e-9), 1)


def _facts(examples: Sequence[Example]) -> list[Facts]:
    return [
        Facts(text=e.text, room=Room.PUBLIC, created_at=_WHENEVER, to_us=e.to_us) for e in examples
    ]


def _key(figure: Figure) -> tuple[str, str, str, str]:
    return figure.judge, figure.task, figure.source, figure.lang


def _points(reliability: Reliability) -> list[tuple[float, float, int]]:
    return [(b.sure, b.right, b.n) for b in reliability.bins if b.n >= FEWEST]


def _rows(
    report: Report, cuts: Sequence[tuple[str, str, str]]
) -> Iterator[tuple[str, Figure, Figure | None]]:
    for label, source, lang in cuts:
        for task in TASKS.values():
            quick = report.figure("fast", task.name, source, lang)
            if quick:
                slow = report.figure("careful", task.name, source, lang)
                yield label, quick, slow


def _table(what: str, rows: Iterator[tuple[str, Figure, Figure | None]]) -> str:
    whole = what == "question"
    head = ["question", "metric", "posts", "fast", "careful", "ECE fast", "ECE careful"]
    lines = [head if whole else [what, *head]]
    lines.append(["---"] * len(lines[0]))
    for label, quick, slow in rows:
        line = [quick.task, quick.metric, f"{quick.n:,}", f"{quick.value:.1f}"]
        line += [f"{slow.value:.1f}" if slow else "–", f"{100 * quick.ece:.1f}"]
        line += [f"{100 * slow.ece:.1f}" if slow else "–"]
        lines.append(line if whole else [label, *line])
    return _lines(lines)


def _flags(report: Report) -> str:
    """A line a flag; figures of both judges side by side."""
    heads = ("flag", "posts", "fast found", "fast wrong", "careful found", "careful wrong")
    lines = [heads, ("---",) * len(heads)]
    for flag in Flag:
        both = [f for f in report.flags if f.flag == flag.value]
        said = {f.judge: (str(f.found), str(f.wrong)) for f in both}
        if both:
            nothing = ("0", "0")
            counts = (*said.get("fast", nothing), *said.get("careful", nothing))
            lines.append((flag.value, str(both[0].n), *counts))
    return _lines(lines)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
