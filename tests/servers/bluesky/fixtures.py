"""The fixture `devnet`, one for all tests of a run; see the package for how to use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from servers.bluesky.devnet import Devnet


@pytest.fixture(scope="session")
def devnet() -> Iterator[Devnet]:
    """Bluesky's own servers, started when first needed."""
    from servers.bluesky.devnet import Devnet, missing  # noqa: PLC0415  the SDK loads for seconds

    if why := missing():
        pytest.skip(why)
    with Devnet() as running:
        yield running
