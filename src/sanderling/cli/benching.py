"""`sanderling bench`: one measurement, told as a table or as JSON."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from sanderling.cli.errors import Unready, screen

OPTIONS = {
    "match": (),
    "firehose": (),
    "intake": ("posts", "stored"),
    "queue": ("cases",),
    "live": (),
    "pages": (),
    "policy": (),
    "claims": (),
    "outbox": ("sends", "kills"),
    "rounds": ("people", "kills"),
    "firestorm": ("posts", "minutes"),
    "incidents": ("data",),
}
"""By benchmark: the options that it takes."""


def bench(name: str, *, as_json: bool, **options: float | Path | None) -> None:
    """Run the named benchmark; raises Unready for a name that is none."""
    if name not in OPTIONS:
        raise Unready(f"There is no benchmark {name!r}; there are {', '.join(OPTIONS)}.")
    from sanderling.training.sets import Missing  # noqa: PLC0415 -- loaded for it alone

    # Loaded only now: no other command should wait for corpora and clients.
    module = import_module(f"sanderling.bench.{name}")
    given = {o: options[o] for o in OPTIONS[name] if options[o] is not None}
    try:
        found: dict[str, Any] = module.run(**given)
    except Missing as missing:
        raise Unready(str(missing)) from missing
    if as_json:
        typer.echo(json.dumps(found))
        return
    table = Table(title=name)
    for heading in ("figure", "value"):
        table.add_column(heading)
    for figure, value in found.items():
        table.add_row(figure, str(value))
    screen.print(table)
