"""Saying something once: posts under record keys of our choice, and direct messages.

A record under a key can be looked up, so a post is surely there or surely not. The chat keeps no
keys: there our newest message with the same words must do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sanderling.core.network import (
    Draft,
    Key,
    Media,
    OutcomeUnknown,
    Receipt,
    Refused,
    Room,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.bluesky import facets, translate
from sanderling.networks.bluesky.client import ChatDeclined, Client, Declined
from sanderling.networks.bluesky.keys import record_key
from sanderling.networks.bluesky.points import CREATE, DELETE, Points
from sanderling.networks.bluesky.reading import Reader
from sanderling.networks.bluesky.records import Convo, Message, PostView, Ref
from sanderling.networks.bluesky.translate import LIKE, POST, maybe, understood
from sanderling.networks.wire.pictures import content

PICTURE_BYTES = 1_000_000
MOST_MENTIONS, MOST_CONVOS = 20, 100
CLOCKS = timedelta(seconds=5)
"""The chat's clock may be this far behind ours."""
NO_CHAT = later(
    "The app password of this account does not allow direct messages. Make a new one on bsky.app "
    'with "Allow access to your direct messages" ticked, and connect the account again.'
)

CANNOT_MESSAGE = {
    "MessagesDisabled": later("The recipient takes no direct messages. Answer them in public."),
    "NotFollowedBySender": (
        later(
            "The recipient takes direct messages only from people they follow. "
            "Ask them in public to write to this account first, or to follow it."
        )
    ),
}


