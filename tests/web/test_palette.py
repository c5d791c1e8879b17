"""The palette and the keys: what is found, and one table for everything that tells a key."""

from __future__ import annotations

import re

import pytest
from django.db import connection

import factories
from house.house import SOURCE
from sanderling.cases.calling import LAST
from sanderling.store.sql import statement
from sanderling.web import keymap
from sanderling.web.keymap import NAMED, TABLE, Command, commands

pytestmark = pytest.mark.django_db
PAGES = SOURCE / "web"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def account():
    return factories.account()


def options(client, typed):
    found = re.findall(r'id="found-(\S+?)"', client.get("/palette/", {"q": typed}).text)
    return [name for name in found if name != "search"]


def test_a_case_is_found_by_its_number_with_and_without_its_mark(client, ada, account):
    case = factories.case(account, factories.identity("Jonas Veld"))
    for typed in (str(case.pk), f"#{case.pk}", f" # {case.pk} "):
        assert f"case-{case.pk}" in options(client, typed)
    assert f"case-{case.pk}" not in options(client, f"@{case.pk}")


def test_people_are_found_by_how_their_name_or_handle_begins_with_their_newest_case(
    client, ada, account
):
    jonas = factories.identity("Jonas Veld", handle="ferryman")
    older, newer = factories.case(account, jonas), factories.case(account, jonas)
    other = factories.case(account, factories.identity("Delia Farr"))
    for typed in ("jon", "JONAS V", "@ferry", "ferryman"):
        assert options(client, typed) == ["cases", f"case-{newer.pk}"], typed
    assert options(client, "eld") == []
    assert options(client, "#jonas") == []
    assert f"case-{other.pk}" in options(client, "d")
    assert f"case-{older.pk}" not in options(client, "jonas")


def test_no_more_than_eight_are_shown_the_newest_first(client, ada, account):
    made = [factories.case(account, factories.identity(f"Jo {i}")).pk for i in range(11)]
    found = [f"case-{pk}" for pk in reversed(made[3:])]
    assert options(client, "jo") == ["cases", *found]


def test_accounts_are_found_and_the_sign_alone_finds_nothing(client, ada):
    account = factories.account()
    assert f"account-{account.pk}" in options(client, account.handle[1:6])
    for typed in ("", " ", "@", "#", "\0"):
        assert options(client, typed) == []


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "9" * 40, "x" * 5000, "\0a", "¼", "'; --"])
def test_anything_may_be_typed(client, ada, account, typed):
    factories.case(account, factories.identity("Jonas Veld"))
    assert client.get("/palette/", {"q": typed}).status_code == 200
    assert not [found for found in options(client, typed) if found.startswith("case")]


def test_what_strangers_call_themselves_is_escaped(client, ada, account):
    factories.case(account, factories.identity(HOSTILE))
    html = client.get("/palette/", {"q": "<script"}).text
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_the_last_option_searches_everywhere(client, ada):
    html = client.get("/palette/", {"q": "no signal & <more>"}).text
    last = re.findall(r'role="option".*?data-go="([^"]+)"', html)[-1]
    assert last == "/search/?q=no+signal+%26+%3Cmore%3E"
    assert client.get(last).status_code == 200


def test_the_palette_is_for_agents(client):
    assert client.get("/palette/", {"q": "a"}).status_code == 302
    assert client.get("/palette/", {"q": "a"}, headers={"X-Desk": "1"}).status_code == 401


@pytest.mark.parametrize("is_lead", [False, True])
def test_every_page_offers_an_agent_what_is_theirs_to_open(client, is_lead):
    client.force_login(factories.agent("Ada Lund", is_lead=is_lead))
    html = client.get("/people/").text
    assert ('id="do-causes"' in html) == is_lead
    for command in keymap.offered(is_lead=is_lead):
        assert f'id="do-{command.name}"' in html
        if command.go:
            assert client.get(command.go).status_code == 200, command.go


def test_no_key_has_two_meanings_in_one_place():
    everywhere = [c.key for c in TABLE if c.where in ("Everywhere", keymap.GO) and c.key]
    desk = [c.key for c in TABLE if c.where in ("List", keymap.CASE) and c.key]
    assert len(set(everywhere + desk)) == len(everywhere + desk)
    assert len(NAMED) == len(TABLE)


@pytest.mark.parametrize(
    ("keys", "key", "aria"),
    [
        ("G D", "g d", ""),
        ("⇧ R", "R", "Shift+R"),
        ("A", "a", "A"),
        ("[", "[", "["),
        ("Space", " ", "Space"),
        ("↵", "", "Enter"),
        ("⌘ ↵", "", "Control+Enter Meta+Enter"),
        ("⌘ ⇧ ↵", "", "Control+Shift+Enter Meta+Shift+Enter"),
        ("J K", "", ""),
    ],
)
def test_keys_are_named_for_scripts_and_for_ears(keys, key, aria):
    command = Command("x", "x", keys, "x")
    assert (command.key, command.aria) == (key, aria)


def scripts():
    return "\n".join(p.read_text() for p in (PAGES / "static/js").glob("*.js"))


def test_every_key_that_a_script_hears_is_in_the_table():
    told = {c.key.lower() for c in TABLE if c.key}
    told |= {key.lower() for c in TABLE if not c.key for key in c.keys.split()}
    arrows = {"ArrowDown": "↓", "ArrowUp": "↑", "ArrowRight": "→", "ArrowLeft": "←"}
    heard = set(re.findall(r'onKey\("([^"]+)"', scripts()))
    assert heard
    assert {key for key in heard if arrows.get(key, key.lower()) not in told} == set()


def test_every_single_key_of_the_desk_is_heard():
    heard = set(re.findall(r'onKey\("([^"]+)"', scripts())) | {"1", "2", "3"}
    lone = [c for c in commands() if c.key and not c.go and not c.press]
    assert [c.words for c in lone if c.key not in heard and c.key != "/"] == []


def test_buttons_tell_the_keys_of_the_table_and_no_other():
    written = [
        f"{page.name}: {said}"
        for page in (PAGES / "templates").rglob("*.html")
        for said in re.findall(r'aria-keyshortcuts="[^"{]*"', page.read_text())
    ]
    theirs = {"judging.html", "viewer.html"}  # dialogs, whose keys rest outside of them
    assert [said for said in written if said.partition(":")[0] not in theirs] == []


def test_names_are_found_by_their_indexes_and_not_by_reading_everybody():
    params = {"from": "jo", "until": "jo" + LAST, "limit": 8}
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain " + statement("cases/called"), params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for index in ("identity_by_handle", "identity_by_name", "case_of_requester"):
        assert index in plan
    assert "Sort Key: (lower(" not in plan, "the first fifty come from the index in order"
