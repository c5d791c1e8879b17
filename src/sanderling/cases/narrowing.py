"""A search as conditions of SQL: fixed texts, and parameters for all that a person typed.

The conditions speak of `cases_case` by that name; any statement that reads it may be narrowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sanderling.core.searching import Condition, Search, Words, span, tones
from sanderling.core.timing import NEVER

_IS = {
    "open": "cases_case.state in ('new', 'open') and not cases_case.snoozed",
    "new": "cases_case.state in ('new')",
    "waiting": "cases_case.state in ('waiting')",
    "snoozed": "cases_case.snoozed",
    "resolved": "cases_case.state in ('resolved')",
    "closed": "cases_case.state in ('closed')",
    "late": "cases_case.state in ('new', 'open') and cases_case.due_at < %(now)s",
}
_IN_CASE = """
    k.account_id = cases_case.account_id and k.customer_id = cases_case.requester_id
    and k.case_id = cases_case.id"""
_HAS = {
    "note": "exists (select from cases_note n where n.case_id = cases_case.id)",
    "answer": f"exists (select from cases_placement k where {_IN_CASE} and k.role = 'us')",
    "picture": f"""exists (
        select from cases_placement k join listen_post p on p.id = k.post_id
        where {_IN_CASE} and p.media <> '[]' and p.deleted_at is null)""",
}
_NOBODY = {
    "owner": "cases_case.owner_id is null",
    "team": "cases_case.team_id is null",
    "incident": "cases_case.incident_id is null",
}
_ANY_INCIDENT = """cases_case.incident_id in (
    select id from incidents_incident where state in ('suspected', 'confirmed', 'eased'))"""
_IS_VALUE = {
    "owner": """cases_case.owner_id in (
        select id from people_agent
        where lower(%(value)s)
              in (lower(name), lower(initials), lower(split_part(name, ' ', 1))))""",
    "team": """cases_case.team_id in (
        select id from people_team where lower(name) = lower(%(value)s))""",
    "network": """cases_case.account_id in (
        select id from listen_account where network = lower(%(value)s))""",
    "kind": "cases_case.kind = %(value)s",
    "room": """exists (
        select from listen_post p where p.id = cases_case.about_post_id and p.room = %(value)s)""",
    "lang": """exists (
        select from triage_verdict v
        where v.post_id = cases_case.about_post_id
          and split_part(v.lang, '-', 1) = split_part(%(value)s, '-', 1))""",
    "from": """cases_case.requester_id in (
        select id from listen_identity
        where lower(handle) collate "C" = lower(%(value)s) collate "C")""",
    "topic": """exists (
        select from triage_verdict v join triage_topic t on t.id = v.topic
        where v.post_id = cases_case.about_post_id and lower(t.name) = lower(%(value)s))""",
    "incident": "cases_case.incident_id = %(value)s::bigint",
    "plan": """cases_case.requester_id in (
        select i.id from listen_identity i join listen_person p on p.id = i.person_id
        where lower(p.plan) = lower(%(value)s)
          and (p.plan_until is null or p.plan_until > %(now)s))""",
    "tone": "cases_case.tone = any(%(value)s)",
}
_TIMES = {"opened": "opened_at", "due": "due_at"}
_HOLDS = f"""exists (
    select from cases_placement k join listen_words w on w.post_id = k.post_id
    where {_IN_CASE} and w.words @@ ({{query}}))"""
_WHOLE = "phraseto_tsquery('simple', %(value)s)"
_BEGUN = "to_tsquery('simple', %(value)s)"


@dataclass
class Narrowing:
    """Conditions that each begin with `and`, and their parameters."""

    sql: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def put(self, text: str, value: object = None) -> str:
        """The fixed `text` with a parameter of its own in the place of `value`."""
        if "%(value)s" not in text:
            return text
        name = f"s{len(self.params)}"
        self.params[name] = value
        return text.replace("%(value)s", f"%({name})s")

    def narrow(self, condition: str, *, denied: bool = False) -> None:
        """Ask for one thing more, or (`denied`) that it is not so."""
        self.sql += f"\n  and ({condition}){' is not true' * denied}"


EVERYTHING = Narrowing()
"""Asks nothing."""


def narrowing(search: Search, *, agent_id: int, now: datetime, zone: tzinfo) -> Narrowing:
    """What a search asks of cases, but for the words that they must hold; `me` is `agent_id`, and
    days are those of `zone`."""
    found = Narrowing(params={"agent": agent_id, "now": now, "never": NEVER})
    for condition in search.conditions:
        text = _condition(found, condition, now, zone)
        found.narrow(text, denied=condition.denied)
    for words in search.words:
        if words.denied:
            found.narrow(_HOLDS.replace("{query}", _one(found, words, search)), denied=True)
    return found


def holding(found: Narrowing, search: Search) -> Narrowing:
    """Let `found` ask for the words of the search too: a case holds them if one of its posts holds
    them all."""
    wanted = asked(found, search)
    if wanted:
        found.narrow(_HOLDS.replace("{query}", wanted))
    return found


def asked(found: Narrowing, search: Search, *, deny: bool = False) -> str:
    """The words of a search as one tsquery, with its parameters in `found`: what is denied is left
    out, or (`deny`) goes in as denied. The last word is taken for the beginning of one."""
    return " && ".join(
        f"(!! {_one(found, words, search)})" if words.denied else _one(found, words, search)
        for words in search.words
        if deny or not words.denied
    )


def _one(found: Narrowing, words: Words, search: Search) -> str:
    if words is search.parts[-1] and not words.phrase and not words.denied:
        return found.put(_BEGUN, _begun(words.text))
    return found.put(_WHOLE, words.text)


def _begun(word: str) -> str:
    """A word as to_tsquery reads it, any ending allowed."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*"


def _condition(found: Narrowing, condition: Condition, now: datetime, zone: tzinfo) -> str:
    name, value = condition.field, condition.value
    if name == "is":
        return _IS[value]
    if name == "has":
        return _HAS[value]
    if name in _NOBODY and value == "none":
        return _NOBODY[name]
    if name == "incident" and value == "any":
        return _ANY_INCIDENT
    if name == "owner" and value == "me":
        return "cases_case.owner_id = %(agent)s"
    if name in _TIMES:
        return _between(found, condition, now, zone)
    return found.put(_IS_VALUE[name], tones(condition) if name == "tone" else value)


def _between(found: Narrowing, condition: Condition, now: datetime, zone: tzinfo) -> str:
    column = _TIMES[condition.field]
    begin, end = span(condition, now=now, zone=zone)
    parts = [f"cases_case.{column} < %(never)s"]
    if begin:
        parts.append(found.put(f"cases_case.{column} >= %(value)s", begin))
    if end:
        parts.append(found.put(f"cases_case.{column} < %(value)s", end))
    return " and ".join(parts)
