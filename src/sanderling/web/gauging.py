"""The firestorm meter of an incident: where it stands, where it came from, who carries it, and why
in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.core.gauge import Level, Mark, Reading, Steps, reasons
from sanderling.core.words import figure, later, say
from sanderling.incidents import gauged
from sanderling.incidents.gauged import Alerted, Face
from sanderling.incidents.queries import NoSuchIncident, Standing, incident
from sanderling.policy.queries import current
from sanderling.web import clock
from sanderling.web.agents import by_agent, preferences, show
from sanderling.web.sea_map import Drawn, drawn
from sanderling.web.wording import clock_time, reach

SEAS: dict[Level, tuple[int, str]] = {
    "calm": (1, later("Calm sea")),
    "choppy": (3, later("Choppy sea")),
    "storm": (5, later("Storm")),
}
"""The sea state that stands for a level, of those of the tones, and its word."""
TRENDS = {
    "rising": later("rising since {time}"),
    "holding": later("holding since {time}"),
    "easing": later("easing since {time}"),
}
STEPS = {
    "suspected": later("Suspected"),
    "choppy": later("Choppy sea"),
    "storm": later("Storm"),
}


@dataclass(frozen=True, slots=True)
class Carries:
    """Someone who carries `share` per cent of the reach."""

    who: Face
    reach: int
    share: int


@dataclass(frozen=True, slots=True)
class Told:
    """A step that was reached, when, and whether people outside know."""

    step: str
    at: datetime
    outside: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Meter:
    """What the panel shows. `says` is the drawing in a sentence."""

    sea: int
    word: str
    trend: str
    drawn: Drawn
    says: str
    rate: str
    posts: str
    reach: str
    why: list[str]
    carriers: list[Carries]


@require_GET
@by_agent
def gauge(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The panel alone."""
    try:
        found = incident(incident_id)
    except NoSuchIncident as error:
        raise Http404(str(error)) from error
    now = clock.now()
    return show(request, "parts/incident_gauge.html", now, **panel(request, found, now))


def panel(request: HttpRequest, incident: Standing, now: datetime) -> dict[str, Any]:
    """What the panel needs: `meter`, None before the first reading, and `alerted`, the steps."""
    limits = current().document.incidents
    steps, zone = Steps(limits.choppy, limits.storm), preferences(request).zone
    reading = gauged.reading(incident.gauge)
    return {
        "meter": _meter(reading, gauged.path(incident.id), steps, zone, now) if reading else None,
        "alerted": [_told(one) for one in gauged.alerted(incident.id)],
    }


def _meter(reading: Reading, path: list[Mark], steps: Steps, zone: tzinfo, now: datetime) -> Meter:
    sea, word = SEAS[reading.level]
    since = clock_time(reading.since, zone, now)
    return Meter(
        sea=sea, word=say(word), trend=say(TRENDS[reading.trend], time=since),
        drawn=drawn(path, reading.mark, steps), says=_says(path, reading, zone, now),
        rate=few(reading.rate), posts=few(reading.velocity), reach=reach(round(reading.reach)),
        why=reasons(reading, steps), carriers=_carriers(reading),
    )  # fmt: skip


def _carriers(reading: Reading) -> list[Carries]:
    faces = gauged.faces([one.author for one in reading.carriers])
    return [
        Carries(faces[one.author], one.reach, round(100 * one.share))
        for one in reading.carriers
        if one.author in faces
    ]


def _told(alert: Alerted) -> Told:
    outside = ""
    if alert.told_at:
        outside = say("told outside")
    elif alert.outside:
        outside = say("not told outside")
    return Told(say(STEPS[alert.step]), alert.at, outside, alert.trouble)


def _says(path: list[Mark], reading: Reading, zone: tzinfo, now: datetime) -> str:
    here = say("now {rate} and {reach}", rate=few(reading.rate), reach=reach(round(reading.reach)))
    if not path:
        return say("Voices a minute against people they reach in it: {here}.", here=here)
    first, high = path[0], max(path, key=lambda mark: mark.force)
    return say(
        "Voices a minute against people they reach in it, on log scales: {first} and {first_reach}"
        " at {begun}, at most {most} and {most_reach} at {peak}, {here}.",
        first=few(first.rate), first_reach=reach(round(first.reach)),
        begun=clock_time(first.at, zone, now), most=few(high.rate),
        most_reach=reach(round(high.reach)), peak=clock_time(high.at, zone, now), here=here,
    )  # fmt: skip


def few(rate: float) -> str:
    """A rate in a figure that people read."""
    return say("under 1") if 0 < rate < 1 else figure(round(rate))
