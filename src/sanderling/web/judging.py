"""Judgement: the verdict on a post with its reasons, correcting it, and how the judges do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import actions as cases
from sanderling.cases.agreement import Agreement, agreement
from sanderling.cases.queries import OnePost, badges, post
from sanderling.core.verdict import Aspect
from sanderling.core.words import later, say
from sanderling.triage import layers, topics
from sanderling.triage import queries as triage
from sanderling.triage.correcting import NotJudged, WrongValue
from sanderling.web import clock, wording
from sanderling.web.agents import brand, by_agent, by_lead, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES
from sanderling.web.findings import Finding, Judged, in_words, judged, named, said, value

DAYS = 30
"""How far back agreement is told."""
ENOUGH = 50
"""Posts below which no share is told."""
LATEST = 20
MOST_FIGURES = 16
LONGEST_TOPIC_FORM = 10_000
UNDECIDED = "?"
FOUND = {
    Aspect.NEEDS_US: later("needs us is {value}"),
    Aspect.KIND: later("kind is {value}"),
    Aspect.TONE: later("tone is {value}"),
    Aspect.URGENCY: later("urgency is {value}"),
    Aspect.LANG: later("language is {value}"),
    Aspect.TOPIC: later("topic is {value}"),
}


# ── a post ────────────────────────────────────────────────────────────────────────────


@require_GET
@by_agent
def page(request: HttpRequest, post_id: int) -> HttpResponse:
    """The verdict on a post, alone: what the dialog shows, for those without a script."""
    return _page(request, "judged.html", clock.now(), **_about(post_id))


@require_GET
@by_agent
def part(request: HttpRequest, post_id: int) -> HttpResponse:
    """The same, to stand in a dialog."""
    return show(request, "parts/judging.html", **_about(post_id))


@act
def correct(request: HttpRequest, post_id: int) -> HttpResponse:
    """Keep what an agent decided about a post; what was not touched stays as it is."""
    why = " ".join(request.POST.get("why", "").split())
    shown, found = _post(post_id), judged(post_id)
    if found is None:
        raise Unfit(say("Nothing was found in this post yet. Try again in a moment."), kept=why)
    _same_wording(request, shown, why)
    wanted = dict(_wanted(request, found, why))
    if not wanted:
        raise Unfit(say("Nothing was changed: choose what is right first."), kept=why, status=422)
    _correct(request, post_id, wanted, why)
    before = {aspect: value(found.found, aspect) for aspect in wanted}
    return done(
        request, f"/judgement/posts/{post_id}/", says=_says(wanted, before, found),
        post=post_id, undo={a: was for a, was in before.items() if was != wanted[a]},
    )  # fmt: skip


def _correct(request: HttpRequest, post_id: int, wanted: Mapping[Aspect, str], why: str) -> None:
    """All of it, or nothing."""
    try:
        with transaction.atomic():
            for aspect, text in wanted.items():
                cases.correct(
                    post_id=post_id, aspect=aspect, value=text, agent_id=me(request).id, why=why,
                    now=clock.now(),
                )  # fmt: skip
    except (NotJudged, WrongValue) as error:
        raise Unfit(str(error), kept=why, status=422) from error


def _same_wording(request: HttpRequest, shown: OnePost, why: str) -> None:
    wording_seen = number(request.POST.get("wording"))
    if wording_seen is not None and wording_seen != wording.stamp(shown.version_at):
        raise Unfit(
            say("The author changed the post after you opened it. Read it again, then decide."),
            kept=why,
        )


def _wanted(request: HttpRequest, found: Judged, why: str) -> Iterator[tuple[Aspect, str]]:
    """What the form decides; raises Unfit where somebody else decided otherwise meanwhile."""
    for f in found.findings:
        given = request.POST.get(f.aspect, UNDECIDED)
        seen = request.POST.get(f"seen_{f.aspect}", f.value)
        if given in (UNDECIDED, seen):
            continue
        if f.value not in (seen.removeprefix(UNDECIDED), given):
            raise Unfit(_was_faster(f, _who(found, f.aspect)), kept=why)
        yield f.aspect, given


def _who(found: Judged, aspect: Aspect) -> str:
    corrections = (c.by for c in found.found.corrections if c.aspect is aspect)
    return next(corrections, "") if aspect in found.found.corrected else ""


def _was_faster(f: Finding, by: str) -> str:
    """What somebody else decided meanwhile; the judge, where `by` is nobody."""
    facts = {"aspect": f.label, "value": f.words}
    if not by:
        return say(
            "{aspect} is “{value}” by now: the judge was faster. Look again, then decide.", **facts
        )
    return say(
        "{aspect} is “{value}” by now: {by} was faster. Look again, then decide.", by=by, **facts
    )


def _says(wanted: Mapping[Aspect, str], before: Mapping[Aspect, str], found: Judged) -> str:
    names = named(found.topics)
    told = ", ".join(say(FOUND[a], value=in_words(a, v, names)) for a, v in wanted.items())
    if wanted == before:
        return say("Confirmed: {what}.", what=told)
    return say("Corrected: {what}.", what=told)


def _post(post_id: int) -> OnePost:
    found = post(post_id)
    if found is None or found.direction == "ours":
        raise Http404(say("There is no such post to be judged."))
    return found


def _about(post_id: int) -> dict[str, Any]:
    return {"p": _post(post_id), "judged": judged(post_id), "why": ""}


# ── the judges ────────────────────────────────────────────────────────────────────────


class Cell(NamedTuple):
    """How often verdicts on one aspect stood; `share` in per cent, None below ENOUGH posts."""

    seen: int
    corrected: int
    share: int | None


@require_GET
@by_agent
def judgement(request: HttpRequest) -> HttpResponse:
    """Which judge runs, how often people agree, what was learnt, and the topics."""
    now = clock.now()
    tree, rows = triage.topics(), triage.layers()
    names = named(tree)
    aspects = [aspect for aspect in Aspect if aspect is not Aspect.TOPIC or tree]
    return _page(
        request, "judgement.html", now, judge=triage.newest_judge(), careful=settings.CAREFUL,
        waiting=triage.looks_waiting(), days=DAYS, enough=ENOUGH,
        labels=[say(wording.ASPECTS[aspect]) for aspect in aspects],
        agreement=_table(agreement(since=now - timedelta(days=DAYS), now=now), aspects),
        latest=[(n, said(c, names)) for n, c in triage.latest_corrections(LATEST)],
        layers=[(row, _figures(row.figures)) for row in rows],
        live=next((row for row in rows if row.live), None), before=_before(rows), topics=tree,
    )  # fmt: skip


@act
@by_lead
def roll_back(request: HttpRequest) -> HttpResponse:
    """Judge with the layer before the live one; only the one that was meant is taken back."""
    live = triage.live_layer_id()
    if live is None or live != number(request.POST.get("layer")):
        raise Unfit(say("Another layer is live by now. Look again, then decide."))
    before = layers.roll_back()
    says = (
        say("Layer {before} judges again.", before=before)
        if before
        else say("No layer of yours is live any more.")
    )
    return done(request, "/judgement/", says=says)


@act
@by_lead
def add_topic(request: HttpRequest) -> HttpResponse:
    """A new branch of the tree."""
    name = _changed(
        topics.add_topic, request, parent=number(request.POST.get("parent")), words=_words(request)
    )
    return done(request, "/judgement/", says=say("Topic {name} is added.", name=name))


@act
@by_lead
def change_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Another name, or other words."""
    name = _changed(topics.change_topic, request, topic_id=topic_id, words=_words(request))
    return done(request, "/judgement/", says=say("Topic {name} is changed.", name=name))


