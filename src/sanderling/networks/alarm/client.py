"""Telling addresses outside through Apprise, in a process of its own.

Apprise takes seconds and much memory to load, is needed a few times a year, and what it speaks to
may hang: a process that is ended when its time is up costs the desk nothing of that. Addresses hold
passwords and tokens, so they travel by a pipe, and only sentences of ours come back.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Sequence
from hashlib import sha256

import msgspec

from sanderling.core.alarming import LONGEST_TEXT, LONGEST_TITLE, Told
from sanderling.core.words import later
from sanderling.networks.alarm.asked import Answer, Asked

WHOLE_S = 45.0
"""For all addresses together; a dozen of them are told at once."""
RINGING = [sys.executable, "-m", "sanderling.networks.alarm.ringing"]
SILENT = later("{address} did not answer in time. Whether it was told is not known.")


class Alarm:
    """The operator's own addresses, as Apprise writes them: mailto://…, slack://…, json://….

    They are set where the desk is installed and nowhere else, so those inside a private network are
    as good as any.
    """

    def __init__(self, addresses: Sequence[str], whole_s: float = WHOLE_S) -> None:
        self._addresses = {_key(address): address for address in addresses}
        self._whole_s = whole_s

    def tell(self, title: str, text: str, *, but: Collection[str] = ()) -> list[Told]:
        """See `core.alarming.Alarm`."""
        return self._ask(" ".join(title.split())[:LONGEST_TITLE], text[:LONGEST_TEXT], but)

    def look(self) -> list[Told]:
        """See `core.alarming.Alarm`."""
        return self._ask("", "", ())

    def _ask(self, title: str, text: str, but: Collection[str]) -> list[Told]:
        wanted = {key: n for n, key in enumerate(self._addresses, 1) if key not in but}
        if not wanted:
            return []
        asked = Asked(title, text, {key: self._addresses[key] for key in wanted})
        answers = {answer.key: answer for answer in _answers(asked, self._whole_s)}
        return [_told(key, n, answers.get(key)) for key, n in wanted.items()]


def _told(key: str, n: int, answer: Answer | None) -> Told:
    name = f"{n} ({answer.service})" if answer and answer.service else str(n)
    address = later("Address {name}").format(name=name)
    trouble = answer.trouble if answer else SILENT
    return Told(key, address, trouble.format(address=address))


def _answers(asked: Asked, whole_s: float) -> list[Answer]:
    """What came back in so many seconds."""
    with subprocess.Popen(
        RINGING, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as ringing:
        try:
            said, _ = ringing.communicate(msgspec.json.encode(asked), timeout=whole_s)
        except subprocess.TimeoutExpired:
            ringing.kill()
            said, _ = ringing.communicate()
    lines = [line for line in said.split(b"\n") if line.endswith(b"}")]
    return [msgspec.json.decode(line, type=Answer) for line in lines]


def _key(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:16]
