"""Thousands of columns against a page of posts: one pass of one automaton over all of it.

Every query is filed under the rarest things that each of its posts must have: words of the text go
into the automaton, tags and names (handles, languages, ...) into dictionaries. A query that is
nothing but such keys is answered by the hit itself; any other is read as a tree, but only for the
posts that hit its key. Queries with no key at all (`is:dm min_followers:1000`) are read for every
post.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from sanderling.core.query.fold import Page, fold_page
from sanderling.core.query.subject import Reading, Subject
from sanderling.core.query.tree import (
    Account,
    And,
    From,
    Lang,
    Mention,
    Named,
    Node,
    OnNetwork,
    Or,
    Phrase,
    Query,
    Tag,
    To,
    Word,
)

_Key = Word | Phrase | Tag | Named
_WORDED = (Word, Phrase)
_KEYS = (Word, Phrase, Tag, Named)
# How rare posts with such a name are, as if it were a word of so many bytes.
_RARITY: Final[dict[type[Node], int]] = {
    From: 40, To: 20, Tag: 12, Mention: 5, Account: 3, Lang: 2, OnNetwork: 1,
}  # fmt: skip


class Matcher:
    """Which columns a post belongs in. It never changes: build a new one when a column does.

    `columns` maps ids to queries, or gives (id, query) pairs. Always agrees with `holds`.
    """

    def __init__(self, columns: Mapping[int, Query] | Iterable[tuple[int, Query]]) -> None:
        self._trees: dict[int, Node] = {}
        self._always: list[int] = []
        self._tags: defaultdict[bytes, list[int]] = defaultdict(list)
        worded: defaultdict[bytes, list[int]] = defaultdict(list)
        named: defaultdict[type[Named], defaultdict[str, list[int]]] = defaultdict(_shelf)
        for column, query in dict(columns).items():
            tree = query.root
            _, keys = _rarest(tree)
            if not keys:
                self._always.append(column)
            if not _is_keys(tree):
                self._trees[column] = tree
            for key in keys:
                if isinstance(key, _WORDED):
                    worded[key.needle].append(column)
                elif isinstance(key, Tag):
                    self._tags[key.name].append(column)
                else:
                    named[type(key)][key.name].append(column)
        self._find = BytesAhoCorasick(worded).find_matches_as_indexes
        self._worded = list(worded.values())
        self._named = [(kind.names, shelf) for kind, shelf in named.items()]

    def match(self, subjects: Sequence[Subject]) -> list[list[int]]:
        """For each subject of a page (hundreds or thousands) the ids of its columns, ascending."""
        page = fold_page(subject.text for subject in subjects)
        hits = self._hits(page, subjects)
        return [
            self._settle(hits[place], page, place, subject) if hits[place] or self._always else []
            for place, subject in enumerate(subjects)
        ]

    def _hits(self, page: Page, subjects: Sequence[Subject]) -> list[list[int]]:
        """For each subject the columns of which it has a key, some repeated."""
        hits: list[list[int]] = [[] for _ in subjects]
        worded, ends, tagged = self._worded, page.ends, self._tags
        for needle, _, end in self._find(page.words, True):
            hits[bisect_left(ends, end)] += worded[needle]
        for mine, tags in zip(hits, page.tags, strict=True):
            for tag in tags:
                if tag in tagged:
                    mine += tagged[tag]
        for names, shelf in self._named:
            for mine, subject in zip(hits, subjects, strict=True):
                for name in names(subject):
                    if name in shelf:
                        mine += shelf[name]
        return hits

    def _settle(self, hits: list[int], page: Page, place: int, subject: Subject) -> list[int]:
        """Those of the columns in question that the subject at `place` belongs in."""
        post, trees = Reading(subject, page.words_of(place), page.tags[place]), self._trees
        columns = {*hits, *self._always}
        return sorted([c for c in columns if c not in trees or trees[c].holds(post)])


def _shelf() -> defaultdict[str, list[int]]:
    return defaultdict(list)


_NO_KEYS: Final[tuple[int, Sequence[_Key]]] = (0, ())


def _rarest(node: Node) -> tuple[int, Sequence[_Key]]:
    """Keys of which every post that fits `node` has at least one, and how rare the commonest is.

    No keys where there are none to rely on.
    """
    if isinstance(node, _WORDED):
        return len(node.needle), (node,)
    if isinstance(node, _KEYS):
        return _RARITY[type(node)], (node,)
    if isinstance(node, And):  # of equals the last: people write what all their columns share first
        return max(map(_rarest, reversed(node.parts)), key=_rarity)
    if isinstance(node, Or):
        sides = [_rarest(part) for part in node.parts]
        rarity = min(map(_rarity, sides))
        return (rarity, [key for _, keys in sides for key in keys]) if rarity else _NO_KEYS
    return _NO_KEYS


def _rarity(side: tuple[int, Sequence[_Key]]) -> int:
    return side[0]


def _is_keys(tree: Node) -> bool:
    """Whether a hit on any key of `tree` is already the answer."""
    if isinstance(tree, Or):
        return all(map(_is_keys, tree.parts))
    return isinstance(tree, _KEYS)
