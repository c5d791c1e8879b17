"""How an account on a server that speaks the Mastodon API is connected.

With a yes on the server's own page (OAuth), or with an access token that its owner made there.
https://docs.joinmastodon.org/spec/oauth/
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import httpx
import msgspec

from sanderling.core.network import (
    Asked,
    Connected,
    Elsewhere,
    NetworkError,
    Refused,
    SignInLost,
    Step,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.mastodon.client import Client
from sanderling.networks.mastodon.connector import Secret
from sanderling.networks.mastodon.payload import Account, Instance, understood
from sanderling.networks.mastodon.translate import NAMED, Home, to_author, to_limits
from sanderling.networks.wire.loop import run
from sanderling.networks.wire.reachable import web_address

SCOPES = "read write:statuses write:media write:favourites"
"""No more than the desk does: it follows nobody, blocks nobody and changes no profile."""
NOWHERE = "urn:ietf:wg:oauth:2.0:oob"
"""Where no page of ours can be led back to: the server shows a code to copy."""


class Keep(msgspec.Struct, kw_only=True):
    """What `finish` needs of what `begin` did; as secret as a password."""

    address: str
    client_id: str
    client_secret: str
    redirect: str
    state: str
    verifier: str


class App(msgspec.Struct):
    """This installation, as the server knows it."""

    client_id: str
    client_secret: str


class Granted(msgspec.Struct):
    """An access token, and what it is good for."""

    access_token: str
    scope: str = ""


class MastodonSignIn:
    """Connects an account; `allow_private`: its server may lie in a private network."""

    asks = (
        Asked(
            name="server",
            label=later("Server"),
            help=later(
                "Where the account lives, like mastodon.social. Also GoToSocial, Pleroma, Akkoma."
            ),
        ),
        Asked(
            name="token",
            label=later("Access token"),
            help=later("Only if you made one on the server, under Preferences, Development."),
            kind="password",
            optional=True,
        ),
    )

    def __init__(self, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private

    def begin(self, given: Mapping[str, str], back_to: str) -> Connected | Elsewhere:
        """Sign in with a token, or send to the server's page; raises Refused in words."""
        address = self._address(given.get("server", ""))
        if token := given.get("token", "").strip():
            if not token.isascii() or not token.isprintable() or " " in token:
                raise Refused(later("This is no access token. Copy it once more."))
            return run(self._connect(address, Secret(token=token, account_id="")))
        return run(self._elsewhere(address, back_to or NOWHERE))

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        """Sign in with the code that came back; raises Refused in words."""
        kept = msgspec.json.decode(keep, type=Keep)
        if answer.get("error"):
            raise Refused(later("The server did not give access. Begin again, and say yes there."))
        state = answer.get("state", "")
        if kept.redirect != NOWHERE and not _same(state, kept.state):
            raise Refused(later("This answer does not belong to what you began here. Begin again."))
        code = answer.get("code", "").strip()
        if not code:
            raise Refused(later("The server sent no code. Begin again."))
        return run(self._finish(kept, code))

    def _address(self, server: str) -> str:
        """The address of a server, also where somebody wrote their handle or copied their page."""
        name = server if "://" in server else server.strip().rpartition("@")[2]
        url = httpx.URL(web_address(name, allow_http=self._allow_private))
        return f"{url.scheme}://{url.netloc.decode()}"

    async def _elsewhere(self, address: str, redirect: str) -> Elsewhere:
        async with self._client(address) as client:
            await _instance(client)
            app = understood(await client.register(redirect, SCOPES), App)
            proves = await client.proves_keys()
        kept = Keep(
            address=address,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect=redirect,
            state=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48) if proves else "",
        )
        return Elsewhere(
            url=f"{address}/oauth/authorize?{urlencode(_question(kept))}",
            keep=msgspec.json.encode(kept).decode(),
            paste=redirect == NOWHERE,
        )

    async def _finish(self, kept: Keep, code: str) -> Connected:
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": kept.client_id,
            "client_secret": kept.client_secret,
            "redirect_uri": kept.redirect,
            "scope": SCOPES,
        }
        if kept.verifier:
            given["code_verifier"] = kept.verifier
        async with self._client(kept.address) as client:
            try:
                granted = understood(await client.trade(given), Granted)
            except (Refused, SignInLost) as error:
                raise Refused(later("The code is no longer valid. Begin again.")) from error
        secret = Secret(
            token=granted.access_token,
            account_id="",
            client_id=kept.client_id,
            client_secret=kept.client_secret,
        )
        return await self._connect(kept.address, secret, granted.scope)

    async def _connect(self, address: str, secret: Secret, scope: str = "") -> Connected:
        """The account of a token, after trying what the desk needs of it."""
        async with self._client(address, secret.token) as client:
            instance = await _instance(client)
            try:
                account = understood(await client.me(), Account)
            except (Refused, SignInLost) as error:
                raise Refused(
                    later(
                        '{server} does not take this access token. It needs the scopes "{SCOPES}".'
                    ).format(server=client.name, SCOPES=SCOPES)
                ) from error
            home = Home(host=client.host, domain=instance.server or client.host, me=account.id)
            secret.account_id, secret.acct, secret.domain = account.id, account.acct, home.domain
            secret.instance = instance
            who = to_author(account, home)
            steps = [
                Step(ok=True, words=later("Signed in as @{handle}.").format(handle=who.handle)),
                await _reads(client),
                *_writes(scope),
                Step(ok=True, words=_lengths(instance)),
            ]
        return Connected(
            who=who,
            address=address,
            secret=msgspec.json.encode(secret).decode(),
            steps=tuple(steps),
        )

    @asynccontextmanager
    async def _client(self, address: str, token: str = "") -> AsyncIterator[Client]:
        client = Client(address, token, allow_private=self._allow_private)
        try:
            yield client
        finally:
            await client.close()


