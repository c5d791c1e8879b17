"""The Networks page: how accounts do, and connecting, reconnecting and disconnecting them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client

import factories
from harbour import PAGE, HarbourSignIn, harbour
from sanderling.core.network import Page
from sanderling.core.timing import NEVER
from sanderling.listen.actions import take_in
from sanderling.listen.models import Account, Coverage, Spend
from sanderling.listen.vault import AccountVault
from sanderling.networks.feed.connector import Feed
from sanderling.networks.feed.signin import FeedSignIn
from sanderling.web import clock
from sanderling.wiring import NETWORKS, Kind, network_for

pytestmark = pytest.mark.django_db
FORM = {"handle": "northwind", "password": "fits", "quay": "south", "note": ""}


@pytest.fixture
def sign_in(monkeypatch):
    made = HarbourSignIn()
    monkeypatch.setitem(NETWORKS, "harbour", harbour(made))
    return made


@pytest.fixture
def lead(client):
    agent = factories.agent("Ada Lund", is_lead=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def moment(monkeypatch):
    """What time it is, to be moved."""
    at = [datetime.now(UTC)]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


def now():
    return datetime.now(UTC)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def shown(client):
    return words(client.get("/networks/").text)


def account(**given):
    return factories.account(**{"network": "harbour", "connected_at": now(), **given})


# ── looking ───────────────────────────────────────────────────────────────────────────


def test_a_desk_without_accounts_says_what_to_do(client, sign_in, lead):
    html = client.get("/networks/").text
    assert "Which of your accounts do customers write to?" in html
    assert 'href="/networks/connect/harbour/"' in html
    assert 'href="/networks/connect/practice/"' not in html


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"pulled_at": now()}, "Works"),
        ({"pulled_at": None}, "Not read yet"),
        ({"rest_until": NEVER, "trouble": "Taken back."}, "Must be connected again"),
        ({"rest_until": timedelta(hours=3, minutes=5), "trouble": "Full."}, "Rests for 3 hours"),
        ({"rest_until": timedelta(hours=-3), "trouble": "No answer."}, "Is tried again now"),
        ({"pulled_at": now(), "warning": "No messages."}, "Works, but not all of it"),
    ],
)
def test_how_an_account_does_is_told_in_words(client, sign_in, lead, given, says):
    if isinstance(given.get("rest_until"), timedelta):  # counted from when the test runs
        given = {**given, "rest_until": now() + given["rest_until"]}
    account(**given)
    told = shown(client)
    assert says in told
    assert given.get("trouble", "") in told
    assert given.get("warning", "") in told


def test_times_lag_coverage_and_money_are_told(client, sign_in, lead, moment):
    moment[0] = datetime(2026, 9, 16, tzinfo=UTC)
    a = account(
        connected_at=datetime(2026, 3, 3, 8, 30, tzinfo=UTC), lag_s=3.4,
        heard_at=moment[0] - timedelta(hours=2), pulled_at=moment[0], budget=20_000_000,
    )  # fmt: skip
    Coverage.objects.create(
        account=a, day="2026-09-15", polled=9, streamed=400, repaired=3, listed=413, seen=412
    )
    for day, micros in (("2026-08-31", 99_000_000), ("2026-09-01", 5_000_000)):
        Spend.objects.create(account=a, day=day, act="read a post", count=1, micros=micros)
    told = shown(client)
    assert "Connected since 3 Mar, 08:30" in told
    assert "came 2h ago, 3 seconds after it was written" in told
    assert "Yesterday we saw 412 of 413, 3 repaired" in told
    assert "$5.00 of $20.00. Estimate for the whole month: $10.00" in told
    assert "slowed down" not in told
    Spend.objects.create(account=a, day="2026-09-02", act="read a post", count=1, micros=9_000_000)
    assert "Estimate for the whole month: $28.00, so reading is slowed down" in shown(client)


def spend(a, micros, day="2026-09-02", act="read a post", **given):
    Spend.objects.create(account=a, day=day, act=act, count=1, micros=micros, **given)


def test_what_the_month_went_for_is_told_with_its_three_dearest_columns(
    client, sign_in, lead, moment
):
    moment[0] = datetime(2026, 9, 16, tzinfo=UTC)
    a = account(pulled_at=moment[0])
    costs = {"Outage": 600_000, "To us": 300_000, "Leaving": 200_000, "Reach": 100_000}
    for name, micros in costs.items():
        spend(a, micros, column_id=factories.column(name, "a").pk)
    spend(a, 4_000, column_id=987_654)
    spend(a, 250_000, act="message", case_id=5)
    spend(a, 400_000)
    spend(a, 100_000, act="read a message")
    spend(a, 9_000_000, day="2026-08-31")
    spend(account(), 7_000_000, act="read a message")
    told = shown(client)
    assert "What for Columns $1.20, mentions $0.40, answers $0.25, messages $0.10 " in told
    assert "Dearest columns Outage $0.60, To us $0.30, Leaving $0.20" in told
    assert "Reach" not in told
    assert "What for Messages $7.00" in told


def test_a_network_that_charges_nothing_says_nothing_of_money(client, lead):
    factories.account(pulled_at=now())
    told = shown(client)
    assert "Spent" not in told
    assert "What for" not in told


def late(a, minutes, **given):
    missed_at = now() - timedelta(minutes=minutes)
    Coverage.objects.create(
        account=a, day=missed_at.date(), missed_at=missed_at, **{"repaired": 3, **given}
    )
    return f"{missed_at:%H:%M}"


def test_a_stream_that_did_not_tell_all_is_a_warning(client, sign_in, lead):
    a = account(pulled_at=now(), streamed_at=now())
    at = late(a, 5)
    told = shown(client)
    assert "Works, but hears late" in told
    assert "Its stream or webhook seems quiet: asking found 3 posts that it did not tell" in told
    assert f"the last at {at}. Nothing is lost." in told
    Account.objects.update(warning="No messages.")
    told = shown(client)
    assert "Works, but not all of it" in told
    assert "No messages. Its stream or webhook seems quiet" in told


def test_when_a_post_came_late_is_told_in_the_time_zone_of_the_browser(
    client, sign_in, lead, moment
):
    moment[0] = datetime(2026, 9, 16, 12, tzinfo=UTC)
    a = account(pulled_at=moment[0], streamed_at=moment[0])
    Coverage.objects.create(
        account=a, day="2026-09-16", repaired=1, missed_at=moment[0] - timedelta(minutes=118)
    )
    assert "1 post that it did not tell, at 10:02. Nothing is lost." in shown(client)
    client.cookies["zone"] = "Asia/Tokyo"
    assert "at 19:02. Nothing is lost." in shown(client)


def test_what_came_late_long_ago_is_no_news(client, sign_in, lead):
    late(account(pulled_at=now(), streamed_at=now()), 361)
    assert "Nothing is lost" not in shown(client)


def test_without_a_stream_late_posts_are_not_laid_to_one(client, sign_in, lead):
    late(account(pulled_at=now()), 5, repaired=1)
    told = shown(client)
    assert "Reading all again found 1 post that did not come, at" in told
    assert "stream" not in told


@pytest.mark.parametrize(("silent_days", "polled"), [(3, 4), (3, 0), (0, 4), (8, 4)])
def test_a_silent_stream_is_a_warning_once_posts_came_without_it(
    client, sign_in, lead, moment, silent_days, polled
):
    moment[0] = datetime(2026, 9, 16, 12, tzinfo=UTC)
    a = account(pulled_at=moment[0], streamed_at=moment[0] - timedelta(days=silent_days))
    Coverage.objects.create(account=a, day="2026-09-16", polled=polled)
    told = shown(client)
    assert ("silent for 3 days; asking found 4 posts" in told) is ((silent_days, polled) == (3, 4))
    assert told.count("has been silent") == told.count("silent for 3 days")


def test_a_day_that_was_not_compared_claims_nothing(client, sign_in, lead):
    yesterday = now().date() - timedelta(days=1)
    Coverage.objects.create(account=account(), day=yesterday, polled=2, repaired=1)
    assert "3 posts came, 1 repaired; not yet compared" in shown(client)


def test_an_account_whose_seal_is_broken_must_be_connected_again(client, lead):
    factories.account(secret="sealed with a key that is gone", pulled_at=now())
    told = shown(client)
    assert "Must be connected again" in told
    assert "its key is not in the key file" in told


def test_an_account_of_an_unknown_network_breaks_nothing(client, lead):
    factories.account(network="replay", secret="")
    assert "on replay" in shown(client) or "replay" in shown(client)


# ── who may ───────────────────────────────────────────────────────────────────────────


def test_agents_see_how_accounts_do_and_change_nothing(client, sign_in):
    client.force_login(factories.agent("Ben Holt"))
    a = account(pulled_at=now())
    html = client.get("/networks/").text
    assert "Works" in html
    assert "/networks/connect/" not in html
    assert "<form" not in html.split("<main")[1].split("</main>")[0]
    assert client.get("/networks/connect/harbour/").status_code == 403
    assert client.get("/networks/connect/harbour/elsewhere").status_code == 403
    assert client.get("/networks/back/harbour?code=blue").status_code == 403
    for path in (
        "connect/harbour/",
        "connect/harbour/finish/",
        f"{a.pk}/disconnect/",
        f"{a.pk}/budget/",
        f"{a.pk}/team/",
    ):
        refused = client.post(f"/networks/{path}", FORM)
        assert refused.status_code == 403, path
        assert "Only team leads can do this." in refused.text
    assert not sign_in.begun
    assert Account.objects.get(pk=a.pk).archived_at is None


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get("/networks/")["Location"].startswith("/signin/")
    assert client.get("/networks/back/harbour?code=1")["Location"].startswith("/signin/")


def test_forms_need_their_token_and_the_right_method(lead, sign_in):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    a = account()
    for path in (
        "connect/harbour/",
        "connect/harbour/finish/",
        f"{a.pk}/disconnect/",
        f"{a.pk}/budget/",
        f"{a.pk}/team/",
    ):
        assert strict.post(f"/networks/{path}", FORM).status_code == 403
    for path in (
        "connect/harbour/finish/",
        f"{a.pk}/disconnect/",
        f"{a.pk}/budget/",
        f"{a.pk}/team/",
    ):
        assert strict.get(f"/networks/{path}").status_code == 405
    assert Account.objects.get(pk=a.pk).archived_at is None


# ── connecting ────────────────────────────────────────────────────────────────────────


def test_an_account_is_connected_in_one_step_and_what_was_tried_is_shown_once(
    client, sign_in, lead
):
    form = client.get("/networks/connect/harbour/").text
    assert 'type="password"' in form
    assert "As others write it, without @." in form
    assert "Use the account that customers write to" in form
    answer = client.post("/networks/connect/harbour/", FORM)
    assert (answer.status_code, answer["Location"]) == (303, "/networks/")
    assert sign_in.begun == [(FORM, "http://testserver/networks/back/harbour")]
    html = client.get("/networks/").text
    assert "@northwind</bdi> is connected" in html
    assert "Signed in" in html
    assert "Cannot message &lt;b&gt;anyone" in html
    assert "is connected" not in shown(client)
    row = Account.objects.get()
    assert (row.network, row.handle, row.remote_id) == ("harbour", "northwind", "id-of-northwind")
    assert "secret of" not in row.secret
    assert AccountVault(row.pk).read() == "secret of northwind"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("wrong", "That password does not fit. Make a new one in Settings."),
        ("down", "The harbour does not answer."),
        ("slow", "asks us to wait until 12:00:00 UTC"),
        ("trap", "an address that no browser can open"),
        ("nameless", "characters that no id has"),
    ],
)
def test_what_went_wrong_is_said_beside_the_form_and_nothing_is_saved(
    client, sign_in, lead, password, says
):
    answer = client.post("/networks/connect/harbour/", {**FORM, "password": password})
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert 'value="northwind"' in answer.text
    assert "selected>south" in answer.text
    assert f'value="{password}"' not in answer.text
    assert "javascript:" not in answer.text
    assert not Account.objects.exists()
    assert "connecting" not in client.session


def test_a_network_that_is_not_there_or_needs_no_sign_in_is_said(client, sign_in, lead):
    for path in ("connect/nowhere/", "connect/practice/", "back/nowhere", "back/practice"):
        assert client.get(f"/networks/{path}").status_code == 404


FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Partner status</title>
<item><guid>1</guid><title>All well</title><pubDate>Tue, 13 Oct 2026 09:00:00 GMT</pubDate></item>
</channel></rss>"""


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/feed"
        server.shutdown()


