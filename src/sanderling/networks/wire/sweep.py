"""Reading a list newest first, page by page, down to what is known already.

Networks list newest first and name older pages by a token. A `Sweep` is the place reached, small
enough to lie in a cursor, so that a reader that is killed half way goes on where it was, and what
came in meanwhile is read by the next sweep. Pure.
"""

from __future__ import annotations

import msgspec


class Sweep(msgspec.Struct, frozen=True, omit_defaults=True):
    """`known`: all up to this id has been read. `top`: the newest id of the sweep under way.
    `next`: the token of the page it goes on with; empty when no sweep is under way.
    """

    known: str = ""
    top: str = ""
    next: str = ""

    @property
    def under_way(self) -> bool:
        """Whether older pages are still to be read."""
        return bool(self.next)

    def after(self, *, newest: str, next: str, reached: bool) -> Sweep:
        """The place after a page whose newest id is `newest` ("" if it was empty).

        `next` is the token of the next older page ("" if there is none), `reached`: this page
        went down to `known`. Only a finished sweep moves `known`.
        """
        top = self.top or newest
        if next and not reached:
            return Sweep(known=self.known, top=top, next=next)
        return Sweep(known=top or self.known)
