"""Training and scoring from end to end, on sets small enough to be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanderling.cli.commands import app
from sanderling.cli.errors import Unready

GOOD = ("lovely", "great", "thank you", "brilliant", "so happy with")
BAD = ("awful", "broken", "hate", "never works", "so angry about")
THINGS = ("train", "phone", "app", "parcel", "bill", "hotel", "bank", "game")


def posts(split: int) -> list[dict[str, str]]:
    return [
        {"text": f"{word} the {thing} @brand {n}", "label": label, "id": f"{label}-{n}-{thing}"}
        for n, thing in enumerate(THINGS)
        for words, label in ((GOOD, "positive"), (BAD, "negative"))
        for word in words[split::2]
    ] + [
        {"text": f"the {thing} leaves at {n}", "label": "neutral", "id": f"neutral-{n}"}
        for n, thing in enumerate(THINGS)
    ]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    train, val = tmp_path / "train.jsonl", tmp_path / "val.jsonl.gz"
    train.write_text("".join(json.dumps(post) + "\n" for post in posts(0)), encoding="utf-8")
    with gzip.open(val, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(post) + "\n" for post in posts(0)[::3])
    return train, val


def run(*args: object) -> str:
    done = CliRunner().invoke(app, ["triage", *map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def train_and_score(files: tuple[Path, Path], out: Path) -> dict[str, object]:
    train, val = files
    run("train", "--task", "sentiment", "--train", train, "--val", val, "--out", out,
        "--judge", "fast")  # fmt: skip
    said = run("eval", val, "--task", "sentiment", "--model", out, "--json",
               "--predictions", out / "said.jsonl")  # fmt: skip
    return json.loads(said)


def test_what_was_trained_is_scored_and_told(files, tmp_path):
    score = train_and_score(files, tmp_path / "out")
    assert score["metric"] == "macro-recall"
    assert score["value"] > 90
    assert score["n"] == len(posts(0)[::3])
    assert set(score) >= {"posts_per_cpu_s", "ece", "task", "judge"}
    said = [
        json.loads(line)
        for line in (tmp_path / "out" / "said.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [row["id"] for row in said] == [post["id"] for post in posts(0)[::3]]
    assert {row["label"] for row in said} <= {"positive", "negative", "neutral"}
    assert all(0 <= row["probability"] <= 1 for row in said)


def test_training_again_gives_the_same(files, tmp_path):
    first = train_and_score(files, tmp_path / "one")
    again = train_and_score(files, tmp_path / "two")
    assert (first["value"], first["ece"]) == (again["value"], again["ece"])
    assert (tmp_path / "one" / "said.jsonl").read_text() == (
        tmp_path / "two" / "said.jsonl"
    ).read_text()


def refused(*args: object) -> str:
    with pytest.raises(Unready) as trouble:
        CliRunner().invoke(app, ["triage", *map(str, args)], catch_exceptions=False)
    return str(trouble.value)


def test_a_broken_line_is_named(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "a", "label": "positive"}\n{"text": \n', encoding="utf-8")
    assert "Line 2" in refused("eval", path, "--task", "sentiment")


def test_a_missing_file_and_foreign_labels_are_told_in_words(tmp_path):
    assert "cannot be read" in refused("eval", tmp_path / "none.jsonl", "--task", "kind")
    path = tmp_path / "foreign.jsonl"
    path.write_text('{"text": "a", "label": "purple"}\n', encoding="utf-8")
    assert "purple" in refused("eval", path, "--task", "kind")


def test_unknown_tasks_and_judges_are_named(tmp_path):
    assert "There is no task" in refused("eval", tmp_path, "--task", "weather")
    assert "There is no judge" in refused("eval", tmp_path, "--task", "kind", "--judge", "wise")


def test_what_was_never_learnt_is_said(tmp_path):
    path = tmp_path / "irony.jsonl"
    path.write_text('{"text": "oh great", "label": "irony"}\n', encoding="utf-8")
    assert "has not learnt irony" in refused("eval", path, "--task", "irony")


def test_a_missing_folder_of_sets_is_told(tmp_path):
    assert "--data" in refused("train", "--data", tmp_path, "--out", tmp_path / "out")
