"""Training the judges that come with the desk, from the public sets and the posts invented for it.

    sets -> two encoders (PyTorch) -> they teach the linear model -> mixing and calibration

The encoders are the teachers: what they say of posts that nobody labelled is half a label for the
linear model, which so learns kinds and tones in languages with few labels.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.careful import Encoder
from sanderling.core.judging.linear import Linear, answers
from sanderling.core.judging.tasks import FLAGS, TASKS
from sanderling.core.judging.weights import ENGLISH, FAST, NAMES, OTHERS, Names
from sanderling.training import linear
from sanderling.training.mixing import calibrated, mix
from sanderling.training.report import card, report_on
from sanderling.training.sets import SHIPPED, Example, shipped_examples, targets

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

VERSION = 2
PIECES = {ENGLISH: 15_000, OTHERS: 16_000}
_FAST_TASKS = (*SHIPPED, TASKS["lang"])
_TAUGHT = ("complaint", "kind", "tone", "about")
_EVERYWHERE = ("tone",)
"""What can be learnt from any post; of kinds, posts that nobody wrote to a company teach only that
most posts are chat."""

_LOUDER = ("sentiment", "complaint", "emotion")
"""Nobody is told reasons for these."""

_TEACHER = 0.4
"""How much of a label is the teacher's where there is one of a person's besides."""

_UNLABELLED = 0.5
"""How much a post counts whose only label is the teacher's."""

_LEARN = {ENGLISH: 7e-5, OTHERS: 1e-4}
_WEIGHTS = {
    ENGLISH: {flag.name: 0.5 for flag in FLAGS} | {"about": 0.3, "emotion": 0.5, "tone": 1.5},
    OTHERS: {flag.name: 0.3 for flag in FLAGS} | {"about": 0.3, "emotion": 0.5},
}
"""How fast each encoder learns, and how much each question counts; of both, each was tried as the
other is, and did worse on posts held back."""
_NOT_READ = ("banking77", "crisislex_t26", "other languages")


def train_shipped(folder: Path, out: Path) -> None:
    """Make all weights from the sets in `folder`, and put them into `out`. Raises Missing.

    The encoders are trained beside each other, on a core each.
    """
    examples = shipped_examples(folder)
    with ProcessPoolExecutor(
        2, mp_context=get_context("spawn"), initializer=tell_progress
    ) as beside:
        list(beside.map(train_encoder, repeat(examples), repeat(out), (ENGLISH, OTHERS)))
    finish(examples, out)
    log.info("training.report\n%s", card(report_on(examples, out)))


def tell_progress() -> None:
    """Log how far training is, with the time, and nothing of what libraries say."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("root").setLevel(logging.WARNING)  # the exporter tells all it does
    logging.getLogger("sanderling").setLevel(logging.INFO)


def train_encoder(examples: Sequence[Example], out: Path, name: str) -> None:
    """Fine-tune one of the two encoders; posts with our own labels are seen twice.

    On one thread: sums are then made in the same order, however many cores there are.
    """
    import torch  # noqa: PLC0415 -- this alone needs it

    from sanderling.training import bases, encoder  # noqa: PLC0415 -- as above

    torch.set_num_threads(1)
    words = [
        e.text
        for e in examples
        if e.source != "other languages" and (name == OTHERS or e.lang in ("en", "und"))
    ]
    base = (bases.minilm if name == ENGLISH else bases.e5)(words, PIECES[name])
    seen = [e for e in _read_by(examples, name) if not e.held_back]
    seen += [e for e in seen if "kind" in e.labels]
    labels = {task.name: targets(seen, task) for task in SHIPPED}
    how = encoder.Recipe(learn=_LEARN[name], weights=_WEIGHTS[name])
    log.info("training.encoder %s: %s posts, %s pieces", name, len(seen), base.pieces)
    trained = encoder.train(base, SHIPPED, [e.text for e in seen], labels, how)
    encoder.put_out(trained, out, name)


def finish(examples: Sequence[Example], out: Path) -> Linear:
    """Train the linear model with the encoders of `out` as teachers, mix and calibrate."""
    seen = [e for e in examples if not e.held_back and e.labels]
    labels = {task.name: targets(seen, task) for task in _FAST_TASKS}
    counts = {name: np.ones(len(seen)) for name in labels}
    taught, sources = _taught(seen, out), np.array([e.source for e in seen])
    for task in _TAUGHT:
        known = ~np.isnan(labels[task][:, 0])
        labels[task] = np.where(
            known[:, None],
            (1 - _TEACHER) * np.nan_to_num(labels[task]) + _TEACHER * taught[task],
            taught[task],
        )
        counts[task] = np.where(known, 1.0, _UNLABELLED)
        if task not in _EVERYWHERE:
            labels[task][~known & (sources != "banking77")] = np.nan
    model = linear.train(_FAST_TASKS, seen, labels, linear.Recipe(louder=_LOUDER), counts)
    held = [e for e in examples if e.held_back and e.labels]
    texts, truth = [e.text for e in held], {t.name: targets(held, t) for t in _FAST_TASKS}
    said = linear.logits(model, held)
    model = calibrated(model, said, truth)
    model.save(out / FAST)
    for name in (ENGLISH, OTHERS):
        rows = [row for row, e in enumerate(held) if _serves(name, e)]
        theirs = {task: table[rows] for task, table in truth.items()}
        mix(out, name, model, [texts[row] for row in rows], said[rows], theirs)
    names = Names(f"fast-{VERSION}", f"careful-{VERSION}")
    (out / NAMES).write_bytes(msgspec.json.encode(names))
    return model


def _read_by(examples: Iterable[Example], name: str) -> list[Example]:
    """What an encoder learns from: English reads English; the other reads the others, and of
    English the sets that it needs to know kinds and tones by."""
    tasks = {task.name for task in SHIPPED}
    found = [e for e in examples if e.source not in _NOT_READ and not tasks.isdisjoint(e.labels)]
    if name == ENGLISH:
        return [e for e in found if e.lang == "en"]
    return [e for e in found if e.lang != "en" or e.source != "entity_sentiment"]


def _serves(name: str, example: Example) -> bool:
    return (example.lang == "en") == (name == ENGLISH)


def _taught(examples: Sequence[Example], out: Path) -> dict[str, Floats]:
    """What the encoders say of each post, (posts, classes) by task."""
    found = {task: np.zeros((len(examples), len(TASKS[task].classes))) for task in _TAUGHT}
    for name in (ENGLISH, OTHERS):
        rows = [row for row, e in enumerate(examples) if _serves(name, e)]
        encoder = Encoder.load(out, name)
        logits = encoder.logits([examples[row].text for row in rows])
        shares = answers(logits, encoder.card.questions)
        for task in _TAUGHT:
            found[task][rows] = shares[task]
    return found
