"""Calling back: the challenge at registration, signed deliveries, retries, replays."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from servers.x.answers import Answer, Problem, Request
from servers.x.oauth import SigningIn
from servers.x.payload import time
from servers.x.state import World

ANSWER_S = 10.0


@dataclass
class Webhook:
    id: str
    url: str
    created_at: datetime
    valid: bool = True

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "valid": self.valid,
            "created_at": time(self.created_at),
        }


@dataclass
class Delivery:
    """One body for one webhook, what it answered at each try (0: nothing), and whether it took."""

    webhook: Webhook
    body: bytes
    at: datetime
    tries: list[int] = field(default_factory=list)

    @property
    def taken(self) -> bool:
        return 200 in self.tries


class Webhooks:
    """Registered addresses. X wants public https ones: `reach` says where such a one really lies.

    `quiet` delivers nothing (it is missed), `forged` signs wrongly, `repeat` delivers more than
    once, `signs` says with which secret: the consumer's, the OAuth 2 client's, or both.
    """

    def __init__(self, world: World, keys: SigningIn) -> None:
        self.reach: dict[str, str] = {}
        self.quiet = self.forged = False
        self.repeat = 1
        self.retries_s: tuple[float, ...] = (0.02, 0.05)
        self.answer_s = ANSWER_S
        self.signs: Literal["consumer", "oauth2", "both"] = "consumer"
        self.deliveries: list[Delivery] = []
        self.registered: dict[str, Webhook] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self._world, self._keys = world, keys
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def missed(self) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if not delivery.taken]

    async def create(self, request: Request) -> Answer:
        url = request.body["url"]
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.port:
            raise _refused("InvalidWebhookUrl", "The URL must be https and have no port.")
        if any(webhook.url == url for webhook in self.registered.values()):
            raise _refused("DuplicateUrlFailed", "This URL is registered already.")
        webhook = Webhook(self._world.new_id(), url, self._world.now())
        if await self._challenge(webhook) != "right":
            raise _refused("CrcValidationFailed", "Crc validation for webhook failed.")
        self.registered[webhook.id] = webhook
        return Answer(200, {"data": webhook.shown()})

    def listed(self, request: Request) -> Answer:
        shown = [webhook.shown() for webhook in self.registered.values()]
        return Answer(200, {"data": shown, "meta": {"result_count": len(shown)}})

    async def validate(self, request: Request) -> Answer:
        webhook = self._known(request.path["webhook_id"])
        answered = await self._challenge(webhook)
        webhook.valid = answered == "right" or (webhook.valid and answered == "nothing")
        return Answer(200, {"data": {"valid": answered == "right"}})

    def delete(self, request: Request) -> Answer:
        del self.registered[self._known(request.path["webhook_id"]).id]
        return Answer(200, {"data": {"deleted": True}})

    def replay(self, request: Request) -> Answer:
        """Send again what was missed between two minutes (UTC, YYYYMMDDHHmm)."""
        webhook = self._known(request.body["webhook_id"])
        since, until = (_minute(request.body[name]) for name in ("from_date", "to_date"))
        for delivery in self.missed:
            if delivery.webhook is webhook and since <= delivery.at <= until:
                self._start(delivery)
        made = {"job_id": self._world.new_id(), "created_at": time(self._world.now())}
        return Answer(200, {"data": made})

    def deliver(self, webhook_id: str, said: dict[str, Any]) -> None:
        """Tell a webhook something, soon. May be called from any thread."""
        webhook = self.registered.get(webhook_id)
        if not webhook:
            return
        delivery = Delivery(webhook, json.dumps(said).encode(), self._world.now())
        self.deliveries.append(delivery)
        if webhook.valid and not self.quiet:
            for _ in range(self.repeat):
                self._start(delivery)

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that X puts on a delivery."""
        said = body + b" " if self.forged else body
        return {name: _signature(secret, said) for name, secret in self._secrets().items()}

    async def stop(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, delivery: Delivery) -> None:
        assert self.loop

        def start() -> None:
            task = asyncio.ensure_future(self._send(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

        self.loop.call_soon_threadsafe(start)

    async def _send(self, delivery: Delivery) -> None:
        headers = {"content-type": "application/json", **self.signed(delivery.body)}
        for pause in (0.0, *self.retries_s):
            await asyncio.sleep(pause)
            try:
                async with self._caller() as client:
                    url = self._really(delivery.webhook.url)
                    answer = await client.post(url, content=delivery.body, headers=headers)
                delivery.tries.append(answer.status_code)
            except httpx.HTTPError:
                delivery.tries.append(0)
            if delivery.taken:
                return

    async def _challenge(self, webhook: Webhook) -> Literal["right", "wrong", "nothing"]:
        token = secrets.token_urlsafe(16)
        try:
            async with self._caller() as client:
                url = self._really(webhook.url)
                answer = await client.get(url, params={"crc_token": token, "nonce": "1"})
        except httpx.HTTPError:
            return "nothing"
        if answer.status_code >= 400:
            return "nothing"
        rights = {_signature(secret, token.encode()) for secret in self._secrets().values()}
        try:
            given = answer.json()["response_token"] if answer.status_code == 200 else ""
        except (ValueError, KeyError, TypeError):
            given = ""
        return "right" if given in rights else "wrong"

    def _caller(self) -> httpx.AsyncClient:
        # Addresses under test are plain HTTP; an unused set of certificates takes long to load.
        return httpx.AsyncClient(timeout=self.answer_s, trust_env=False, verify=False)

    def _secrets(self) -> dict[str, str]:
        every = {
            "x-twitter-webhooks-signature": self._keys.consumer_secret,
            "x-twitter-webhooks-signature-oauth2": self._keys.client_secret,
        }
        only = {"consumer": [*every][:1], "oauth2": [*every][1:], "both": [*every]}[self.signs]
        return {name: every[name] for name in only}

    def _really(self, url: str) -> str:
        for public, local in self.reach.items():
            if url.startswith(public):
                return local + url.removeprefix(public)
        return url

    def _known(self, webhook_id: str) -> Webhook:
        webhook = self.registered.get(webhook_id)
        if not webhook:
            raise Problem(404, "Not Found Error", f"Webhook {webhook_id} not found.")
        return webhook


def _signature(secret: str, said: bytes) -> str:
    digest = hmac.new(secret.encode(), said, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


def _refused(title: str, detail: str) -> Problem:
    return Problem(400, title, detail, kind="invalid-request")


def _minute(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)
