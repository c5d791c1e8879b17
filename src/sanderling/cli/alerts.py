"""`sanderling alerts`: whether the addresses outside can be told of an incident."""

from __future__ import annotations

import typer

from sanderling.cli.errors import Unready, screen

alerts = typer.Typer(help="Tell addresses outside of incidents: e-mail and chat.")

TITLE = "Sanderling can reach you"
TEXT = "This is a test. When an incident needs people, you are told here."


@alerts.callback()
def group() -> None:
    """Tell addresses outside of incidents: e-mail and chat."""


@alerts.command("try")
def try_() -> None:
    """Send a test to every address in SANDERLING_ALERTS, and say how each of them did."""
    from sanderling.wiring import alarm  # noqa: PLC0415 -- loaded for it alone

    outside = alarm()
    if outside is None:
        raise Unready("SANDERLING_ALERTS names no address; docs/running.md says how to write one.")
    told = outside.tell(TITLE, TEXT)
    for one in told:
        screen.print(
            one.trouble or f"{one.name} took it.",
            style="red" if one.trouble else "green",
            markup=False,
        )
    if any(one.trouble for one in told):
        raise typer.Exit(1)
