"""What X forbids, meters and charges, as its documents of August 2026 say it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from twitter_text import extract_urls, parse_tweet

from servers.x.answers import Problem, forbidden
from servers.x.payload import lets_write
from servers.x.state import EDIT_WINDOW, EDITS, Person, Post, World

Tier = Literal["self-serve", "enterprise"]
LONGEST, LONGEST_PREMIUM, LONGEST_MESSAGE = 280, 25_000, 10_000
CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}\b")

PRICES = {
    "post": Decimal("0.005"), "user": Decimal("0.010"), "dm_event": Decimal("0.010"),
    "owned": Decimal("0.001"), "counts": Decimal("0.005"), "like": Decimal("0.001"),
    "create": Decimal("0.015"), "create_with_url": Decimal("0.200"),
    "summoned_reply": Decimal("0.010"), "dm_send": Decimal("0.015"), "delete": Decimal("0.010"),
    "media_metadata": Decimal("0.005"), "event_post": Decimal("0.005"),
    "event_dm.received": Decimal("0.010"), "event_dm.sent": Decimal(0),
}  # fmt: skip

QUARTER, DAY = 15 * 60, 24 * 3600
# Calls of the app, calls of one user, and in how many seconds.
LIMITS: dict[str, tuple[int | None, int | None, int]] = {
    "searchPostsRecent": (450, 300, QUARTER),
    "getUsersMentions": (450, 300, QUARTER),
    "getUsersPosts": (10_000, 900, QUARTER),
    "getPostsByIds": (3_500, 5_000, QUARTER),
    "createPosts": (None, 100, QUARTER),
    "deletePosts": (None, 50, QUARTER),
    "hidePostsReply": (None, 50, QUARTER),
    "getUsersMe": (None, 75, QUARTER),
    "streamPosts": (50, None, QUARTER),
    "updateRules": (100, None, QUARTER),
    "getRules": (450, None, QUARTER),
    "getDirectMessagesEvents": (None, 15, QUARTER),
    "getDirectMessagesEventsByParticipantId": (None, 15, QUARTER),
    "getDirectMessagesEventsByConversationId": (None, 15, QUARTER),
    "createDirectMessagesByParticipantId": (1_440, 15, QUARTER),
    "createDirectMessagesByConversationId": (1_440, 15, QUARTER),
    "mediaUpload": (50_000, 500, QUARTER),
    "initializeMediaUpload": (180_000, 1_875, QUARTER),
    "appendMediaUpload": (180_000, 1_875, QUARTER),
    "finalizeMediaUpload": (180_000, 1_875, QUARTER),
    "createWebhooks": (450, None, QUARTER),
    "validateWebhooks": (450, None, QUARTER),
    "createWebhookReplayJob": (100, None, QUARTER),
    "createActivitySubscription": (500, 500, QUARTER),
    "activityStream": (450, None, QUARTER),
    "getUsage": (50, None, QUARTER),
}


class Limits:
    """Counts calls by operation and who calls; `standing` overrules X's own numbers."""

    def __init__(self) -> None:
        self.standing: dict[str, int] = {}
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def spend(self, world: World, operation: str, user: Person | None) -> dict[str, str]:
        """The headers of an answer; raises the 429 once the window is used up."""
        app, own, seconds = LIMITS.get(operation, (900, 900, QUARTER))
        most = self.standing.get(operation, (own if user else app) or 900)
        now, key = world.now().timestamp(), (operation, user.id if user else "app")
        ends, used = self._windows.get(key, (0.0, 0))
        if now >= ends:
            ends, used = now + seconds, 0
        self._windows[key] = (ends, used + 1)
        headers = {
            "x-rate-limit-limit": str(most),
            "x-rate-limit-remaining": str(max(0, most - used - 1)),
            "x-rate-limit-reset": str(int(ends)),
        }
        if used >= most:
            refusal = Problem(429, "Too Many Requests")
            refusal.headers = headers  # type: ignore[attr-defined]  # only this problem has any
            raise refusal
        return headers


@dataclass
class Bill:
    """What X would charge: `lines` count the charges by price, a thing read once a UTC day."""

    lines: Counter[str] = field(default_factory=Counter)
    _seen: set[tuple[str, str, Any]] = field(default_factory=set)

    @property
    def total(self) -> Decimal:
        """US dollars."""
        return sum((PRICES[line] * count for line, count in self.lines.items()), Decimal(0))

    def charge(self, line: str, count: int = 1) -> None:
        self.lines[line] += count

    def read(self, world: World, line: str, ids: list[str]) -> None:
        for each in ids:
            key = ("post" if line == "owned" else line, each, world.now().date())
            if key not in self._seen:
                self._seen.add(key)
                self.charge(line)


