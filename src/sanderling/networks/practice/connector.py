"""The practice network as a `Network` of the desk."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sanderling.core.network import Author, Cursor, Draft, Key, Limits, Media, Page, Receipt
from sanderling.networks.practice import translate
from sanderling.networks.practice.client import ANSWER_S, Client, KeysNotKept
from sanderling.networks.wire.pictures import content as held_by

LIMITS = Limits(
    public_length=280,
    direct_length=10_000,
    counts="weighted",
    keeps_keys=True,
    media=4,
    writes_per_hour=1000,
    repair_s=600,
    practises=True,
)


class Practice:
    """One account on the practice network at `base_url`: a Network that Follows and Likes.

    `keeps_keys` is to be False where the network was told to forget keys. Safe to share between
    threads; `answer_s` is how long an answer may take, in seconds.
    """

    name = "practice"

    def __init__(
        self, base_url: str, token: str, *, keeps_keys: bool = True, answer_s: float = ANSWER_S
    ) -> None:
        self.limits = msgspec.structs.replace(LIMITS, keeps_keys=keeps_keys)
        self._client = Client(base_url, token, answer_s)

    def close(self) -> None:
        """Let go of the connections; nothing may be asked afterwards."""
        self._client.close()

    def whoami(self) -> Author:
        """The account that the token belongs to."""
        return translate.to_author(self._client.me())

    def pull(self, since: Cursor | None) -> Page:
        """What happened after `since`; from None on the whole history comes first."""
        return translate.to_page(*self._client.events(since))

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """Pages as they happen; raises Unreachable when the stream ends."""
        for content, raw in self._client.stream(since):
            yield translate.to_page(content, raw)

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Post `draft`; a known key is answered with its first receipt."""
        draft = msgspec.structs.replace(draft, media=tuple(map(self._upload, draft.media)))
        return translate.to_receipt(self._client.write(translate.from_draft(draft), key))

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """What was pushed under `key`; without keys, our latest post that says the same."""
        try:
            known = self._client.receipt(key)
        except KeysNotKept:
            own = self._client.own_posts()
            known = next((post for post in own if translate.says_the_same(post, draft)), None)
        return translate.to_receipt(known) if known else None

    def like(self, remote_id: str) -> None:
        """Like a post; twice is the same as once."""
        self._client.like(remote_id)

    def _upload(self, media: Media) -> Media:
        kind, held = held_by(media)
        return msgspec.structs.replace(media, url=self._client.upload(kind, held))
