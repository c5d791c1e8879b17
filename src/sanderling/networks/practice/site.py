"""The practice network's own page: read it as its people do, and write as any of them."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import jinja2
import msgspec
from markupsafe import Markup, escape

from sanderling.networks.practice import api, drawing
from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.delivery import Faults
from sanderling.networks.practice.scenario import scenarios
from sanderling.networks.practice.service import Service
from sanderling.networks.practice.wire import Problem, Request, Response, Routes
from sanderling.networks.practice.world import LINK, Person, Post, World

ROUTES = Routes()
FOLDER = Path(__file__).parent / "pages"
PAGE = 40
PIECES = re.compile(rf"({LINK.pattern}|(?<![\w@])@\w{{1,40}})")
HOSTS = ("127.0.0.1", "localhost")
SECURITY = {
    "content-security-policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
SPEEDS = {"0": "stand still", "1": "real time", "20": "× 20", "60": "× 60", "240": "× 240"}
TOPICS = ("bill", "coverage", "speed", "roaming", "delivery", "sim", "app", "queue", "outage")
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


class View:
    """What the templates need to know: the world, who is looking, and the time."""

    def __init__(self, service: Service, request: Request) -> None:
        self.service, self.request = service, request
        self.world: World = service.world
        handle = request.query.get("as") or request.form.get("as", "")
        self.care = CARE
        self.me: Person | None = self.world.person(handle) if handle else None

    def link(self, path: str, **query: str) -> str:
        """An address on this site that keeps who is looking."""
        known = {**query, **({"as": self.me.handle} if self.me else {})}
        return f"{path}?{urlencode(known)}" if known else path

    def person(self, person_id: str) -> Person:
        """The account with this id."""
        return self.world.people[person_id]

    def post(self, post_id: str | None) -> Post | None:
        """The post, if it is there and may be read."""
        post = self.world.posts.get(post_id or "")
        gone = not post or post.id in self.world.deleted
        return None if gone else post

    def ago(self, at: datetime) -> str:
        """How long ago, in a few letters."""
        minutes = max(0, int((self.request.now - at).total_seconds() // 60))
        if minutes < 1:
            return "now"
        if minutes < 60:
            return f"{minutes} min"
        return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"

    def rich(self, text: str) -> Markup:
        """A post's text with its handles and links made clickable; everything in it escaped."""
        return Markup("").join(self._piece(piece) for piece in PIECES.split(text))

    def _piece(self, piece: str) -> Markup:
        if piece.startswith("@") and (who := self.world.handles.get(piece[1:].casefold())):
            return Markup('<a href="{}">{}</a>').format(self.link(f"/people/{who}"), piece)
        if LINK.fullmatch(piece):
            return Markup('<a href="{0}" rel="noreferrer nofollow">{0}</a>').format(piece)
        return Markup(escape(piece))


def _page(name: str, view: View, **more: object) -> Response:
    fields = {"view": view, "link": view.link, "world": view.world, "service": view.service, **more}
    text = _TEMPLATES.get_template(f"{name}.html").render(fields)
    return Response(text.encode(), headers=SECURITY)


def sorry(problem: Problem) -> Response:
    """The page that says why something was not done."""
    text = _TEMPLATES.get_template("sorry.html").render(message=problem.message)
    return Response(text.encode(), problem.status, headers={**SECURITY, **problem.headers})


def _local(request: Request) -> None:
    """Refuse calls that came by another name than this machine's own: a foreign page's trick."""
    if urlsplit(request.base).hostname not in HOSTS:
        raise Problem(403, "Open this page as http://127.0.0.1 with its port.")


def _by_own_page(request: Request) -> None:
    """Refuse a form that another site's page has sent."""
    _local(request)
    if request.headers.get("origin") != request.base:
        raise Problem(403, "This form did not come from the practice network's own page.")


def _seen(service: Service, request: Request) -> View:
    _local(request)
    service.catch_up(request.now)
    return View(service, request)


# Reading


@ROUTES.on("GET", "/")
def timeline(service: Service, request: Request) -> Response:
    """The latest public posts."""
    view = _seen(service, request)
    ids = view.world.public
    before = request.query.get("before", "")
    end = bisect_left(ids, before.zfill(len(ids[-1]))) if before.isdecimal() and ids else len(ids)
    shown = [ids[i] for i in range(end - 1, max(-1, end - 1 - PAGE), -1)]
    return _page("timeline", view, posts=shown, older=shown[-1] if end > PAGE else None)


@ROUTES.on("GET", "/thread/{post_id}")
def thread(service: Service, request: Request, post_id: str) -> Response:
    """A public conversation from its first post on."""
    view = _seen(service, request)
    post = view.world.posts.get(post_id)
    if not post or post.writing.room == "direct":
        raise Problem(404, "This conversation is gone, or never was.")
    return _page("thread", view, posts=view.world.threads[post.thread], chosen=post_id)


@ROUTES.on("GET", "/people")
def people(service: Service, request: Request) -> Response:
    """Everybody, or those whose name or handle has the searched letters."""
    view = _seen(service, request)
    wanted = request.query.get("q", "").casefold()
    found = [p for p in view.world.people.values() if wanted in f"{p.handle} {p.name}".casefold()]
    minds = service.simulation.minds
    return _page("people", view, people=found[:400], wanted=wanted, minds=minds)


@ROUTES.on("GET", "/people/{person_id}")
def profile(service: Service, request: Request, person_id: str) -> Response:
    """One person and what they said in public."""
    view = _seen(service, request)
    person = view.world.person(person_id)
    own = [p for p in reversed(view.world.public) if view.world.posts[p].author == person.id]
    mind = service.simulation.minds.get(person.id)
    return _page("profile", view, person=person, posts=own[:PAGE], mind=mind)


