"""What every test stands on: an embedded PostgreSQL that starts when first needed, no internet, and
rings that do without a database."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connections

from sanderling.policy.queries import _held
from sanderling.store.sealing import new_key
from sanderling.store.server import Server

pytest_plugins = ("servers.bluesky.fixtures", "stages.fixtures")

LONG = ("flow", "e2e", "cli", "respond", "networks")
"""Rings whose tests take long. They begin first, so that no core is left over at the end."""

WITHOUT_DATABASE = ("core", "networks", "house")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "database_folder"}
HOME = ("127.0.0.1", "::1", "localhost")
HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "Keep new photographs of the style guide: what looks different is meant to."
    parser.addoption("--accept", action="store_true", help=told)


def pytest_configure() -> None:
    # No test is about speed, and on a busy machine a deadline would be.
    hypothesis.settings.register_profile("here", hypothesis.settings(deadline=None))
    hypothesis.settings.load_profile("here")
    settings.SECRET_KEY = "only for tests, and long enough to be taken for a key"
    settings.SEAL_KEYS = new_key()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        ring = item.path.relative_to(HERE).parts[0]
        asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(
            getattr(item, "fixturenames", ())
        )
        if ring in WITHOUT_DATABASE and asks:
            raise pytest.UsageError(f"{item.nodeid} asks for the database; tests/{ring} has none.")
    items.sort(key=_place)  # stable: what pytest-randomly shuffled stays so within a place


def _place(item: pytest.Item) -> int:
    ring = item.path.relative_to(HERE).parts[0]
    return LONG.index(ring) if ring in LONG else len(LONG)


@pytest.fixture(autouse=True)
def policies_forgotten() -> None:
    """A desk keeps the versions it has read; here one number may stand for two, at the same time of
    day, as soon as a test has emptied the table."""
    _held.cache_clear()


@pytest.fixture(scope="session")
def data_home() -> Iterator[Path]:
    """A folder for data folders: short enough for a socket, open enough for PostgreSQL's user."""
    home = Path(tempfile.mkdtemp(prefix="sanderling-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def database_folder(data_home: Path) -> Iterator[Path]:
    """The data folder of an embedded server that runs as long as the tests do, without fsync."""
    folder = data_home / "session"
    folder.mkdir()
    # A test is one transaction: whoever analyses its tables meanwhile finds them empty, and what is
    # planned for empty tables takes minutes where thousands of rows stand.
    lines = ("fsync = off", "full_page_writes = off", "autovacuum = off")
    (folder / "postgres.conf").write_text("\n".join(lines) + "\n")
    with Server(folder):
        yield folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Point Django at the embedded server, started only now; a DATABASE_URL goes before it."""
    if not settings.DATABASE_URL:
        folder = request.getfixturevalue("database_folder")
        connections["default"].settings_dict["HOST"] = str(folder / "run")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The database of the tests, dropped at the end though a thread may still hold a line to it."""
    yield
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


class InternetRefused(RuntimeError):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True, scope="session")
def _no_internet() -> Iterator[None]:
    """Only unix sockets and this machine's own addresses may be connected to."""
    allowed = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        allowed.setattr(socket.socket, name, _stay_home(getattr(socket.socket, name)))
    yield
    allowed.undo()


def _stay_home(connect):
    def guarded(self: socket.socket, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HOME:
            raise InternetRefused(
                f"A test tried to reach {address[0]}; tests stay on this machine."
            )
        return connect(self, address)

    return guarded


# Processes that tests start find their data by the environment; never the developer's own.
os.environ["SANDERLING_DATA"] = "/nonexistent/sanderling-of-a-test"
