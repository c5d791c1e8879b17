"""A network that exists only to be connected: each password makes it answer in another way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sanderling.core.network import (
    Asked,
    Author,
    Connected,
    Elsewhere,
    Limits,
    Refused,
    Step,
    Throttled,
    Unreachable,
)
from sanderling.core.pricing import Act, Prices
from sanderling.wiring import Kind

PAGE = "https://harbour.example/yes?for=sanderling"
LIMITS = Limits(
    public_length=280, direct_length=1000, counts="characters", keeps_keys=True,
    prices=Prices(dated=datetime(2026, 1, 1, tzinfo=UTC).date(), currency="USD", source="none",
                  of={Act.READ_POST: 5000}),
)  # fmt: skip


class Harbour:
    """A connector that says nothing."""

    name = "harbour"
    limits = LIMITS


class HarbourSignIn:
    """Asks for a handle, a password and a quay; the password `yes` leads elsewhere first."""

    asks: tuple[Asked, ...] = (
        Asked(name="handle", label="Handle", help="As others write it, without @."),
        Asked(name="password", label="Password", kind="password"),
        Asked(name="quay", label="Quay", kind="choice", value="north", choices=("north", "south")),
        Asked(name="note", label="Note", optional=True),
    )

    def __init__(self) -> None:
        self.begun: list[tuple[dict[str, str], str]] = []
        self.finished: list[tuple[str, dict[str, str]]] = []

    def begin(self, given: Mapping[str, str], back_to: str) -> Connected | Elsewhere:
        self.begun.append((dict(given), back_to))
        match given["password"]:
            case "wrong":
                raise Refused("That password does not fit. Make a new one in Settings.")
            case "down":
                raise Unreachable("The harbour does not answer.")
            case "slow":
                raise Throttled(datetime(2026, 11, 1, 12, tzinfo=UTC))
            case "yes" | "paste" as how:
                return Elsewhere(url=PAGE, keep=f"kept {given['handle']}", paste=how == "paste")
            case "trap":
                return Elsewhere(url="javascript:alert(1)", keep="")
            case "nameless":
                return Connected(who=Author(id="\n", handle="x"), address="x", secret="x")
        return _connected(given["handle"])

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        self.finished.append((keep, dict(answer)))
        if answer.get("code") != "blue":
            raise Refused("The harbour did not say yes.")
        return _connected(keep.removeprefix("kept "))


def _connected(handle: str) -> Connected:
    return Connected(
        who=Author(id=f"id-of-{handle}", handle=handle, name=handle.title()),
        address="https://harbour.example",
        secret=f"secret of {handle}",
        steps=(
            Step(ok=True, words="Signed in"),
            Step(ok=False, words="Cannot message <b>anyone</b>: the harbour's rules forbid it"),
        ),
    )


def harbour(sign_in: HarbourSignIn) -> Kind:
    """The harbour as the wiring knows networks."""
    return Kind("Harbour", lambda *_: Harbour(), sign_in)
