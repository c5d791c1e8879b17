"""One act for the cases that are chosen in the Desk's list: what is asked, and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast, get_args

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from sanderling.cases import bulk
from sanderling.cases.bulk import Act, Mark, Step, act_on, marks_of, take_back
from sanderling.cases.causes import causes
from sanderling.cases.endings import OUTCOMES
from sanderling.cases.queries import CaseRow, badges, rows_of
from sanderling.core.rooms import Outcome as End
from sanderling.core.words import later, many, say
from sanderling.people.queries import colleagues, presences, teams
from sanderling.web import clock
from sanderling.web.acts import LONGEST_NAP
from sanderling.web.agents import brand, by_agent, by_script, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import NAPS, QUEUES, TITLES
from sanderling.web.rooms import LONGEST_NOTE

UNDO_S = 8
"""How long the notice stands with which an act is taken back."""
LATEST_UNDO = timedelta(minutes=10)
"""How long the desk takes it back, where a page without a script shows the button."""
SALT = "desk.bulk"


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as its question: what follows from it, and the word on the button."""

    about: str
    yes: str


ACTS = {
    "take": Asked(later("Those that a colleague has stay theirs."), later("Take them")),
    "give": Asked(
        later("A colleague has them at once. A team is asked, and you keep them until it accepts."),
        later("Give"),
    ),
    "aside": Asked(
        later(
            "Each comes back in time, and earlier when the customer writes or a clock runs short."
        ),
        later("Put aside"),
    ),
    "resolve": Asked(
        later("Whoever writes again opens their case by themselves."), later("Resolve")
    ),
    "link": Asked(later("All stay as they are, and nothing is sent."), later("Link")),
}


@require_http_methods(["GET", "POST"])
def chosen(request: HttpRequest) -> HttpResponse:
    """What an act asks about the chosen cases; with POST, the act itself."""
    return _act(request) if request.method == "POST" else _asked(request)


