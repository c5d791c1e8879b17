"""Who writes about an incident, where and about what, and how the desk met them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sanderling.cases import belonging
from sanderling.cases.belonging import Linked, Matter
from sanderling.cases.queries import Key as Place
from sanderling.cases.queries import key_text
from sanderling.incidents.figures import Share, shares
from sanderling.incidents.queries import Standing
from sanderling.incidents.voices import Carrier, Key, Voice, carriers, gist_of, members

MOST_BARS = 6
FIRST = 10
"""Posts that the room itself shows; all of them have a page."""


class Bar(NamedTuple):
    """What, in how many posts, and its length in per cent of the longest."""

    name: str
    posts: int
    share: int


@dataclass(frozen=True, slots=True)
class Page:
    """Posts of an incident, newest first, and by post the case each stands in; `after` is where the
    next page goes on, empty at the end."""

    posts: list[Voice]
    matters: dict[int, Matter]
    after: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """All that the room says about people. `what` are topics, or words where no topic is known."""

    where: list[Bar]
    what: list[Bar]
    networks: Sequence[Share]
    reach: list[Carrier]
    samples: list[Voice]
    newest: Page
    matters: dict[int, Matter]
    linked: Linked


def crowd(it: Standing) -> Crowd:
    """Who writes about an incident."""
    gist, spread, reach = gist_of(it.id), shares(it.id), carriers(it.id)
    return Crowd(
        where=bars(gist.places),
        what=bars(spread.topics or gist.words),
        networks=spread.networks,
        reach=reach,
        samples=gist.samples,
        newest=page(it.id, limit=FIRST),
        matters=belonging.matters_of([c.post for c in reach]),
        linked=belonging.linked(it.id),
    )


def page(incident_id: int, after: Key | None = None, limit: int = 50) -> Page:
    """Posts of an incident, going on after a key."""
    found = members(incident_id, after, limit)
    matters = belonging.matters_of([p.post for p in found.rows])
    more = key_text(Place(*found.after)) if found.after else ""
    return Page(found.rows, matters, more)


def bars(counted: Sequence[Share]) -> list[Bar]:
    """At most MOST_BARS bars, the longest being the most."""
    most = max((share.posts for share in counted), default=1)
    return [Bar(name, posts, round(100 * posts / most)) for name, posts in counted[:MOST_BARS]]
