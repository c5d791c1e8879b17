"""The process that rings: reads what to tell from its input, and writes a line for each address.

What Apprise and the servers say may quote an address, and so a password: of that only the number of
an error leaves this process.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock

import apprise
import msgspec
import regex

from sanderling.core.words import later
from sanderling.networks.alarm.asked import Answer, Asked

AT_ONCE = 12

MALFORMED = later("{address} is not written as an address that can be told.")
REFUSED = later("{address} refused it ({status}).")
UNTOLD = later("{address} does not answer, or refused it.")
_writing = Lock()


def main() -> None:
    """Ring at every address, all at once."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(_ring, asked), asked.addresses))


def _ring(asked: Asked, key: str) -> None:
    try:
        answer = _answer(asked, key)
    except Exception:  # whatever a plugin stumbles over, the others are told
        answer = Answer(key, "", UNTOLD)
    with _writing:
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


def _answer(asked: Asked, key: str) -> Answer:
    at = apprise.Apprise.instantiate(asked.addresses[key])
    if not at:
        return Answer(key, "", MALFORMED)
    service = str(at.service_name)
    if not asked.title:
        return Answer(key, service, "")
    text = apprise.NotifyFormat.TEXT
    went = apprise.Apprise([at]).notify(title=asked.title, body=asked.text, body_format=text)
    return Answer(key, service, "" if went else _trouble(went))


def _trouble(went: apprise.AppriseResult) -> str:
    for line in went.logs():
        if status := regex.search(r"\berror=([1-5][0-9]{2})\b", line.message):
            return REFUSED.replace("{status}", status[1])
    return UNTOLD


if __name__ == "__main__":
    main()