@by_agent
def _asked(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("act", "")
    cases = _cases(request.GET.getlist("case"))
    facts = _question(request, name, cases)
    if by_script(request):
        return show(request, "parts/bulk.html", sheet=True, **facts)
    return _page(request, sheet=False, **facts)


def _question(request: HttpRequest, name: str, cases: Sequence[int]) -> dict[str, Any]:
    now, shown = clock.now(), rows_of(list(cases))
    name = name if name in ACTS else "take"
    asked, there = ACTS[name], presences(now)
    return {
        "act": name, "asked": asked, "title": _title(name, len(shown)),
        "rows": shown, "marks": marks_of(cases), "queue_name": _queue(request),
        "people": sorted(colleagues(), key=lambda c: (there.get(c.id) != "here", c.name)),
        "presences": there, "teams": teams(), "outcomes": OUTCOMES, "causes": causes(),
        "naps": [(now + timedelta(minutes=minutes), words) for minutes, words in NAPS],
        "too_many": len(shown) > bulk.MOST, "most": bulk.MOST, "mark": mark_text,
    }  # fmt: skip


def _title(name: str, n: int) -> str:
    match name:
        case "give":
            return many("Give {n} case away", "Give {n} cases away", n)
        case "aside":
            return many("Put {n} case aside", "Put {n} cases aside", n)
        case "resolve":
            return many("Resolve {n} case", "Resolve {n} cases", n)
        case "link":
            return many("Link {n} case", "Link {n} cases", n)
        case _:
            return many("Take {n} case", "Take {n} cases", n)


@act
def _act(request: HttpRequest) -> HttpResponse:
    by, now = me(request).id, clock.now()
    cases = _cases(request.POST.getlist("case"))
    name = request.POST.get("act", "")
    try:
        went = act_on(case_ids=cases, act=_read(request, name, now), marks=_marks(request, cases),
                      by=by, now=now)  # fmt: skip
    except bulk.TooMany as error:
        raise Unfit(str(error), status=422) from error
    steps = [one.back for one in went if one.back]
    ready = [one.case_id for one in went if one.done]
    return _told(
        request, went, says=_says(request, name, len(ready)) if ready else say("Nothing was done."),
        back=_sealed(steps) if steps else "",
    )  # fmt: skip


@act
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was just done, where nothing happened since."""
    try:
        sealed = signing.loads(request.POST.get("back", ""), salt=SALT, max_age=LATEST_UNDO)
    except signing.BadSignature as error:
        raise Unfit(say("It is too late to take this back. Do it in the cases.")) from error
    steps = [Step(*step) for step in sealed]
    went = take_back(steps=steps, by=me(request).id, now=clock.now())
    n = sum(one.done for one in went)
    return _told(
        request,
        went,
        says=many("{n} case as before.", "{n} cases as before.", n)
        if n
        else say("Nothing was taken back."),
    )


def _told(
    request: HttpRequest, went: Sequence[bulk.Outcome], *, says: str, back: str = ""
) -> HttpResponse:
    """How it went: facts for the script, a page without it."""
    rows = {row.id: row for row in rows_of([one.case_id for one in went])}
    left = [
        {"case": one.case_id, "who": _who(rows.get(one.case_id)), "why": one.why}
        for one in went
        if not one.done
    ]
    if by_script(request):
        ready = [one.case_id for one in went if one.done]
        return JsonResponse(
            {"says": says, "done": ready, "left": left, "back": back, "seconds": UNDO_S}
        )
    if not left and not back:
        return done(request, f"/desk/?q={_queue(request)}")
    return _page(request, says=says, left=left, back=back, queue_name=_queue(request))


def _page(request: HttpRequest, **facts: Any) -> HttpResponse:
    now = clock.now()
    return show(
        request, "bulk.html", now, page="bulk", brand=brand(), queue_list=QUEUES,
        badges=badges(me(request).id, now),
        **{"says": "", "left": [], "back": "", "asked": None, **facts},
    )  # fmt: skip


def _read(request: HttpRequest, name: str, now: datetime) -> Act:
    """The act that a form asks for; raises Unfit."""
    if name == "take":
        return bulk.Take()
    if name == "give":
        return _giving(request)
    if name == "aside":
        return bulk.Aside(_until(request, now))
    if name == "resolve":
        note = " ".join(request.POST.get("note", "").replace("\0", "").split())[:LONGEST_NOTE]
        return bulk.Resolve(_end(request), number(request.POST.get("cause")), note)
    if name == "link":
        return _linking(request)
    raise Unfit(say("The desk does not know that act."), status=422)


def _giving(request: HttpRequest) -> Act:
    kind, _, digits = request.POST.get("to", "").partition("-")
    whom = number(digits)
    if kind == "agent" and whom in {c.id for c in colleagues()}:
        return bulk.Give(whom)
    if kind != "team" or whom not in teams():
        raise Unfit(say("Choose a colleague or a team."), status=422)
    note = request.POST.get("note", "")
    if not note.strip():
        raise Unfit(say("Say in the note what the team must know."), status=422)
    return bulk.Offer(whom, note)


def _until(request: HttpRequest, now: datetime) -> datetime:
    seconds = number(request.POST.get("until"), 2**33)
    until = datetime.fromtimestamp(seconds, UTC) if seconds else now
    if not now < until <= now + timedelta(minutes=LONGEST_NAP):
        raise Unfit(say("Say until when: later than now, and within thirty days."), status=422)
    return until


def _end(request: HttpRequest) -> End:
    outcome = request.POST.get("outcome", "")
    if outcome not in get_args(End):
        raise Unfit(say("Say how they ended."), status=422)
    return cast(End, outcome)


def _linking(request: HttpRequest) -> Act:
    other = number(request.POST.get("other", "").strip().lstrip("#"))
    why = request.POST.get("why", "")
    if other is None or not rows_of([other]):
        raise Unfit(say("Give the number of the case to which they belong."), kept=why, status=422)
    if not why.strip():
        raise Unfit(say("Say why they belong together: a word or two."), status=422)
    return bulk.LinkTo(other, why)


def _says(request: HttpRequest, name: str, n: int) -> str:
    match name:
        case "take":
            return many("{n} case taken: yours now.", "{n} cases taken: yours now.", n)
        case "give":
            return _given(request.POST.get("to", ""), n)
        case "aside":
            return many("{n} case put aside.", "{n} cases put aside.", n)
        case "link":
            other = request.POST.get("other", "").strip().lstrip("#")
            return many(
                "{n} case linked with case {other}.", "{n} cases linked with case {other}.", n,
                other=other,
            )  # fmt: skip
        case _:
            return many("{n} case resolved.", "{n} cases resolved.", n)


def _given(to: str, n: int) -> str:
    kind, _, digits = to.partition("-")
    whom = number(digits) or 0
    if kind == "team":
        team = teams().get(whom, "")
        return many("{n} case offered to {team}.", "{n} cases offered to {team}.", n, team=team)
    name = next((c.name for c in colleagues() if c.id == whom), "")
    return many("{n} case given to {name}.", "{n} cases given to {name}.", n, name=name)


def _sealed(steps: Sequence[Step]) -> str:
    """What takes it back, as a text that nobody can change on its way."""
    return signing.dumps([list(step) for step in steps], salt=SALT, compress=True)


def _marks(request: HttpRequest, cases: Sequence[int]) -> dict[int, Mark]:
    """How far each case had come when the form was shown."""
    read = {case: _mark(request.POST.get(f"mark_{case}", "")) for case in cases}
    return {case: mark for case, mark in read.items() if mark}


def _mark(text: str) -> Mark | None:
    moved, _, at = text.partition("-")
    step, micros = number(moved), number(at, 2**53)
    if step is None or micros is None:
        return None
    return Mark(step, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros))


def mark_text(mark: Mark) -> str:
    """A mark as it stands in a form."""
    micros = (mark.last_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{mark.moved}-{micros}"


def _cases(texts: Sequence[str]) -> list[int]:
    read = (number(text) for text in texts[: 10 * bulk.MOST])
    return list(dict.fromkeys(n for n in read if n is not None))


def _queue(request: HttpRequest) -> str:
    name = request.POST.get("q", "") or request.GET.get("q", "")
    return name if name in TITLES else "team"


def _who(row: CaseRow | None) -> str:
    return (row.customer.name or f"@{row.customer.handle}") if row else say("This case")
