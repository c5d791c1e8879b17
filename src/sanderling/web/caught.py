"""What is done with a post that a column caught: make a case, like, ignore, mute; and undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast, get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.actions import open_for
from sanderling.cases.queries import post
from sanderling.core.words import later, say
from sanderling.listen import quieting
from sanderling.listen.quieting import NothingThere, What
from sanderling.respond.liking import CannotLike, like_post
from sanderling.web import clock
from sanderling.web.agents import by_agent, by_script, me, show
from sanderling.web.answers import Unfit, act, done
from sanderling.web.deck import column_for, deck_for, framed
from sanderling.wiring import network_for

SAID = {
    "author": later("You will not see this author here."),
    "thread": later("You will not see this thread here."),
}


@act
def make_case(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post that triage let rest becomes a case, and ours."""
    case_id = open_for(post_id=post_id, by=me(request).id, now=clock.now())
    return done(
        request,
        f"/case/{case_id}/",
        case=case_id,
        says=say("Case {case} is yours.", case=case_id),
    )


@act
def like(request: HttpRequest, post_id: int) -> HttpResponse:
    """Like a post in the name of the account whose matter it is."""
    try:
        like_post(post_id=post_id, by=me(request).id, now=clock.now(), network_for=network_for)
    except CannotLike as error:
        raise Unfit(str(error)) from error
    return done(request, "/deck/", says=say("Liked."))


@act
def ignore(request: HttpRequest, column_id: int, post_id: int) -> HttpResponse:
    """The post leaves this column."""
    found = column_for(request, column_id)
    with _in_words():
        quieting.ignore(column_id=column_id, post_id=post_id, by=me(request).id, now=clock.now())
    back = f"/deck/columns/{column_id}/posts/{post_id}/back/"
    return done(request, f"/deck/{found.deck}/", says=say("Ignored in this column."), undo=back)


@act
def bring_back(request: HttpRequest, column_id: int, post_id: int) -> HttpResponse:
    """The post stands in this column again."""
    found = column_for(request, column_id)
    quieting.bring_back(column_id=column_id, post_id=post_id, by=me(request).id, now=clock.now())
    return done(request, f"/deck/{found.deck}/", says=say("It is back."))


@require_GET
@by_agent
def ask_mute(request: HttpRequest, column_id: int, post_id: int) -> HttpResponse:
    """What of a post shall be muted, and where."""
    found, about = column_for(request, column_id), post(post_id)
    if about is None:
        raise Http404(say("This post is gone."))
    alone, now = not by_script(request), clock.now()
    return show(
        request, "mute.html" if alone else "parts/mute.html", now,
        **(framed(request, now) if alone else {}), column=found, post=about,
    )  # fmt: skip


@act
def mute(request: HttpRequest, column_id: int, post_id: int) -> HttpResponse:
    """An author or a thread is left out, in this column or in all of its deck."""
    found = column_for(request, column_id)
    what, everywhere = request.POST.get("what", ""), request.POST.get("where") == "deck"
    if what not in get_args(What):
        raise Unfit(say("Say what shall be muted: the author, or the thread."), status=422)
    with _in_words():
        made = quieting.mute(
            column_id=column_id, post_id=post_id, what=cast(What, what), everywhere=everywhere,
            by=me(request).id, now=clock.now(),
        )  # fmt: skip
    undo = f"/deck/mutes/{made}/undo/"
    return done(request, f"/deck/{found.deck}/", says=SAID[what], undo=undo)


@act
def unmute(request: HttpRequest, muted_id: int) -> HttpResponse:
    """Show again what was muted; nothing happens if somebody did so before."""
    deck = quieting.deck_of(muted_id)
    if deck is not None:
        deck_for(request, deck)
        quieting.unmute(muted_id=muted_id, by=me(request).id, now=clock.now())
    return done(request, "/deck/", says=say("It is shown again."))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except NothingThere as error:
        raise Unfit(str(error)) from error
