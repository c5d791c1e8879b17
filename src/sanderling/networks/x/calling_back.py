"""The webhook at which X calls us, and the subscriptions to what happens around our account.

Both are kept as they should be: what stands right is left alone, what is missing is made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sanderling.core.budget import Pace
from sanderling.core.network import NetworkError, Refused, SignInLost
from sanderling.core.words import later
from sanderling.networks.x.activity import LIKES, TAG, wanted
from sanderling.networks.x.client import Client, Json

log = logging.getLogger(__name__)
REPLAYED = timedelta(hours=24)
"""X delivers again what it could not deliver within a day."""


class CallingBack:
    """Our webhook (if `callback` is an address) and our subscriptions."""

    def __init__(self, client: Client, callback: str, clock: Callable[[], datetime]) -> None:
        self._client, self._callback, self._clock = client, callback, clock
        self._well_at: datetime | None = None
        self.tells_since: datetime | None = None
        self.hooked = False

    async def set_up(self, pace: Pace) -> str:
        """See to it that X tells us what we want at this pace; gives what X refuses, in words.

        Afterwards `tells_since` says since when X tells of all mentions, and `hooked` whether it
        does so by calling us.
        """
        trouble, hook = "", ""
        if self._callback:
            try:
                hook = await self._webhook()
            except SignInLost:
                raise
            except NetworkError as error:
                trouble = later("X cannot call this desk at {address}: {error}").format(
                    address=self._callback, error=error
                )
        refused = await self._subscribe(wanted(pace), hook)
        self.hooked = bool(hook)
        tells = pace.mentions <= 1 and not refused
        self.tells_since = (self.tells_since or self._clock()) if tells else None
        return "\n".join(filter(None, (trouble, refused)))

    async def _webhook(self) -> str:
        """The id of our webhook: made where there is none, waked where X gave it up."""
        hooks = [h for h in await self._client.webhooks() if h.get("url") == self._callback]
        if not hooks:
            made = await self._client.add_webhook(self._callback)
            hooks = [made.get("data") or {}]
        elif not hooks[0].get("valid", True):
            await self._wake(str(hooks[0].get("id")))
        self._well_at = self._clock()
        return str(hooks[0].get("id") or "")

    async def _wake(self, hook: str) -> None:
        """Let X ask for the proof again, and tell once more what it could not since."""
        await self._client.check_webhook(hook)
        now = self._clock()
        await self._client.replay(hook, max(self._well_at or now - REPLAYED, now - REPLAYED), now)

    async def _subscribe(self, kinds: dict[str, dict[str, str]], hook: str) -> str:
        us = self._client.tokens.secret.user_id
        ours = [s for s in await self._client.subscriptions() if _is_of(s, us)]
        right = {
            kind: s
            for s in ours
            if (kind := str(s.get("event_type"))) in kinds and (s.get("webhook_id") or "") == hook
        }
        for subscription in ours:
            if subscription not in right.values():
                await self._client.unsubscribe(str(subscription.get("subscription_id")))
        missing = [kind for kind in kinds if kind not in right]
        refused = [
            f"{kind} ({why})"
            for kind in missing
            if (why := await self._refused(kind, kinds[kind], us, hook))
        ]
        if not refused:
            return ""
        kinds_refused = ", ".join(refused)
        return later("X does not tell this app at once of: {kinds}.").format(kinds=kinds_refused)

    async def _refused(self, kind: str, more: dict[str, str], us: str, hook: str) -> str:
        """Subscribe to one kind of event; why X would not, or ""."""
        body: Json = {"event_type": kind, "filter": {"user_id": us, **more}, "tag": TAG}
        try:
            await self._client.subscribe({**body, "webhook_id": hook} if hook else body)
        except Refused as error:
            if "exist" in str(error).lower() or kind in LIKES:  # likes are worth no worry
                log.info("x.subscribe.refused kind=%s %s", kind, error)
                return ""
            return str(error)[:120]
        return ""


def _is_of(subscription: Json, us: str) -> bool:
    about = subscription.get("filter")
    return isinstance(about, dict) and about.get("user_id") == us and subscription.get("tag") == TAG
