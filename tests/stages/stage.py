"""A network with people on it, and our account there, behind a proxy that lets things go wrong.

What every connector must promise is tried on every stage: see networks/test_contract.py and
flow/test_network_storms.py. A new network joins by a `Stage` of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

import pytest

from sanderling.core.network import Draft, Network, Room
from servers.proxy import Proxy, Several

Act = Literal[
    "answer", "message", "native", "edit", "delete", "like", "repost", "undo", "stream", "thread",
    "limits", "sign-in", "pages", "authors", "mention", "length", "gone",
    "raw", "sharp cursor", "words", "failing answers", "find after loss",
]  # fmt: skip


class Stage(ABC):
    """One account of ours, three people at least who may write to us, all of them quiet.

    `room` is where people usually write to us. `cannot` says why an act is not to be had here.
    `writes` is found in the calls that post for us, `reads` in those that read.
    One act takes up to `calls` calls, so that a storm strikes each of them less often.
    `many` posts are surely more than one page; `stumbles` lost calls on the way are tried. Within
    `patience_s` the server answers while all is well; `expiry` is how it answers when a token is
    too old. Ids are those that the connector tells.
    """

    name: ClassVar[str]
    room: ClassVar[Room] = Room.PUBLIC
    cannot: ClassVar[Mapping[Act, str]] = {}
    writes: ClassVar[str] = "POST"
    reads: ClassVar[str] = "GET"
    many: ClassVar[int] = 120
    stumbles: ClassVar[int] = 6
    calls: ClassVar[int] = 1
    patience_s: ClassVar[float] = 0.5
    expiry: ClassVar[Mapping[str, Any]] = {"status": 401}
    proxy: Proxy | Several
    us: str
    people: Sequence[str]

    @abstractmethod
    def make(self, answer_s: float = 10) -> Network:
        """A fresh connector of our account, through the proxy; closed with the stage."""

    @abstractmethod
    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        """Person number `by` writes to us, in `room`; the post's id."""

    @abstractmethod
    def close(self) -> None:
        """Let go of every connector made."""

    @abstractmethod
    def ours(self) -> list[str]:
        """The texts of all that stands there as written by us, as the network itself has it."""

    def reply(self, to: str, text: str, by: int = 0) -> str:
        """Somebody replies to a post; the reply's id."""
        return self._not("thread")

    def write(self, text: str, by: int = 0) -> str:
        """Somebody writes to us directly; the message's id."""
        return self._not("message")

    def type(self, text: str, to: str) -> str:
        """We answer the post `to` in the network's own app, without the desk; the post's id."""
        return self._not("native")

    def edit(self, post: str, text: str, by: int = 0) -> None:
        """Somebody changes the wording of a post of theirs."""
        self._not("edit")

    def delete(self, post: str, by: int = 0) -> None:
        """Somebody takes a post of theirs back."""
        self._not("delete")

    def like(self, post: str, by: int = 1, *, undone: bool = False) -> None:
        """Somebody likes a post of ours or theirs, or no longer."""
        self._not("like")

    def repost(self, post: str, by: int = 1) -> None:
        """Somebody passes a post on."""
        self._not("repost")

    def settle(self) -> None:  # noqa: B027  most networks show at once
        """Wait until the network shows all that was written."""

    def later(self, cursor: str | None) -> str | None:
        """The cursor when so much time has passed that the network may be asked again."""
        return cursor

    def resting(self, seconds: int) -> Mapping[str, str]:
        """The headers of an answer that wants us to wait so long."""
        return {"retry-after": str(seconds)}

    def tire(self, seconds: int) -> None:
        """Let every call be answered that we call too often, for so long."""
        self.proxy.let("answer", status=429, headers=self.resting(seconds))

    def connect_again(self) -> None:  # noqa: B027  most permissions outlive what storms do to them
        """Give our connectors a permission that is good, as a person does who connects again."""

    def sign_out(self) -> None:
        """Let our permission be gone."""
        self._not("sign-in")

    def draft(self, text: str, to: str | None = None, by: int = 0) -> Draft:
        """What we want to say in `room`: to the post `to`, or to somebody, or to all."""
        person = self.people[by] if self.room is Room.DIRECT else None
        return Draft(room=self.room, text=text, reply_to=to, to=person, at=datetime.now(UTC))

    def message(self, text: str, by: int = 0) -> Draft:
        """What we want to say to somebody directly."""
        return Draft(room=Room.DIRECT, text=text, to=self.people[by], at=datetime.now(UTC))

    def can(self, act: Act) -> bool:
        """Whether the network has this."""
        return act not in self.cannot

    def needs(self, *acts: Act) -> None:
        """Skip the test where the network has none of this."""
        for act in acts:
            if why := self.cannot.get(act):
                pytest.skip(f"{self.name}: {why}")

    def _not(self, act: Act) -> str:
        raise AssertionError(f"the stage {self.name} should say in `cannot` why it has no {act}")


def reset_in(seconds: int) -> str:
    """The time in so many seconds, as seconds of the epoch."""
    return str(int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()) + 1)
