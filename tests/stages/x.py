"""X as a stage: a stand-in that knows X's rules, for X has no server to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from sanderling.networks.x import X
from sanderling.networks.x.listening import Rhythm
from sanderling.networks.x.secret import Secret
from servers.kept import Kept
from servers.proxy import Proxy, proxy_before
from servers.x import StandIn, x_stand_in
from servers.x.rules import LIMITS
from servers.x.state import Message, Post
from stages.stage import Stage, reset_in

QUICK = Rhythm(
    mentions_s=0.2, own_s=0.2, messages_s=0.2, search_s=0.2, search_live_s=0.2, each_search_s=0,
    tend_s=0.5, patience=0.01,
)  # fmt: skip
UNLIMITED = 1_000_000


class XStage(Stage):
    """The stand-in, its limits of calls lifted: what they do is tried on purpose."""

    name = "x"
    writes = r"POST /2/(tweets|dm_conversations/.*/messages)"
    cannot: ClassVar = {
        "like": "reading who likes a post would cost money, and nothing tells it",
        "repost": "reading who passed a post on would cost money, and nothing tells it",
        "undo": "likes are not read",
    }
    proxy: Proxy

    def __init__(self, x: StandIn, proxy: Proxy) -> None:
        self.x, self.proxy = x, proxy
        self._brand = x.person("acme")
        self._people = [x.person(name, dm="all") for name in ("ada", "bob", "cleo")]
        self.us = self._brand.id
        self.people = [person.id for person in self._people]
        self._posts: dict[str, Post | Message] = {}
        self._made: list[X] = []
        self._vault = Kept()
        self.connect_again()

    def connect_again(self) -> None:
        x, tokens = self.x, self.x.sign_in(self._brand)
        secret = Secret(
            client_id=x.keys.client_id, client_secret=x.keys.client_secret, access=tokens.access,
            refresh=tokens.refresh, bearer=x.keys.app_token,
            consumer_secret=x.keys.consumer_secret,
            expires_at=(x.world.now() + timedelta(hours=2)).timestamp(), owner=True,
            user_id=self.us, handle="acme",
        )  # fmt: skip
        self._vault.renew(self._vault.read(), lambda _: secret.text())

    def make(self, answer_s: float = 10) -> X:
        made = X(
            self.proxy.url, self._vault, clock=self.x.world.now, rhythm=QUICK, answer_s=answer_s
        )
        self._made.append(made)
        return made

    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        return self._kept(self.x.post(self._people[by], f"@acme {text}"))

    def reply(self, to: str, text: str, by: int = 0) -> str:
        return self._kept(self.x.post(self._people[by], text, reply_to=to))

    def write(self, text: str, by: int = 0) -> str:
        return self._kept(self.x.send(self._people[by], self._brand, text))

    def type(self, text: str, to: str) -> str:
        return self._kept(self.x.post(self._brand, text, reply_to=to))

    def edit(self, post: str, text: str, by: int = 0) -> None:
        self.x.edit(self._posts[post], f"@acme {text}")

    def delete(self, post: str, by: int = 0) -> None:
        self.x.delete(self._posts[post])

    def ours(self) -> list[str]:
        posts = [post.text for post in self.x.posts_of(self._brand)]
        return posts + [message.text for message in self.x.messages_of(self._brand)]

    def resting(self, seconds: int) -> dict[str, str]:
        return {"x-rate-limit-reset": reset_in(seconds)}

    def sign_out(self) -> None:
        self.proxy.let("answer", status=401)

    def close(self) -> None:
        for made in self._made:
            made.close()

    def _kept(self, post: Post | Message) -> str:
        self._posts[post.id] = post
        return post.id


@contextmanager
def x() -> Iterator[XStage]:
    """A stage of its own for each test; every request must have fitted X's OpenAPI document."""
    with x_stand_in() as running, proxy_before(running.url) as proxy:
        running.streams.beat_s = 0.1
        for operation in LIMITS:
            running.limit(operation, UNLIMITED)
        stage = XStage(running, proxy)
        try:
            yield stage
        finally:
            stage.close()
        assert running.violations == []