def summons(world: World, post: Post, replier: Person) -> bool:
    """Whether the author of a post called the replier in: named them, or quoted them."""
    quoted = world.posts.get(post.quote_of or "")
    return replier in world.mentioned(post) or bool(quoted and quoted.author is replier)


def check_post(world: World, tier: Tier, author: Person, body: dict[str, Any]) -> None:
    """Raise the refusal that X would answer to this post, if any."""
    text = body.get("text", "")
    if not text and not body.get("media"):
        raise Problem(
            400, "Invalid Request", "One of text, media or poll must be given.",
            kind="invalid-request",
        )  # fmt: skip
    _check_length(author, text)
    if tier == "self-serve" and len(CASHTAG.findall(text)) > 1:
        raise forbidden("You are not permitted to use more than one cashtag in a post.")
    if tier == "self-serve" and body.get("quote_tweet_id"):
        raise forbidden("Quoting a post is not available on your plan.")
    _check_media(world, author, body.get("media", {}).get("media_ids", []))
    if "reply" in body:
        _check_reply(world, tier, author, body["reply"]["in_reply_to_tweet_id"])
    if "edit_options" in body:
        _check_edit(world, author, body["edit_options"]["previous_post_id"])


def check_duplicate(world: World, author: Person, whole: str) -> None:
    """X refuses the same words twice; here, within a day."""
    since = world.now() - timedelta(days=1)
    if any(p.author is author and p.whole == whole and p.at > since for p in world.current()):
        raise forbidden("You are not allowed to create a Tweet with duplicate content.")


def check_message(world: World, sender: Person, to: Person, body: dict[str, Any]) -> None:
    """Raise the refusal that X would answer to this message, if any."""
    if len(body.get("text", "")) > LONGEST_MESSAGE:
        raise Problem(400, "Invalid Request", "The text is too long.", kind="invalid-request")
    _check_media(world, sender, [each["media_id"] for each in body.get("attachments", [])])
    if world.has_written_to(to, sender) and sender.id not in to.blocks:
        return
    if not lets_write(to, sender):
        said = (476, "Sender is not verified to send message requests.")
        if to.dm != "verified":
            said = (349, "You cannot send messages to this user.")
        raise forbidden(said[1], errors=[{"code": said[0], "message": said[1]}])


def price_of_post(world: World, author: Person, body: dict[str, Any]) -> str:
    """The line of the bill for a new post. X does not say what a summoned reply with a link costs;
    here it is a summoned reply."""
    parent = world.posts.get(body.get("reply", {}).get("in_reply_to_tweet_id", ""))
    if parent and summons(world, parent, author):
        return "summoned_reply"
    return "create_with_url" if extract_urls(body.get("text", "")) else "create"


def _check_length(author: Person, text: str) -> None:
    # Leading names of a reply do not count on X; here X itself writes them, so they are not in it.
    units = parse_tweet(text).weightedLength if text else 0
    if units > (LONGEST_PREMIUM if author.premium else LONGEST):
        raise Problem(
            400, "Invalid Request", "Your Tweet text is too long.", kind="invalid-request"
        )


def _check_media(world: World, owner: Person, ids: list[str]) -> None:
    for each in ids:
        media = world.media.get(each)
        if not media or media.owner != owner.id or not media.ready:
            raise Problem(
                400, "Invalid Request", "Your media IDs are invalid.", kind="invalid-request"
            )


def _check_reply(world: World, tier: Tier, author: Person, parent_id: str) -> None:
    parent = world.posts.get(parent_id)
    if not parent or parent.gone:
        raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    own = parent.author is author
    if tier == "self-serve" and not own and not summons(world, parent, author):
        raise forbidden(
            "Reply to this conversation is not allowed because you have not been mentioned or "
            "otherwise engaged by the author of the post you are replying to."
        )


def _check_edit(world: World, author: Person, post_id: str) -> None:
    post = world.posts.get(post_id)
    if not post or post.author is not author or post.chain[-1] != post_id or not author.premium:
        raise forbidden("You are not permitted to edit this post.")
    if world.now() > post.at + EDIT_WINDOW or len(post.chain) > EDITS:
        raise forbidden("The time or the number of edits is used up.")
