"""What leads decide about people: who works here, in which teams, with what they can."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from sanderling.core.words import say
from sanderling.people.models import Agent, Membership, Team
from sanderling.store import announce

MOST_WORDS, LONGEST_WORD, LONGEST_NAME = 30, 40, 80
MOST_CASES = 500


class Unfit(Exception):
    """This cannot be written down about an agent; says why."""


@transaction.atomic
def change(  # noqa: PLR0913  everything that a lead says about an agent, at once
    *,
    agent_id: int,
    name: str,
    initials: str,
    is_lead: bool,
    teams: Collection[int],
    skills: Iterable[str],
    languages: Iterable[str],
    capacity: int,
) -> None:
    """Who an agent is and what they can; no teams, skills or languages mean all. Raises Unfit."""
    agent = agent_locked(agent_id)
    agent.name, agent.initials, agent.is_lead = name_of(name), initials_of(initials), is_lead
    agent.skills, agent.languages = _words(skills), _words(languages)
    if not 0 <= capacity <= MOST_CASES:
        raise Unfit(
            say(
                "The desk gives somebody from 0 to {most} cases at once.",
                most=MOST_CASES,
            )
        )
    agent.capacity = capacity
    agent.save(update_fields=["name", "initials", "is_lead", "skills", "languages", "capacity"])
    _keep_a_lead()
    known = Team.objects.filter(pk__in=list(teams)).values_list("pk", flat=True)
    Membership.objects.filter(agent_id=agent_id).exclude(team_id__in=known).delete()
    Membership.objects.bulk_create(
        [Membership(agent_id=agent_id, team_id=team) for team in known], ignore_conflicts=True
    )
    announce.announce([announce.PEOPLE, announce.QUEUES])


def email_of(text: str) -> str:
    """An email address as it is kept. Raises Unfit."""
    email = text.strip().lower()[:254]
    try:
        validate_email(email)
    except ValidationError as error:
        raise Unfit(say("“{email}” is no e-mail address.", email=email)) from error
    return email


def check(*, name: str, initials: str) -> None:
    """Raises Unfit where somebody cannot be called so."""
    name_of(name)
    initials_of(initials)


@transaction.atomic
def set_active(*, agent_id: int, active: bool) -> str:
    """Let somebody sign in again, or no longer; their cases and words stay. Gives their name."""
    agent = agent_locked(agent_id)
    agent.is_active = active
    agent.save(update_fields=["is_active"])
    _keep_a_lead()
    announce.announce([announce.PEOPLE])
    return agent.name


@transaction.atomic
def rename_team(*, team_id: int, name: str) -> None:
    """Call a team something else. Raises Unfit for a name that is empty or taken."""
    name = name_of(name)
    if Team.objects.filter(name=name).exclude(pk=team_id).exists():
        raise Unfit(say("There is a team called {name} already.", name=name))
    if not Team.objects.filter(pk=team_id).update(name=name):
        raise Unfit(say("There is no such team."))
    announce.announce([announce.PEOPLE, announce.QUEUES])


def agent_locked(agent_id: int) -> Agent:
    """An agent, theirs who asks until the transaction ends. Raises Unfit."""
    agent = Agent.objects.select_for_update().filter(pk=agent_id).first()
    if agent is None:
        raise Unfit(say("There is no such agent."))
    return agent


def _keep_a_lead() -> None:
    if not Agent.objects.filter(is_active=True, is_lead=True).exists():
        raise Unfit(say("Somebody must be lead, or nobody could change anything here again."))


def name_of(text: str) -> str:
    """What somebody wrote, as a name. Raises Unfit."""
    name = " ".join(text.replace("\0", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unfit(say("A name has 1 to {most} characters.", most=LONGEST_NAME))
    return name


def initials_of(text: str) -> str:
    """What somebody wrote, as initials. Raises Unfit."""
    initials = text.strip().upper()
    if not (1 <= len(initials) <= 4 and initials.isalnum()):
        raise Unfit(
            say("Initials are one to four letters or figures; answers are signed with them.")
        )
    return initials


def _words(texts: Iterable[str]) -> list[str]:
    found = dict.fromkeys(w for text in texts if (w := " ".join(text.lower().split())))
    if len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found):
        raise Unfit(
            say(
                "At most {most_words} words, of {longest_word} characters each.",
                most_words=MOST_WORDS,
                longest_word=LONGEST_WORD,
            )
        )
    return list(found)
