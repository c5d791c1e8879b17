"""An account that is being connected, while its owner says yes on the network's own page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import msgspec

from sanderling.core.network import Elsewhere, Refused
from sanderling.core.words import say
from sanderling.store.sealing import SealBroken, opened, sealed

LASTS = timedelta(minutes=15)
LONGEST_ANSWER = 10_000


class NotUnderWay(Exception):
    """Nothing waits for this answer; the sentence says what to do."""


class UnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a yes: of which network, until when, and what `finish` needs of it then.

    `again` is the account that shall be connected again, if it is known here.
    """

    network: str
    url: str
    keep: str
    paste: bool
    until: datetime
    again: int | None = None


def wait_for(network: str, at: Elsewhere, *, now: datetime, again: int | None = None) -> str:
    """What must be kept for `resumed`, sealed. Raises Refused for an address that is none."""
    if urlsplit(at.url).scheme not in ("http", "https"):
        raise Refused(say("The network wants to send you to an address that no browser can open."))
    under_way = UnderWay(
        network=network, url=at.url, keep=at.keep, paste=at.paste, until=now + LASTS, again=again
    )
    return sealed(msgspec.json.encode(under_way).decode())


def resumed(kept: str, network: str, *, now: datetime) -> UnderWay:
    """What waits in `kept` for an answer of this network; raises NotUnderWay."""
    try:
        found = msgspec.json.decode(opened(kept), type=UnderWay) if kept else None
    except (SealBroken, msgspec.MsgspecError):  # a key was changed in between
        found = None
    if found is None or found.network != network or found.until <= now:
        raise NotUnderWay(
            say(
                "Nothing waits for this answer here: it was given already, or begun more "
                "than {minutes} minutes ago, or in another browser. Begin again. If you began "
                "at a terminal, paste this page's address there.",
                minutes=LASTS.seconds // 60,
            )
        )
    return found


def answer(pasted: str) -> Mapping[str, str]:
    """What somebody pasted: a code, or the whole address that the network led to."""
    pasted = pasted.strip()[:LONGEST_ANSWER]
    _, _, query = pasted.partition("?")
    told = dict(parse_qsl(query))
    if "next" in told:  # it led to a desk where one had to sign in first
        return answer(told["next"])
    return told or {"code": pasted}


def back_to(desk: str, network: str) -> str:
    """Where a network leads back to, for a desk that is reached at `desk`."""
    return f"{desk}/networks/back/{network}"
