"""Writing: drafts, sending in one of three rooms, and taking back. No text is ever lost."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sanderling.cases import actions as cases
from sanderling.cases.queries import newest_from_customer
from sanderling.core.network import Room
from sanderling.respond import actions as respond
from sanderling.respond.queries import drafts_of
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Question, Unfit, act, done, number
from sanderling.wiring import limits_for

ROOMS = {"public": "Public reply", "direct": "Direct message", "note": "Note"}


@act
def draft(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep what is being typed."""
    _keep(request, case_id, _room(request), request.POST.get("text", ""))
    return done(request, f"/case/{case_id}/")


@act
def send(request: HttpRequest, case_id: int) -> HttpResponse:
    """Send what was written in the chosen room; a note is kept here."""
    room = _room(request)
    text = request.POST.get(f"text_{room}", "")
    before = {d.room: d.text for d in drafts_of(case_id, me(request).id)}
    _keep(request, case_id, room, text)
    if room == "note":
        return _note(request, case_id, text)
    if request.POST.get("anyway") != "yes":
        _ask_first(request, case_id, room, text, before)
    return _propose(request, case_id, Room(room), text)


def _propose(request: HttpRequest, case_id: int, room: Room, text: str) -> HttpResponse:
    then = request.POST.get("then", "wait")
    try:
        number_of_it = respond.propose(
            case_id=case_id, room=room, text=text, reply_to_post=None, then=then,  # type: ignore[arg-type]  # propose checks it
            by=me(request).id, now=clock.now(), limits_for=limits_for,
        )  # fmt: skip
    except respond.Objections as against:
        raise Unfit(*against.sentences, kept=text, status=422) from against
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    return done(
        request, f"/case/{case_id}/", outgoing=number_of_it, room=room, then=then,
        seconds=respond.UNDO.seconds, says=f"{ROOMS[room]} in {respond.UNDO.seconds} seconds",
    )  # fmt: skip


def _note(request: HttpRequest, case_id: int, text: str) -> HttpResponse:
    try:
        cases.write_note(case_id=case_id, text=text, by=me(request).id, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    _keep(request, case_id, "note", "")
    return done(request, f"/case/{case_id}/", room="note", says="Note added.")


def _ask_first(
    request: HttpRequest, case_id: int, room: str, text: str, before: dict[str, str]
) -> None:
    """Questions before an answer leaves: each is put once, and a yes goes with the form."""
    seen = number(request.POST.get("seen"))
    if seen is not None and newest_from_customer(case_id) > seen:
        why = "The customer wrote again after you began. Read first, or send anyway?"
    elif room == "public" and text.strip() and text.strip() == before.get("direct", "").strip():
        why = "You wrote this as a direct message. Everyone could read it. Post it in public?"
    else:
        return
    fields = [(f"text_{room}", text), ("room", room), ("anyway", "yes")]
    fields += [("then", request.POST.get("then", "wait"))]
    yes = "Post it in public" if room == "public" else "Send anyway"
    raise Unfit(why, kept=text, ask=Question(f"/case/{case_id}/send/", fields, yes))


def _room(request: HttpRequest) -> str:
    room = request.POST.get("room", "")
    if room not in ROOMS:
        raise Unfit("Say who shall read this: everyone, the customer alone, or your team.")
    return room


def _keep(request: HttpRequest, case_id: int, room: str, text: str) -> None:
    try:
        respond.save_draft(
            case_id=case_id, agent_id=me(request).id, room=room, text=text, now=clock.now()
        )
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error


@act
def outgoing(request: HttpRequest, case_id: int, outgoing_id: int) -> HttpResponse:
    """What a person decides about an answer under way: take it back, try again, say how it is."""
    decide: dict[str, Callable[..., int | None]] = {
        "withdraw": respond.withdraw,
        "again": respond.try_again,
        "there": respond.settle_found,
        "not-there": respond.settle_missing,
        "give-up": respond.give_up,
    }
    chosen = decide.get(request.POST.get("act", ""))
    if chosen is None:
        raise Unfit("The desk does not know that decision.", status=422)
    chosen(outgoing_id=outgoing_id, by=me(request).id, now=clock.now())
    drafts = {d.room: d.text for d in drafts_of(case_id, me(request).id)}
    return done(request, f"/case/{case_id}/", drafts=drafts)