@pytest.mark.django_db(transaction=True)  # its connector asks in threads of its own
def test_a_real_feed_is_connected_and_read_on_from_where_it_was(client, lead, site, monkeypatch):
    kind = Kind(
        "Feed", lambda *given: Feed(*given, allow_private=True), FeedSignIn(allow_private=True)
    )
    monkeypatch.setitem(NETWORKS, "feed", kind)
    for _ in range(2):
        assert client.post("/networks/connect/feed/", {"address": site}).status_code == 303
    told = shown(client)
    assert "127.0.0.1 is connected" in told
    assert "Found the feed “Partner status”" in told
    row = Account.objects.get()
    page = network_for(row.pk).pull(row.cursor)
    assert [post.text for post in page.posts] == ["All well"]
    take_in(account_id=row.pk, page=page, now=now())
    client.post(f"/networks/{row.pk}/disconnect/")
    client.post("/networks/connect/feed/", {"address": site})
    assert Account.objects.get().cursor == page.cursor


# ── saying yes elsewhere ──────────────────────────────────────────────────────────────


def begin(client, password="yes", **more):
    answer = client.post("/networks/connect/harbour/", {**FORM, "password": password, **more})
    assert answer["Location"] == "/networks/connect/harbour/elsewhere", answer.text
    return client.get(answer["Location"]).text


