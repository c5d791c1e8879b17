"""The commands. Each gets the installation ready, calls one thing and tells how it went.

A command loads what it does itself, so that it need not wait for what all others do.
"""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.exceptions import ValidationError
from rich.markup import escape

from sanderling.cli.alerts import alerts
from sanderling.cli.errors import Unready, people_can_read_errors, screen
from sanderling.cli.incidents import incidents
from sanderling.cli.installation import need_port, now, open_desk
from sanderling.cli.playbook import playbook
from sanderling.cli.policy import policy
from sanderling.cli.processes import (
    Child,
    Together,
    end_when_asked,
    end_with_parent,
    open_many_files,
)
from sanderling.cli.triage import triage
from sanderling.store.server import discard

app = typer.Typer(
    help="A self-hosted social customer-care desk.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(policy, name="policy", no_args_is_help=True)
app.add_typer(alerts, name="alerts", no_args_is_help=True)
app.add_typer(playbook, name="playbook", no_args_is_help=True)
app.add_typer(triage, name="triage", no_args_is_help=True)
app.add_typer(incidents, name="incidents", no_args_is_help=True)
KINDNESS = 5
"""How far the worker stands back, so that pages answer while thousands write."""

HOST = "127.0.0.1"
PORT = 8000
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]


def main() -> None:
    """The `sanderling` command."""
    with people_can_read_errors():
        app()


@app.command()
def demo(
    scenario: Annotated[
        str, typer.Option(help="What happens; `sanderling practice --list` names them.")
    ] = "ordinary",
    speed: Annotated[float, typer.Option(help="How many times faster than life.")] = 60.0,
    port: Port = PORT,
    fresh: Annotated[bool, typer.Option(help="Throw the last demo away and begin anew.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the page when it is ready.")] = True,
) -> None:
    """Show the desk at work: a practice network with customers, and agents to answer them."""
    _enter_demo_folder(fresh=fresh)
    from sanderling.cli import careful as careful_judge
    from sanderling.cli import demo as demo_desk

    practice = settings.DATA / "practice"
    port, network_port = demo_desk.free_port(HOST, port), demo_desk.free_port(HOST, port + 90)
    desk = [Child("web", ["web", "--port", str(port)]), Child("work", ["work"])]
    desk += careful_judge.child()
    if not demo_desk.running(practice):
        story = ["--scenario", scenario, "--speed", str(speed)]
        place = ["--port", str(network_port), "--data", str(practice)]
        network = Child("practice", ["practice", *story, *place])
        network.start()  # it gets ready while the database does
        desk.append(network)
    with open_desk():
        address = demo_desk.seed(settings.DATA, practice)
        _welcome(port, address)
        if browser:
            threading.Thread(target=_open_page, args=[port], daemon=True).start()
        Together(desk).run()


def _enter_demo_folder(*, fresh: bool) -> None:
    """The demo has a data folder of its own, inside the real one; a new start finds it so."""
    if settings.DEMO:
        return
    folder = settings.DATA / "demo"
    if fresh:
        discard(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"SANDERLING_DATA": str(folder), "SANDERLING_DEMO": "true"}
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        os.environ.pop(name, None)
    os.execv(sys.executable, [sys.executable, "-m", "sanderling", *sys.argv[1:]])


def _welcome(port: int, network: str) -> None:
    from sanderling.cli import demo as demo_desk

    email, name, *_ = demo_desk.AGENTS[0]
    screen.print(f"""
  The desk      [bold]http://{HOST}:{port}/[/]
  sign in as    [bold]{email}[/] ({name}; also {demo_desk.others()})
  password      [bold]{demo_desk.password(settings.DATA)}[/]
  The network   {network}  (read and write as its people)

  Ctrl-C stops everything; the next demo goes on where this one ended, or begins anew with --fresh.
""")


def _open_page(port: int) -> None:
    """Open the page once it answers; a machine without a browser is left alone."""
    from sanderling.cli import demo as demo_desk

    if demo_desk.answers(f"http://{HOST}:{port}/signin/"):
        webbrowser.open(f"http://{HOST}:{port}/")


@app.command()
def up(host: Host = HOST, port: Port = PORT) -> None:
    """Run the desk: pages and worker in one process group."""
    from sanderling.cli import careful as careful_judge
    from sanderling.cli import welcoming

    need_port(host, port)
    with open_desk():
        screen.print(f"Sanderling is at http://{host}:{port}/", style="bold")
        welcoming.tell(host, port)
        Together(
            [
                Child("web", ["web", "--host", host, "--port", str(port)]),
                Child("work", ["work"]),
                *careful_judge.child(),
            ]
        ).run()


