"""The doctor finds what is wrong, says it in words, and repairs nothing."""

from __future__ import annotations

import resource
import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from sanderling import doctor
from sanderling.doctor import Finding, Installation
from sanderling.networks.alarm.client import Alarm
from sanderling.networks.register.client import Register
from servers.register import register


@pytest.fixture
def sound(database_folder: Path) -> Installation:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    return Installation(
        data=database_folder,
        url="",
        host="127.0.0.1",
        port=free,
        clock=lambda: datetime.now(UTC),
        troubled=list,
    )


def only(findings: list[Finding], part: str) -> Finding:
    (found,) = [finding for finding in findings if part in finding.what]
    return found


@pytest.mark.django_db
def test_a_sound_installation_has_nothing_wrong_and_the_doctor_says_what_it_saw(sound):
    findings = doctor.checks(sound)
    assert [finding for finding in findings if finding.level == "wrong"] == []
    seen = " ".join(finding.what for finding in findings if finding.level == "good")
    for part in ("Python 3", "is free", "PostgreSQL", "tables", "agree on the time", "No account"):
        assert part in seen


@pytest.mark.django_db
def test_every_complaint_says_why_and_what_to_do(sound):
    ill = replace(
        sound,
        clock=lambda: datetime.now(UTC) + timedelta(hours=1),
        troubled=lambda: [("@NorthwindCare on mastodon", "the sign-in was revoked")],
    )
    complaints = [finding for finding in doctor.checks(ill) if finding.level != "good"]
    assert len(complaints) >= 2
    assert all(finding.why and finding.do for finding in complaints)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_runs_apart_from_the_databases_is_measured(sound, hours):
    apart = replace(sound, clock=lambda: datetime.now(UTC) + timedelta(hours=hours))
    found = only(doctor.checks(apart), "seconds apart")
    assert found.level == "wrong"
    assert "3600 seconds" in found.what


@pytest.mark.django_db
def test_a_migration_that_was_not_run_is_named(sound):
    ((_, newest),) = MigrationLoader(connection).graph.leaf_nodes("respond")
    MigrationRecorder(connection).record_unapplied("respond", newest)
    found = only(doctor.checks(sound), "migrations behind")
    assert found.level == "wrong"
    assert f"respond {newest}" in found.why


@pytest.mark.django_db
def test_an_account_in_trouble_is_named_with_what_its_network_said(sound):
    said = [("@NorthwindCare on mastodon", "the sign-in was revoked")]
    found = only(doctor.checks(replace(sound, troubled=lambda: said)), "does not work")
    assert "@NorthwindCare" in found.what
    assert found.why == "the sign-in was revoked"


def test_a_folder_that_is_not_there_is_left_so(sound, tmp_path):
    findings = doctor.checks(replace(sound, data=tmp_path / "nothing"))
    assert only(findings, "Nothing is set up").level == "warning"
    assert not (tmp_path / "nothing").exists()


def test_a_database_that_cannot_be_had_is_a_finding_and_no_error(sound):
    lost = replace(sound, url="postgresql://desk@127.0.0.1:9/desk")
    found = only(doctor.checks(lost), "cannot be reached")
    assert found.level == "wrong"
    assert "DATABASE_URL" in found.do


def test_a_kill_is_told_and_needs_nothing(sound, tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16")
    (tmp_path / "postgres" / "postmaster.pid").write_text("4194000\n")
    findings = doctor.checks(replace(sound, data=tmp_path))
    assert "loses nothing" in only(findings, "not stopped in order").do


def test_a_port_that_is_taken_is_told(sound):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        findings = doctor.checks(replace(sound, port=port, data=Path("/nonexistent")))
    assert str(port) in only(findings, "is taken").what


def test_too_few_open_files_are_told(sound):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        findings = doctor.checks(replace(sound, data=Path("/nonexistent")))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "ulimit" in only(findings, "only 512 files").do


@pytest.mark.django_db
def test_that_no_answers_can_be_suggested_is_said_with_what_to_do(sound):
    lacking = "The database lacks pgvector, which finds similar cases."
    found = only(doctor.checks(replace(sound, unsuggested=lambda: lacking)), "can be suggested")
    assert (found.level, found.why) == ("warning", lacking)
    assert "create extension vector" in found.do
    assert only(doctor.checks(sound), "Similar solved cases").level == "good"


@pytest.mark.django_db
def test_a_register_that_does_not_answer_is_named_with_what_to_do(sound):
    with register() as crm, closing(Register(crm.url)) as asker:
        asked = replace(sound, register=lambda: asker)
        assert only(doctor.checks(asked), "customers pay for").level == "good"
        crm.answers(b"[]")
        assert "no list of customers" in only(doctor.checks(asked), "customers pay for").why
        crm.answers(b"", 401)
        found = only(doctor.checks(asked), "customers pay for")
    assert found.level == "warning"
    assert "does not accept the desk's key" in found.why
    assert "SANDERLING_CUSTOMERS_KEY" in found.do
    assert crm.questions() == [[], [], []]
    assert not [f for f in doctor.checks(sound) if "customers" in f.what]


@pytest.mark.django_db
def test_an_address_for_alerts_that_cannot_be_one_is_named_without_its_secret(sound):
    outside = Alarm(["slack://s3cret", "json://127.0.0.1/"])
    found = only(doctor.checks(replace(sound, alarm=lambda: outside)), "SANDERLING_ALERTS")
    assert found.what.startswith("Address 1 ")
    assert "alerts try" in found.do
    assert "s3cret" not in str(found)
    sound_too = doctor.checks(replace(sound, alarm=lambda: Alarm(["json://127.0.0.1/"])))
    assert only(sound_too, "told of incidents").level == "good"
