"""What hangs on a post, as its timeline shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanderling.core.words import later, say
from sanderling.listen.showing import Sight, sealed
from sanderling.web.wording import length

LONGEST_ALT = 1_500
KINDS = {"picture": later("Picture"), "film": later("Video"), "sound": later("Audio")}


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture, video or audio. `address` is where the desk shows it, or the poster of a video; ""
    where there is nothing to be seen. `lasts` says how long it plays, "" where nobody told."""

    kind: str
    label: str
    alt: str
    address: str
    lasts: str


def pieces(media: Iterable[Mapping[str, Any]], post_id: int) -> list[Piece]:
    """What hangs on a post, by what the network told of it."""
    return [_piece(post_id, told) for told in media]


def shown_at(url: str, post_id: int = 0) -> str:
    """Where the desk shows what lies at `url`; "" where that is no web address."""
    if not url.startswith(("https://", "http://")):
        return ""
    return f"/media/{sealed(Sight(url, post_id))}/"


def _piece(post_id: int, told: Mapping[str, Any]) -> Piece:
    kind = str(told.get("kind", ""))
    url = told.get("url") if kind == "picture" else told.get("poster")
    seconds = told.get("seconds")
    return Piece(
        kind=kind if kind in KINDS else "file",
        label=say(KINDS.get(kind, later("File"))),
        alt=str(told.get("alt", ""))[:LONGEST_ALT].strip(),
        address=shown_at(str(url or ""), post_id) if post_id else "",
        lasts=length(seconds) if isinstance(seconds, int | float) else "",
    )
