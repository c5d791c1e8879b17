"""What lies in an account's vault: the app's keys and the account's own tokens."""

from __future__ import annotations

from typing import Literal

import msgspec

from sanderling.core.network import SignInLost
from sanderling.core.words import later

TierName = Literal["self-serve", "enterprise"]


class Secret(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`access` is good until `expires_at` (seconds of the epoch); `refresh` can be used once.

    `bearer` is the app's own token and `consumer_secret` signs webhooks; both may be missing.
    `owner`: the account owns the developer app, so that reading its own posts is cheap.
    """

    client_id: str
    access: str
    refresh: str
    expires_at: float
    user_id: str
    handle: str
    client_secret: str = ""
    bearer: str = ""
    consumer_secret: str = ""
    tier: TierName = "self-serve"
    owner: bool = False
    scopes: tuple[str, ...] = ()

    def text(self) -> str:
        """As it lies in the vault."""
        return msgspec.json.encode(self).decode()


def read(text: str) -> Secret:
    """The secret in `text`; raises SignInLost where there is none that can be read."""
    try:
        return msgspec.json.decode(text, type=Secret)
    except msgspec.DecodeError as error:
        raise SignInLost(
            later("This account's keys for X cannot be read. Connect it again.")
        ) from error