@act
@by_lead
def remove_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Take a branch away; what hung on it moves up."""
    try:
        topics.remove_topic(topic_id=topic_id)
    except topics.WrongTopic as error:
        raise Unfit(str(error), status=409) from error
    return done(request, "/judgement/", says=say("The topic is removed."))


def _changed(change: Callable[..., Any], request: HttpRequest, **facts: Any) -> str:
    name = request.POST.get("name", "")
    try:
        change(name=name, **facts)
    except topics.WrongTopic as error:
        raise Unfit(str(error), kept=name[:200], status=422) from error
    return " ".join(name.split())


def _words(request: HttpRequest) -> list[str]:
    text = request.POST.get("words", "")[:LONGEST_TOPIC_FORM]
    return [word.strip() for word in re.split(r"[,\n]", text) if word.strip()]


def _table(found: list[Agreement], aspects: list[Aspect]) -> list[tuple[str, list[Cell | None]]]:
    """A line for each team, with a cell for each aspect."""
    table = []
    for _, rows in groupby(found, lambda row: row.team):
        by_aspect = {row.aspect: row for row in rows}
        name = next(iter(by_aspect.values())).name
        table.append((name, [_cell(by_aspect.get(aspect)) for aspect in aspects]))
    return table


def _cell(row: Agreement | None) -> Cell | None:
    if row is None:
        return None
    share = 100 * (row.seen - row.corrected) // row.seen if row.seen >= ENOUGH else None
    return Cell(row.seen, row.corrected, share)


def _before(rows: list[triage.LayerRow]) -> int | None:
    """The layer that rolling back leads to."""
    live = next((row for row in rows if row.live), None)
    if live is None or live.live_from is None:
        return None
    earlier = [(row.live_from, row.id) for row in rows if _was_before(row, live.live_from)]
    return max(earlier)[1] if earlier else None


def _was_before(row: triage.LayerRow, moment: datetime) -> bool:
    return row.live_from is not None and row.live_from < moment


def _figures(given: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """The figures of a layer as pairs of words, flat, and not too many."""
    found: list[tuple[str, str]] = []
    for key, figure in given.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(figure, dict):
            found += _figures(figure, f"{name}, ")
        else:
            found.append((name, f"{figure:,.3g}" if isinstance(figure, float) else str(figure)))
    return found[:MOST_FIGURES]


def _page(request: HttpRequest, template: str, now: datetime, /, **facts: Any) -> HttpResponse:
    return show(
        request, template, now, page="judgement", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), **facts,
    )  # fmt: skip
