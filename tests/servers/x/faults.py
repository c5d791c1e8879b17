"""Things that go wrong on purpose.

before it is taken    refuse (a status), cut, hang
after it was taken    fail_after (a status), cut_after, cut_midway, hang_after, slow
in what is answered   malformed, stripped (fields missing), lose, repeat, shuffle
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "refuse", "cut", "hang", "fail_after", "cut_after", "cut_midway", "hang_after", "slow",
    "malformed", "stripped", "lose", "repeat", "shuffle",
]  # fmt: skip
BEFORE = ("refuse", "cut", "hang")


@dataclass
class Fault:
    """One thing that goes wrong, `times` times, at operations whose name matches `where`.

    `status` is for refuse and fail_after, `seconds` for hang and slow, `fields` for stripped,
    `count` says how many of the newest posts `lose` keeps back.
    """

    where: str
    kind: Kind
    times: int = 1
    status: int = 503
    seconds: float = 30
    fields: tuple[str, ...] = ("author_id", "created_at")
    count: int = 1

    def __post_init__(self) -> None:
        assert self.kind in get_args(Kind), f"There is no fault {self.kind!r}."

    def change(self, content: Any) -> Any:
        """The answer as this fault spoils it."""
        if not isinstance(content, dict) or "data" not in content:
            return content
        data = content["data"]
        if self.kind == "stripped":
            spoilt = data[:1] if isinstance(data, list) else [data]
            for item in spoilt:
                for name in self.fields:
                    item.pop(name, None)
        if isinstance(data, list):
            content["data"] = self._changed(data)
        return content

    def _changed(self, data: list[Any]) -> list[Any]:
        if self.kind == "lose":
            return data[self.count :]
        if self.kind == "repeat":
            return [item for item in data for _ in range(2)]
        if self.kind == "shuffle":
            return random.Random(7).sample(data, len(data))
        return data


class Faults:
    """The faults that are set; each is used up by the calls that it spoils."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def add(self, where: str, kind: Kind, **more: Any) -> Fault:
        self._set.append(Fault(where, kind, **more))
        return self._set[-1]

    def clear(self) -> None:
        self._set.clear()

    def take(self, operation: str) -> Fault | None:
        """The fault for this call, if one is set."""
        for fault in self._set:
            if fault.times > 0 and re.fullmatch(fault.where, operation):
                fault.times -= 1
                return fault
        return None
