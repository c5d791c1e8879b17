"""The careful judge: small transformers that read what the fast judge is unsure of.

One encoder reads English, another the other languages. What the linear model says is mixed in, for
the encoder knows how things are meant and the n-grams know how they are spelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file
from pathlib import Path
from typing import Self

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sanderling.core.facts import Facts
from sanderling.core.judging.fast import Fast, addressed, verdicts
from sanderling.core.judging.linear import Answers, Question, answers, columns_of
from sanderling.core.judging.tokens import batches, prepared
from sanderling.core.judging.weights import (
    ENGLISH,
    OTHERS,
    SHIPPED,
    Unavailable,
    broken,
    fast,
    names_in,
)
from sanderling.core.verdict import Reason, Verdict
from sanderling.core.words import later

THREADS = 1
"""Of a session: the careful judge takes one core, and no more."""

_AGAIN = Reason("careful", later("Read a second time, more carefully"))


class Card(msgspec.Struct, frozen=True):
    """What is to be known of an encoder: its questions, its tokenizer's padding, whether emoji are
    spelled out, and by task how much of the linear model's logits is added."""

    base: str
    questions: tuple[Question, ...]
    padding: int
    signs_as_words: bool
    mixed: dict[str, float] = {}

    def keep(self, folder: Path, name: str) -> None:
        """Write it beside the encoder, for `Encoder.load`."""
        written = msgspec.json.format(msgspec.json.encode(self), indent=1)
        (folder / f"{name}.card.json").write_bytes(written)


class Encoder:
    """A fine-tuned encoder in ONNX."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, card: Card
    ) -> None:
        self.session = session
        self.tokenizer = tokenizer
        self.card = card
        self.columns = columns_of(card.questions)

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Read NAME.onnx, NAME.tokenizer.json and NAME.card.json of a folder. Raises OSError where
        one is missing, and what onnxruntime raises for a broken one."""
        card = msgspec.json.decode((folder / f"{name}.card.json").read_bytes(), type=Card)
        tokenizer = Tokenizer.from_str(
            (folder / f"{name}.tokenizer.json").read_text(encoding="utf-8")
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        options.enable_cpu_mem_arena = False  # batches differ in size, and memory is bounded
        session = onnxruntime.InferenceSession(
            str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, tokenizer, card)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What it answers about posts, (posts, answers)."""
        said = [prepared(text, signs_as_words=self.card.signs_as_words) for text in texts]
        width = sum(len(question.classes) for question in self.card.questions)
        found = np.zeros((len(texts), width), np.float32)
        for posts, pieces in batches(self.tokenizer, said, padding=self.card.padding):
            found[posts] = self.session.run(None, {"pieces": pieces})[0]
        return found

    def mixed(
        self, logits: NDArray[np.float32], linear: NDArray[np.float32], where: dict[str, slice]
    ) -> NDArray[np.float32]:
        """The logits with the linear model's added, as much of each task's as the card says."""
        found = logits.copy()
        for task, share in self.card.mixed.items():
            found[:, self.columns[task]] += share * linear[:, where[task]]
        return found


class Careful:
    """Judges by encoders, each of its language; that of `""`, or the only one, reads all others."""

    def __init__(self, encoders: dict[str, Encoder], fast: Fast, name: str) -> None:
        self.encoders = encoders
        self.others = "" if "" in encoders else next(iter(encoders))
        self.fast = fast
        self.name = name

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        """A verdict for each post, in their order, each from its own facts alone."""
        if not facts:
            return []
        texts = [post.text for post in facts]
        seen = self.fast.read(texts, [post.lang for post in facts], addressed(facts))
        said = self.answers(texts, [reading.lang for reading in seen.readings], seen.logits)
        return verdicts(facts, seen, said, self.fast.model, also=_AGAIN)

    def beside(self, fast: Fast) -> Careful:
        """The same encoders, with another linear model mixed in."""
        return Careful(self.encoders, fast, self.name)

    def answers(
        self, texts: Sequence[str], langs: Sequence[str], linear: NDArray[np.float32]
    ) -> Answers:
        """The probabilities by task. `linear`: the logits of the fast judge's model."""
        found: Answers = {}
        for lang, encoder in self.encoders.items():
            posts = [
                post
                for post, of in enumerate(langs)
                if (of if of in self.encoders else self.others) == lang
            ]
            if posts:
                logits = encoder.logits([texts[post] for post in posts])
                mixed = encoder.mixed(logits, linear[posts], self.fast.model.columns)
                for task, shares in answers(mixed, encoder.card.questions).items():
                    shape = (len(texts), shares.shape[1])
                    found.setdefault(task, np.zeros(shape, np.float32))[posts] = shares
        return found


def encoders_of(folder: Path) -> dict[str, Encoder]:
    """The encoders of a folder by language, "" for all others. Raises Unavailable where there is
    none, or where one is broken."""
    found = {}
    for lang, name in (("en", ENGLISH), ("", OTHERS)):
        if (folder / f"{name}.onnx").exists():
            try:
                found[lang] = Encoder.load(folder, name)
            except Exception as error:  # onnxruntime and tokenizers have no one error of theirs
                raise Unavailable(broken(folder / f"{name}.onnx", error)) from error
    if not found:
        raise Unavailable(f"There is no careful judge in {folder}.")
    return found


@cache
def careful() -> Careful:
    """The careful judge that comes with the desk. Raises Unavailable."""
    with as_file(SHIPPED) as folder:
        return Careful(encoders_of(folder), fast(), names_in(folder).careful)
