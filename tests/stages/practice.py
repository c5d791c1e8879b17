"""The practice network as a stage, with and without keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from practice_server import Net, practice_server
from sanderling.networks.practice import Practice
from servers.proxy import Proxy, proxy_before
from stages.stage import Stage, reset_in


class PracticeStage(Stage):
    """The real practice server, its people standing still."""

    name = "practice"
    keeps_keys = True
    writes = "POST /api/posts"
    proxy: Proxy

    def __init__(self, net: Net, proxy: Proxy) -> None:
        self.net, self.proxy = net, proxy
        self.us = net.account_id
        self._people = net.people(messages_from="everyone")
        self.people = [str(person["id"]) for person in self._people]
        self._made: list[Practice] = []

    def make(self, answer_s: float = 10) -> Practice:
        made = Practice(
            self.proxy.url, self.net.token, keeps_keys=self.keeps_keys, answer_s=answer_s
        )
        self._made.append(made)
        return made

    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        return str(self.net.write(self._who(by), f"@NorthwindCare {text}")["id"])

    def reply(self, to: str, text: str, by: int = 0) -> str:
        return str(self.net.write(self._who(by), text, reply_to=to)["id"])

    def write(self, text: str, by: int = 0) -> str:
        return str(self.net.write(self._who(by), text, to=self.us)["id"])

    def type(self, text: str, to: str) -> str:
        return str(self.net.write("NorthwindCare", text, reply_to=to)["id"])

    def edit(self, post: str, text: str, by: int = 0) -> None:
        self.net.edit(self._who(by), post, f"@NorthwindCare {text}")

    def delete(self, post: str, by: int = 0) -> None:
        self.net.delete(self._who(by), post)

    def like(self, post: str, by: int = 1, *, undone: bool = False) -> None:
        self.net.like(self._who(by), post, undone=undone)

    def repost(self, post: str, by: int = 1) -> None:
        self.net.repost(self._who(by), post)

    def ours(self) -> list[str]:
        return [p.text for p in self.net.posts().values() if p.author.id == self.us]

    def resting(self, seconds: int) -> dict[str, str]:
        return {"x-ratelimit-reset": reset_in(seconds)}

    def sign_out(self) -> None:
        self.proxy.let("answer", status=401)

    def close(self) -> None:
        for made in self._made:
            made.close()

    def _who(self, by: int) -> str:
        return str(self._people[by]["handle"])


class WithoutKeys(PracticeStage):
    """The same, with a server that forgets under which key a post was written."""

    keeps_keys = False

    def __init__(self, net: Net, proxy: Proxy) -> None:
        super().__init__(net, proxy)
        net.faults(forget_keys=True)


@contextmanager
def practice(folder: Path, kind: type[PracticeStage] = PracticeStage) -> Iterator[PracticeStage]:
    """A stage of its own for each test."""
    with practice_server(folder) as net, proxy_before(net.url) as proxy:
        stage = kind(net, proxy)
        try:
            yield stage
        finally:
            stage.close()
