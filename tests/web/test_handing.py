"""Handing over, people, presence and the shift board, by script and by plain form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

import factories
from sanderling.cases import handing, shifts
from sanderling.cases.models import Case, Handover
from sanderling.core.policy import shipped_text
from sanderling.people.models import Agent, Membership, Presence, Team
from sanderling.policy import actions as policy
from sanderling.respond.models import Draft, Outgoing
from sanderling.web.handing import TAKE_OVER

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}
HOSTILE = "<script>alert(1)</script>{{ 4567 * 1000 + 89 }}"


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def ben():
    return factories.agent("Ben Okri")


@pytest.fixture
def lead(client):
    agent = factories.agent("Lea Lead", is_lead=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    return factories.case(
        factories.account(), factories.identity(), "My bill is wrong", owner=ada, state="open"
    )


def offered(case, by, **to):
    return handing.offer(case_id=case.pk, note="needs a SIM", by=by.pk, now=factories.NOW, **to)


class TestNext:
    def test_the_next_case_says_why_it_is_the_one(self, client, ada):
        account = factories.account()
        due = datetime.now(UTC) - timedelta(minutes=12, seconds=5)
        late = factories.case(
            account, factories.identity(followers=20_000), tone=5, due_at=due,
            opened_at=due - timedelta(hours=1),
        )  # fmt: skip
        says = client.post("/desk/next/", headers=SCRIPT).json()["says"]
        assert says.startswith(f"Case {late.pk} is yours: late by 12 min, furious")
        page = client.get(f"/case/{late.pk}/").text
        assert "Its place in the queue: <b>" in page
        assert "20,000 followers" in page
        assert "Ada Lund took the case: “" in page


class TestOffers:
    def test_a_case_is_offered_accepted_and_told_in_the_history(self, client, ada, ben, case):
        answer = client.post(
            f"/case/{case.pk}/offer/", {"to": f"agent-{ben.pk}", "note": HOSTILE}, headers=SCRIPT
        )
        assert "until it is accepted" in answer.json()["says"]
        assert "Take it back" in client.get(f"/case/{case.pk}/").text
        client.force_login(ben)
        mine = client.get("/desk/?q=mine").text
        assert "Offered to you" in mine
        assert "<script>alert" not in mine
        assert "1 case is</a> offered" in mine or "1 case is offered to you" in client.get(
            "/desk/?q=team").text  # fmt: skip
        number = Handover.objects.get().pk
        answer = client.post(f"/offers/{number}/", {"act": "accept"}, headers=SCRIPT).json()
        assert (answer["case"], answer["says"]) == (case.pk, f"Case {case.pk} is yours.")
        story = client.get(f"/case/{case.pk}/timeline").text
        assert "Ben Okri took the case over from Ada Lund" in story
        assert "Ada Lund offered the case to Ben Okri" in story
        assert not Draft.objects.exists()

    def test_without_a_script_it_is_declined_with_a_reason(self, client, ben, case, ada):
        number = offered(case, ada, to=ben.pk)
        client.force_login(ben)
        assert client.post(f"/offers/{number}/", {"act": "decline"}).status_code == 422
        answer = client.post(f"/offers/{number}/", {"act": "decline", "why": "I go home"})
        assert (answer.status_code, answer["Location"]) == (303, "/desk/?q=mine")
        assert "Ben Okri declined the case: “I go home”" in client.get(
            f"/case/{case.pk}/timeline").text  # fmt: skip

    @pytest.mark.parametrize(
        "to", ["", "agent-", "agent-999999", "team-77", "king-1", "department-1"]
    )
    def test_nobody_is_offered_what_makes_no_sense(self, client, case, to):
        answer = client.post(f"/case/{case.pk}/offer/", {"to": to, "note": "x"}, headers=SCRIPT)
        assert answer.status_code == 422
        assert not Handover.objects.exists()

    def test_what_is_too_late_is_said(self, client, ada, ben, case):
        number = offered(case, ada, to=ben.pk)
        client.post(f"/offers/{number}/", {"act": "withdraw"})
        client.force_login(ben)
        answer = client.post(f"/offers/{number}/", {"act": "accept"}, headers=SCRIPT)
        assert (answer.status_code, answer.json()["why"]) == (
            409, ["This offer was withdrawn already."],
        )  # fmt: skip
        assert client.post(f"/offers/{number}/", {"act": "burn"}).status_code == 422

    def test_a_member_of_the_team_accepts_from_the_case_itself(self, client, ada, ben, case):
        team = Team.objects.create(name="Billing")
        Membership.objects.create(agent=ben, team=team)
        number = offered(case, ada, team=team.pk)
        client.force_login(ben)
        head = client.get(f"/case/{case.pk}/head").text
        assert "offered this to Billing" in head
        assert 'value="accept"' in head
        client.post(f"/offers/{number}/", {"act": "accept"})
        assert "Team </span><bdi>Billing<" in client.get(f"/case/{case.pk}/head").text

    def test_where_the_policy_says_so_the_receiver_finds_words_for_the_customer(
        self, client, ada, ben, case
    ):
        text = shipped_text().replace("tell = false", "tell = true")
        text = re.sub(r'text = ".*{name}.*"', f'text = "{TAKE_OVER}"', text)
        policy.apply(text=text, by=ada.pk, note="", now=factories.NOW)
        number = offered(case, ada, to=ben.pk)
        Draft.objects.create(
            case=case, agent=ben, room="public", text="My own words", saved_at=factories.NOW
        )
        client.force_login(ben)
        client.post(f"/offers/{number}/", {"act": "accept"})
        draft = Draft.objects.get()
        assert draft.text.startswith("Hello Jonas, I am Ben Okri and take over from Ada Lund.")
        assert draft.text.endswith("\n\nMy own words")
        assert not Outgoing.objects.exists(), "nothing is sent by an internal act"


class TestDepartments:
    @pytest.fixture
    def billing(self):
        team = Team.objects.create(name="Billing")
        factories.account(handle="NorthwindBilling", team=team)
        return team

    def test_directing_to_a_department_offers_and_drafts_and_sends_nothing(
        self, client, ada, case, billing
    ):
        assert "Billing, @NorthwindBilling" in client.get(f"/case/{case.pk}/").text
        answer = client.post(
            f"/case/{case.pk}/offer/", {"to": f"department-{billing.pk}", "note": "bill of May"},
            headers=SCRIPT,
        ).json()  # fmt: skip
        assert answer["room"] == "public"
        assert answer["drafts"]["public"] == (
            "Hello Jonas, our colleagues of Billing are the right ones for this: @NorthwindBilling."
        )
        assert Handover.objects.get().to_team_id == billing.pk
        assert Draft.objects.get().agent_id == ada.pk
        assert not Outgoing.objects.exists()

    def test_a_customer_who_writes_in_private_is_directed_in_private(self, client, ada, billing):
        private = factories.case(
            factories.account(), factories.identity(), room="direct", owner=ada, state="open"
        )
        answer = client.post(
            f"/case/{private.pk}/offer/", {"to": f"department-{billing.pk}", "note": "x"},
            headers=SCRIPT,
        ).json()  # fmt: skip
        assert (answer["room"], list(answer["drafts"])) == ("direct", ["direct"])

    def test_a_department_without_an_account_there_is_none_to_direct_to(self, client, case):
        team = Team.objects.create(name="Shops")
        factories.account(network="mail", handle="shops@x.example", team=team)
        assert f'value="department-{team.pk}"' not in client.get(f"/case/{case.pk}/").text


class TestPeople:
    def test_everybody_may_read_and_only_leads_change(self, client, ada, ben):
        html = client.get("/people/").text
        assert "Ben Okri" in html
        assert "/change/" not in html
        for path in (f"/people/{ben.pk}/change/", "/people/add/", "/people/teams/"):
            assert client.post(path, {"name": "X"}).status_code == 403
        assert client.post(f"/people/{ben.pk}/activate/", {"active": "no"}).status_code == 403

    def test_a_lead_writes_down_what_somebody_can(self, client, lead, ben):
        team = Team.objects.create(name="Billing")
        sent = {"name": "Ben O", "initials": "bo", "team": [team.pk], "skills": "Roaming, billing",
                "languages": "en,DE", "capacity": "3"}  # fmt: skip
        assert client.post(f"/people/{ben.pk}/change/", sent)["Location"] == "/people/"
        html = client.get("/people/").text
        assert "roaming, billing" in html
        assert Agent.objects.get(pk=ben.pk).initials == "BO"
        answer = client.post(f"/people/{ben.pk}/change/", {**sent, "initials": "^"})
        assert answer.status_code == 422
        assert "Initials are one to four letters" in answer.text

    def test_somebody_new_can_sign_in_and_who_leaves_cannot(self, client, lead):
        sent = {"email": "Cem@northwind.example", "name": "Cem  Ada", "initials": "ca",
                "password": "sand-between-toes"}  # fmt: skip
        assert client.post("/people/add/", sent).status_code == 303
        again = client.post("/people/add/", sent)
        assert (again.status_code, "here already" in again.text) == (422, True)
        weak = client.post("/people/add/", {**sent, "email": "d@x.example", "password": "short"})
        assert weak.status_code == 422
        cem = Agent.objects.get(email="cem@northwind.example")
        assert (cem.name, cem.initials, cem.check_password("sand-between-toes")) == (
            "Cem Ada", "CA", True,
        )  # fmt: skip
        client.post(f"/people/{cem.pk}/activate/", {"active": "no"})
        assert not Agent.objects.get(pk=cem.pk).is_active
        assert "1 person is not at the desk any more" in client.get("/people/").text

    def test_hostile_names_are_only_words(self, client, lead):
        Team.objects.create(name=HOSTILE)
        html = client.get("/people/").text
        assert "<script>alert" not in html
        assert "4567089" not in html.split("Teams</h2>")[1].split("People</h2>")[0]


class TestPresence:
    def test_signing_in_is_coming_to_work_and_signing_out_going_home(self, client, ben):
        client.post("/signin/", {"email": ben.email, "password": factories.PASSWORD})
        assert Presence.objects.get(pk=ben.pk).state == "here"
        client.post("/signout/")
        assert Presence.objects.get(pk=ben.pk).state == "off"

    def test_pages_and_acts_are_signs_of_life_and_what_scripts_fetch_is_none(self, client, ada):
        client.get("/desk/rows", headers=SCRIPT)
        assert not Presence.objects.exists()
        client.get("/desk/")
        assert Presence.objects.get().state == "here"

    def test_an_agent_says_whether_they_are_at_work(self, client, ada):
        answer = client.post("/people/be/", {"state": "away"}, headers=SCRIPT).json()
        assert (answer["state"], answer["says"]) == ("away", "Away.")
        assert 'value="away" aria-pressed="true"' in client.get("/desk/").text
        assert client.post("/people/be/", {"state": "lost"}).status_code == 422
        assert client.post("/people/seen/", headers=SCRIPT).status_code == 200
        assert Presence.objects.get().state == "away"


class TestShifts:
    def test_a_shift_is_given_warned_of_and_accepted(self, client, ada, ben, case):
        assert "Late" in client.get("/handover/").text
        sent = {"to": ben.pk, "note": HOSTILE, "team": ""}
        assert client.post("/handover/give/", sent).status_code == 303
        assert "Ben Okri</bdi> has not accepted your shift yet." in client.get("/desk/").text
        client.force_login(ben)
        assert "Ada Lund</bdi> gave you a shift" in client.get("/desk/").text
        html = client.get("/handover/").text
        assert "take it on" in html
        assert "<script>alert" not in html
        number = shifts.history()[0].id
        client.post(f"/handover/{number}/", {"act": "accept"})
        assert "gave you a shift" not in client.get("/desk/").text
        assert "Accepted" in client.get("/handover/").text

    def test_a_shift_needs_a_receiver_and_a_word(self, client, ada, ben):
        for sent in ({"note": "x"}, {"to": ben.pk}, {"to": 9999, "note": "x"}):
            assert client.post("/handover/give/", sent).status_code == 422
        assert shifts.history() == []

    def test_each_team_has_a_board_of_its_own(self, client, ada, case):
        team = Team.objects.create(name="Billing")
        Case.objects.filter(pk=case.pk).update(team=team)
        assert f"#{case.pk}" in client.get(f"/handover/?team={team.pk}").text
        other = Team.objects.create(name="Network")
        assert f"#{case.pk}" not in client.get(f"/handover/?team={other.pk}").text
