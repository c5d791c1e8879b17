"""Cases that are part of an incident, or look like it."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from core.policy.writing import GOAL
from sanderling.cases import belonging
from sanderling.cases.belonging import NotPart
from sanderling.cases.models import Case
from sanderling.cases.queries import NoSuchCase, Part, row, timeline
from sanderling.core.noticing import Noticed
from sanderling.incidents import actions
from sanderling.incidents.models import Member
from sanderling.incidents.queries import NoSuchIncident, incident
from sanderling.policy.actions import apply
from sanderling.store.models import Move
from sanderling.store.sql import as_json, run

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def ada():
    return factories.agent("Ada Lund").pk


@pytest.fixture
def cases():
    us = factories.account()
    return [factories.case(us, factories.identity(n)) for n in ("Jo Veld", "Lu Ahn", "Mo Diaz")]


def by_itself():
    text = f'name = "Ours"\n{GOAL}\n[incidents]\nattach = "by itself"\n'
    apply(text=text, by=None, note="", now=NOW)


def opened(ada, name="No signal"):
    return actions.open_incident(name=name, by=ada, now=NOW)


def belong(number, *cases, by=None, how="agent"):
    given = [c.pk for c in cases]
    return belonging.belong(case_ids=given, incident_id=number, by=by, now=NOW, how=how)


def put(number, *cases):
    posts = [c.about_post_id for c in cases]
    actions.put_in(incident_id=number, posts=posts, how="detector", by=None, now=NOW)


def leave(case, ada):
    belonging.leave(case_id=case.pk, by=ada, now=NOW)


def inside(number):
    return [row.id for row in belonging.cases_of(number).rows]


def members(number):
    return set(Member.objects.filter(incident=number, out_at=None).values_list("pk", flat=True))


def test_cases_become_part_of_an_incident_with_the_posts_they_are_about(ada, cases):
    jo, lu, mo = cases
    number = opened(ada)
    assert belong(number, jo, lu, by=ada) == 2
    assert belong(number, jo, by=ada) == 0
    assert inside(number) == [lu.pk, jo.pk]
    assert members(number) == {jo.about_post_id, lu.about_post_id}
    assert (incident(number).posts, incident(number).authors) == (2, 2)
    assert row(jo.pk).incident == Part(number, "No signal")
    assert row(mo.pk).incident is None
    assert [(m.move, m.note, m.by) for m in timeline(jo.pk).moves] == [
        ("join incident", f"incident {number}", "Ada Lund")
    ]


def test_a_case_with_a_post_in_an_incident_looks_like_part_of_it_until_it_is(ada, cases):
    jo, lu, _ = cases
    number = opened(ada)
    put(number, jo, lu)
    assert belonging.suggested([c.pk for c in cases]) == {jo.pk: number, lu.pk: number}
    assert row(jo.pk).looks_like == belonging.of_case(jo.pk).looks_like == Part(number, "No signal")
    belong(number, jo, by=ada)
    assert belonging.suggested([jo.pk, lu.pk]) == {lu.pk: number}
    assert row(jo.pk).looks_like is None
    actions.move(incident_id=number, move="end", by=ada, now=NOW)
    assert belonging.suggested([lu.pk]) == {}
    assert row(lu.pk).looks_like is None
    assert row(jo.pk).incident == Part(number, "No signal"), "history stays"


def test_all_that_look_like_part_of_it_are_taken_in_but_those_that_were_taken_out(
    ada, cases, monkeypatch
):
    jo, lu, mo = cases
    number = opened(ada)
    put(number, jo, lu, mo)
    belong(number, jo, by=ada)
    leave(jo, ada)
    put(number, jo)
    assert belonging.linked(number).like == 2
    monkeypatch.setattr(belonging, "AT_ONCE", 1)
    assert belonging.gather(incident_id=number, by=ada, now=NOW) == 2
    assert inside(number) == [mo.pk, lu.pk]
    assert belonging.linked(number).like == 0
    assert belonging.gather(incident_id=number, by=ada, now=NOW) == 0


def test_what_was_wrongly_attached_comes_out_with_its_posts_and_is_not_suggested_again(ada, cases):
    jo, lu, _ = cases
    number = opened(ada)
    put(number, jo, lu)
    belong(number, jo, lu, by=ada)
    leave(jo, ada)
    leave(jo, ada)
    assert inside(number) == [lu.pk]
    assert members(number) == {lu.about_post_id}
    put(number, jo)
    assert belonging.suggested([jo.pk]) == {}
    moves = list(Move.objects.filter(kind="case", row=jo.pk).values_list("move", flat=True))
    assert moves == ["join incident", "leave incident"]


def test_the_rule_attaches_what_belongs_to_confirmed_incidents_and_never_against_people(ada, cases):
    by_itself()
    jo, lu, mo = cases
    number, other = opened(ada), opened(ada, "Other")
    put(number, jo, lu, mo)
    belong(other, lu, by=ada)
    belong(number, mo, by=ada)
    leave(mo, ada)
    actions.put_in(incident_id=number, posts=[mo.about_post_id], how="agent", by=ada, now=NOW)
    assert belonging.attach_lately(now=NOW) == 0, "all was written twenty minutes before"
    assert belonging.attach_all(now=NOW) == 1
    assert belonging.attach_all(now=NOW) == 0
    assert (inside(number), inside(other)) == ([jo.pk], [lu.pk])
    assert Move.objects.get(row=jo.pk, move="join incident").by is None


def test_the_rule_waits_until_somebody_confirms(ada, cases):
    by_itself()
    jo, *_ = cases
    post = jo.about_post_id
    noticed = Noticed("k", "", NOW, "signal", (), post, (post,), 1, 1.0, 0.1, 9.0, "why")
    number = actions.suspect(noticed=noticed, now=NOW)
    assert belonging.attach_all(now=NOW) == 0
    assert belonging.suggested([jo.pk]) == {jo.pk: number}
    actions.move(incident_id=number, move="confirm", by=ada, now=NOW)
    assert belonging.attach_all(now=NOW) == 1


def test_cases_go_with_an_incident_that_is_merged(ada, cases):
    jo, lu, _ = cases
    one, whole = opened(ada), opened(ada, "Mast 7")
    belong(one, jo, by=ada)
    belong(whole, lu, by=ada)
    belonging.merge(incident_id=one, into=whole, by=ada, now=NOW)
    assert inside(whole) == [lu.pk, jo.pk]
    assert inside(one) == []
    assert incident(whole).posts == 2
    assert belong(one, cases[2], by=ada) == 1, "it leads to where it went"
    assert len(inside(whole)) == 3


def test_what_cannot_be_is_refused_in_words(ada, cases):
    noticed = Noticed("k", "", NOW, "signal", (), 0, (), 0, 1.0, 0.1, 9.0, "why")
    number = actions.suspect(noticed=noticed, now=NOW)
    actions.move(incident_id=number, move="dismiss", by=ada, now=NOW)
    with pytest.raises(NotPart, match="was dismissed"):
        belong(number, cases[0], by=ada)
    with pytest.raises(NoSuchIncident):
        belong(number + 1, cases[0], by=ada)
    with pytest.raises(NoSuchCase):
        belonging.leave(case_id=0, by=ada, now=NOW)
    assert belong(opened(ada), by=ada) == 0


def test_a_case_that_became_part_of_another_brings_its_incident_along(ada, cases):
    jo, lu, _ = cases
    number = opened(ada)
    belong(number, jo, by=ada)
    rows = as_json([{"id": jo.pk, "into_case": lu.pk}])
    run("cases/merge_cases", {"rows": rows, "now": NOW, "never": NOW})
    assert Case.objects.get(pk=lu.pk).incident_id == number
    assert inside(number) == [lu.pk]


def test_the_cases_of_an_incident_are_counted_and_paged(ada, cases):
    jo, lu, _ = cases
    number = opened(ada)
    belong(number, *cases, by=ada)
    answer = factories.post(jo.account, factories.identity(), "We see it", direction="ours",
                            origin="desk", created_at=NOW + timedelta(minutes=1))  # fmt: skip
    factories.place(jo, answer, role="us")
    Case.objects.filter(pk=lu.pk).update(state="resolved")
    assert belonging.linked(number) == (3, 2, 1, 1, 0, 0)
    matter = belonging.matters_of([jo.about_post_id, lu.about_post_id, answer.pk])
    assert matter[jo.about_post_id] == (jo.pk, "new", "", True)
    assert matter[lu.about_post_id] == (lu.pk, "resolved", "", False)
    first = belonging.cases_of(number, limit=2)
    rest = belonging.cases_of(number, first.before, limit=2)
    assert [r.id for r in (*first.rows, *rest.rows)] == [c.pk for c in reversed(cases)]
    assert rest.before is None
