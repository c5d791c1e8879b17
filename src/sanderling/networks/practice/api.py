"""What programs may ask of the practice network: the account's calls, and those of who runs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Annotated, Literal, TypeVar

import msgspec

from sanderling.networks.practice.acting import Matter
from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.delivery import Faults
from sanderling.networks.practice.scenario import drills
from sanderling.networks.practice.service import Service
from sanderling.networks.practice.telling import Teller
from sanderling.networks.practice.touched import touched
from sanderling.networks.practice.wire import Problem, Request, Response, Routes, as_json
from sanderling.networks.practice.world import Moment, Picture, Post, Room, Writing

ROUTES = Routes()
HEARTBEAT_S = 10.0
PAGE, LARGEST_PAGE = 100, 500
PICTURES = "/api/pictures"
Struct = TypeVar("Struct", bound=msgspec.Struct)


class NewPost(msgspec.Struct, kw_only=True):
    """What an account sends to say something. Pictures are addresses with descriptions."""

    text: str
    room: Room
    reply_to: str | None = None
    to: str | None = None
    pictures: list[Picture] = []


class PostId(msgspec.Struct):
    """The post that is meant."""

    post: str


class Act(msgspec.Struct, kw_only=True):
    """What someone who runs the network lets a person do.

    `open` lets a person of the story open a matter (`act`, `topic`) and go on by themselves;
    everything else is done by the caller's hand, and that person is theirs from then on.
    """

    do: Literal["write", "edit", "delete", "like", "unlike", "repost", "unrepost", "open"]
    who: str
    text: str = ""
    post: str = ""
    room: Room = "public"
    reply_to: str | None = None
    quote_of: str | None = None
    to: str | None = None
    act: str = "complain"
    topic: str = "bill"


class Pace(msgspec.Struct, kw_only=True):
    """How the story goes on: a new speed, so many seconds at once, or another scenario, with its
    `seed` and without its first `skip` minutes."""

    speed: float | None = None
    advance_s: float | None = None
    scenario: str | None = None
    seed: int | None = None
    skip: float = 0.0


class Blow(msgspec.Struct, kw_only=True):
    """So many posts within so many seconds, about what a scenario is about."""

    posts: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    seconds: Annotated[float, msgspec.Meta(gt=0)]
    scenario: str = "ordinary"


class Story(msgspec.Struct, frozen=True):
    """What is played, and how fast."""

    scenario: str
    seed: int
    speed: float


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()


def _decoded(request: Request, kind: type[Struct]) -> Struct:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Problem(422, f"This cannot be read: {error}") from error


# The account's own calls


@ROUTES.on("GET", "/api/me")
def me(service: Service, request: Request) -> Response:
    """Who this token belongs to."""
    headers = service.admit("read", _token(request), request.now)
    return as_json(_teller(service, request).person(service.world.people[CARE.id]), headers=headers)


@ROUTES.on("GET", "/api/events")
def events(service: Service, request: Request) -> Response:
    """What happened after the cursor `since`, at most `limit` events."""
    headers = service.admit("read", _token(request), request.now)
    service.catch_up(request.now)
    return as_json(_page(service, request, request.query.get("since") or None), headers=headers)


@ROUTES.on("GET", "/api/stream")
def stream(service: Service, request: Request) -> Response:
    """The same as `events`, one page a line, for as long as the caller listens."""
    headers = service.admit("read", _token(request), request.now)
    since = request.query.get("since") or None
    first = _page(service, request, since)
    pages = _pages(service, request, first)
    return Response(stream=pages, kind="application/x-ndjson", headers=headers)


async def _pages(
    service: Service, request: Request, page: dict[str, object]
) -> AsyncIterator[bytes]:
    while True:
        yield msgspec.json.encode(page) + b"\n"
        news = service.news
        page = _page(service, request, str(page["cursor"]))
        if not page["events"]:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), HEARTBEAT_S)
            page = _page(service, request, str(page["cursor"]))


def _page(service: Service, request: Request, since: str | None) -> dict[str, object]:
    limit = request.query.get("limit", "")
    most = min(int(limit), LARGEST_PAGE) if limit.isdecimal() and int(limit) else PAGE
    window = service.delivery.read(CARE.id, since, most)
    teller = _teller(service, request)
    told = [teller.event(event) for event in window.events]
    return {"events": told, "cursor": window.cursor, "more": window.more}


@ROUTES.on("POST", "/api/posts")
def write(service: Service, request: Request) -> Response:
    """Say something as the account. The same Idempotency-Key is answered with the first post."""
    headers = service.admit("write", _token(request), request.now)
    faults = service.faults
    if service.happens(faults.push_lost):
        return Response(cut=True)
    failed = service.happens(faults.push_failed)
    if failed and service.happens(0.5):
        raise Problem(500, "Something broke.")
    new = _decoded(request, NewPost)
    key = None if faults.forget_keys else request.headers.get("idempotency-key")
    writing = Writing(
        text=new.text,
        room=new.room,
        reply_to=new.reply_to,
        to=new.to,
        pictures=tuple(new.pictures),
    )
    post = service.world.write(CARE.id, writing, service.moment(request.now), key=key)
    if service.happens(faults.push_cut):
        return Response(cut=True)
    if failed:
        raise Problem(500, "Something broke.")
    if service.happens(faults.push_refused):
        raise Problem(403, "This is not allowed.")
    told = _teller(service, request).post(post)
    return as_json(told, status=201, headers=headers, hang_s=faults.push_hang_s)


@ROUTES.on("POST", PICTURES)
def upload(service: Service, request: Request) -> Response:
    """Keep a picture, to be hung on a post; nobody sees it before. The same one is kept once."""
    headers = service.admit("read", _token(request), request.now)
    path = service.pictures.keep(request.headers.get("content-type", ""), request.body)
    return as_json({"path": path}, status=201, headers=headers)


@ROUTES.on("GET", "/api/receipt")
def receipt(service: Service, request: Request) -> Response:
    """The post that was written under `key`."""
    headers = service.admit("read", _token(request), request.now)
    if service.faults.forget_keys:
        raise Problem(410, "This network keeps no keys: look through your own posts.")
    post_id = service.world.keys.get((CARE.id, request.query.get("key", "")))
    if not post_id:
        raise Problem(404, "Nothing was written under this key.")
    post = service.world.posts[post_id]
    return as_json(_teller(service, request).post(post), headers=headers)


@ROUTES.on("GET", "/api/posts")
def own_posts(service: Service, request: Request) -> Response:
    """The account's own latest posts and messages, newest first."""
    headers = service.admit("read", _token(request), request.now)
    world = service.world
    own = (post for post in reversed(world.posts.values()) if post.author == CARE.id)
    standing = (post for post in own if post.id not in world.deleted)
    teller = _teller(service, request)
    return as_json({"posts": [teller.post(p) for p in islice(standing, PAGE)]}, headers=headers)


