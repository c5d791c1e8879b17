"""Account secrets are sealed in the database, and keys can be changed without losing any."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from threading import Thread

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from sanderling.cli import rotating
from sanderling.cli.errors import Unready
from sanderling.core.network import Author
from sanderling.listen import accounts
from sanderling.listen.actions import connect
from sanderling.listen.vault import AccountVault
from sanderling.store.sealing import SealBroken, keys, new_key, opened, sealed
from sanderling.store.sql import run_text

NOW = datetime(2026, 10, 13, 9, tzinfo=UTC)


@pytest.fixture
def key_file(settings, tmp_path):
    settings.SEAL_KEYS = ""
    settings.SEAL_KEYS_FILE = tmp_path / "seal-keys"
    return settings.SEAL_KEYS_FILE


def connected(secret: str, name: str = "care") -> int:
    who = Author(id=name, handle=name)
    return connect(network="practice", who=who, address="x", secret=secret, now=NOW)


def columns() -> str:
    return str(run_text("select array_agg(a::text) from listen_account a", {}))


def opens(key: str, account: int) -> str:
    ((secret,),) = run_text("select secret from listen_account where id = %(id)s", {"id": account})
    return Fernet(key).decrypt(secret).decode()


@pytest.mark.django_db
def test_no_part_of_a_secret_stands_in_the_database(key_file):
    account = connected("my-secret-word")
    told = columns()
    assert "my-secret-word" not in told
    assert base64.b64encode(b"my-secret-word").decode()[:12] not in told
    assert AccountVault(account).read() == "my-secret-word"
    assert AccountVault(account).renew("my-secret-word", lambda was: was + "-2").endswith("-2")
    assert "word" not in columns()


@pytest.mark.django_db
def test_a_renewal_overrules_nobody_who_connects_or_disconnects_meanwhile(key_file):
    account = connected("first")

    def connecting(was: str) -> str:
        connected("connected anew")
        return was + ", renewed"

    def disconnecting(was: str) -> str:
        accounts.disconnect(account_id=account, now=NOW)
        return was + ", renewed"

    vault = AccountVault(account)
    assert vault.renew("first", connecting) == vault.read() == "connected anew"
    assert vault.renew("connected anew", disconnecting) == vault.read() == ""


def test_the_same_text_is_sealed_differently_each_time_and_nothing_is_nothing(key_file):
    assert sealed("again") != sealed("again")
    assert opened(sealed("again")) == "again"
    assert sealed("") == opened("") == ""


def test_the_key_file_is_its_owners_alone(key_file):
    sealed("anything")
    assert key_file.stat().st_mode & 0o777 == 0o600
    rotating.keep_keys((new_key(), *keys()))
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in key_file.parent.iterdir()] == ["seal-keys"]


def test_a_secret_of_another_key_is_told_in_words(key_file):
    theirs = Fernet(Fernet.generate_key()).encrypt(b"theirs").decode()
    with pytest.raises(SealBroken, match="key is not in the key file"):
        opened(theirs)


@pytest.mark.parametrize("broken", ["not a key", "", "\n"])
def test_a_damaged_key_file_is_told_in_words(key_file, broken):
    key_file.write_text(broken)
    with pytest.raises(SealBroken, match="Put a copy back"):
        sealed("anything")


def test_a_key_file_that_cannot_be_read_is_told_in_words(settings, key_file, tmp_path):
    settings.SEAL_KEYS_FILE = tmp_path
    with pytest.raises(SealBroken, match="cannot be read from"):
        sealed("anything")


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_asks_leaves_no_connection_behind(key_file):
    account = connected("first")
    left = []

    def ask():
        left.append(AccountVault(account).renew("first", lambda was: was + ", renewed"))
        left.append(AccountVault(account).read())
        left.append(connection.connection)

    thread = Thread(target=ask)
    thread.start()
    thread.join(20)
    assert left == ["first, renewed", "first, renewed", None]


@pytest.mark.django_db
def test_a_new_key_seals_everything_and_the_old_one_still_opens(key_file):
    one, two = connected("first", "one"), connected("second", "two")
    (old,) = keys()
    backup = sealed("in a backup")
    rotating.rotate(drop_old=False)
    new, kept = keys()
    assert kept == old
    assert (opens(new, one), opens(new, two)) == ("first", "second")
    assert opened(backup) == "in a backup"


@pytest.mark.django_db
def test_old_keys_leave_when_asked(key_file):
    account = connected("first")
    backup = sealed("in a backup")
    rotating.rotate(drop_old=False)
    rotating.rotate(drop_old=True)
    (new,) = keys()
    assert opens(new, account) == "first"
    with pytest.raises(SealBroken):
        opened(backup)


class Killed(BaseException):
    """As if the process were gone at this line."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["keep_keys", "seal_anew", "keep_keys again"])
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_whatever_kills_it_every_secret_opens_and_it_can_be_run_again(
    key_file, monkeypatch, step, before
):
    account = connected("first")
    name, _, again = step.partition(" ")
    real, calls = getattr(rotating, name), []

    def killed(*given):
        calls.append(given)
        if bool(again) == (len(calls) == 1):
            return real(*given)
        if not before:
            real(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(rotating, name, killed)
        with pytest.raises(Killed):
            rotating.rotate(drop_old=True)
    assert AccountVault(account).read() == "first"
    rotating.rotate(drop_old=True)
    assert len(keys()) == 1
    assert AccountVault(account).read() == "first"


@pytest.mark.django_db(transaction=True)
def test_sealing_anew_is_all_or_nothing(key_file, monkeypatch):
    one, two = connected("first", "one"), connected("second", "two")
    (old,) = keys()

    def fails_at_the_second(text):
        if text == "second":
            raise Killed
        return sealed(text)

    with monkeypatch.context() as patched:
        patched.setattr(accounts, "sealed", fails_at_the_second)
        with pytest.raises(Killed):
            rotating.rotate(drop_old=True)
    assert (opens(old, one), opens(old, two)) == ("first", "second")


@pytest.mark.django_db
def test_an_account_whose_key_is_lost_is_named_and_keeps_nobody_else_from_a_new_key(
    key_file, capsys
):
    lost = connected("first", "lost")
    key_file.unlink()
    account = connected("second")
    rotating.rotate(drop_old=True)
    assert "Except that of @lost on practice" in capsys.readouterr().err.replace("\n", " ")
    assert AccountVault(account).read() == "second"
    with pytest.raises(SealBroken):
        AccountVault(lost).read()


@pytest.mark.django_db
def test_keys_of_the_environment_are_not_changed_and_a_new_one_is_offered(settings, capsys):
    old, new = new_key(), new_key()
    settings.SEAL_KEYS = old
    account = connected("first")
    settings.SEAL_KEYS = f"{new} {old}"
    rotating.rotate(drop_old=True)
    said = capsys.readouterr().err
    assert "put this one before the others" in said.replace("\n", " ")
    assert opens(new, account) == "first"


def test_a_damaged_file_stops_the_rotation_in_words(key_file):
    key_file.write_text("not a key")
    with pytest.raises(Unready, match="damaged"):
        rotating.rotate(drop_old=True)
    assert key_file.read_text() == "not a key"
