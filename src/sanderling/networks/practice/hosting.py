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
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import httpx
import msgspec

from sanderling.core.drilling import Truth
from sanderling.core.network import Connected, Refused
from sanderling.core.words import say
from sanderling.networks.practice.api import Story
from sanderling.networks.practice.connector import Practice
from sanderling.networks.practice.scenario import drills, scenarios

T = TypeVar("T")
PATIENCE_S = 45.0
PORTS = (8090, 8190)
SPEED = 10.0
"""Seconds of the story in one on the wall: enough to do, and time to think."""

CALL_S = 5.0
EVERYDAY = "quiet"


class Begun(msgspec.Struct, frozen=True):
    """How the network of a folder was begun here, or what it was turned to since.

    `before` a drill it played this; None where it plays none.
    """

    scenario: str
    speed: float
    port: int
    seed: int | None = None
    before: Story | None = None


class Card(msgspec.Struct, frozen=True):
    """What a network says about itself in `practice.json`, as far as it matters here."""

    url: str
    token: str
    admin: str = ""


class Played(msgspec.Struct, frozen=True):
    """The network's own answer to whom it touched."""

    touched: tuple[Truth, ...]


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
            card = self._answering() or self._begin(scenario, speed)
        return _connected(card)

    def play(self, scenario: str, *, seed: int, speed: float = 0.0) -> Connected:
        """Turn the network to a drill, at its own speed unless another is given, and begin it
        unless it runs; an account on it. Raises Refused, in words."""
        drill = drills().get(scenario)
        if drill is None:
            raise Refused(say("There is no such drill."))
        with self._one:
            begun, card = self._begun(), self._answering()
            before = begun.before if begun else None  # a drill that was never ended
            if card is None:
                before = before or (_story(begun) if begun else Story(EVERYDAY, 0, 0.0))
                card = self._begin(before.scenario, 0.0)
            before = before or _told(card, "GET", "story", Story)
            speed = speed or drill.speed
            pace = {"scenario": scenario, "seed": seed, "skip": drill.skip, "speed": speed}
            _told(card, "POST", "pace", dict, json=pace)
            self._keep(Begun(scenario, speed, _port(card), seed, before))
        return _connected(card)

    def plays(self, scenario: str) -> bool:
        """Whether the network answers and plays this."""
        card = self._answering()
        try:
            return card is not None and _told(card, "GET", "story", Story).scenario == scenario
        except Refused:
            return False

    def touched(self, scenario: str, since: datetime) -> tuple[Truth, ...]:
        """Whom a drill touched since then, as the network knows it. Raises Refused."""
        card = self._answering()
        if card is None:
            raise Refused(say("The practice network does not answer."))
        asked = {"scenario": scenario, "since": since.isoformat()}
        return _told(card, "GET", "truth", Played, params=asked).touched

    def rest(self) -> None:
        """Let the network be as it was before a drill; where it was begun for the drill alone, its
        people stand still. What cannot be reached is left as it is."""
        with self._one:
            begun, card = self._begun(), self._answering()
            if not begun or not begun.before:
                return
            was = begun.before
            self._keep(Begun(was.scenario, was.speed, begun.port, was.seed or None))
            if card:
                pace = {"scenario": was.scenario, "speed": was.speed, "seed": was.seed or None}
                with suppress(Refused):
                    _told(card, "POST", "pace", dict, json=pace)

    def stop(self) -> None:
        """End the network that this process began; it would end with it anyway."""
        if self._running and self._running.stdin:
            self._running.stdin.close()
            self._running.wait(PATIENCE_S)

    def drills(self) -> dict[str, int]:
        """What can be played as a drill, and for how many minutes."""
        return {name: drill.minutes for name, drill in drills().items()}

    def _begin(self, scenario: str, speed: float) -> Card:
        begun = Begun(scenario, speed, self._known_port() or _free_port())
        self._keep(begun)
        self._start(begun)
        return self._awaited()

    def _keep(self, begun: Begun) -> None:
        self._note().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._note().write_bytes(msgspec.json.encode(begun))

    def resume(self, wanted: Collection[str]) -> None:
        """Let the network run again if it was begun here and its address is among the `wanted`;
        does not wait for it."""
        begun, card = self._begun(), self._card()
        with self._one:
            if begun and card and card.url in wanted and not _answers(card.url):
                self._start(begun)

    def _start(self, begun: Begun) -> None:
        """It ends by itself when this process is gone, for it holds the other end of its input."""
        seed = () if begun.seed is None else ("--seed", str(begun.seed))
        self._running = subprocess.Popen(
            [
                *(sys.executable, "-m", "sanderling", "practice", "--scenario", begun.scenario),
                *("--speed", str(begun.speed), "--port", str(begun.port)),
                *("--data", str(self.folder), *seed),
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


def _story(begun: Begun) -> Story:
    return Story(begun.scenario, begun.seed or 0, begun.speed)


def _connected(card: Card) -> Connected:
    network = Practice(card.url, card.token)
    try:
        return Connected(who=network.whoami(), address=card.url, secret=card.token)
    finally:
        network.close()


def _told(card: Card, method: str, path: str, kind: type[T], **more: Any) -> T:
    """What the network answers to who runs it; raises Refused."""
    headers = {"Authorization": f"Bearer {card.admin}"}
    url = f"{card.url}/api/admin/{path}"
    try:
        answer = httpx.request(
            method, url, headers=headers, timeout=CALL_S, trust_env=False, **more
        )
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=kind)
    except (httpx.HTTPError, msgspec.MsgspecError) as error:
        raise Refused(say("The practice network did not do as it was asked.")) from error


def _port(card: Card) -> int:
    return httpx.URL(card.url).port or 0


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
