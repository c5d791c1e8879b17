"""Liking a customer's praise: no post of ours, but a sign on theirs.

Liking twice is the same as once on every network, so it needs no outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from sanderling.cases import praising
from sanderling.cases.queries import post
from sanderling.core.network import Likes, Network, NetworkError
from sanderling.core.words import retold, say
from sanderling.listen.columns import tell_of
from sanderling.listen.queries import place_of
from sanderling.respond.queries import facing, silenced
from sanderling.store.moves import remember


class CannotLike(Exception):
    """The network did not take our like, or has none; the sentence says why."""


def can_like(network: Network) -> bool:
    """Whether posts can be liked on this network."""
    return isinstance(network, Likes)


def like(*, case_id: int, by: int, now: datetime, network_for: Callable[[int], Network]) -> None:
    """Like the customer's newest public post of a case. Calls the network; raises CannotLike."""
    whom = facing(case_id, limits_for=lambda account: network_for(account).limits)
    if whom.reply_to is None or whom.post is None:
        raise CannotLike(say("Only a public post can be liked, and there is none in this case."))
    _tell(network_for(whom.account_id), whom.reply_to, ours=whom.standing.ours, by=by)
    _remember(whom.post, whom.case_id, by, now)


def like_post(
    *, post_id: int, by: int, now: datetime, network_for: Callable[[int], Network]
) -> None:
    """Like a public post, in a case or in none. Calls the network; raises CannotLike."""
    place = place_of(post_id)
    if place is None or place.gone:
        raise CannotLike(say("The post is gone, so it cannot be liked."))
    if place.room != "public":
        raise CannotLike(say("Only a public post can be liked."))
    _tell(network_for(place.account), place.remote_id, ours=place.ours, by=by)
    found = post(post_id)
    _remember(post_id, found.case_id if found else None, by, now)


def _tell(network: Network, remote_id: str, *, ours: str, by: int) -> None:
    if why := silenced(ours, by):
        raise CannotLike(why)
    if not isinstance(network, Likes):
        raise CannotLike(say("Posts cannot be liked on this network."))
    try:
        network.like(remote_id)
    except NetworkError as error:
        raise CannotLike(
            say("The network did not take the like: {why}", why=retold(str(error)))
        ) from error


@transaction.atomic
def _remember(post_id: int, case_id: int | None, by: int, now: datetime) -> None:
    remember("post", post_id, "like", by=by, now=now)
    if case_id is not None:
        praising.liked(case_id=case_id, by=by, now=now)
    tell_of(post_id)
