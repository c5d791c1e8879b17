"""Decks are one's own, a team's or everybody's."""

from __future__ import annotations

import pytest

import factories
from river import NOON
from sanderling.listen import columns, decks
from sanderling.listen.models import Column, Deck
from sanderling.listen.queries import columns as standing
from sanderling.people.models import Membership, Team
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db


def deck(agent, shared="own", team=None, name="A deck") -> int:
    return decks.add_deck(name=name, shared=shared, team=team, by=agent.pk, now=NOON)


def sees(agent) -> list[int]:
    return [d.id for d in decks.decks_for(agent.pk)]


def test_a_deck_is_seen_by_whom_it_is_shared_with():
    ada, ben, cleo = (factories.agent(name) for name in ("Ada Lund", "Ben Ito", "Cleo Ray"))
    billing, shop = (Team.objects.create(name=name) for name in ("Billing", "Shop"))
    Membership.objects.create(agent=ada, team=billing)
    Membership.objects.create(agent=ben, team=shop)
    own, team, everybody = deck(ada), deck(ada, "team", billing.pk), deck(ada, "all")
    assert sees(ada) == [everybody, team, own]
    assert sees(ben) == [everybody]
    assert sees(cleo) == [everybody, team]  # who is in no team works in all
    assert decks.deck_for(ben.pk, own) is None


def test_the_first_column_makes_the_deck_of_everybody_and_the_next_joins_it():
    for name in ("One", "Two"):
        columns.add_column(name=name, query="dead", by=None, now=NOON)
    assert [(d.name, d.shared) for d in Deck.objects.all()] == [(decks.FIRST, "all")]
    assert [c.name for c in standing(Deck.objects.get().pk)] == ["One", "Two"]


def test_columns_move_within_their_deck_only():
    ada = factories.agent()
    mine, other = deck(ada), deck(ada)
    for name, where in (("a", mine), ("x", other), ("b", mine), ("y", other)):
        columns.add_column(name=name, query="dead", by=ada.pk, now=NOON, deck=where)
    b = Column.objects.get(name="b").pk
    columns.move_column(column_id=b, to=0, by=ada.pk, now=NOON)
    assert [c.name for c in standing(mine)] == ["b", "a"]
    assert [c.name for c in standing(other)] == ["x", "y"]


def test_a_removed_deck_takes_its_columns_along_and_leaves_its_history():
    ada = factories.agent()
    made = deck(ada, name="Outage watch")
    columns.add_column(name="a", query="dead", by=ada.pk, now=NOON, deck=made)
    before = columns.revision()
    decks.remove_deck(deck_id=made, by=ada.pk, now=NOON)
    assert not Column.objects.exists()
    assert columns.revision() != before
    kept = Move.objects.get(kind="deck", row=made, move="removed")
    assert (kept.note, kept.by_id) == ("Outage watch", ada.pk)


def test_what_cannot_be_a_deck_is_refused_in_words():
    ada = factories.agent()
    shop = Team.objects.create(name="Shop")
    Membership.objects.create(agent=ada, team=Team.objects.create(name="Billing"))
    for name, shared, team in (
        ("", "own", None), ("x" * 61, "own", None), ("a", "friends", None),
        ("a", "team", None), ("a", "team", shop.pk), ("a", "team", 987),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"\w+ \w+"):
            decks.add_deck(name=name, shared=shared, team=team, by=ada.pk, now=NOON)
    assert not Deck.objects.exists()
