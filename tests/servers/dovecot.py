"""A real mail server on this machine: Dovecot for IMAP, and SMTP in front of its LMTP.

    with dovecot() as server:
        server.deliver(letter, to="care@northwind.example")   # a letter comes in
        server.imap, server.smtp                              # the ports
        server.sent                                           # what was handed to SMTP
        server.answer("451 4.3.0 later", on="DATA")           # the next one is answered so

Every mailbox has the password PASSWORD. `installed()` says whether this machine has Dovecot.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

PASSWORD = 'open"sesame-7'
CONFIG = """
base_dir = {home}/run
log_path = {home}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {login}
default_internal_group = {group}
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Gesendetes {{
    special_use = \\Sent
    auto = {auto}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


def installed() -> bool:
    """Whether Dovecot is there, and may be started by us."""
    return shutil.which("dovecot", path=PATH) is not None and os.getuid() == 0


PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


@dataclass
class Handed:
    """The SMTP side: keeps what it was handed, and delivers it unless told otherwise."""

    lmtp: int
    sent: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, _s: Any, _e: Any, envelope: Envelope, to: str, *_: Any) -> str:
        envelope.rcpt_tos.append(to)
        return self.answers.pop("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:
        if reply := self.answers.pop("DATA", ""):
            return reply
        self.sent.append(envelope)
        for to in envelope.rcpt_tos:
            await asyncio.to_thread(_deliver, self.lmtp, envelope.content, to)
        if self.answers.pop("LOST", ""):
            server.transport.abort()
        return "250 OK"

    def authenticate(self, *given: Any) -> AuthResult:
        login = given[-1]
        right = isinstance(login, LoginPassword) and login.password == PASSWORD.encode()
        return AuthResult(success=right, handled=right)


@dataclass
class MailServer:
    """`imap` and `smtp` are ports of this machine."""

    home: Path
    imap: int
    smtp: int
    handed: Handed

    @property
    def sent(self) -> list[Envelope]:
        return self.handed.sent

    def answer(self, reply: str, on: str) -> None:
        """Answer the next RCPT or DATA so; LOST takes the letter and breaks off."""
        self.handed.answers[on] = reply

    def deliver(self, letter: bytes, to: str) -> None:
        """Let a letter come into a mailbox."""
        _deliver(self.handed.lmtp, letter, to)

    def doveadm(self, *words: str) -> str:
        """What Dovecot's own tool says."""
        command = ["doveadm", "-c", str(self.home / "dovecot.conf"), *words]
        environment = {**os.environ, "PATH": PATH}
        done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=20)
        return done.stdout.decode()


@contextmanager
def dovecot(*, with_sent: bool = True) -> Iterator[MailServer]:
    """Dovecot and SMTP on free ports; `with_sent` makes a folder of sent letters."""
    home = Path(tempfile.mkdtemp(prefix="sanderling-mail-"))
    home.chmod(0o755)
    who = pwd.getpwnam("nobody")
    (home / "mail").mkdir()
    os.chown(home / "mail", who.pw_uid, who.pw_gid)
    imap, lmtp, smtp = _free_ports(3)
    (home / "dovecot.conf").write_text(
        CONFIG.format(
            home=home,
            login="dovenull",
            group="dovecot",
            password=PASSWORD,
            uid=who.pw_uid,
            gid=who.pw_gid,
            auto="create" if with_sent else "no",
            imap=imap,
            lmtp=lmtp,
        )
    )
    handed = Handed(lmtp)
    controller = Controller(
        handed,
        hostname="127.0.0.1",
        port=smtp,
        authenticator=handed.authenticate,
        auth_require_tls=False,
    )
    server = MailServer(home, imap, smtp, handed)
    process = subprocess.Popen(
        ["dovecot", "-F", "-c", str(home / "dovecot.conf")], env={**os.environ, "PATH": PATH}
    )
    try:
        _wait_for(imap, process, home)
        _wait_for(lmtp, process, home)
        controller.start()
        yield server
    finally:
        if controller.loop.is_running():
            controller.stop()
        process.terminate()
        process.wait(20)
        shutil.rmtree(home)


def _deliver(port: int, letter: bytes, to: str) -> None:
    with smtplib.LMTP("127.0.0.1", port) as lmtp:
        lmtp.sendmail("someone@elsewhere.example", [to], letter)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _wait_for(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    log = home / "log"
    raise RuntimeError(log.read_text() if log.exists() else "Dovecot does not start.")
