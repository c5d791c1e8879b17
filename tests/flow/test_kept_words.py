"""What agents do in another language is written down in English; they are answered in theirs."""

from __future__ import annotations

import pytest
from django.db import connection

from river import connected, hear, minutes, says
from sanderling.cases import claiming, linking
from sanderling.cases.actions import assign, resolve
from sanderling.cases.models import Case
from sanderling.core.network import Limits, Room
from sanderling.core.words import speaking
from sanderling.people.models import Agent
from sanderling.respond.actions import propose
from sanderling.respond.helping import invite
from sanderling.respond.interlock import newest_post
from sanderling.respond.minding import Objections
from sanderling.respond.models import Outgoing

NOW = minutes(10)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)
COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'character varying', 'jsonb')
"""

pytestmark = pytest.mark.django_db


class Marked:
    """A language that puts whatever is said in it in brackets."""

    language = "xx"

    def say(self, sentence: str, /) -> str:
        return f"⟦{sentence}⟧" if sentence else ""

    def many(self, one: str, more: str, n: int, /) -> str:
        return f"⟦{one if n == 1 else more}⟧"

    def figure(self, n: int, /) -> str:
        return str(n)

    def retold(self, text: str, /) -> str:
        return text


def kept() -> list[tuple[str, str, str]]:
    """Everything in the database that was said in that language."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            cursor.execute(f'select "{column}"::text from "{table}"')  # noqa: S608  our own tables
            found += [(table, column, text) for (text,) in cursor if text and "⟦" in text]
    return found


@pytest.fixture
def ada() -> Agent:
    return Agent.objects.create(name="Ada Reyes", initials="AR", email="ada@example.org")


@pytest.fixture
def cases() -> list[int]:
    account = connected()
    hear(account, says("1"), says("2", who="omar"))
    return list(Case.objects.order_by("pk").values_list("pk", flat=True))


def answer(case: int, by: Agent, text: str, *confirmed: str) -> Outgoing:
    number = propose(
        case_id=case, room=Room.PUBLIC, text=text, then="wait", seen=newest_post(case), by=by.id,
        now=NOW, limits_for=lambda _: LIMITS, confirmed=confirmed, reply_to_post=None,
    )  # fmt: skip
    return Outgoing.objects.get(pk=number)


def test_what_is_overruled_is_told_in_their_language_and_kept_in_english(cases, ada):
    with speaking(Marked()):
        with pytest.raises(Objections) as raised:
            answer(cases[0], ada, "We will be in touch shortly.")
        row = answer(cases[0], ada, "We will be in touch shortly.", "empty promise")
    assert raised.value.sentences[0].startswith("⟦")
    assert "promises nothing" in row.confirmed[0]["says"]
    assert kept() == []


def test_history_is_kept_in_english(cases, ada):
    one, other = cases
    with speaking(Marked()):
        claimed = claiming.claim_next(by=ada.id, now=NOW)
        assign(case_id=one, to=ada.id, by=ada.id, now=NOW)
        linking.link(one=one, other=other, why="the same", by=ada.id, now=NOW)
        invite(case_id=one, name="Ravi", initials="RS", question="Why?", days=1, by=ada.id, now=NOW)
        resolve(case_id=one, outcome="solved", by=ada.id, now=NOW, note="It works.")
    assert claimed is not None
    assert "⟦" in str(claimed.why)
    assert kept() == []
