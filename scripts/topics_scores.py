"""Scores topics on labelled questions: python scripts/topics_scores.py FOLDER [--seed N]

FOLDER holds the set banking77 and, for posts about no topic, others, each a folder with
data.jsonl.gz (one JSON object a line). The 77 intents are the topics, known by the names of their
labels and then by 1, 2, 5 and 20 examples each of the training part, picked with the seed.
Prints how many of the test part have the right topic first, what the limit of 0.5 lets through and
how much of that is right, posts about something else that were given a topic, the expected
calibration error with those among the others, and what it costs in CPU.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from sanderling.core.judging.fitting import calibration_error
from sanderling.core.judging.ngrams import ngrams
from sanderling.core.judging.topics import SURE, Topic, Topics

Row = dict[str, Any]
EXAMPLES = (0, 1, 2, 5, 20)
ELSEWHERE = ("twcs_spotify", "crisislex_t26")
_AT_MOST = 3_000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, help="the folder with the labelled sets")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    if not (given.folder / "banking77").is_dir():
        sys.exit(f"There is no set banking77 in {given.folder}: name the folder that holds it.")
    rows = _rows(given.folder / "banking77")
    test = [row for row in rows if row["split"] == "test"]
    elsewhere = {name: _sample(given.folder / name, given.seed) for name in ELSEWHERE}
    others = [text for texts in elsewhere.values() for text in texts]
    labels = sorted({row["label"] for row in rows})
    for count in EXAMPLES:
        began = time.process_time()
        topics = Topics(_topics(rows, count, random.Random(given.seed)))
        _say(f"{count:2} examples each, learnt in {time.process_time() - began:.2f} s of CPU")
        _say(f"   {_score(topics, test, labels, others)}")
        for name, texts in elsewhere.items():
            if texts:
                told = sum(topic is not None for topic, _ in topics.find(texts))
                _say(f"   {name}: {100 * told / len(texts):.1f} % given a topic of the bank")
    _say(_speed(topics, others))


def _topics(rows: list[Row], count: int, rng: random.Random) -> list[Topic]:
    labels = sorted({row["label"] for row in rows})
    posts: dict[str, list[str]] = {label: [] for label in labels}
    for row in rows:
        if row["split"] == "train":
            posts[row["label"]].append(row["text"])
    return [
        Topic(number, label.replace("_", " "), examples=tuple(rng.sample(posts[label], count)))
        for number, label in enumerate(labels)
    ]


def _score(topics: Topics, test: list[Row], labels: list[str], others: list[str]) -> str:
    texts, truth = [row["text"] for row in test], [labels.index(row["label"]) for row in test]
    first = topics.find(texts, sure=0)
    right = np.array([topic == true for (topic, _), true in zip(first, truth, strict=True)])
    odds = np.array([chance for _, chance in first])
    told = odds >= SURE
    others = others[:: max(len(others) // len(test), 1)]
    all_odds = np.concatenate([odds, [chance for _, chance in topics.find(others, sure=0)]])
    all_right = np.concatenate([right, np.zeros(len(others), bool)])
    return (
        f"{len(test):,} posts: right first {100 * right.mean():.1f} %, "
        f"told {100 * told.mean():.1f} % and of these right {100 * right[told].mean():.1f} %, "
        f"ECE {100 * calibration_error(all_odds, all_right):.1f}"
    )


def _speed(topics: Topics, texts: list[str]) -> str:
    if not texts:
        return "speed: left out, there are no other sets"
    topics.find(texts[:1_000])
    began = time.process_time()
    for start in range(0, len(texts), 1_000):
        topics.find(texts[start : start + 1_000])
    alone = time.process_time() - began
    began = time.process_time()
    for start in range(0, len(texts), 1_000):
        ngrams(texts[start : start + 1_000])
    shared = time.process_time() - began
    return (
        f"{len(texts):,} posts: {len(texts) / alone:,.0f} posts/CPU-s; "
        f"{len(texts) / max(alone - shared, 1e-9):,.0f} where the n-grams are there already"
    )


def _sample(folder: Path, seed: int) -> list[str]:
    if not (folder / "data.jsonl.gz").exists():
        _say(f"{folder.name}: left out, {folder} is not there")
        return []
    texts = [row["text"] for row in _rows(folder)]
    return random.Random(seed).sample(texts, min(_AT_MOST, len(texts)))


def _rows(folder: Path) -> list[Row]:
    with gzip.open(folder / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
