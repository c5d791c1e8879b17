"""Writing on X: posts, messages, and the search for what may stand already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sanderling.core.network import Draft, Post, Receipt, Refused, Room
from sanderling.core.words import later
from sanderling.networks.x import translate
from sanderling.networks.x.client import Client, Gone, Json
from sanderling.networks.x.ids import is_id
from sanderling.networks.x.media import upload

SLACK = timedelta(minutes=2)
"""How far our clock and X's may be apart."""
MOST_PAGES = 3


class Writer:
    """What one account writes."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock

    async def push(self, draft: Draft) -> Receipt:
        """Say it once; X keeps no keys."""
        if draft.room is Room.DIRECT and len(draft.media) > 1:
            raise Refused(
                later("X takes one picture in a direct message. Send the others after it.")
            )
        media = [await upload(self._client, one, draft.room) for one in draft.media]
        body = translate.from_draft(draft, media)
        if draft.room is Room.DIRECT:
            answer = await self._client.message(_to(draft), body)
        else:
            answer = await self._client.write(body)
        return translate.to_receipt(answer, self._clock())

    async def find(self, draft: Draft) -> Receipt | None:
        """Our latest post that says the same in the same place, not older than the draft."""
        ours = self._messages(draft) if draft.room is Room.DIRECT else self._posts(draft)
        us = self._client.tokens.secret.user_id
        async for post in ours:
            if draft.at and post.created_at < draft.at - SLACK:
                return None
            if post.author.id == us and translate.says_the_same(post, draft):
                return Receipt(remote_id=post.remote_id, at=post.created_at)
        return None

    async def take_back(self, remote_id: str, room: Room) -> None:
        """Delete our post; one that is gone already is no error."""
        if room is Room.DIRECT:
            raise Refused(
                later(
                    "X deletes a message only for its sender: the other person would still see it."
                )
            )
        with suppress(Gone):
            await self._client.delete_post(_id(remote_id))

    async def hide(self, remote_id: str, hidden: bool) -> None:
        """Hide a reply under a post of ours, or show it again."""
        await self._client.hide(_id(remote_id), hidden)

    async def like(self, remote_id: str) -> None:
        """Like a post."""
        await self._client.like(self._client.tokens.secret.user_id, _id(remote_id))

    async def _posts(self, draft: Draft) -> AsyncIterator[Post]:
        us = self._client.tokens.secret.user_id
        since = f"{draft.at - SLACK:%Y-%m-%dT%H:%M:%SZ}" if draft.at else None
        token = None
        for _ in range(MOST_PAGES):
            answer = await self._client.posts_by(
                us, max_results=100, start_time=since, pagination_token=token
            )
            for post in translate.to_posts(answer, us).posts:
                yield post
            token = _next(answer)
            if not token:
                return

    async def _messages(self, draft: Draft) -> AsyncIterator[Post]:
        us = self._client.tokens.secret.user_id
        answer = await self._client.messages_with(_to(draft), max_results=20)
        for post in translate.to_messages(answer, us):
            yield post


def _to(draft: Draft) -> str:
    if not draft.to or not is_id(draft.to):
        raise Refused(later("This message has nobody on X to go to."))
    return draft.to


def _id(remote_id: str) -> str:
    """Ids stand in addresses, so nothing else may."""
    if not is_id(remote_id):
        raise Refused(later("This is no post of X."))
    return remote_id


def _next(answer: Json) -> str | None:
    meta = answer.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None
