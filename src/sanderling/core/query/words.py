"""The words of the query language, explained for whoever writes a query."""

from __future__ import annotations

from typing import NamedTuple

from sanderling.core.words import later


class Operator(NamedTuple):
    """What `name:` asks, in words, and values it may take; none means that any may follow."""

    name: str
    says: str
    values: tuple[tuple[str, str], ...] = ()


class Example(NamedTuple):
    """A query to begin with, and what it finds."""

    query: str
    finds: str


OPERATORS = (
    Operator("from", later("this handle wrote it")),
    Operator("to", later("it answers this handle")),
    Operator("account", later("this account of ours heard it")),
    Operator("network", later("it stands on this network")),
    Operator(
        "lang",
        later("it is in this language"),
        (
            ("en", later("English")),
            ("de", later("German")),
            ("es", later("Spanish")),
            ("fr", later("French")),
            ("pt", later("Portuguese")),
            ("it", later("Italian")),
            ("ar", later("Arabic")),
            ("hi", later("Hindi")),
        ),
    ),
    Operator("url", later("a link has these words")),
    Operator(
        "has",
        later("it carries something"),
        (("media", later("a picture or film")), ("links", later("a link"))),
    ),
    Operator(
        "is",
        later("it is of this sort"),
        (
            ("reply", later("an answer to a post")),
            ("quote", later("it quotes a post")),
            ("repost", later("somebody else’s post, passed on")),
            ("dm", later("a direct message")),
        ),
    ),
    Operator(
        "min_followers",
        later("its author has so many followers"),
        (
            ("1000", later("a thousand")),
            ("10000", later("ten thousand")),
            ("100000", later("a hundred thousand")),
        ),
    ),
)

EXAMPLES = (
    Example(
        '"no signal" OR outage OR "no data"',
        later("Any of these: words as they are, several in quotes"),
    ),
    Example("outage -power", later("One word, without posts that have the other")),
    Example("(cancel OR switching) lang:en", later("Either word, in English")),
    Example("is:dm", later("Direct messages")),
    Example("outage min_followers:10000", later("From authors whom many follow")),
    Example("#roaming has:media", later("A tag, with a picture")),
)
