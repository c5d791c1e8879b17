"""Inviting colleagues: a link that lets one person join, once, within a week. No mail is sent; a
lead passes the link on as they like.

The link is a secret of 32 random bytes; the desk keeps only its SHA-256.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from sanderling.core.words import say
from sanderling.people import roster
from sanderling.people.actions import add_agent
from sanderling.people.models import Invitation
from sanderling.people.queries import has_agent
from sanderling.store import announce
from sanderling.store.moves import remember

LASTS = timedelta(days=7)
LONGEST_LINK = 200


class NoInvitation(Exception):
    """This link opens nothing, and perhaps never did."""


class InvitationEnded(Exception):
    """The link let somebody in once, or might have; the sentence says why not any more."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an open link offers, from whom, and until when."""

    id: int
    email: str
    name: str
    is_lead: bool
    by: str
    until: datetime


@transaction.atomic
def invite(*, email: str, name: str, by: int, now: datetime, is_lead: bool = False) -> str:
    """Invite somebody; gives the secret of their link, only now. What they had before ends.

    Raises roster.Unfit.
    """
    email, name = roster.email_of(email), roster.name_of(name)
    if has_agent(email):
        raise roster.Unfit(say("Somebody with this email address is here already."))
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(email=email, used_at=None, revoked_at=None).update(revoked_at=now)
    row = Invitation.objects.create(
        digest=_digest(token), email=email, name=name, is_lead=is_lead, by_id=by, at=now,
        until=now + LASTS,
    )  # fmt: skip
    remember("invitation", row.pk, "invite", by=by, now=now, note=f"{name} <{email}>")
    announce.announce([announce.PEOPLE])
    return token


@transaction.atomic
def revoke(*, invitation_id: int, by: int, now: datetime) -> None:
    """End an invitation before its time; ending it twice is the same as once."""
    waiting = Invitation.objects.filter(pk=invitation_id, used_at=None, revoked_at=None)
    if waiting.update(revoked_at=now):
        remember("invitation", invitation_id, "revoke", by=by, now=now)
        announce.announce([announce.PEOPLE])


def opened(token: str, *, now: datetime) -> Welcome:
    """What a link offers. Raises NoInvitation, and InvitationEnded where it offers it no more."""
    row = _row(token)
    _mind(row, now)
    return Welcome(row.pk, row.email, row.name, row.is_lead, row.by.name, row.until)


@transaction.atomic
def join(*, token: str, name: str, initials: str, password: str, now: datetime) -> str:
    """Let in who was invited, with the password of their choice; gives their email address.

    Raises what `opened` raises, roster.Unfit and ValidationError, in words.
    """
    row = Invitation.objects.select_for_update().get(pk=_row(token).pk)
    _mind(row, now)
    agent = add_agent(
        email=row.email, name=roster.name_of(name), initials=roster.initials_of(initials),
        password=password, is_lead=row.is_lead,
    )  # fmt: skip
    row.used_at = now
    row.save(update_fields=["used_at"])
    remember("invitation", row.pk, "join", by=agent, now=now)
    announce.announce([announce.PEOPLE, announce.QUEUES])
    return row.email


def _row(token: str) -> Invitation:
    digest = _digest(token[:LONGEST_LINK])
    row = Invitation.objects.filter(digest=digest).select_related("by").first()
    if row is None or not hmac.compare_digest(bytes(row.digest), digest):
        raise NoInvitation(
            say("This link opens nothing. Perhaps a part of it was lost on the way.")
        )
    return row


def _mind(row: Invitation, now: datetime) -> None:
    """Raise InvitationEnded unless this one still stands."""
    if row.used_at is not None:
        raise InvitationEnded(
            say("This link was used. Sign in with the password that was chosen then.")
        )
    if row.revoked_at is not None:
        raise InvitationEnded(
            say("This invitation was taken back. Ask a lead of the desk for another.")
        )
    if row.until <= now:
        raise InvitationEnded(
            say(
                "This invitation was good for seven days. Ask {name} for a new one.",
                name=row.by.name,
            )
        )
    if has_agent(row.email):
        raise InvitationEnded(say("Somebody with this email address can sign in already."))


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
