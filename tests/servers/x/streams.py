"""Streams: the filtered stream with its rules, and the activity stream with its subscriptions."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servers.x.answers import TYPES, Answer, Problem, Request, forbidden, invalid, missing
from servers.x.payload import EVERYTHING, Page, Wish, legacy_message, time
from servers.x.query import Query
from servers.x.state import Happening, Person, Post

if TYPE_CHECKING:
    from servers.x.standin import StandIn

RULES, RULE_LENGTH, SUBSCRIPTIONS = 1_000, 1_024, 1_500
MOST = {"filtered_stream": 1, "x_activity_stream": 2}
PUBLIC = ("post.create", "post.delete", "profile.", "news.", "spaces.")
CUT = object()


@dataclass
class Rule:
    id: str
    value: str
    tag: str | None
    query: Query

    def shown(self) -> dict[str, str]:
        return {"id": self.id, "value": self.value} | ({"tag": self.tag} if self.tag else {})


@dataclass
class Subscription:
    id: str
    kind: str
    filter: dict[str, str]
    tag: str | None
    webhook: str | None
    made: datetime

    def shown(self) -> dict[str, Any]:
        said = {
            "subscription_id": self.id,
            "event_type": self.kind,
            "filter": self.filter,
            "tag": self.tag,
            "webhook_id": self.webhook,
            "created_at": time(self.made),
            "updated_at": time(self.made),
        }
        return {name: each for name, each in said.items() if each is not None}

    def wants(self, happening: Happening) -> bool:
        if self.kind != happening.kind:
            return False
        mine, way = self.filter.get("user_id"), self.filter.get("direction")
        inbound = mine == happening.of.id and way in (None, "inbound")
        two_sided = self.kind.startswith(("like.", "follow."))
        outbound = two_sided and mine == happening.by.id and way in (None, "outbound")
        return inbound or outbound


@dataclass(eq=False)
class Connection:
    """An open stream; `lines` are what it will say next, None ends it, CUT breaks it off."""

    endpoint: str
    wish: Wish
    since: datetime
    loop: asyncio.AbstractEventLoop
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ended: datetime | None = None
    why: str = ""
    lines: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)

    def say(self, said: Any) -> None:
        self.loop.call_soon_threadsafe(self.lines.put_nowait, said)

    def shown(self) -> dict[str, Any]:
        said = {
            "id": self.id,
            "endpoint_name": self.endpoint,
            "connected_at": time(self.since),
            "client_ip": "127.0.0.1",
            "disconnected_at": time(self.ended) if self.ended else None,
            "disconnect_reason": self.why or None,
        }
        return {name: each for name, each in said.items() if each}


class Streams:
    """All streams. `beat_s` is the pause between blank lines.

    `silent` says nothing at all, heartbeats neither, and what happens meanwhile is lost.
    `lose` drops that many coming events, `repeat` says each so often, `hold` keeps that many back
    and then says them in the wrong order. `full` refuses connections as one too many.
    """

    def __init__(self, standin: StandIn) -> None:
        self._x = standin
        self.beat_s = 20.0
        self.silent = self.full = False
        self.lose, self.repeat, self.hold = 0, 1, 0
        self.rules: dict[str, Rule] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.connections: list[Connection] = []
        self._held: list[tuple[Connection, Any]] = []

    def open(self, endpoint: str = "") -> list[Connection]:
        return [c for c in self.connections if not c.ended and endpoint in ("", c.endpoint)]

    def disconnect(self, endpoint: str = "", *, abruptly: bool = False) -> None:
        """End the open streams, with X's words about it or by cutting the line."""
        for connection in self.open(endpoint):
            if not abruptly:
                connection.say(_operational_disconnect())
            connection.say(CUT if abruptly else None)

    def kill(self, connections: list[Connection], why: str) -> Answer:
        for connection in connections:
            connection.why = why
            connection.ended = self._x.world.now()
            connection.say(None)
        results = [{"uuid": each.id, "success": True} for each in connections]
        data = {"successful_kills": len(results), "failed_kills": 0, "results": results}
        return Answer(200, {"data": data})

    # The filtered stream

    def connect_filtered(self, request: Request) -> Connection:
        self._refuse_backfill(request)
        if not self.rules:
            raise _connection_problem(409, "RuleConfigurationIssue", "No rules are set.")
        return self._connect("filtered_stream", Wish.of(request))

    def hear_post(self, post: Post) -> None:
        matching = [r for r in self.rules.values() if r.query.matches(self._x.world, post)]
        if not matching:
            return
        tags = [{"id": rule.id} | ({"tag": rule.tag} if rule.tag else {}) for rule in matching]
        for connection in self.open("filtered_stream"):
            page = Page(self._x.world, self._x.pushed_spelling, connection.wish, None)
            self._say(connection, page.answer(page.post(post), matching_rules=tags))
            self._x.bill.read(self._x.world, "post", [post.id])

    def listed_rules(self, request: Request) -> Answer:
        wanted = request.listed("ids")
        shown = [r.shown() for r in self.rules.values() if not wanted or r.id in wanted]
        meta = {"sent": time(self._x.world.now()), "result_count": len(shown)}
        return Answer(200, ({"data": shown} if shown else {}) | {"meta": meta})

    def counted_rules(self, request: Request) -> Answer:
        return Answer(200, {
            "data": {
                "cap_per_client_app": str(RULES),
                "cap_per_project": str(RULES),
                "client_app_rules_count": {"rule_count": len(self.rules)},
                "project_rules_count": str(len(self.rules)),
            }
        })  # fmt: skip

    def update_rules(self, request: Request) -> Answer:
        dry = request.query.get("dry_run") == "true"
        meta: dict[str, Any] = {"sent": time(self._x.world.now())}
        if request.query.get("delete_all") == "true" or "delete" in (request.body or {}):
            return self._delete_rules(request, dry, meta)
        if not (request.body or {}).get("add"):
            raise invalid("add", "", "The request must contain add or delete.")
        return self._add_rules(request.body["add"], dry, meta)

    def _add_rules(self, wanted: list[dict[str, Any]], dry: bool, meta: dict[str, Any]) -> Answer:
        if len(self.rules) + len(wanted) > RULES:
            raise Problem(422, "RulesCapExceeded", f"At most {RULES} rules.", kind="rule-cap")
        made, errors = [], []
        for rule in wanted:
            try:
                made.append(self._rule(rule, made))
            except Problem as problem:
                errors.append({"value": rule["value"], **problem.content})
        if not dry and not errors:
            self.rules.update({rule.id: rule for rule in made})
        counts = {"created": len(made), "not_created": len(errors), "valid": len(made)}
        meta["summary"] = counts | {"invalid": len(errors)}
        said = {"data": [rule.shown() for rule in made]} if made and not errors else {}
        said["meta"] = meta
        return Answer(200 if errors else 201, said | ({"errors": errors} if errors else {}))

    def _rule(self, rule: dict[str, Any], fresh: list[Rule]) -> Rule:
        value = rule["value"]
        if len(value) > RULE_LENGTH:
            raise Problem(400, "InvalidRule", f"Rules have at most {RULE_LENGTH} characters.",
                          kind="invalid-rules", details=["Rule is too long."])  # fmt: skip
        same = next((r for r in (*self.rules.values(), *fresh) if r.value == value), None)
        if same:
            raise Problem(409, "DuplicateRule", "This rule exists.", kind="duplicate-rules",
                          id=same.id)  # fmt: skip
        return Rule(self._x.world.new_id(), value, rule.get("tag"), Query(value))

    def _delete_rules(self, request: Request, dry: bool, meta: dict[str, Any]) -> Answer:
        asked = (request.body or {}).get("delete", {})
        values = set(asked.get("values", []))
        ids = set(asked.get("ids", [])) | {r.id for r in self.rules.values() if r.value in values}
        if request.query.get("delete_all") == "true":
            ids = set(self.rules)
        found = ids & set(self.rules)
        errors = [missing("rule", each, "ids") for each in sorted(ids - found)]
        if not dry:
            for each in found:
                del self.rules[each]
        meta["summary"] = {"deleted": len(found), "not_deleted": len(ids - found)}
        return Answer(200, {"meta": meta} | ({"errors": errors} if errors else {}))

    # The activity stream

    def connect_activity(self, request: Request) -> Connection:
        self._refuse_backfill(request)
        return self._connect("x_activity_stream", EVERYTHING)

    def subscribe(self, request: Request) -> Answer:
        body = request.body
        self._check_subscription(request.user, request.scopes, body)
        made = Subscription(
            self._x.world.new_id(), body["event_type"], body["filter"], body.get("tag"),
            body.get("webhook_id"), self._x.world.now(),
        )  # fmt: skip
        self.subscriptions[made.id] = made
        meta = {"total_subscriptions": len(self.subscriptions)}
        return Answer(200, {"data": {"subscription": made.shown()}, "meta": meta})

    def subscribed(self, request: Request) -> Answer:
        shown = [each.shown() for each in self.subscriptions.values()]
        meta = {"total_subscriptions": len(shown), "result_count": len(shown)}
        return Answer(200, {"data": shown, "meta": meta})

    def update_subscription(self, request: Request) -> Answer:
        found = self._subscription(request.path["subscription_id"])
        found.tag = request.body.get("tag", found.tag)
        found.webhook = request.body.get("webhook_id", found.webhook)
        meta = {"total_subscriptions": len(self.subscriptions)}
        return Answer(200, {"data": {"subscription": found.shown()}, "meta": meta})

    def unsubscribe(self, request: Request) -> Answer:
        del self.subscriptions[self._subscription(request.path["subscription_id"]).id]
        meta = {"total_subscriptions": len(self.subscriptions)}
        return Answer(200, {"data": {"deleted": True}, "meta": meta})

    def unsubscribe_many(self, request: Request) -> Answer:
        for each in request.listed("ids"):
            self.subscriptions.pop(each, None)
        meta = {"total_subscriptions": len(self.subscriptions)}
        return Answer(200, {"data": {"deleted": True}, "meta": meta})

    def hear(self, happening: Happening) -> None:
        for subscription in list(self.subscriptions.values()):
            if subscription.wants(happening):
                self._charge(happening)
                said = self._event(subscription, happening)
                if subscription.webhook:
                    self._x.webhooks.deliver(subscription.webhook, said)
                else:
                    for connection in self.open("x_activity_stream"):
                        self._say(connection, said)

    def _check_subscription(
        self, user: Person | None, scopes: set[str], body: dict[str, Any]
    ) -> None:
        kind, wanted = body["event_type"], body["filter"].get("user_id")
        if not kind.startswith(PUBLIC):
            owner = self._x.world.people.get(wanted or "")
            if not owner or user is not owner:
                raise forbidden(f"{kind} is private: its user must sign in and ask for it.")
            needed = {"dm": "dm.read", "chat": "dm.read", "like": "like.read"}
            if (scope := needed.get(kind.split(".")[0], "tweet.read")) not in scopes:
                raise forbidden(f"{kind} needs the scope {scope}.")
        if body.get("webhook_id") and body["webhook_id"] not in self._x.webhooks.registered:
            raise invalid("webhook_id", body["webhook_id"], "There is no such webhook.")
        if len(self.subscriptions) >= SUBSCRIPTIONS and self._x.tier == "self-serve":
            raise forbidden(f"At most {SUBSCRIPTIONS} subscriptions on your plan.")
        same = (kind, body["filter"], body.get("webhook_id"))
        if any((s.kind, s.filter, s.webhook) == same for s in self.subscriptions.values()):
            raise Problem(409, "Conflict", "This subscription exists.")

    def _subscription(self, subscription_id: str) -> Subscription:
        found = self.subscriptions.get(subscription_id)
        if not found:
            raise Problem(404, "Not Found Error", f"No subscription {subscription_id}.")
        return found

    def _charge(self, happening: Happening) -> None:
        line = "event_post" if happening.kind.startswith("post.") else f"event_{happening.kind}"
        line = {"event_like.create": "like", "event_follow.follow": "user"}.get(line, line)
        if not line.endswith("unfollow"):
            self._x.bill.charge(line)

    def _event(self, subscription: Subscription, happening: Happening) -> dict[str, Any]:
        payload, includes = self._payload(happening)
        event = {
            "event_uuid": self._x.world.new_id(),
            "filter": subscription.filter,
            "event_type": happening.kind,
            "payload": payload,
        }
        more = {"tag": subscription.tag, "includes": includes}
        return {"data": event | {name: each for name, each in more.items() if each}}

    def _payload(self, happening: Happening) -> tuple[dict[str, Any], dict[str, Any]]:
        world, thing = self._x.world, happening.thing
        page = Page(world, self._x.pushed_spelling, EVERYTHING, happening.of)
        if happening.kind == "post.delete":
            users = {"users": [{"data": page.user(happening.by)}]}
            return {"id": thing.id, "author_id": thing.author.id}, users
        if happening.kind.startswith("post."):
            return page.post(thing), page.includes()
        if happening.kind.startswith("dm."):
            return legacy_message(thing, world, happening.of), {}
        if happening.kind == "like.create":
            shown = page.post(thing)
            like = {
                "id": uuid.uuid4().hex,
                "created_at": time(thing.at),
                "timestamp_ms": str(int(world.now().timestamp() * 1000)),
                "liked_tweet_author_id": thing.author.id,
                "liked_tweet_id": thing.id,
            }
            people = [page.user(happening.by), page.user(thing.author)]
            return like, {"users": people, f"{self._x.pushed_spelling}s": [shown]}
        source, target = page.user(happening.by), page.user(thing)
        return {"source": {"data": source}, "target": {"data": target}}, {}

    # Both

    def _refuse_backfill(self, request: Request) -> None:
        if int(request.query.get("backfill_minutes", 0)) and self._x.tier == "self-serve":
            raise invalid("backfill_minutes", "", "Backfill is not available on your plan.")

    def _connect(self, endpoint: str, wish: Wish) -> Connection:
        if self.full or len(self.open(endpoint)) >= MOST[endpoint]:
            raise _connection_problem(
                429, "TooManyConnections",
                "This stream is currently at the maximum allowed connection limit.",
            )  # fmt: skip
        loop = asyncio.get_running_loop()
        self.connections.append(Connection(endpoint, wish, self._x.world.now(), loop))
        return self.connections[-1]

    def _say(self, connection: Connection, said: dict[str, Any]) -> None:
        if self.silent:
            return
        if self.lose > 0:
            self.lose -= 1
            return
        self._held.append((connection, said))
        if len(self._held) > self.hold:
            for held, each in reversed(self._held):
                for _ in range(self.repeat):
                    held.say(json.dumps(each).encode() + b"\r\n")
            self._held.clear()


def _operational_disconnect() -> bytes:
    said = {
        "title": "operational-disconnect",
        "disconnect_type": "UpstreamOperationalDisconnect",
        "detail": "This stream has been disconnected upstream for operational reasons.",
        "type": TYPES + "operational-disconnect",
    }
    return json.dumps({"errors": [said]}).encode() + b"\r\n"


def _connection_problem(status: int, issue: str, detail: str) -> Problem:
    return Problem(
        status, "ConnectionException", detail, kind="streaming-connection", connection_issue=issue
    )
