"""Playbooks at the desk: what ships is there, every version stays, nobody overwrites another."""

from __future__ import annotations

from importlib.resources import files

import pytest

import factories
from sanderling.core.policy import Unfit
from sanderling.incidents import playbooks
from sanderling.incidents.models import Playbook
from sanderling.incidents.playbooks import Newer, NoSuchPlaybook

NOW = factories.NOW
MINE = 'name = "mine"\ntitle = "Mine"\n\n[[steps]]\ntext = "Look"\n'
DOWN = files("sanderling.incidents").joinpath("shipped/service-down.toml").read_text("utf-8")

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


def write(ada, text=MINE, name="mine", seen=0):
    return playbooks.write(text=text, name=name, seen=seen, by=ada.pk, now=NOW)


def names() -> list[str]:
    return [kept.name for kept in playbooks.playbooks() if not kept.archived]


def test_what_ships_is_known_from_the_first_start():
    assert names() == ["boycott", "data-leak", "service-down", "stupid-ad"]
    assert playbooks.newest("service-down").version == 0
    assert playbooks.newest("service-down").book.title == "Service down"
    assert not Playbook.objects.exists()


def test_a_written_version_goes_before_what_ships_and_every_version_stays(ada):
    text = DOWN.replace('title = "Service down"', 'title = "All is dark"')
    kept = write(ada, text, "service-down")
    assert (kept.version, kept.by, kept.title) == (1, "Ada Lund", "All is dark")
    again = write(ada, text.replace("dark", "black"), "service-down", 1)
    found = playbooks.versions("service-down")
    assert [one.version for one in found] == [2, 1, 0]
    assert playbooks.newest("service-down") == again
    assert playbooks.version("service-down", 1).title == "All is dark"
    with pytest.raises(NoSuchPlaybook):
        playbooks.version("service-down", 7)


def test_the_same_words_are_not_written_twice(ada):
    assert write(ada) == write(ada, seen=1)
    assert Playbook.objects.count() == 1


def test_whoever_was_slower_reads_what_changed_first(ada):
    write(ada)
    with pytest.raises(Newer, match="changed while you were writing"):
        write(ada, MINE.replace("Look", "Listen"), seen=0)
    assert playbooks.newest("mine").book.steps[0].text == "Look"


@pytest.mark.parametrize("name", ["mine", "service-down"])
def test_a_new_playbook_does_not_write_over_one_of_its_name(ada, name):
    write(ada)
    with pytest.raises(Newer, match="already"):
        write(ada, MINE.replace('"mine"', f'"{name}"'), "")
    assert write(ada, MINE.replace('"mine"', '"other"'), "mine", 1).name == "other"


def test_what_does_not_fit_changes_nothing(ada):
    with pytest.raises(Unfit) as refused:
        write(ada, MINE.replace("Look", ""))
    assert refused.value.problems[0].line == 5
    assert not Playbook.objects.exists()


def test_what_was_put_away_is_offered_no_more_and_comes_back_by_writing(ada):
    playbooks.archive(name="boycott", by=ada.pk, now=NOW)
    playbooks.archive(name="boycott", by=ada.pk, now=NOW)
    assert "boycott" not in names()
    away = playbooks.newest("boycott")
    assert (away.archived, away.version) == (True, 1)
    assert write(ada, away.text, "boycott", 1).version == 2
    assert "boycott" in names()
    with pytest.raises(NoSuchPlaybook):
        playbooks.archive(name="none", by=ada.pk, now=NOW)


def test_what_nobody_changed_follows_what_ships(ada):
    kept = playbooks.adopted("boycott", now=NOW)
    assert (kept.version, kept.by) == (1, None)
    assert playbooks.adopted("boycott", now=NOW) == kept
    older = kept.text + "# as an earlier release shipped it\n"
    Playbook.objects.filter(pk=kept.id).update(text=older)
    assert playbooks.newest("boycott").version == 0
    assert playbooks.adopted("boycott", now=NOW).version == 2
    Playbook.objects.filter(version=2).update(text=older, by=ada)
    assert playbooks.newest("boycott").version == 2


def test_a_version_that_cannot_be_read_any_more_is_shown_all_the_same(ada):
    write(ada)
    Playbook.objects.update(text="steps = 5")
    assert playbooks.newest("mine").book is None
    assert "mine" in names()
