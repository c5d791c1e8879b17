"""The stand-in as tests hold it, and the way of a request through it."""

from __future__ import annotations

import inspect
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import parse_qsl

from servers.x import checking
from servers.x.answers import Answer, Problem, Request
from servers.x.api import HANDLERS
from servers.x.faults import Fault, Faults, Kind
from servers.x.oauth import SCOPES, SigningIn, Tokens
from servers.x.payload import Spelling
from servers.x.rules import Bill, Limits, Tier
from servers.x.state import Message, Person, Post, World
from servers.x.streams import Connection, Streams
from servers.x.webhooks import Webhooks


class StandIn:
    """X, as a test sees and moves it. All acts may be called from the test's own thread.

    `violations` are requests that do not fit X's OpenAPI document (a fixture asserts none),
    `calls` the operations asked for, in order, `bill` what X would charge (US dollars), `credit`
    what is left to spend (None: enough). `tier` is self-serve or enterprise. `spelling` says
    whether answers speak of posts or tweets; `pushed_spelling` the same of streams and webhooks.
    `old_ids`: whether looking up the id of an earlier wording gives the latest one, or itself.
    """

    def __init__(self) -> None:
        self.url = ""
        self.world = World()
        self.lock = threading.RLock()
        self.keys = SigningIn(self.world)
        self.limits, self.bill, self.faults = Limits(), Bill(), Faults()
        self.webhooks = Webhooks(self.world, self.keys)
        self.streams = Streams(self)
        self.world.listeners.append(self.streams.hear)
        self.world.new_posts.append(self.streams.hear_post)
        self.violations: list[str] = []
        self.calls: list[str] = []
        self.tier: Tier = "self-serve"
        self.spelling: Spelling = "post"
        self.pushed_spelling: Spelling = "tweet"
        self.old_ids: Literal["latest", "as asked"] = "latest"
        self.credit: Decimal | None = None
        self.announced: dict[str, int] = {}
        self.processing: dict[str, int] = {}
        self._operations = checking.operations()

    # Acts

    def person(self, username: str, **more: Any) -> Person:
        """Somebody new; see `state.Person` for what can be said of them (`dm`, `premium`, ...)."""
        with self.lock:
            return self.world.person(username, **more)

    def post(self, author: Person, text: str, **more: Any) -> Post:
        """Write as anyone; `reply_to`, `quote_of`, `repost_of` take posts, `at` a time past."""
        for name in ("reply_to", "quote_of", "repost_of"):
            if isinstance(more.get(name), Post):
                more[name] = more[name].id
        with self.lock:
            return self.world.post(author, text, **more)

    def edit(self, post: Post, text: str) -> Post:
        with self.lock:
            return self.world.edit(post, text)

    def delete(self, post: Post) -> None:
        with self.lock:
            self.world.delete(post)

    def like(self, person: Person, post: Post) -> None:
        with self.lock:
            self.world.like(person, post)

    def follow(self, person: Person, whom: Person, *, undone: bool = False) -> None:
        with self.lock:
            self.world.follow(person, whom, undone)

    def send(self, sender: Person, to: Person, text: str, **more: Any) -> Message:
        """A direct message between any two, whatever their settings."""
        with self.lock:
            return self.world.send(sender, to, text, **more)

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Put X's clock forward: limits end, tokens expire, windows close."""
        self.world.ahead += timedelta(seconds=seconds, minutes=minutes, hours=hours)

    def sign_in(self, person: Person, scope: str = SCOPES) -> Tokens:
        """Tokens as if the person had said yes in the browser."""
        with self.lock:
            return self.keys.give(person, scope)

    def fault(self, where: str, kind: Kind, **more: Any) -> Fault:
        """Let something go wrong; `where` is a pattern for names of operations."""
        return self.faults.add(where, kind, **more)

    def limit(self, operation: str, calls: int) -> None:
        """So many calls of an operation in its window from now on."""
        self.limits.standing[operation] = calls

    def posts_of(self, person: Person) -> list[Post]:
        """What stands of a person, newest first."""
        with self.lock:
            return [post for post in self.world.current() if post.author is person]

    def messages_of(self, person: Person) -> list[Message]:
        """What a person has sent, oldest first."""
        with self.lock:
            return [m for m in self.world.messages.values() if m.sender is person]

    # The way of a request

    async def answer(self, request: Request) -> Answer | Connection:
        """What X says to a request whose operation is known; raises Problem for a refusal."""
        operation, request.path = checking.find(self._operations, request.method, request.url)
        self._identify(operation, request)
        headers = self.limits.spend(self.world, operation.id, request.user)
        self._check(operation, request)
        if self.credit is not None and self.bill.total >= self.credit:
            raise Problem(429, "UsageCapExceeded", "Credits are used up.", kind="usage-capped")
        with self.lock:
            if operation.id == "streamPosts":
                return self.streams.connect_filtered(request)
            if operation.id == "activityStream":
                return self.streams.connect_activity(request)
            handler = HANDLERS.get(operation.id)
            if not handler:
                raise Problem(404, "Not Found", f"The stand-in does not do {operation.id}.")
            answer = handler(self, request)
        answer = await answer if inspect.isawaitable(answer) else answer
        answer.headers |= headers
        return answer

    def operation(self, request: Request) -> str:
        """X's name for what is asked; raises Problem where there is none."""
        elsewhere = self._sign_in_pages().get((request.method, request.url))
        if elsewhere:
            return elsewhere.__name__
        try:
            return checking.find(self._operations, request.method, request.url)[0].id
        except Problem as problem:
            self.violations.append(problem.content["detail"])
            raise

    def sign_in_page(self, request: Request) -> Answer | None:
        page = self._sign_in_pages().get((request.method, request.url))
        with self.lock:
            return page(request) if page else None

    def _sign_in_pages(self) -> dict[tuple[str, str], Any]:
        return {
            ("GET", "/i/oauth2/authorize"): self.keys.authorise,
            ("POST", "/2/oauth2/token"): self.keys.token,
            ("POST", "/2/oauth2/revoke"): self.keys.take_back,
            ("POST", "/oauth2/token"): self.keys.app_only,
        }

    def _identify(self, operation: checking.Operation, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Problem(401, "Unauthorized")
        tokens = self.keys.who(token)
        request.user = tokens.person if tokens else None
        if not (operation.for_user if tokens else operation.for_app):
            given = "User Context" if tokens else "Application-Only"
            raise Problem(
                403, "Unsupported Authentication",
                f"Authenticating with OAuth 2.0 {given} is forbidden for this endpoint.",
                kind="unsupported-authentication",
            )  # fmt: skip
        request.scopes = set(tokens.scope.split()) if tokens else set()
        lacking = operation.scopes - request.scopes
        # What a subscription needs depends on what it asks for: streams.py checks that.
        if tokens and lacking and operation.id != "createActivitySubscription":
            raise Problem(403, "Forbidden", f"Missing scopes: {', '.join(sorted(lacking))}.")

    def _check(self, operation: checking.Operation, request: Request) -> None:
        try:
            operation.check(request, self.spelling)
        except Problem as problem:
            self.violations.append(f"{operation.id}: {problem.content}")
            raise


def request_of(method: str, url: str, query: bytes, headers: dict[str, str], raw: bytes) -> Request:
    pairs = dict(parse_qsl(query.decode(), keep_blank_values=True))
    return Request(method, url, headers, raw, pairs)
