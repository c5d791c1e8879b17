"""Scoring a judge on any file of labelled posts, in the metric of the task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from sanderling.core.facts import Facts
from sanderling.core.judging.careful import Careful, careful, encoders_of
from sanderling.core.judging.fast import BATCH, Fast
from sanderling.core.judging.fitting import calibration_error
from sanderling.core.judging.linear import Answers, answers
from sanderling.core.judging.scoring import value
from sanderling.core.judging.tasks import TASKS, Task
from sanderling.core.judging.weights import Unavailable, fast, linear_of
from sanderling.core.network import Room
from sanderling.core.verdict import Flag, Urgency
from sanderling.training.sets import Missing, labelled, read_lines

JUDGES = ("fast", "careful")
ASKED = (*TASKS, "urgency")
"""What a file can be scored on."""

_WHENEVER = datetime(2020, 1, 1, tzinfo=UTC)
_NONE = "none"
_LEVELS = Task("urgency", tuple(urgency.name.lower() for urgency in Urgency))
_THEMES = Task("urgency", (*(flag.value for flag in Flag), _NONE), aliases={"other": _NONE})
"""A file about urgency says either how soon, or what a post speaks of."""

Shares = NDArray[np.float64]
Rows = list[tuple[dict[str, Any], str]]


class Score(msgspec.Struct, frozen=True):
    """How well a judge did on a file. `value` from 0 to 100 in `metric`; `ece`: expected
    calibration error, 0 to 1; `posts_per_cpu_s`: with reading the posts, without the file."""

    task: str
    judge: str
    metric: str
    value: float
    n: int
    posts_per_cpu_s: float
    ece: float


class Scored(NamedTuple):
    """A score, and what it rests on: truth and answers as numbers of `classes`, how sure each
    answer was, and by post its id, the answer in the file's own words, and how sure."""

    score: Score
    classes: tuple[str, ...]
    truth: NDArray[np.int64]
    found: NDArray[np.int64]
    sure: Shares
    predictions: list[tuple[object, str, float]]


def judge_of(judge: str, folder: Path | None) -> Fast | Careful:
    """The judge of a folder, or the one that comes with the desk. Raises Unavailable."""
    if folder is None:
        return fast() if judge == "fast" else careful()
    model = Fast(linear_of(folder), "fast")
    return model if judge == "fast" else Careful(encoders_of(folder), model, "careful")


def evaluate(path: Path, task: str, judge: Fast | Careful) -> Scored:
    """Score a judge on a file. Raises Missing for what is wrong with the file, Unavailable where
    the judge has not learnt the task."""
    asked = _asked(path, task)
    rows = labelled(path, asked)
    texts = [row["text"] for row, _ in rows]
    told = [None if task == "lang" else _told(row) for row, _ in rows]
    since = process_time()
    if asked is _LEVELS:
        shares = _levels(judge, texts, told)
    else:
        shares = _shares(asked, said(judge, texts, told))
    return _scored(asked, judge, rows, shares, process_time() - since)


def said(
    judge: Fast | Careful,
    texts: Sequence[str],
    told: Sequence[str | None],
    to_us: Sequence[bool] | None = None,
) -> Answers:
    """What a judge answers to everything it has learnt, (posts, classes) by task. `to_us` as in
    `Fast.read`."""
    model = judge if isinstance(judge, Fast) else judge.fast
    reader = model if "lang" in model.model.columns else fast()
    found = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        addressed = to_us and to_us[start : start + BATCH]
        seen = reader.read(batch, told[start : start + BATCH], addressed)
        logits = seen.logits
        if reader is not model:
            logits = model.model.logits(model.model.said(seen.posts), seen.hints)
        if isinstance(judge, Careful):
            langs = [reading.lang for reading in seen.readings]
            found.append(judge.answers(batch, langs, logits))
        else:
            found.append(answers(logits, model.model.questions))
    return {task: np.concatenate([part[task] for part in found]) for task in found[0]}


def _asked(path: Path, task: str) -> Task:
    if task != "urgency":
        return TASKS[task]
    labels = {str(row.get("label")) for row in read_lines(path)}
    return _LEVELS if any(_LEVELS.known(label) for label in labels) else _THEMES


def _shares(asked: Task, found: Answers) -> Shares:
    if asked is _THEMES:
        flags = np.stack([found[flag.value][:, 1] for flag in Flag], axis=1).astype(float)
        none = (1 - flags).prod(axis=1, keepdims=True)
        whole: Shares = np.concatenate([flags, none], axis=1)
        whole /= whole.sum(axis=1, keepdims=True)
        return whole
    if asked.name not in found:
        raise Unavailable(
            f"This judge has not learnt {asked.name}. Train one with `sanderling triage train"
            f" --task {asked.name} --train FILE --val FILE --out DIR`, then say --model DIR."
        )
    return found[asked.name].astype(float)


def _levels(judge: Fast | Careful, texts: Sequence[str], told: Sequence[str | None]) -> Shares:
    """Urgency follows from the whole verdict on a post written to us, which has no odds for it."""
    facts = [
        Facts(text=text, room=Room.PUBLIC, created_at=_WHENEVER, lang=lang, to_us=True)
        for text, lang in zip(texts, told, strict=True)
    ]
    return np.eye(len(Urgency))[[int(verdict.urgency) for verdict in judge.judge(facts)]]


def _told(row: dict[str, Any]) -> str | None:
    lang = str(row.get("lang") or "")
    return TASKS["lang"].known(lang) or lang or None


def _scored(asked: Task, judge: Fast | Careful, rows: Rows, shares: Shares, spent: float) -> Scored:
    """Only answers that occur among the labels are given: a set has the classes it has."""
    truth = np.array([asked.classes.index(label) for _, label in rows])
    absent = np.bincount(truth, minlength=len(asked.classes)) == 0
    if asked.name != "lang":
        shares = np.where(absent, 0.0, shares)
        shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    elif "hi-Latn" in asked.classes and absent[asked.classes.index("hi-Latn")]:
        shares = _joined(shares, asked)
    found, sure = shares.argmax(axis=1), shares.max(axis=1)
    spoken = {label: str(row["label"]) for row, label in reversed(rows)}
    words = [spoken.get(name, name) for name in asked.classes]
    score = Score(
        task=asked.name,
        judge="fast" if isinstance(judge, Fast) else "careful",
        metric=asked.metric,
        value=round(100 * value(asked.metric, truth, found, asked.classes), 2),
        n=len(rows),
        posts_per_cpu_s=round(len(rows) / max(spent, 1e-9), 1),
        ece=round(calibration_error(sure, found == truth), 4),
    )
    predictions = [
        (row.get("id", number), words[answer], round(odds, 4))
        for number, ((row, _), answer, odds) in enumerate(
            zip(rows, found.tolist(), sure.tolist(), strict=True)
        )
    ]
    return Scored(score, asked.classes, truth, found, sure, predictions)


def _joined(shares: Shares, asked: Task) -> Shares:
    """Where a set has one label for Hindi in whatever script, so have we."""
    native, roman = asked.classes.index("hi"), asked.classes.index("hi-Latn")
    shares = shares.copy()
    shares[:, native] += shares[:, roman]
    shares[:, roman] = 0.0
    return shares


__all__ = ["ASKED", "JUDGES", "Missing", "Score", "Scored", "evaluate", "judge_of", "said"]
