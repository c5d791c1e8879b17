"""`sanderling playbook`: looking at a playbook, and showing what counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import open_desk
from sanderling.cli.policy import refused, text_of
from sanderling.core import playbook as core
from sanderling.incidents import playbooks

playbook = typer.Typer(help="Check and show playbooks: what to do in an incident.")


@playbook.command()
def check(file: Annotated[Path, typer.Argument(help="A playbook in TOML.")]) -> None:
    """Say everything that is wrong with a playbook; changes nothing."""
    book, problems = core.check(text_of(file))
    if book is None:
        raise refused(file, problems)
    screen.print(
        f"{file.name} fits: {len(book.steps)} steps, {len(book.roles)} roles, "
        f"{len(book.texts)} public texts.",
        style="green",
        markup=False,
    )


@playbook.command()
def show(
    name: Annotated[str, typer.Argument(help="Its name; without one they are listed.")] = "",
) -> None:
    """Print a playbook as it was written, or the names of all."""
    with open_desk():
        if not name:
            for one in playbooks.playbooks():
                away = "  (put away)" if one.archived else ""
                typer.echo(f"{one.name}  {one.title}{away}")
            return
        try:
            typer.echo(playbooks.newest(name).text, nl=False)
        except playbooks.NoSuchPlaybook as error:
            raise Unready(str(error)) from error
