"""A practice network for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from practice_server import Net, practice_server


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Net]:
    """A quiet practice network: nobody writes unless the test lets them."""
    with practice_server(tmp_path / "practice") as running:
        yield running
