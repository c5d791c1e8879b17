"""X's operations by the names of its OpenAPI document; streams and webhooks lie elsewhere."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from servers.x import rules
from servers.x.answers import Answer, Problem, Request, forbidden, invalid, missing
from servers.x.payload import Page, Wish, time
from servers.x.query import Query
from servers.x.state import Media, Message, Person, Post

if TYPE_CHECKING:
    from servers.x.standin import StandIn

Handler = Callable[["StandIn", Request], "Answer | Awaitable[Answer]"]
HANDLERS: dict[str, Handler] = {}
RECENT, MESSAGES_KEPT, NEWEST_MENTIONS, QUERY_LENGTH = timedelta(7), timedelta(30), 800, 512
PAGE_MARK = "page-after-"


def handles(*operations: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(operations, handler))
        return handler

    return register


# People


@handles("getUsersMe")
def me(x: StandIn, request: Request) -> Answer:
    page = _page(x, request)
    return Answer(200, page.answer(page.user(_user(request))))


@handles("getUsersByIds", "getUsersById")
def users_by_id(x: StandIn, request: Request) -> Answer:
    one = request.path.get("id")
    ids = [one] if one else request.listed("ids")
    return _users(x, request, "ids", {each: x.world.people.get(each) for each in ids}, bool(one))


@handles("getUsersByUsernames", "getUsersByUsername")
def users_by_name(x: StandIn, request: Request) -> Answer:
    one = request.path.get("username")
    names = [one] if one else request.listed("usernames")
    return _users(x, request, "usernames", {n: x.world.named(n) for n in names}, bool(one))


def _users(
    x: StandIn, request: Request, by: str, found: dict[str, Person | None], one: bool
) -> Answer:
    page = _page(x, request)
    there = [person for person in found.values() if person]
    x.bill.read(x.world, "user", [person.id for person in there])
    shown = [page.user(person) for person in there]
    errors = [missing("user", each, by) for each, person in found.items() if not person]
    return _said(x, page, (shown or [None])[0] if one else shown, errors=errors)


# Reading posts


@handles("getPostsByIds", "getPostsById")
def posts_by_id(x: StandIn, request: Request) -> Answer:
    one = request.path.get("id")
    page, shown, errors = _page(x, request), [], []
    for each in [one] if one else request.listed("ids"):
        post = x.world.posts.get(each)
        if not post or post.gone or not _visible(post, request.user):
            errors.append(missing(x.spelling, each, "ids"))
            continue
        post = x.world.newest(post) if x.old_ids == "latest" else post
        x.bill.read(x.world, "post", [post.id])
        shown.append(page.post(post))
    return _said(x, page, (shown or [None])[0] if one else shown, errors=errors)


@handles("getUsersMentions")
def mentions(x: StandIn, request: Request) -> Answer:
    person = _person(x, request.path["id"])
    found = [p for p in x.world.current() if person in x.world.mentioned(p) and not p.repost_of]
    line = "owned" if person is request.user else "post"
    return _timeline(x, request, found[:NEWEST_MENTIONS], line)


@handles("getUsersPosts")
def users_posts(x: StandIn, request: Request) -> Answer:
    person = _person(x, request.path["id"])
    without = request.listed("exclude")
    found = [
        post
        for post in x.world.current()
        if post.author is person
        and not ("replies" in without and post.reply_to)
        and not ("retweets" in without and post.repost_of)
    ]
    return _timeline(x, request, found, "owned" if person is request.user else "post")


@handles("getPostsQuotedPosts")
def quoted_posts(x: StandIn, request: Request) -> Answer:
    quoted = x.world.posts.get(request.path["id"])
    chain = quoted.chain if quoted else []
    return _timeline(x, request, [p for p in x.world.current() if p.quote_of in chain], "post")


@handles("searchPostsRecent")
def search(x: StandIn, request: Request) -> Answer:
    query = _query(x, request)
    floor = x.world.now() - RECENT
    _check_recent(request, floor)
    found = [p for p in x.world.current() if p.at >= floor and query.matches(x.world, p)]
    return _timeline(x, request, found, "post")


@handles("getPostsCountsRecent")
def counts(x: StandIn, request: Request) -> Answer:
    query, now = _query(x, request), x.world.now()
    found = [p for p in x.world.current() if p.at >= now - RECENT and query.matches(x.world, p)]
    x.bill.charge("counts")
    count = f"{x.spelling}_count"
    bucket = {"start": time(now - RECENT), "end": time(now), count: len(found)}
    return Answer(200, {"data": [bucket], "meta": {f"total_{count}": len(found)}})


def _query(x: StandIn, request: Request) -> Query:
    text = request.query["query"]
    if len(text) > QUERY_LENGTH and x.tier == "self-serve":
        raise invalid("query", text, f"Queries have at most {QUERY_LENGTH} characters.")
    return Query(text)


def _check_recent(request: Request, floor: datetime) -> None:
    start = request.query.get("start_time")
    if start and datetime.fromisoformat(start) < floor:
        raise invalid("start_time", start, "'start_time' must be less than 7 days ago.")


def _timeline(x: StandIn, request: Request, posts: list[Post], line: str) -> Answer:
    """A page of posts, newest first."""
    kept = [p for p in posts if _visible(p, request.user) and _asked(p, request)]
    shown, following = _paged(request, kept, 10)
    x.bill.read(x.world, line, [post.id for post in shown])
    page = _page(x, request)
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if following:
        meta["next_token"] = following
    return _said(x, page, [page.post(post) for post in shown], meta=meta)


def _asked(post: Post, request: Request) -> bool:
    query = request.query
    start, end = query.get("start_time"), query.get("end_time")
    return (
        int(post.id) > int(query.get("since_id", 0))
        and int(post.id) < int(query.get("until_id", 1 << 63))
        and (not start or post.at >= datetime.fromisoformat(start))
        and (not end or post.at < datetime.fromisoformat(end))
    )


def _paged(request: Request, found: list[Any], usual: int) -> tuple[list[Any], str | None]:
    """As many as one page holds, and the token of the next."""
    token = request.query.get("pagination_token") or request.query.get("next_token")
    if token:
        if not token.startswith(PAGE_MARK):
            raise invalid("next_token", token, "The pagination token is invalid.")
        last = int(token.removeprefix(PAGE_MARK))
        found = [each for each in found if int(each.id) < last]
    shown = found[: int(request.query.get("max_results", usual))]
    return shown, f"{PAGE_MARK}{shown[-1].id}" if len(found) > len(shown) else None


# Writing posts


@handles("createPosts")
def create_post(x: StandIn, request: Request) -> Answer:
    author, body = _user(request), request.body or {}
    rules.check_post(x.world, x.tier, author, body)
    text, edited = body.get("text", ""), body.get("edit_options", {}).get("previous_post_id")
    if edited:
        made = x.world.edit(x.world.posts[edited], text)
    else:
        reply = body.get("reply", {}).get("in_reply_to_tweet_id")
        rules.check_duplicate(x.world, author, x.world.whole(author, text, reply))
        line = rules.price_of_post(x.world, author, body)
        made = x.world.post(
            author, text, reply_to=reply, quote_of=body.get("quote_tweet_id"),
            media=tuple(body.get("media", {}).get("media_ids", ())), made_by_app=True,
        )  # fmt: skip
        x.bill.charge(line)
    return Answer(201, {"data": Page(x.world, x.spelling, Wish(), author).post(made)})


@handles("deletePosts")
def delete_post(x: StandIn, request: Request) -> Answer:
    post = x.world.posts.get(request.path["id"])
    if not post or post.gone:
        raise Problem(404, "Not Found Error", "No post with that id.", kind="resource-not-found")
    if post.author is not request.user:
        raise forbidden("You are not allowed to delete this post.")
    x.world.delete(post)
    x.bill.charge("delete")
    return Answer(200, {"data": {"deleted": True}})


@handles("hidePostsReply")
def hide(x: StandIn, request: Request) -> Answer:
    post = x.world.posts.get(request.path["tweet_id"])
    root = x.world.posts.get(post.conversation) if post else None
    if not post or not root or not post.reply_to or root.author is not request.user:
        raise forbidden("You are not permitted to hide this reply.")
    post.hidden = request.body["hidden"]
    return Answer(200, {"data": {"hidden": post.hidden}})


@handles("likePost", "unlikePost")
def like(x: StandIn, request: Request) -> Answer:
    _own(request)
    if x.tier == "self-serve":
        raise forbidden("Likes are not available on your plan.")
    post_id = request.path.get("tweet_id") or request.body["tweet_id"]
    post = x.world.posts.get(post_id)
    if not post or post.gone:
        raise Problem(404, "Not Found Error", "No post with that id.", kind="resource-not-found")
    if request.method == "DELETE":
        post.likes.discard(_user(request).id)
    else:
        x.world.like(_user(request), post)
    return Answer(200, {"data": {"liked": request.method == "POST"}})


@handles("followUser", "unfollowUser")
def follow(x: StandIn, request: Request) -> Answer:
    if x.tier == "self-serve":
        raise forbidden("Following is not available on your plan.")
    target = request.path.get("target_user_id") or request.body["target_user_id"]
    undone = request.method == "DELETE"
    x.world.follow(_user(request), _person(x, target), undone)
    return Answer(200, {"data": {"following": not undone, "pending_follow": False}})


# Direct messages


@handles(
    "getDirectMessagesEvents",
    "getDirectMessagesEventsByParticipantId",
    "getDirectMessagesEventsByConversationId",
)
def messages(x: StandIn, request: Request) -> Answer:
    viewer, only = _user(request), request.path.get("id")
    if with_id := request.path.get("participant_id"):
        only = "-".join(sorted((viewer.id, with_id), key=int))
    kinds = request.listed("event_types")
    found = [
        message
        for message in x.world.messages.values()
        if _may_read(viewer, message)
        and only in (None, message.conversation)
        and message.at >= x.world.now() - MESSAGES_KEPT
        and (not kinds or "MessageCreate" in kinds)
    ]
    shown, following = _paged(request, sorted(found, key=lambda m: -int(m.id)), 100)
    x.bill.read(x.world, "dm_event", [message.id for message in shown])
    page = _page(x, request)
    meta = {"result_count": len(shown)} | ({"next_token": following} if following else {})
    return _said(x, page, [page.message(message) for message in shown], meta=meta)


@handles("getDirectMessagesEventsById")
def message_by_id(x: StandIn, request: Request) -> Answer:
    message = _message(x, request)
    x.bill.read(x.world, "dm_event", [message.id])
    page = _page(x, request)
    return _said(x, page, page.message(message))


@handles("createDirectMessagesByParticipantId")
def send_to(x: StandIn, request: Request) -> Answer:
    return _send(x, request, request.path["participant_id"])


@handles("createDirectMessagesByConversationId")
def send_in(x: StandIn, request: Request) -> Answer:
    sides = request.path["dm_conversation_id"].split("-")
    others = [each for each in sides if each != _user(request).id]
    if len(sides) != 2 or len(others) != 1:
        raise forbidden("You are not a participant of this conversation.")
    return _send(x, request, others[0])


def _send(x: StandIn, request: Request, to_id: str) -> Answer:
    sender, to = _user(request), _person(x, to_id)
    rules.check_message(x.world, sender, to, request.body)
    media = tuple(each["media_id"] for each in request.body.get("attachments", ()))
    made = x.world.send(sender, to, request.body.get("text", ""), media=media)
    x.bill.charge("dm_send")
    data = {"dm_conversation_id": made.conversation, "dm_event_id": made.id}
    return Answer(201, {"data": data})


@handles("deleteDirectMessagesEvents")
def delete_message(x: StandIn, request: Request) -> Answer:
    message = _message(x, request)
    if message.sender is not request.user:
        raise forbidden("Only who sent a message can delete it.")
    message.gone_for.add(_user(request).id)
    x.bill.charge("delete")
    return Answer(200, {"data": {"deleted": True}})


def _message(x: StandIn, request: Request) -> Message:
    message = x.world.messages.get(request.path["event_id"])
    if not message or not _may_read(_user(request), message):
        raise Problem(404, "Not Found Error", "No such message.", kind="resource-not-found")
    return message


def _may_read(viewer: Person, message: Message) -> bool:
    return viewer in (message.sender, message.to) and viewer.id not in message.gone_for


# Pictures


@handles("initializeMediaUpload")
def initialize(x: StandIn, request: Request) -> Answer:
    body = request.body or {}
    media = _new_media(x, request, body.get("media_category", "tweet_image"))
    media.mime = body.get("media_type", media.mime)
    x.announced[media.id] = body.get("total_bytes", 0)
    return Answer(200, {"data": _shown_upload(media)})


@handles("appendMediaUpload")
def append(x: StandIn, request: Request) -> Answer:
    media = _own_media(x, request, request.path["id"])
    media.parts[request.body["segment_index"]] = _bytes(request)
    return Answer(200, {"data": {"expires_at": int(x.world.now().timestamp()) + 86_400}})


@handles("finalizeMediaUpload")
def finalize(x: StandIn, request: Request) -> Answer:
    media = _own_media(x, request, request.path["id"])
    if len(media.content) != x.announced.get(media.id):
        raise invalid("id", media.id, "The size differs from the total_bytes announced.")
    return Answer(200, {"data": _finished(x, media)})


@handles("mediaUpload")
def upload(x: StandIn, request: Request) -> Answer:
    media = _new_media(x, request, request.body["media_category"])
    media.parts[0] = _bytes(request)
    return Answer(200, {"data": _finished(x, media)})


@handles("getMediaUploadStatus")
def upload_status(x: StandIn, request: Request) -> Answer:
    media = _own_media(x, request, request.query["media_id"])
    if media.id in x.processing:
        x.processing[media.id] -= 1
        media.ready = x.processing[media.id] <= 0
    return Answer(200, {"data": _shown_upload(media) | _progress(x, media)})


@handles("createMediaMetadata")
def describe(x: StandIn, request: Request) -> Answer:
    media = _own_media(x, request, request.body["id"])
    said = request.body.get("metadata", {})
    media.alt = said.get("alt_text", {}).get("text", media.alt)
    x.bill.charge("media_metadata")
    return Answer(200, {"data": {"id": media.id, "associated_metadata": said}})


def _new_media(x: StandIn, request: Request, category: str) -> Media:
    kind = "video" if "video" in category else "animated_gif" if "gif" in category else "photo"
    media_id = x.world.new_id()
    made = Media(media_id, _user(request).id, f"3_{media_id}", kind)
    x.world.media[media_id] = made
    return made


def _own_media(x: StandIn, request: Request, media_id: str) -> Media:
    media = x.world.media.get(media_id)
    if not media or media.owner != _user(request).id:
        raise invalid("id", media_id, "There is no such media.")
    return media


def _bytes(request: Request) -> bytes:
    if request.headers["content-type"].startswith("multipart"):
        return str(request.body["media"]).encode("latin-1")
    try:
        return base64.b64decode(request.body["media"], validate=True)
    except binascii.Error:
        raise invalid("media", "", "The media is no base64.") from None


def _finished(x: StandIn, media: Media) -> dict[str, Any]:
    if media.kind == "video":
        x.processing[media.id] = 2
    media.ready = media.kind != "video"
    return _shown_upload(media) | {"size": len(media.content)} | _progress(x, media)


def _shown_upload(media: Media) -> dict[str, Any]:
    return {"id": media.id, "media_key": media.key, "expires_after_secs": 86_400}


def _progress(x: StandIn, media: Media) -> dict[str, Any]:
    if media.kind != "video":
        return {}
    state = {"state": "succeeded" if media.ready else "in_progress"}
    more = {"progress_percent": 100} if media.ready else {"check_after_secs": 1}
    return {"processing_info": state | more}


# The account of the app


@handles("getUsage")
def usage(x: StandIn, request: Request) -> Answer:
    read = sum(x.bill.lines[line] for line in ("post", "owned"))
    data = {
        "cap_reset_day": 1,
        "project_cap": "3000000",
        "project_id": "1",
        "project_usage": str(read),
    }
    return Answer(200, {"data": data})


@handles("getConnectionHistory")
def connections(x: StandIn, request: Request) -> Answer:
    status, wanted = request.query.get("status", "active"), request.listed("endpoints")
    shown = [
        each.shown()
        for each in x.streams.connections
        if status in ("all", "inactive" if each.ended else "active")
        and (not wanted or each.endpoint in wanted)
    ]
    return Answer(200, {"data": shown, "meta": {"result_count": len(shown)}})


@handles("deleteAllConnections", "deleteConnectionsByEndpoint", "deleteConnectionsByUuids")
def kill_connections(x: StandIn, request: Request) -> Answer:
    open_ones = x.streams.open(request.path.get("endpoint_id", ""))
    if request.body:
        open_ones = [each for each in open_ones if each.id in request.body["uuids"]]
    return x.streams.kill(open_ones, "Connection terminated by request")


# What their own files do

HANDLERS |= {
    "getRules": lambda x, request: x.streams.listed_rules(request),
    "getRuleCounts": lambda x, request: x.streams.counted_rules(request),
    "updateRules": lambda x, request: x.streams.update_rules(request),
    "createActivitySubscription": lambda x, request: x.streams.subscribe(request),
    "getActivitySubscriptions": lambda x, request: x.streams.subscribed(request),
    "updateActivitySubscription": lambda x, request: x.streams.update_subscription(request),
    "deleteActivitySubscription": lambda x, request: x.streams.unsubscribe(request),
    "deleteActivitySubscriptionsByIds": lambda x, request: x.streams.unsubscribe_many(request),
    "createWebhooks": lambda x, request: x.webhooks.create(request),
    "getWebhooks": lambda x, request: x.webhooks.listed(request),
    "validateWebhooks": lambda x, request: x.webhooks.validate(request),
    "deleteWebhooks": lambda x, request: x.webhooks.delete(request),
    "createWebhookReplayJob": lambda x, request: x.webhooks.replay(request),
}


def _page(x: StandIn, request: Request) -> Page:
    return Page(x.world, x.spelling, Wish.of(request), request.user)


def _said(x: StandIn, page: Page, data: Any, **more: Any) -> Answer:
    """An answer, with what hangs on it charged: X charges every resource in a response."""
    people, posts = page.included
    x.bill.read(x.world, "user", people)
    x.bill.read(x.world, "post", posts)
    return Answer(200, page.answer(data, **more))


def _user(request: Request) -> Person:
    assert request.user, "the operation wants a user's token"
    return request.user


def _own(request: Request) -> None:
    if request.path["id"] != _user(request).id:
        raise forbidden("You can only do this for yourself.")


def _person(x: StandIn, person_id: str) -> Person:
    person = x.world.people.get(person_id)
    if not person:
        raise Problem(404, "Not Found Error", f"No user {person_id}.", kind="resource-not-found")
    return person


def _visible(post: Post, viewer: Person | None) -> bool:
    author = post.author
    own = viewer is author or bool(viewer and author.id in viewer.follows)
    return not author.protected or own
