"""Settings of one's own: name and signature, picture, password, and how the desk looks, sounds and
calls. What is liked is kept for every device of an agent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from zoneinfo import available_timezones

from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.core.answering import signed
from sanderling.core.words import later, say
from sanderling.people import oneself, roster
from sanderling.people.preferring import prefer
from sanderling.people.queries import ABOUT, portrait
from sanderling.people.signing_in import paused_until, right_password, wrong_password
from sanderling.web import clock, speaking, tasting, wording
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Unfit, act, django_says, done
from sanderling.web.desk import QUEUES
from sanderling.web.picturing import HEADERS
from sanderling.web.secret_links import whence

PLACE = "/settings/"
EXAMPLE = later("Sorry about that. We are on it and tell you here by six.")
NOTICES = {
    "late": later("A case of yours is soon late, or is late"),
    "asked": later("A colleague names you in a note, or asks you something"),
    "critical": later("Something critical is new and nobody has it"),
    "offered": later("A case is offered to you or your team"),
}
YES_OR_NO = ("letters", "sound", "desktop", "words")
TEXTS = ("theme", "density", "zone", "language")
LONGEST = 100


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """Everything that an agent decides about themselves."""
    now, agent = clock.now(), me(request)
    return show(
        request, "settings.html", now, page="settings", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(agent.id, now), example=say(EXAMPLE),
        signed=signed(say(EXAMPLE), agent.initials), notices=NOTICES, zones=zones(),
        spoken=speaking.spoken(), email=cast(Any, request.user).email,
        types=",".join(oneself.TYPES),
    )  # fmt: skip


@require_GET
@by_agent
def face(request: HttpRequest, name: str) -> HttpResponse:
    """The picture of an agent, for agents; it never changes under its name."""
    found = portrait(name)
    if found is None:
        raise Http404(say("This picture is not shown any more."))
    kind, held = found
    headers = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"}
    return HttpResponse(held, content_type=kind, headers=headers)


@act
def call(request: HttpRequest) -> HttpResponse:
    """Be called so, and sign so."""
    name, initials = request.POST.get("name", ""), request.POST.get("initials", "")
    with _in_words():
        oneself.call(agent_id=me(request).id, name=name, initials=initials, now=clock.now())
    return done(request, PLACE, says=say("Your name and signature are kept."))


@act
def picture(request: HttpRequest) -> HttpResponse:
    """Show a picture, or initials again."""
    if request.POST.get("how") == "remove":
        oneself.hide(agent_id=me(request).id, now=clock.now())
        return done(request, PLACE, says=say("Your initials are shown."))
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        raise Unfit(say("Choose a picture first."), status=422)
    with _in_words():
        oneself.show(
            agent_id=me(request).id, held=file.read(oneself.MOST_BYTES + 1), now=clock.now()
        )
    return done(request, PLACE, says=say("Your picture is shown."))


@act
def password(request: HttpRequest) -> HttpResponse:
    """Another password; whoever is signed in elsewhere with the old one is not any more."""
    old, new = (request.POST.get(name, "")[:1024] for name in ("old", "new"))
    if new != request.POST.get("again", "")[:1024]:
        raise Unfit(say("The new password is not the same both times."), status=422)
    user: Any = request.user
    whose = {"email": user.email, "address": whence(request)}
    now = clock.now()
    _mind_pause(whose, now)
    try:
        oneself.change_password(agent_id=user.pk, old=old, new=new, now=now)
    except oneself.WrongPassword as error:
        wrong_password(**whose, now=now)
        raise Unfit(str(error), status=403) from error
    except ValidationError as error:
        raise Unfit(*django_says(error), status=422) from error
    right_password(**whose)
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    says = say("Your password is changed. Everywhere else you are signed out.")
    return done(request, PLACE, says=says)


@act
def taste(request: HttpRequest) -> HttpResponse:
    """Keep what is liked; what the form does not name stays as it is."""
    with _in_words():
        liked = prefer(agent_id=me(request).id, **_liked(request))
    response = done(
        request, PLACE, says=say("Kept."), tell=wording.ways(liked), letters=liked.letters
    )
    tasting.keep(request, response, me(request).id, liked)
    return response


def zones() -> list[str]:
    """The time zones that people live in, as they are named by places."""
    return sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))


def _liked(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    found: dict[str, Any] = {name: sent[name][:LONGEST] for name in TEXTS if name in sent}
    found |= {name: sent[name] == "yes" for name in YES_OR_NO if name in sent}
    if "about" in sent:
        found["about"] = tuple(kind for kind in sent.getlist("about")[: len(ABOUT) + 1] if kind)
    return found


def _mind_pause(whose: dict[str, str], now: datetime) -> None:
    if until := paused_until(**whose, now=now):
        wait = wording.in_words((until - now).total_seconds())
        raise Unfit(say("Too many tries. Wait {wait}, then try again.", wait=wait), status=429)


@contextmanager
def _in_words() -> Iterator[None]:
    """What an agent cannot be or like, as the pages say it."""
    try:
        yield
    except roster.Unfit as unfit:
        raise Unfit(str(unfit), status=422) from unfit