def test_a_yes_on_the_networks_page_leads_back_and_connects(client, sign_in, lead):
    assert f'href="{PAGE}"' in begin(client)
    answer = client.get("/networks/back/harbour?code=blue&state=7")
    assert answer["Location"] == "/networks/"
    assert sign_in.finished == [("kept northwind", {"code": "blue", "state": "7"})]
    assert Account.objects.get().handle == "northwind"
    assert "@northwind is connected" in shown(client)


def test_what_waits_for_a_yes_is_sealed_in_the_session(client, sign_in, lead):
    begin(client)
    kept = client.session["connecting"]
    assert "kept northwind" not in str(dict(client.session))
    assert PAGE not in kept


def test_an_answer_counts_once(client, sign_in, lead):
    begin(client)
    client.get("/networks/back/harbour?code=blue")
    again = client.get("/networks/back/harbour?code=blue")
    assert again.status_code == 409
    assert "Nothing waits for this answer" in again.text
    assert len(sign_in.finished) == 1


def test_a_no_is_said_and_ends_it(client, sign_in, lead):
    begin(client)
    answer = client.get("/networks/back/harbour?error=access_denied")
    assert answer.status_code == 422
    assert "The harbour did not say yes." in answer.text
    assert not Account.objects.exists()
    assert client.get("/networks/back/harbour?code=blue").status_code == 409


