"""What hangs on a case, with all that can hang there, leaves no sentence out of the catalogues."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader

import factories
from sanderling import web
from sanderling.cases import asking, linking, promising
from sanderling.cases.praising import consent
from sanderling.core.words import speaking as spoken_in
from sanderling.web import clock, speaking
from sanderling.web.environment import environment
from words_left import left, made_up

NOW = factories.NOW
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def brackets(tmp_path_factory: pytest.TempPathFactory) -> speaking.Spoken:
    return made_up(tmp_path_factory.mktemp("words"))


@pytest.fixture(autouse=True)
def _spoken(brackets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(speaking, "spoken", lambda: {"en": "English", "de": "Deutsch"})
    monkeypatch.setattr(speaking, "catalogue", lambda code: brackets if code == "de" else None)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    account, jo = factories.account(), factories.identity("Jo Veld")
    made = factories.case(account, jo, owner=ada, state="open", due_kind="", kind="praise")
    ben, other = factories.agent("Ben Oduya"), factories.case(account, jo)
    for by, to in ((ada, ben), (ben, ada)):
        asking.ask(
            case_id=made.pk, to=to.pk, question="Is it down?", remind=HOUR, by=by.pk, now=NOW
        )
    for hours in (-1, 4):
        promising.keep(
            case_id=made.pk, text="We call.", due=NOW + hours * HOUR, by=ada.pk, now=NOW - 2 * HOUR
        )
    linking.link(one=made.pk, other=other.pk, why="One outage", by=ada.pk, now=NOW)
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["", "quote asked", "quote allowed", "quote refused"])
def test_all_that_can_hang_on_a_case_is_said_in_the_language_of_the_page(client, ada, case, said):
    if said:
        consent(case_id=case.pk, said=said, by=ada.pk, now=NOW)
    part = client.get(
        f"/case/{case.pk}/matters", headers={"X-Desk": "1", "Accept-Language": "de"}
    ).text
    assert part.count('class="matter') >= 6
    assert left(part, ("Ada Lund", "Ben Oduya")) == []


def test_a_name_of_the_code_is_called_by_a_word_that_can_be_translated(brackets):
    env = environment(loader=FileSystemLoader(Path(web.__file__).parent / "templates"))
    page = env.from_string(
        '{% import "parts/called.html" as called %}{{ w.state_in_words("waiting") }} '
        '{{ called.day("monday") }} {{ w.kind_in_words("praise") }} {{ called.outcome("") }} '
        "{{ figure(1412) }}"
    )
    assert page.render() == "waiting Monday Praise resolved 1,412"
    with spoken_in(brackets):
        assert page.render() == "⟦waiting⟧ ⟦Monday⟧ ⟦Praise⟧ ⟦resolved⟧ 1.412"
