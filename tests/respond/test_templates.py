"""Words that are used again: kept, offered where they fit, worded anew each time."""

from __future__ import annotations

import pytest

import factories
from factories import NOW
from sanderling.people.models import Membership, Team
from sanderling.respond.models import Template
from sanderling.respond.offering import NoSuchTemplate, kept, offers, said
from sanderling.respond.templates import NotYours, Unfit, archive, change, count_use, make
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> int:
    return factories.agent("Ada Lund").pk


@pytest.fixture
def case() -> int:
    return factories.case(factories.account(), factories.identity("Jonas Veld", handle="jonas")).pk


def made(by: int, name: str = "Sorry", text: str = "[Hello|Hi] {name}.", **where) -> int:
    return make(name=name, text=text, by=by, now=NOW, **where)


def names(case, ada, room="public", **more) -> list[str]:
    return [offer.name for offer in offers(case, ada, room=room, **more)]


def test_a_template_is_made_changed_and_put_away(ada):
    number = made(ada, name="  Sorry  again ")
    assert [(t.name, t.variants, t.by) for t in kept()] == [("Sorry again", 2, "Ada Lund")]
    change(template_id=number, name="Sorry", text="Sorry, {name}.", by=ada, now=NOW, lang="EN")
    assert [(t.name, t.text, t.lang) for t in kept()] == [("Sorry", "Sorry, {name}.", "en")]
    archive(template_id=number, by=ada, now=NOW)
    assert kept() == []
    made(ada, name="Sorry")
    moves = Move.objects.filter(kind="template", row=number).order_by("id")
    assert [(m.move, m.by_id) for m in moves] == [
        ("make", ada), ("change", ada), ("archive", ada),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": " "}, "Give it a name"),
        ({"name": "x" * 81}, "80 characters"),
        ({"text": "Hello {surname}"}, "no {surname}"),
        ({"room": "lobby"}, "public replies"),
        ({"kind": "rant"}, "no kind called"),
        ({"lang": "<b>"}, "written as en"),
        ({"team": 99999}, "no such team"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(ada, wrong, says):
    with pytest.raises(Unfit, match=says):
        made(ada, **wrong)
    assert not Template.objects.exists()


def test_two_templates_do_not_share_a_name(ada):
    made(ada)
    with pytest.raises(Unfit, match="called Sorry already"):
        made(ada)


def test_others_templates_are_changed_by_leads_only(ada):
    number = made(ada)
    ben, lead = factories.agent("Ben Oak").pk, factories.agent("Lea Oak", is_lead=True).pk
    with pytest.raises(NotYours):
        change(template_id=number, name="X", text="Y", by=ben, now=NOW)
    with pytest.raises(NotYours):
        archive(template_id=number, by=ben, now=NOW)
    archive(template_id=number, by=lead, now=NOW)
    with pytest.raises(NoSuchTemplate):
        archive(template_id=number, by=lead, now=NOW)


def test_what_fits_is_offered_what_is_used_most_first(ada, case):
    made(ada, "Both")
    made(ada, "Only direct", room="direct")
    made(ada, "German", lang="de")
    made(ada, "Praise", kind="praise")
    used = made(ada, "Used")
    count_use(template_id=used)
    assert names(case, ada, kind="complaint", lang="en") == ["Used", "Both"]
    assert names(case, ada, room="direct", kind="praise", lang="de") == [
        "Used", "Both", "German", "Only direct", "Praise",
    ]  # fmt: skip


def test_a_teams_templates_are_offered_to_the_team(ada, case):
    team = Team.objects.create(name="Billing").pk
    made(ada, "Bills", team=team)
    assert names(case, ada) == ["Bills"]  # who is in no team works in all
    Membership.objects.create(agent_id=ada, team=Team.objects.create(name="Shops"))
    assert names(case, ada) == []
    Membership.objects.create(agent_id=ada, team_id=team)
    assert names(case, ada) == ["Bills"]


def test_it_reads_as_it_was_offered_and_otherwise_the_next_time(ada, case):
    number = made(ada, text="[a|b|c|d|e|f] {name} {handle} {agent} {account} {case}")
    [offer] = offers(case, ada, room="public")
    assert offer.text == said(number, case, ada)
    assert offer.text.endswith(f" Jonas @jonas Ada Lund Northwind Care {case}")
    seen = {offer.text}
    for _ in range(12):
        count_use(template_id=number)
        seen.add(said(number, case, ada))
    assert len(seen) > 2


def test_a_customer_called_like_a_variable_is_called_that(ada):
    hostile = factories.identity("{agent} [a|b]", handle="x")
    case = factories.case(factories.account(), hostile).pk
    assert said(made(ada, text="Hello {name}!"), case, ada) == "Hello {agent}!"
