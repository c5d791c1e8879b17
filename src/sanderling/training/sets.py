"""The labelled posts that models are trained on: which sets, which part of each, which labels.

Only sets whose licence lets their weights be given away are here. docs/triage.md has the card.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from sanderling.core.judging.language import language
from sanderling.core.judging.posts import invented
from sanderling.core.judging.tasks import FLAGS, TASKS, Task
from sanderling.core.judging.words import folded, words

Labels = dict[str, str]
"""A post's answer by task."""

SHIPPED = (
    *(TASKS[name] for name in ("sentiment", "complaint", "kind", "tone", "emotion", "about")),
    *FLAGS,
)
"""The questions that the shipped models answer; the fast one knows languages besides."""

_SENTIMENT_OF = ("positive", "neutral", "negative", "negative", "negative", "negative")
_LANGUAGES = TASKS["lang"].aliases
_ENTITY_SHARE = 4
_NATIVE_HINDI = regex.compile(r"\p{Devanagari}")


@dataclass(frozen=True, eq=False)
class Example:
    """A post with what is known of it. `held_back`: for validation, never trained on."""

    text: str
    lang: str
    labels: Labels
    held_back: bool
    source: str
    to_us: bool = False


class Missing(Exception):
    """A file of training data is not there, or is not what it should be; says what to do."""


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file, gzip too. Raises Missing with the line that is wrong."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _object(path, number, line)
    except (OSError, EOFError) as error:
        raise Missing(f"{path} cannot be read: {error}.") from error


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise Missing(f"Line {number} of {path} is no JSON: {error}.") from error
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise Missing(f"Line {number} of {path} has no `text`.")
    return found


def labelled(path: Path, task: Task | None = None) -> list[tuple[dict[str, Any], str]]:
    """The rows of a file that have a label, each with it: ours, where `task` is one of ours.

    Raises Missing where no row has a label that the task knows.
    """
    rows = [(row, row["label"]) for row in read_lines(path) if row.get("label") is not None]
    found = [(row, task.known(label) if task else str(label)) for row, label in rows]
    known = [(row, label) for row, label in found if label is not None]
    if not known:
        wanted = f"; {task.name} knows {', '.join(task.classes)}" if task else ""
        said = ", ".join(sorted({str(label) for _, label in rows})[:8]) or "none"
        raise Missing(f"{path} has no label that can be used. It has: {said}{wanted}.")
    return known


def shipped_examples(folder: Path) -> list[Example]:
    """Every example that shipped weights may learn from, with `folder` holding the public sets."""
    read = {name: _read(folder, name) for name in ("umsab", "complaints", "care_dev")}
    ours = _our_labels()
    return [
        *_umsab(read["umsab"]),
        *_complaints(read["complaints"], ours),
        *_care(read["care_dev"], ours),
        *_entities(_read(folder, "entity_sentiment")),
        *_crises(_read(folder, "crisislex_t26")),
        *_banking(_read(folder, "banking77")),
        *_invented(),
        *_other_languages(),
    ]


def targets(examples: Sequence[Example], task: Task) -> NDArray[np.float64]:
    """The labels of a task as probabilities, (examples, classes); rows of NaN have none."""
    found = np.full((len(examples), len(task.classes)), np.nan)
    for row, example in enumerate(examples):
        if task.name in example.labels:
            found[row] = 0.0
            found[row, task.classes.index(example.labels[task.name])] = 1.0
    return found


