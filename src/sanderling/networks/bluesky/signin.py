"""How an account on Bluesky is connected: by its handle and an app password."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from sanderling.core.network import (
    Asked,
    Author,
    Connected,
    NetworkError,
    Refused,
    SignInLost,
    Step,
)
from sanderling.core.words import later
from sanderling.networks.bluesky import translate
from sanderling.networks.bluesky.client import ChatDeclined, Client, Session
from sanderling.networks.bluesky.connector import CHAT, written
from sanderling.networks.bluesky.hearing import NO_CHAT
from sanderling.networks.bluesky.records import Profile
from sanderling.networks.bluesky.stream import whole
from sanderling.networks.wire.loop import run
from sanderling.networks.wire.reachable import PublicOnly, web_address

SERVER = "https://bsky.social"
STREAM = "wss://jetstream.us-east.bsky.network"
MAIN_PASSWORD = "com.atproto.access"


class BlueskySignIn:
    """Signs in at a server and tries what the desk will do; `allow_private` also in a test's."""

    asks = (
        Asked(
            name="handle",
            label=later("Handle"),
            help=later("Such as northwind.bsky.social, without the @."),
        ),
        Asked(
            name="password",
            label=later("App password"),
            kind="password",
            help=later(
                "Made on bsky.app under Settings, Privacy and security, App passwords. Tick "
                '"Allow access to your direct messages". Not the password of the account itself.'
            ),
        ),
        Asked(
            name="server",
            label=later("Server"),
            kind="url",
            value=SERVER,
            optional=True,
            help=later(
                "Where the account lives; leave it as it is unless you run a server of your own."
            ),
        ),
        Asked(
            name="stream",
            label=later("Stream of all posts"),
            value=STREAM,
            optional=True,
            help=later(
                "A Jetstream (version 2) or a firehose, for columns that listen for words. Empty: "
                "only what speaks to the account is heard."
            ),
        ),
        Asked(
            name="chat",
            label=later("Service for direct messages"),
            value=CHAT,
            optional=True,
            help=later("Leave it as it is."),
        ),
    )

    def __init__(self, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private

    def begin(self, given: Mapping[str, str], back_to: str) -> Connected:
        """Sign in and try what works; raises Refused in words for what was not right."""
        handle = given.get("handle", "").strip().lstrip("@").lower()
        password = given.get("password", "").strip()
        if not handle or not password:
            raise Refused(later("Handle and app password are both needed."))
        server = web_address(given.get("server") or SERVER, allow_http=self._allow_private)
        stream = _stream(given.get("stream", "").strip())
        session = Session(did="", password=password, stream=stream, chat=given.get("chat", ""))
        return run(self._begin(server, handle, session))

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        """Nothing leads elsewhere."""
        raise Refused(later("Connecting a Bluesky account takes one step only; begin again."))

    async def _begin(self, server: str, handle: str, given: Session) -> Connected:
        told = await self._signed_in(server, handle, given.password)
        did = translate.text_of(told, "did")
        if not did.startswith("did:"):
            raise Refused(
                later("{server} is no server that Sanderling can speak to.").format(server=server)
            )
        if told.get("active") is False:
            raise Refused(
                later("The account is switched off; switch it on again on bsky.app first.")
            )
        pds = self._own_server(told.get("didDoc"), did) or server
        session = msgspec.structs.replace(given, did=did, pds=pds)
        secret = written(session, told)
        client = self._called(pds, translate.text_of(told, "accessJwt"), given.chat or CHAT)
        try:
            who, steps = await _tried(client, did)
        finally:
            await client.close()
        right = _right_password(translate.text_of(told, "accessJwt"))
        return Connected(who=who, address=pds, secret=secret, steps=(*steps, *right))

    async def _signed_in(self, server: str, handle: str, password: str) -> dict[str, Any]:
        client = self._called(server)
        try:
            told = await client.sign_in(handle, password)
        except SignInLost as lost:
            raise Refused(
                later(
                    "{server} does not know this handle with this app password "
                    "({lost}). Is the handle whole, as in northwind.bsky.social? If the"
                    " account lives on another server, name that server."
                ).format(server=server, lost=lost)
            ) from lost
        finally:
            await client.close()
        return told if isinstance(told, dict) else {}

    def _called(self, server: str, access: str = "", chat: str = "") -> Client:
        return Client(server, access, chat, PublicOnly(allow_private=self._allow_private))

    def _own_server(self, document: Any, did: str) -> str:
        """The account's own server, by the document that the entry gave; "" if it gave none."""
        if not isinstance(document, dict) or document.get("id") != did:
            return ""
        for service in document.get("service") or ():
            if translate.text_of(service, "id").endswith("#atproto_pds"):
                url = translate.text_of(service, "serviceEndpoint")
                return web_address(url, allow_http=self._allow_private)
        return ""


async def _tried(client: Client, did: str) -> tuple[Author, list[Step]]:
    """Who it is, and what works."""
    profiles = translate.each(await client.profiles([did]), "profiles", Profile)
    if not profiles:
        raise Refused(later("Bluesky does not show this account yet; try again in a minute."))
    who = translate.author(profiles[0])
    steps = [Step(ok=True, words=later("Signed in as @{handle}.").format(handle=who.handle))]
    try:
        await client.notifications(None, limit=1)
        steps.append(
            Step(ok=True, words=later("Can read mentions, replies and quotes, and write posts."))
        )
    except NetworkError as error:
        steps.append(
            Step(ok=False, words=later("Cannot read mentions: {error}").format(error=error))
        )
    try:
        await client.convos(None, limit=1)
        steps.append(Step(ok=True, words=later("Can read and write direct messages.")))
    except ChatDeclined:
        steps.append(Step(ok=False, words=NO_CHAT))
    except NetworkError as error:
        steps.append(Step(ok=False, words=later("Cannot message: {error}").format(error=error)))
    return who, steps


def _right_password(access: str) -> list[Step]:
    """A word about a password that may do more than the desk needs."""
    if _scope(access) != MAIN_PASSWORD:
        return []
    words = later("This is the password of the account itself; an app password would be safer.")
    return [Step(ok=False, words=words)]


def _scope(access: str) -> str:
    """What a token allows, as it says itself; "" where it does not."""
    try:
        claims = access.split(".")[1]
        told = msgspec.json.decode(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (IndexError, ValueError):
        return ""
    return translate.text_of(told, "scope")


def _stream(url: str) -> str:
    if url and not url.startswith(("wss://", "ws://")):
        raise Refused(later("The stream's address begins with wss://"))
    return url and whole(url)
