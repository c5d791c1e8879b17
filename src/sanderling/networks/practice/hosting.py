"""A practice network beside a desk: a process of its own, as long as the desk's pages are served.

It keeps its story in a folder, with a note of how it was begun: after a restart of the desk it goes
on there, at the address that the desk knows.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from threading import Lock

import httpx
import msgspec

from sanderling.core.network import Connected, Refused
from sanderling.core.words import say
from sanderling.networks.practice.connector import Practice
from sanderling.networks.practice.scenario import scenarios

PATIENCE_S = 20.0
PORTS = (8090, 8190)
SPEED = 10.0
"""Seconds of the story in one on the wall: enough to do, and time to think."""


class Begun(msgspec.Struct, frozen=True):
    """How the network of a folder was begun here."""

    scenario: str
    speed: float
    port: int


class Card(msgspec.Struct, frozen=True):
    """What a network says about itself in `practice.json`, as far as it matters here."""

    url: str
    token: str


class Host:
    """Runs the practice network of a folder, at most once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        self._one = Lock()

    def connect(self, scenario: str, *, speed: float = SPEED) -> Connected:
        """An account on the network, begun now unless it runs. Raises Refused, in words."""
        if scenario not in scenarios():
            raise Refused(say("There is no such scenario."))
        with self._one:
            card = self._answering()
            if card is None:
                begun = Begun(scenario, speed, self._known_port() or _free_port())
                self._note().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._note().write_bytes(msgspec.json.encode(begun))
                self._start(begun)
                card = self._awaited()
        network = Practice(card.url, card.token)
        try:
            return Connected(who=network.whoami(), address=card.url, secret=card.token)
        finally:
            network.close()

    def resume(self, wanted: Collection[str]) -> None:
        """Let the network run again if it was begun here and its address is among the `wanted`;
        does not wait for it."""
        begun, card = self._begun(), self._card()
        with self._one:
            if begun and card and card.url in wanted and not _answers(card.url):
                self._start(begun)

    def _start(self, begun: Begun) -> None:
        """It ends by itself when this process is gone, for it holds the other end of its input."""
        self._running = subprocess.Popen(
            [
                *(sys.executable, "-m", "sanderling", "practice", "--scenario", begun.scenario),
                *("--speed", str(begun.speed), "--port", str(begun.port)),
                *("--data", str(self.folder)),
            ],
            stdin=subprocess.PIPE,
            env={**os.environ, "SANDERLING_CHILD": "true"},
        )

    def _awaited(self) -> Card:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if card := self._answering():
                return card
            if self._running and self._running.poll() is not None:
                break
            time.sleep(0.1)
        raise Refused(say("The practice network did not start. The desk's log says why."))

    def _answering(self) -> Card | None:
        card = self._card()
        return card if card and _answers(card.url) else None

    def _card(self) -> Card | None:
        try:
            return msgspec.json.decode((self.folder / "practice.json").read_bytes(), type=Card)
        except (OSError, msgspec.MsgspecError):
            return None

    def _begun(self) -> Begun | None:
        try:
            return msgspec.json.decode(self._note().read_bytes(), type=Begun)
        except (OSError, msgspec.MsgspecError):
            return None

    def _known_port(self) -> int:
        begun = self._begun()
        return begun.port if begun and _is_free(begun.port) else 0

    def _note(self) -> Path:
        return self.folder / "begun.json"


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    for port in range(*PORTS):
        if _is_free(port):
            return port
    raise Refused(say("No port of this machine is free for the practice network."))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
