"""May we answer, and what speaks against this text: asked before the effort, and before it leaves.

Pure functions of a `Standing`, which the caller gathers. Reasons are sentences for agents.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import regex

from sanderling.core.network import Limits, Room
from sanderling.core.pricing import Act, act_of
from sanderling.core.text import length

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


def objections(room: Room, text: str, standing: Standing) -> list[str]:
    """Everything that speaks against sending `text`, as it would be posted, to `room`."""
    found = [
        obstacle(room, standing),
        _too_long(room, text, standing.limits),
        _too_many_bytes(room, text, standing.limits),
    ]
    if room is Room.PUBLIC and (what := personal(text)):
        found.append(
            f"This looks like {what}. It must not stand in public: send it as a direct message,"
            " or take it out."
        )
    return [sentence for sentence in found if sentence]


def most(room: Room, limits: Limits) -> int:
    """How long a text may be in `room`, in the units of `limits.counts`."""
    return limits.public_length if room is Room.PUBLIC else limits.direct_length


def signed(text: str, initials: str) -> str:
    """`text` with the agent's signature at its end, once."""
    sign = f"^{initials}"
    return text if not initials or text.endswith(sign) else f"{text} {sign}"


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
        return (
            f"@{standing.handle} wrote only in private; a public answer would reveal it."
            " Answer by direct message."
        )
    if standing.target is None:
        return "There is no public post here to answer."
    if standing.target.room is not Room.PUBLIC:
        return "That is a direct message; it cannot be answered in public."
    if standing.target.gone:
        return f"@{standing.target.handle} deleted the post; there is nothing left to answer."
    if standing.target.closed:
        return f"@{standing.target.handle} lets only some people reply to this post, and not us."
    if standing.limits.replies == "none":
        return "The desk only reads here. Open the post and answer on its own page."
    if standing.limits.replies == "summoned" and not standing.target.summons:
        return (
            f"@{standing.target.handle} did not mention or quote @{standing.ours}, and this network"
            " lets no desk answer such posts. You can answer in the network itself; the desk will"
            " see it."
        )
    return ""


def _no_message(standing: Standing) -> str:
    if standing.limits.messages == "none":
        return "There are no direct messages here."
    if standing.wrote_direct:  # whoever wrote first may be answered
        return ""
    if standing.limits.messages == "answers":
        return (
            f"@{standing.handle} has not written to us directly, and here we may only answer those"
            " who did. Ask them to write first."
        )
    if standing.takes_messages == "none":
        return f"@{standing.handle} takes no direct messages. Ask in public how to reach them."
    if standing.takes_messages == "followed" and standing.follows_us is False:
        return (
            f"@{standing.handle} takes direct messages only from accounts they follow, and does not"
            f" follow @{standing.ours}. Ask them in public to follow, or to write first."
        )
    return ""


def _too_long(room: Room, text: str, limits: Limits) -> str:
    allowed = most(room, limits)
    over = length(text, limits.counts) - allowed
    if over <= 0:
        return ""
    what = "public reply" if room is Room.PUBLIC else "direct message"
    return f"This is {over:,} too long: a {what} may count {allowed:,} here, signature included."


def _too_many_bytes(room: Room, text: str, limits: Limits) -> str:
    over = len(text.encode()) - (limits.public_bytes or 0)
    if room is not Room.PUBLIC or limits.public_bytes is None or over <= 0:
        return ""
    return f"This has {over:,} bytes too many: emoji and some scripts need several each."


_LINK = regex.compile(r"https?://\S+")
_DATE = regex.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d\b")
_NUMBER = regex.compile(r"\d(?:[\s./()-]{0,2}\d){7,}")
_IBAN = regex.compile(r"\b[A-Z]{2}\d\d(?:[ -]?[A-Z0-9]){11,30}\b", regex.IGNORECASE | regex.ASCII)


def personal(text: str) -> str:
    """What in `text` must not be public: a card, bank account, phone or other long number."""
    plain = _DATE.sub("#", _LINK.sub("#", text))
    if any(_is_iban(found[0]) for found in _IBAN.finditer(plain, overlapped=True)):
        return "a bank account number (IBAN)"
    numbers = [_digits(found[0]) for found in _NUMBER.finditer(plain)]
    if any(13 <= len(n) <= 19 and _is_card(n) for n in numbers):
        return "a card number"
    return "a phone, account or card number" if numbers else ""


def _digits(text: str) -> list[int]:
    return [int(c) for c in text if c.isdecimal()]


def _is_card(digits: list[int]) -> bool:
    """The check digit that every payment card carries."""
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """The check digits that every IBAN carries, at some length of the run."""
    run = "".join(c for c in text.upper() if c.isalnum())
    return any(
        int("".join(str(int(c, 36)) for c in run[4:end] + run[:4])) % 97 == 1
        for end in range(15, len(run) + 1)
    )