@ROUTES.on("POST", "/api/likes")
def like(service: Service, request: Request) -> Response:
    """Like a post as the account."""
    headers = service.admit("write", _token(request), request.now)
    post_id = _decoded(request, PostId).post
    service.world.like(CARE.id, post_id, service.moment(request.now))
    return as_json({"liked": post_id}, headers=headers)


def _teller(service: Service, request: Request) -> Teller:
    return Teller(service.world, CARE.id, request.base)


# For those who run the network: drills, tests and demos


@ROUTES.on("GET", "/api/admin/faults")
def show_faults(service: Service, request: Request) -> Response:
    """What goes wrong at present."""
    service.admit_admin(_token(request))
    return as_json(service.faults)


@ROUTES.on("POST", "/api/admin/faults")
def set_faults(service: Service, request: Request) -> Response:
    """Let exactly these things go wrong from now on; `{}` is none."""
    service.admit_admin(_token(request))
    service.set_faults(_decoded(request, Faults), request.now)
    return as_json(service.faults)


@ROUTES.on("POST", "/api/admin/pace")
def pace(service: Service, request: Request) -> Response:
    """Change how the story goes on."""
    service.admit_admin(_token(request))
    wish = _decoded(request, Pace)
    if wish.scenario:
        service.turn_to(wish.scenario, request.now, seed=wish.seed, skip=wish.skip)
    if wish.speed is not None:
        service.set_speed(wish.speed, request.now)
    if wish.advance_s:
        service.advance(wish.advance_s, request.now)
    return as_json({"speed": service.speed, "tick": service.simulation.tick})


