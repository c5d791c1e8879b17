"""The facts from which the review of an incident is written: gathered from every stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery

from sanderling.core.playbook import ROLE_WORDS, ROLES
from sanderling.core.review import Event, Facts, Told, Word
from sanderling.incidents import leading, playbooks, steps
from sanderling.incidents import queries as incidents
from sanderling.incidents import timeline as happened
from sanderling.incidents.timeline import Line
from sanderling.listen.queries import cases_cost
from sanderling.policy.queries import current
from sanderling.respond import timeline as said
from sanderling.respond.models import Broadcast, Outgoing
from sanderling.store.sql import fetch

MOST = 2_000
"""Lines of a time line that a review keeps."""

Amount = Callable[[dict[int, int]], str]
"""What accounts spent, in millionths of each one's currency, as words."""


def facts(incident_id: int, *, amount: Amount, now: datetime) -> Facts:
    """All that is known of an incident for its review. Raises NoSuchIncident."""
    it = incidents.incident(incident_id)
    lines = happened.merged(
        happened.lines(incident_id, limit=MOST), said.lines(incident_id, limit=MOST), limit=MOST
    )[::-1]
    found = steps.steps(incident_id)
    cases = fetch("respond/review_cases", {"incident": incident_id})
    rounds = fetch("respond/review_rounds", {"incident": incident_id})
    book = playbooks.of(incident_id)
    return Facts(
        number=it.id, name=it.name, drill=it.drill is not None, over=not it.stands, cause=it.cause,
        began_at=it.began_at, noticed_at=it.noticed_at, confirmed_at=_confirmed(lines),
        ended_at=it.ended_at, posts=it.posts, authors=it.authors,
        levels=tuple(incidents.levels(incident_id)),
        first_word=current().document.incidents.first_word, words=tuple(_words(incident_id)),
        acknowledged=_told(rounds, "acknowledge"), closed=_told(rounds, "close"),
        cases=len(cases), cases_open=sum(open_ for _, open_ in cases),
        playbook=book.title if book else "",
        done=sum(bool(one.times) for one in found),
        undone=tuple(one.text for one in found if one.done_at is None and not one.times),
        left_out=tuple((one.text, one.skipped) for one in found if one.skipped),
        led=tuple(_led(incident_id)), cost=amount(cases_cost([case for case, _ in cases])),
        timeline=tuple(_event(line) for line in lines), now=now,
    )  # fmt: skip


def _confirmed(lines: Sequence[Line]) -> datetime | None:
    return next((line.at for line in lines if line.move == "confirm"), None)


def _words(incident_id: int) -> list[Word]:
    """What stood somewhere, each since when: what was taken back or refused was never said."""
    posts = Outgoing.objects.filter(broadcast=OuterRef("pk"), sent_at__isnull=False)
    stood = Subquery(posts.order_by("sent_at").values("sent_at")[:1])
    rows = Broadcast.objects.filter(incident_id=incident_id).annotate(stood=stood)
    rows = rows.filter(stood__isnull=False).order_by("stood", "id")
    return [Word(*row) for row in rows.values_list("stood", "label", "text", "by__name", "next_at")]


def _told(rounds: Sequence[tuple[str, str, str, int]], kind: str) -> Told:
    mine = [(state, why, n) for of, state, why, n in rounds if of == kind]
    missed: Counter[str] = Counter()
    for state, why, n in mine:
        missed[why] += n * (state in ("set aside", "failed"))
    return Told(
        all=sum(n for *_, n in mine),
        told=sum(n for state, _, n in mine if state == "told"),
        waiting=sum(n for state, _, n in mine if state in ("waiting", "taken")),
        missed=tuple((why, n) for why, n in missed.most_common() if n),
    )


def _led(incident_id: int) -> list[tuple[str, str]]:
    held = leading.history(incident_id)
    return [(ROLE_WORDS[role], ", ".join(held[role])) for role in ROLES if role in held]


def _event(line: Line) -> Event:
    return Event(line.at, line.by.name if line.by else "", line.says, line.words)
