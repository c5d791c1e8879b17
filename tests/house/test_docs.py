"""The documents tell what is there."""

from __future__ import annotations

import importlib.util
import re

import pytest

from house.house import ROOT, SOURCE, texts

RUNNING = ROOT / "docs" / "running.md"
SETTING = r'"((?:SANDERLING_[A-Z_]+|DATABASE_URL))"'


def settings_read() -> set[str]:
    return {name for _, text in texts("src/*.py") for name in re.findall(SETTING, text)}


def test_every_setting_is_documented():
    assert "SANDERLING_DATA" in settings_read()
    told = RUNNING.read_text()
    assert not [name for name in sorted(settings_read()) if f"`{name}`" not in told]


def test_every_documented_setting_is_read():
    told = set(re.findall(r"`(SANDERLING_[A-Z_]+|DATABASE_URL)`", RUNNING.read_text()))
    assert {name.removesuffix("_FILE") for name in told} - settings_read() == set()


@pytest.mark.skipif(
    importlib.util.find_spec("sanderling.cli") is None, reason="the command line is not there yet"
)
def test_every_command_is_documented():
    typer = importlib.import_module("typer.main")
    command = typer.get_command(importlib.import_module("sanderling.cli.commands").app)
    told = RUNNING.read_text()
    assert not [name for name in command.commands if f"`sanderling {name}" not in told]


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{name}: {link}"
        for name, text in texts("*.md")
        for link in re.findall(r"\]\(([^)#\s]+)", text)
        if "://" not in link and not (ROOT / name).parent.joinpath(link).exists()
    ]
    assert not broken


@pytest.mark.skipif(not (ROOT / "docs" / "map.md").exists(), reason="the map is not drawn yet")
def test_the_map_shows_every_room():
    told = (ROOT / "docs" / "map.md").read_text()
    rooms = [p for p in SOURCE.iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    assert not [room.name for room in rooms if f"{room.name}/" not in told]


def test_every_test_that_keeps_us_out_of_a_trap_exists():
    named = re.findall(r"`(\S+\.py): (test_\w+)`", (ROOT / "docs" / "traps.md").read_text())
    assert len(named) > 30
    missing = [
        f"{file}: {test}"
        for file, test in named
        if not (ROOT / "tests" / file).exists()
        or f"def {test}(" not in (ROOT / "tests" / file).read_text()
    ]
    assert not missing


def test_every_trap_has_its_row():
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "traps.md").read_text(), re.MULTILINE)
    assert rows == [str(n) for n in range(1, 35)]
