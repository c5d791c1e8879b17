"""Who works at the desk, in which teams, and who is there now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from sanderling.core.voice import Speaker
from sanderling.core.words import later
from sanderling.people.models import (
    Agent,
    Company,
    Invitation,
    Membership,
    Portrait,
    Preference,
    Presence,
    Team,
)

SILENT = timedelta(minutes=15)
"""How long somebody at work may give no sign of life, where the policy says nothing."""


@dataclass(frozen=True)
class Colleague:
    """An agent as others see them."""

    id: int
    name: str
    initials: str
    avatar: str
    is_lead: bool


class Attendance(NamedTuple):
    """What an agent says about being at work, since when, and when they last used a page."""

    state: str
    since: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An agent with what decides which cases fit them; no teams, skills or languages mean all."""

    id: int
    name: str
    initials: str
    avatar: str
    email: str
    is_lead: bool
    is_active: bool
    teams: frozenset[int]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    attendance: Attendance | None

    def presence(self, now: datetime, silent: timedelta = SILENT) -> str:
        """here, away or off; silent where they say here and give no sign of life."""
        if self.attendance is None:
            return "off"
        quiet = self.attendance.seen_at <= now - silent
        return "silent" if quiet and self.attendance.state == "here" else self.attendance.state


ABOUT = ("late", "asked", "critical", "offered")
"""What notices can be about: a case of one's own is late or soon will be, a colleague names or asks
one, something critical is new, a case is offered."""


@dataclass(frozen=True, slots=True)
class Taste:
    """How an agent likes their desk; see `Preference`. As it comes: by the system, and quiet."""

    theme: str = ""
    density: str = "comfortable"
    zone: str = ""
    language: str = ""
    letters: bool = True
    sound: bool = False
    desktop: bool = False
    words: bool = False
    about: tuple[str, ...] = ABOUT
    changes: int = 0


def taste(agent_id: int) -> Taste:
    """How an agent likes their desk."""
    p = Preference.objects.filter(pk=agent_id).first()
    if p is None:
        return Taste()
    return Taste(
        theme=p.theme, density=p.density, zone=p.zone, language=p.language, letters=p.letters,
        sound=p.sound, desktop=p.desktop, words=p.words, about=tuple(p.about), changes=p.changes,
    )  # fmt: skip


def portrait(name: str) -> tuple[str, bytes] | None:
    """Type and bytes of an agent's picture by its name, or None if it is not theirs any more."""
    found = Portrait.objects.filter(name=name).values_list("type", "bytes").first()
    return (found[0], bytes(found[1])) if found else None


def colleague(agent_id: int) -> Colleague | None:
    """Someone who works at the desk, or None if they do not any more."""
    a = Agent.objects.filter(pk=agent_id, is_active=True).first()
    return Colleague(a.pk, a.name, a.initials, a.avatar, a.is_lead) if a else None


def colleagues() -> list[Colleague]:
    """Everyone who may own a case, by name."""
    return [
        Colleague(a.pk, a.name, a.initials, a.avatar, a.is_lead)
        for a in Agent.objects.filter(is_active=True).order_by("name")
    ]


def speaker(agent_id: int) -> Speaker:
    """An agent as the policy asks who may answer for the brand."""
    a = Agent.objects.get(pk=agent_id)
    inside = Membership.objects.filter(agent_id=agent_id).values_list("team__name", flat=True)
    return Speaker(a.email, frozenset(inside), a.is_lead)


def leads_alone(agent_id: int, team: str) -> bool:
    """Whether this is a lead, and nobody else leads or works in the team of that name."""
    inside = Membership.objects.filter(team__name=team).values("agent")
    able = Agent.objects.filter(Q(is_lead=True) | Q(pk__in=inside), is_active=True)
    return list(able.values_list("pk", "is_lead")[:2]) == [(agent_id, True)]


def name_of(agent_id: int) -> str:
    """An agent's name, whether they are still at the desk or not."""
    return Agent.objects.values_list("name", flat=True).filter(pk=agent_id).first() or later(
        "Nobody"
    )


