"""What speaks against an answer, gathered from all that the desk knows around it.

`core.guards` decides; the policy says what is forbidden and how the company's own numbers look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

import regex

from sanderling.core.answering import LONGEST, obstacle, signature, space
from sanderling.core.guards import House, Objection, Pattern, Saying, Word, mentions
from sanderling.core.guards import objections as guarded
from sanderling.core.impersonal import blanks
from sanderling.core.network import Room
from sanderling.core.policy.document import Document
from sanderling.core.splitting import Unsplittable, split
from sanderling.core.words import figure, language, later, many, say, speaking
from sanderling.listen.queries import accounts
from sanderling.people.queries import speaker
from sanderling.respond.queries import Facing, UnderWay, drafts_of, initials, outgoing_of
from sanderling.store.sql import fetch

LATELY = timedelta(hours=1)
"""Within which the same words to many are noticed."""

MOST_OURS = 500
"""How many of our newest posts are looked at for that."""

MOST_SAID = 200
"""How many posts and notes of a case are compared with what is about to be said."""


class Objections(Exception):
    """Why this text cannot be sent as it is: `found`, what stops it first; `sentences` of it."""

    def __init__(self, found: Sequence[Objection]) -> None:
        self.found = list(found)
        self.sentences = [one.says for one in found]
        super().__init__(" ".join(self.sentences))


def house(document: Document) -> House:
    """What a policy says about answers, as guards are told."""
    return House(
        words=tuple(Word(f.words, f.says, f.room, f.instead) for f in document.forbidden),
        patterns=tuple(Pattern(p.name, p.pattern, p.says) for p in document.patterns),
        known=document.contacts,
        voice=document.voice,
    )


def posts_of(room: Room, text: str, whom: Facing, by: int) -> list[str]:
    """An answer as the posts that say it, signed; raises Unsplittable."""
    return split(text, space(room, whom.standing.limits), signature(text, initials(by)))


def against(
    whom: Facing, room: Room, text: str, *, by: int, now: datetime, rules: House
) -> list[Objection]:
    """Everything that speaks against this answer of agent `by`; `text` is not signed yet."""
    found = [*_impossible(room, text, whom, by)]
    found += guarded(_saying(whom, room, text, by=by, now=now), rules)
    return sorted(found, key=lambda one: one.severity == "confirm")


def accepted(found: Iterable[Objection], confirmed: Collection[str]) -> list[Objection]:
    """The objections that the author overrules; raises Objections if that leaves others."""
    known = list(found)
    left = [one for one in known if one.severity == "stop" or one.rule not in confirmed]
    if left:
        raise Objections(left)
    return known


def overruling(look: Callable[[], list[Objection]], confirmed: Collection[str]) -> list[Objection]:
    """As `accepted`, of what `look` finds; what is overruled comes in English, fit to be kept."""
    known = accepted(look(), confirmed)
    if not known or language() == "en":
        return known
    with speaking(None):
        return accepted(look(), confirmed)


def crossing(whom: Facing, room: Room, post: str, *, by: int, now: datetime) -> list[Objection]:
    """Answers of colleagues, or this very one, that are on their way already."""
    return [
        _stop("crossing", _on_its_way(other, by, now))
        for other in outgoing_of(whom.case_id)
        if other.room is room
        and other.part == 1
        and other.state != "failed"
        and (other.by != by or other.text == post)
    ]


def _stop(rule: str, says: str) -> Objection:
    return Objection(rule, says, "stop")


def _impossible(room: Room, text: str, whom: Facing, by: int) -> Iterable[Objection]:
    if why := obstacle(room, whom.standing):
        yield _stop("no answer possible", why)
    if not text:
        yield _stop("nothing said", say("There is nothing to say yet."))
    if left := list(dict.fromkeys(blanks(text))):
        yield _stop("blank", say("Fill in what is still open: {left}.", left=", ".join(left)))
    if len(text) > LONGEST:
        says = say(
            "An answer may have {most} characters; this has {n}.",
            most=figure(LONGEST),
            n=figure(len(text)),
        )
        yield _stop("too long", says)
        return
    try:
        posts_of(room, text, whom, by)
    except Unsplittable as error:
        yield _stop("too long", str(error))


def _saying(whom: Facing, room: Room, text: str, *, by: int, now: datetime) -> Saying:
    standing = whom.standing
    said = fetch("respond/said_in", {"case": whom.case_id, "limit": MOST_SAID})
    theirs = [words for _, role, _, words in said if role == "requester"]
    target = standing.target
    shown = target is not None and target.room is Room.PUBLIC and not target.gone
    return Saying(
        room=room,
        text=text,
        handle=standing.handle,
        name=whom.name,
        to=target.handle if target and whom.role == "bystander" else "",
        theirs=whom.text if shown and whom.role == "requester" else "",
        ours=(standing.ours, *(account.handle for account in accounts())),
        around=(
            *(handle for _, _, handle, _ in said if handle),
            *(handle for *_, words in said for handle in mentions(words)),
        ),
        names=tuple(theirs),
        narrower=_narrower(room, said, whom.case_id, by),
        same=_same_lately(whom, text + signature(text, initials(by)), now),
        lang=whom.lang,
        speaker=speaker(by),
    )


def _narrower(
    room: Room, said: Iterable[tuple[str, ...]], case_id: int, by: int
) -> tuple[str, ...]:
    """What was written for fewer readers than `room` has."""
    fewer = ("note", "direct") if room is Room.PUBLIC else ("note",)
    drafts = [draft.text for draft in drafts_of(case_id, by) if draft.room in fewer]
    words = (_SIGNED.sub("", words) for where, _, _, words in said if where in fewer)
    return (*drafts, *words)


_SIGNED = regex.compile(r"(?:(?:… | )?\d+/\d+)?(?: \^\w{1,4})?$")
_ADDRESSED = regex.compile(r"^(?:@\S+\s+)+")


def _same_lately(whom: Facing, text: str, now: datetime) -> int:
    params = {
        "account": whom.account_id, "case": whom.case_id, "since": now - LATELY,
        "text": _ADDRESSED.sub("", text), "limit": MOST_OURS,
    }  # fmt: skip
    return int(fetch("respond/same_lately", params)[0][0])


def _on_its_way(other: UnderWay, by: int, now: datetime) -> str:
    """Why this must not leave: the same words are said already, or a colleague's."""
    said = _MINE if other.by == by else _THEIRS
    seconds = (other.leaves_at - now).total_seconds()
    if other.state == "queued" and seconds > 0:
        return _leaving(other, by, max(1, round(seconds)))
    if other.state == "held":
        how = "waits" if other.held_for == "approval" else "held"
    else:
        how = "leaves"
    return say(said[how], name=other.by_name)


def _leaving(other: UnderWay, by: int, seconds: int) -> str:
    if other.by == by:
        return many(
            "This same answer of yours leaves in {n} second.",
            "This same answer of yours leaves in {n} seconds.",
            seconds,
        )
    return many(
        "{name}'s answer leaves in {n} second.",
        "{name}'s answer leaves in {n} seconds.",
        seconds,
        name=other.by_name,
    )


_MINE = {
    "waits": later("This same answer of yours waits for approval."),
    "held": later(
        "This same answer of yours is held back, because something new came in. Decide about it"
        " first."
    ),
    "leaves": later("This same answer of yours is on its way already."),
}
_THEIRS = {
    "waits": later("{name}'s answer waits for approval."),
    "held": later(
        "{name}'s answer is held back, because something new came in. Decide about it first."
    ),
    "leaves": later("{name}'s answer is on its way already."),
}
