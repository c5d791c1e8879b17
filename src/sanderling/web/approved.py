"""What approvals have to say in the story of a case."""

from __future__ import annotations

from collections.abc import Sequence

from sanderling.core.words import say
from sanderling.respond.waiting import Decided, asked_in, decided_in, hands_in
from sanderling.web.moves import kept, noted
from sanderling.web.story import Approved, Happened


def approved_in(case_id: int, cases: Sequence[int]) -> Approved:
    """What waits and what was decided in a case; `cases` are those that became part of it too."""
    return Approved(
        [_event(one) for one in decided_in(cases)], asked_in(case_id), hands_in(case_id)
    )


def _event(one: Decided) -> Happened:
    icon, says = _told(one)
    return Happened(
        f"approval-{one.id}",
        "",
        one.at,
        icon,
        noted(says, kept(one.note, one.decision, by_person=bool(one.by)), quoted=True),
    )


def _told(one: Decided) -> tuple[str, str]:
    who = {"by": one.by, "author": one.author}
    match one.decision:
        case "approved" if one.edited:
            return "stamp", say("{by} approved {author}’s answer, with changes", **who)
        case "approved":
            return "stamp", say("{by} approved {author}’s answer", **who)
        case "sent back":
            return "corner-down-right", say("{by} sent {author}’s answer back", **who)
        case "withdrawn":
            return "history", say("{by} took {author}’s answer back before it was approved", **who)
        case _ if one.had_holding and not one.note:
            says = say(
                "Nobody looked at {author}’s answer in time; the holding line was sent in its"
                " place",
                **who,
            )
            return "alarm-clock", says
        case _:
            return "alarm-clock", say("Nobody looked at {author}’s answer in time", **who)
