"""A server of the Mastodon API as a stage; every stage brings its own people."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sanderling.networks.mastodon import Mastodon
from servers.kept import Kept
from servers.mastodon import Person, Server
from servers.proxy import Proxy, proxy_before
from stages.stage import Stage


class MastodonStage(Stage):
    """mastodon-mock, a stateful server that others made."""

    name = "mastodon"
    patience_s = 3
    writes = r"POST /api/v1/statuses( |$|\?)"
    cannot: ClassVar = {"undo": "Mastodon does not tell that a like was taken back"}
    proxy: Proxy

    def __init__(self, server: Server, proxy: Proxy) -> None:
        self.proxy = proxy
        self._host = f"127.0.0.1:{proxy.port}"
        self._brand = server.person("brand")
        self._people = [server.person(name) for name in ("anna", "ben", "cleo")]
        self.us = self._id(self._brand.id)
        self.people = [self._id(person.id) for person in self._people]
        self._made: list[Mastodon] = []

    def make(self, answer_s: float = 10) -> Mastodon:
        brand = self._brand
        secret = {"token": brand.token, "account_id": brand.id, "acct": brand.username}
        made = Mastodon(
            self.proxy.url, Kept(json.dumps(secret)), allow_private=True, answer_s=answer_s,
            poll_s=(0.5, 0.5),
        )  # fmt: skip
        self._made.append(made)
        return made

    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        return self._post(self._people[by], text)

    def reply(self, to: str, text: str, by: int = 0) -> str:
        return self._post(self._people[by], text, in_reply_to_id=self._local(to))

    def write(self, text: str, by: int = 0) -> str:
        return self._post(self._people[by], text, visibility="direct")

    def type(self, text: str, to: str) -> str:
        name = self._people[0].username
        told = self._brand.post(f"@{name} {text}", in_reply_to_id=self._local(to))
        return self._id(told["id"])

    def edit(self, post: str, text: str, by: int = 0) -> None:
        self._people[by].edit(self._local(post), f"@{self._brand.username} {text}")

    def delete(self, post: str, by: int = 0) -> None:
        self._people[by].delete(self._local(post))

    def like(self, post: str, by: int = 1, *, undone: bool = False) -> None:
        self._people[by].act(self._local(post), "unfavourite" if undone else "favourite")

    def repost(self, post: str, by: int = 1) -> None:
        self._people[by].act(self._local(post), "reblog")

    def ours(self) -> list[str]:
        found, page = [], self._statuses()
        while page:
            found += [html.unescape(re.sub("<[^>]+>", "", one["content"])) for one in page]
            page = self._statuses(max_id=page[-1]["id"])
        return found

    def resting(self, seconds: int) -> dict[str, str]:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        return {"x-ratelimit-reset": until.isoformat().replace("+00:00", "Z")}

    def sign_out(self) -> None:
        self.proxy.let("answer", status=401)

    def close(self) -> None:
        for made in self._made:
            made.close()

    def _post(self, by: Person, text: str, **more: Any) -> str:
        return self._id(by.post(f"@{self._brand.username} {text}", **more)["id"])

    def _statuses(self, **params: str) -> list[dict[str, Any]]:
        path = f"/api/v1/accounts/{self._brand.id}/statuses"
        found: list[dict[str, Any]] = self._brand.call("GET", path, params={"limit": 40, **params})
        return found

    def _id(self, local: str) -> str:
        return f"{local}@{self._host}"

    def _local(self, post: str) -> str:
        return post.rpartition("@")[0]


@contextmanager
def mastodon(server: Server) -> Iterator[MastodonStage]:
    """A stage on a server that others use as well."""
    with proxy_before(server.address) as proxy:
        stage = MastodonStage(server, proxy)
        try:
            yield stage
        finally:
            stage.close()
