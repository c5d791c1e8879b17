"""The live stream, from a committed action to an event in a browser's stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.db import connection, transaction

import factories
from sanderling.cases.actions import write_note
from sanderling.store.announce import announce
from serving import served, session_of

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = httpx.Timeout(10.0)


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as found:
        yield found


@pytest.fixture
def cookies():
    return {"sessionid": session_of(factories.agent("Ada Lund"))}


@contextmanager
def stream(address: str, cookies: dict[str, str], since: int | None = None, **headers: str):
    """A browser's stream: its events as (id, topics), those without topics left out."""
    query = f"?since={since}" if since is not None else ""
    with httpx.stream(
        "GET", f"{address}/live{query}", cookies=cookies, headers=headers, timeout=PATIENCE
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        yield events(answer)


def events(answer: httpx.Response):
    number, said = 0, ""
    for line in answer.iter_lines():
        if line.startswith("id: "):
            number = int(line[4:])
        elif line.startswith("data: "):
            said = line[6:]
        elif not line and said not in ("", "."):
            yield number, set(said.split())
            said = ""


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


def until(found, topic: str) -> tuple[int, set[str]]:
    """The first event that holds `topic`."""
    return next(event for event in found if topic in event[1])


def test_a_committed_action_pokes_and_a_rolled_back_one_does_not(address, cookies):
    agent = factories.agent("Ben Oak")
    case = factories.case(factories.account(), factories.identity())
    with stream(address, cookies, since=0) as found:
        next(found)
        with transaction.atomic():
            announce(["rolled-back"])
            transaction.set_rollback(True)
        write_note(case_id=case.pk, text="Hello", by=agent.pk, now=factories.NOW)
        heard = set()
        for _, topics in found:
            heard |= topics
            if f"case-{case.pk}" in heard:
                break
    assert "rolled-back" not in heard


def test_what_one_transaction_says_arrives_in_one_event(address, cookies):
    with stream(address, cookies, since=0) as found:
        next(found)
        time.sleep(0.3)  # let the stream fall quiet
        announce(["one", "two", "three"])
        assert {"one", "two", "three"} <= until(found, "one")[1]


def test_pokes_after_the_first_are_gathered(address, cookies):
    with stream(address, cookies, since=0) as found:
        next(found)
        time.sleep(0.3)
        for n in range(40):
            announce([f"burst-{n}"])
        arrived, heard = 0, set()
        while "burst-39" not in heard:
            heard |= next(found)[1]
            arrived += 1
    assert heard >= {f"burst-{n}" for n in range(40)}
    assert arrived < 20


@pytest.mark.parametrize("cookie", [{}, {"sessionid": "x" * 32}, {"sessionid": "\\0'; drop"}])
def test_strangers_hear_nothing(address, cookie):
    assert httpx.get(f"{address}/live", cookies=cookie, timeout=PATIENCE).status_code == 401


def test_an_agent_who_left_hears_nothing(address):
    gone = factories.agent("Gone", is_active=False)
    answer = httpx.get(f"{address}/live", cookies={"sessionid": session_of(gone)}, timeout=PATIENCE)
    assert answer.status_code == 401


def test_a_browser_that_was_away_is_told_what_it_missed(address, cookies):
    with stream(address, cookies, since=0) as found:
        next(found)
        time.sleep(1.2)
        announce(["before"])
        last, _ = until(found, "before")
    time.sleep(1.2)  # more than the margin between two clocks
    announce(["while-away"])
    time.sleep(0.4)
    with stream(address, cookies, **{"Last-Event-ID": str(last + 1100)}) as found:
        _, missed = next(found)
    assert "while-away" in missed
    assert "before" not in missed
    assert "*" not in missed


def test_a_page_made_before_an_event_hears_of_it_even_if_its_stream_opens_later(address, cookies):
    with stream(address, cookies, since=0) as found:
        next(found)
        time.sleep(1.2)  # older than the margin between two clocks, or all would count as missed
        made_at = milliseconds()
        announce(["in-between"])
        until(found, "in-between")
    with stream(address, cookies, since=made_at) as found:
        assert "in-between" in next(found)[1]


def test_a_browser_that_was_away_for_too_long_fetches_everything(address, cookies):
    with stream(address, cookies, since=1) as found:
        assert next(found)[1] == {"*"}


def test_when_the_database_drops_the_line_everything_counts_as_changed(cookies):
    with served() as address, stream(address, cookies, since=0) as found:
        next(found)
        time.sleep(0.5)
        announce(["before"])
        until(found, "before")
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and query ilike 'listen%%'"
                " or (query = 'select 1' and pid <> pg_backend_pid())"
            )
        until(found, "*")
        announce(["afterwards"])
        until(found, "afterwards")


def test_pages_files_and_the_stream_share_one_address(address, cookies):
    page = httpx.get(f"{address}/desk/", cookies=cookies, timeout=PATIENCE)
    assert page.status_code == 200
    sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    style = httpx.get(address + sheet, timeout=PATIENCE)
    assert style.headers["content-encoding"] == "gzip"
    assert "immutable" in style.headers["cache-control"]
    assert page.headers["content-encoding"] == "gzip"
    assert httpx.get(f"{address}/static/x/settings.py", timeout=PATIENCE).status_code == 404
