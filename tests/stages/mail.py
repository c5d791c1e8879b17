"""A mailbox at a real Dovecot as a stage: every letter is a direct message."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime
from typing import ClassVar

from sanderling.core.network import Draft, Room
from sanderling.networks.mail.access import Access, Server, to_secret
from sanderling.networks.mail.connector import Mail
from servers.dovecot import PASSWORD, MailServer
from servers.kept import Kept
from servers.lineproxy import Both, proxies_before
from stages.stage import Stage

FIXED = "a letter cannot be changed once it was sent"
_number = itertools.count(1)


class MailStage(Stage):
    """Dovecot for IMAP, and SMTP before it."""

    name = "mail"
    room = Room.DIRECT
    writes = r"smtp \.$"
    reads = "imap"
    many = 45
    stumbles = 1
    calls = 6
    patience_s = 3
    cannot: ClassVar = {
        "edit": FIXED, "delete": FIXED, "gone": FIXED, "like": "letters are not liked",
        "repost": "letters are not passed on", "undo": "letters are not liked",
        "raw": "letters stay in the mailbox, which is their record",
        "native": "what people write by hand lies in Sent as ours does",
        "limits": "mail servers name no time", "length": "mail servers take long letters",
        "words": "a letter is known by its Message-ID, whatever it says",
        "failing answers": "there is no HTTP whose answers could fail afterwards",
        "find after loss": "a letter whose answer was lost has no copy in Sent: a person is asked",
    }  # fmt: skip
    proxy: Both
    people = ("ada@home.example", "ben@home.example", "cleo@home.example")

    def __init__(self, server: MailServer, proxy: Both) -> None:
        self.server, self.proxy = server, proxy
        self.us = f"stage{next(_number)}@northwind.example"
        self._last: dict[int, str] = {}

    def make(self, answer_s: float = 10) -> Mail:
        def at(port: int) -> Server:
            return Server(host="127.0.0.1", port=port, tls="none", user=self.us, password=PASSWORD)

        access = Access(
            imap=at(self.proxy.imap.port), smtp=at(self.proxy.smtp.port), sender=self.us
        )
        return Mail(self.us, Kept(to_secret(access)))

    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        return self._deliver(text, by)

    write = ask

    def reply(self, to: str, text: str, by: int = 0) -> str:
        return self._deliver(text, by, answers=to)

    def ours(self) -> list[str]:
        sent = [message_from_bytes(one.content) for one in self.server.sent]
        return [str(one.get_payload()) for one in sent if self.us in str(one["From"])]

    def message(self, text: str, by: int = 0) -> Draft:
        return self.draft(text, to=self._last.get(by), by=by)

    def sign_out(self) -> None:
        self.proxy.let("answer", "LOGIN|AUTH", status=401)

    def close(self) -> None:
        """Nothing is kept open."""

    def _deliver(self, text: str, by: int, answers: str = "") -> str:
        message, name = EmailMessage(), f"{next(_number)}.stage@home.example"
        message["From"], message["To"] = self.people[by], self.us
        message["Subject"], message["Message-ID"] = "A question", f"<{name}>"
        message["Date"] = format_datetime(datetime.now(UTC))
        if answers:
            message["In-Reply-To"] = f"<{answers}>"
            message["References"] = f"{self._references(answers)} <{answers}>".strip()
        message.set_content(text)
        self.server.deliver(message.as_bytes(), to=self.us)
        self._last[by] = name
        return name

    def _references(self, post: str) -> str:
        """What a letter of ours refers to, as a mail program copies it into the answer."""
        for one in self.server.sent:
            sent = message_from_bytes(one.content)
            ours = self.us in str(sent["From"])  # the same key makes the same id in two stages
            if ours and post in str(sent["Message-ID"]):
                return str(sent["References"] or sent["In-Reply-To"] or "")
        return ""


@contextmanager
def mail(server: MailServer) -> Iterator[MailStage]:
    """A mailbox of its own on a server that others use as well."""
    with proxies_before(server.imap, server.smtp) as proxy:
        yield MailStage(server, proxy)
