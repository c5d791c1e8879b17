"""A mailbox as a `Network` of the desk: every letter is a direct message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import msgspec

from sanderling.core.network import (
    Cursor,
    Draft,
    Key,
    Limits,
    NetworkError,
    Page,
    Post,
    Receipt,
    Unreachable,
    Vault,
)
from sanderling.core.words import later
from sanderling.networks.mail.access import Access, to_access
from sanderling.networks.mail.imap import MOST_BYTES, Mailbox, Stored, opened
from sanderling.networks.mail.reading import Letter, read
from sanderling.networks.mail.smtp import send
from sanderling.networks.mail.translate import (
    Place,
    message_id,
    to_cursor,
    to_letter,
    to_places,
    to_post,
)
from sanderling.networks.wire import loop

log = logging.getLogger(__name__)
LIMITS = Limits(
    public_length=0,
    direct_length=20_000,
    counts="characters",
    keeps_keys=False,
    keeps_message_keys=False,
    replies="none",
    messages="answers",
    read_by=later("whoever runs the mail servers on the way"),
    media=0,
)
"""Keys are not kept: a letter may be sent and its copy in Sent be missing."""
FIRST = timedelta(days=30)
"""How far back a mailbox is read at first."""
LOOK_S = 60.0
"""How often all folders are looked into, whatever the server told (seconds)."""
BATCH = 20
PREPARE_S, FILE_S = 6.0, 5.0


class Mail:
    """The mailbox of `address`: a Network that Follows. `vault` holds how to get into it."""

    name = "mail"
    limits = LIMITS

    def __init__(self, address: str, vault: Vault) -> None:
        self._address = address.strip().lower()
        self._vault = vault

    def pull(self, since: Cursor | None) -> Page:
        """The next letters; at first those of the last thirty days."""
        return loop.run(self._pull(to_access(self._vault.read()), since))

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """Letters as they come, by IDLE, and a look into all folders every minute."""
        return loop.each(self._follow(to_access(self._vault.read()), since))

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Send a letter, under the one it answers; a copy goes to Sent."""
        return loop.run(self._push(to_access(self._vault.read()), draft, key))

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """What was sent under `key`, if its copy lies in Sent; None proves nothing.

        The copy is filed only after the server took the letter, so that it is never a false
        "sent". Filed before, with a mark, it would show colleagues a letter that may never have
        left, and after a lost answer it would know no more: whether the letter left stands nowhere
        in a mailbox. So a person is asked, who alone can ask the customer.
        """
        return loop.run(self._find(to_access(self._vault.read()), key))

    async def _pull(self, access: Access, since: Cursor | None) -> Page:
        async with opened(access.imap) as box:
            folders = await _folders(box, access)
            for folder in folders:
                page = await self._page(box, folder, since)
                since = page.cursor
                if page.posts or page.more:
                    last = folder is folders[-1]
                    return msgspec.structs.replace(page, more=page.more or not last)
        return page

    async def _follow(self, access: Access, since: Cursor | None) -> AsyncGenerator[Page, None]:
        told, live_since = False, None
        async with opened(access.imap) as box:
            folders = await _folders(box, access)
            while True:
                for folder in folders:
                    more = True
                    while more:
                        page = await self._page(box, folder, since)
                        since, more = page.cursor, page.more
                        yield page if folder.sent else _marked(page, told, live_since)
                live_since = live_since or _now()
                told = await box.wait(LOOK_S)

    async def _page(self, box: Mailbox, folder: Folder, since: Cursor | None) -> Page:
        """The next letters of a folder, which is open afterwards."""
        places = to_places(since)
        standing = await box.look_into(folder.name)
        place = places.get(folder.name)
        if place and place.validity == standing.validity:
            uids = await box.after(place.uid)
            reached = place.uid
        else:
            uids = await box.since(_now() - FIRST)
            reached = standing.next - 1
        posts, size = list[Post](), 0
        for reached in uids[:BATCH]:
            stored = await box.letter(reached)
            if stored:
                letter = await asyncio.to_thread(read, stored.content, note=_note(stored))
                posts.append(to_post(letter, stored.at, self._address, sent=folder.sent))
                size += len(stored.content)
            if size > MOST_BYTES:
                break
        places[folder.name] = Place(standing.validity, reached)
        more = bool(uids) and reached != uids[-1]
        return Page(posts=tuple(posts), cursor=to_cursor(places), more=more)

    async def _push(self, access: Access, draft: Draft, key: Key) -> Receipt:
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(PREPARE_S):
                    box = await stack.enter_async_context(opened(access.imap))
                    sent = await box.sent_folder()
                    if known := await _known(box, sent, key, access):
                        return known
                    before = await _answered(box, sent, access, draft.reply_to)
            except TimeoutError as error:
                raise Unreachable(
                    later("{server} takes too long to answer.").format(server=access.imap.host)
                ) from error
            draft = msgspec.structs.replace(draft, at=draft.at or _now())
            message = to_letter(draft, key, access, before)
            content = message.as_bytes()
            await send(access.smtp, access.sender, message["To"], content)
            if sent and not box.files_sent_itself:
                await _file(box, sent, content)
        return Receipt(remote_id=message_id(key, access.sender), at=_now())

    async def _find(self, access: Access, key: Key) -> Receipt | None:
        async with opened(access.imap) as box:
            return await _known(box, await box.sent_folder(), key, access)


class Folder(msgspec.Struct, frozen=True):
    """A folder that is read; `sent` says that its letters are ours."""

    name: str
    sent: bool


async def _folders(box: Mailbox, access: Access) -> list[Folder]:
    """The folders that are read; the inbox last, so that it is the one that is waited in."""
    sent = await box.sent_folder()
    ours = [Folder(sent, sent=True)] if sent else []
    return [*ours, Folder(access.folder, sent=False)]


async def _known(box: Mailbox, sent: str | None, key: Key, access: Access) -> Receipt | None:
    """The receipt of a letter that lies in Sent already."""
    if sent is None:
        return None
    await box.look_into(sent)
    ours = message_id(key, access.sender)
    for uid in await box.named(ours):
        if stored := await box.letter(uid):
            return Receipt(remote_id=ours, at=stored.at)
    return None


async def _answered(
    box: Mailbox, sent: str | None, access: Access, reply_to: str | None
) -> Letter | None:
    """The headers of the letter that is answered, for its subject and its thread."""
    for folder in (access.folder, sent) if reply_to else ():
        if folder and reply_to:
            await box.look_into(folder)
            if uids := await box.named(reply_to):
                return read(await box.headers(uids[-1]))
    return None


async def _file(box: Mailbox, sent: str, content: bytes) -> None:
    """Put a copy into Sent; the letter is on its way whatever becomes of that."""
    try:
        async with asyncio.timeout(FILE_S):
            await box.keep(content, sent)
    except (NetworkError, TimeoutError) as error:
        log.warning("mail.copy.missing folder=%s %s", sent, error)


def _marked(page: Page, told: bool, live_since: datetime | None) -> Page:
    if told:
        return msgspec.structs.replace(page, way="stream")
    return msgspec.structs.replace(page, live_since=live_since)


def _note(stored: Stored) -> str:
    if stored.whole:
        return ""
    return (
        f"[This letter is too long to show ({stored.size / 1e6:.1f} MB): read it in the mailbox.]"
    )


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  "the last thirty days" needs to know today
