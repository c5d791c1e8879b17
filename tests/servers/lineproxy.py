"""Proxies before a mail server's IMAP and SMTP that let things go wrong, as `proxy` does for HTTP.

Faults strike commands: `on` is found in "imap LOGIN ...", "smtp DATA", or "smtp ." for the end of a
letter's content. "answer" is a refusal for now (IMAP: NO [UNAVAILABLE], SMTP: 451), with status 401
one of the password. What belongs to HTTP (truncate, answer after, pieces of streams) strikes
nobody.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from servers.proxy import PART, Cut, Fault, Kind, Proxy, Several, ended

STRIKING = ("cut before", "cut after", "hang before", "hang after", "answer", "delay")
LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
REFUSED = {"imap": b"TAG NO [UNAVAILABLE] try later\r\n", "smtp": b"451 4.3.0 try later\r\n"}
LOCKED_OUT = {
    "imap": b"TAG NO [AUTHENTICATIONFAILED] wrong\r\n", "smtp": b"535 5.7.8 wrong\r\n",
}  # fmt: skip


class LineProxy(Proxy):
    """Before one of the two; `speaks` is imap or smtp."""

    def __init__(self, port: int, speaks: str, seed: int = 0) -> None:
        super().__init__(f"http://127.0.0.1:{port}", seed)
        self.speaks = speaks

    def let(self, kind: Kind, on: str = "", **how: Any) -> Fault | None:  # type: ignore[override]  # some faults are HTTP's alone
        return super().let(kind, on, **how) if kind in STRIKING else None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, to_upstream = await self.dial()
        call = Call(reader, writer, to_upstream, self.speaks)
        telling = asyncio.create_task(call.tell(upstream))
        try:
            while command := await reader.readline():
                await call.hear(command, self._of(command) if call.named(command) else None)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            await ended(to_upstream)

    def _of(self, command: bytes) -> Fault | None:
        words = command.decode("utf-8", "replace").strip()
        said = words.partition(" ")[2] if self.speaks == "imap" else words
        return self._strikes(f"{self.speaks} {said}")


class Call:
    """One connection, command by command; `content`: the content of a letter is being sent."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        to_upstream: asyncio.StreamWriter,
        speaks: str,
    ) -> None:
        self._reader, self._writer, self._to_upstream = reader, writer, to_upstream
        self._speaks, self.content = speaks, False
        self._deaf, self._heard = False, asyncio.Event()

    async def tell(self, upstream: asyncio.StreamReader) -> None:
        """What the server says, unless its answers are lost."""
        while part := await upstream.read(PART):
            self._heard.set()
            if not self._deaf:
                self._writer.write(part)
                await self._writer.drain()
        self._writer.close()

    def named(self, command: bytes) -> bool:
        """Whether faults may strike this; a letter's lines and the end of IDLE are no commands."""
        return command == b".\r\n" if self.content else command.upper() != b"DONE\r\n"

    async def hear(self, command: bytes, fault: Fault | None) -> None:
        """Pass a command on, with what strikes it; raises Cut where the connection ends."""
        kind = fault.kind if fault else ""
        if fault and kind in ("delay", "hang before"):
            await asyncio.sleep(fault.seconds)
        if kind in ("cut before", "hang before"):
            raise Cut
        if fault and kind == "answer":
            self._refuse(command, fault)
            if self.content:
                raise Cut  # for the server waits for the end of it
            return
        await self._forward(command, kind.endswith("after"))
        if fault and self._deaf:
            await asyncio.wait_for(self._heard.wait(), 10)
            await asyncio.sleep(fault.seconds if kind == "hang after" else 0)
            raise Cut

    def _refuse(self, command: bytes, fault: Fault) -> None:
        said = (LOCKED_OUT if fault.status == 401 else REFUSED)[self._speaks]
        self._writer.write(said.replace(b"TAG", command.split(b" ")[0]))

    async def _forward(self, command: bytes, deaf: bool) -> None:
        """Pass a command on; where it goes on after the server asked for more, with all of it."""
        if found := LITERAL.search(command):
            self._to_upstream.write(command)
            literal = await self._reader.readexactly(int(found[1]))
            command = literal + await self._reader.readline()
        self._deaf = deaf
        self._heard.clear()
        self._to_upstream.write(command)
        await self._to_upstream.drain()
        if self._speaks == "smtp":
            begins = command.upper() == b"DATA\r\n"
            self.content = command != b".\r\n" if self.content else begins


class Both(Several):
    """The two of one mail server."""

    def __init__(self, imap: LineProxy, smtp: LineProxy) -> None:
        super().__init__(imap, smtp)
        self.imap, self.smtp = imap, smtp


@contextmanager
def proxies_before(imap: int, smtp: int, seed: int = 0) -> Iterator[Both]:
    """Proxies before the two ports, gone at the end."""
    with ExitStack() as stack:
        yield Both(
            stack.enter_context(LineProxy(imap, "imap", seed)),
            stack.enter_context(LineProxy(smtp, "smtp", seed + 1)),
        )
