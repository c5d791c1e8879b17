"""Handing a letter to a mail server (RFC 5321), and knowing whether it was taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import aiosmtplib

from sanderling.core.network import (
    NetworkError,
    OutcomeUnknown,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.mail.access import Server

CONNECT_S, ADDRESS_S, CONTENT_S = 8.0, 5.0, 8.0
"""Together under the lease a sender holds on a post (60 s), so that nobody looks meanwhile."""


async def send(server: Server, sender: str, to: str, content: bytes) -> None:
    """Give a letter to the server. Raises the errors of the door; OutcomeUnknown only where the
    server may have taken it: after its content was begun."""
    async with connected(server) as smtp:
        try:
            async with asyncio.timeout(ADDRESS_S):
                await smtp.mail(sender)
                await smtp.rcpt(to)
        except aiosmtplib.SMTPResponseException as error:
            raise _meaning(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unreachable(
                later("{server} broke off ({error}).").format(server=server.host, error=error)
            ) from error
        try:
            await smtp.data(content, timeout=CONTENT_S)
        except aiosmtplib.SMTPResponseException as error:
            raise _meaning(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown(
                later("{server} broke off before it said whether it took this ({error}).").format(
                    server=server.host, error=error
                )
            ) from error


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[aiosmtplib.SMTP]:
    """A connection to `server`, signed in; raises SignInLost, Throttled and Unreachable."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
        timeout=CONNECT_S,
        local_hostname="localhost",
    )
    try:
        async with asyncio.timeout(CONNECT_S):
            await smtp.connect()
    except aiosmtplib.SMTPAuthenticationError as error:
        if error.code < 500:
            raise _meaning(error) from error
        raise SignInLost(
            later("{server} does not let us in: {said}").format(
                server=server.host, said=_said(error)
            )
        ) from error
    except aiosmtplib.SMTPResponseException as error:
        raise Unreachable(
            later("{server} does not take letters now: {said}").format(
                server=server.host, said=_said(error)
            )
        ) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise Unreachable(
            later("{server} does not answer ({error}).").format(server=server.host, error=error)
        ) from error
    try:
        yield smtp
    finally:
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await asyncio.wait_for(smtp.quit(), 1)
        smtp.close()


def _meaning(error: aiosmtplib.SMTPResponseException) -> NetworkError:
    """A reply of 400 means later, one of 500 means no (RFC 5321, 4.2.1); nothing was taken."""
    if error.code in (530, 534, 535):
        return SignInLost(_said(error))
    if error.code >= 500:
        return Refused(
            later("The mail server will not send this: {said}").format(said=_said(error))
        )
    if error.code >= 400:
        return Throttled(_now() + timedelta(minutes=5), _said(error))
    return OutcomeUnknown(_said(error))


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    words = " ".join(str(error.message).split())
    return f"{error.code} {words}"[:300]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a wait counts from when the server asked for it
