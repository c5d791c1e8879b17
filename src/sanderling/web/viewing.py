"""Saved views in the sidebar: each a link to the queue that it narrows, or to its search."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from sanderling.cases.views import SavedView, views


class Link(NamedTuple):
    """A view and its address."""

    view: SavedView
    to: str


def address(query: str, queue: str) -> str:
    """Where a view shows what it finds."""
    if queue:
        return f"/desk/?{urlencode({'q': queue, 'f': query})}"
    return f"/search/?{urlencode({'q': query})}"


def links(agent_id: int, *, is_lead: bool) -> list[Link]:
    """The views that an agent has, in the order of names."""
    found = views(agent_id, is_lead=is_lead)
    return [Link(view, address(view.query, view.queue)) for view in found]
