"""What columns ask of a stream that tells no handles but its own DIDs, and no follower counts.

A query is loosened to what the stream can answer: it then finds too much, never too little, and
the desk, which knows the author, asks the whole question. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sanderling.core.query import Matcher, Query, Subject
from sanderling.core.query.tree import And, From, MinFollowers, Node, Not, Or
from sanderling.networks.bluesky.changes import Change
from sanderling.networks.bluesky.translate import address, linked, quoted

_HANDLES = re.compile(r"(?<![\w@])@([\w.-]*\w)")


class Columns:
    """The columns to find posts for. `too_wide` are those that ask for nearly every post there is,
    and for nothing that could be found: they are not sought.
    """

    def __init__(self, queries: Mapping[int, Query]) -> None:
        loose = {column: loosened(query.root) for column, query in queries.items()}
        self.too_wide = [column for column, node in loose.items() if node is None]
        sought = {column: Query(node) for column, node in loose.items() if node is not None}
        self.writers = {name for query in sought.values() for name in writers(query.root)}
        self._matcher = Matcher(sought)
        self._any = bool(sought)

    def __bool__(self) -> bool:
        return self._any

    def match(self, subjects: Sequence[Subject]) -> list[bool]:
        """For each subject whether any column may want it."""
        return [bool(columns) for columns in self._matcher.match(subjects)]


def loosened(node: Node, *, wider: bool = True) -> Node | None:
    """The node without what a stream cannot tell; None where nothing is left to ask.

    Wider: it holds for all posts that the node holds for, and more. Else narrower, as the inside
    of a Not must be; None then means that it holds for none.
    """
    if isinstance(node, MinFollowers):
        return None
    if isinstance(node, Not):
        part = loosened(node.part, wider=not wider)
        return None if part is None else Not(part)
    if not isinstance(node, And | Or):
        return node
    parts = [loosened(part, wider=wider) for part in node.parts]
    known = tuple(part for part in parts if part is not None)
    must_all = isinstance(node, And) is wider
    if not known or (len(known) < len(parts) and not must_all):
        return None
    return known[0] if len(known) == 1 else type(node)(known)


def writers(node: Node) -> Collection[str]:
    """The handles whose posts a query asks for."""
    if isinstance(node, From):
        return {node.text.lstrip("@").lower()}
    if isinstance(node, Not):
        return writers(node.part)
    parts = node.parts if isinstance(node, And | Or) else ()
    return {name for part in parts for name in writers(part)}


def subject(change: Change, handles: Mapping[str, str], us: str) -> Subject:
    """A post of the stream as columns see it; `handles` are those of the DIDs we know."""
    told: dict[str, Any] = change.record
    text = told.get("text")
    text = text if isinstance(text, str) else ""
    mentions = tuple(_HANDLES.findall(text)) if "@" in text else ()
    reply, embed, langs = told.get("reply"), told.get("embed"), told.get("langs")
    answered = _author_of_parent(reply) if reply else None
    lang = langs[0] if isinstance(langs, list) and langs and isinstance(langs[0], str) else None
    return Subject(
        text=text,
        handle=handles.get(change.did, ""),
        mentions=mentions,
        reply_to=handles[us] if answered == us else next(iter(mentions), None),
        lang=lang,
        links=linked(told.get("facets"), embed) if embed or told.get("facets") else (),
        has_media=_has_media(embed),
        is_reply=bool(reply),
        is_quote=bool(embed) and quoted(embed) is not None,
        network="bluesky",
        account=handles[us],
    )


def _author_of_parent(reply: Any) -> str | None:
    parent = reply.get("parent") if isinstance(reply, dict) else None
    uri = parent.get("uri") if isinstance(parent, dict) else None
    at = address(uri) if isinstance(uri, str) else None
    return at.did if at else None


def _has_media(embed: Any) -> bool:
    kinds = [embed, embed.get("media")] if isinstance(embed, dict) else []
    return any(
        str(kind.get("$type")).endswith((".images", ".video", ".gallery"))
        for kind in kinds
        if isinstance(kind, dict)
    )
