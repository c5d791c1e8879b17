"""What to look for on a server so that columns find their posts. Pure.

A server can be asked for a hashtag or for words. Of every column the fewest of these are taken
without which no post can belong in it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sanderling.core.query import Query
from sanderling.core.query.tree import And, Node, OnNetwork, Or, Phrase, Tag, Word

MOST_TAGS, MOST_SEARCHES = 20, 20


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Hashtags without #, and words to search for, each in an order that stays."""

    tags: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()


def sought(columns: Iterable[Query]) -> Sought:
    """What these columns need; columns that need neither hashtag nor word ask for nothing here."""
    terms: set[Tag | Word | Phrase] = set()
    for query in columns:
        terms |= _needed(query.root) or frozenset()
    tags = {term.text.casefold() for term in terms if isinstance(term, Tag)}
    searches = {
        f'"{term.text}"' if isinstance(term, Phrase) else term.text
        for term in terms
        if not isinstance(term, Tag)
    }
    return Sought(
        tags=tuple(sorted(tags)[:MOST_TAGS]), searches=tuple(sorted(searches)[:MOST_SEARCHES])
    )


def _needed(node: Node) -> frozenset[Tag | Word | Phrase] | None:
    """Terms of which every post that fits `node` has at least one; None where none is known.

    No terms at all where no post of this network fits.
    """
    if isinstance(node, Tag | Word | Phrase):
        return frozenset({node})
    if isinstance(node, OnNetwork):
        return None if node.name == "mastodon" else frozenset()
    if isinstance(node, And):
        known = [needed for part in node.parts if (needed := _needed(part)) is not None]
        return min(known, key=_cost, default=None)
    if isinstance(node, Or):
        sides = [_needed(part) for part in node.parts]
        if any(side is None for side in sides):
            return None
        return frozenset[Tag | Word | Phrase]().union(*(side for side in sides if side))
    return None


def _cost(terms: frozenset[Tag | Word | Phrase]) -> tuple[int, int]:
    """Hashtags first: they are streamed and complete, while few posts can be searched."""
    return sum(not isinstance(term, Tag) for term in terms), len(terms)
