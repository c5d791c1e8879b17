"""Everyone individually: the panel of an incident's rounds, its acts, and the lists of whom it
reached and could not reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.queries import badges
from sanderling.core.lives import ROUND
from sanderling.core.reaching import OVERRULED
from sanderling.core.words import later, many, say
from sanderling.incidents.queries import NoSuchIncident, Standing, incident
from sanderling.policy.queries import current
from sanderling.respond import rounds
from sanderling.respond.approving import NotYours
from sanderling.respond.progress import (
    LISTS,
    MOST_LISTED,
    Forecast,
    Progress,
    Sample,
    languages,
    latest,
    listed,
    outlook,
)
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES
from sanderling.web.languages import language
from sanderling.wiring import limits_for

BEGIN: Mapping[str, str] = {
    "acknowledge": "[Hello|Hi|Good day] {name}, [we see it|we know of it|we have seen it]"
    " [and are on it|and work on it|and mend it now].",
    "close": "[Hello|Hi|Good day] {name}, [it works again|all is well again|it is mended]."
    " [Thank you for telling us|Thanks for letting us know|Thank you for your patience].",
}
"""How a text may begin, by the kind of round."""

NAMES = {
    "told": later("Acknowledged"),
    "line": later("In line"),
    "person": later("Need a person"),
    "aside": later("Set aside"),
}
"""The lists of a round."""

WAY_OUT = {
    "no way": later("Ask them another way, or answer in the network itself."),
    "care": later("Open the case and write to them in person."),
    "approval": later("Open the case and write to them, or let the round's answer be approved."),
    "objection": later("Open the case and word it for them."),
    "taken back": later("Open the case and word it for them."),
    "failed": later("Open the case: try again there, or word it differently."),
    "talking": later("Whoever talks to them tells them."),
    "no case": later("Answer all the same, and the post becomes a case."),
    "copy": later("Answer all the same, if a person stands behind it."),
}
"""What somebody can do, by the reason why a round leaves a customer to people."""


MOST_LANGUAGES = 8
"""Languages for which a round is offered words of their own."""

_WORDED = ("prepared", "stopped", "done")
"""States of a round in which it can be worded, or worded anew."""

_IN = "in-"
_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


class Translation(NamedTuple):
    """The words of a round for those who write a language; `n` is how many of them wait."""

    code: str
    name: str
    n: int
    text: str


class View(NamedTuple):
    """A round as its panel shows it; `round` is None before the first. `moves` are those open to
    it, `decides` whether this agent is the second pair of eyes that it waits for."""

    kind: str
    round: Progress | None
    forecast: Forecast | None
    samples: Sequence[Sample]
    problems: Sequence[str]
    moves: Sequence[str]
    decides: bool
    text: str
    per_hour: int
    translations: Sequence[Translation] = ()

    @property
    def words(self) -> bool:
        """Whether it can be worded now."""
        return self.round is None or self.round.state in _WORDED


def panel(request: HttpRequest, incident: Standing, now: datetime) -> dict[str, Any]:
    """What parts/incident_round.html shows."""
    kinds = ["acknowledge"]
    if latest(incident.id, "acknowledge") or not incident.stands:
        kinds.append("close")
    agent = me(request).id
    return {"it": incident, "rounds": [_view(incident, kind, agent, now) for kind in kinds]}


def _view(it: Standing, kind: str, agent: int, now: datetime) -> View:
    found = latest(it.id, kind)
    if found is None:
        per_hour = current().document.incidents.per_hour
        return View(kind, None, None, (), (), (), False, BEGIN[kind], per_hour)
    ahead = outlook(found.id, limits_for=limits_for, now=now)
    return View(
        kind, found, ahead.forecast, ahead.samples, ahead.problems, ROUND.may(found.state),
        found.state == "asked" and rounds.may_decide(found.by, agent), found.text, found.per_hour,
        _translations(found) if found.state in _WORDED else (),
    )  # fmt: skip


def _translations(found: Progress) -> list[Translation]:
    """For the languages that most of those in line write, and those that have words already."""
    writing = {code: n for code, n in languages(found.id).items() if _CODE.fullmatch(code)}
    codes = [*found.translations, *(code for code in writing if code not in found.translations)]
    return [
        Translation(code, language(code), writing.get(code, 0), found.translations.get(code, ""))
        for code in codes[:MOST_LANGUAGES]
    ]


@require_GET
@by_agent
def part(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The panel alone, as it stands now."""
    now = clock.now()
    facts = panel(request, _incident(incident_id), now)
    return show(request, "parts/incident_round.html", now, **facts)


