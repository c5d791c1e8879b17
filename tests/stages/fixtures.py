"""Servers that are dear to start: one for all tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.dovecot import MailServer, dovecot, installed
from servers.mastodon import Server, mastodon_server


@pytest.fixture(scope="session")
def mastodon_for_stages() -> Iterator[Server]:
    """A server of the Mastodon API."""
    with mastodon_server() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_for_stages() -> Iterator[MailServer]:
    """A mail server."""
    if not installed():
        pytest.skip("Dovecot is not installed, or may not be started (root is needed)")
    with dovecot() as server:
        yield server
