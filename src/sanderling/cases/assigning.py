"""What the desk does with cases by itself: it gives them out, and offers again what is left behind.

Nothing is remembered: each round looks at the rows, so that it goes on as soon as somebody has room
again. One worker does it at a time; agents who claim meanwhile are neither hindered nor undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from sanderling.cases import tally
from sanderling.cases.actions import change_owner
from sanderling.cases.models import Case
from sanderling.core.assigning import Given, Hand, Rules, Work, gone_since, share_out
from sanderling.core.words import later
from sanderling.people.queries import Member, at_work, members
from sanderling.policy.queries import current
from sanderling.store import announce
from sanderling.store.sql import fetch, run_text

MOST_SEEN = 500
"""Cases that one round looks at, due first."""
MOST = 100
"""Cases that change hands in one round."""


class _Turn(NamedTuple):
    """What one case's change of hands says in its history."""

    owner: int | None
    move: str
    note: str


def rules() -> Rules:
    """What the policy that holds now says about giving out cases."""
    said = current().document.assignment
    return Rules(said.way, said.sticky, said.offer_again, said.silent)


@transaction.atomic
def give_out(*, rules: Rules, now: datetime) -> int:
    """Give cases that nobody has to agents at work who have room; gives how many."""
    if rules.way == "off" or not _alone():
        return 0
    here = at_work(now, rules.silent)
    most = current().document.assignment.at_most
    given = share_out(_works(), _hands(here, most, now), rules, now)[:MOST]
    names = {member.id: member.name for member in here}
    wanted = {one.case: _Turn(one.agent, "give", _why(one, names)) for one in given}
    free = [case_id for (case_id,) in fetch("cases/lock_free", {"ids": list(wanted)})]
    return _change(free, wanted, now)


@transaction.atomic
def offer_again(*, rules: Rules, now: datetime) -> int:
    """Take from those who are gone what waits for an answer, so that others can; gives how many.

    `last_owner` remembers them. Work that was offered to somebody lately is left for a while.
    """
    gone = {m.id: why for m in members() if (why := _gone(m, rules, now))}
    facts = {"gone": list(gone), "offered": now - rules.offer_again, "most": MOST}
    left = fetch("cases/lock_left_behind", facts) if gone else []
    wanted = {case_id: _Turn(None, "offer again", gone[owner]) for case_id, owner in left}
    return _change(wanted, wanted, now)


def _alone() -> bool:
    """Whether no other worker gives out cases now; it would count the same room twice."""
    ((mine,),) = run_text("select pg_try_advisory_xact_lock(11, 0)", {})
    return bool(mine)


def _works() -> list[Work]:
    return [
        Work(case_id, team, frozenset(skills), lang, knows, known_at)
        for case_id, team, skills, lang, knows, known_at in fetch(
            "cases/assignable", {"most": MOST_SEEN}
        )
    ]


def _hands(here: Iterable[Member], most: int, now: datetime) -> list[Hand]:
    """Agents at work, each with room for what they can take, and for `most` cases."""
    here = list(here)
    loads = {
        agent: (has, last)
        for agent, has, last in fetch("cases/loads", {"agents": [m.id for m in here]})
    }
    found = []
    for m in here:
        has, last = loads.get(m.id, (0, None))
        came = m.attendance.since if m.attendance else now
        skills, languages = frozenset(m.skills), frozenset(m.languages)
        room = min(m.capacity, most)
        found.append(Hand(m.id, m.teams, skills, languages, room, has, last or came))
    return found


def _why(given: Given, names: Mapping[int, str]) -> str:
    name = names[given.agent]
    return later("{name}, who knows the customer").format(name=name) if given.known else name


def _gone(member: Member, rules: Rules, now: datetime) -> str:
    """Why the work of an agent is for others by now; nothing while it is theirs."""
    if not member.is_active:
        return later("{name} is not at the desk any more").format(name=member.name)
    if member.attendance is None:
        return ""  # nobody knows yet whether they are there
    state, since, seen_at = member.attendance
    gone = gone_since(state, since, seen_at, rules.silent)
    if gone + max(rules.offer_again, timedelta()) > now:
        return ""
    if state == "off":
        return later("{name} went home").format(name=member.name)
    return later("{name} gave no sign of life").format(name=member.name)


def _change(cases: Iterable[int], wanted: Mapping[int, _Turn], now: datetime) -> int:
    """Let locked cases change hands: counters and pages once for all of them."""
    before, after, topics = [], [], {announce.QUEUES}
    for case in Case.objects.filter(pk__in=list(cases)).order_by("pk"):
        turn = wanted[case.pk]
        before.append(tally.standing(case))
        change_owner(case, owner=turn.owner, by=None, now=now, move=turn.move, note=turn.note)
        after.append(tally.standing(case))
        topics.add(announce.case(case.pk))
    if before:
        tally.shift(before, after)
        announce.announce(topics)
    return len(before)
