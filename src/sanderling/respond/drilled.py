"""What happened in a drill, gathered for its score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sanderling.core.drilling import Facts, Goals, Mistakes, Truth
from sanderling.core.privacy import personal
from sanderling.policy.queries import current
from sanderling.respond.minding import house
from sanderling.store.sql import as_json, fetch


def facts(
    drill_id: int, *, account: int, touched: Sequence[Truth], since: datetime, until: datetime
) -> Facts:
    """The facts of a drill on an account of ours, of whom the network knows that it `touched`
    them; what happened after `until` does not count."""
    span = {"drill": drill_id, "account": account, "since": since, "until": until}
    heard = _heard(span, touched)
    answers = fetch("respond/drill_answers", span)
    ((noticed_at, word_at, broken),) = fetch("respond/drill_deeds", span)
    waited = {who: at - first for who, (first, at) in heard.items() if at}
    return Facts(
        began_at=min((first for first, _ in heard.values()), default=None),
        noticed_at=noticed_at,
        word_at=word_at,
        affected=len(heard),
        waited=tuple(sorted(max(timedelta(), took) for took in waited.values())),
        turned=sum(one.now < one.upset for one in touched if one.who in waited),
        mistakes=Mistakes(
            private=_private([text for (text,) in fetch("respond/drill_said", span)]),
            doubled=sum(doubled for doubled, _ in answers),
            misdirected=sum(astray for _, astray in answers),
            broken=broken,
            unanswered=len(heard) - len(waited),
        ),
        goals=Goals(
            word=timedelta(seconds=current().document.incidents.first_word.total_seconds())
        ),
    )


def _heard(
    span: dict[str, object], touched: Sequence[Truth]
) -> dict[str, tuple[datetime, datetime | None]]:
    """Of those who wrote to us: when they first did, and when they first heard from us."""
    rows = [{"who": one.who, "first_at": one.first_at} for one in touched]
    found = fetch("respond/drill_customers", {**span, "touched": as_json(rows)})
    return {who: (first, answered) for who, first, answered in found}


def _private(texts: Sequence[str]) -> int:
    """How many of these public texts have something private in them."""
    rules = house(current().document)
    return sum(bool(personal(text, rules.patterns, rules.known)) for text in texts)
