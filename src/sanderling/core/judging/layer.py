"""The company's own layer: what its agents corrected, learnt on top of the model it came with.

    corrections --> lessons --> a small change of the weights --> the gate --> live, or kept aside

The change is fitted to what the model already says (its logits are given), is drawn toward nothing,
and is added into the weights: judging costs the same with a layer as without.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from sanderling.core.judging.fast import BATCH, Fast
from sanderling.core.judging.fitting import fit
from sanderling.core.judging.linear import Linear
from sanderling.core.judging.ngrams import ngrams
from sanderling.core.judging.posts import invented
from sanderling.core.judging.scoring import value
from sanderling.core.judging.tasks import TASKS

LEARNT = ("kind", "tone")
"""The tasks whose weights corrections change."""

FEWEST = 20
"""Corrections below which nothing is learnt: they are an anecdote."""

_PENALTY = 1.0
_ANCHOR = 0.25
"""How much an invented post counts beside a correction: what was known is not unlearnt."""

_TOLERATED = 0.01
"""Macro-F1 that the shipped test may lose by chance."""

_HELD_BACK = 4

Floats = NDArray[np.float64]


class Lesson(NamedTuple):
    """What an agent said a post is: `kind` and `tone` by name, or None where nothing was said.

    `key` decides whether it is held back to check by, so that a post is always on the same side.
    """

    key: int
    text: str
    lang: str | None
    kind: str | None = None
    tone: str | None = None
    to_us: bool = True

    @property
    def held_back(self) -> bool:
        """Whether it is there to check by, and never learnt from."""
        return self.key % _HELD_BACK == 0

    def label(self, task: str) -> str | None:
        """What was said about a task."""
        return self.kind if task == "kind" else self.tone


class Figures(msgspec.Struct, frozen=True):
    """How a layer did at the gate: shares of held-back corrections met, and macro-F1 of kind and
    tone on the shipped test, before and with the layer."""

    lessons: int
    held_back: int
    met_before: float
    met: float
    shipped_before: float
    shipped: float

    @property
    def passes(self) -> bool:
        """Better on what was held back, and no worse on what was known."""
        return self.met > self.met_before and self.shipped >= self.shipped_before - _TOLERATED

    def says(self) -> str:
        """The outcome in a sentence."""
        return (
            f"Learnt from {self.lessons} corrections. Of {self.held_back} held back it meets"
            f" {self.met:.0%} (before: {self.met_before:.0%}); on the shipped test it reaches"
            f" {100 * self.shipped:.1f} (before: {100 * self.shipped_before:.1f})."
        )


class Layer(msgspec.Struct):
    """By task: the columns that change, by how much, (columns, classes), and the biases."""

    columns: dict[str, NDArray[np.int32]]
    table: dict[str, NDArray[np.float16]]
    bias: dict[str, NDArray[np.float32]]

    def pack(self) -> bytes:
        """The layer as bytes, for `unpack`."""
        packed, arrays = io.BytesIO(), dict[str, NDArray[Any]]()
        for task in self.columns:
            arrays[f"columns.{task}"] = self.columns[task]
            arrays[f"table.{task}"] = self.table[task]
            arrays[f"bias.{task}"] = self.bias[task]
        np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]  # its flag is no array
        return packed.getvalue()

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Raises ValueError for what is no layer."""
        try:
            with np.load(io.BytesIO(packed)) as found:
                parts = {
                    part: {task: found[f"{part}.{task}"] for task in LEARNT
                           if f"{part}.{task}" in found}
                    for part in ("columns", "table", "bias")
                }  # fmt: skip
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"This is no layer: {error}") from error
        return cls(**parts)

    def on(self, model: Linear) -> Linear:
        """The model with the layer added."""
        table, bias = model.table.copy(), model.bias.copy()
        for task, columns in self.columns.items():
            at = model.columns[task]
            table[columns, at] += self.table[task]
            bias[at] += self.bias[task]
        return Linear(model.questions, model.idf, table, model.hinted, bias)


