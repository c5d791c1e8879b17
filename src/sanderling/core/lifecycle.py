"""A life is a table of moves, checked when it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sanderling.core.words import say


class Impossible(Exception):
    """The row's state does not allow this move."""


@dataclass(frozen=True)
class Lifecycle:
    """States and the moves between them.

    `moves` maps (state, move) to the next state. `timeouts` maps a state to (how long it may last,
    the move that then happens by itself). A table with a state that cannot be reached, or a timeout
    that is not a move, is refused with ValueError.
    """

    name: str
    first: str
    moves: Mapping[tuple[str, str], str]
    timeouts: Mapping[str, tuple[timedelta, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unreached = self.states - {self.first} - set(self.moves.values())
        if unreached:
            raise ValueError(f"{self.name}: no move reaches {', '.join(sorted(unreached))}")
        for state, (_, move) in self.timeouts.items():
            if (state, move) not in self.moves:
                raise ValueError(f"{self.name}: the timeout {state} --{move}--> is not a move")

    @property
    def states(self) -> frozenset[str]:
        """Every state that appears in the table."""
        return frozenset({self.first, *(s for s, _ in self.moves), *self.moves.values()})

    def may(self, state: str) -> tuple[str, ...]:
        """The moves open to a row in `state`: the buttons that a page may show."""
        return tuple(move for (s, move) in self.moves if s == state)

    def after(self, state: str, move: str) -> str:
        """Where `move` leads from `state`; raises Impossible."""
        try:
            return self.moves[state, move]
        except KeyError:
            raise Impossible(
                say(
                    "A {name} that is {state} cannot {move}; it can: {moves}.",
                    name=say(self.name),
                    state=say(state),
                    move=say(move),
                    moves=", ".join(map(say, self.may(state))) or say("nothing more"),
                )
            ) from None