@app.command()
def web(host: Host = HOST, port: Port = PORT) -> None:
    """Serve the pages and the live stream."""
    import uvicorn

    from sanderling.cli import welcoming

    need_port(host, port)
    with open_desk():
        end_with_parent()
        end_when_asked()  # uvicorn passes the signal on when it is done
        open_many_files()
        if os.environ.get("SANDERLING_CHILD") != "true":
            welcoming.tell(host, port)
        welcoming.go_on_practising()
        uvicorn.run(
            "sanderling.asgi:application",
            host=host,
            port=port,
            loop="uvloop",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )


@app.command()
def work() -> None:
    """Run the worker: hear, judge, place, send. Any number may run on one database."""
    from sanderling.jobs import Worker

    with open_desk():
        end_with_parent()
        end_when_asked()
        os.nice(KINDNESS)
        Worker().run()


@app.command()
def careful() -> None:
    """Let the careful judge look at what the fast one is unsure of; `up` does so by itself."""
    from sanderling.cli import careful as careful_judge

    with open_desk():
        end_with_parent()
        end_when_asked()
        raise typer.Exit(careful_judge.run())


@app.command()
def practice(
    scenario: Annotated[str, typer.Option(help="What happens.")] = "ordinary",
    speed: Annotated[float, typer.Option(help="How many times faster than life.")] = 1.0,
    port: Port = PORT + 90,
    data: Annotated[Path | None, typer.Option(help="Where it keeps its story.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed, the same story.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Name the scenarios and end.")] = False,
) -> None:
    """Run the practice network by itself: simulated people, a page to read and write as them."""
    from sanderling.networks.practice import CannotServe, scenarios, serve

    if list_:
        for name, title in scenarios().items():
            typer.echo(f"{name}  {title}")
        return
    if scenario not in scenarios():
        raise Unready(f"There is no scenario {scenario!r}; there are {', '.join(scenarios())}.")
    end_with_parent()
    try:
        serve(
            host=HOST,
            port=port,
            scenario=scenario,
            speed=speed,
            data=data or settings.DATA / "practice",
            seed=seed,
        )
    except CannotServe as error:
        raise Unready(str(error)) from error


@app.command()
def migrate() -> None:
    """Bring the tables of your own PostgreSQL up to date; the embedded one does so by itself."""
    with open_desk(migrate=True):
        screen.print("The tables are up to date.")


@app.command("add-agent")
def add_agent_(
    email: str,
    name: str,
    initials: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    lead: Annotated[bool, typer.Option(help="A team lead.")] = False,
) -> None:
    """Let someone sign in; for a known email, set a new name and password."""
    from sanderling.people.actions import add_agent

    with open_desk():
        try:
            add_agent(email=email, name=name, initials=initials, password=password, is_lead=lead)
        except ValidationError as error:
            raise Unready(" ".join(error.messages)) from error
        screen.print(f"{name} can sign in as {email}.", markup=False)


@app.command()
def connect(
    network: Annotated[str, typer.Argument(help="Of which network: bluesky, mastodon, ...")],
    answer: Annotated[
        list[str] | None, typer.Option(help="Answer a question beforehand: name=value.")
    ] = None,
) -> None:
    """Connect an account of ours, or connect it again: it goes on where it was heard last."""
    from sanderling.cli import connecting

    with open_desk():
        connecting.connect(network, answer or ())


@app.command()
def accounts() -> None:
    """Show our accounts, and how each of them does."""
    from sanderling.cli import connecting

    with open_desk():
        connecting.accounts()


@app.command()
def disconnect(
    account: Annotated[str, typer.Argument(help="Its number or its handle.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether we are sure.")] = False,
) -> None:
    """Hear an account no more and forget its sign-in; its history stays."""
    from sanderling.cli import connecting

    with open_desk():
        connecting.disconnect(account, sure=yes)


@app.command("import-customers")
def import_customers(
    file: Annotated[
        Path, typer.Argument(help="CSV: handle, network, email, reference, name, plan, until.")
    ],
) -> None:
    """Tell the desk who its customers are and what they pay for; the same file may come again."""
    from sanderling.cli import customers as customers_file

    with open_desk():
        customers_file.import_customers(file)


