"""Causes: a small tree that the company owns; what was counted stays counted."""

from __future__ import annotations

import pytest

import factories
from sanderling.cases import actions, causes
from sanderling.cases.causes import WrongCause, add_cause, bring_back, put_away, rename_cause
from sanderling.cases.models import Case
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def ada():
    return factories.agent("Ada Lund").pk


def add(name, parent=None, by=None):
    return add_cause(name=name, parent=parent, by=by, now=NOW)


def tree(**more):
    return [(c.name, [b.name for b in c.under]) for c in causes.causes(**more)]


def test_the_tree_is_two_levels_deep_and_sorted(ada):
    network = add(" Network ", by=ada)
    add("Mast  outage", network)
    add("Billing")
    assert tree() == [("Billing", []), ("Network", ["Mast outage"])]
    deep = causes.causes()[1].under[0].id
    with pytest.raises(WrongCause, match="two levels"):
        add("Mast 17", deep)


def test_a_name_stands_once_in_its_place(ada):
    network = add("Network")
    add("Other", network)
    add("Other")
    for parent in (None, network):
        with pytest.raises(WrongCause, match="already"):
            add("Other", parent)
    with pytest.raises(WrongCause, match="needs a name"):
        add(" \n")
    with pytest.raises(WrongCause, match="80 characters"):
        add("x" * 81)
    with pytest.raises(WrongCause, match="not there"):
        add("Lost", 10_000)


def test_what_is_put_away_cannot_be_chosen_but_stays_counted(ada):
    cause = add("Network")
    below = add("Mast outage", cause)
    case = factories.case(factories.account(), factories.identity())
    actions.resolve(case_id=case.pk, outcome="solved", cause=below, by=ada, now=NOW)
    assert Case.objects.get(pk=case.pk).cause_id == below
    last = Move.objects.filter(kind="case", move="resolve").get()
    assert last.note == "Solved. Cause: Network › Mast outage."
    put_away(cause_id=cause, by=ada, now=NOW)
    assert tree() == []
    other = factories.case(factories.account(), factories.identity())
    for gone in (cause, below):
        with pytest.raises(ValueError, match="not there any more"):
            actions.resolve(case_id=other.pk, outcome="solved", cause=gone, by=ada, now=NOW)
    [shown] = causes.causes(archived=True)
    assert (shown.archived, shown.under[0].cases) == (True, 1)
    with pytest.raises(WrongCause, match="Bring it back"):
        add("Roaming", cause)
    bring_back(cause_id=cause, by=ada, now=NOW)
    assert tree() == [("Network", ["Mast outage"])]


def test_every_change_is_in_the_history(ada):
    cause = add("Network", by=ada)
    rename_cause(cause_id=cause, name="Coverage", by=ada, now=NOW)
    rename_cause(cause_id=cause, name="Coverage", by=ada, now=NOW)
    put_away(cause_id=cause, by=ada, now=NOW)
    put_away(cause_id=cause, by=ada, now=NOW)
    bring_back(cause_id=cause, by=ada, now=NOW)
    moves = Move.objects.filter(kind="cause", row=cause).order_by("id")
    assert [(m.move, m.note, m.by_id) for m in moves] == [
        ("add", "Network", ada),
        ("rename", "Network → Coverage", ada),
        ("put away", "", ada),
        ("bring back", "", ada),
    ]