@ROUTES.on("POST", "/api/admin/storm")
def storm(service: Service, request: Request) -> Response:
    """Let very many write, to measure a desk."""
    service.admit_admin(_token(request))
    wish = _decoded(request, Blow)
    service.blow(wish.posts, wish.seconds, wish.scenario, request.now)
    return as_json(wish)


@ROUTES.on("GET", "/api/admin/storm")
def blown(service: Service, request: Request) -> Response:
    """How far the storm has come."""
    service.admit_admin(_token(request))
    service.catch_up(request.now)
    written = service.storm.written if service.storm else 0
    return as_json({"written": written})


@ROUTES.on("GET", "/api/admin/story")
def story(service: Service, request: Request) -> Response:
    """What is played now."""
    service.admit_admin(_token(request))
    told = service.simulation
    return as_json(Story(scenario=told.name, seed=told.seed, speed=service.speed))


@ROUTES.on("GET", "/api/admin/truth")
def truth(service: Service, request: Request) -> Response:
    """Whom the drill `scenario` touched `since` a time (ISO), and how they feel about it now."""
    service.admit_admin(_token(request))
    service.catch_up(request.now)
    name, since = request.query.get("scenario", ""), request.query.get("since", "")
    drill = drills().get(name)
    if drill is None:
        raise Problem(422, "There is no such drill.")
    try:
        began = datetime.fromisoformat(since)
    except ValueError as error:
        raise Problem(422, "That is no time.") from error
    return as_json({"touched": list(touched(service.simulation, drill.about, began))})


@ROUTES.on("GET", "/api/admin/people")
def people(service: Service, request: Request) -> Response:
    """Everybody on the network, in the order in which they came."""
    service.admit_admin(_token(request))
    teller = _teller(service, request)
    return as_json({"people": [teller.person(p) for p in service.world.people.values()]})


@ROUTES.on("POST", "/api/admin/act")
def act(service: Service, request: Request) -> Response:
    """Do something as anyone."""
    service.admit_admin(_token(request))
    post = do(service, _decoded(request, Act), service.moment(request.now))
    return as_json({"post": post and _teller(service, request).post(post)})


def do(service: Service, wish: Act, when: Moment) -> Post | None:
    """Carry out what someone's hand does; the post it made or changed. Raises Refusal."""
    world = service.world
    who = world.person(wish.who).id
    match wish.do:
        case "open":
            return service.simulation.let_open(who, Matter(wish.act, wish.topic), when, wish.text)
        case "write":
            writing = Writing(
                text=wish.text,
                room=wish.room,
                reply_to=wish.reply_to or None,
                quote_of=wish.quote_of or None,
                to=world.person(wish.to).id if wish.to else None,
                lang=world.people[who].lang,
            )
            return world.write(who, writing, when)
        case "edit":
            return world.edit(who, wish.post, wish.text, when)
        case "delete":
            world.delete(who, wish.post, when)
        case "like" | "unlike":
            world.like(who, wish.post, when, undone=wish.do == "unlike")
        case "repost" | "unrepost":
            world.repost(who, wish.post, when, undone=wish.do == "unrepost")
    return None
