"""The commands, run for real in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from processes import in_folder
from sanderling.store.cluster import Cluster, conninfo
from sanderling.store.server import Server


@pytest.fixture(scope="module")
def data(data_home: Path) -> Path:
    return data_home / "commands"


def sanderling(data: Path, *args: str, typed: str = "", **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "sanderling", *args], env={**in_folder(data), **env}, input=typed,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_help_names_every_command(data_home):
    data = data_home / "never made"
    told = sanderling(data, "--help")
    assert told.returncode == 0
    for command in ("demo", "up", "web", "work", "replay", "bench", "doctor", "practice"):
        assert command in told.stdout
    assert not data.exists(), "help makes nothing"


def test_the_scenarios_of_the_practice_network_are_named(data):
    told = sanderling(data, "practice", "--list")
    assert (told.returncode, told.stderr) == (0, "")
    assert {line.split()[0] for line in told.stdout.splitlines()} >= {"ordinary", "outage"}
    refused = sanderling(data, "practice", "--scenario", "nowhere")
    assert refused.returncode == 1
    assert "nowhere" in refused.stderr
    assert "ordinary" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_tables_are_made_agents_added_and_the_doctor_is_content(data):
    told = sanderling(data, "migrate")
    assert (told.returncode, "up to date" in told.stderr) == (0, True)
    who = ("add-agent", "mira@northwind.example", "Mira Solberg", "MS")
    password = "a long enough word\n"
    told = sanderling(data, *who, "--lead", typed=password * 2)
    assert told.returncode == 0, told.stderr
    assert "Mira Solberg can sign in" in told.stderr
    weak = sanderling(data, *who, typed="short\nshort\n")
    assert weak.returncode == 1
    assert "short" in weak.stderr
    assert "Traceback" not in weak.stderr
    with Server(data), psycopg.connect(conninfo(data)) as connection:
        rows = connection.execute("select name, initials, is_lead from people_agent").fetchall()
    assert rows == [("Mira Solberg", "MS", True)]
    examined = sanderling(data, "doctor")
    assert examined.returncode == 0, examined.stderr
    assert "good" in examined.stderr
    assert Cluster(data).postmaster() is None, "a command leaves no database running"


def test_a_setting_that_makes_no_sense_is_told_in_words(data):
    told = sanderling(data, "doctor", SANDERLING_DEBUG="perhaps")
    assert told.returncode == 1
    assert "Set it to true or false" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_database_of_ones_own_that_is_not_there_is_told_in_words(data):
    told = sanderling(data, "migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert told.returncode == 1
    assert "cannot be reached" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_recording_goes_through_the_desk_once(data, tmp_path):
    file = tmp_path / "recording.jsonl"
    said = {"id": "1", "author": "lena", "created_at": "2026-03-02T12:00:00Z",
            "text": "@NorthwindCare my phone is dead", "brand": "NorthwindCare"}  # fmt: skip
    file.write_text(json.dumps(said) + "\n")
    for taken_in, repeated in ((1, 0), (0, 1)):
        told = sanderling(data, "replay", str(file), "--json")
        assert told.returncode == 0, told.stderr
        found = json.loads(told.stdout)
        assert (found["read"], found["taken_in"], found["repeated"]) == (1, taken_in, repeated)
        assert found["cases"] == 1


def test_customers_are_imported_whole_or_not_at_all(data, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text("reference,name,plan,until\nC-1,Lena Ott,business,2027-03-31\n")
    told = sanderling(data, "import-customers", str(file))
    assert told.returncode == 0, told.stderr
    assert "1 lines: 1 people are new" in told.stdout + told.stderr
    again = sanderling(data, "import-customers", str(file))
    assert "0 people are new, 0 changed" in again.stdout + again.stderr
    file.write_text("reference,until,plan\nC-2,tomorrow,gold\nC-3,,gold\nC-4,soon,gold\n")
    refused = sanderling(data, "import-customers", str(file))
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "Line 2: “tomorrow” is no day" in said
    assert "Line 4:" in said
    assert "Nothing was taken in: 2 lines are bad" in said
    missing = sanderling(data, "import-customers", str(tmp_path / "none.csv"))
    assert missing.returncode == 1
    assert "cannot be read" in missing.stdout + missing.stderr
    assert "Traceback" not in missing.stderr
