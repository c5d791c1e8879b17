"""`sanderling policy`: looking at a policy, showing what holds, and putting a text in force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import now, open_desk
from sanderling.core.policy import Problem, Tried, Unfit, check
from sanderling.core.policy.document import LONGEST
from sanderling.policy import actions, queries

policy = typer.Typer(help="Check, show and apply the policy: how we answer.")

File = Annotated[Path, typer.Argument(help="A policy in TOML; docs/policy.md explains it.")]


@policy.command("check")
def check_(file: File) -> None:
    """Say everything that is wrong with a policy, and how its examples go; changes nothing."""
    found = check(text_of(file))
    for one in found.tried:
        _tell(one)
    if found.policy is None:
        raise refused(file, found.problems)
    said = found.policy.document
    screen.print(
        f"{file.name} fits: {len(said.goals)} goals, {len(said.routes)} routes, "
        f"{len(said.approvals)} approvals, {len(found.tried)} examples pass.",
        style="green",
        markup=False,
    )


@policy.command()
def show(
    version: Annotated[int | None, typer.Argument(help="Which; else the one in force.")] = None,
) -> None:
    """Print a version of the policy as it was written; 0 is the one that ships."""
    with open_desk():
        number = queries.current().version if version is None else version
        found = queries.written(number)
        if found is None:
            raise Unready(f"There is no version {number}; the newest is {queries.newest()}.")
        if outlived := queries.outlived():
            screen.print(
                f"This release cannot read version {outlived.number}: {outlived.problems[0]} "
                f"Version {outlived.holds} holds until you apply one that it can.",
                style="yellow",
                markup=False,
            )
        whose = f", by {found.by}" if found.by else ""
        since = f" since {found.at:%Y-%m-%d %H:%M} UTC" if found.at else ""
        screen.print(f"# version {found.number}{since}{whose}: {found.note}", markup=False)
        typer.echo(found.text, nl=False)


@policy.command()
def apply(
    file: File,
    note: Annotated[str, typer.Option(help="What changes, and why, for those who come later.")],
) -> None:
    """Put a policy in force as the next version; one that does not fit changes nothing."""
    text = text_of(file)
    with open_desk():
        try:
            number = actions.apply(text=text, by=None, note=note, now=now())
        except Unfit as unfit:
            raise refused(file, unfit.problems) from unfit
        screen.print(f"Version {number} is in force.", style="green")


def text_of(file: Path) -> str:
    """What stands in a file that people wrote, one character more than may. Raises Unready."""
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.read(LONGEST + 1)
    except OSError as error:
        raise Unready(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unready(f"{file} is no text in UTF-8. Save it as UTF-8.") from error


def _tell(one: Tried) -> None:
    screen.print(("passes  " if one.passed else "fails   ") + one.name, markup=False)
    for says in one.says:
        screen.print(f"        {says}", style="red", markup=False)


def refused(file: Path, problems: Sequence[Problem]) -> typer.Exit:
    """Say everything that is wrong with a file; what is to be raised then."""
    for problem in problems:
        screen.print(f"{file.name}: {problem}", style="red", markup=False, soft_wrap=True)
    return typer.Exit(1)
