"""`sanderling triage`: training judges, scoring them, and learning from corrections."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from django.conf import settings
from rich.table import Table

from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import now, open_desk
from sanderling.core.judging.tasks import TASKS
from sanderling.core.judging.weights import Unavailable

triage = typer.Typer(help="Train judges, score them, and learn from corrections.")

_BOTH = "both"
_JUDGES = ("fast", "careful")


@triage.command("eval")
def score(
    file: Annotated[Path, typer.Argument(help="JSON lines with text and label; gzip too.")],
    task: Annotated[str, typer.Option(help="What the labels are about.")],
    judge: Annotated[str, typer.Option(help="fast or careful.")] = "fast",
    model: Annotated[Path | None, typer.Option(help="A folder of weights; else our own.")] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Write id, label and probability of each post here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Score a judge on a file of labelled posts, in the usual metric of the task."""
    from sanderling.training.evaluating import ASKED, evaluate, judge_of  # noqa: PLC0415 -- loaded for it alone

    _one_of("task", task, ASKED)
    _one_of("judge", judge, _JUDGES)
    with _told():
        scored = evaluate(file, task, judge_of(judge, model))
    if predictions:
        _write(predictions, scored.predictions)
    found = msgspec.to_builtins(scored.score)
    if as_json:
        typer.echo(json.dumps(found))
        return
    table = Table("figure", "value", title=f"{task} by the {judge} judge")
    for figure, said in found.items():
        table.add_row(figure, str(said))
    screen.print(table)


@triage.command()
def train(
    out: Annotated[Path, typer.Option(help="The folder to write the weights into.")],
    data: Annotated[
        Path | None, typer.Option(help="The folder of public sets: trains all that is shipped.")
    ] = None,
    task: Annotated[str | None, typer.Option(help="Only this task, on files of your own.")] = None,
    train: Annotated[Path | None, typer.Option(help="With --task: what to learn from.")] = None,
    val: Annotated[Path | None, typer.Option(help="With --task: what to choose by.")] = None,
    judge: Annotated[str, typer.Option(help="With --task: fast, careful, or both.")] = _BOTH,
) -> None:
    """Train the judges: all that is shipped (--data), or one task on any files (--task)."""
    from sanderling.training.shipping import tell_progress, train_shipped  # noqa: PLC0415 -- loaded for it alone

    tell_progress()
    _one_of("judge", judge, (*_JUDGES, _BOTH))
    with _told():
        if data is not None and task is None:
            train_shipped(data, out)
        elif task is not None and train is not None and val is not None:
            from sanderling.training.method import read_files, train_task  # noqa: PLC0415 -- loaded for it alone

            _one_of("task", task, TASKS)
            judges = ("fast",) if judge == "fast" else _JUDGES
            train_task(task, read_files(TASKS[task], train, val), out, judges)
        else:
            raise Unready("Say --data FOLDER, or --task NAME with --train FILE and --val FILE.")
    screen.print(f"The weights are in {out}.", markup=False)


@triage.command()
def retrain() -> None:
    """Learn from the corrections of your agents; what is learnt judges only if it is better."""
    from sanderling.triage.learning import retrain as learn  # noqa: PLC0415 -- loaded for it alone

    with open_desk():
        screen.print(learn(allow_x=settings.TRAIN_ON_X, now=now()).says, markup=False)


@triage.command()
def rollback() -> None:
    """Judge without the newest layer, as before it went live."""
    from sanderling.triage.layers import roll_back  # noqa: PLC0415 -- loaded for it alone
    from sanderling.triage.queries import live_layer_id  # noqa: PLC0415 -- loaded for it alone

    with open_desk():
        live = live_layer_id()
        if live is None:
            raise Unready("Nothing to roll back: no layer is live.")
        before = roll_back()
        beneath = f"layer {before} judges again" if before else "the shipped judge stands alone"
        screen.print(f"Layer {live} no longer judges; {beneath}.", markup=False)


def _one_of(what: str, said: str, names: Collection[str]) -> None:
    if said not in names:
        raise Unready(f"There is no {what} {said!r}; there are {', '.join(names)}.")


def _write(path: Path, predictions: list[tuple[object, str, float]]) -> None:
    try:
        with path.open("w", encoding="utf-8") as lines:
            for name, label, odds in predictions:
                row = {"id": name, "label": label, "probability": odds}
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise Unready(f"{path} cannot be written: {error.strerror}.") from error


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong with files, weights or missing packages, in words."""
    from sanderling.training.sets import Missing  # noqa: PLC0415 -- loaded for it alone

    try:
        yield
    except (Missing, Unavailable) as trouble:
        raise Unready(str(trouble)) from trouble
    except ModuleNotFoundError as missing:
        raise Unready(
            f"Training the careful judge needs {missing.name}, which is not installed."
            ' See "To train the judges" in docs/triage.md; --judge fast does without.'
        ) from missing
