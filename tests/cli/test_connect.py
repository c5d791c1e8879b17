"""Accounts at a terminal: connecting them step by step, seeing how they do, disconnecting them."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import factories
from harbour import PAGE, HarbourSignIn, harbour
from processes import in_folder
from sanderling.cli import commands
from sanderling.cli.errors import Unready
from sanderling.core.network import Page
from sanderling.core.timing import NEVER
from sanderling.listen.actions import take_in
from sanderling.listen.models import Account, Coverage, Spend
from sanderling.listen.vault import AccountVault
from sanderling.wiring import NETWORKS

ANSWERS = "northwind\nfits\nsouth\n\n"


@pytest.fixture
def sign_in(monkeypatch):
    made = HarbourSignIn()
    monkeypatch.setitem(NETWORKS, "harbour", harbour(made))
    return made


@pytest.fixture
def told(db, monkeypatch):
    """Runs `sanderling` with these words and what is typed; gives its status and what it said."""
    monkeypatch.setattr(commands, "open_desk", contextlib.nullcontext)

    def run(*args: str, typed: str = "") -> tuple[int, str]:
        ran = CliRunner().invoke(commands.app, args, input=typed)
        refused = str(ran.exception) if isinstance(ran.exception, Unready) else ""
        return ran.exit_code, " ".join(f"{ran.output} {refused}".split())

    return run


# ── connecting ────────────────────────────────────────────────────────────────────────


def test_questions_are_asked_and_what_was_tried_is_told(told, sign_in):
    status, said = told("connect", "harbour", typed=ANSWERS)
    assert status == 0, said
    assert "As others write it, without @." in said
    assert "Quay (north, south) [north]" in said
    assert "fits" not in said, "passwords are not shown"
    assert "✓ Signed in" in said
    assert "✗ Cannot message <b>anyone</b>" in said
    assert "@northwind on Harbour is connected" in said
    assert sign_in.begun == [
        ({"handle": "northwind", "password": "fits", "quay": "south", "note": ""}, "")
    ]
    assert AccountVault(Account.objects.get().pk).read() == "secret of northwind"


def test_scripts_answer_beforehand_and_are_asked_nothing(told, sign_in, monkeypatch, settings):
    settings.PUBLIC_URL = "https://desk.example"
    monkeypatch.setenv("SANDERLING_ANSWER_PASSWORD", "fits")
    monkeypatch.setenv("SANDERLING_ANSWER_NOTE", "from the environment")
    given = ("--answer", "handle=north=wind", "--answer", "note=", "--answer", "quay=south")
    status, said = told("connect", "harbour", *given)
    assert status == 0, said
    asked, back_to = sign_in.begun[0]
    assert asked == {"handle": "north=wind", "password": "fits", "quay": "south", "note": ""}
    assert back_to == "https://desk.example/networks/back/harbour"
    assert "Password" not in said


LED_TO = "https://desk.example/back?code=blue&state=7"
SIGNED_OUT = "https://desk.example/signin/?next=/networks/back/x%3Fcode%3Dblue%26state%3D7"


@pytest.mark.parametrize("pasted", ["blue", LED_TO, SIGNED_OUT])
@pytest.mark.parametrize(("password", "what"), [("yes", "the address"), ("paste", "the code")])
def test_a_yes_elsewhere_is_pasted(told, sign_in, pasted, password, what):
    typed = f"northwind\n{password}\n\n\n{pasted}\n"
    status, said = told("connect", "harbour", typed=typed)
    assert status == 0, said
    assert PAGE in said
    assert f"Then paste {what}" in said
    assert sign_in.finished[0][1]["code"] == "blue"
    assert Account.objects.get().handle == "northwind"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("wrong", "That password does not fit. Make a new one in Settings. Nothing was saved."),
        ("down", "The harbour does not answer. Nothing was saved."),
        ("nameless", "characters that no id has. Nothing was saved."),
    ],
)
def test_what_went_wrong_is_told_in_words_and_nothing_is_saved(told, sign_in, password, says):
    status, said = told("connect", "harbour", typed=f"northwind\n{password}\n\n\n")
    assert (status, Account.objects.exists()) == (1, False)
    assert says in said
    assert "Traceback" not in said


def test_a_no_elsewhere_saves_nothing(told, sign_in):
    status, said = told("connect", "harbour", typed="northwind\nyes\n\n\nred\n")
    assert (status, Account.objects.exists()) == (1, False)
    assert "The harbour did not say yes. Nothing was saved." in said


def test_answering_no_more_saves_nothing(told, sign_in):
    status, _ = told("connect", "harbour", typed="northwind\n")
    assert (status, sign_in.begun) == (1, [])


@pytest.mark.parametrize("network", ["nowhere", "practice"])
def test_what_cannot_be_connected_is_said_with_what_can(told, sign_in, network):
    status, said = told("connect", network)
    assert status == 1
    assert "harbour" in said


def test_an_answer_to_no_question_is_pointed_out(told, sign_in):
    status, said = told("connect", "harbour", "--answer", "name=northwind")
    assert status == 1
    assert "--answer name=... answers no question; they are: handle, note, password, quay" in said


def test_connecting_again_goes_on_where_it_was_heard(told, sign_in):
    told("connect", "harbour", typed=ANSWERS)
    a = Account.objects.get()
    take_in(account_id=a.pk, page=Page(cursor="page 7"), now=datetime.now(UTC))
    Account.objects.update(rest_until=NEVER, trouble="Taken back.")
    assert told("connect", "harbour", typed=ANSWERS)[0] == 0
    again = Account.objects.get()
    assert (again.pk, again.cursor, again.rest_until) == (a.pk, "page 7", None)


# ── seeing and disconnecting ──────────────────────────────────────────────────────────


def test_accounts_are_listed_with_how_they_do(told, sign_in):
    assert "No account is connected." in told("accounts")[1]
    a = factories.account(network="harbour", rest_until=NEVER, trouble="[red]Taken back.")
    factories.account(network="replay", handle="old", archived_at=datetime.now(UTC))
    status, said = told("accounts")
    assert status == 0
    assert f"{a.pk} @NorthwindCare Harbour Must be connected again [red]Taken back." in said
    assert "@old replay Disconnected" in said


def test_accounts_tell_what_they_cost_and_what_came_late(told, sign_in):
    now = datetime.now(UTC)
    a = factories.account(network="harbour", pulled_at=now, streamed_at=now)
    Coverage.objects.create(account=a, day=now.date(), repaired=2, missed_at=now)
    Spend.objects.create(
        account=a, day=now.date(), act="message", case_id=1, count=1, micros=50_000
    )
    factories.account()
    said = told("accounts")[1]
    for words in (
        "Works, but hears late",
        "did not tell",
        "month: $0.05.",
        "What for: Answers $0.05.",
    ):
        assert words in said
    assert said.count("Spent this month") == 1
    assert "Dearest" not in said


@pytest.mark.parametrize("by", ["number", "handle", "@handle"])
def test_an_account_is_disconnected_by_number_or_handle(told, sign_in, by):
    a = factories.account(network="harbour", cursor="page 7")
    name = {"number": str(a.pk), "handle": a.handle, "@handle": f"@{a.handle}"}[by]
    status, said = told("disconnect", name, typed="y\n")
    assert status == 0, said
    assert "@NorthwindCare on Harbour is disconnected; its history stays here." in said
    gone = Account.objects.get()
    assert gone.archived_at
    assert (gone.secret, gone.cursor) == ("", "page 7")


def test_a_second_thought_keeps_the_account(told, sign_in):
    a = factories.account(network="harbour")
    assert told("disconnect", str(a.pk), typed="n\n")[0] == 1
    assert Account.objects.get().archived_at is None
    assert told("disconnect", str(a.pk), "--yes")[0] == 0
    assert Account.objects.get().archived_at


def test_a_name_that_is_none_or_two_is_said(told, sign_in):
    assert "No connected account is called 'care'." in told("disconnect", "care")[1]
    for _ in range(2):
        factories.account(network="harbour", handle="care")
    assert "More than one account is called 'care'." in told("disconnect", "care")[1]
    assert not Account.objects.exclude(archived_at=None).exists()


# ── for real ──────────────────────────────────────────────────────────────────────────


def sanderling(data: Path, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "sanderling", *args], env=in_folder(data),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_commands_work_in_a_folder_of_their_own(data_home):
    data = data_home / "connecting"
    told = sanderling(data, "connect", "feed", "--answer", "address=http://127.0.0.1/feed")
    assert (told.returncode, "Traceback" in told.stderr) == (1, False)
    told = sanderling(data, "rotate-key", "--drop-old")
    assert told.returncode == 0, told.stderr
    assert "The old keys are gone" in told.stderr
    assert (data / "seal-keys").stat().st_mode & 0o777 == 0o600
    told = sanderling(data, "accounts")
    assert "No account is connected." in told.stderr
