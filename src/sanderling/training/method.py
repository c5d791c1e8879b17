"""The same method on any labelled file: for comparing it with published tables.

One encoder is fine-tuned on the training file, the linear model learns from the labels and from
the encoder, and the validation file decides on mixing and calibration. Nothing of it is shipped.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.careful import Encoder
from sanderling.core.judging.fast import BATCH, names
from sanderling.core.judging.linear import Linear, answers
from sanderling.core.judging.scoring import value
from sanderling.core.judging.tasks import TASKS, Task
from sanderling.core.judging.weights import ENGLISH, FAST, OTHERS, Unavailable, fast
from sanderling.training import linear
from sanderling.training.mixing import calibrated, mix
from sanderling.training.sets import Example, labelled, targets

log = logging.getLogger(__name__)

Floats = NDArray[np.floating]

_PIECES = 30_000
"""Enough for words that only other posts will use: nothing of this is shipped."""

_TEACHER = 0.4
_HINTS_BY = 2.0
_PENALTIES = (0.1, 0.3, 1.0, 3.0)
_PACES = ((6_000, 4, 1e-4), (20_000, 3, 5e-5), (10**9, 2, 5e-5))
"""Up to how many posts: how many epochs, and how fast to learn. More of either made the encoder
surer, and no better, on the validation parts of TweetEval."""


class Files(NamedTuple):
    """The posts of a training and of a validation file."""

    train: list[Example]
    val: list[Example]

    def of(self, lang: str) -> Files:
        """Those in English, or all others."""
        return Files(*([e for e in part if (e.lang == "en") == (lang == ENGLISH)] for part in self))


def read_files(task: Task, train: Path, val: Path) -> Files:
    """Both files, with the language of each post: the file's own, or as it reads. Raises
    Missing."""
    return Files(*(_examples(task, path) for path in (train, val)))


def train_task(task: str, files: Files, out: Path, judges: Sequence[str]) -> None:
    """Train the judges on one task, and put them into `out`."""
    asked = TASKS[task]
    out.mkdir(parents=True, exist_ok=True)
    parts = {
        name: part
        for name in (ENGLISH, OTHERS)
        if len((part := files.of(name)).train) > len(files.train) // 20
    }
    if "careful" in judges:
        for name, part in parts.items():
            _fine_tune(asked, name, part, out)
    teach = _taught(asked, parts, out) if "careful" in judges else {}
    model = _linear(asked, files, teach)
    said = _logits(model, files.val)
    labels = {task: targets(files.val, asked)}
    model = calibrated(model, said, labels)
    model.save(out / FAST)
    if "careful" in judges:
        for name in parts:
            rows = [i for i, e in enumerate(files.val) if (e.lang == "en") == (name == ENGLISH)]
            texts = [files.val[row].text for row in rows]
            mix(out, name, model, texts, said[rows], {task: labels[task][rows]})


def _examples(task: Task, path: Path) -> list[Example]:
    rows = labelled(path, task)
    texts = [row["text"] for row, _ in rows]
    langs = [TASKS["lang"].known(row.get("lang", "")) for row, _ in rows]
    if not all(langs):
        langs = _languages(texts)
    return [
        Example(
            text,
            lang or "en",
            {task.name: label},
            held_back=False,
            source=path.name,
            to_us=names(text),
        )
        for text, lang, (_, label) in zip(texts, langs, rows, strict=True)
    ]


def _languages(texts: Sequence[str]) -> list[str | None]:
    """As the fast judge reads them; where most are English all are taken for it."""
    try:
        reader = fast()
    except Unavailable:
        return ["en"] * len(texts)
    found: list[str | None] = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        found += [reading.lang for reading in reader.read(batch, [None] * len(batch)).readings]
    return ["en"] * len(texts) if found.count("en") > 0.8 * len(found) else found


def _fine_tune(task: Task, name: str, part: Files, out: Path) -> None:
    from sanderling.training import bases, encoder  # noqa: PLC0415 -- PyTorch is for this alone

    texts = [e.text for e in part.train]
    base = (bases.minilm if name == ENGLISH else bases.e5)(texts, _PIECES)
    _, epochs, learn = next(pace for pace in _PACES if len(texts) <= pace[0])
    labels = {task.name: targets(part.train, task)}
    log.info("training.encoder %s: %s posts, %s epochs", name, len(texts), epochs)
    how = encoder.Recipe(epochs=epochs, learn=learn)
    trained = encoder.train(base, (task,), texts, labels, how)
    encoder.put_out(trained, out, name)


def _taught(task: Task, parts: dict[str, Files], out: Path) -> dict[int, Floats]:
    """By example: what the encoder says of a post it was trained on."""
    found: dict[int, Floats] = {}
    for name, part in parts.items():
        encoder = Encoder.load(out, name)
        shares = answers(encoder.logits([e.text for e in part.train]), encoder.card.questions)
        found |= {id(e): row for e, row in zip(part.train, shares[task.name], strict=True)}
    return found


def _linear(task: Task, files: Files, teach: dict[int, Floats]) -> Linear:
    """The penalty that does best on the validation file."""
    labels = targets(files.train, task)
    for row, example in enumerate(files.train):
        if id(example) in teach:
            labels[row] = (1 - _TEACHER) * labels[row] + _TEACHER * teach[id(example)]
    truth = targets(files.val, task).argmax(axis=1)
    best, model = -1.0, None
    for penalty in _PENALTIES:
        how = linear.Recipe(penalty, louder=(task.name,), hints_by=_HINTS_BY)
        trained = linear.train((task,), files.train, {task.name: labels}, how)
        worth = value(task.metric, truth, _logits(trained, files.val).argmax(axis=1), task.classes)
        log.info("training.fast penalty %s: %s %.2f", penalty, task.metric, 100 * worth)
        if worth > best:
            best, model = worth, trained
    assert model is not None, "there is at least one penalty"
    return model


def _logits(model: Linear, examples: Sequence[Example]) -> NDArray[np.float32]:
    return linear.logits(model, examples)


__all__ = ["Files", "read_files", "train_task"]
