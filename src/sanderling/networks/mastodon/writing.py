"""Writing for an account: never to more people than what is answered was for, and never twice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
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
from sanderling.networks.mastodon import translate
from sanderling.networks.mastodon.client import Client, Gone
from sanderling.networks.mastodon.payload import Account, Conversation, Status, each, understood
from sanderling.networks.mastodon.translate import Home
from sanderling.networks.wire.pictures import content

SLACK = timedelta(minutes=1)
"""The server's clock may be behind ours by so much."""
MOST_PAGES_LOOKED_THROUGH = 5


class Writer:
    """Writes for one account, which calls itself `acct` on its server."""

    def __init__(self, client: Client, home: Home, acct: str) -> None:
        self._client, self._home, self._acct = client, home, acct

    async def push(self, draft: Draft, key: Key) -> Receipt:
        """Post `draft`, see `Mastodon.push`."""
        parent = await self._parent(draft)
        acct = await self._whom(draft, parent)
        visibility = translate.visibility(draft.room, parent.visibility if parent else None)
        if visibility == "direct":
            self._mind_the_others(draft.text, acct)
        status: dict[str, Any] = {
            "status": translate.addressed(draft.text, acct, self._home) if acct else draft.text,
            "visibility": visibility,
            "media_ids": [await self._upload(media) for media in draft.media],
        }
        if answered := parent.id if parent else await self._conversation(draft):
            status["in_reply_to_id"] = answered
        return await self._post(status, key)

    async def find(self, draft: Draft) -> Receipt | None:
        """What we wrote that says the same, not older than the draft; the newest where two do."""
        before = ""
        for _ in range(MOST_PAGES_LOOKED_THROUGH):
            listed = await self._client.statuses_of(self._home.me, before=before)
            for status in each(listed.items, Status):
                receipt = self._receipt(status)
                if draft.at and receipt.at < draft.at - SLACK:
                    return None
                if translate.says_the_same(status, draft, self._home):
                    return receipt
            before = listed.older
            if not before:
                return None
        return None

    async def _parent(self, draft: Draft) -> Status | None:
        if draft.reply_to is None:
            return None
        found = await self._client.status(self._home.local(draft.reply_to))
        if found is None:
            raise Refused(later("The post is gone; there is nothing left to answer."))
        return understood(found, Status)

    async def _whom(self, draft: Draft, parent: Status | None) -> str:
        """The name of whom `draft` is for, as our server calls them; "" where it is for all."""
        if draft.to is not None:
            try:
                account = await self._client.account(self._home.local(draft.to))
            except Gone as error:
                raise Refused(
                    later("This person's account is gone; nobody can be written to.")
                ) from error
            return understood(account, Account).acct
        if parent and parent.account.id != self._home.me:
            return parent.account.acct
        return ""

    def _mind_the_others(self, text: str, acct: str) -> None:
        if not acct:
            raise Refused(later("A direct message needs somebody whom it is for."))
        if others := translate.others_named(text, acct, self._acct, self._home):
            raise Refused(
                later(
                    "This names @{who}, and a direct message goes to everybody it "
                    "names. Write the name without @."
                ).format(who=others[0])
            )

    async def _conversation(self, draft: Draft) -> str | None:
        """The latest message between us and the person, so that what we write continues it."""
        if draft.room is not Room.DIRECT or draft.to is None:
            return None
        person = self._home.local(draft.to)
        listed = await self._client.conversations()
        for one in each(listed.items, Conversation):
            latest = one.last_status
            if {with_.id for with_ in one.accounts} == {person} and latest:
                return latest.id if latest.visibility == "direct" else None
        return None

    async def _upload(self, media: Media) -> str:
        """Store what a `data:` address holds; its id on the server."""
        kind, held = content(media)
        return await self._client.upload(held, kind, media.alt)

    async def _post(self, status: dict[str, Any], key: Key) -> Receipt:
        # Keys may hold any characters; a header may not.
        told = await self._client.post(status, hashlib.sha256(key.encode()).hexdigest())
        try:
            posted = understood(told, Status)
        except Unreachable as error:
            raise OutcomeUnknown(str(error)) from error
        if status["visibility"] == "direct" and translate.room_of(posted.visibility) is Room.PUBLIC:
            await self._client.delete(posted.id)
            raise Refused(
                later("The server showed this message to everybody, so it was deleted again.")
            )
        return self._receipt(posted)

    def _receipt(self, status: Status) -> Receipt:
        post = translate.to_post(status, self._home)
        return Receipt(remote_id=post.remote_id, at=post.created_at)
