"""What stands in a desk, told without ids that depend on the order of arrival, and what must hold
in every desk at any time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from django.db.models import Count, Sum

from sanderling.cases.models import Case, Clock, Placement, Tally
from sanderling.core.timing import NEVER
from sanderling.listen.models import Post, PostVersion
from sanderling.triage.models import Verdict

NOT_MET = datetime(1, 1, 1, tzinfo=UTC)


def standing() -> dict[str, list]:
    """Posts, wordings, verdicts on theirs, cases, placements and clocks; no merged cases."""
    names = dict(Post.objects.values_list("pk", "remote_id"))
    cases = {
        c.pk: frozenset(names[p] for p in Placement.objects.filter(case=c).values_list(
            "post_id", flat=True))
        for c in Case.objects.exclude(state="merged")
    }  # fmt: skip
    return {
        "posts": sorted(Post.objects.values_list(
            "remote_id", "text", "version_at", "edited", "likes", "reposts", "deleted_at",
            "direction", "to_us")),
        "versions": sorted((names[p], at, text) for p, at, text in PostVersion.objects.values_list(
            "post_id", "version_at", "text")),
        "verdicts": sorted((names[p], *rest) for p, *rest in Verdict.objects.filter(
                post__direction="theirs").values_list(
            "post_id", "kind", "tone", "urgency", "needs_us")),
        "cases": sorted(
            (sorted(cases[c.pk]), c.state, names[c.about_post_id], c.title, c.kind, c.opened_at,
             c.last_at, c.due_at, c.due_kind, c.urgency, [str(step) for step in c.arc], c.swing,
             c.swung_at or NOT_MET, c.reasons)
            for c in Case.objects.exclude(state="merged")),
        "placements": sorted(
            (names[p.post_id], p.role, p.needs, p.gone, sorted(cases.get(p.case_id, ())))
            for p in Placement.objects.all()),
        "clocks": sorted(
            # What was promised when a clock was met stays so, whatever the customer edits later.
            (sorted(cases[k.case_id]), names[k.turn_id], k.kind,
             NOT_MET if k.met_at else k.due_at, k.met_at or NOT_MET)
            for k in Clock.objects.filter(void_at=None)),
    }  # fmt: skip


def check_tallies() -> None:
    """The kept counters are what counting gives."""
    kept = Counter({
        (state, owner, team, snoozed): n
        for state, owner, team, snoozed, n in Tally.objects.values_list(
            "state", "owner", "team", "snoozed").annotate(Sum("n"))
    })  # fmt: skip
    counted = Counter(
        (state, owner or 0, team or 0, snoozed)
        for state, owner, team, snoozed in Case.objects.values_list(
            "state", "owner_id", "team_id", "snoozed"
        )
    )
    assert +kept == counted
    assert not -kept, "a counter fell below nothing"


def check_clocks() -> None:
    """No turn has two clocks of a kind running, and a case is due when its first one is; a public
    follow-up is no turn's and may be owed by a case that has ended."""
    running = Clock.objects.filter(met_at=None, void_at=None).exclude(kind="follow up")
    doubled = running.values("turn_id", "kind").annotate(n=Count("*")).filter(n__gt=1)
    assert not list(doubled), "two clocks of one kind run for one turn"
    first = {}
    unpaused = running.exclude(due_at=NEVER)
    for case_id, due_at, kind in unpaused.values_list("case_id", "due_at", "kind"):
        first[case_id] = min(first.get(case_id, (NEVER, "")), (due_at, kind))
    for case in Case.objects.all():
        due = first.get(case.pk, (NEVER, ""))
        assert (case.due_at, case.due_kind) == due, f"{case} {case.state} is due at another time"
        assert case.state in ("new", "open") or due == (NEVER, ""), f"{case} {case.state} runs"
