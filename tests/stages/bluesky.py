"""Bluesky's own servers as a stage; the people stay, every stage brings an account of ours."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import httpx
import msgspec
from atproto import Client, client_utils, models

from processes import eventually
from sanderling.networks.bluesky.client import Session
from sanderling.networks.bluesky.connector import Bluesky
from servers.bluesky.devnet import Devnet
from servers.kept import Kept
from servers.proxy import Proxy, Several, proxy_before
from stages.stage import Stage, reset_in

POSTS = "app.bsky.feed.post"
_number = itertools.count(1)


class BlueskyStage(Stage):
    """PDS, PLC and AppView as Bluesky runs them, and stand-ins for its Jetstream and chat."""

    name = "bluesky"
    writes = r"POST /xrpc/(com\.atproto\.repo\.(create|put)Record|chat\.bsky\.convo\.sendMessage)"
    cannot: ClassVar = {
        "undo": "Bluesky does not tell that a like was taken back",
        "raw": "the connector keeps no payloads",
        "sharp cursor": "the last seconds are told again, for posts may show up a little late",
    }
    many = 105
    patience_s = 3
    expiry: ClassVar = {"status": 400, "body": b'{"error": "ExpiredToken", "message": "old"}'}

    def __init__(self, devnet: Devnet, pds: Proxy, jetstream: Proxy) -> None:
        self.devnet, self._pds, self.proxy = devnet, pds, Several(pds, jetstream)
        self._brand = devnet.person(f"brand-{next(_number)}")
        self._let_in(self._brand)
        self._people = [devnet.person(f"stage-{name}") for name in ("anna", "ben", "cleo")]
        self.us = str(self._brand.me.did)
        self.people = [str(person.me.did) for person in self._people]
        self._asked: set[str] = set()
        self._gone: set[str] = set()
        self._made: list[Bluesky] = []
        tokens = self._brand._session
        session = Session(
            did=self.us, handle=self._brand.me.handle, access=tokens.access_jwt,
            refresh=tokens.refresh_jwt, stream=jetstream.url.replace("http", "ws"),
        )  # fmt: skip
        self._vault = Kept(msgspec.json.encode(session).decode())

    def make(self, answer_s: float = 10) -> Bluesky:
        made = Bluesky(self._pds.url, self._vault, chat=self.devnet.chat.proxy, allow_private=True)
        made.look_s = 0.5
        made._client.http.timeout = httpx.Timeout(answer_s)
        self._made.append(made)
        return made

    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        us = client_utils.TextBuilder().mention(f"@{self._brand.me.handle}", self.us)
        return self._noted(self._people[by].send_post(us.text(f" {text}")).uri)

    def reply(self, to: str, text: str, by: int = 0) -> str:
        return self._noted(self._reply(self._people[by], to, text))

    def write(self, text: str, by: int = 0) -> str:
        chat = self.devnet.messenger(self._people[by])
        convo = chat.get_convo_for_members({"members": [self.us]}).convo.id
        sent = chat.send_message({"convo_id": convo, "message": {"text": text}})
        return f"{convo}/{sent.id}"

    def type(self, text: str, to: str) -> str:
        return self._reply(self._brand, to, text)

    def edit(self, post: str, text: str, by: int = 0) -> None:
        writer, rkey = self._people[by], post.rpartition("/")[2]
        repo = writer.me.did
        told = writer.com.atproto.repo.get_record({"repo": repo, "collection": POSTS, "rkey": rkey})
        record = {**told.value.model_dump(by_alias=True, exclude_none=True), "text": text}
        record.pop("facets", None)
        written = writer.com.atproto.repo.put_record(
            {"repo": repo, "collection": POSTS, "rkey": rkey, "record": record}
        )
        eventually(lambda: any(v.cid == written.cid for v in self._shown([post])))
        self._asked.discard(post)  # it names us no longer, so the notification is gone

    def delete(self, post: str, by: int = 0) -> None:
        self._people[by].delete_post(post)
        self._asked.discard(post)
        self._gone.add(post)

    def like(self, post: str, by: int = 1, *, undone: bool = False) -> None:
        self.settle()
        (view,) = self._shown([post])
        self._noted(self._people[by].like(post, view.cid).uri)

    def repost(self, post: str, by: int = 1) -> None:
        (view,) = self._shown([post])
        self._noted(self._people[by].repost(post, view.cid).uri)

    def ours(self) -> list[str]:
        return [record.value.text for record in self._records()] + self.devnet.chat.texts(self.us)

    def settle(self) -> None:
        eventually(lambda: self._asked <= self._notified())
        eventually(lambda: not self._shown(list(self._gone)))
        standing = [record.uri for record in self._records()]
        eventually(lambda: len(self._shown(standing)) == len(standing))

    def resting(self, seconds: int) -> dict[str, str]:
        return {"ratelimit-reset": reset_in(seconds)}

    def sign_out(self) -> None:
        self.proxy.let("answer", status=401, body=b'{"error": "AuthenticationRequired"}')

    def close(self) -> None:
        for made in self._made:
            made.close()

    def _let_in(self, who: Client) -> None:
        record = {"$type": "chat.bsky.actor.declaration", "allowIncoming": "all"}
        who.com.atproto.repo.put_record({
            "repo": who.me.did, "collection": "chat.bsky.actor.declaration", "rkey": "self",
            "record": record,
        })  # fmt: skip

    def _noted(self, uri: str) -> str:
        self._asked.add(uri)
        return uri

    def _reply(self, by: Client, to: str, text: str) -> str:
        def parent() -> Any:
            return self._shown([to])

        view = eventually(parent)[0]
        ref = models.create_strong_ref(view)
        root = view.record.reply.root if view.record.reply else ref
        reply = models.AppBskyFeedPost.ReplyRef(parent=ref, root=root)
        return str(by.send_post(text, reply_to=reply).uri)

    def _shown(self, uris: Sequence[str]) -> list[Any]:
        """What the network shows of these, 25 at a time."""
        parts = [uris[i : i + 25] for i in range(0, len(uris), 25)]
        return [v for part in parts for v in self._brand.get_posts(list(part)).posts]

    def _records(self) -> list[Any]:
        given = {"repo": self.us, "collection": POSTS, "limit": 100}
        return self._brand.com.atproto.repo.list_records(given).records

    def _notified(self) -> set[str]:
        """Of what the network has told us."""
        told, cursor = set[str](), None
        while True:
            page = self._brand.app.bsky.notification.list_notifications(
                {"limit": 100, "cursor": cursor}
            )
            told |= {one.uri for one in page.notifications}
            cursor = page.cursor
            if not cursor:
                return told


@contextmanager
def bluesky(devnet: Devnet) -> Iterator[BlueskyStage]:
    """A stage on servers that others use as well."""
    with (
        proxy_before(devnet.pds, **devnet.bypass) as pds,
        proxy_before(devnet.jetstream.url) as jetstream,
    ):
        stage = BlueskyStage(devnet, pds, jetstream)
        try:
            yield stage
        finally:
            stage.close()
