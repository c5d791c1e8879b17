"""`sanderling connect`, `accounts` and `disconnect`: our accounts, at a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC

import typer
from django.conf import settings
from rich.table import Table
from rich.text import Text

from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import now
from sanderling.core.network import Asked, Connected, Elsewhere, NetworkError, SignIn
from sanderling.listen import accounts as ours
from sanderling.listen import actions as listen
from sanderling.listen.bounds import Unfit
from sanderling.listen.connecting import answer, back_to
from sanderling.listen.ours import NoSuchAccount
from sanderling.listen.queries import Health, health
from sanderling.store.sealing import SealBroken
from sanderling.web.costs import currency, terms
from sanderling.web.health import called, dearest, spent, split, state
from sanderling.wiring import NETWORKS

COLORS = {"good": "green", "warning": "yellow", "wrong": "red", "off": "dim"}


def connect(network: str, given: Sequence[str]) -> None:
    """Connect an account, asking for what `given` (name=value) and the environment do not answer.

    Nothing is saved unless all went well; raises Unready.
    """
    sign_in = _sign_in(network)
    answers = _answers(sign_in, given)
    with _in_words():
        desk = settings.PUBLIC_URL
        found = sign_in.begin(answers, back_to(desk, network) if desk else "")
        if isinstance(found, Elsewhere):
            found = sign_in.finish(found.keep, _yes(found))
        _save(network, found)


def accounts() -> None:
    """Print our accounts and how they do."""
    moment = now()
    zone = moment.astimezone().tzinfo or UTC
    table = Table(box=None, pad_edge=False)
    for heading in ("no.", "account", "network", "state"):
        table.add_column(heading, no_wrap=True)
    table.add_column()
    for a in health(moment):
        limits = terms(a.id)
        at = state(a, moment, zone, closed=limits.closed if limits else "")
        why = "\n".join(filter(None, [at.why, *_costs(a, currency(limits))]))
        table.add_row(
            str(a.id), Text(called(a.network, a.handle)), _label(a.network),
            Text(at.words, COLORS[at.look]), Text(why),
        )  # fmt: skip
    if table.row_count:
        screen.print(table)
    else:
        screen.print("No account is connected. `sanderling connect NETWORK` connects one.")


def disconnect(name: str, *, sure: bool) -> None:
    """Disconnect the account of this number or handle, once the person is sure; raises Unready."""
    a = _account(name)
    told = f"{called(a.network, a.handle)} on {_label(a.network)}"
    if not sure:
        typer.confirm(f"Hear {told} no more? Its history stays here.", abort=True, err=True)
    try:
        ours.disconnect(account_id=a.id, now=now())
    except NoSuchAccount as error:
        raise Unready(str(error)) from error
    screen.print(f"{told} is disconnected; its history stays here.", markup=False)


def _sign_in(network: str) -> SignIn:
    kind = NETWORKS.get(network)
    if kind is None or kind.sign_in is None:
        names = ", ".join(name for name, kind in NETWORKS.items() if kind.sign_in) or "none yet"
        raise Unready(f"{network!r} is no network to connect; there are: {names}.")
    return kind.sign_in


def _answers(sign_in: SignIn, given: Sequence[str]) -> dict[str, str]:
    names = {asked.name for asked in sign_in.asks}
    told = dict(pair.partition("=")[::2] for pair in given)
    if strange := sorted(set(told) - names):
        known = ", ".join(sorted(names))
        raise Unready(f"--answer {strange[0]}=... answers no question; they are: {known}.")
    return {asked.name: _answer(asked, told) for asked in sign_in.asks}


def _answer(asked: Asked, told: Mapping[str, str]) -> str:
    kept = told.get(asked.name, os.environ.get(f"SANDERLING_ANSWER_{asked.name.upper()}"))
    if kept is not None:
        return kept
    if asked.help:
        screen.print(asked.help, style="dim", markup=False)
    choices = f" ({', '.join(asked.choices)})" if asked.choices else ""
    typed: str = typer.prompt(
        f"{asked.label}{choices}", default=asked.value if asked.value or asked.optional else None,
        hide_input=asked.kind == "password", show_default=bool(asked.value), err=True,
    )  # fmt: skip
    return typed


def _yes(at: Elsewhere) -> Mapping[str, str]:
    """Send the person to the network's page, and take what it gives them."""
    screen.print("Open this address in a browser, sign in there, and say yes:")
    screen.print(f"\n  {at.url}\n", markup=False, soft_wrap=True)
    what = "the code that the page shows" if at.paste else "the address that it led you to"
    return answer(typer.prompt(f"Then paste {what}", err=True))


def _save(network: str, found: Connected) -> None:
    for step in found.steps:
        mark, color = ("✓", "green") if step.ok else ("✗", "yellow")
        screen.print(Text.assemble((mark, color), f" {step.words}"))
    account = listen.connect(
        network=network, who=found.who, address=found.address, secret=found.secret, now=now()
    )
    told = f"{called(network, found.who.handle)} on {_label(network)} is connected"
    screen.print(f"{told}; its number here is {account}.", markup=False)


def _account(name: str) -> Health:
    found = [
        a for a in health(now())
        if not a.archived_at and name.removeprefix("@") in (str(a.id), a.handle)
    ]  # fmt: skip
    if len(found) == 1:
        return found[0]
    what = "More than one account is called" if found else "No connected account is called"
    raise Unready(f"{what} {name!r}. `sanderling accounts` shows their numbers.")


def _costs(a: Health, unit: str) -> list[str]:
    """What an account costs, in lines; none where nothing does."""
    if not unit:
        return []
    told = {
        "Spent this month": spent(a, unit),
        "What for": split(a, unit),
        "Dearest columns": dearest(a, unit),
    }
    return [f"{what}: {words}." for what, words in told.items() if words]


def _label(network: str) -> str:
    return NETWORKS[network].label if network in NETWORKS else network


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (NetworkError, SealBroken, Unfit) as error:
        raise Unready(f"{error} Nothing was saved.") from error
