"""Judging what was heard, and what people decide about it.

Pure judges decide; one statement keeps what they found, another asks for second looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction

from sanderling.core.verdict import Kind, Urgency, Verdict
from sanderling.listen.actions import Heard
from sanderling.policy import queries as policies
from sanderling.store.sql import as_json, fetch, run
from sanderling.triage import judges
from sanderling.triage.about import topics_of
from sanderling.triage.copying import first_copies

WIDE_REACH = 10_000
"""Who has so many followers is worth a second look, whatever they say."""


@transaction.atomic
def judge_heard(*, heard: Sequence[Heard], now: datetime) -> list[Verdict]:
    """Judge every wording; the verdict on a post's newest one is kept.

    What comes back is what counts: where an agent decided about the wording, or about a newer one,
    their word.
    """
    judge = judges.fast()
    verdicts = judge.judge([h.facts for h in heard])
    copies, topics = first_copies(heard), topics_of(heard)
    newest = {h.post: Finding(h.post, h.said.version_at, v, topics.get(h.post), copies.get(h.post))
              for h, v in zip(heard, verdicts, strict=True) if h.newest}  # fmt: skip
    decided = put(newest.values(), judge.name)
    decided |= _decided_before(h.post for h in heard if h.again and h.post not in newest)
    ask(looks_worth(heard, verdicts), now=now)
    return [_as_decided(v, decided.get(h.post)) for h, v in zip(heard, verdicts, strict=True)]


class Finding(NamedTuple):
    """A verdict on a wording of a post, with its topic and the first post that says the same."""

    post: int
    version_at: datetime
    verdict: Verdict
    topic: int | None = None
    copy_of: int | None = None


class Decided(NamedTuple):
    """Whether a post needs us, and what it is, where an agent had a word in it."""

    needs_us: bool
    kind: Kind


def put(findings: Iterable[Finding], judge: str) -> dict[int, Decided]:
    """Keep verdicts on newest wordings; gives what counts where an agent corrected the wording."""
    rows = [_row(finding) for finding in findings]
    if not rows:
        return {}
    params = {"rows": as_json(rows), "judge": judge, "policy": policies.current().version}
    return _decided(fetch("triage/put_verdicts", params))


def forget(posts: Sequence[int]) -> None:
    """Forget the words of erased posts that reasons quote."""
    run("triage/forget_reasons", {"posts": list(posts)})


def ask(looks: Iterable[tuple[int, str]], *, now: datetime) -> None:
    """Ask the careful judge to look at posts, each with the reason."""
    rows = [{"post_id": post, "because": because} for post, because in looks]
    if rows:
        run("triage/ask_looks", {"rows": as_json(rows), "now": now})


def looks_worth(heard: Sequence[Heard], verdicts: Sequence[Verdict]) -> Iterator[tuple[int, str]]:
    """Which newest wordings of others are worth a second look, and why; none if switched off."""
    if not settings.CAREFUL:
        return
    for h, verdict in zip(heard, verdicts, strict=True):
        if h.newest and not (h.ours or h.gone or h.said.automated):
            if _matters(h, verdict):
                yield h.post, "matters"
            elif verdict.unsure:
                yield h.post, "unsure"


def _matters(h: Heard, verdict: Verdict) -> bool:
    pressing = verdict.needs_us and verdict.urgency >= Urgency.HIGH
    return pressing or (h.said.author.followers or 0) >= WIDE_REACH


def _row(finding: Finding) -> dict[str, Any]:
    v = finding.verdict
    return {
        "post_id": finding.post,
        "needs_us": v.needs_us,
        "kind": v.kind,
        "tone": v.tone,
        "urgency": v.urgency,
        "lang": v.lang,
        "reasons": v.reasons,
        "heat": v.heat,
        "flags": v.flags,
        "odds": v.odds,
        "unsure": v.unsure,
        "topic": finding.topic,
        "copy_of": finding.copy_of,
        "version_at": finding.version_at,
    }


def _decided_before(posts: Iterable[int]) -> dict[int, Decided]:
    """What agents decided about posts that stand here in a newer wording."""
    known = sorted(set(posts))
    return _decided(fetch("triage/decided_posts", {"posts": known})) if known else {}


def _decided(rows: Iterable[tuple[Any, ...]]) -> dict[int, Decided]:
    return {post: Decided(needs_us, Kind(kind)) for post, needs_us, kind in rows}


def _as_decided(verdict: Verdict, decided: Decided | None) -> Verdict:
    if decided is None:
        return verdict
    return msgspec.structs.replace(verdict, needs_us=decided.needs_us, kind=decided.kind)
