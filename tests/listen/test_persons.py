"""Persons: linked with a reason, separated again, told by a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.core.customers import read
from sanderling.listen.importing import Unfit, take_in_customers
from sanderling.listen.models import Identity, Linking, Person
from sanderling.listen.persons import WrongPerson, known, known_as, link, plans_of, separate
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW
LATER = NOW + timedelta(days=1)


@pytest.fixture
def ada():
    return factories.agent("Ada Lund").pk


@pytest.fixture
def two():
    return (
        factories.identity("Jonas Veld", network="x", handle="jonasveld").pk,
        factories.identity("Jonas", network="bluesky", handle="jonas.example").pk,
    )


def take(text: str, now=NOW):
    file = read(text, ("x", "bluesky", "mail"))
    return take_in_customers(file=file, source="customers.csv", now=now)


def refused(text: str) -> str:
    before = standing()
    with pytest.raises(Unfit) as unfit:
        take(text)
    assert standing() == before, "something was half done"
    return "\n".join(str(b) for b in unfit.value.bad)


def standing():
    return (
        sorted(Person.objects.values_list("name", "reference", "plan", "plan_until", "told_at")),
        list(Linking.objects.order_by("id").values_list("identity", "person", "why", "until")),
        sorted(Identity.objects.filter(person__isnull=False).values_list("pk", "person")),
    )


# By hand


def test_two_identities_are_linked_with_a_reason_and_separated_again(two, ada):
    one, other = two
    person = link(identity_id=one, other_id=other, why="Same photo", by=ada, now=NOW)
    found = known(other, NOW)
    assert (found.id, found.name) == (person, "Jonas Veld")
    assert [(i.handle, i.why, i.by) for i in found.identities] == [
        ("jonasveld", "Same photo", "Ada Lund"),
        ("jonas.example", "Same photo", "Ada Lund"),
    ]
    separate(identity_id=other, why="Another Jonas", by=ada, now=LATER)
    assert known(other, LATER) is None
    assert [i.id for i in known(one, LATER).identities] == [one]
    past = Linking.objects.get(identity=other)
    assert (past.until, past.until_by_id, past.until_why) == (LATER, ada, "Another Jonas")
    again = link(identity_id=other, other_id=one, why="He says so", by=ada, now=LATER)
    assert again == person
    assert Linking.objects.filter(identity=other).count() == 2
    moves = Move.objects.filter(kind="identity", row=other).order_by("id")
    assert [(m.move, m.note, m.by_id) for m in moves] == [
        ("link", "Same photo", ada),
        ("separate", "Another Jonas", ada),
        ("link", "He says so", ada),
    ]


def test_linking_twice_is_once_and_needs_a_reason(two, ada):
    one, other = two
    with pytest.raises(WrongPerson, match="what makes you sure"):
        link(identity_id=one, other_id=other, why=" \n", by=ada, now=NOW)
    first = link(identity_id=one, other_id=other, why="Same photo", by=ada, now=NOW)
    assert link(identity_id=other, other_id=one, why="Yes", by=ada, now=NOW) == first
    assert Linking.objects.count() == 2
    with pytest.raises(WrongPerson, match="this very identity"):
        link(identity_id=one, other_id=one, why="Same", by=ada, now=NOW)
    with pytest.raises(WrongPerson, match="not known"):
        link(identity_id=one, other_id=one + 10_000, why="Same", by=ada, now=NOW)


def test_two_persons_are_not_made_one_silently(two, ada):
    others = [factories.identity(n).pk for n in ("A", "B")]
    link(identity_id=two[0], other_id=others[0], why="Same", by=ada, now=NOW)
    link(identity_id=two[1], other_id=others[1], why="Same", by=ada, now=NOW)
    with pytest.raises(WrongPerson, match="Separate one of them first"):
        link(identity_id=two[0], other_id=two[1], why="Same", by=ada, now=NOW)


def test_what_is_not_linked_cannot_be_separated(two, ada):
    with pytest.raises(WrongPerson, match="any more"):
        separate(identity_id=two[0], why="Why not", by=ada, now=NOW)


def test_an_identity_is_found_by_its_handle(two):
    assert known_as("@JonasVeld") == [(two[0], "x")]
    assert known_as("jonasveld", "bluesky") == []
    assert known_as("") == []


# From a file


def test_a_file_names_plans_and_links_identities(two):
    taken = take(
        "reference,handle,network,name,plan,until\n"
        "C-1,JonasVeld,x,Jonas Veld,business,2026-10-13\n"
        "C-1,jonas.example,bluesky,Jonas Veld,business,2026-10-13\n"
        "C-2,nobody,x,No Body,,\n"
    )
    assert (taken.lines, taken.added, taken.linked, taken.unseen) == (3, 2, 2, 1)
    found = known(two[1], NOW)
    assert (found.reference, found.plan, found.over) == ("C-1", "business", False)
    assert (found.source, found.told_at) == ("customers.csv", NOW)
    assert plans_of([*two, 0], NOW) == {two[0]: "business", two[1]: "business"}
    assert plans_of(two, LATER) == {}, "the plan holds on its last day and no longer"
    assert known(two[0], LATER).over


def test_the_same_file_again_changes_nothing(two):
    text = "reference,handle,network,plan\nC-1,jonasveld,x,gold\n,jonas.example,bluesky,gold\n"
    take(text)
    before = standing()
    again = take(text, LATER)
    assert (again.added, again.changed, again.linked) == (0, 0, 0)
    assert standing() == before


def test_who_wrote_only_later_is_linked_by_the_next_import(two):
    text = "reference,handle,network,plan\nC-1,late,x,gold\n"
    assert take(text).unseen == 1
    late = factories.identity("Late", network="x", handle="late").pk
    again = take(text, LATER)
    assert (again.added, again.linked, again.unseen) == (0, 1, 0)
    assert plans_of([late], LATER) == {late: "gold"}


def test_a_mail_address_is_an_identity(two):
    mail = factories.identity("Jonas", network="mail", remote_id="Jonas@Example.org").pk
    take("email,plan\njonas@example.org,gold\n")
    assert plans_of([mail], NOW) == {mail: "gold"}


def test_one_bad_line_and_nothing_is_taken_in(two):
    assert "Line 3" in refused("reference,plan,until\nC-1,gold,\nC-2,gold,soon\n")


def test_a_handle_that_two_people_have_had_is_named(two):
    factories.identity("Other", network="x", handle="JonasVeld")
    assert "2 people have had the handle" in refused("handle,network,plan\njonasveld,x,gold\n")


def test_a_file_does_not_undo_what_an_agent_linked(two, ada):
    take("reference,handle,network\nC-1,jonasveld,x\nC-9,,\n")
    link(identity_id=two[0], other_id=two[1], why="He says so", by=ada, now=NOW)
    said = refused("reference,handle,network\nC-9,jonas.example,bluesky\n")
    assert "Line 2: “jonas.example” is somebody else's" in said


def test_a_file_gives_a_number_to_someone_an_agent_knows(two, ada):
    person = link(identity_id=two[0], other_id=two[1], why="He says so", by=ada, now=NOW)
    take("reference,handle,network,plan\nC-1,jonasveld,x,gold\n")
    found = known(two[1], NOW)
    assert (found.id, found.reference, found.plan) == (person, "C-1", "gold")


def test_a_file_may_correct_what_a_file_said(two):
    take("reference,handle,network\nC-1,jonasveld,x\n")
    take("reference,handle,network\nC-2,jonasveld,x\n", LATER)
    assert known(two[0], LATER).reference == "C-2"
    past = Linking.objects.get(until__isnull=False)
    assert past.until_why == "customers.csv says otherwise"


def test_a_file_without_plans_leaves_them_alone(two):
    take("reference,plan\nC-1,gold\n")
    take("reference,name\nC-1,Jonas V.\n", LATER)
    assert Person.objects.get().plan == "gold"
    take("reference,plan\nC-1,\n", LATER)
    assert Person.objects.get().plan == ""