@ROUTES.on("GET", "/messages")
def messages(service: Service, request: Request) -> Response:
    """The direct conversations of whom one is."""
    view = _seen(service, request)
    talks = _talks(view)
    return _page("messages", view, talks=talks, other=None, posts=[])


@ROUTES.on("GET", "/messages/{person_id}")
def talk(service: Service, request: Request, person_id: str) -> Response:
    """One direct conversation of whom one is."""
    view = _seen(service, request)
    if not view.me:
        raise Problem(403, "Choose first who you are: only two people can read their messages.")
    other = view.world.person(person_id)
    name = "direct-" + "-".join(sorted((view.me.id, other.id)))
    posts = view.world.threads.get(name, [])
    return _page("messages", view, talks=_talks(view), other=other, posts=posts)


def _talks(view: View) -> list[Person]:
    """Whom one has exchanged direct messages with, the latest first."""
    me = view.me and view.me.id
    direct = (key for key in reversed(view.world.threads) if key.startswith("direct-"))
    pairs = (key.split("-")[1:] for key in direct)
    others = (b if a == me else a for a, b in pairs if me in (a, b))
    return [view.world.people[other] for other in others]


@ROUTES.on("GET", "/controls")
def controls(service: Service, request: Request) -> Response:
    """What goes wrong, how fast it goes, and what the day brings."""
    return _page(
        "controls",
        _seen(service, request),
        speeds=SPEEDS,
        scenarios=scenarios(),
        topics=TOPICS,
        faults=msgspec.structs.asdict(service.faults),
    )


# Writing


@ROUTES.on("POST", "/act")
def act(service: Service, request: Request) -> Response:
    """Write, reply, message, like, repost, edit or delete as whom one is."""
    _by_own_page(request)
    form = request.form
    wish = _wish({**form, "who": form.get("as", "")})
    post = api.do(service, wish, service.moment(request.now))
    return _back(request, f"#p{post.id}" if post and wish.do != "write" else "")


@ROUTES.on("POST", "/pace")
def pace(service: Service, request: Request) -> Response:
    """Change the speed, or turn to another scenario."""
    _by_own_page(request)
    form = request.form
    if form.get("scenario"):
        service.turn_to(form["scenario"], request.now)
    if form.get("speed"):
        service.set_speed(_number(form["speed"]), request.now)
    return _back(request)


@ROUTES.on("POST", "/faults")
def faults(service: Service, request: Request) -> Response:
    """Let the ticked and filled in things go wrong, and nothing else."""
    _by_own_page(request)
    fields = {name: value for name, value in request.form.items() if name != "as" and value}
    try:
        service.set_faults(msgspec.convert(fields, Faults, strict=False), request.now)
    except msgspec.ValidationError as error:
        raise Problem(422, f"This cannot be set: {error}.") from error
    return _back(request)


def _wish(fields: dict[str, str]) -> api.Act:
    try:
        return msgspec.convert({k: v for k, v in fields.items() if v}, api.Act, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(422, f"Choose who you are and what to do ({error}).") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Problem(422, f"{text[:20]} is not a number.") from None


def _back(request: Request, anchor: str = "") -> Response:
    """Return to the page on which the form stood."""
    came = urlsplit(request.headers.get("referer", ""))
    place = (came.path or "/") + (f"?{came.query}" if came.query else "")
    place = "/" + place.lstrip("/") + anchor
    return Response(status=303, headers={"location": place})


# What hangs on the pages


@ROUTES.on("GET", "/practice.css")
def style(service: Service, request: Request) -> Response:
    """The style sheet."""
    return Response((FOLDER / "practice.css").read_bytes(), kind="text/css; charset=utf-8")


@ROUTES.on("GET", "/practice.js")
def script(service: Service, request: Request) -> Response:
    """The small script that keeps the page fresh."""
    return Response((FOLDER / "practice.js").read_bytes(), kind="text/javascript; charset=utf-8")


@ROUTES.on("GET", "/avatars/{name}.svg")
def avatar(service: Service, request: Request, name: str) -> Response:
    """A person's picture: their initials on a colour of their own."""
    person = service.world.person(name)
    initials = "".join(word[0] for word in person.name.split()[:2] if word[0].isalpha())
    return _drawing("avatar", person.id, words=initials or "?")


@ROUTES.on("GET", "/uploads/{name}")
def upload(service: Service, request: Request, name: str) -> Response:
    """A picture that an account uploaded."""
    kind, held = service.pictures.find(name)
    return Response(body=held, kind=kind, headers={"x-content-type-options": "nosniff"})


@ROUTES.on("GET", "/pictures/{name}.svg")
def picture(service: Service, request: Request, name: str) -> Response:
    """A picture that hangs on a post."""
    return _drawing("picture", name, words=name)


@ROUTES.on("GET", "/avatars/{name}.png")
def face(service: Service, request: Request, name: str) -> Response:
    """A person's face, as the network tells of it to others."""
    return _photograph(drawing.face(service.world.person(name).id))


@ROUTES.on("GET", "/pictures/{name}.png")
def photograph(service: Service, request: Request, name: str) -> Response:
    """A picture that hangs on a post."""
    return _photograph(drawing.landscape(name))


def _photograph(held: bytes) -> Response:
    return Response(held, kind="image/png", headers={"cache-control": "max-age=86400"})


def _drawing(kind: str, seed: str, words: str) -> Response:
    hue = zlib.crc32(seed.encode()) % 360
    text = _TEMPLATES.get_template(f"{kind}.svg").render(hue=hue, words=words)
    return Response(text.encode(), kind="image/svg+xml", headers={"cache-control": "max-age=86400"})
