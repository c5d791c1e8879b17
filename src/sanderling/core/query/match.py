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
from typing import Final, NamedTuple

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
# How rare posts with such a name are, as if it were a word of so many bytes.
_RARITY: Final[dict[type[Node], int]] = {
    From: 40, To: 20, Tag: 12, Mention: 5, Account: 3, Lang: 2, OnNetwork: 1,
}  # fmt: skip


class _Entry(NamedTuple):
    """The columns filed under one key: those that want just it, and those that may want more."""

    certain: list[int]
    possible: list[int]


class Matcher:
    """Which columns a post belongs in. It never changes: build a new one when a column does.

    `columns` maps ids to queries, or gives (id, query) pairs. Always agrees with `holds`.
    """

    def __init__(self, columns: Mapping[int, Query] | Iterable[tuple[int, Query]]) -> None:
        self._trees = {column: query.root for column, query in dict(columns).items()}
        self._always: list[int] = []
        self._tags: dict[bytes, _Entry] = {}
        worded: dict[bytes, _Entry] = {}
        named: defaultdict[type[Named], dict[str, _Entry]] = defaultdict(dict)
        for column, tree in self._trees.items():
            _, keys = _rarest(tree)
            if not keys:
                self._always.append(column)
            for key in keys:
                if isinstance(key, Named):
                    entry = named[type(key)].setdefault(key.name, _Entry([], []))
                elif isinstance(key, Tag):
                    entry = self._tags.setdefault(key.name, _Entry([], []))
                else:
                    entry = worded.setdefault(key.needle, _Entry([], []))
                (entry.certain if _is_certain(tree) else entry.possible).append(column)
        self._find = BytesAhoCorasick(worded).find_matches_as_indexes
        self._worded = list(worded.values())
        self._named = [(kind.names, entries) for kind, entries in named.items()]

    def match(self, subjects: Sequence[Subject]) -> list[list[int]]:
        """For each subject of a page (hundreds or thousands) the ids of its columns, ascending."""
        page = fold_page(subject.text for subject in subjects)
        hits = self._hits(page, subjects)
        return [
            self._settle(hits[place], page, place, subject) if hits[place] or self._always else []
            for place, subject in enumerate(subjects)
        ]

    def _hits(self, page: Page, subjects: Sequence[Subject]) -> list[list[_Entry]]:
        """For each subject the entries whose key it has."""
        hits: list[list[_Entry]] = [[] for _ in subjects]
        worded, ends, tagged = self._worded, page.ends, self._tags
        for needle, _, end in self._find(page.words, True):
            hits[bisect_left(ends, end)].append(worded[needle])
        for mine, tags in zip(hits, page.tags, strict=True):
            mine += [tagged[tag] for tag in tags if tag in tagged] if tags else ()
        for names, entries in self._named:
            for mine, subject in zip(hits, subjects, strict=True):
                for name in names(subject):
                    if name in entries:
                        mine.append(entries[name])
        return hits

    def _settle(self, hits: list[_Entry], page: Page, place: int, subject: Subject) -> list[int]:
        """The columns of the subject at `place`, which has these hits."""
        certain: set[int] = set()
        possible = set(self._always)
        for entry in hits:
            certain.update(entry.certain)
            possible.update(entry.possible)
        if possible:
            post, trees = Reading(subject, page.words_of(place), page.tags[place]), self._trees
            certain.update([column for column in possible if trees[column].holds(post)])
        return sorted(certain)


_NO_KEYS: Final[tuple[int, Sequence[_Key]]] = (0, ())


def _rarest(node: Node) -> tuple[int, Sequence[_Key]]:
    """Keys of which every post that fits `node` has at least one, and how rare the commonest is.

    No keys where there are none to rely on.
    """
    if isinstance(node, Word | Phrase):
        return len(node.needle), (node,)
    if isinstance(node, Named | Tag):
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


def _is_certain(tree: Node) -> bool:
    """Whether a hit on any key of `tree` is already the answer."""
    if isinstance(tree, Or):
        return all(map(_is_certain, tree.parts))
    return isinstance(tree, _Key)
