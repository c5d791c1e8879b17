"""One act for the chosen cases, from the marks on the rows to how it went, without a script."""

from __future__ import annotations

import html as markup
import re
from datetime import UTC, datetime, timedelta

import pytest

import factories
from sanderling.cases import actions, promising
from sanderling.cases.models import Case, Handover
from sanderling.people.models import Team
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def cases(ada):
    account = factories.account()
    people = (factories.identity(name) for name in ("Jonas Veld", "<b>Lena", "Kim Oh"))
    return [factories.case(account, who) for who in people]


def now():
    return datetime.now(UTC)


def ids(cases):
    return [case.pk for case in cases]


def form(html):
    """The fields of the form that the desk asks with, as a browser sends them."""
    inside = html[html.index('action="/desk/bulk/"') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', inside):
        found.setdefault(name, []).append(markup.unescape(value))
    return found


def asked(client, act, cases, **more):
    return form(client.get("/desk/bulk/", {"act": act, "case": ids(cases), **more}).text)


def post(client, act, cases, *, script=True, **more):
    fields = {**asked(client, act, cases), **more}
    return client.post("/desk/bulk/", fields, headers=SCRIPT if script else {})


def test_rows_can_be_chosen_and_lead_to_the_question(client, cases):
    page = client.get("/desk/").text
    assert page.count('form="many"') == 3
    assert 'action="/desk/bulk/"' in page
    html = client.get("/desk/bulk/", {"act": "give", "case": ids(cases), "q": "mine"}).text
    assert "Give 3 cases away" in html
    assert "&lt;b&gt;Lena" in html
    assert "<b>Lena" not in html
    assert not Move.objects.exists()


@pytest.mark.parametrize("act", ["take", "give", "aside", "resolve", "link", "../x", ""])
def test_asking_changes_nothing_and_fits_a_sheet(client, cases, act):
    fields = {"act": act, "case": [*ids(cases), "x", 10**12]}
    part = client.get("/desk/bulk/", fields, headers=SCRIPT).text
    assert part.lstrip().startswith("<form")
    assert not Move.objects.exists()


def test_nobody_chosen_is_said(client, ada):
    assert "No case is chosen" in client.get("/desk/bulk/", {"act": "take", "case": "x"}).text
    answer = client.post("/desk/bulk/", {"act": "take"}, headers=SCRIPT)
    assert answer.status_code == 422
    assert "Choose a case first" in answer.json()["why"][0]


def test_only_agents_may_and_only_by_post(client, cases, ada):
    client.get("/desk/bulk/", {"act": "take", "case": ids(cases), "step": "do"})
    assert not Case.objects.exclude(owner=None).exists()
    client.logout()
    assert client.get("/desk/bulk/").status_code == 302
    assert client.post("/desk/bulk/", {"act": "take"}, headers=SCRIPT).status_code == 401
    assert client.post("/desk/bulk/undo/", headers=SCRIPT).status_code == 401


def test_taking_without_a_script_says_how_it_went_and_can_be_taken_back(client, cases, ada):
    ben = factories.agent("Ben Oke")
    actions.claim(case_id=cases[1].pk, by=ben.pk, now=now())
    html = post(client, "take", cases, script=False).text
    assert "2 cases taken" in html
    assert "1 case stays as it was" in html
    assert f'value="{cases[1].pk}" checked' in html
    back = markup.unescape(re.search(r'name="back" value="([^"]+)"', html).group(1))
    answer = client.post("/desk/bulk/undo/", {"back": back, "q": "mine"})
    assert (answer.status_code, answer["Location"]) == (303, "/desk/?q=mine")
    assert set(Case.objects.values_list("owner_id", flat=True)) == {None, ben.pk}


def test_the_script_hears_what_is_done_and_what_is_not(client, cases, ada):
    promising.keep(
        case_id=cases[0].pk, text="We call", due=now() + timedelta(days=1), by=ada.pk, now=now()
    )
    answer = post(client, "resolve", cases, outcome="solved", note="All up.").json()
    assert answer["done"] == ids(cases[1:])
    assert answer["left"] == [
        {
            "case": cases[0].pk,
            "who": "Jonas Veld",
            "why": "A promise to the customer is still open.",
        }
    ]
    assert answer["says"] == "2 cases resolved."
    assert answer["back"] == ""


def test_giving_to_a_colleague_and_to_a_team(client, cases, ada):
    ben, team = factories.agent("Ben Oke"), Team.objects.create(name="Billing")
    answer = post(client, "give", cases[:1], to=f"agent-{ben.pk}").json()
    assert answer["says"] == "1 case given to Ben Oke."
    answer = post(client, "give", cases[1:], to=f"team-{team.pk}", note="An old bill").json()
    assert answer["says"] == "2 cases offered to Billing."
    assert Handover.objects.filter(to_team=team).count() == 2


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("give", {"to": "agent-999999"}, "Choose a colleague"),
        ("give", {"to": "<script>"}, "Choose a colleague"),
        ("aside", {"until": "1"}, "later than now"),
        ("aside", {"until": "99999999999"}, "later than now"),
        ("resolve", {"outcome": "gone"}, "how they ended"),
        ("link", {"other": "x", "why": "y"}, "number of the case"),
        ("fly", {}, "does not know that act"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_done(client, cases, act, fields, says):
    answer = client.post("/desk/bulk/", {"act": act, "case": ids(cases), **fields}, headers=SCRIPT)
    assert answer.status_code == 422
    assert says in " ".join(answer.json()["why"])
    assert not Move.objects.exists()


def test_a_team_must_be_told_why(client, cases):
    team = Team.objects.create(name="Billing")
    answer = post(client, "give", cases, to=f"team-{team.pk}", note=" ")
    assert "what the team must know" in answer.json()["why"][0]


def test_a_form_sent_twice_is_done_once(client, cases):
    until = int((now() + timedelta(hours=2)).timestamp())
    fields = {**asked(client, "aside", cases), "until": until}
    first = client.post("/desk/bulk/", fields, headers=SCRIPT).json()
    again = client.post("/desk/bulk/", fields, headers=SCRIPT).json()
    assert first["done"] == again["done"] == ids(cases)
    assert again["back"] == ""
    assert Move.objects.filter(move="snooze").count() == 3


def test_what_takes_an_act_back_cannot_be_made_up(client, cases):
    for back in ("", "x", "WzFd:1abc:zzz"):
        answer = client.post("/desk/bulk/undo/", {"back": back}, headers=SCRIPT)
        assert answer.status_code == 409
        assert "too late" in answer.json()["why"][0]


def test_far_too_many_are_refused_in_words(client, ada):
    answer = client.post(
        "/desk/bulk/", {"act": "take", "case": list(range(1, 300))}, headers=SCRIPT
    )
    assert answer.status_code == 422
    assert "At most 200" in answer.json()["why"][0]
