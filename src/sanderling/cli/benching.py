"""`sanderling bench`: one measurement, told as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import typer
from rich.table import Table

from sanderling.bench import intake, live, match, queue
from sanderling.cli.errors import Unready, screen


def bench(name: str, *, as_json: bool, posts: int, stored: int, cases: int) -> None:
    """Run the named benchmark; raises Unready for a name that is none."""
    known: dict[str, Callable[[], Mapping[str, Any]]] = {
        "match": match.run,
        "intake": lambda: intake.run(posts=posts, stored=stored),
        "queue": lambda: queue.run(cases=cases),
        "live": live.run,
    }
    if name not in known:
        raise Unready(f"There is no benchmark {name!r}; there are {', '.join(known)}.")
    found = known[name]()
    if as_json:
        typer.echo(json.dumps(found))
        return
    table = Table(title=name)
    for heading in ("figure", "value"):
        table.add_column(heading)
    for figure, value in found.items():
        table.add_row(figure, str(value))
    screen.print(table)
