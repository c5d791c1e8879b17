"""Versions of the policy: put in force one after the other, kept for ever, read cheaply."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from core.policy.writing import GOAL
from factories import NOW, agent
from sanderling.core.policy import Situation, Unfit, shipped, shipped_text
from sanderling.people.models import Team
from sanderling.policy import actions, queries
from sanderling.policy.models import Version

MINE = 'name = "Ours"\n' + GOAL


def apply(text: str = MINE, **changes):
    given = {"text": text, "by": None, "note": "", "now": NOW, **changes}
    return actions.apply(**given)


def acknowledge(policy) -> timedelta:
    return policy.promises(Situation(), NOW)[0].budget


def faster(minutes: int) -> str:
    return MINE.replace('"1h"', f'"{minutes}m"')


@pytest.mark.django_db
def test_an_empty_desk_keeps_the_policy_that_ships():
    assert queries.current() is shipped()
    assert queries.version(0) is shipped()
    assert queries.versions() == []
    assert queries.written(0).text == shipped_text()


@pytest.mark.django_db
def test_what_is_applied_holds_and_what_held_before_is_kept():
    lena = agent("Lena Whitlock", is_lead=True)
    first = apply(faster(30), by=lena.pk, note="  Quicker   now ")
    second = apply(faster(20), now=NOW + timedelta(hours=1))
    assert (queries.current().version, queries.newest()) == (second, second)
    assert acknowledge(queries.current()) == timedelta(minutes=20)
    assert acknowledge(queries.version(first)) == timedelta(minutes=30)
    newest, older = queries.versions()
    assert (newest.number, newest.by) == (second, None)
    assert (older.number, older.note, older.by, older.at) == (
        first, "Quicker now", "Lena Whitlock", NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_what_does_not_fit_changes_nothing_and_says_why():
    with pytest.raises(Unfit) as unfit:
        apply("goals = 3")
    assert len(unfit.value.problems) == 2
    with pytest.raises(Unfit):
        apply(MINE + '[[examples]]\nname = "x"\nexpect = { answer = "1h" }')
    with pytest.raises(Unfit):
        apply(note="x" * 501)
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_the_same_text_is_not_written_twice():
    assert apply() == apply(note="again")
    assert Version.objects.count() == 1


@pytest.mark.django_db
def test_who_wrote_without_seeing_the_newest_version_is_told():
    first = apply(faster(30), seen=0)
    with pytest.raises(actions.Newer) as newer:
        apply(faster(20), seen=0)
    assert newer.value.number == first
    assert apply(faster(20), seen=first) > first


@pytest.mark.django_db
def test_the_policy_that_ships_is_adopted_once_and_only_where_there_is_none():
    first = actions.adopt_default(now=NOW)
    assert actions.adopt_default(now=NOW + timedelta(days=1)) == first
    assert queries.current().version == first
    assert queries.written(first).text == shipped_text()
    assert apply(faster(5)) == actions.adopt_default(now=NOW)


@pytest.mark.django_db
def test_teams_that_a_policy_names_are_made():
    Team.objects.create(name="Care")
    apply(
        MINE + '[teams.Care]\n[[routes]]\nname = "Bills"\nwhen = "true"\nteam = "Billing  desk"\n'
        '[voice]\n"@press" = ["lead", "Press", "ida@northwind.example"]\n'
        '[[approvals]]\nname = "x"\nwhen = "true"\nreason = "y"\nby = "Elders"\n'
    )
    assert set(Team.objects.values_list("name", flat=True)) == {
        "Care", "Billing desk", "Press", "Elders",
    }  # fmt: skip
    assert queries.current().route(Situation()).team == "Billing desk"


@pytest.mark.django_db
def test_the_policy_that_holds_costs_one_small_question(django_assert_num_queries):
    apply()
    queries.current()
    with django_assert_num_queries(1) as asked:
        queries.current()
    assert '"text"' not in asked[0]["sql"]


@pytest.mark.django_db
def test_a_version_that_this_release_cannot_read_is_passed_over_and_named():
    first = apply()
    assert queries.outlived() is None
    broken = Version.objects.create(text='name = "Old"\nspeed = "fast"', at=NOW).pk
    assert queries.current().version == first
    assert queries.version(broken).version == first
    outlived = queries.outlived()
    assert (outlived.number, outlived.holds) == (broken, first)
    assert any("speed" in problem.place for problem in outlived.problems)


@pytest.mark.django_db
def test_a_version_that_never_was_is_the_one_before_it():
    first = apply()
    assert queries.version(first + 1000).version == first
    assert queries.written(first + 1000) is None


@pytest.mark.django_db(transaction=True)
def test_versions_written_at_once_follow_one_another():
    """Of many who saw the same version, one is first, and the others are told."""
    seen = apply(faster(50))
    went: list[object] = []

    def write(minutes: int) -> None:
        try:
            went.append(apply(faster(minutes), seen=seen))
        except actions.Newer as newer:
            went.append(newer)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[minutes]) for minutes in range(10, 16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(went) == len(threads)
    assert len([one for one in went if isinstance(one, int)]) == 1
    assert Version.objects.count() == 2
    assert connection.vendor == "postgresql"
