"""Judging what was heard: pure rules decide, one statement keeps what they found."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from sanderling.core.judging import JUDGE, judge
from sanderling.core.verdict import Verdict
from sanderling.listen.actions import Heard
from sanderling.store.sql import as_json, run


@transaction.atomic
def judge_heard(*, heard: Sequence[Heard]) -> list[Verdict]:
    """Judge every wording; the verdict on a post's newest one is kept."""
    verdicts = judge([h.facts for h in heard])
    rows = {
        h.post: {
            "post_id": h.post,
            "needs_us": v.needs_us,
            "kind": v.kind,
            "tone": v.tone,
            "urgency": v.urgency,
            "lang": v.lang,
            "reasons": v.reasons,
        }
        for h, v in zip(heard, verdicts, strict=True)
        if h.newest
    }
    if rows:
        run("triage/put_verdicts", {"rows": as_json(list(rows.values())), "judge": JUDGE})
    return verdicts
