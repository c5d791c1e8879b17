"""Fine-tuning an encoder for several questions at once, and putting it out as int8 ONNX.

Needs PyTorch and onnx, which only training needs: docs/triage.md says how to install them.
"""

from __future__ import annotations

import copy
import logging
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from sanderling.core.judging.careful import Card
from sanderling.core.judging.linear import Question
from sanderling.core.judging.tasks import Task
from sanderling.core.judging.tokens import padded, prepared
from sanderling.training.bases import HEADS, INNER, LAYERS, WIDTH, Base

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

_BATCH = 32
_NEARBY = 20
_WARM = 0.1
_SMOOTH = 0.05
_LEARN_HEAD = 2e-3
_AVERAGED = 0.25
"""The last part of the steps, whose weights are averaged (Izmailov et al., 2018)."""


class _Layer(nn.Module):
    def __init__(self, eps: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps)
        self.wide = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        posts, length, _ = x.shape
        split = self.qkv(x).view(posts, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=mask)
        x = self.norm1(x + self.drop(self.out(seen.transpose(1, 2).reshape(x.shape))))
        return self.norm2(x + self.drop(self.narrow(functional.gelu(self.wide(x)))))


class Encoder(nn.Module):
    """Layers of BERT, the mean over a post's pieces, and one linear head for all answers."""

    def __init__(self, base: Base, answers: int) -> None:
        super().__init__()
        self.padding = base.padding
        self.words = nn.Embedding(base.pieces, WIDTH)
        self.places = nn.Embedding(len(base.state["places.weight"]), WIDTH)
        self.norm = nn.LayerNorm(WIDTH, base.eps)
        self.layers = nn.ModuleList(_Layer(base.eps) for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, answers)
        self.load_state_dict(base.state, strict=False)

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        here = pieces != self.padding
        places = torch.arange(pieces.shape[1])
        x = self.drop(self.norm(self.words(pieces) + self.places(places)[None]))
        mask = (~here).to(x.dtype)[:, None, None, :] * -10_000.0
        for layer in self.layers:
            x = layer(x, mask)
        weight = here[..., None].to(x.dtype)
        found: torch.Tensor = self.head((x * weight).sum(1) / weight.sum(1))
        return found


@dataclass(frozen=True)
class Recipe:
    """How long and how fast to learn; chosen on validation sets."""

    epochs: int = 4
    learn: float = 1e-4
    seed: int = 1
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Trained:
    """A fine-tuned encoder and where each task's answers stand in what it puts out."""

    encoder: Encoder
    tokenizer: Tokenizer
    base: Base
    tasks: tuple[Task, ...]

    @property
    def columns(self) -> dict[str, slice]:
        """By task: its columns."""
        found, at = {}, 0
        for task in self.tasks:
            found[task.name] = slice(at, at + len(task.classes))
            at += len(task.classes)
        return found


def train(
    base: Base, tasks: Sequence[Task], texts: Sequence[str], labels: dict[str, Floats], how: Recipe
) -> Trained:
    """Fine-tune `base` on posts with labels by task, (posts, classes), NaN where there is none."""
    torch.manual_seed(how.seed)
    shuffled = np.random.default_rng(how.seed)
    trained = Trained(
        Encoder(base, sum(len(task.classes) for task in tasks)), base.tokenizer, base, tuple(tasks)
    )
    encoder, columns = trained.encoder, trained.columns
    pieces = _pieces(base, texts)
    wanted = {name: torch.from_numpy(table).float() for name, table in labels.items()}
    body = [p for name, p in encoder.named_parameters() if not name.startswith("head")]
    groups = [{"params": body, "most": how.learn},
              {"params": list(encoder.head.parameters()), "most": _LEARN_HEAD}]  # fmt: skip
    learner = torch.optim.AdamW(groups, lr=how.learn, weight_decay=0.01, fused=True)
    steps = how.epochs * math.ceil(len(texts) / _BATCH)
    averaged, taken, step, since = copy.deepcopy(encoder), 0, 0, monotonic()
    encoder.train()
    for epoch in range(how.epochs):
        total = 0.0
        for posts in _shuffled(pieces, shuffled):
            for group in learner.param_groups:
                group["lr"] = group["most"] * _pace(step, steps)
            rows = torch.from_numpy(padded([pieces[post] for post in posts], base.padding))
            with torch.autocast("cpu", torch.bfloat16):
                answers = encoder(rows)
            loss = _loss(answers.float(), posts, wanted, columns, how.weights)
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            learner.step()
            learner.zero_grad()
            total, step = total + loss.item(), step + 1
            if step > steps * (1 - _AVERAGED):
                taken += 1
                _average(averaged, encoder, taken)
        mean, took = total * _BATCH / len(texts), monotonic() - since
        log.info("training.epoch %s of %s: loss %.3f, %.0f s", epoch + 1, how.epochs, mean, took)
    return Trained(averaged.eval(), base.tokenizer, base, tuple(tasks))


def put_out(trained: Trained, folder: Path, name: str) -> None:
    """Write NAME.onnx with weights of 8 bits and NAME.tokenizer.json into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"{name}.whole.onnx"
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the old exporter says that it is old
        torch.onnx.export(
            trained.encoder,
            (torch.full((2, 8), trained.base.padding + 4),),
            str(whole),
            input_names=["pieces"],
            output_names=["answers"],
            dynamic_axes={"pieces": {0: "posts", 1: "length"}, "answers": {0: "posts"}},
            opset_version=17,
            dynamo=False,
        )
    quantize_dynamic(whole, folder / f"{name}.onnx", weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
    (folder / f"{name}.tokenizer.json").write_text(trained.tokenizer.to_str(), encoding="utf-8")
    questions = tuple(Question(task.name, task.classes) for task in trained.tasks)
    base = trained.base
    card = Card(base.name, questions, base.padding, base.signs_as_words)
    card.keep(folder, name)


def _pieces(base: Base, texts: Sequence[str]) -> list[list[int]]:
    said = [prepared(text, signs_as_words=base.signs_as_words) for text in texts]
    return [found.ids for found in base.tokenizer.encode_batch(said)]


def _shuffled(pieces: list[list[int]], random: np.random.Generator) -> Iterator[list[int]]:
    """Batches of posts of like length, in another order each epoch."""
    order, found = random.permutation(len(pieces)), []
    for start in range(0, len(order), _BATCH * _NEARBY):
        near = sorted(order[start : start + _BATCH * _NEARBY], key=lambda post: len(pieces[post]))
        found += [near[i : i + _BATCH] for i in range(0, len(near), _BATCH)]
    yield from (found[i] for i in random.permutation(len(found)))


def _pace(step: int, steps: int) -> float:
    """Up for the first tenth, then down to nothing."""
    return min(1.0, (step + 1) / (_WARM * steps)) * max(0.0, (steps - step) / steps)


def _loss(
    answers: torch.Tensor,
    posts: list[int],
    wanted: dict[str, torch.Tensor],
    columns: dict[str, slice],
    weights: dict[str, float],
) -> torch.Tensor:
    total = answers.sum() * 0.0
    for name, table in wanted.items():
        labels = table[posts]
        known = ~labels[:, 0].isnan()
        if known.any():
            error = functional.cross_entropy(
                answers[known, columns[name]],
                labels[known],
                label_smoothing=_SMOOTH,
                reduction="sum",
            )
            total = total + weights.get(name, 1.0) * error / len(posts)
    return total


def _average(into: Encoder, encoder: Encoder, taken: int) -> None:
    with torch.no_grad():
        for mean, now in zip(into.parameters(), encoder.parameters(), strict=True):
            mean.lerp_(now, 1.0 / taken)
