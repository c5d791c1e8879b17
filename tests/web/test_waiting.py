"""What waits for an agent, and acts on what hangs on a case, without a script and with one."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions, asking, attention, linking, promising
from sanderling.cases.models import Ask, Case, Link, Mention, Promise
from sanderling.web import clock

pytestmark = pytest.mark.django_db
NOW = factories.NOW
SCRIPT = {"X-Desk": "1"}
HOUR = timedelta(hours=1)
LISTS = ("/mentions/", "/lists/asked/", "/lists/promises/", "/lists/others/")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def ben():
    return factories.agent("Ben Oduya")


@pytest.fixture
def case(ada):
    return factories.case(
        factories.account(), factories.identity(), owner=ada, state="open", due_kind=""
    )


def asked(case, to, by, question="Is the <b>cell</b> down?"):
    return asking.ask(
        case_id=case.pk, to=to.pk, question=question, remind=4 * HOUR, by=by.pk, now=NOW
    )


def promised(case, by, hours=4):
    return promising.keep(
        case_id=case.pk, text="We call <i>you</i>.", due=NOW + hours * HOUR, by=by.pk, now=NOW
    )


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_for_agents_and_says_when_it_is_empty(client, ada, path):
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="empty"' in page.text
    assert page.text.count('aria-current="page"') == 2  # the list, and the link in the frame
    client.logout()
    assert client.get(path).status_code == 302


def test_a_mention_is_shown_until_its_case_is_opened(client, ada, ben, case):
    actions.write_note(case_id=case.pk, text="@Ada <b>look</b>", by=ben.pk, now=NOW)
    assert "&lt;b&gt;look" in client.get("/mentions/").text
    assert "1<span" in client.get("/foryou", headers=SCRIPT).text
    client.get(f"/case/{case.pk}/timeline", headers=SCRIPT)  # in a tab behind, perhaps
    assert Mention.objects.filter(seen_at=None).exists()
    client.get(f"/case/{case.pk}/")
    assert not Mention.objects.filter(seen_at=None).exists()
    assert "1<span" not in client.get("/foryou", headers=SCRIPT).text


def test_a_colleague_is_asked_from_the_case_and_answers_from_the_list(client, ada, ben, case):
    page = client.post(f"/case/{case.pk}/ask/", {"to": ben.pk, "question": "Is it down?"})
    assert (page.status_code, page.url) == (303, f"/case/{case.pk}/")
    assert "You asked Ben Oduya" in client.get(f"/case/{case.pk}/").text
    assert "waits on <b><bdi>Ben Oduya" in client.get("/lists/others/").text
    client.force_login(ben)
    assert "Is it down?" in client.get("/lists/asked/").text
    number = Ask.objects.get().pk
    said = client.post(f"/lists/asked/{number}/answer/", {"answer": "Yes.", "from": "list"})
    assert (said.status_code, said.url) == (303, "/lists/asked/")
    assert not Case.objects.get().snoozed
    client.force_login(ada)
    assert "Yes." in client.get("/mentions/").text


def test_who_is_asked_can_answer_on_the_case_itself(client, ada, ben, case):
    number = asked(case, ben, ada)
    client.force_login(ben)
    page = client.get(f"/case/{case.pk}/matters", headers=SCRIPT).text
    assert "Ada Lund asks you" in page
    assert "&lt;b&gt;cell" in page
    said = client.post(f"/lists/asked/{number}/answer/", {"answer": "No.", "from": "case"})
    assert said.url == f"/case/{case.pk}/"


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"question": "x"}, "whom"), ({"to": "1x", "question": "x"}, "whom"),
     ({"to": "BEN", "question": " "}, "some words"), ({"to": "0", "question": "x"}, "not at")],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_given_back_in_words(
    client, ada, ben, case, fields, why
):
    fields = {k: str(ben.pk) if v == "BEN" else v for k, v in fields.items()}
    said = client.post(f"/case/{case.pk}/ask/", fields, headers=SCRIPT)
    assert said.status_code == 422
    assert why in said.json()["why"][0]
    assert "x" in client.post(f"/case/{case.pk}/ask/", {"question": "kept x"}).text


def test_a_question_is_withdrawn_and_answered_too_late(client, ada, ben, case):
    number = asked(case, ben, ada)
    client.post(f"/lists/asked/{number}/withdraw/")
    client.force_login(ben)
    said = client.post(f"/lists/asked/{number}/answer/", {"answer": "Yes"}, headers=SCRIPT)
    assert (said.status_code, "withdrawn" in said.json()["why"][0]) == (409, True)


def test_a_case_waits_on_a_third_party_and_is_woken(client, ada, case):
    client.post(f"/case/{case.pk}/wait/", {"whom": "the <b>courier", "minutes": "120"})
    page = client.get(f"/case/{case.pk}/").text
    assert "Waits on <bdi>the &lt;b&gt;courier" in page
    client.post(f"/case/{case.pk}/snooze/", {"minutes": "0"})
    assert Case.objects.get().waits_on == ""
    refused = client.post(f"/case/{case.pk}/wait/", {"whom": "x", "minutes": "0"}, headers=SCRIPT)
    assert refused.status_code == 422


def test_promises_are_kept_and_dropped_from_the_list(client, ada, case):
    one, other = promised(case, ada), promised(case, ada, 9)
    page = client.get("/lists/promises/").text
    assert page.count("We call &lt;i&gt;you") == 2
    client.post(f"/lists/promises/{one}/", {"how": "kept", "from": "list"})
    refused = client.post(f"/lists/promises/{other}/", {"how": "drop", "why": ""}, headers=SCRIPT)
    assert refused.status_code == 422
    client.post(f"/lists/promises/{other}/", {"how": "drop", "why": "it came"})
    assert not attention.promises().rows
    gone = client.post(f"/lists/promises/{other}/", {"how": "kept"}, headers=SCRIPT)
    assert gone.status_code == 409


def test_a_late_promise_is_marked_on_its_case(client, ada, case, monkeypatch):
    promised(case, ada)
    assert "matter--late" not in client.get(f"/case/{case.pk}/").text
    monkeypatch.setattr(clock, "now", lambda: NOW + 5 * HOUR)
    assert "matter--late" in client.get(f"/case/{case.pk}/").text


def test_a_sent_answer_is_asked_about_its_promise_and_is_on_its_way_whatever_is_said(
    client, ada, case
):
    client.cookies["zone"] = "Europe/Berlin"
    fields = {
        "room": "public",
        "text_public": "Sorry. We will call you tomorrow at 15:00.",
        "then": "wait",
        "seen": case.about_post_id,
    }
    said = client.post(f"/case/{case.pk}/send/", fields, headers=SCRIPT).json()
    assert said["outgoing"]
    assert said["promises"] == [
        {"text": "We will call you tomorrow at 15:00.", "due": "2026-10-14T15:00",
         "by": "Wed 14 Oct 15:00"}
    ]  # fmt: skip
    assert not Promise.objects.exists()
    kept = {k: said["promises"][0][k] for k in ("text", "due")}
    assert client.post(f"/case/{case.pk}/promise/", kept, headers=SCRIPT).status_code == 200
    made = Promise.objects.get()
    assert (made.by, f"{made.due_at:%d %H:%M}") == (ada, "14 13:00")


def test_without_a_script_a_page_asks_about_the_promise(client, ada, case):
    fields = {"room": "public", "text_public": "We will call you tomorrow.", "then": "wait"}
    fields["seen"] = case.about_post_id
    said = client.post(f"/case/{case.pk}/send/", fields)
    assert said.status_code == 303
    page = client.get(said.url)
    assert "You promise something" in page.text
    assert 'value="2026-10-14T18:00"' in page.text
    client.post(f"/case/{case.pk}/promise/", {"text": "We will call", "due": "2026-10-15T09:30"})
    assert f"{Promise.objects.get().due_at:%d %H:%M}" == "15 09:30"


def test_an_answer_without_a_promise_asks_nothing(client, ada, case):
    fields = {"room": "public", "text_public": "Thank you.", "seen": case.about_post_id}
    assert client.post(f"/case/{case.pk}/send/", fields).url == f"/case/{case.pk}/"


@pytest.mark.parametrize(
    "due", ["", "soon", "2026-13-40T99:00", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_a_promise_needs_a_time_that_makes_sense(client, ada, case, due):
    fields = {"text": "We call", "due": due}
    assert client.post(f"/case/{case.pk}/promise/", fields, headers=SCRIPT).status_code == 422
    assert client.get(f"/case/{case.pk}/promise/", fields).status_code == 200
    assert not Promise.objects.exists()


def test_a_case_is_linked_by_its_number_and_unlinked(client, ada, case):
    other = factories.case(factories.account(), factories.identity("Lena Ott"))
    client.post(f"/case/{case.pk}/link/", {"other": f"#{other.pk}", "why": "same <b>bill"})
    for one, there in ((case, other), (other, case)):
        page = client.get(f"/case/{one.pk}/").text
        assert f'href="/case/{there.pk}/">#{there.pk}' in page
        assert "same &lt;b&gt;bill" in page
    client.post(f"/case/{case.pk}/unlink/", {"other": other.pk})
    assert Link.objects.get().until == NOW


@pytest.mark.parametrize("other", ["", "x", "0", "SELF"])
def test_what_cannot_be_linked_is_said(client, ada, case, other):
    fields = {"other": case.pk if other == "SELF" else other, "why": "x"}
    assert client.post(f"/case/{case.pk}/link/", fields, headers=SCRIPT).status_code in (
        404,
        409,
        422,
    )


def test_links_are_shown_with_the_state_of_the_other_case(client, ada, case):
    other = factories.case(factories.account(), factories.identity("Lena Ott"))
    linking.link(one=case.pk, other=other.pk, why="x", by=ada.pk, now=NOW)
    assert "belongs to this, new" in client.get(f"/case/{case.pk}/").text


def test_names_of_colleagues_stand_ready_for_a_note(client, ada, ben, case):
    assert f'id="name-{ben.pk}" data-name="Ben Oduya"' in client.get(f"/case/{case.pk}/").text


@pytest.mark.parametrize("path", ["ask/", "wait/", "link/", "unlink/", "praise/"])
def test_acts_are_posts_of_agents(client, ada, case, path):
    assert client.get(f"/case/{case.pk}/{path}").status_code == 405
    client.logout()
    assert client.post(f"/case/{case.pk}/{path}").status_code == 302


@pytest.mark.parametrize("path", ["promise/", "history", "matters"])
def test_pages_of_a_case_that_is_not_there_say_so(client, ada, path):
    assert client.get(f"/case/77/{path}").status_code == 404
