"""`sanderling incidents scan`, run for real."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from core.noticing.town import MONDAY, burst, quiet
from processes import in_folder


def scan(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sanderling", "incidents", "scan", str(file)],
        env=in_folder(file.parent), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_what_would_have_been_noticed_is_told_and_bad_lines_are_named(tmp_path):
    posts = [*quiet(3), *burst(60, MONDAY + timedelta(days=3, hours=10))]
    lines = [
        json.dumps({"text": p.text, "at": p.at.isoformat(), "author": p.author}) for p in posts
    ]
    lines[1:1] = ["{", '{"text": "no time"}', ""]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines))
    told = scan(tmp_path / "posts.jsonl")
    assert told.returncode == 0, told.stderr
    said = " ".join((told.stdout + told.stderr).split())
    assert "Line 2 skipped" in said
    assert "Line 3 skipped" in said
    assert f"Posts read: {len(posts):,}; suspicions: 1" in said
    assert "05 Mar 2026 10:" in said
    assert "independent people wrote about" in said


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    told = scan(tmp_path / "nowhere.jsonl")
    assert told.returncode != 0
    assert "cannot be read" in told.stderr + told.stdout
    assert "Traceback" not in told.stderr
