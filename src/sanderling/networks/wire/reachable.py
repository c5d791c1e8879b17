"""Addresses that people typed or strangers sent: only what is public may be called.

The name is resolved once, every address it has is checked, and the connection goes to the address
that was checked, so that a second answer of the resolver changes nothing (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from sanderling.core.network import Refused
from sanderling.core.words import later

_PORTS = frozenset({80, 443, 8080, 8443})


class Forbidden(httpx.ConnectError):
    """The address leads into a private network."""


class PublicOnly(httpx.AsyncHTTPTransport):
    """A transport that calls public addresses only; `allow_private` is for tests and intranets."""

    def __init__(self, *, allow_private: bool = False, **more: Any) -> None:
        super().__init__(**more)
        if not allow_private:
            self._pool._network_backend = _Checked(self._pool._network_backend)


class _Checked(httpcore.AsyncNetworkBackend):
    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await public_address(host, port)
        return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


async def public_address(host: str, port: int) -> str:
    """A public address of `host`; raises httpcore.ConnectError where it has any private one."""
    if port not in _PORTS:
        raise httpcore.ConnectError(later("port {port} is not called").format(port=port))
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(
            later("there is no server called {host}").format(host=host[:100])
        ) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise httpcore.ConnectError(
                later("{host} is an address inside a private network").format(host=host[:100])
            )
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, also when it hides in an IPv6 one."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            ip = inner
        elif ip in ipaddress.ip_network("64:ff9b::/96"):
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast


def web_address(text: str, *, allow_http: bool = False) -> str:
    """`text` as an https address without its end slash; raises Refused in words."""
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Refused(
            later("That is not a web address. Write it like https://example.social")
        ) from error
    split = any(c.isspace() for c in text)
    if split or url.scheme not in ("https", "http") or not url.host or url.userinfo:
        raise Refused(later("That is not a web address. Write it like https://example.social"))
    if url.scheme == "http" and not allow_http:
        raise Refused(later("This address is not encrypted. Write it with https://"))
    return str(url.copy_with(fragment=None)).rstrip("/")
