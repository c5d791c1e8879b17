"""Which accounts are ours, and what that makes of a post: decided by stable ids, never handles."""

from __future__ import annotations

from dataclasses import dataclass

from sanderling.core.network import Deletion, Post, Room
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
        """Whether someone speaks to us: a mention, a reply to us, or a message."""
        if self.wrote(post):
            return False
        return (
            post.room is Room.DIRECT
            or post.reply_to_author in self.ids
            or any(m in self.ids for m in post.mentions)
        )

    def account_of(self, post: Post) -> int:
        """Whose matter a post is: the same account, whichever of ours heard it first."""
        if post.room is Room.DIRECT:
            return self.account
        if self.wrote(post):
            return self.ids[post.author.id]
        named = [self.ids[m] for m in (*post.mentions, post.reply_to_author) if m in self.ids]
        return min(named, default=self.account)

    def scope(self, event: Post | Deletion) -> int:
        """Public ids are unique on a network, direct ones only within an account."""
        return 0 if event.room is Room.PUBLIC else self.account


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
