"""Scores the judge on labelled posts: python scripts/judge_scores.py FOLDER [--errors TRIAL]

FOLDER holds one folder a set, each with data.jsonl.gz (one JSON object a line). A set that is not
there is left out with a word. What each set is, and under which licence: docs/triage.md.
Prints macro-F1 over the classes of each set, the share judged right, and posts judged per CPU
second. --errors prints up to 40 wrongly judged posts of the trials whose name has TRIAL in it
instead: look only at parts that are for training, or the figures of the others flatter.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sanderling.core.facts import Facts
from sanderling.core.judging import JUDGE, judge
from sanderling.core.network import Room
from sanderling.core.verdict import Kind, Tone, Verdict

Row = dict[str, Any]
_ANY_TIME = datetime(2024, 1, 1, tzinfo=UTC)
_LANGUAGES = {"english": "en", "german": "de", "spanish": "es", "french": "fr",
              "italian": "it", "portuguese": "pt"}  # fmt: skip


class Trial(NamedTuple):
    """One question to the judge: which rows of which set, what is true, what the judge said."""

    name: str
    folder: str
    takes: Callable[[Row], bool]
    truth: Callable[[Row], str]
    said: Callable[[Verdict], str]
    text: str = "text"
    to_us: bool = True


def _complains(verdict: Verdict) -> str:
    return "complaint" if verdict.kind is Kind.COMPLAINT else "other"


def _feeling(verdict: Verdict) -> str:
    if verdict.tone is Tone.GLAD:
        return "positive"
    return "negative" if verdict.tone >= Tone.UNEASY else "neutral"


def _labelled_complaint(row: Row) -> str:
    return "complaint" if row["label"] == 1 else "other"


def _has_domain(row: Row) -> bool:
    return not row["domain"].startswith("random")


def _in(split: str, lang: str | None = None) -> Callable[[Row], bool]:
    return lambda row: row["split"] == split and lang in (None, row.get("lang"))


TRIALS = (
    Trial("complaints, folds 0-5 (looked at)", "complaints",
          lambda row: row["fold"] < 6, _labelled_complaint, _complains),
    Trial("complaints, folds 6-7", "complaints",
          lambda row: row["fold"] >= 6, _labelled_complaint, _complains),
    Trial("complaints to brands, folds 0-5 (looked at)", "complaints",
          lambda row: row["fold"] < 6 and _has_domain(row), _labelled_complaint, _complains),
    Trial("complaints to brands, folds 6-7", "complaints",
          lambda row: row["fold"] >= 6 and _has_domain(row), _labelled_complaint, _complains),
    Trial("airlines, negative as complaint", "airline_dev", lambda row: True,
          lambda row: "complaint" if row["label"] == "negative" else "other",
          _complains, text="text_deleaked"),
    Trial("airlines, sentiment", "airline_dev", lambda row: True, lambda row: row["label"],
          _feeling, text="text_deleaked"),
    *(Trial(f"umsab {lang}, {split}", "umsab", _in(split, lang), lambda row: row["label"],
            _feeling, to_us=False)
      for lang in _LANGUAGES for split in ("train", "val")),
    Trial("tweeteval sentiment, val", "tweeteval_sentiment", _in("val"),
          lambda row: row["label"], _feeling, to_us=False),
    Trial("German railway posts, sentiment", "germeval2017", lambda row: row["label"] == "true",
          lambda row: row["sentiment"], _feeling, to_us=False),
    Trial("banking intents ask or complain (looked at)", "banking77", _in("test"),
          lambda row: "asks",
          lambda v: "asks" if v.kind in (Kind.QUESTION, Kind.REQUEST, Kind.COMPLAINT) else "no"),
    Trial("first turns of customers need us (looked at)", "care_dev",
          lambda row: row["turn"] == 0 and row["role"] == "client", lambda row: "needs us",
          lambda verdict: "needs us" if verdict.needs_us else "no"),
    Trial("random posts, only heard, do not need us (looked at)", "complaints",
          lambda row: not _has_domain(row) and row["label"] == 0, lambda row: "no",
          lambda verdict: "needs us" if verdict.needs_us else "no", to_us=False),
)  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, help="the folder with the labelled sets")
    asked.add_argument("--errors", metavar="TRIAL", help="show wrong posts of trials named so")
    given = asked.parse_args()
    if not given.folder.is_dir():
        sys.exit(f"There is no folder {given.folder}: name the one that holds the labelled sets.")
    _say(f"judge {JUDGE}")
    for trial in TRIALS:
        file = given.folder / trial.folder / "data.jsonl.gz"
        if not file.exists():
            _say(f"{trial.name}: left out, {file} is not there")
        elif given.errors is None:
            _say(_score(trial, _rows(file)))
        elif given.errors in trial.name:
            _show_errors(trial, _rows(file))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _rows(file: Path) -> list[Row]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _judged(trial: Trial, rows: Iterable[Row]) -> tuple[list[Row], list[Verdict], float]:
    chosen = [row for row in rows if trial.takes(row)]
    facts = [
        Facts(text=html.unescape(row[trial.text]), room=Room.PUBLIC, created_at=_ANY_TIME,
              to_us=trial.to_us)
        for row in chosen
    ]  # fmt: skip
    judge(facts[:100])
    began = time.process_time()
    verdicts = judge(facts)
    return chosen, verdicts, time.process_time() - began


def _score(trial: Trial, rows: list[Row]) -> str:
    chosen, verdicts, seconds = _judged(trial, rows)
    if not chosen:
        return f"{trial.name}: left out, the set has no such posts"
    pairs = Counter(
        (trial.truth(row), trial.said(verdict))
        for row, verdict in zip(chosen, verdicts, strict=True)
    )
    right = sum(count for (truth, said), count in pairs.items() if truth == said)
    classes = {truth for truth, _ in pairs}
    f1 = sum(_f1(pairs, name) for name in classes) / len(classes)
    figure = f"macro-F1 {100 * f1:5.1f}   " if len(classes) > 1 else " " * 17
    return (
        f"{trial.name:54} {len(chosen):6,} posts   {figure}right {100 * right / len(chosen):5.1f} %"
        f"   {len(chosen) / seconds:8,.0f} posts/CPU-s"
    )


def _f1(pairs: Counter[tuple[str, str]], name: str) -> float:
    hit = pairs[name, name]
    true = sum(count for (truth, _), count in pairs.items() if truth == name)
    said = sum(count for (_, said), count in pairs.items() if said == name)
    return 2 * hit / (true + said) if true + said else 0.0


def _show_errors(trial: Trial, rows: list[Row]) -> None:
    chosen, verdicts, _ = _judged(trial, rows)
    wrong = [
        (trial.truth(row), trial.said(verdict), row[trial.text], verdict)
        for row, verdict in zip(chosen, verdicts, strict=True)
        if trial.truth(row) != trial.said(verdict)
    ]
    for truth, said, text, verdict in random.Random(0).sample(wrong, min(40, len(wrong))):
        why = "; ".join(reason.says for reason in verdict.reasons)
        _say(f"{truth}, judged {said} ({verdict.lang}): {text[:200]!r}  [{why}]")


if __name__ == "__main__":
    main()
