"""Servers that are dear to start: one for all tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.mastodon import Server, mastodon_server


@pytest.fixture(scope="session")
def mastodon_for_stages() -> Iterator[Server]:
    """A server of the Mastodon API."""
    with mastodon_server() as server:
        yield server
