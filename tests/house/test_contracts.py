"""The walls of the house stand, and each of them holds when someone runs against it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house.house import ROOT

ROOMS = """
asgi bench cli doctor jobs replay settings urls wiring
core/verdict core/rules core/text
networks/practice/connector networks/mastodon/connector networks/wire/calling
store/moves people/models people/queries web/desk
policy/models policy/queries policy/actions
listen/models listen/queries listen/actions listen/work
triage/models triage/queries triage/actions triage/work
incidents/models incidents/queries incidents/actions incidents/work
cases/models cases/queries cases/actions cases/work
respond/models respond/queries respond/actions respond/work
"""

BREAKS = [
    ("core/text", "django", "Core decides and touches nothing"),
    ("core/text", "asyncio", "Core decides and touches nothing"),
    ("listen/actions", "sanderling.cases.actions", "The river"),
    ("store/moves", "sanderling.people.queries", "The river"),
    ("wiring", "sanderling.jobs", "The river"),
    ("web/desk", "sanderling.networks.practice.connector", "Only the wiring"),
    ("cases/work", "sanderling.networks.practice.connector", "Only the wiring"),
    (
        "networks/practice/connector",
        "sanderling.networks.mastodon.connector",
        "Networks know nothing",
    ),
    ("networks/wire/calling", "sanderling.networks.practice.connector", "Networks know nothing"),
    ("triage/actions", "sanderling.listen.models", "The tables of listen"),
    ("web/desk", "sanderling.cases.models", "The tables of cases"),
    ("cases/models", "sanderling.cases.actions", "Inside a stage"),
    ("cases/queries", "sanderling.cases.actions", "Inside a stage"),
    ("web/desk", "sanderling.triage.work", "Only the worker"),
    ("respond/work", "sanderling.cases.work", "Only the worker"),
    ("cases/actions", "httpx", "Only networks speak HTTP"),
    ("utils", "", "The river"),
]


def walls(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms of the house without furniture."""
    folder = tmp_path_factory.mktemp("skeleton")
    shutil.copy(ROOT / ".importlinter", folder)
    for room in ROOMS.split():
        file = folder / "src" / "sanderling" / f"{room}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    for package in (folder / "src").rglob("*"):
        if package.is_dir():
            (package / "__init__.py").touch()
    return folder


def test_the_project_keeps_its_contracts():
    said = walls(ROOT)
    assert said.returncode == 0, said.stdout


def test_an_empty_house_keeps_every_contract(skeleton):
    said = walls(skeleton)
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(("room", "reaches_for", "wall"), BREAKS)
def test_a_break_is_caught_by_the_wall_meant_for_it(skeleton, room, reaches_for, wall):
    file = skeleton / "src" / "sanderling" / f"{room}.py"
    there_before = file.exists()
    file.write_text(f"import {reaches_for}\n" if reaches_for else "")
    try:
        said = walls(skeleton)
    finally:
        file.write_text("") if there_before else file.unlink()
    broken = [line for line in said.stdout.splitlines() if line.rstrip().endswith("BROKEN")]
    assert any(line.startswith(wall) for line in broken), said.stdout


def test_two_rooms_that_import_each_other_are_a_circle(skeleton):
    text, rules = (skeleton / "src" / "sanderling" / "core" / f"{n}.py" for n in ("text", "rules"))
    text.write_text("import sanderling.core.rules\n")
    rules.write_text("import sanderling.core.text\n")
    try:
        said = walls(skeleton)
    finally:
        text.write_text("")
        rules.write_text("")
    assert "No circles anywhere BROKEN" in said.stdout
