"""Pictures beside a draft: attach, look at, describe, take away. Only agents see them here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.core.network import Limits, Room
from sanderling.core.words import say
from sanderling.respond import pictures
from sanderling.respond.pictures import Attached
from sanderling.web import clock
from sanderling.web.agents import by_agent, me, show
from sanderling.web.answers import Unfit, act, done
from sanderling.web.uploads import MOST
from sanderling.wiring import limits_for

# A picture is data here, whatever is in it: nothing in it runs, and nobody guesses what it is.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
    "Content-Disposition": "inline",
}


@dataclass(frozen=True, slots=True)
class Strip:
    """The pictures beside the draft of one room; `most` is 0 where none may hang there."""

    room: str
    most: int
    types: str
    largest: int
    pictures: list[Attached]

    @property
    def full(self) -> bool:
        """No more can be attached."""
        return len(self.pictures) >= self.most


def strips(case_id: int, account_id: int, agent_id: int) -> list[Strip]:
    """Both rooms' pictures of an agent in a case."""
    limits = limits_for(account_id)
    beside = pictures.waiting(case_id=case_id, by=agent_id)
    return [_strip(room, limits, beside) for room in Room]


def _strip(room: Room, limits: Limits, beside: list[Attached]) -> Strip:
    mine = [picture for picture in beside if picture.room is room]
    types = ",".join(limits.media_types)
    return Strip(room.value, limits.pictures(room), types, limits.media_bytes, mine)


@require_GET
@by_agent
def beside(request: HttpRequest, case_id: int, account_id: int) -> HttpResponse:
    """The pictures beside an agent's drafts again."""
    found = strips(case_id, account_id, me(request).id)
    return show(request, "parts/pictures.html", case_id=case_id, strips=found)


@require_GET
@by_agent
def picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """A picture as it was attached."""
    found = pictures.shown(picture_id)
    if found is None:
        raise Http404(say("This picture is not kept any more."))
    kind, held = found
    return HttpResponse(held, content_type=kind, headers=HEADERS)


@act
def attach(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep a picture beside the draft of a room."""
    file = request.FILES.get("file")
    if request.POST.get("room") not in (*Room,):
        raise Unfit(say("Pictures hang on public replies and direct messages."), status=422)
    if not isinstance(file, UploadedFile) or not file.size:
        raise Unfit(say("Choose a picture first."), status=422)
    if file.size > MOST:
        raise Unfit(say("At most {n} MB can be uploaded at once.", n=MOST // 2**20), status=422)
    with _in_words():
        pictures.attach(
            case_id=case_id, room=Room(request.POST["room"]), held=file.read(),
            by=me(request).id, now=clock.now(), limits_for=limits_for,
        )  # fmt: skip
    return done(request, f"/case/{case_id}/")


@act
def change(request: HttpRequest, case_id: int, picture_id: int) -> HttpResponse:
    """Describe a picture, or take it away."""
    match request.POST.get("act"):
        case "describe":
            alt = request.POST.get(f"alt_{picture_id}", request.POST.get("alt", ""))
            with _in_words():
                pictures.describe(picture_id=picture_id, by=me(request).id, alt=alt)
        case "remove":
            pictures.remove(picture_id=picture_id, by=me(request).id)
        case _:
            raise Unfit(say("The desk does not know that act."), status=422)
    return done(request, f"/case/{case_id}/")


@contextmanager
def _in_words() -> Iterator[None]:
    """What cannot be done with a picture, as the pages say it."""
    try:
        yield
    except pictures.Unfit as unfit:
        raise Unfit(str(unfit), status=422) from unfit
