"""No string is left out: every page in a language that sets each sentence of ours in brackets."""

from __future__ import annotations

import pytest

import factories
from sanderling.urls import urlpatterns
from sanderling.web import speaking
from words_left import left, made_up

pytestmark = pytest.mark.django_db
NAMES = (
    "Sanderling", "Anika Brandt", "Anika", "Jonas Veld", "Jonas", "Northwind Care",
    "NorthwindCare", "Practice", "Bluesky", "Mastodon", "English", "Deutsch", "Englisch",
    "CEL", "TOML",
)  # fmt: skip


@pytest.fixture(scope="module")
def brackets(tmp_path_factory: pytest.TempPathFactory) -> speaking.Spoken:
    return made_up(tmp_path_factory.mktemp("words"))


@pytest.fixture(autouse=True)
def spoken(brackets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "spoken", lambda: {"en": "English", "de": "Deutsch"})
    monkeypatch.setattr(speaking, "catalogue", lambda code: brackets if code == "de" else None)


@pytest.fixture
def asked(client):
    """Ask for a page in the made-up language as a lead, and hear what was left out."""
    client.force_login(factories.agent(is_lead=True))

    def ask(place: str, **headers: str) -> list[str]:
        page = client.get(place, headers={"Accept-Language": "de", **headers})
        html = page.headers.get("Content-Type", "").startswith("text/html")
        return left(page.text, NAMES) if html and page.status_code < 500 else []

    return ask


PAGES = sorted(str(p.pattern) for p in urlpatterns if "<" not in str(p.pattern))


@pytest.mark.parametrize("place", PAGES)
def test_a_page_of_an_empty_desk_leaves_nothing_out(asked, place):
    assert "; ".join(asked(f"/{place}")) == ""


@pytest.mark.parametrize("place", [p for p in PAGES if p != "signout/"])
def test_a_page_with_something_on_it_leaves_nothing_out(asked, place):
    account, jonas = factories.account(), factories.identity()
    factories.case(account, jonas)
    assert "; ".join(asked(f"/{place}")) == ""


@pytest.mark.parametrize(
    "part", ["", "pane", "head", "timeline", "row", "why", "ending", "matters", "history",
             "suggestions", "templates/", "helpers/"],
)  # fmt: skip
def test_a_case_leaves_nothing_out(asked, part):
    case = factories.case(factories.account(), factories.identity())
    assert "; ".join(asked(f"/case/{case.pk}/{part}")) == ""
    assert asked(f"/case/{case.pk}/{part}", **{"X-Desk": "part"}) == []
