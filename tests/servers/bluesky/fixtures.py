"""The fixture `devnet`, one for all tests of a run; see the package for how to use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.bluesky.devnet import Devnet, missing


@pytest.fixture(scope="session")
def devnet() -> Iterator[Devnet]:
    """Bluesky's own servers, started when first needed."""
    if why := missing():
        pytest.skip(why)
    with Devnet() as running:
        yield running
