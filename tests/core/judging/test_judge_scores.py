"""The script that scores the judge, on an invented set."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

POSTS = [
    {"text": "@NorthwindCare my line is dead, no answer", "label": 1, "fold": 0, "domain": "other"},
    {"text": "@NorthwindCare how do I pay by card?", "label": 0, "fold": 0, "domain": "other"},
]


def score(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/judge_scores.py", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_that_is_not_there_is_refused_with_what_to_name(tmp_path):
    refused = score(tmp_path / "nowhere")
    assert refused.returncode != 0
    assert "name the one that holds the labelled sets" in refused.stderr


def test_sets_that_are_there_are_scored_and_the_others_named(tmp_path):
    (tmp_path / "complaints").mkdir()
    with gzip.open(tmp_path / "complaints" / "data.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(post) + "\n" for post in POSTS)
    scored = score(tmp_path)
    assert scored.returncode == 0, scored.stderr
    [line] = [
        li for li in scored.stdout.splitlines() if li.startswith("complaints to brands, folds 0-5")
    ]
    assert "2 posts" in line
    assert "macro-F1 100.0" in line
    assert "airlines, sentiment: left out" in scored.stdout