def test_an_answer_after_a_quarter_of_an_hour_is_too_late(client, sign_in, lead, moment):
    begin(client)
    moment[0] += timedelta(minutes=14, seconds=59)
    assert client.get("/networks/connect/harbour/elsewhere").status_code == 200
    moment[0] += timedelta(seconds=1)
    assert client.get("/networks/connect/harbour/elsewhere").status_code == 409
    assert client.get("/networks/back/harbour?code=blue").status_code == 409
    assert not sign_in.finished


def test_an_answer_of_another_browser_or_another_network_finishes_nothing(
    client, sign_in, lead, monkeypatch
):
    other = Client()
    other.force_login(lead)
    begin(client)
    assert other.get("/networks/back/harbour?code=blue").status_code == 409
    second = HarbourSignIn()
    monkeypatch.setitem(NETWORKS, "quay", harbour(second))
    assert client.get("/networks/back/quay?code=blue").status_code == 409
    assert not sign_in.finished
    assert not second.finished


@pytest.mark.parametrize(
    "pasted", ["blue", " blue ", "https://desk.example/back?state=7&code=blue"]
)
def test_a_code_or_the_whole_address_is_pasted(client, sign_in, lead, pasted):
    assert 'autocomplete="one-time-code"' in begin(client, "paste")
    answer = client.post("/networks/connect/harbour/finish/", {"answer": pasted})
    assert answer["Location"] == "/networks/"
    assert sign_in.finished[0][1]["code"] == "blue"


def test_the_desks_own_address_is_where_networks_lead_back(client, sign_in, lead, settings):
    settings.PUBLIC_URL = "https://desk.example"
    client.post("/networks/connect/harbour/", FORM)
    assert sign_in.begun[0][1] == "https://desk.example/networks/back/harbour"


# ── again, and the end ────────────────────────────────────────────────────────────────


def test_connecting_again_keeps_history_place_and_number(client, sign_in, lead):
    client.post("/networks/connect/harbour/", FORM)
    a = Account.objects.get()
    take_in(account_id=a.pk, page=Page(cursor="page 7"), now=now())
    Account.objects.update(rest_until=NEVER, trouble="Taken back.")
    assert "@northwind</bdi> again" in client.get(f"/networks/connect/harbour/?account={a.pk}").text
    begin(client, account=a.pk)
    client.get("/networks/back/harbour?code=blue")
    again = Account.objects.get()
    assert (again.pk, again.cursor, again.trouble, again.rest_until) == (a.pk, "page 7", "", None)
    assert "This is another account" not in shown(client)


