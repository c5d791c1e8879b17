"""What networks say when they refuse, in words for an agent: never a page, a payload or a number.

Pure. Networks word their refusals for programs as often as for people.
"""

from __future__ import annotations

import re

from sanderling.core.words import later

NO_REASON = later("The network gave no reason that people could read.")
_PAYLOAD = re.compile(r"^\s*[\[{<]|</?[a-z][^>]*>|Traceback \(most recent", re.IGNORECASE)
_STATUS = re.compile(
    r"(?:^|\b(?:with|by|status|code|error|http(?:/\d(?:\.\d)?)?)\s*:?\s*)[1-5]\d\d\b(?!\s*(?:posts|"
    r"messages|characters|minutes|hours|days))",
    re.IGNORECASE,
)
_WITHOUT_REASON = re.compile(r"^(.{1,80}?) answered [1-5]\d\d without a reason\.$")


def plainly(said: str) -> str:
    """A refusal as an agent reads it: the network's own sentence, if it is one."""
    text = " ".join(said.split())
    if found := _WITHOUT_REASON.match(text):
        return later("{network} refused it and gave no reason.").format(network=found[1])
    if not text or _PAYLOAD.search(text):
        return NO_REASON
    text = _STATUS.sub("", text).strip(" :,-–()")
    if sum(c.isalpha() for c in text) < 3:
        return NO_REASON
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…。！？" else f"{text}."
