"""Settings are read strictly, and secrets are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sanderling import settings
from sanderling.store.kept import kept_secret
from sanderling.store.sealing import new_key


@pytest.mark.parametrize(("text", "meant"), [("true", True), ("false", False), (" true ", True)])
def test_true_and_false_are_understood(text, meant):
    assert settings.env_bool("IT", default=not meant, env={"IT": text}) is meant


@pytest.mark.parametrize("text", ["yes", "1", "True", "on", ""])
def test_any_other_word_for_true_or_false_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="true or false"):
        settings.env_bool("IT", default=False, env={"IT": text})


def test_a_setting_that_is_not_made_has_its_default():
    assert settings.env_bool("IT", default=True, env={}) is True
    assert settings.env_list("IT", "a, b", env={}) == ["a", "b"]


def test_a_secret_can_be_read_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("hidden\n")
    assert settings.env_secret("IT", env={"IT_FILE": str(tmp_path / "secret")}) == "hidden"


def test_a_secret_given_twice_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="Keep one"):
        settings.env_secret("IT", env={"IT": "a", "IT_FILE": str(tmp_path)})


def test_a_secret_file_that_is_not_there_is_named():
    with pytest.raises(ImproperlyConfigured, match="/nowhere/secret"):
        settings.env_secret("IT", env={"IT_FILE": "/nowhere/secret"})


def test_a_secret_is_made_once_for_its_owners_eyes_alone(tmp_path):
    path = tmp_path / "secret-key"
    made = kept_secret(path, new_key)
    assert len(made) == 44
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_secret(path, new_key) == made
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_processes_that_make_the_secret_at_once_agree_on_it(tmp_path):
    ask = "import os, sys; from pathlib import Path; from sanderling.store.kept import kept_secret;"
    ask += "print(kept_secret(Path(sys.argv[1]), lambda: str(os.getpid())))"
    asked = [
        subprocess.Popen(
            [sys.executable, "-c", ask, str(tmp_path / "secret-key")],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": "src"},
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in asked}) == 1


def test_an_address_of_ones_own_database_goes_to_django_in_parts():
    url = "postgresql://desk:hidden@db.example:5433/care?sslmode=require"
    parts = settings.database(Path("/data"), url)
    assert (parts["HOST"], parts["PORT"], parts["NAME"]) == ("db.example", "5433", "care")
    assert (parts["USER"], parts["PASSWORD"]) == ("desk", "hidden")
    assert parts["OPTIONS"]["sslmode"] == "require"


def test_without_an_address_the_embedded_database_of_the_data_folder_is_meant():
    assert settings.database(Path("/data"), "")["HOST"] == "/data/run"


def test_an_address_that_is_none_is_refused_with_an_example():
    with pytest.raises(ImproperlyConfigured, match="postgresql://user"):
        settings.database(Path("/data"), "my database")


def test_the_data_folder_is_the_users_choice():
    assert settings.data_folder({"SANDERLING_DATA": "/srv/desk"}) == Path("/srv/desk")
    assert settings.data_folder({"SANDERLING_DATA": "~/desk"}) == Path.home() / "desk"
    assert settings.data_folder({}).is_absolute()


@pytest.mark.parametrize("text", ["https://crm.example/desk?v=1", "http://10.0.0.7:8080/"])
def test_an_address_of_the_web_is_known_by_its_host(text):
    assert settings.is_web_address(text)


@pytest.mark.parametrize("text", ["crm.example", "ftp://crm.example", "https:///desk", "http://[1"])
def test_what_is_no_address_of_the_web_is_told_apart(text):
    assert not settings.is_web_address(text)


def test_addresses_stand_on_lines_or_between_commas_and_may_hold_commas(tmp_path):
    text = "mailto://desk:a,b@mail.example/?to=x@y.example,z@y.example, slack://t\n json://h/p "
    wanted = ["mailto://desk:a,b@mail.example/?to=x@y.example,z@y.example", "slack://t"]
    wanted += ["json://h/p"]
    assert settings.env_addresses("ALERTS", {"ALERTS": text}) == wanted
    file = tmp_path / "alerts"
    file.write_text(text)
    assert settings.env_addresses("ALERTS", {"ALERTS_FILE": str(file)}) == wanted
    assert settings.env_addresses("ALERTS", {}) == []
