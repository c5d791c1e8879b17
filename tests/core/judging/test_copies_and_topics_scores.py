"""The scripts that score near-copies and topics, on invented sets."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOUNDS = ("ba", "do", "fe", "gi", "ka", "lu", "me", "no", "pi", "ro", "su", "ta", "vo", "zi")


def score(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, f"scripts/{script}", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    (folder / name).mkdir()
    with gzip.open(folder / name / "data.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("script", ["copies_scores.py", "topics_scores.py"])
def test_a_folder_that_is_not_there_is_refused_with_what_to_name(script, tmp_path):
    refused = score(script, tmp_path / "nowhere")
    assert refused.returncode != 0
    assert re.search("name the (one|folder) that holds", refused.stderr)


def test_reworded_posts_are_found_in_an_invented_set(tmp_path):
    rng = random.Random(1)
    words = ["".join(rng.choices(SOUNDS, k=rng.randrange(1, 5))) for _ in range(600)]
    posts = [{"text": " ".join(rng.choices(words, k=rng.randrange(9, 25)))} for _ in range(400)]
    write(tmp_path, "umsab", posts)
    scored = score("copies_scores.py", tmp_path)
    assert scored.returncode == 0, scored.stderr
    figures = re.findall(r"precision +([\d.]+) +recall +([\d.]+)", scored.stdout)
    assert len(figures) == 2
    for precision, recall in figures:
        assert float(precision) >= 98
        assert float(recall) >= 90
    assert "banking77: left out" in scored.stdout


def test_topics_are_found_in_an_invented_set(tmp_path):
    names = {"card_lost": "lost my card near lake", "money_back": "give me the money back, please"}
    rows = [
        {"text": f"{text} {number}", "label": label, "split": split}
        for label, text in names.items()
        for split in ("train", "test")
        for number in range(20)
    ]
    write(tmp_path, "banking77", rows)
    write(tmp_path, "twcs_spotify", [{"text": "sunny in the hills"}] * 50)
    scored = score("topics_scores.py", tmp_path)
    assert scored.returncode == 0, scored.stderr
    assert scored.stdout.count("right first 100.0 %") == 5
    assert "twcs_spotify: 0.0 % given a topic" in scored.stdout
    assert "crisislex_t26: left out" in scored.stdout
