"""What agents change about themselves: how they are called, their picture, their password."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from sanderling.core.pictures import NotAPicture, clean
from sanderling.core.words import say
from sanderling.people.models import Agent, Portrait
from sanderling.people.roster import Unfit, agent_locked, initials_of, name_of
from sanderling.store import announce
from sanderling.store.moves import remember

TYPES = ("image/jpeg", "image/png", "image/webp")
MOST_BYTES = 400_000
LONGEST_SIDE = 1_024
FACE = "agent:"
"""Before the name of a portrait, where an agent's picture is named."""


class WrongPassword(Unfit):
    """The password from before is another one."""


@transaction.atomic
def call(*, agent_id: int, name: str, initials: str, now: datetime) -> None:
    """Be called so, and sign answers so from now on. Raises Unfit."""
    agent = agent_locked(agent_id)
    before = f"{agent.name} ^{agent.initials}"
    agent.name, agent.initials = name_of(name), initials_of(initials)
    agent.save(update_fields=["name", "initials"])
    _tell(agent, "call", now, f"{before} → {agent.name} ^{agent.initials}")


@transaction.atomic
def show(*, agent_id: int, held: bytes, now: datetime) -> None:
    """Show this picture of oneself, without what the camera wrote into it. Raises Unfit."""
    if len(held) > MOST_BYTES:
        raise Unfit(
            say("A picture of you has at most {size} kB. Make it smaller.", size=MOST_BYTES // 1000)
        )
    try:
        found = clean(held)
    except NotAPicture as error:
        raise Unfit(str(error)) from error
    if found.type not in TYPES:
        raise Unfit(say("Choose a JPEG, PNG or WebP. A picture of you does not move."))
    if max(found.width, found.height) > LONGEST_SIDE:
        raise Unfit(
            say(
                "A picture of you is at most {most} pixels wide and high.",
                most=LONGEST_SIDE,
            )
        )
    agent, name = agent_locked(agent_id), secrets.token_urlsafe(18)
    fields = {"name": name, "type": found.type, "bytes": found.held}
    Portrait.objects.update_or_create(agent=agent, defaults=fields)
    agent.avatar = FACE + name
    agent.save(update_fields=["avatar"])
    _tell(agent, "picture", now)


@transaction.atomic
def hide(*, agent_id: int, now: datetime) -> None:
    """Show initials again; twice is the same as once."""
    agent = agent_locked(agent_id)
    if not agent.avatar:
        return
    Portrait.objects.filter(agent=agent).delete()
    agent.avatar = ""
    agent.save(update_fields=["avatar"])
    _tell(agent, "initials", now)


@transaction.atomic
def change_password(*, agent_id: int, old: str, new: str, now: datetime) -> None:
    """Sign in with `new` from now on; every session from before has ended by it.

    Raises WrongPassword if `old` is not the password, and ValidationError, in words, where `new`
    is too weak.
    """
    agent = agent_locked(agent_id)
    if not agent.check_password(old):
        raise WrongPassword(say("That is not your password of now."))
    validate_password(new, agent)
    agent.set_password(new)
    agent.save(update_fields=["password"])
    remember("agent", agent.pk, "password", by=agent.pk, now=now)


def _tell(agent: Agent, move: str, now: datetime, note: str = "") -> None:
    remember("agent", agent.pk, move, by=agent.pk, now=now, note=note)
    announce.announce([announce.PEOPLE, announce.QUEUES])
