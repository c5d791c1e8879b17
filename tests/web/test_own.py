"""Settings of one's own: what an agent changes, what follows them, what a notice says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import factories
import seas
from pictures import JPEG
from sanderling.cases import actions
from sanderling.cases.models import Case
from sanderling.incidents.models import Alert
from sanderling.people.models import Agent, Preference
from sanderling.people.queries import Taste, taste
from sanderling.web import clock, marks, wording

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}
NEW = "a bird that runs"


@pytest.fixture(autouse=True)
def _at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: factories.NOW)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


def second_browser(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def like(client, **liked):
    return client.post("/settings/taste/", liked, headers=SCRIPT)


@pytest.mark.parametrize("path", ["/settings/", "/notices", "/faces/abc"])
def test_settings_are_for_agents(client, path):
    assert client.get(path).status_code == 302


def test_the_page_shows_how_answers_are_signed(client, ada):
    page = client.get("/settings/").text
    assert '<span class="sig">^AL</span>' in page
    assert '<option value="de" lang="de" translate="no">Deutsch</option>' in page


class TestTaste:
    def test_what_is_liked_follows_to_a_second_browser(self, client, ada):
        like(client, theme="dark", density="compact")
        like(client, letters="no", sound="yes")
        page = second_browser(ada).get("/desk/").text
        for told in ('data-theme="dark"', 'data-density="compact"', 'data-letters="off"',
                     'data-tell="sound"'):  # fmt: skip
            assert told in page

    def test_a_browser_that_is_behind_is_brought_up_to_date(self, client, ada):
        other = second_browser(ada)
        other.get("/desk/")
        like(client, theme="dark")
        assert 'data-theme="dark"' in other.get("/desk/").text
        assert other.cookies["theme"].value == "dark"

    def test_a_change_in_this_browser_counts_before_the_desk_has_heard_of_it(self, client, ada):
        like(client, theme="dark")
        client.get("/desk/")
        client.cookies["theme"] = "light"  # as the script writes it, at once
        assert 'data-theme="light"' in client.get("/desk/").text
        like(client, theme="light")
        assert 'data-theme="light"' in second_browser(ada).get("/desk/").text

    def test_a_browser_of_a_colleague_is_not_theirs_to_like(self, client, ada):
        like(client, theme="dark")
        client.get("/desk/")
        client.force_login(factories.agent("Ben Cole"))
        assert 'data-theme="' not in client.get("/desk/").text

    def test_what_a_browser_liked_before_is_kept(self, client, ada):
        client.cookies["theme"] = "dark"
        client.get("/desk/")
        assert 'data-theme="dark"' in client.get("/desk/").text

    def test_a_time_zone_of_ones_own_goes_before_that_of_the_browser(self, client, ada):
        client.cookies["zone"] = "Europe/Berlin"
        assert "Europe/Berlin</bdi></b>, where it is 11:05" in client.get("/settings/").text
        like(client, zone="Asia/Tokyo")
        page = client.get("/settings/").text
        assert "Asia/Tokyo</bdi></b>, where it is 18:05" in page
        assert 'data-zone="Asia/Tokyo"' in page
        assert client.cookies["zone"].value == "Asia/Tokyo", "parts of pages follow"

    def test_a_form_without_script_switches_on_and_off(self, client, ada):
        sent = {"letters": ["no"], "about": ["", "late"]}
        assert client.post("/settings/taste/", sent).status_code == 303
        assert (taste(ada.pk).letters, taste(ada.pk).about) == (False, ("late",))
        client.post("/settings/taste/", {"letters": ["no", "yes"]})
        assert taste(ada.pk).letters
        assert taste(ada.pk).about == ("late",), "what the form does not name stays"

    @pytest.mark.parametrize("liked", [{"theme": "neon"}, {"about": "gossip"}, {"zone": "x" * 999}])
    def test_what_the_desk_does_not_know_is_refused_in_words(self, client, ada, liked):
        answer = like(client, **liked)
        assert (answer.status_code, taste(ada.pk)) == (422, Taste())
        assert "does not know" in answer.json()["why"][0]

    def test_a_form_from_elsewhere_changes_nothing(self, ada):
        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        assert like(client, theme="dark").status_code == 403
        assert not Preference.objects.exists()


class TestOneself:
    def test_a_picture_is_seen_by_colleagues_wherever_the_face_is(self, client, ada):
        file = SimpleUploadedFile("me.svg", JPEG, content_type="text/html")
        assert client.post("/settings/picture/", {"file": file}, headers=SCRIPT).status_code == 200
        ada.refresh_from_db()
        address = "/faces/" + ada.avatar.removeprefix("agent:")
        ben = second_browser(factories.agent("Ben Cole"))
        assert f'src="{address}"' in ben.get("/people/").text
        served = ben.get(address)
        assert (served["Content-Type"], served["X-Content-Type-Options"]) == (
            "image/jpeg",
            "nosniff",
        )
        assert "sandbox" in served["Content-Security-Policy"]
        assert ben.get("/faces/no-such-face").status_code == 404

    @pytest.mark.parametrize(
        "strange", ["agent:", "agent:../../x", 'agent:"><b>', "agent:" + "é" * 24]
    )
    def test_a_strange_picture_is_no_address(self, strange):
        who = factories.identity(avatar=strange)
        assert "<img" not in marks.avatar(who, 36)

    def test_no_picture_is_said_in_words(self, client, ada):
        answer = client.post("/settings/picture/", {}, headers=SCRIPT)
        assert answer.json()["why"] == ["Choose a picture first."]

    def test_a_name_is_changed_and_shown(self, client, ada):
        client.post("/settings/name/", {"name": "Ada Berg", "initials": "ab"})
        assert "^AB" in client.get("/settings/").text
        refused = client.post("/settings/name/", {"name": "", "initials": "ab"})
        assert refused.status_code == 422
        assert 'href="/settings/"' in refused.text


class TestPassword:
    def change(self, client, old=factories.PASSWORD, new=NEW, again=NEW):
        sent = {"old": old, "new": new, "again": again}
        return client.post("/settings/password/", sent, headers=SCRIPT)

    def test_it_ends_every_other_session_and_not_this_one(self, client, ada):
        other = second_browser(ada)
        assert self.change(client).status_code == 200
        assert client.get("/desk/").status_code == 200
        assert other.get("/desk/").status_code == 302
        assert Agent.objects.get(pk=ada.pk).check_password(NEW)

    def test_the_old_one_is_asked_for_with_patience(self, client, ada):
        for _ in range(5):
            assert self.change(client, old="no").status_code == 403
        answer = self.change(client)
        assert answer.status_code == 429
        assert "Wait 10 minutes" in answer.json()["why"][0]
        assert Agent.objects.get(pk=ada.pk).check_password(factories.PASSWORD)

    @pytest.mark.parametrize(
        "given", [{"again": "another one"}, {"new": "short", "again": "short"}]
    )
    def test_a_slip_changes_nothing(self, client, ada, given):
        assert self.change(client, **given).status_code == 422
        assert Agent.objects.get(pk=ada.pk).check_password(factories.PASSWORD)


class TestNotices:
    @pytest.fixture
    def named(self, ada):
        case = factories.case(factories.account(), factories.identity(), "My number is 0151 234")
        by = factories.agent("Ben Oduya")
        text = "@Ada he says: my number is 0151 234"
        actions.write_note(case_id=case.pk, text=text, by=by.pk, now=factories.NOW)
        Case.objects.update(urgency=3, last_at=factories.NOW)
        return case

    def told(self, client):
        since = wording.stamp(factories.NOW) - 60_000
        return client.get("/notices", {"since": since}).json()

    def test_nothing_is_told_unless_the_agent_chose_a_way(self, client, named):
        assert self.told(client) == {"desktop": False, "sound": False, "notices": []}

    def test_no_word_of_a_customer_is_told_unless_the_agent_chose_so(self, client, named):
        like(client, desktop="yes")
        told = self.told(client)["notices"]
        assert {n["title"] for n in told} == {"Ben Oduya named you", "Critical, and nobody has it"}
        assert "0151" not in str(told)
        assert "Jonas" not in str(told)
        like(client, words="yes")
        assert sum("0151 234" in n["says"] for n in self.told(client)["notices"]) == 2

    def test_a_lead_is_told_of_a_storm_without_a_word_of_customers(self, client, ada):
        ada.is_lead = True
        ada.save()
        about = seas.incident("the signal ist weg")
        Alert.objects.create(incident=about, step="storm", says="x", at=factories.NOW)
        like(client, desktop="yes")
        (notice,) = self.told(client)["notices"]
        assert notice["title"] == "An incident: storm"
        assert notice["to"].startswith(f"/incidents/{about.pk}/")
        assert "weg" not in str(notice)
        like(client, words="yes")
        assert "weg" in self.told(client)["notices"][0]["title"]

    def test_old_news_is_no_news(self, client, named, monkeypatch):
        like(client, desktop="yes")
        monkeypatch.setattr(clock, "now", lambda: factories.NOW.replace(hour=11))
        assert client.get("/notices").json()["notices"] == []


def test_the_title_and_the_icon_of_every_page_tell_of_what_is_at_risk(client, ada):
    assert "<title>Settings · Sanderling</title>" in client.get("/settings/").text
    factories.case(factories.account(), factories.identity(), due_at=factories.NOW)
    page = client.get("/settings/").text
    assert "<title>(1) Settings · Sanderling</title>" in page
    assert 'favicon-risk.svg" data-calm' in page
    assert 'data-at-risk="1"' in client.get("/badges?page=other", headers=SCRIPT).text


def test_skills_and_loads_on_the_people_page_are_for_leads(client, ada):
    assert "Cases at once" not in client.get("/people/").text
    client.force_login(factories.agent("Lea Lead", is_lead=True))
    assert "Cases at once" in client.get("/people/").text
