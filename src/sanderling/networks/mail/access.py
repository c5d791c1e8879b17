"""How to get into a mailbox: what lies in the vault, and the encryption of each line."""

from __future__ import annotations

import ssl
from typing import Literal

import msgspec

from sanderling.core.network import SignInLost
from sanderling.core.words import later

Tls = Literal["tls", "starttls", "none"]
HERE = ("127.0.0.1", "::1", "localhost")


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server and our name and password there. `tls`: encrypted from the first byte, after
    the greeting, or never, which is for this machine itself only."""

    host: str
    port: int
    tls: Tls = "tls"
    user: str = ""
    password: str = ""

    def context(self) -> ssl.SSLContext | None:
        """What encrypts the line from its first byte, None where that is not so."""
        return ssl.create_default_context() if self.tls == "tls" else None


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Our mailbox: where it is read, by whom it is sent, and the name that customers see."""

    imap: Server
    smtp: Server
    sender: str
    name: str = ""
    folder: str = "INBOX"


def to_access(secret: str) -> Access:
    """What the vault holds; raises SignInLost where that makes no sense."""
    try:
        return msgspec.json.decode(secret, type=Access)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SignInLost(
            later("How to get into this mailbox is lost. Connect it again.")
        ) from error


def to_secret(access: Access) -> str:
    """What to put into the vault."""
    return msgspec.json.encode(access).decode()
