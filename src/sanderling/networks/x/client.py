"""HTTP to the X API v2; knows its addresses, its limits and its refusals, and no word of the desk.

Requests fit X's OpenAPI document 2.167; answers are JSON as it came.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime, timedelta
from typing import Any

import httpx

from sanderling.core.network import (
    OutcomeUnknown,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.wire.calling import ANSWER_S, Caller
from sanderling.networks.x import asking
from sanderling.networks.x.tokens import Tokens
from sanderling.networks.x.windows import Windows, endpoint

QUIET_S = 21.0
"""X sends at least a blank line every 20 seconds; who hears nothing connects again."""
Json = dict[str, Any]


class Failing(Unreachable):
    """X itself answers that it cannot: another pause than for a broken line."""


class Crowded(Throttled):
    """Another connection holds the stream."""


class Misunderstood(Refused):
    """X does not know the words in which we asked."""


class Gone(Refused):
    """X has nothing under that id."""


class NoBearer(Refused):
    """The app's own token is missing or not accepted."""


class Client(Caller):
    """One account's calls, with the account's token or with the app's."""

    def __init__(
        self,
        address: str,
        tokens: Tokens,
        clock: Callable[[], datetime],
        *,
        answer_s: float = ANSWER_S,
    ) -> None:
        super().__init__(address, "X", answer_s=answer_s)
        self.tokens, self._clock = tokens, clock
        self._windows = Windows(clock)
        self._words = asking.REST

    # Reading

    async def mentions(self, user: str, **place: str | int | None) -> Json:
        """Posts that mention an account, newest first."""
        return await self._posts(f"/2/users/{user}/mentions", place)

    async def posts_by(self, user: str, **place: str | int | None) -> Json:
        """An account's own posts and replies, newest first."""
        return await self._posts(f"/2/users/{user}/tweets", {**place, "exclude": "retweets"})

    async def posts(self, ids: list[str]) -> Json:
        """Up to 100 posts by their ids."""
        return await self._posts("/2/tweets", {"ids": ",".join(ids)})

    async def search(self, query: str, **place: str | int | None) -> Json:
        """Posts of the last seven days, newest first."""
        return await self._posts("/2/tweets/search/recent", {"query": query, **place})

    async def messages(self, **place: str | int | None) -> Json:
        """Direct messages of the last 30 days, newest first."""
        return await self._get("/2/dm_events", asking.MESSAGES, place)

    async def messages_with(self, user: str, **place: str | int | None) -> Json:
        """Direct messages with one person, newest first."""
        path = f"/2/dm_conversations/with/{user}/dm_events"
        return await self._get(path, asking.MESSAGES, place)

    async def me(self) -> Json:
        """The account that the token belongs to."""
        return await self._get("/2/users/me", asking.ME, {})

    # Writing

    async def write(self, post: Json) -> Json:
        """Post in public."""
        answer: Json = await self.tell("/2/tweets", json=post)
        return answer

    async def message(self, user: str, message: Json) -> Json:
        """Write to one person."""
        path = f"/2/dm_conversations/with/{user}/messages"
        answer: Json = await self.tell(path, json=message)
        return answer

    async def delete_post(self, post: str) -> None:
        """Delete a post of the account."""
        await self.call("DELETE", f"/2/tweets/{post}")

    async def hide(self, post: str, hidden: bool) -> None:
        """Hide a reply, or show it again."""
        await self.call("PUT", f"/2/tweets/{post}/hidden", json={"hidden": hidden})

    async def like(self, user: str, post: str) -> None:
        """Like a post as the account."""
        await self.tell(f"/2/users/{user}/likes", harmless=True, json={"tweet_id": post})

    # Media

    async def upload_picture(self, content: bytes, category: str) -> Json:
        """Upload a small picture at once."""
        more = {"files": {"media": content}, "data": {"media_category": category}}
        return _object(await self.tell("/2/media/upload", harmless=True, **more))

    async def begin_upload(self, media_type: str, category: str, size: int) -> Json:
        """Announce an upload in parts."""
        body = {"media_type": media_type, "media_category": category, "total_bytes": size}
        return _object(await self.tell("/2/media/upload/initialize", harmless=True, json=body))

    async def append(self, media: str, part: int, content: bytes) -> None:
        """Upload one part."""
        more = {"files": {"media": content}, "data": {"segment_index": str(part)}}
        await self.tell(f"/2/media/upload/{media}/append", harmless=True, **more)

    async def finish_upload(self, media: str) -> Json:
        """Say that all parts are there."""
        return _object(await self.tell(f"/2/media/upload/{media}/finalize", harmless=True))

    async def upload_status(self, media: str) -> Json:
        """How far X is with a film."""
        return await self._get("/2/media/upload", {"command": "STATUS"}, {"media_id": media})

    async def describe(self, media: str, alt: str) -> None:
        """Give an upload its description."""
        body = {"id": media, "metadata": {"alt_text": {"text": alt}}}
        await self.tell("/2/media/metadata", harmless=True, json=body)

    # The app's own calls

    async def rules(self) -> list[Json]:
        """Every rule of the app's filtered stream."""
        answer = await self._get("/2/tweets/search/stream/rules", {}, {}, app=True)
        return _items(answer)

    async def change_rules(self, *, add: list[Json] | None = None, delete: list[str]) -> Json:
        """Add rules, or delete rules by their ids."""
        body: Json = {"add": add} if add else {"delete": {"ids": delete}}
        path = "/2/tweets/search/stream/rules"
        return _object(await self.tell(path, harmless=True, json=body, app=True))

    def stream(self, path: str, **shape: str) -> AbstractAsyncContextManager[httpx.Response]:
        """An endless answer, by the app's token."""
        return self.streamed(path, idle_s=QUIET_S, params=shape, headers=self._bearer())

    async def drop_connections(self, stream: str) -> None:
        """End the app's connections to one stream (`filtered_stream`)."""
        await self.call("DELETE", f"/2/connections/{stream}", app=True)

    async def subscriptions(self) -> list[Json]:
        """The app's subscriptions to activity."""
        shape = {"max_results": "1000"}
        return _items(await self._get("/2/activity/subscriptions", shape, {}, app=True))

    async def subscribe(self, subscription: Json) -> None:
        """Subscribe to the account's activity: private, so with the account's own token."""
        await self.tell("/2/activity/subscriptions", harmless=True, json=subscription)

    async def unsubscribe(self, subscription: str) -> None:
        """End a subscription."""
        await self.call("DELETE", f"/2/activity/subscriptions/{subscription}", app=True)

    async def webhooks(self) -> list[Json]:
        """The app's webhooks."""
        return _items(await self._get("/2/webhooks", {}, {}, app=True))

    async def add_webhook(self, url: str) -> Json:
        """Register a webhook; X asks its challenge before it answers."""
        return _object(await self.tell("/2/webhooks", harmless=True, json={"url": url}, app=True))

    async def check_webhook(self, webhook: str) -> None:
        """Let X ask the challenge again, and use the webhook again."""
        await self.call("PUT", f"/2/webhooks/{webhook}", app=True)

    async def replay(self, webhook: str, since: datetime, until: datetime) -> None:
        """Have a webhook's events delivered again."""
        body = {
            "webhook_id": webhook,
            "from_date": f"{since:%Y%m%d%H%M}",
            "to_date": f"{until:%Y%m%d%H%M}",
        }
        await self.tell("/2/webhooks/replay", harmless=True, json=body, app=True)

    # How

    async def authorise(self) -> dict[str, str]:
        """The account's token; calls of the app bring theirs along."""
        return {}

    async def call(
        self,
        method: str,
        path: str,
        *,
        harmless: bool = True,
        app: bool = False,
        **more: Any,
    ) -> httpx.Response:
        """A call with the account's token, or the `app`'s; an ended token is renewed once."""
        self._windows.enter(endpoint(method, path, "app" if app else "account"))
        if app:
            return await super().call(
                method, path, harmless=harmless, headers=self._bearer(), **more
            )
        token = await self.tokens.access()
        try:
            return await super().call(
                method, path, harmless=harmless, headers=_bearing(token), **more
            )
        except SignInLost:
            await self.tokens.renew(token)
            fresh = _bearing(self.tokens.secret.access)
            return await super().call(method, path, harmless=harmless, headers=fresh, **more)

    def said(self, response: httpx.Response) -> str:
        """X's own sentence, where it has one: `detail`, or that of its first error."""
        found = self._problem(response)
        words = found.get("detail") or found.get("error_description") or found.get("title")
        return words[:300] if isinstance(words, str) else super().said(response)

    def raise_for(self, response: httpx.Response, *, harmless: bool) -> None:
        """What X's refusals mean beyond their numbers; every answer tells of its limit too."""
        asked = response.request
        app = asked.headers.get("authorization") == self._app()
        path = endpoint(asked.method, asked.url.path, "app" if app else "account")
        self._windows.note(path, response.headers)
        status = response.status_code
        if status < 300:
            return
        kind = str(self._problem(response)) if status < 500 else ""
        if status in (402, 429) and _spent(status, kind):
            until = self._clock() + timedelta(minutes=15)
            raise Throttled(until, NO_CREDIT)
        if status == 429 and "TooManyConnections" in kind:
            raise Crowded(self._clock() + timedelta(minutes=1), self.said(response))
        if status == 429:
            self._windows.enter(path)
        if status == 401 and app:
            raise NoBearer(
                later(
                    "X does not accept the app's bearer token. Connect the account with a new one."
                )
            )
        if status == 400 and any(name in response.text for name in ("post.fields", "expansions")):
            raise Misunderstood(self.said(response))
        if status == 404:
            raise Gone(self.said(response))
        if status == 403:
            raise _forbidden(kind, self.said(response))
        if status >= 500 and (harmless or status == 503):
            raise Failing(self.said(response))
        super().raise_for(response, harmless=harmless)

    async def _posts(self, path: str, place: Json) -> Json:
        """A list of posts; asked for in X's other words where the usual are not understood."""
        usual, other = self._words
        answer = None
        with suppress(Misunderstood):
            answer = await self._get(path, usual, place)
        if answer is not None and not _is_bare(answer):
            return answer
        try:
            again = await self._get(path, other, place)
        except Misunderstood:
            if answer is None:
                raise
            return answer
        self._words = (other, usual)
        return again

    async def _get(
        self, path: str, shape: dict[str, str], place: Json, *, app: bool = False
    ) -> Json:
        given = {name: value for name, value in place.items() if value is not None}
        answer = await self.call("GET", path, params={**shape, **given}, app=app)
        return _object(self.content(answer))

    def _bearer(self) -> dict[str, str]:
        if not self.tokens.secret.bearer:
            raise NoBearer(later("This account was connected without the app's bearer token."))
        return _bearing(self.tokens.secret.bearer)

    def _app(self) -> str:
        return f"Bearer {self.tokens.secret.bearer}"

    def _problem(self, response: httpx.Response) -> Json:
        """What an answer says is wrong: itself, or the first of its errors."""
        try:
            found = _object(self.content(response))
        except Unreachable:
            return {}
        errors = found.get("errors")
        if not found.get("detail") and isinstance(errors, list) and errors:
            first = errors[0] if isinstance(errors[0], dict) else {}
            return {**first, "detail": first.get("detail") or first.get("message")}
        return found