def test_connecting_another_account_instead_is_said(client, sign_in, lead):
    a = account(rest_until=NEVER, trouble="Taken back.")
    client.post("/networks/connect/harbour/", {**FORM, "account": a.pk})
    assert "This is another account than the one that you wanted" in shown(client)
    assert Account.objects.get(pk=a.pk).trouble == "Taken back."


def test_a_disconnected_account_keeps_its_history_and_forgets_its_sign_in(client, sign_in, lead):
    client.post("/networks/connect/harbour/", FORM)
    a = Account.objects.get()
    take_in(account_id=a.pk, page=Page(cursor="page 7"), now=now())
    case = factories.case(a, factories.identity())
    answer = client.post(f"/networks/{a.pk}/disconnect/")
    assert (answer.status_code, answer["Location"]) == (303, "/networks/")
    gone = Account.objects.get()
    assert gone.archived_at
    assert (gone.secret, gone.cursor) == ("", "page 7")
    assert client.get(f"/case/{case.pk}/").status_code == 200
    assert "1 account disconnected" in shown(client)
    client.post("/networks/connect/harbour/", FORM)
    back = Account.objects.get()
    assert (back.pk, back.archived_at, back.cursor) == (a.pk, None, "page 7")


def test_an_account_that_is_gone_cannot_be_changed(client, sign_in, lead):
    a = account(archived_at=now())
    for path in (f"{a.pk}/disconnect/", f"{a.pk}/budget/", f"{a.pk}/team/", "987654/budget/"):
        answer = client.post(f"/networks/{path}", {"budget": "5"}, headers={"X-Desk": "1"})
        assert answer.status_code == 404
        assert answer.json()["why"] == ["This account is not connected any more."]


@pytest.mark.parametrize(
    ("typed", "micros"),
    [("50", 50_000_000), ("12,50", 12_500_000), (" 0.015 ", 15_000), ("0", 0), ("", None)],
)
def test_a_budget_is_set_and_taken_away(client, sign_in, lead, typed, micros):
    a = account(budget=1)
    assert client.post(f"/networks/{a.pk}/budget/", {"budget": typed}).status_code == 303
    assert Account.objects.get().budget == micros


@pytest.mark.parametrize("typed", ["-1", "a lot", "nan", "inf", "1e99", "10000001"])
def test_what_is_no_budget_is_refused_in_words(client, sign_in, lead, typed):
    a = account(budget=1)
    answer = client.post(f"/networks/{a.pk}/budget/", {"budget": typed}, headers={"X-Desk": "1"})
    assert (answer.status_code, Account.objects.get().budget) == (422, 1)
    assert answer.json()["why"] == ["A budget is an amount of money, like 50 or 12.50."]


def test_an_account_belongs_to_a_team_or_to_everybody(client, sign_in, lead):
    a, b = account(), account()
    for row, name in ((a, " Billing  care "), (b, "Billing care")):
        assert client.post(f"/networks/{row.pk}/team/", {"team": name}).status_code == 303
    assert Account.objects.get(pk=a.pk).team_id == Account.objects.get(pk=b.pk).team_id
    assert shown(client).count("Harbour · Billing care") == 2
    client.post(f"/networks/{a.pk}/team/", {"team": " "})
    assert shown(client).count("Harbour · Billing care") == 1


# ── the banner ────────────────────────────────────────────────────────────────────────


def test_leads_see_on_every_page_what_must_be_connected_again(client, sign_in, lead):
    a = account(handle="care")
    assert "must be connected again" not in client.get("/desk/").text
    Account.objects.update(rest_until=NEVER, trouble="Taken back.")
    for path in ("/desk/", "/deck/", "/networks/"):
        html = client.get(path).text
        assert "@care on Harbour must be connected again." in words(html), path
        assert f'href="/networks/#account-{a.pk}"' in html
    account(handle="other", rest_until=NEVER, trouble="Gone.")
    assert "2 accounts must be connected again." in shown(client)
    Account.objects.update(archived_at=now())
    assert "must be connected again" not in shown(client)


def test_other_agents_and_short_rests_see_no_banner(client, sign_in):
    client.force_login(factories.agent("Ben Holt"))
    account(rest_until=NEVER, trouble="Taken back.")
    assert "must be connected again" not in client.get("/desk/").text
    client.force_login(factories.agent("Ada Lund", is_lead=True))
    Account.objects.update(rest_until=now() + timedelta(hours=3))
    assert "must be connected again" not in client.get("/desk/").text
