"""A mailbox read by IMAP (RFC 3501): never marked as read, moved or deleted from."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from aioimaplib import (  # type: ignore[import-untyped]  # it has no types
    IMAP4,
    AioImapException,
    IMAP4ClientProtocol,
)

from sanderling.core.network import NetworkError, SignInLost, Throttled, Unreachable
from sanderling.core.words import later
from sanderling.networks.mail.access import Server

T = TypeVar("T")
ANSWER_S = 10.0
MOST_BYTES = 5_000_000
"""Of a greater letter only the headers are fetched."""
MOST_HEADERS = 200_000
BUSY = ("[LIMIT]", "[INUSE]", "[UNAVAILABLE]", "[SERVERBUG]", "[THROTTLED]", "TOO MANY")
"""What a server says when the password may be right (RFC 5530, and what is seen)."""
SENT = ("sent", "sent items", "sent messages", "sent mail", "inbox.sent", "gesendet", "envoyés")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOLDER = re.compile(rb'\((?P<marks>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>"(?:[^"\\]|\\.)*"|[^ "{]+)$')
_ABOUT = re.compile(rb'(UID|RFC822\.SIZE|INTERNALDATE) (\d+|"[^"]{20,30}")')
_UIDS = re.compile(rb"UID(VALIDITY|NEXT) (\d+)")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a folder stands: its UIDs mean something only as long as `validity` is the same, and
    `next` is above all of them."""

    validity: int
    next: int


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as the server keeps it. `whole` is False where `content` is the headers only."""

    uid: int
    at: datetime
    size: int
    content: bytes
    whole: bool = True


class Line:
    """A connection that notices when it ends: aioimaplib would wait in silence."""

    def __init__(self, server: Server) -> None:
        self.host, self.lost = server.host, asyncio.Event()
        self.imap = Client(
            server.host,
            server.port,
            timeout=ANSWER_S,
            conn_lost_cb=lambda _: self.lost.set(),
            ssl_context=server.context(),
        )

    async def unless_lost(self, work: Any, seconds: float | None = None) -> Any:
        """What `work` gives; Unreachable at once where the connection ends meanwhile, and
        TimeoutError after `seconds`."""
        task, lost = asyncio.ensure_future(work), asyncio.ensure_future(self.lost.wait())
        try:
            await asyncio.wait({task, lost}, timeout=seconds, return_when="FIRST_COMPLETED")
            if task.done():
                return task.result()
            if self.lost.is_set():
                raise Unreachable(later("{server} broke off.").format(server=self.host))
            raise TimeoutError
        finally:
            for one in (task, lost):
                one.cancel()

    async def close(self) -> None:
        """Take leave of the server, if it still listens, and let go."""
        if not self.lost.is_set():
            with suppress(AioImapException, TimeoutError, OSError, Unreachable):
                await self.unless_lost(self.imap.logout(), 1)
        for task in (*self.imap.tasks, *self.imap.protocol.tasks):
            task.cancel()
        if self.imap.protocol.transport is not None:
            self.imap.protocol.transport.close()


class Protocol(IMAP4ClientProtocol):  # type: ignore[misc]  # as above
    """The client's side of a line; ends it where the greeting goes wrong, instead of waiting."""

    async def welcome(self, command: bytes) -> None:
        try:
            await super().welcome(command)
        except (AioImapException, LookupError):
            self.transport.close()


class Client(IMAP4):  # type: ignore[misc]  # as above
    """aioimaplib's client on a `Protocol` of ours."""

    def create_client(
        self, host: str, port: int, _loop: object, conn_lost_cb: Any, ssl_context: Any
    ) -> None:
        loop = asyncio.get_running_loop()
        self.protocol = Protocol(loop, conn_lost_cb)
        connecting = loop.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        self._client_task = loop.create_task(connecting)