def held_out(name: str, parts: int) -> bool:
    """Whether something belongs to one part of so many, decided by its name alone."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) % parts == 0


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / name / "data.jsonl.gz"
    if not path.exists():
        raise Missing(f"{path} is missing. Give the folder of the public sets with --data.")
    return list(read_lines(path))


def _our_labels() -> dict[str, Labels]:
    """What we say of posts of public sets, by set and id; the posts themselves stay there."""
    source = files(__package__).joinpath("labels.tsv").read_text(encoding="utf-8")
    return {
        row["id"]: _ours(row["kind"], int(row["tone"]), set(row["flags"].split(",")))
        for row in csv.DictReader(source.splitlines(), delimiter="\t")
    }


def _ours(kind: str, tone: int, flags: Iterable[str]) -> Labels:
    return {
        "kind": kind,
        "tone": TASKS["tone"].classes[tone],
        **{flag.name: "yes" if flag.name in flags else "no" for flag in FLAGS},
    }


def _umsab(rows: list[dict[str, Any]]) -> Iterator[Example]:
    for row in rows:
        text, lang, labels = row["text"], _LANGUAGES[row["lang"]], {"sentiment": row["label"]}
        if lang == "hi" and not _NATIVE_HINDI.search(text):
            lang = "hi-Latn"
        if lang != "hi-Latn" or not _looks_english(text):
            labels["lang"] = lang
        yield Example(text, lang, labels, row["split"] == "val", "umsab")


def _looks_english(text: str) -> bool:
    """A part of the set's Hindi is plain English, of which no language should be learnt."""
    return language(None, folded(words(text))) == "en"


def _complaints(rows: list[dict[str, Any]], ours: dict[str, Labels]) -> Iterator[Example]:
    for row in rows:
        brand = not row["domain"].startswith("random")
        labels = ours[f"complaints/{row['id']}"] | {
            "complaint": "yes" if int(row["label"]) else "no",
            "about": "no" if row["domain"] == "random_tweet" else "yes",
        }
        if row["sentiment"]:
            emotion = TASKS["emotion"].known(row["emotion"]) or "other"
            labels |= {"sentiment": row["sentiment"], "emotion": emotion}
        yield Example(row["text"], "en", labels, int(row["fold"]) >= 6, "complaints", brand)


def _care(rows: list[dict[str, Any]], ours: dict[str, Labels]) -> Iterator[Example]:
    for row in rows:
        labels = ours.get(f"care_dev/{row['id']}")
        if labels:
            asked = {"complaint": "yes" if labels["kind"] == "complaint" else "no", "about": "yes"}
            back = held_out(row["brand"], 4)
            yield Example(row["text"], "en", labels | asked, back, "care_dev", to_us=True)


def _entities(rows: list[dict[str, Any]]) -> Iterator[Example]:
    """One paraphrase of each post, and only a share of the posts: they are many, and games."""
    seen: set[str] = set()
    for row in rows:
        if row["id"] in seen or len(row["text"]) < 15 or not held_out(row["id"], _ENTITY_SHARE):
            continue
        seen.add(row["id"])
        irrelevant = row["label"] == "irrelevant"
        labels = {"about": "no" if irrelevant else "yes"}
        if not irrelevant:
            labels["sentiment"] = row["label"]
        yield Example(row["text"], "en", labels, row["split"] == "dev", "entity_sentiment", False)


def _crises(rows: list[dict[str, Any]]) -> Iterator[Example]:
    """Posts in disasters, in several languages: only for the words that people use."""
    for row in rows:
        yield Example(row["text"], "und", {}, False, "crisislex_t26")


def _banking(rows: list[dict[str, Any]]) -> Iterator[Example]:
    for row in rows:
        if held_out(row["id"], 4):
            held = row["split"] == "test"
            labels = {"about": "yes", "lang": "en"}
            yield Example(row["text"], "en", labels, held, "banking77", to_us=True)


def _invented() -> Iterator[Example]:
    for post in invented():
        labels = _ours(post.kind, post.tone, post.flags) | {
            "complaint": "yes" if post.kind == "complaint" else "no",
            "sentiment": _SENTIMENT_OF[post.tone],
            "about": "yes" if post.to_us or post.kind != "other" else "no",
            "lang": post.lang,
        }
        yield Example(post.text, post.lang, labels, post.held_back, "invented", post.to_us)


def _other_languages() -> Iterator[Example]:
    """Posts in languages nobody judges here, so that they are told from those that are."""
    source = files(__package__).joinpath("other_languages.jsonl").read_bytes()
    for number, line in enumerate(source.splitlines()):
        row = json.loads(line)
        lang = row["lang"] if row["lang"] in ("mul", "und") else "other"
        yield Example(row["text"], lang, {"lang": lang}, number % 5 == 0, "other languages")
