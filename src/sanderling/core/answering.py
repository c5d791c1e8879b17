"""May we answer: asked before the effort, and before the answer leaves.

Pure functions of a `Standing`, which the caller gathers. Reasons are sentences for agents.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sanderling.core.network import Limits, Room
from sanderling.core.pricing import Act, act_of
from sanderling.core.splitting import Space
from sanderling.core.words import say

LONGEST = 20_000
"""No draft is longer than this, whatever the network (characters)."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The post that a public answer would reply to.

    `closed`: its network would not let us. `summons`: it mentions us, quotes us or answers us.
    """

    room: Room
    handle: str
    gone: bool
    closed: bool = False
    summons: bool = True


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How we and a customer stand to each other in a case.

    `handle` is the customer's, `ours` the account's, both without @. `wrote_public`: in this case;
    `wrote_direct`: ever, to this account. The last two are as in `network.Author`.
    """

    limits: Limits
    handle: str
    ours: str
    target: Target | None
    wrote_public: bool
    wrote_direct: bool
    follows_us: bool | None
    takes_messages: Literal["all", "followed", "none"] | None


def obstacle(room: Room, standing: Standing) -> str:
    """Why the customer cannot be answered in `room`; empty where nothing is known against it."""
    if standing.limits.closed:
        return standing.limits.closed
    return _no_reply(standing) if room is Room.PUBLIC else _no_message(standing)


def unsayable(limits: Limits) -> str:
    """Why nothing can be said in public that answers nobody; empty where nothing is known against
    it."""
    if limits.closed:
        return limits.closed
    return "" if limits.announces else say("Nothing can be posted to everybody here.")


def most(room: Room, limits: Limits) -> int:
    """How long a post may be in `room`, in the units of `limits.counts`."""
    return limits.public_length if room is Room.PUBLIC else limits.direct_length


def space(room: Room, limits: Limits) -> Space:
    """What fits into one post in `room`."""
    return Space(
        most(room, limits), limits.counts, limits.public_bytes if room is Room.PUBLIC else None
    )


def signed(text: str, initials: str) -> str:
    """`text` with the agent's signature at its end, once."""
    sign = f"^{initials}"
    return text if not initials or text.endswith(sign) else f"{text} {sign}"


def signature(text: str, initials: str) -> str:
    """What `signed` adds to `text`."""
    return signed(text, initials).removeprefix(text)


def unsigned(text: str, initials: str) -> str:
    """`text` as it was typed, without the signature that `signed` gave it."""
    return text.removesuffix(f" ^{initials}")


def act(room: Room, text: str, standing: Standing) -> Act:
    """What sending `text` would be on the network's bill."""
    summoned = bool(standing.target and standing.target.summons)
    return act_of(text, direct=room is Room.DIRECT, summoned=summoned)


def by_hand(standing: Standing) -> bool:
    """Whether a person could still reply in the network itself, where the desk may not."""
    target, limits = standing.target, standing.limits
    if target is None or target.gone or target.closed or target.room is not Room.PUBLIC:
        return False
    return limits.replies == "none" or (limits.replies == "summoned" and not target.summons)


def _no_reply(standing: Standing) -> str:
    if not standing.wrote_public:
        return say(
            "@{handle} wrote only in private; a public answer would reveal it. "
            "Answer by direct message.",
            handle=standing.handle,
        )
    if standing.target is None:
        return say("There is no public post here to answer.")
    if standing.target.room is not Room.PUBLIC:
        return say("That is a direct message; it cannot be answered in public.")
    if standing.target.gone:
        return say(
            "@{handle} deleted the post; there is nothing left to answer.",
            handle=standing.target.handle,
        )
    if standing.target.closed:
        return say(
            "@{handle} lets only some people reply to this post, and not us.",
            handle=standing.target.handle,
        )
    if standing.limits.replies == "none":
        return say("The desk only reads here. Open the post and answer on its own page.")
    if standing.limits.replies == "summoned" and not standing.target.summons:
        return say(
            "@{handle} did not mention or quote @{ours}, and this network lets no "
            "desk answer such posts. You can answer in the network itself; the desk "
            "will see it.",
            handle=standing.target.handle,
            ours=standing.ours,
        )
    return ""


def _no_message(standing: Standing) -> str:
    if standing.limits.messages == "none":
        return say("There are no direct messages here.")
    if standing.wrote_direct:  # whoever wrote first may be answered
        return ""
    if standing.limits.messages == "answers":
        return say(
            "@{handle} has not written to us directly, and here we may only answer "
            "those who did. Ask them to write first.",
            handle=standing.handle,
        )
    if standing.takes_messages == "none":
        return say(
            "@{handle} takes no direct messages. Ask in public how to reach them.",
            handle=standing.handle,
        )
    if standing.takes_messages == "followed" and standing.follows_us is False:
        return say(
            "@{handle} takes direct messages only from accounts they follow, and "
            "does not follow @{ours}. Ask them in public to follow, or to write "
            "first.",
            handle=standing.handle,
            ours=standing.ours,
        )
    return ""