class Mailbox:
    """A signed-in connection; made by `opened`. Raises Unreachable and Throttled."""

    def __init__(self, line: Line) -> None:
        self._line, self._imap, self._host = line, line.imap, line.host

    @property
    def files_sent_itself(self) -> bool:
        """Whether the server puts what we send into Sent without being asked: Gmail does."""
        return bool(self._imap.has_capability("X-GM-EXT-1"))

    async def sent_folder(self) -> str | None:
        """The name of the folder of sent letters: by its mark (RFC 6154), or else by its name."""
        lines = await self._said(
            self._imap.list('""', "*"), later("{server} does not list its folders: {said}")
        )
        folders = [found for line in lines if (found := _FOLDER.search(bytes(line)))]
        for found in folders:
            if rb"\sent" in found["marks"].lower():
                return found["name"].decode("ascii", "replace")
        for found in folders:
            name = found["name"].decode("ascii", "replace")
            if name.strip('"').lower() in SENT:
                return name
        return None

    async def look_into(self, folder: str) -> Standing:
        """Open a folder for reading only."""
        lines = await self._said(
            self._imap.examine(folder), later("{server} does not open {folder}: {said}"), folder
        )
        told = dict(_UIDS.findall(b"\n".join(bytes(line) for line in lines)))
        # EXAMINE selects as SELECT does, which aioimaplib does not know.
        self._imap.protocol.state = "SELECTED"
        return Standing(validity=int(told.get(b"VALIDITY", 0)), next=int(told.get(b"NEXT", 1)))

    async def after(self, uid: int) -> list[int]:
        """The UIDs above `uid` in the open folder, in their order."""
        return [one for one in await self._search(f"UID {uid + 1}:*") if one > uid]

    async def since(self, day: datetime) -> list[int]:
        """The UIDs of what came since `day` into the open folder, in their order."""
        return await self._search(f"SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}")

    async def named(self, message_id: str) -> list[int]:
        """The UIDs of letters with this Message-ID in the open folder."""
        safe = message_id.replace("\\", "").replace('"', "")
        return await self._search(f'HEADER Message-ID "<{safe}>"')

    async def letter(self, uid: int) -> Stored | None:
        """A letter of the open folder, left as it is; None where it is gone."""
        about = await self._fetch(uid, "(UID RFC822.SIZE INTERNALDATE)")
        # Other letters may be told of in between, when their marks change.
        lines = [dict(_ABOUT.findall(bytes(line))) for line in about]
        told = next((line for line in lines if line.get(b"UID") == b"%d" % uid), None)
        if told is None:
            return None
        size = int(told.get(b"RFC822.SIZE", 0))
        whole = size <= MOST_BYTES
        part = f"BODY.PEEK[]<0.{MOST_BYTES}>" if whole else f"BODY.PEEK[HEADER]<0.{MOST_HEADERS}>"
        content = await self._fetch(uid, f"(UID {part})")
        return Stored(
            uid=uid,
            at=_received(told.get(b"INTERNALDATE", b"")),
            size=size,
            content=b"".join(bytes(line) for line in content if isinstance(line, bytearray)),
            whole=whole,
        )

    async def headers(self, uid: int) -> bytes:
        """The headers of a letter in the open folder."""
        lines = await self._fetch(uid, f"(UID BODY.PEEK[HEADER]<0.{MOST_HEADERS}>)")
        return b"".join(bytes(line) for line in lines if isinstance(line, bytearray))

    async def keep(self, content: bytes, folder: str) -> None:
        """Put a letter of ours into a folder, as read."""
        await self._said(
            self._imap.append(content, folder, r"\Seen"),
            later("{server} does not file into {folder}: {said}"),
            folder,
        )

    async def wait(self, seconds: float) -> bool:
        """Wait for the server to tell of something new in the open folder; False where it did not.

        Under 29 minutes, as RFC 2177 wants; a server that cannot tell is only waited for.
        """
        if not self._imap.has_capability("IDLE"):
            await self._line.unless_lost(asyncio.sleep(seconds))
            return False
        with self._translated():
            idle = await self._line.unless_lost(self._imap.idle_start(timeout=29 * 60), ANSWER_S)
        try:
            told: bool = await self._line.unless_lost(self._told_of_new(seconds))
            return told
        finally:
            self._imap.idle_done()
            with self._translated():
                await self._line.unless_lost(idle, ANSWER_S)

    async def _told_of_new(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while True:
                    lines = await self._imap.wait_server_push(seconds + 1)
                    if any(b"EXISTS" in line for line in lines):
                        return True
        except TimeoutError:
            return False

    async def _search(self, query: str) -> list[int]:
        lines = await self._said(
            self._imap.uid_search(query, charset=None), later("{server} does not search: {said}")
        )
        return sorted(int(word) for word in bytes(lines[0]).split() if word.isdigit())

    async def _fetch(self, uid: int, parts: str) -> list[bytes]:
        return await self._said(
            self._imap.uid("fetch", str(uid), parts),
            later("{server} does not give a letter: {said}"),
        )

    async def _said(
        self, work: Coroutine[Any, Any, Any], trouble: str, folder: str = ""
    ) -> list[bytes]:
        """The lines of an answer that says OK; `trouble` is the sentence for any other."""
        with self._translated():
            answer = await self._line.unless_lost(work, 3 * ANSWER_S)
        if answer.result != "OK":
            raise self._refusal(answer.lines, trouble, folder)
        return list(answer.lines)

    def _refusal(self, lines: list[bytes], trouble: str, folder: str) -> NetworkError:
        said = _words(lines)
        if any(word in said.upper() for word in BUSY):
            return _throttled(said)
        return Unreachable(trouble.format(server=self._host, folder=folder, said=said))

    def _translated(self) -> Any:
        return _translated(self._host)


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Mailbox]:
    """A connection to `server`, signed in; raises SignInLost, Throttled and Unreachable."""
    line = Line(server)
    try:
        with _translated(server.host):
            await line.unless_lost(line.imap.wait_hello_from_server(), ANSWER_S)
            await line.unless_lost(_sign_in(line.imap, server), 2 * ANSWER_S)
        yield Mailbox(line)
    finally:
        await line.close()


async def _sign_in(imap: IMAP4, server: Server) -> None:
    user = server.user.replace("\\", "\\\\").replace('"', '\\"')
    answer = await imap.login(f'"{user}"', server.password)
    if answer.result == "OK":
        await imap.protocol.capability()  # some tell what they can do only now
        return
    said = _words(answer.lines)
    if any(word in said.upper() for word in BUSY):
        raise _throttled(said)
    raise SignInLost(
        later("{server} does not let us in: {said}").format(server=server.host, said=said)
    )


@contextmanager
def _translated(host: str) -> Iterator[None]:
    """Turn failures of the connection into the door's."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            later("The certificate of {host} is not valid: {why}").format(
                host=host, why=error.reason
            )
        ) from error
    except (OSError, TimeoutError, AioImapException, ValueError, RecursionError) as error:
        why = str(error)[:200] or type(error).__name__
        raise Unreachable(
            later("{host} does not answer ({why}).").format(host=host, why=why)
        ) from error


def _received(told: bytes) -> datetime:
    try:
        when = datetime.strptime(told.decode().strip('" '), "%d-%b-%Y %H:%M:%S %z")
        return when.astimezone(UTC)
    except (ValueError, OverflowError):
        return _now()


def _words(lines: list[bytes]) -> str:
    text = bytes(lines[-1]).decode("utf-8", "replace") if lines else ""
    return "".join(char for char in text if char.isprintable())[:200]


def _throttled(said: str) -> Throttled:
    return Throttled(_now() + timedelta(minutes=5), said)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a wait counts from when the server asked for it
