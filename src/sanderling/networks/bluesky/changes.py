"""A change of a post, as any stream of the network tells it. Pure."""

from __future__ import annotations

from typing import Any

import msgspec


class Change(msgspec.Struct, frozen=True, gc=False):
    """`operation` is create, update or delete; `at` when the network saw it, as written there.

    `names_us`: our id stands somewhere in it, so that it may speak to us.
    """

    did: str
    rkey: str
    operation: str
    at: str
    record: Any = None
    cid: Any = None
    names_us: bool = False

    @property
    def uri(self) -> str:
        """The address of the post."""
        return f"at://{self.did}/app.bsky.feed.post/{self.rkey}"

    def speaks_to(self, did: str) -> bool:
        """Whether it mentions, answers or quotes an account."""
        return self.names_us and any(
            link == did or link.startswith(f"at://{did}/") for link in _addresses(self.record)
        )


def _addresses(record: Any) -> list[str]:
    """Whom a record names: those it mentions, and whose posts it answers and quotes."""
    reply, embed = _of(record, "reply"), _of(record, "embed")
    quote = _of(embed, "record")
    found = [
        _of(_of(reply, "parent"), "uri"),
        _of(_of(reply, "root"), "uri"),
        _of(quote, "uri"),
        _of(_of(quote, "record"), "uri"),
    ]
    for facet in _of(record, "facets") or ():
        found += [_of(feature, "did") for feature in _of(facet, "features") or ()]
    return [link for link in found if isinstance(link, str)]


def _of(content: Any, name: str) -> Any:
    """A field that holds more (or a text); None where there is nothing of the kind."""
    found = content.get(name) if isinstance(content, dict) else None
    return found if isinstance(found, dict | list | str) else None