def teams() -> dict[int, str]:
    """The names of teams by their ids, in the order of names."""
    return dict(Team.objects.order_by("name").values_list("id", "name"))


def teams_of(agent_id: int) -> frozenset[int]:
    """The teams of an agent; one who is in none works in all."""
    return frozenset(Membership.objects.filter(agent_id=agent_id).values_list("team_id", flat=True))


def works_in(agent_id: int, team_id: int) -> bool:
    """Whether the agent may take what belongs to the team."""
    mine = teams_of(agent_id)
    return not mine or team_id in mine


def members() -> list[Member]:
    """Everybody, by name; those who left come last."""
    inside: dict[int, set[int]] = defaultdict(set)
    for agent_id, team_id in Membership.objects.values_list("agent_id", "team_id"):
        inside[agent_id].add(team_id)
    there = {p.agent_id: Attendance(p.state, p.since, p.seen_at) for p in Presence.objects.all()}
    return [
        Member(
            id=a.pk, name=a.name, initials=a.initials, avatar=a.avatar, email=a.email,
            is_lead=a.is_lead, is_active=a.is_active, teams=frozenset(inside[a.pk]),
            skills=tuple(a.skills), languages=tuple(a.languages), capacity=a.capacity,
            attendance=there.get(a.pk),
        )
        for a in Agent.objects.order_by("-is_active", "name", "id")
    ]  # fmt: skip


def at_work(now: datetime, silent: timedelta = SILENT) -> list[Member]:
    """Who is here now: they say so, and used a page less than `silent` ago."""
    return [m for m in members() if m.is_active and m.presence(now, silent) == "here"]


def presences(now: datetime, silent: timedelta = SILENT) -> dict[int, str]:
    """By agent: here, away, silent or off; whoever never came is missing."""
    found = Presence.objects.values_list("agent_id", "state", "seen_at")
    return {
        agent: "silent" if state == "here" and seen_at <= now - silent else state
        for agent, state, seen_at in found
    }


def has_agents() -> bool:
    """Whether anybody ever had a sign-in here; a desk without one waits to be set up."""
    return Agent.objects.exists()


STEPS = ("company", "hear", "hours", "invite")
"""Setting up a desk, after its first lead is there: say whose it is, hear something, when one
works, who comes along."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How far the desk of a company is set up: the steps that were done, and those left out."""

    company: str
    done: frozenset[str]
    left: frozenset[str]
    ready: bool

    @property
    def next(self) -> str:
        """The first step that was neither done nor left out; "" where there is none."""
        return next((step for step in STEPS if step not in self.done | self.left), "")


def beginning() -> Beginning | None:
    """How far this desk is set up; None where that was never begun in the browser."""
    row = Company.objects.values_list("name", "done", "left", "ready_at").first()
    if row is None:
        return None
    name, done, left, ready_at = row
    return Beginning(name, frozenset(done), frozenset(left), ready_at is not None)


def company() -> str:
    """The name of the company whose desk this is; "" where nobody said it."""
    return Company.objects.values_list("name", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may join, or might have: `state` is open, revoked or ended."""

    id: int
    name: str
    email: str
    is_lead: bool
    by: str
    at: datetime
    until: datetime
    state: str


def invitations(now: datetime) -> list[Invited]:
    """Who was invited and did not join, the newest first."""
    rows = Invitation.objects.filter(used_at=None).select_related("by").order_by("-pk")[:100]
    return [
        Invited(
            r.pk, r.name, r.email, r.is_lead, r.by.name, r.at, r.until,
            "revoked" if r.revoked_at else "ended" if r.until <= now else "open",
        )
        for r in rows
    ]  # fmt: skip


def has_agent(email: str) -> bool:
    """Whether somebody has this email address, be they still here or not."""
    return Agent.objects.filter(email__iexact=email).exists()


def attendance(agent_id: int) -> Attendance | None:
    """What one agent said about being at work; None where they never came."""
    found = Presence.objects.filter(pk=agent_id).values_list("state", "since", "seen_at").first()
    return Attendance(*found) if found else None
