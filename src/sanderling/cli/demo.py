"""The demo: a practice network with people in it, an account on it, and agents to answer them."""

from __future__ import annotations

import json
import secrets
import socket
import time
from pathlib import Path

import httpx

from sanderling.cases import causes
from sanderling.cli.errors import Unready
from sanderling.cli.installation import now
from sanderling.core.network import SignInLost
from sanderling.listen import actions as listen
from sanderling.listen import columns
from sanderling.listen.queries import columns as standing_columns
from sanderling.networks.practice.connector import Practice
from sanderling.people.actions import add_agent

AGENTS = (
    ("anika.brandt@northwind.example", "Anika Brandt", "AB", True, "practice:anika"),
    ("mira.solberg@northwind.example", "Mira Solberg", "MS", False, "practice:mira"),
    ("tomas.ibarra@northwind.example", "Tomás Ibarra", "TI", False, "practice:tomas"),
    ("jun.okafor@northwind.example", "Jun Okafor", "JO", False, "practice:jun"),
)
COLUMNS = (
    ("To us", "to:NorthwindCare OR @NorthwindCare"),
    ("Northwind, untagged", "northwind -@NorthwindCare -from:NorthwindCare"),
    ("Outage words", 'outage OR "no signal" OR "no data" OR störung OR "sin señal" OR netz'),
    ("May leave us", "(northwind OR @NorthwindCare) (cancel OR switching OR leaving OR kündigen)"),
    ("Over 10K reach", "min_followers:10000"),
)
CAUSES = {
    "Network": ("Mast outage", "Dropouts", "Roaming"),
    "Billing": ("Charged twice", "Unclear bill"),
    "Device": ("eSIM", "Handset"),
    "Shop and delivery": (),
}
PATIENCE_S = 60.0


def password(folder: Path) -> str:
    """The sign-in of every demo agent: made once for this installation, and kept."""
    file = folder / "demo-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"wave-{secrets.token_hex(4)}")
    return file.read_text()


def others() -> str:
    """The email names of the other agents, who share the password."""
    return ", ".join(email.split("@")[0] for email, *_ in AGENTS[1:])


def answers(url: str) -> bool:
    """Whether a page answers, after waiting for it patiently."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            return httpx.get(url, timeout=2).is_success
        except httpx.HTTPError:
            time.sleep(0.1)
    return False


def seed(folder: Path, practice: Path) -> str:
    """Agents, the account on the practice network, columns and causes; seeding twice changes
    nothing.

    Gives the address of the practice network.
    """
    for email, name, initials, is_lead, avatar in AGENTS:
        add_agent(
            email=email,
            name=name,
            initials=initials,
            password=password(folder),
            is_lead=is_lead,
            avatar=avatar,
        )
    found = _network(practice)
    network = Practice(found["url"], found["token"])
    try:
        who = network.whoami()
    except SignInLost as error:
        raise Unready(f"The practice network does not know us any more: {error}") from error
    listen.connect(
        network="practice", who=who, address=found["url"], secret=found["token"], now=now()
    )
    if not standing_columns():
        for name, query in COLUMNS:
            columns.add_column(name=name, query=query, by=None, now=now())
    if not causes.causes(archived=True):
        for name, under in CAUSES.items():
            above = causes.add_cause(name=name, parent=None, by=None, now=now())
            for below in under:
                causes.add_cause(name=below, parent=above, by=None, now=now())
    return found["url"]


def _network(practice: Path) -> dict[str, str]:
    """Where the practice network says that it is, once it answers."""
    file = practice / "practice.json"
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            found: dict[str, str] = json.loads(file.read_text())
            httpx.get(found["url"], timeout=2)
        except (OSError, ValueError, httpx.HTTPError):
            time.sleep(0.1)
        else:
            return found
    raise Unready(f"The practice network did not start within {PATIENCE_S:.0f} seconds.")


def running(practice: Path) -> bool:
    """Whether a practice network of an earlier demo still runs on this folder."""
    try:
        found = json.loads((practice / "practice.json").read_text())
        return httpx.get(found["url"], timeout=2).is_success
    except (OSError, ValueError, httpx.HTTPError):
        return False


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next free port after it."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise Unready(f"No port between {wanted} and {wanted + 50} is free on {host}.")
