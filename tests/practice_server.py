"""A practice network for tests: the real server on a free port, its people standing still.

    with practice_server(tmp_path) as net:
        post = net.open("complain", text="@NorthwindCare my bill is wrong")
        net.connector().pull(None)
        net.advance(hours=2)          # the people live through two hours at once
        net.faults(push_cut=1)        # everything else goes right again

`open` lets somebody of the story open a matter, who then reacts to answers as people do; `write`
and the other acts are done by the test's hand, and that person no longer moves by themselves.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from sanderling.networks.practice import Practice
from sanderling.networks.practice.server import PracticeServer
from sanderling.networks.practice.service import Service


class Net:
    """A running practice network, driven through its admin calls."""

    def __init__(self, card: dict[str, Any], stop: Callable[[], object]) -> None:
        self.card = card
        self.stop = stop
        self.url: str = card["url"]
        self.token: str = card["token"]
        self.account_id: str = card["account"]["id"]
        self._connectors: list[Practice] = []
        self._http = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {card['admin']}"}, timeout=30,
            trust_env=False,
        )  # fmt: skip

    def connector(self, *, keeps_keys: bool = True, answer_s: float = 10) -> Practice:
        """The brand account's connector to this network."""
        made = Practice(self.url, self.token, keeps_keys=keeps_keys, answer_s=answer_s)
        self._connectors.append(made)
        return made

    def people(self, **wanted: Any) -> list[dict[str, Any]]:
        """Everybody but the brand, or those for whom `wanted` holds (`messages_from`, ...)."""
        everybody = self._ask("GET", "/api/admin/people")["people"]
        people = [p for p in everybody if p["id"] not in ("1000001", "1000002")]
        return [p for p in people if all(p[name] == value for name, value in wanted.items())]

    def open(
        self, act: str = "complain", topic: str = "bill", who: str = "", text: str = ""
    ) -> Any:
        """Let someone of the story open a matter, in `text` or in their own words; the post."""
        who = who or self.people()[0]["handle"]
        return self._act("open", who, act=act, topic=topic, text=text)

    def write(self, who: str, text: str, **where: Any) -> Any:
        """Write as anyone, the brand too; `to` makes it direct, see `api.Act`; the post."""
        if "to" in where:
            where["room"] = "direct"
        return self._act("write", who, text=text, **where)

    def edit(self, who: str, post: str, text: str) -> Any:
        """Change the wording of a post of theirs; the post."""
        return self._act("edit", who, post=post, text=text)

    def delete(self, who: str, post: str) -> None:
        """Take a post of theirs back."""
        self._act("delete", who, post=post)

    def like(self, who: str, post: str, *, undone: bool = False) -> None:
        """Like a post as someone, or take that back."""
        self._act("unlike" if undone else "like", who, post=post)

    def repost(self, who: str, post: str, *, undone: bool = False) -> None:
        """Pass a post on as someone, or take that back."""
        self._act("unrepost" if undone else "repost", who, post=post)

    def faults(self, **faults: Any) -> None:
        """Let exactly these things go wrong (see `delivery.Faults`)."""
        self._ask("POST", "/api/admin/faults", json=faults)

    def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let the people live through so much time at once."""
        self._ask(
            "POST", "/api/admin/pace", json={"advance_s": hours * 3600 + minutes * 60 + seconds}
        )

    def everything(self) -> list[Any]:
        """Every page the account can pull, from the beginning."""
        connector, pages = self.connector(), []
        while not pages or pages[-1].more:
            pages.append(connector.pull(pages[-1].cursor if pages else None))
        return pages

    def posts(self) -> dict[str, Any]:
        """Every post the account may know, by id, in its latest wording."""
        told = [post for page in self.everything() for post in page.posts]
        return {post.remote_id: post for post in sorted(told, key=lambda post: post.version_at)}

    def close(self) -> None:
        """Let go of every connection."""
        for made in (*self._connectors, self._http):
            made.close()

    def _act(self, do: str, who: str, **more: Any) -> Any:
        return self._ask("POST", "/api/admin/act", json={"do": do, "who": who, **more})["post"]

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = self._http.request(method, path, **more)
        assert answer.status_code < 300, answer.text
        return answer.json()


@contextmanager
def practice_server(
    data: Path, scenario: str = "quiet", *, seed: int | None = None, speed: float = 0
) -> Iterator[Net]:
    """A practice network in a thread of this process."""
    with closing(Service(data, scenario, seed, datetime.now(UTC))) as service:
        service.set_speed(speed, datetime.now(UTC))
        server = PracticeServer("127.0.0.1", 0, service)
        thread = threading.Thread(target=server.run, name="practice network")
        thread.start()
        net = Net(json.loads((data / "practice.json").read_text()), server.stop)
        try:
            yield net
        finally:
            net.close()
            server.stop()
            thread.join(timeout=10)
            assert not thread.is_alive(), "the practice network did not stop"


class PracticeProcess:
    """A practice network in a process of its own, which can be killed and started again."""

    def __init__(self, data: Path, scenario: str = "quiet", speed: float = 0) -> None:
        self._card = data / "practice.json"
        self._earlier = self._card.stat().st_ino if self._card.exists() else None
        program = (
            "from pathlib import Path; from sanderling.networks.practice import serve; "
            f"serve(data=Path({str(data)!r}), scenario={scenario!r}, speed={speed}, port=0)"
        )
        source = str(Path(__file__).parents[1] / "src")
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": source}
        )
        self.net = self._connect()

    def _connect(self) -> Net:
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process.poll() is None:
            if self._card.exists() and self._card.stat().st_ino != self._earlier:
                return Net(json.loads(self._card.read_text()), self.stop)
            time.sleep(0.02)
        raise AssertionError("the practice network did not start")

    def kill(self) -> None:
        """End it at once, as a power cut to the process would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, and its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        self.net.close()
        self.process.send_signal(how)
        return self.process.wait(timeout=10)
