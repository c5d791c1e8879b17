"""The history under a case: every act, by whom, when and from where; paged by key."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions, asking, linking, promising
from sanderling.cases.models import Case, ClockFact
from sanderling.core.lives import CASE, OUTGOING
from sanderling.core.verdict import Aspect
from sanderling.respond.history import history
from sanderling.store.models import Move
from sanderling.web.moves import WORDS

pytestmark = pytest.mark.django_db
NOW = factories.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    return factories.case(factories.account(), factories.identity("Jo Veld"))


def lines(client, case, **more):
    page = client.get(f"/case/{case.pk}/history", more).text
    rows = re.findall(r"<tr id.*?</tr>", page)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_every_kind_of_act_is_told_newest_first(client, ada, case):
    ben = factories.agent("Ben Oduya")
    other = factories.case(factories.account(), factories.identity("Lena Ott"))
    by, at = ada.pk, iter(NOW + timedelta(minutes=n) for n in range(20))
    actions.claim(case_id=case.pk, by=by, now=next(at))
    actions.correct(post_id=case.about_post_id, aspect=Aspect.TONE, value="1", agent_id=by,
                    why="<i>irony</i>", now=next(at))  # fmt: skip
    actions.write_note(case_id=case.pk, text="Hm", by=by, now=next(at))
    asking.ask(case_id=case.pk, to=ben.pk, question="Why?", remind=HOUR, by=by, now=next(at))
    promising.keep(case_id=case.pk, text="We call.", due=NOW + 9 * HOUR, by=by, now=next(at))
    linking.link(one=case.pk, other=other.pk, why="one bill", by=by, now=next(at))
    ClockFact.objects.create(
        case=case, turn=case.about_post, kind="acknowledge", fact="broken", at=next(at),
        due_at=NOW, policy=3, rule="fast",
    )  # fmt: skip
    asking.remind_due(every=HOUR, now=NOW + 2 * HOUR)
    found = lines(client, case)
    for words in (
        "The desk Woke no answer yet Worker",
        "The desk Reminded of a question Why? Worker",
        "The desk Clock to acknowledge: broken",
        "fast, policy 3",
        f"Ada Lund Linked case {other.pk}: one bill Desk page",
        "Ada Lund Kept a promise in mind We call. (by 13 Oct 18:05 UTC) Desk page",
        "Ada Lund Asked a colleague Ben Oduya: Why? Desk page",
        "Ada Lund Wrote a note",
        "Ada Lund Corrected: tone Annoyed → Calm &lt;i&gt;irony&lt;/i&gt; Desk page",
        "Ada Lund Took the case new → open",
        "The desk Clock to acknowledge began",
    ):
        assert any(words in line for line in found), (words, found)
    minutes = [line.split(",")[1][:6] for line in found if line.startswith("13 Oct")]
    assert minutes == sorted(minutes, reverse=True)


def test_answers_are_told_with_each_step_of_theirs(client, ada, case):
    said = client.post(
        f"/case/{case.pk}/send/",
        {"room": "public", "text_public": "Hello", "seen": case.about_post_id},
        headers={"X-Desk": "1"},
    ).json()  # fmt: skip
    client.post(f"/case/{case.pk}/outgoing/{said['outgoing']}/", {"act": "withdraw"})
    found = lines(client, case)
    assert any(
        f"Ada Lund Answer {said['outgoing']}: withdrawn queued → withdrawn" in x for x in found
    )
    assert any(f"Answer {said['outgoing']}: proposed an answer" in line for line in found)


def test_what_became_part_of_a_case_is_told_with_it(client, ada, case):
    part = factories.case(case.account, case.requester)
    actions.claim(case_id=part.pk, by=ada.pk, now=NOW)
    Case.objects.filter(pk=part.pk).update(merged_into=case)
    assert any("Took the case" in line for line in lines(client, case))
    there = client.get(f"/case/{part.pk}/history")
    assert (there.status_code, there["Location"]) == (301, f"/case/{case.pk}/history")


def test_the_history_of_another_case_is_not_told(client, ada, case):
    other = factories.case(factories.account(), factories.identity())
    actions.claim(case_id=other.pk, by=ada.pk, now=NOW)
    assert not any("Took" in line for line in lines(client, case))


def test_pages_tell_every_line_once_even_where_times_are_equal(ada, case):
    for n in range(7):
        actions.write_note(case_id=case.pk, text=str(n), by=ada.pk, now=NOW)
    ClockFact.objects.create(
        case=case, turn=case.about_post, kind="answer", fact="warned", at=NOW, policy=0
    )
    seen, after = [], None
    while True:
        page = history([case.pk], after, limit=2)
        seen += [e.key for e in page.rows]
        if (after := page.after) is None:
            break
    assert len(seen) == len(set(seen)) == len(history([case.pk]).rows) == 7 + 1 + 1
    assert Move.objects.count() == 7


def test_every_move_of_a_life_is_said_in_words():
    moves = {move for life in (CASE, OUTGOING) for _, move in life.moves}
    assert {m for m in moves if m not in WORDS} == set()


def test_the_history_is_for_agents(client, case):
    client.logout()
    assert client.get(f"/case/{case.pk}/history").status_code == 302
