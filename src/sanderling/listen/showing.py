"""Pictures of posts and faces of people, as the desk shows them: copies of its own.

A browser asks the desk, never a stranger's server. What it may ask for is sealed into the address,
so that nobody can make the desk fetch what they like; a picture is shown only as long as the post
still carries it, and its copy goes when the post is erased.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer

from sanderling.core.network import NetworkError
from sanderling.core.pictures import TYPES, NotAPicture, clean
from sanderling.core.words import later, retold, say
from sanderling.listen.models import Post
from sanderling.store.shelf import Shelf

Fetch = Callable[[], bytes]
NO_PICTURE = later("What lies there is no JPEG, PNG, GIF or WebP picture that the desk shows.")


class NotShown(Exception):
    """Why a picture is not shown; the sentence is for people."""


class Sight(NamedTuple):
    """Something to be seen: `url` on a stranger's server, on the post with this id; 0: a face."""

    url: str
    post: int = 0

    @property
    def owner(self) -> str:
        """With whom its copy is thrown away."""
        return f"post-{self.post}" if self.post else "face"


class Copy(NamedTuple):
    """A clean picture and its type."""

    type: str
    held: bytes


def sealed(sight: Sight) -> str:
    """A word for an address of ours that stands for it; always the same, so that browsers keep
    what they have. Signed, not secret: an agent may read where a picture lies."""
    told = urlsafe_b64encode(f"{sight.post} {sight.url}".encode()).decode().rstrip("=")
    return _signer().sign(told)


def opened(word: str) -> Sight:
    """What `sealed` was given. Raises NotShown for a word that is not ours."""
    try:
        told = _signer().unsign(word)
        post, _, url = urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode().partition(" ")
    except (BadSignature, ValueError) as error:
        raise NotShown(say("This address is none of the desk's. Load the page again.")) from error
    return Sight(url, int(post))


def hangs(sight: Sight) -> bool:
    """Whether its post still carries it; a face hangs on nothing."""
    if not sight.post:
        return True
    media = Post.objects.filter(pk=sight.post).values_list("media", flat=True).first()
    return sight.url in set(_addresses(media or ()))


def kept(sight: Sight) -> Copy | None:
    """Our copy; None where there is none."""
    held = shelf().get(sight.owner, sight.url)
    kind, _, body = (held or b"").partition(b"\n")
    found = kind.decode("latin-1")
    return Copy(found, body) if found in TYPES and body else None


def take(sight: Sight, fetch: Fetch) -> Copy:
    """Fetch it, take it apart as any picture that strangers made, and keep a copy.

    Raises NotShown. Whoever asks must see afterwards that it still hangs there, and `drop` it where
    not: its post may have been erased meanwhile.
    """
    try:
        found = clean(fetch())
    except NetworkError as error:
        raise NotShown(retold(str(error))) from error
    except NotAPicture as error:
        raise NotShown(say(NO_PICTURE)) from error
    shelf().put(sight.owner, sight.url, found.type.encode() + b"\n" + found.held)
    return Copy(found.type, found.held)


def drop(posts: Iterable[int]) -> None:
    """Keep no copy of what hung on these posts."""
    for post in posts:
        shelf().throw_away(Sight("", post).owner)


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """Where the copies stand; made with the first of them."""
    return Shelf(settings.DATA / "media", settings.MEDIA_MB * 1_000_000)


@lru_cache(maxsize=1)
def _signer() -> Signer:
    return Signer(salt="sanderling.media")


def _addresses(media: Iterable[dict[str, Any]]) -> Iterable[str]:
    for piece in media:
        yield piece.get("url", "")
        yield piece.get("poster", "")
