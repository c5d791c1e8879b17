"""Drills: beginning and ending one, what it was worth, and what earlier ones were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling import drills
from sanderling.cases.queries import badges
from sanderling.core.drilling import Score, score
from sanderling.core.network import NetworkError
from sanderling.core.words import later, say
from sanderling.incidents.drills import AlreadyRuns, NoSuchDrill, Played, drill, past, running
from sanderling.incidents.queries import of_drill
from sanderling.store.sealing import SealBroken
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, by_lead, me, preferences, show
from sanderling.web.answers import Unfit, act, done
from sanderling.web.desk import QUEUES
from sanderling.web.drill_mark import mark
from sanderling.web.wording import clock_time

TROUBLES = (NetworkError, SealBroken)
PARTS = {
    "noticed": later("Noticed"),
    "word": later("First public word"),
    "acknowledged": later("Everybody acknowledged"),
    "tone": later("Tone turned"),
    "mistakes": later("Mistakes"),
}


class Offer(NamedTuple):
    """A drill as it is offered: what it trains, and who should take part; in English."""

    trains: str
    who: str


OFFERS = {
    "outage": Offer(
        later("Seeing one problem behind many posts, saying one thing to everybody, and still"
              " acknowledging each."),
        later("A lead, a voice and two agents or more"),
    ),
    "firestorm": Offer(
        later("Keeping calm while reach grows: who carries it, what to say, and what better"
              " not to answer."),
        later("A lead, a voice and three agents or more"),
    ),
    "leak": Offer(
        later("Taking private matters out of the public, promising only what can be kept, and"
              " calling for whom else it concerns."),
        later("A lead, a voice, a technical contact and two agents"),
    ),
}  # fmt: skip


class Past(NamedTuple):
    """An earlier drill, its score, and how many points more than the one before of its kind."""

    drill: Played
    score: Score | None
    more: int | None


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """What can be practised, and what earlier drills were worth."""
    return _page(
        request, "drills.html", lasts=drills.minutes(), offers=OFFERS, titles=drills.TITLES,
        past=_history(past()), runs=running(),
    )  # fmt: skip


@require_GET
@by_agent
def one(request: HttpRequest, drill_id: int) -> HttpResponse:
    """One drill: that it runs, or what it was worth."""
    played = _drill(drill_id)
    found = _past(played)
    return _page(request, "drill.html", played=played, score=found.score, more=found.more,
        parts=PARTS, touched=of_drill(drill_id))  # fmt: skip


@require_GET
@by_agent
def banner(request: HttpRequest) -> HttpResponse:
    """The mark alone, for pages that stand open while a drill begins or ends."""
    return show(request, "parts/drill_banner.html", drilled=mark())


@act
@by_lead
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a drill."""
    scenario = request.POST.get("scenario", "")
    try:
        drill_id = drills.begin(scenario=scenario, by=me(request).id, now=clock.now())
    except AlreadyRuns as error:
        raise Unfit(str(error)) from error
    except TROUBLES as error:
        raise Unfit(str(error), status=422) from error
    return done(request, f"/drills/{drill_id}/", says=say("The drill has begun."))


@act
@by_lead
def end(request: HttpRequest) -> HttpResponse:
    """End the drill that runs."""
    try:
        drill_id = drills.end(by=me(request).id, now=clock.now())
    except NoSuchDrill as error:
        raise Unfit(str(error)) from error
    return done(request, f"/drills/{drill_id}/", says=say("The drill has ended."))


@require_GET
@by_agent
def export(request: HttpRequest, drill_id: int) -> HttpResponse:
    """What a drill was worth, as Markdown."""
    played = _drill(drill_id)
    found = _past(played)
    if found.score is None:
        raise Http404(say("This drill has no score."))
    at = clock_time(played.begun_at, preferences(request).zone)
    text = written(played, found.score, f"{played.begun_at:%Y-%m-%d}, {at}")
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="drill-{played.id}.md"'
    return response


def written(played: Played, worth: Score, at: str) -> str:
    """A score as Markdown; `at` is when the drill began, in words."""
    lines = [
        "# " + say("Drill: {title}", title=say(played.title)), "",
        say("Begun {at}, story {seed} of “{scenario}”.", at=at, seed=played.seed,
            scenario=played.scenario), "",
        "**" + say("{points} of 100 points", points=worth.points) + "**", "",
    ]  # fmt: skip
    for part in worth.parts:
        lines.append(f"- **{say(PARTS[part.name])}** ({part.points}/{part.most}): {part.says}")
    if worth.lessons:
        lines += ["", "## " + say("What to do better"), ""]
        lines += [f"{n}. {lesson}" for n, lesson in enumerate(worth.lessons, 1)]
    return "\n".join(lines) + "\n"


def _drill(drill_id: int) -> Played:
    try:
        return drill(drill_id)
    except NoSuchDrill as error:
        raise Http404(str(error)) from error


def _past(played: Played) -> Past:
    """A drill among those before it."""
    earlier = [p for p in past() if p.begun_at < played.begun_at]
    return _history([played, *earlier])[0]


def _history(drilled: Sequence[Played]) -> list[Past]:
    """Drills with their scores, newest first, each held against the last one of its kind."""
    worth = [_score(played) for played in drilled]
    return [
        Past(played, points, _more(points, list(zip(drilled, worth, strict=True))[n + 1 :], played))
        for n, (played, points) in enumerate(zip(drilled, worth, strict=True))
    ]


def _score(played: Played) -> Score | None:
    facts = drills.facts_of(played)
    return score(facts) if facts else None


def _more(
    worth: Score | None, earlier: Sequence[tuple[Played, Score | None]], played: Played
) -> int | None:
    last = next((s for d, s in earlier if s and d.scenario == played.scenario), None)
    return worth.points - last.points if worth and last else None


def _page(request: HttpRequest, template: str, **facts: object) -> HttpResponse:
    now = clock.now()
    return show(
        request, template, now, page="drills", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip
