"""A bounded folder of copies."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sanderling.store.shelf import Shelf


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_what_was_put_there_is_had_again(tmp_path):
    shelf = Shelf(tmp_path / "made", 1000)
    assert shelf.get("post-1", "a") is None
    shelf.put("post-1", "a", b"one")
    shelf.put("post-1", "b", b"two")
    assert (shelf.get("post-1", "a"), shelf.get("post-1", "b")) == (b"one", b"two")


def test_an_owner_takes_all_of_theirs_along_and_nothing_else(tmp_path):
    shelf = Shelf(tmp_path, 10_000)
    for owner in ("post-1", "post-11", "face"):
        shelf.put(owner, "a", b"one")
        shelf.put(owner, "b", b"two")
    shelf.throw_away("post-1")
    shelf.throw_away("post-1")
    assert shelf.get("post-1", "a") is shelf.get("post-1", "b") is None
    assert shelf.get("post-11", "a") == shelf.get("face", "a") == b"one"


def test_it_never_holds_more_than_it_may_and_keeps_what_was_used_last(tmp_path):
    shelf = Shelf(tmp_path, 100_000)
    shelf.put("post-0", "loved", b"x" * 1000)
    loved = next(tmp_path.glob("*/*"))
    for n in range(1, 300):
        shelf.put(f"post-{n}", "a", b"x" * 1000)
        os.utime(next(tmp_path.glob(f"*/post-{n}.*")), (n, n))  # long ago, one after the other
        assert shelf.get("post-0", "loved") is not None
        assert size(tmp_path) <= 105_000
    assert loved.exists()
    assert shelf.get("post-299", "a") is not None
    assert shelf.get("post-1", "a") is None


def test_many_at_once_see_whole_copies_only(tmp_path):
    shelf = Shelf(tmp_path, 10_000_000)

    def both(n: int) -> bool:
        shelf.put("face", "a", bytes([n]) * 50_000)
        held = shelf.get("face", "a")
        return held is not None and len(held) == 50_000 and len(set(held)) == 1

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(both, range(64)))


def test_a_disk_that_takes_nothing_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    shelf = Shelf(tmp_path / "file", 1000)
    shelf.put("face", "a", b"one")
    assert shelf.get("face", "a") is None


def test_nobody_else_on_the_machine_reads_it(tmp_path):
    Shelf(tmp_path / "media", 1000).put("face", "a", b"one")
    file = next((tmp_path / "media").glob("*/*"))
    assert file.stat().st_mode & 0o077 == 0