class Mouth:
    """What one account says, `us` being its DID."""

    def __init__(
        self, client: Client, reader: Reader, us: str, clock: Callable[[], datetime]
    ) -> None:
        self._client, self._reader, self._us, self._clock = client, reader, us, clock
        self._points = Points()

    async def say(self, draft: Draft, key: Key) -> Receipt:
        """Say it once; a known key of a public post gives its first receipt."""
        if draft.room is Room.DIRECT:
            if draft.media:
                raise Refused(
                    later("Bluesky takes no pictures in direct messages. Send the words alone.")
                )
            return await self._send(draft)
        if known := await self.said(draft, key):
            return known
        return await self._post(draft, record_key(key, draft.at))

    async def said(self, draft: Draft, key: Key) -> Receipt | None:
        """What was said under this key, or None."""
        if draft.room is Room.DIRECT:
            return await self._sent(draft)
        told = await self._client.record(self._us, POST, record_key(key, draft.at))
        return self._receipt(told) if told else None

    async def like(self, uri: str) -> None:
        """Like a post, once."""
        view = await self._shown(uri)
        if view.viewer and view.viewer.like:
            return
        self._points.spend(CREATE, self._clock())
        rkey = record_key(uri)
        record = translate.like(view, self._clock())
        try:
            await self._client.create(self._us, rkey, record)
        except (Declined, OutcomeUnknown):  # a key that is taken can be answered with a bare 500
            if not await self._client.record(self._us, LIKE, rkey):
                raise

    async def take_back(self, uri: str) -> None:
        """Delete a public post of ours."""
        at = translate.address(uri)
        if at is None or at.did != self._us:
            raise Refused(later("Only posts of this account can be deleted."))
        self._points.spend(DELETE, self._clock())
        await self._client.delete(self._us, at.collection, at.rkey)

    # Posts

    async def _post(self, draft: Draft, rkey: str) -> Receipt:
        parent = await self._answerable(draft.reply_to) if draft.reply_to else None
        self._points.spend(CREATE, self._clock())
        record = translate.record(draft, await self._dids(draft.text), self._clock(), parent)
        blobs = [(await self._upload(picture), picture.alt) for picture in draft.media]
        try:
            told = await self._client.create(self._us, rkey, translate.with_pictures(record, blobs))
        except Declined:
            if not (known := await self._client.record(self._us, POST, rkey)):
                raise
            return self._receipt(known)
        return self._receipt({**told, "value": record} if isinstance(told, dict) else {})

    def _receipt(self, told: Any) -> Receipt:
        uri = translate.text_of(told, "uri")
        if not translate.address(uri):
            raise OutcomeUnknown(later("Bluesky did not say where the post is."))
        value = told.get("value")
        at = translate.time(translate.text_of(value, "createdAt"))
        return Receipt(remote_id=uri, at=at or self._clock())

    async def _answerable(self, uri: str) -> PostView:
        """The post that is answered; raises Refused where nobody would see the answer."""
        view = await self._shown(uri)
        if view.viewer and view.viewer.reply_disabled:
            raise Refused(later("Its author does not let this account reply to this post."))
        if view.author.viewer and view.author.viewer.blocked_by:
            raise Refused(later("They have blocked this account: a reply would reach nobody."))
        return view

    async def _shown(self, uri: str) -> PostView:
        """A post with its content's name; one of ours that is too new to be shown as well."""
        if view := (await self._reader.views([uri])).get(uri):
            return view
        at = translate.address(uri)
        told = await self._client.record(at.did, at.collection, at.rkey) if at else None
        if not told:
            raise Refused(later("The post is gone: its author has deleted it."))
        ref = understood(told, Ref)
        content = {
            "uri": ref.uri, "cid": ref.cid, "author": {"did": at.did if at else ""},
            "record": told.get("value"),
        }  # fmt: skip
        return understood(content, PostView)

    async def _dids(self, text: str) -> dict[str, str]:
        """Whom the handles in a text mean; those that mean nobody are left out."""
        names = facets.handles(text)[:MOST_MENTIONS]
        found = await asyncio.gather(*map(self._client.resolve, names))
        return {name: did for name, did in zip(names, found, strict=True) if did}

    async def _upload(self, picture: Media) -> Any:
        kind, held = content(picture)
        if len(held) > PICTURE_BYTES:
            raise Refused(later("The picture is too large: Bluesky takes pictures up to 1 MB."))
        blob = await self._client.upload(held, kind)
        if not isinstance(blob, dict):
            raise Unreachable(later("Bluesky took a picture and did not say where it is."))
        return blob

    # Direct messages

    async def _send(self, draft: Draft) -> Receipt:
        convo = await self._convo(draft)
        message: dict[str, Any] = {"text": draft.text}
        if found := facets.facets(draft.text, await self._dids(draft.text)):
            message["facets"] = found
        with _in_words():
            if convo.status == "request":
                await self._client.accept(convo.id)
            told = await self._client.send(convo.id, message)
        if sent := maybe(told, Message):
            return self._receipt_of(convo, sent)
        raise OutcomeUnknown(later("Bluesky's chat did not say where the message is."))

    async def _sent(self, draft: Draft) -> Receipt | None:
        convo = await self._convo(draft)
        answer = await self._client.messages(convo.id)
        since = draft.at - CLOCKS if draft.at else None
        for message in translate.each(answer, "messages", Message):
            at = translate.time(message.sent_at)
            ours = message.sender.did == self._us and message.text == draft.text
            if ours and at and (since is None or at >= since):
                return self._receipt_of(convo, message)
        return None

    async def _convo(self, draft: Draft) -> Convo:
        if not draft.to:
            raise Refused(later("A direct message needs someone to go to."))
        with _in_words():
            try:
                answer = await self._client.convo_with(draft.to)
            except Declined as declined:
                if standing := await self._standing(draft.to, declined):
                    return standing
                raise
        return understood(answer.get("convo") if isinstance(answer, dict) else None, Convo)

    async def _standing(self, did: str, declined: Declined) -> Convo | None:
        """The conversation that someone began who takes none from us; they may be answered."""
        if isinstance(declined, ChatDeclined):
            return None
        answer = await self._client.convos(None, limit=MOST_CONVOS)
        convos = translate.each(answer, "convos", Convo)
        theirs = (c for c in convos if (other := c.counterpart(self._us)) and other.did == did)
        return next(theirs, None)

    def _receipt_of(self, convo: Convo, message: Message) -> Receipt:
        at = translate.time(message.sent_at) or self._clock()
        return Receipt(remote_id=f"{convo.id}/{message.id}", at=at)


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in the desk's words why somebody cannot be written to."""
    try:
        yield
    except ChatDeclined as declined:
        raise Refused(NO_CHAT) from declined
    except Declined as declined:
        raise Refused(CANNOT_MESSAGE.get(declined.error, str(declined))) from declined