@app.command("rotate-key")
def rotate_key(
    drop_old: Annotated[bool, typer.Option(help="Remove the keys from before as well.")] = False,
) -> None:
    """Seal the sign-ins of all accounts with a new key; nothing needs to be stopped for it."""
    from sanderling.cli import rotating

    with open_desk():
        rotating.rotate(drop_old=drop_old)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="JSON lines or Customer Support on Twitter CSV.")],
    speed: Annotated[
        float | None, typer.Option(help="How many times faster than life; else without pause.")
    ] = None,
    export_threads: Annotated[
        Path | None, typer.Option(help="Write id,case for every post that stands in a case.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The summary as one JSON object.")
    ] = False,
) -> None:
    """Lead a recorded stream through the desk as if it happened now."""
    from sanderling.cli import replaying

    with open_desk():
        replaying.replay(file, speed=speed, export=export_threads, as_json=as_json)


@app.command()
def drill(
    scenario: Annotated[str, typer.Argument(help="outage, firestorm or leak.")],
    seed: Annotated[int | None, typer.Option(help="The same seed, the same story.")] = None,
    minutes: Annotated[int | None, typer.Option(help="How long; else as it is meant.")] = None,
    speed: Annotated[float, typer.Option(help="How many times faster than life.")] = 0.0,
    agents: Annotated[int, typer.Option(help="With --headless: how many.")] = 6,
    headless: Annotated[
        bool, typer.Option(help="Simulated agents, on a desk thrown away; the score as JSON.")
    ] = False,
) -> None:
    """Practise an incident on this desk: the practice network plays it, every page says so."""
    from sanderling.cli import drilling
    from sanderling.drills import TITLES

    if scenario not in TITLES:
        raise Unready(f"There is no drill {scenario!r}; there are {', '.join(TITLES)}.")
    if headless:
        drilling.rehearse(scenario, agents=agents, seed=seed, minutes=minutes, speed=speed)
    else:
        drilling.practise(scenario, seed=seed, minutes=minutes, speed=speed)


@app.command()
def bench(  # noqa: PLR0913  every option of every benchmark
    name: Annotated[
        str,
        typer.Argument(
            help="match, intake, queue, live, pages, policy, claims, outbox, rounds, firestorm or"
            " incidents."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    posts: Annotated[
        int | None, typer.Option(help="intake, firestorm: how many posts (20,000 or 100,000).")
    ] = None,
    minutes: Annotated[float, typer.Option(help="firestorm: within how many minutes.")] = 10.0,
    stored: Annotated[
        int, typer.Option(help="intake: how many posts stand there before.")
    ] = 10_000,
    cases: Annotated[int, typer.Option(help="queue: how many cases.")] = 1_000_000,
    sends: Annotated[int, typer.Option(help="outbox: how many answers to send.")] = 10_000,
    people: Annotated[int, typer.Option(help="rounds: how many people to tell.")] = 10_000,
    kills: Annotated[int, typer.Option(help="outbox, rounds: how many processes to kill.")] = 1_000,
    data: Annotated[
        Path | None, typer.Option(help="incidents: the folder of the public sets.")
    ] = None,
) -> None:
    """Measure this machine; docs/performance.md has the method of each figure."""
    from sanderling.cli import benching

    benching.bench(
        name, as_json=as_json, posts=posts, minutes=minutes, stored=stored, cases=cases,
        sends=sends, people=people, kills=kills, data=data,
    )  # fmt: skip


@app.command()
def doctor() -> None:
    """Say what is wrong with this installation, and what to do about it."""
    from sanderling import doctor as surgery
    from sanderling.listen.ours import troubled
    from sanderling.respond.suggesting import ability as unsuggested
    from sanderling.wiring import alarm, register

    found = surgery.checks(
        surgery.Installation(
            data=settings.DATA,
            url=settings.DATABASE_URL,
            host=HOST,
            port=PORT,
            clock=now,
            troubled=troubled,
            unsuggested=unsuggested,
            register=register,
            alarm=alarm,
        )
    )
    for finding in found:
        color = {"good": "green", "warning": "yellow", "wrong": "red"}[finding.level]
        screen.print(f"[{color}]{finding.level:>8}[/]  {escape(finding.what)}")
        for line in filter(None, (finding.why, finding.do)):
            screen.print(f"          {line}", markup=False)
    if any(f.level == "wrong" for f in found):
        raise typer.Exit(1)