NO_CREDIT = later(
    "The X API credit of this app is used up."
    " Buy credit or raise the spending limit at console.x.com; reading goes on by itself then."
)


def _spent(status: int, problem: str) -> bool:
    words = ("credit", "usage-capped", "usagecapexceeded", "spend")
    return status == 402 or any(word in problem.lower() for word in words)


def _forbidden(problem: str, said: str) -> Exception:
    """What a 403 means, in words that help."""
    low = problem.lower()
    if "duplicate content" in low:
        return OutcomeUnknown(
            later("X has this text already, perhaps from a try that got lost ({said}).").format(
                said=said
            )
        )
    if "client-not-enrolled" in low or "client-forbidden" in low:
        return Refused(
            later(
                "X does not let this app do that ({said}). In the developer console the"
                " app must belong to a project with access to the API v2."
            ).format(said=said)
        )
    if "summon" in low or "not allowed to reply" in low or "reply to this conversation" in low:
        return Refused(
            later(
                "X lets an app answer only who mentioned this account or quoted it. "
                "Open the post on x.com and answer there. ({said})"
            ).format(said=said)
        )
    return Refused(said)


def _is_bare(answer: Json) -> bool:
    """Whether posts came without all that was asked for but always comes from who understands."""
    items = _items(answer)
    return bool(items) and not any("author_id" in item for item in items)


def _bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _object(found: Any) -> Json:
    if not isinstance(found, dict):
        raise Unreachable(later("X answered something else than was asked for."))
    return found


def _items(answer: Json) -> list[Json]:
    found = answer.get("data")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
