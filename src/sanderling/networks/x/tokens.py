"""OAuth 2 tokens: exchanged, refreshed ahead of time, and never by two at once.

A refresh token can be used once: who loses the answer has lost the sign-in. Access tokens live two
hours (docs.x.com, OAuth 2.0 authorization code flow, 2026-08-22).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from sanderling.core.network import (
    OutcomeUnknown,
    Refused,
    SignInLost,
    Unreachable,
    Vault,
)
from sanderling.core.words import later
from sanderling.networks.wire.calling import Caller
from sanderling.networks.wire.loop import run
from sanderling.networks.x import secret
from sanderling.networks.x.secret import Secret

AHEAD_S = 300
"""So long before a token ends a new one is asked for."""
TOKEN = "/2/oauth2/token"


class Granted(msgspec.Struct):
    """X's answer of tokens."""

    access_token: str
    refresh_token: str = ""
    expires_in: float = 7200
    scope: str = ""


class Tokens:
    """The tokens of one account, kept fresh in its vault."""

    def __init__(self, address: str, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._address, self._vault, self._clock = address, vault, clock
        self._text = vault.read()
        self.secret = secret.read(self._text)
        self._one = asyncio.Lock()

    async def access(self) -> str:
        """A token that is good now; raises SignInLost where none is to be had."""
        if self._clock().timestamp() > self.secret.expires_at - AHEAD_S:
            await self.renew(self.secret.access)
        return self.secret.access

    async def renew(self, stale: str) -> None:
        """Get another token than `stale`, unless somebody has done so meanwhile."""
        async with self._one:
            if self.secret.access != stale:
                return
            self._text = await asyncio.to_thread(self._vault.renew, self._text, self._refreshed)
            self.secret = secret.read(self._text)

    def _refreshed(self, text: str) -> str:
        """The secret with new tokens; called in a thread, with the vault's lock held."""
        old = secret.read(text)
        granted = run(_refresh(self._address, old))
        return grown(old, granted, self._clock()).text()


def grown(old: Secret, granted: Granted, now: datetime) -> Secret:
    """The secret with the tokens that X granted `now`."""
    return msgspec.structs.replace(
        old,
        access=granted.access_token,
        refresh=granted.refresh_token or old.refresh,
        expires_at=now.timestamp() + granted.expires_in,
        scopes=tuple(granted.scope.split()) or old.scopes,
    )


async def exchanged(address: str, app: Secret, code: str, verifier: str, back_to: str) -> Granted:
    """Tokens for the code that the person's yes gave; the code is good for 30 seconds."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_to,
        "code_verifier": verifier,
    }
    return await _granted(address, app, form)


async def _refresh(address: str, old: Secret) -> Granted:
    form = {"grant_type": "refresh_token", "refresh_token": old.refresh}
    try:
        return await _granted(address, old, form)
    except Refused as error:
        raise SignInLost(
            later(
                "X no longer knows this desk's permission: it was taken back, or a renewal got"
                " lost on the way. Connect the account again."
            )
        ) from error


async def _granted(address: str, app: Secret, form: dict[str, str]) -> Granted:
    """What the token endpoint grants; the client id goes in the form or, with a secret, in Basic.

    A lost answer is Unreachable: asking once more shows whether the token was spent.
    """
    caller = Caller(address, "X")
    try:
        answer = await caller.tell(TOKEN, **_as(app, form))
        return msgspec.convert(answer, Granted)
    except (OutcomeUnknown, msgspec.ValidationError) as error:
        raise Unreachable(later("X did not say whether it gave new tokens.")) from error
    except SignInLost as error:
        raise Refused(
            later("X does not accept this client id or secret ({error}).").format(error=error)
        ) from error
    finally:
        await caller.close()


def _as(app: Secret, form: dict[str, str]) -> dict[str, Any]:
    if not app.client_secret:
        return {"data": {**form, "client_id": app.client_id}}
    pair = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
    return {"data": form, "headers": {"Authorization": f"Basic {pair}"}}