def learn(judge: Fast, lessons: Sequence[Lesson]) -> tuple[Layer, Figures]:
    """A layer learnt from the lessons that are not held back, and how it did at the gate."""
    taught = [lesson for lesson in lessons if not lesson.held_back]
    held = [lesson for lesson in lessons if lesson.held_back]
    layer = Layer({}, {}, {})
    for task in LEARNT:
        said = [lesson for lesson in taught if lesson.label(task)]
        if said:
            _learn(judge, task, said, layer)
    after = Fast(layer.on(judge.model), judge.name)
    figures = Figures(
        lessons=len(taught),
        held_back=len(held),
        met_before=_met(judge, held),
        met=_met(after, held),
        shipped_before=_shipped(judge),
        shipped=_shipped(after),
    )
    return layer, figures


def _learn(judge: Fast, task: str, said: Sequence[Lesson], layer: Layer) -> None:
    """Only what the lessons hold may change, and of the invented posts the model is to say what it
    always said."""
    anchors = [
        Lesson(0, post.text, post.lang, to_us=post.to_us)
        for post in invented()
        if not post.held_back
    ]
    model, classes, every = judge.model, TASKS[task].classes, [*said, *anchors]
    heat = next(q.temperature for q in model.questions if q.name == task)
    given = _logits(judge, every)[:, model.columns[task]] / heat
    labels = scipy.special.softmax(given, axis=1)
    labels[: len(said)] = np.eye(len(classes))[
        [classes.index(lesson.label(task) or "") for lesson in said]
    ]
    counts = np.where(np.arange(len(every)) < len(said), 1.0, _ANCHOR)
    features = model.idf.scaled(ngrams([lesson.text for lesson in every]))
    columns = np.unique(features[: len(said)].indices).astype(np.int32)
    found, free = fit(
        features.tocsc()[:, columns].tocsr(),
        labels,
        weights=counts,
        given=given,
        penalty=_PENALTY,
    )
    layer.columns[task] = columns
    layer.table[task] = (found * model.idf.weights[columns, None] * heat).astype(np.float16)
    layer.bias[task] = (free * heat).astype(np.float32)


def _met(judge: Fast, lessons: Sequence[Lesson]) -> float:
    """The share of corrections that the judge now makes itself."""
    if not lessons:
        return 0.0
    logits, right = _logits(judge, lessons), []
    for task in LEARNT:
        found = logits[:, judge.model.columns[task]].argmax(axis=1).tolist()
        names = TASKS[task].classes
        right += [
            names[answer] == lesson.label(task)
            for answer, lesson in zip(found, lessons, strict=True)
            if lesson.label(task)
        ]
    return float(np.mean(right)) if right else 0.0


def _shipped(judge: Fast) -> float:
    """Macro-F1 of kind and tone, on average, on the invented posts that were held back."""
    posts = [post for post in invented() if post.held_back]
    logits = _logits(judge, [Lesson(0, post.text, post.lang, to_us=post.to_us) for post in posts])
    kinds, tones = TASKS["kind"], TASKS["tone"]
    truths = (
        (kinds, np.array([kinds.classes.index(post.kind) for post in posts])),
        (tones, np.array([post.tone for post in posts])),
    )
    return float(
        np.mean(
            [
                value(
                    task.metric,
                    truth,
                    logits[:, judge.model.columns[task.name]].argmax(axis=1),
                    task.classes,
                )
                for task, truth in truths
            ]
        )
    )


def _logits(judge: Fast, lessons: Sequence[Lesson]) -> Floats:
    found = [
        judge.read(
            [lesson.text for lesson in batch],
            [lesson.lang for lesson in batch],
            [lesson.to_us for lesson in batch],
        ).logits
        for batch in (lessons[at : at + BATCH] for at in range(0, len(lessons), BATCH))
    ]
    return np.concatenate(found).astype(float)
