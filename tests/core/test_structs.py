"""Threads that decode a struct for the first time at the same moment do not end the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys, threading, msgspec
from datetime import datetime
from sanderling.core.structs import make_ready

sys.setswitchinterval(1e-6)
SOURCE = '''
class Leaf(msgspec.Struct):
    a: int
    b: datetime | None = None
class Mid(msgspec.Struct):
    x: Leaf
    y: list[Leaf] = []
class Top(msgspec.Struct):
    m: Mid
    n: Leaf
    o: dict[str, Mid] = {}
'''
LEAF = {"a": 1}
MID = {"x": LEAF, "y": [LEAF]}
GIVEN = {"Leaf": LEAF, "Mid": MID, "Top": {"m": MID, "n": LEAF, "o": {"k": MID}}}

for _ in range(1000):
    known = {"msgspec": msgspec, "datetime": datetime, "__name__": "__main__"}
    exec(SOURCE, known)
    assert make_ready() >= 3
    start = threading.Barrier(4)
    def decode(names):
        start.wait()
        for name in names:
            msgspec.convert(GIVEN[name], known[name])
    orders = (["Mid", "Top"], ["Top", "Mid"], ["Leaf", "Top"], ["Top", "Leaf"])
    threads = [threading.Thread(target=decode, args=(names,)) for names in orders]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def test_structs_that_were_made_ready_may_be_decoded_by_many_threads_at_once() -> None:
    source = str(Path(__file__).parents[2] / "src")
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={"PYTHONPATH": source}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
