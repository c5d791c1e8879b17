"""A practice network beside a desk: begun once, found again, resumed at the same address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import eventually
from sanderling.core.network import Refused
from sanderling.networks.practice.hosting import Host, _answers


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path / "practice")
    yield made
    stop(made)


def stop(host: Host) -> None:
    """As when the desk ends: it holds the other end of the network's input."""
    if host._running and host._running.stdin:
        host._running.stdin.close()
        host._running.wait(15)


def test_it_begins_when_somebody_wants_to_try_it_and_once(host):
    first = host.connect("quiet", speed=0)
    running = host._running
    again = host.connect("quiet", speed=0)
    assert (again.address, again.secret, again.who.id) == (
        first.address, first.secret, first.who.id,
    )  # fmt: skip
    assert host._running is running
    assert (host.folder / "practice.json").stat().st_mode & 0o777 == 0o600


def test_it_ends_with_the_desk_and_goes_on_where_it_is_known(host):
    first = host.connect("quiet", speed=0)
    stop(host)
    assert not _answers(first.address)
    later = Host(host.folder)
    later.resume(["http://127.0.0.1:1"])
    assert later._running is None
    later.resume([first.address])
    try:
        assert eventually(lambda: _answers(first.address))
        assert json.loads((host.folder / "practice.json").read_text())["token"] == first.secret
    finally:
        stop(later)


def test_what_was_never_begun_is_not_resumed(host):
    host.resume(["http://127.0.0.1:8090"])
    assert host._running is None


def test_a_scenario_that_is_none_is_refused(host):
    with pytest.raises(Refused):
        host.connect("../quiet")
