"""Writing: drafts, sending in one of three rooms, and taking back. No text is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from sanderling.cases import actions as cases
from sanderling.core.guards import Objection
from sanderling.core.network import Room
from sanderling.core.words import many, retold, say
from sanderling.respond import actions as respond
from sanderling.respond.queries import drafts_of
from sanderling.respond.waiting import asked_for
from sanderling.web import clock
from sanderling.web.agents import by_script, me, show
from sanderling.web.answers import Question, Unfit, act, done, number
from sanderling.web.promising import asked_about, page_for
from sanderling.wiring import limits_for

ROOMS = ("public", "direct", "note")


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
    _keep(request, case_id, room, text)
    if room == "note":
        return _note(request, case_id, text)
    return _propose(request, case_id, Room(room), text)


def _propose(request: HttpRequest, case_id: int, room: Room, text: str) -> HttpResponse:
    then = request.POST.get("then", "wait")
    try:
        outgoing = respond.propose(
            case_id=case_id, room=room, text=text, then=then,  # type: ignore[arg-type]  # propose checks it
            reply_to_post=number(request.POST.get("reply_to")),
            seen=number(request.POST.get("seen")) or 0,
            confirmed=request.POST.getlist("confirmed"),
            by=me(request).id, now=clock.now(), limits_for=limits_for, invites=_invites(request),
            pictures=_pictures(request, room), key=_key(request),
        )  # fmt: skip
    except respond.OnItsWay as earlier:
        raise Unfit(str(earlier), kept=text, renew=True) from earlier
    except respond.News as news:
        raise _stopped(request, case_id, room, text, news=news) from news
    except respond.Objections as against:
        raise _stopped(request, case_id, room, text, against=against.found) from against
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    seconds = respond.undo().seconds
    asked = asked_about(request, text, clock.now())
    held = asked_for(outgoing)
    says = _leaves_in(room, seconds)
    if held:
        says = say(
            "It waits for {by_whom} to approve it. {reason}",
            by_whom=held.by_whom,
            reason=retold(held.reason),
        )
    return done(
        request, page_for(case_id, asked) if asked else f"/case/{case_id}/", promises=asked,
        outgoing=outgoing, room=room, then=then, seconds=seconds, says=says, held=bool(held),
    )  # fmt: skip


def _leaves_in(room: Room, seconds: int) -> str:
    if room is Room.DIRECT:
        return many("Direct message in {n} second", "Direct message in {n} seconds", seconds)
    return many("Public reply in {n} second", "Public reply in {n} seconds", seconds)


def _stopped(
    request: HttpRequest, case_id: int, room: Room, text: str, *,
    news: respond.News | None = None, against: Sequence[Objection] = (),
) -> Unfit:  # fmt: skip
    """What the agent is told instead: what is new, or what speaks against it; and whether they may
    send it all the same, which is then sent by the form that asks."""
    why = [str(news)] if news else [one.says for one in against]
    asks = news is not None or all(one.severity == "confirm" for one in against)
    fields = [(f"text_{room}", text), ("room", room)]
    fields += [(name, request.POST.get(name, "")) for name in ("then", "reply_to")]
    fields += [(f"picture_{room}", p) for p in request.POST.getlist(f"picture_{room}")]
    fields += [("seen", str(news.seen) if news else request.POST.get("seen", ""))]
    fields += [("invites", "yes")] if _invites(request) else []
    confirmed = {*request.POST.getlist("confirmed"), *(one.rule for one in against)}
    fields += [("confirmed", rule) for rule in sorted(confirmed)]
    facts = {
        "news": news.posts if news else [], "against": against, "room": room, "text": text.strip(),
        "asks": asks, "confirmed": [one.rule for one in against] if asks else [],
        "seen": news.seen if news else 0,
    }  # fmt: skip
    page = show(request, "parts/stopped.html", **facts) if by_script(request) else None
    return Unfit(
        *why, kept=text, status=409 if asks else 422, look=facts,
        ask=Question(f"/case/{case_id}/send/", fields, say("Send anyway")) if asks else None,
        panel=page.content.decode() if page else "",
    )  # fmt: skip


def _invites(request: HttpRequest) -> bool:
    """The agent says that this asks the customer to write in private."""
    return request.POST.get("invites") == "yes"


def _key(request: HttpRequest) -> UUID | None:
    """What the page calls this answer, so that it counts once however often it comes."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _pictures(request: HttpRequest, room: Room) -> list[int]:
    """Which pictures beside the draft go with it; those that are no numbers are none."""
    said = ",".join(request.POST.getlist(f"picture_{room.value}"))
    return [id for part in said.split(",") if (id := number(part)) is not None]


def _note(request: HttpRequest, case_id: int, text: str) -> HttpResponse:
    try:
        cases.write_note(case_id=case_id, text=text, by=me(request).id, now=clock.now())
    except ValueError as error:
        raise Unfit(str(error), kept=text, status=422) from error
    _keep(request, case_id, "note", "")
    return done(request, f"/case/{case_id}/", room="note", says=say("Note added."))


def _room(request: HttpRequest) -> str:
    room = request.POST.get("room", "")
    if room not in ROOMS:
        raise Unfit(say("Say who shall read this: everyone, the customer alone, or your team."))
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
        "release": partial(respond.release, seen=number(request.POST.get("seen")) or 0),
        "again": respond.try_again,
        "there": respond.settle_found,
        "not-there": respond.settle_missing,
        "give-up": respond.give_up,
    }
    chosen = decide.get(request.POST.get("act", ""))
    if chosen is None:
        raise Unfit(say("The desk does not know that decision."), status=422)
    try:
        chosen(outgoing_id=outgoing_id, by=me(request).id, now=clock.now())
    except respond.News as news:
        raise Unfit(say("{news} Read it first, then decide.", news=news)) from news
    drafts = {d.room: d.text for d in drafts_of(case_id, me(request).id)}
    return done(request, f"/case/{case_id}/", drafts=drafts)