@require_GET
@by_agent
def people(request: HttpRequest, incident_id: int, kind: str, which: str) -> HttpResponse:
    """Whom a round told, has in line, leaves to a person or set aside, each with the reason."""
    it = _incident(incident_id)
    if kind not in BEGIN or which not in LISTS:
        raise Http404(say("There is no such list."))
    now = clock.now()
    return show(
        request, "round_people.html", now, page="incidents", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), it=it, kind=kind, which=which,
        names=NAMES, rows=listed(it.id, kind, which), most=MOST_LISTED, way_out=WAY_OUT,
        overruled=OVERRULED,
    )  # fmt: skip


@act
def word(request: HttpRequest, incident_id: int, kind: str) -> HttpResponse:
    """Word a round and find out whom it would reach; nothing leaves."""
    text = _words(request, "text")
    translations = {
        name.removeprefix(_IN): _words(request, name)
        for name in request.POST
        if name.startswith(_IN) and _CODE.fullmatch(name.removeprefix(_IN))
    }
    try:
        rounds.prepare(
            incident_id=incident_id, kind=kind, text=text, per_hour=_pace(request),
            by=me(request).id, now=clock.now(), limits_for=limits_for, translations=translations,
        )  # fmt: skip
    except ValueError as error:
        kept = "\n\n".join(filter(None, (text, *translations.values())))
        raise Unfit(str(error), kept=kept, status=422) from error
    except NoSuchIncident as error:
        raise Unfit(str(error), status=404) from error
    return _done(request, incident_id, say("Nothing has left yet. Look at it, then begin."))


@act
def change(request: HttpRequest, incident_id: int, round_id: int) -> HttpResponse:
    """Begin, hold, resume, stop or decide about a round, or change its pace."""
    chosen = ACTS.get(request.POST.get("act", ""))
    if chosen is None:
        raise Unfit(say("The desk does not know that act."), status=422)
    try:
        says = chosen(request, round_id)
    except rounds.NotReady as error:
        raise Unfit(*error.why, kept=request.POST.get("note", ""), status=422) from error
    except NotYours as error:
        raise Unfit(str(error), status=403) from error
    except rounds.NoSuchRound as error:
        raise Unfit(str(error), status=404) from error
    return _done(request, incident_id, says)


@act
def all_the_same(request: HttpRequest, incident_id: int, recipient_id: int) -> HttpResponse:
    """Answer somebody whom a round set aside."""
    try:
        rounds.answer_all_the_same(recipient_id=recipient_id, by=me(request).id, now=clock.now())
    except rounds.NoSuchRound as error:
        raise Unfit(str(error), status=404) from error
    return _done(request, incident_id, say("They are in the line again."))


def _begin(request: HttpRequest, round_id: int) -> str:
    state = rounds.begin(
        round_id=round_id, by=me(request).id, now=clock.now(), limits_for=limits_for
    )
    if state == "asked":
        return say("It begins as soon as somebody has approved it.")
    return say("It has begun. It can be held at any time.")


def _approve(request: HttpRequest, round_id: int) -> str:
    rounds.approve(round_id=round_id, by=me(request).id, now=clock.now())
    return say("Approved. It has begun.")


def _send_back(request: HttpRequest, round_id: int) -> str:
    note = request.POST.get("note", "")
    rounds.send_back(round_id=round_id, note=note, by=me(request).id, now=clock.now())
    return say("It can be worded anew.")


def _hold(request: HttpRequest, round_id: int) -> str:
    return _called_back(rounds.hold(round_id=round_id, by=me(request).id, now=clock.now()))


def _stop(request: HttpRequest, round_id: int) -> str:
    return _called_back(rounds.stop(round_id=round_id, by=me(request).id, now=clock.now()))


def _called_back(n: int) -> str:
    return many(
        "Nothing more leaves. {n} answer was called back.",
        "Nothing more leaves. {n} answers were called back.",
        n,
    )


def _resume(request: HttpRequest, round_id: int) -> str:
    rounds.resume(round_id=round_id, by=me(request).id, now=clock.now())
    return say("It goes on.")


def _change_pace(request: HttpRequest, round_id: int) -> str:
    rounds.change_pace(
        round_id=round_id, per_hour=_pace(request), by=me(request).id, now=clock.now()
    )
    return say("The new pace holds from now on.")


ACTS: Mapping[str, Callable[[HttpRequest, int], str]] = {
    "begin": _begin,
    "approve": _approve,
    "send-back": _send_back,
    "hold": _hold,
    "stop": _stop,
    "resume": _resume,
    "pace": _change_pace,
}
"""What can be done to a round, by the name of the button."""


def _words(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n")


def _pace(request: HttpRequest) -> int:
    return number(request.POST.get("per_hour")) or 0


def _done(request: HttpRequest, incident_id: int, says: str) -> HttpResponse:
    return done(request, f"/incidents/{incident_id}/#incident-round", says=says)


def _incident(incident_id: int) -> Standing:
    try:
        return incident(incident_id)
    except NoSuchIncident as error:
        raise Http404(str(error)) from error
