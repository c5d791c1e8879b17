"""Calls to an account's own server (PDS), which passes them on to the app and to the chat.

Knows addresses and failures, and no word of the desk's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec

from sanderling.core.network import OutcomeUnknown, Refused, SignInLost, Unreachable
from sanderling.core.words import later
from sanderling.networks.wire.calling import Caller, Json

NOTIFICATIONS = FEED = 100
MESSAGES, CONVOS = 50, 20
BATCH = 25
"""Posts or profiles that can be asked for at once."""

EXPIRED = frozenset({"ExpiredToken", "AuthMissing"})
LOST = frozenset(
    {"AuthenticationRequired", "AccountTakedown", "AccountSuspended", "AccountDeactivated"}
)
MISSING = frozenset({"RecordNotFound", "NotFound"})
NO_CHAT = ("Bad token method", "Bad token scope")
"""How a server says that an app password may not read messages (with the error InvalidToken)."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """An account's secret: who it is, and the tokens of its session.

    `pds` is its own server, `stream` where every post can be heard, `chat` the service that keeps
    direct messages; empty where the connector's own shall be used.
    """

    did: str
    handle: str = ""
    password: str = ""
    access: str = ""
    refresh: str = ""
    pds: str = ""
    stream: str = ""
    chat: str = ""


class Expired(SignInLost):
    """The access token is too old; the refresh token gives a new one."""


class Declined(Refused):
    """The server said no; `error` is its name for why."""

    def __init__(self, error: str, message: str) -> None:
        self.error = error
        super().__init__(message)


class ChatDeclined(Declined):
    """This app password may not touch direct messages."""


class Client(Caller):
    """One account's calls; `access` is its token, to be replaced when it is renewed."""

    def __init__(
        self,
        base_url: str,
        access: str = "",
        chat: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(base_url, "Bluesky", transport=transport)
        self.access = access
        self._chat = {"atproto-proxy": chat}

    async def authorise(self) -> dict[str, str]:
        """The access token, as long as there is one."""
        return {"Authorization": f"Bearer {self.access}"} if self.access else {}

    def raise_for(self, response: httpx.Response, *, harmless: bool) -> None:
        """Raise what the server's name for the failure means, else what its status means."""
        if response.status_code < 400 or response.status_code >= 500:
            return super().raise_for(response, harmless=harmless)
        error, said = _error(response), self.said(response)
        if response.status_code == 400 and error is None:
            raise Unreachable(said) if harmless else OutcomeUnknown(said)
        if error in EXPIRED:
            raise Expired(said)
        if error == "InvalidToken":
            raise ChatDeclined(error, said) if said.startswith(NO_CHAT) else Expired(said)
        if error in LOST:
            raise SignInLost(said)
        if response.status_code in (401, 429):
            return super().raise_for(response, harmless=harmless)
        raise Declined(error or "", said)

    # Sessions

    async def sign_in(self, name: str, password: str) -> Json:
        """A new session; costs one of about a hundred that a day allows."""
        return await self._session("createSession", {"identifier": name, "password": password})

    async def refreshed(self, refresh: str) -> Json:
        """A new session for a refresh token, which is spent by this."""
        return await self._session("refreshSession", token=refresh)

    async def _session(self, what: str, given: Json = None, token: str = "") -> Json:
        """Nothing is lost by a session nobody uses, so a lost answer is harmless."""
        more: dict[str, Any] = {"json": given} if given else {}
        if token:
            more["headers"] = {"Authorization": f"Bearer {token}"}
        return await self.tell(f"/xrpc/com.atproto.server.{what}", harmless=True, **more)

    # The app

    async def notifications(self, cursor: str | None, limit: int = NOTIFICATIONS) -> Json:
        """What concerns us, newest first."""
        return await self.ask(
            "/xrpc/app.bsky.notification.listNotifications", cursor=cursor, limit=limit
        )

    async def feed(self, did: str, cursor: str | None) -> Json:
        """What someone wrote, newest first."""
        return await self.ask(
            "/xrpc/app.bsky.feed.getAuthorFeed",
            actor=did, filter="posts_with_replies", cursor=cursor, limit=FEED,
        )  # fmt: skip

    async def posts(self, uris: Sequence[str]) -> Json:
        """Up to 25 posts; those that are gone are left out."""
        return await self.ask("/xrpc/app.bsky.feed.getPosts", uris=list(uris))

    async def profiles(self, dids: Sequence[str]) -> Json:
        """Up to 25 people; those that are gone are left out."""
        return await self.ask("/xrpc/app.bsky.actor.getProfiles", actors=list(dids))

    async def resolve(self, handle: str) -> str | None:
        """The DID of a handle, or None where nobody has it."""
        try:
            found = await self.ask("/xrpc/com.atproto.identity.resolveHandle", handle=handle)
        except Declined:
            return None
        did = found.get("did") if isinstance(found, dict) else None
        return did if isinstance(did, str) else None

    # Records

    async def record(self, repo: str, collection: str, rkey: str) -> Json | None:
        """A record with its address, or None where it is surely not there."""
        try:
            return await self.ask(
                "/xrpc/com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey
            )
        except Declined as declined:
            if declined.error in MISSING or "Could not locate record" in str(declined):
                return None
            raise

    async def create(self, repo: str, rkey: str, record: Json) -> Json:
        """Write a record under a key of our choice; a key that is taken is declined."""
        given = {"repo": repo, "collection": record["$type"], "rkey": rkey, "record": record}
        return await self.tell("/xrpc/com.atproto.repo.createRecord", json=given)

    async def delete(self, repo: str, collection: str, rkey: str) -> None:
        """Delete a record; one that is gone already is no error."""
        given = {"repo": repo, "collection": collection, "rkey": rkey}
        await self.tell("/xrpc/com.atproto.repo.deleteRecord", harmless=True, json=given)

    async def upload(self, content: bytes, media_type: str) -> Json:
        """Hand over a file; gives the blob to name in a record."""
        answer = await self.tell(
            "/xrpc/com.atproto.repo.uploadBlob",
            harmless=True, content=content, headers={"Content-Type": media_type},
        )  # fmt: skip
        return answer.get("blob") if isinstance(answer, dict) else None

    # Direct messages, by the chat service

    async def convos(self, cursor: str | None, limit: int = CONVOS) -> Json:
        """Our conversations, the last moved first."""
        return await self._ask_chat("listConvos", cursor=cursor, limit=limit)

    async def convo(self, convo_id: str) -> Json:
        """One conversation."""
        return await self._ask_chat("getConvo", convoId=convo_id)

    async def convo_with(self, did: str) -> Json:
        """Our conversation with someone, begun if there is none."""
        return await self._ask_chat("getConvoForMembers", members=[did])

    async def messages(self, convo_id: str, limit: int = MESSAGES) -> Json:
        """The newest messages of a conversation."""
        return await self._ask_chat("getMessages", convoId=convo_id, limit=limit)

    async def log(self, cursor: str) -> Json:
        """What happened in our conversations after `cursor`."""
        return await self._ask_chat("getLog", cursor=cursor)

    async def accept(self, convo_id: str) -> None:
        """Take up a conversation that someone asked for."""
        await self._tell_chat("acceptConvo", {"convoId": convo_id}, harmless=True)

    async def send(self, convo_id: str, message: Json) -> Json:
        """Send a message; gives it as it stands now."""
        return await self._tell_chat("sendMessage", {"convoId": convo_id, "message": message})

    async def _ask_chat(self, what: str, **params: Any) -> Json:
        given = {name: value for name, value in params.items() if value is not None}
        path = f"/xrpc/chat.bsky.convo.{what}"
        with _only_the_chat():
            answer = await self.call("GET", path, params=given, headers=self._chat)
        return self.content(answer)

    async def _tell_chat(self, what: str, given: Json, *, harmless: bool = False) -> Json:
        path = f"/xrpc/chat.bsky.convo.{what}"
        with _only_the_chat():
            return await self.tell(path, harmless=harmless, json=given, headers=self._chat)


@contextmanager
def _only_the_chat() -> Iterator[None]:
    """A chat that does not know us says nothing about the account."""
    try:
        yield
    except Expired:
        raise
    except SignInLost as lost:
        raise Declined(
            "AuthenticationRequired", later("Bluesky's chat said: {lost}").format(lost=lost)
        ) from lost


def _error(response: httpx.Response) -> str | None:
    """The server's name for the failure, "" where it has none; None where the answer is no JSON: a
    400 of Bluesky always is, so that one was broken on its way and says nothing."""
    try:
        found = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, str) else ""
