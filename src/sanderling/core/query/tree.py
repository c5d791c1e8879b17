"""The nodes of a parsed query. Each can say whether it holds for one post; none ever changes.

As on X, a word is compared with whole tokens, and a token inside a #tag, a @mention or a link
counts like any other: `outage` finds `#outage`, while `#outage` finds only the tag and `@ada` only
the mention. How text becomes tokens is told in `fold`.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import force_setattr

from sanderling.core.query.fold import fold, name, words
from sanderling.core.query.subject import Reading, Subject


class Node(msgspec.Struct, frozen=True, gc=False):
    """A condition on one post."""

    def holds(self, post: Reading) -> bool:
        """Whether `post` meets the condition."""
        raise AssertionError(f"{type(self).__name__} is not a condition by itself")


class And(Node, frozen=True, gc=False):
    """All of `parts` hold; no part is itself an And."""

    parts: tuple[Node, ...]

    def holds(self, post: Reading) -> bool:
        for part in self.parts:  # noqa: SIM110 - a generator costs more than the comparisons
            if not part.holds(post):
                return False
        return True


class Or(Node, frozen=True, gc=False):
    """At least one of `parts` holds; no part is itself an Or."""

    parts: tuple[Node, ...]

    def holds(self, post: Reading) -> bool:
        for part in self.parts:  # noqa: SIM110 - as in And
            if part.holds(post):
                return True
        return False


class Not(Node, frozen=True, gc=False):
    """`part` does not hold."""

    part: Node

    def holds(self, post: Reading) -> bool:
        return not self.part.holds(post)


class Worded(Node, frozen=True, gc=False):
    """A leaf that looks for tokens. `text` is as typed, `needle` the folded form of it."""

    text: str
    needle: bytes = b""

    def __post_init__(self) -> None:
        force_setattr(self, "needle", words(self.text))


class Word(Worded, frozen=True, gc=False):
    """A word stands in the text."""

    def holds(self, post: Reading) -> bool:
        return self.needle in post.words


class Phrase(Worded, frozen=True, gc=False):
    """Words stand in the text, one right after the other."""

    def holds(self, post: Reading) -> bool:
        return self.needle in post.words


class Url(Worded, frozen=True, gc=False):
    """A link of the post contains these words in a row; `northwind.example/status` is three."""

    def holds(self, post: Reading) -> bool:
        return any(self.needle in link for link in post.once(_links))


def _links(subject: Subject) -> list[bytes]:
    return [words(link) for link in subject.links]


class Named(Node, frozen=True, gc=False):
    """A leaf that asks for a name of its kind. `text` is as typed, `name` the folded form of it."""

    text: str
    name: str = ""

    def __post_init__(self) -> None:
        force_setattr(self, "name", name(self.text))

    @staticmethod
    def names(subject: Subject) -> list[str]:
        """The names of this kind that the post has, folded."""
        raise AssertionError("each kind of name says where a post has it")

    def holds(self, post: Reading) -> bool:
        return self.name in post.once(self.names)


class Tag(Node, frozen=True, gc=False):
    """The text has this #tag. `text` is as typed without the #, `name` the folded form of it."""

    text: str
    name: bytes = b""

    def __post_init__(self) -> None:
        _, tags = fold(f"#{self.text}")
        force_setattr(self, "name", tags[0])

    def holds(self, post: Reading) -> bool:
        return self.name in post.tags


class Mention(Named, frozen=True, gc=False):
    """The post mentions this handle."""

    @staticmethod
    def names(subject: Subject) -> list[str]:
        return [name(handle) for handle in subject.mentions]


class From(Named, frozen=True, gc=False):
    """This handle wrote it."""

    @staticmethod
    def names(subject: Subject) -> list[str]:
        return [name(subject.handle)]


class To(Named, frozen=True, gc=False):
    """It answers a post of this handle."""

    @staticmethod
    def names(subject: Subject) -> list[str]:
        return [name(subject.reply_to)] if subject.reply_to else []


class Account(Named, frozen=True, gc=False):
    """Our account with this handle heard it."""

    @staticmethod
    def names(subject: Subject) -> list[str]:
        return [name(subject.account)]


class OnNetwork(Named, frozen=True, gc=False):
    """It stands on this network."""

    @staticmethod
    def names(subject: Subject) -> list[str]:
        return [name(subject.network)]


class Lang(Named, frozen=True, gc=False):
    """It is in this language, whatever the region: `pt` finds `pt-BR`."""

    @staticmethod
    def names(subject: Subject) -> list[str]:
        return [name(subject.lang).partition("-")[0]] if subject.lang else []


class Has(Node, frozen=True, gc=False):
    """It carries `media` or `links`."""

    what: str

    def holds(self, post: Reading) -> bool:
        return post.subject.has_media if self.what == "media" else bool(post.subject.links)


class Is(Node, frozen=True, gc=False):
    """It is a `reply`, `repost`, `quote` or `dm`."""

    what: str

    def holds(self, post: Reading) -> bool:
        return bool(getattr(post.subject, f"is_{self.what}"))


class MinFollowers(Node, frozen=True, gc=False):
    """Its author has at least `count` followers."""

    count: int

    def holds(self, post: Reading) -> bool:
        return (post.subject.followers or 0) >= self.count


class Query(msgspec.Struct, frozen=True, gc=False):
    """What one column asks: made by `parse`, written out by `say`."""

    root: Node


def holds(query: Query, subject: Subject) -> bool:
    """Whether `subject` belongs in a column with this query: the exact tree, leaf by leaf."""
    return query.root.holds(Reading(subject, *fold(subject.text)))