async def _instance(client: Client) -> Instance:
    """What the server says of itself; raises Refused where it does not speak this API."""
    try:
        found = understood(await client.instance(), Instance)
    except Unreachable as error:
        raise Refused(
            later("{error} Is {server} the name of a Mastodon server?").format(
                error=error, server=client.name
            )
        ) from error
    except (Refused, SignInLost) as error:
        raise Refused(_not_one(client)) from error
    if not (found.domain or found.uri):
        raise Refused(_not_one(client))
    return found


def _not_one(client: Client) -> str:
    return later(
        "{server} does not answer like a Mastodon server. Write the name of the "
        "server alone, like mastodon.social."
    ).format(server=client.name)


def _question(kept: Keep) -> dict[str, str]:
    asked = {
        "response_type": "code",
        "client_id": kept.client_id,
        "redirect_uri": kept.redirect,
        "scope": SCOPES,
        "state": kept.state,
    }
    if kept.verifier:
        digest = hashlib.sha256(kept.verifier.encode()).digest()
        asked["code_challenge"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        asked["code_challenge_method"] = "S256"
    return asked


def _same(one: str, other: str) -> bool:
    """In constant time, so that nobody learns a state by asking often."""
    return secrets.compare_digest(one.encode(), other.encode())


async def _reads(client: Client) -> Step:
    try:
        await client.notifications(most=1)
    except NetworkError as error:
        return Step(
            ok=False,
            words=later("Cannot read what people write to the account: {error}").format(
                error=error
            ),
        )
    return Step(
        ok=True, words=later("Can read what people write to the account, direct messages too.")
    )


def _writes(scope: str) -> list[Step]:
    """Whether the token may write, where the server said what it is good for."""
    granted = scope.split()
    if not granted:
        return []
    if {"write", "write:statuses"} & {*granted}:
        return [Step(ok=True, words=later("Can answer."))]
    return [Step(ok=False, words=later("Cannot answer: the server gave access for reading only."))]


def _lengths(instance: Instance) -> str:
    return later("Answers may count {n} characters there.").format(
        n=f"{to_limits(instance).public_length + NAMED:,}"
    )
