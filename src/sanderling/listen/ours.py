"""Which accounts are ours, and what that makes of a post: decided by stable ids, never handles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanderling.core.network import Deletion, Post, Room
from sanderling.core.words import say
from sanderling.listen.models import Account


@dataclass(frozen=True)
class Ear:
    """One of our accounts, hearing, and the others beside it on the same network.

    `ids` maps the stable ids of all our accounts on this network to their ids here.
    """

    account: int
    network: str
    ids: dict[str, int]
    handles: dict[int, str]

    def wrote(self, post: Post) -> bool:
        """Whether the post is ours, whichever of our accounts wrote it."""
        return post.author.id in self.ids

    def addressed(self, post: Post) -> bool:
        """Whether someone speaks to us: a mention, a reply to us, a quote of us, or a message."""
        if self.wrote(post):
            return False
        return (
            post.room is Room.DIRECT
            or post.reply_to_author in self.ids
            or post.quote_of_author in self.ids
            or any(m in self.ids for m in post.mentions)
        )

    def account_of(self, post: Post) -> int:
        """Whose matter a post is: the same account, whichever of ours heard it first."""
        if post.room is Room.DIRECT:
            return self.account
        if self.wrote(post):
            return self.ids[post.author.id]
        spoken_to = (*post.mentions, post.reply_to_author, post.quote_of_author)
        named = [self.ids[m] for m in spoken_to if m in self.ids]
        return min(named, default=self.account)

    def scope(self, event: Post | Deletion) -> int:
        """Public ids are unique on a network, direct ones only within an account."""
        return 0 if event.room is Room.PUBLIC else self.account


@dataclass(frozen=True)
class Line:
    """What it takes to speak to an account's network, and where hearing goes on."""

    account: int
    network: str
    address: str
    connected_at: datetime | None
    archived: bool
    cursor: str | None
    failures: int


def addresses(network: str) -> list[str]:
    """Where our accounts on a network are connected to, each once."""
    found = Account.objects.filter(network=network, archived_at=None)
    return sorted(set(found.values_list("address", flat=True)))


class NoSuchAccount(Exception):
    """We have no account with this number."""


def line(account_id: int) -> Line:
    """The line to an account; raises NoSuchAccount."""
    a = Account.objects.filter(pk=account_id).first()
    if a is None:
        raise NoSuchAccount(say("There is no account {account_id}.", account_id=account_id))
    return Line(
        account=a.pk,
        network=a.network,
        address=a.address,
        connected_at=a.connected_at,
        archived=a.archived_at is not None,
        cursor=a.cursor,
        failures=a.failures,
    )


def listening(*, now: datetime) -> list[int]:
    """The accounts to hear now: connected, not archived, not resting."""
    live = Account.objects.filter(archived_at=None).exclude(address="")
    return [
        pk for pk, until in live.values_list("pk", "rest_until") if until is None or until <= now
    ]


def leads(*, now: datetime) -> set[int]:
    """The accounts that look for the posts of columns: one on each server is enough."""
    first: dict[tuple[str, str], int] = {}
    live = Account.objects.filter(pk__in=listening(now=now)).order_by("pk")
    for pk, network, address in live.values_list("pk", "network", "address"):
        first.setdefault((network, address), pk)
    return set(first.values())


def troubled() -> list[tuple[str, str]]:
    """Accounts that do not work, each with what its network said."""
    rows = Account.objects.filter(archived_at=None).exclude(trouble="")
    return [(str(a), a.trouble) for a in rows]


def ear(account_id: int) -> Ear:
    """What `account_id` needs to hear; raises Account.DoesNotExist."""
    network = Account.objects.values_list("network", flat=True).get(pk=account_id)
    rows = Account.objects.filter(network=network).values_list("remote_id", "pk", "handle")
    return Ear(
        account=account_id,
        network=network,
        ids={remote_id: pk for remote_id, pk, _ in rows},
        handles={pk: handle for _, pk, handle in rows},
    )
