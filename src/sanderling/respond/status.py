"""A public status of an incident, and what speaks against it: guards, lengths, other voices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from sanderling.core.answering import LONGEST, signature, space, unsayable
from sanderling.core.guards import Objection, Saying
from sanderling.core.guards import objections as guarded
from sanderling.core.impersonal import blanks
from sanderling.core.network import Room
from sanderling.core.splitting import Unsplittable, split
from sanderling.core.words import later, say
from sanderling.incidents.queries import Standing
from sanderling.listen.queries import OurAccount, accounts
from sanderling.people.queries import speaker
from sanderling.policy.queries import current
from sanderling.respond.actions import undo
from sanderling.respond.minding import house
from sanderling.respond.models import Broadcast
from sanderling.respond.queries import LimitsFor, initials
from sanderling.store.sql import fetch

CLEAR = later("All clear")
LABELS = (
    later("We see it"), later("Cause known"), later("Fixing"), later("Update"), CLEAR,
)  # fmt: skip
"""How far it is, as a status says it; any other short word may stand there as well."""

LONGEST_LABEL = 40
LONGEST_LINK = 500
LATEST = timedelta(days=7)
"""How far off the next word may be promised."""


@dataclass(frozen=True, slots=True)
class Status:
    """What everybody shall read: `text` on `accounts`, or an account's `own` words instead.

    `link` stands at its end unless the text has it. `pinned` is what colleagues may answer with.
    `next_at` is when the next word is promised: None is as the policy has it, and nothing is after
    the all clear. `seen` is the newest status that its author had before them, 0 where there was
    none.
    """

    incident: int
    label: str
    text: str
    accounts: tuple[int, ...]
    own: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    link: str = ""
    pinned: str = ""
    next_at: datetime | None = None
    seen: int = 0

    def words(self, account: int) -> str:
        """What stands on an account, without signature."""
        text = plain(self.own.get(account, "")) or plain(self.text)
        link = self.link.strip()
        return text if not link or link in text else f"{text} {link}"


def unfit(
    about: Standing,
    status: Status,
    chosen: Sequence[OurAccount],
    next_at: datetime | None,
    *,
    by: int,
    now: datetime,
) -> Iterator[Objection]:
    """What is wrong with the status as a whole, wherever it would stand."""
    if about.state in _SILENT:
        yield _stop("incident", say(_SILENT[about.state]))
    label = plain(status.label)
    if not label or len(label) > LONGEST_LABEL:
        says = say("Say in a few words how far it is, such as “Cause known”.")
        yield _stop("label", says)
    if not chosen:
        yield _stop("accounts", say("Choose at least one account that says it."))
    if status.link.strip() and not _is_link(status.link.strip()):
        yield _stop("link", say("The link must be a whole web address, with https://."))
    if next_at is not None and not now + undo() < next_at <= now + LATEST:
        says = say("Promise the next word for a time to come, within a week.")
        yield _stop("next word", says)
    yield from _not_alone(about, status, by)


_SILENT = {
    "suspected": later("Confirm the incident first; then speak about it."),
    "merged": later("This incident is part of another one now. Speak about that one."),
    "dismissed": later("This incident was dismissed; there is nothing to say about it."),
}


def _not_alone(about: Standing, status: Status, by: int) -> Iterator[Objection]:
    """Somebody else spoke meanwhile, or is the voice of this incident."""
    newer = Broadcast.objects.filter(incident_id=about.id, pk__gt=status.seen).exclude(by=by)
    for other in newer.select_related("by").order_by("-pk")[:1]:
        says = say("{name} wrote a status after this was begun. Read it first.", name=other.by.name)
        yield Objection("newer status", says, "confirm")
    for number, name in fetch("respond/voice_of", {"incident": about.id}):
        if number != by:
            says = say("{name} speaks for this incident. Ask them first.", name=name)
            yield Objection("another voice", says, "confirm")


def rehearsed(
    about: Standing, chosen: Sequence[OurAccount], limits_for: LimitsFor
) -> list[Objection]:
    """What speaks against these accounts where it is a drill: they must be for practice."""
    if about.drill is None or all(limits_for(account.id).practises for account in chosen):
        return []
    return [_stop("drill", say("This is a drill: nothing may leave to a real network."))]


def against(
    status: Status, chosen: Sequence[OurAccount], *, by: int, limits_for: LimitsFor
) -> list[Objection]:
    """What speaks against the words, by account; each reason once."""
    rules = house(current().document)
    ours = [account.handle for account in accounts()]
    found: dict[tuple[str, str], Objection] = {}
    for account in chosen:
        text = status.words(account.id)
        said = Saying(
            room=Room.PUBLIC, text=text, handle=account.handle, ours=(account.handle, *ours),
            speaker=speaker(by),
        )  # fmt: skip
        each = [*_impossible(text, account, by, limits_for), *guarded(said, rules)]
        found |= {(one.rule, one.says): one for one in each}
    pinned = Saying(
        room=Room.PUBLIC, text=plain(status.pinned), handle="", ours=(), around=(*ours,)
    )
    found |= {
        ("pinned", one.says): Objection(
            "pinned", say("In the pinned answer: {says}", says=one.says), one.severity
        )
        for one in guarded(pinned, rules)
    }
    known = [*found.values(), *_same_words(status, chosen)]
    return sorted(known, key=lambda one: one.severity == "confirm")


def _impossible(
    text: str, account: OurAccount, by: int, limits_for: LimitsFor
) -> Iterator[Objection]:
    if why := unsayable(limits_for(account.id)):
        yield _stop("no status possible", f"@{account.handle}: {why}")
        return
    if not text:
        yield _stop("nothing said", say("There is nothing to say yet."))
        return
    if left := list(dict.fromkeys(blanks(text))):
        yield _stop("blank", say("Fill in what is still open: {left}.", left=", ".join(left)))
    try:
        posts_of(text, account, by, limits_for)
    except Unsplittable as error:
        yield _stop("too long", f"@{account.handle}: {error}")


def _same_words(status: Status, chosen: Sequence[OurAccount]) -> Iterator[Objection]:
    """Networks take the same words from several accounts of one company for spam."""
    said: dict[tuple[str, str], OurAccount] = {}
    for account in chosen:
        first = said.setdefault((account.network, status.words(account.id)), account)
        if first is not account:
            says = say(
                "@{one} and @{other} would say the same words on one network, which takes that for"
                " spam. Give one of them words of its own, or let one be silent.",
                one=first.handle,
                other=account.handle,
            )
            yield Objection("same words", says, "confirm")


def posts_of(text: str, account: OurAccount, by: int, limits_for: LimitsFor) -> list[str]:
    if len(text) > LONGEST:
        raise Unsplittable(say("This is too long."))
    return split(text, space(Room.PUBLIC, limits_for(account.id)), signature(text, initials(by)))


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    plain = len(link) <= LONGEST_LINK and not any(c.isspace() for c in link)
    return plain and parts.scheme in ("http", "https") and "." in (parts.hostname or "")


def _stop(rule: str, says: str) -> Objection:
    return Objection(rule, says, "stop")


def plain(text: str) -> str:
    """Text as networks take it: one kind of line end, and nothing that cannot be kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
