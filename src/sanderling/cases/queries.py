"""What pages read of cases: queues, one case with its story, the customer, and deck columns.

Every row is frozen. Queues and columns are walked by key, never by offset, and nothing is counted
but up to a bound. Hot reads are in sql/.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sanderling.cases.models import Case, Note
from sanderling.cases.narrowing import EVERYTHING, Narrowing
from sanderling.core.judging.arc import Swing
from sanderling.core.words import say
from sanderling.store.models import Move
from sanderling.store.sql import Row, fetch, from_json

QUEUES = ("mine", "unassigned", "team", "waiting", "snoozed", "resolved", "incidents")
CLOSE = timedelta(minutes=15)
"""How near a deadline counts as at risk."""
MOST_AT_RISK = 100
MOST_IN_INCIDENTS = 5_000
MOST_POSTS = 300
MOST_EARLIER = 12
MOST_SWUNG = 200
MOST_ALERTS = 5


class Key(NamedTuple):
    """Where a list goes on: the time and the id of the last row shown."""

    at: datetime
    id: int


class ReachKey(NamedTuple):
    """Where a list that is sorted by reach goes on."""

    at: int
    id: int


SORTS = ("due", "longest", "newest", "reach")
"""How a queue that waits for us can be sorted: by deadline; by the last word, oldest or newest
first; by the followers of who wrote."""
SORTED_QUEUES = ("mine", "unassigned", "team")
"""The others have one order each."""

_FIRST: dict[str, Any] = {"at": "-infinity", "id": 0}
_LAST: dict[str, Any] = {"at": "infinity", "id": 2**62}
_MOST_REACH: dict[str, Any] = {"at": 2**31 - 1, "id": 2**62}
_BEGINS = {"resolved": _LAST, "newest": _LAST, "reach": _MOST_REACH}
"""Where a list begins that does not begin with the least."""


@dataclass(frozen=True, slots=True)
class Someone:
    """An account of a person on a network, or one of ours, as a page shows it."""

    name: str
    handle: str
    network: str
    avatar: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The agent who has a case."""

    id: int
    name: str
    initials: str
    avatar: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands in time: its state, and the clock that runs if one does."""

    state: str
    snoozed: bool
    last_at: datetime
    due_at: datetime
    due_kind: str
    wake_at: datetime | None
    due_from: datetime | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What of a post's verdict must be seen at a glance; `judged` says whether there is one.

    `flags` are values of `core.verdict.Flag`, `unsure` of `core.verdict.Aspect`.
    """

    judged: bool
    flags: tuple[str, ...]
    unsure: tuple[str, ...]


class Part(NamedTuple):
    """An incident that a case is part of, or looks like part of."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as one row of a queue; `marks` are those of `about_post`, whose text it shows.

    `incident` is what it is part of; where it is part of none, `looks_like` the one to which a post
    of it belongs."""

    id: int
    kind: str
    tone: int
    urgency: int
    reach: int
    standing: Standing
    customer: Someone
    text: str
    room: str
    deleted: bool
    why: str
    owner: Owner | None
    about_post: int
    marks: Marks
    team: str = ""
    incident: Part | None = None
    looks_like: Part | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a queue; `after` is the key of the next page, None at the end."""

    rows: list[CaseRow]
    after: Key | ReachKey | None


@dataclass(frozen=True, slots=True)
class Badge:
    """The number on a queue, and how many of it are close to their deadline or past it."""

    n: int
    at_risk: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """Who has the matter, and how they can be reached."""

    id: int
    who: Someone
    followers: int | None
    follows_us: bool | None
    takes_messages: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """How a case went: the customer's tones, oldest first, None where we spoke; and what that says
    in words, the strongest first (core.judging.arc.Arc)."""

    steps: tuple[int | None, ...]
    swing: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """Which team has a case, and the rule of which version of the policy sent it there; no rule
    where a person did, or nobody."""

    team: str
    rule: str
    policy: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that stands around a case's story; `marks` are those of `about_post`, `title_flags` those
    of the post that titles it."""

    id: int
    title: str
    kind: str
    tone: int
    urgency: int
    reach: int
    standing: Standing
    opened_at: datetime
    ended_at: datetime | None
    customer: Customer
    account_id: int
    account: Someone
    owner: Owner | None
    about_post: int
    marks: Marks
    title_flags: tuple[str, ...]
    conversation: Conversation
    routing: Routing


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A promise about a turn, by a rule of a version of the policy. `due_at` is NEVER (core.timing)
    while it rests. How it ended is None while it runs."""

    kind: str
    started_at: datetime
    due_at: datetime
    rule: str
    policy: int
    warned_at: datetime | None
    broken_at: datetime | None
    met_at: datetime | None
    void_at: datetime | None

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.met_at is None and self.void_at is None


@dataclass(frozen=True, slots=True)
class Alert:
    """What was said once about a clock that runs: `fact` is warned or broken."""

    id: int
    case_id: int
    kind: str
    fact: str
    due_at: datetime
    name: str
    handle: str


class NoSuchCase(Exception):
    """There is no case with this number."""


class Merged(Exception):
    """The case became part of another one, whose number is `into`."""

    def __init__(self, case_id: int, into: int) -> None:
        super().__init__(
            say("Case {number} is now part of case {into}.", number=case_id, into=into)
        )
        self.into = into


@dataclass(frozen=True, slots=True)
class CasePost:
    """A post of a case. `role` is requester, us or bystander; `url` shows it on its network."""

    id: int
    remote_id: str
    room: str
    direction: str
    origin: str
    role: str
    text: str
    at: datetime
    edited: bool
    deleted_at: datetime | None
    likes: int
    reposts: int
    media: tuple[Any, ...]
    author: Someone
    url: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What an agent told the team."""

    id: int
    text: str
    at: datetime
    by: Owner


@dataclass(frozen=True, slots=True)
class CaseMove:
    """A step in the life of a case; `by` is None where the desk moved by itself."""

    id: int
    was: str
    move: str
    at: datetime
    note: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The story of a case, each part oldest first. `cut` says that older posts are left out.

    `cases` are the ids of this case and of those that became part of it.
    """

    posts: list[CasePost]
    notes: list[CaseNote]
    moves: list[CaseMove]
    cut: bool
    cases: list[int]

    @property
    def newest(self) -> int:
        """The id of the newest post, whoever wrote it; 0 if there is none."""
        return max((p.id for p in self.posts), default=0)

    @property
    def newest_theirs(self) -> int:
        """The id of the newest post that is not ours; 0 if there is none."""
        return max((p.id for p in self.posts if p.direction == "theirs"), default=0)

    @property
    def last_room(self) -> str:
        """The room of the customer's last post."""
        return next((p.room for p in reversed(self.posts) if p.role == "requester"), "public")


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another case of the same customer; `title_flags` are those of the post that titles it."""

    id: int
    title: str
    state: str
    tone: int
    at: datetime
    title_flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnPost:
    """A post in a column of the deck, with what triage found and the case it is in.

    `account` is the one of ours whose matter it is; `liked`: we liked it.
    """

    id: int
    room: str
    direction: str
    text: str
    at: datetime
    deleted: bool
    likes: int
    reposts: int
    author: Someone
    followers: int | None
    kind: str | None
    tone: int | None
    case_id: int | None
    case_state: str | None
    owner: str | None
    marks: Marks
    account: int
    liked: bool


@dataclass(frozen=True, slots=True)
class OnePost:
    """A post by itself, and the case it stands in; `version_at` names its wording."""

    id: int
    room: str
    direction: str
    text: str
    at: datetime
    version_at: datetime
    deleted: bool
    url: str
    author: Someone
    case_id: int | None


def queue(
    name: str,
    agent_id: int,
    after: Key | ReachKey | None = None,
    limit: int = 50,
    sort: str = "due",
    narrow: Narrowing = EVERYTHING,
) -> Queue:
    """A page of one of QUEUES as `agent_id` sees it, beginning after the key of the last page.

    `sort` is one of SORTS and holds for SORTED_QUEUES; `narrow` leaves out what a search does not
    ask for.
    """
    order = sort if name in SORTED_QUEUES and sort != "due" else name
    start = after._asdict() if after else _BEGINS.get(order, _FIRST)
    statement = f"cases/queue_{name}" if order == name else f"cases/sorted_{order}"
    params = {**narrow.params, **start, "queue": name, "agent": agent_id, "limit": limit + 1}
    keys = fetch(statement, params, narrow.sql)
    shown = keys[:limit]
    kind = ReachKey if order == "reach" else Key
    last = kind(shown[-1][1], shown[-1][0]) if len(keys) > limit else None
    return Queue(_rows([key[0] for key in shown]), last)


def row(case_id: int) -> CaseRow:
    """One case as a row of a queue; raises NoSuchCase."""
    found = _rows([case_id])
    if not found:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    return found[0]


def rows_of(case_ids: list[int]) -> list[CaseRow]:
    """Cases as rows, in the order of `case_ids`; ids that are no case are left out."""
    return _rows(case_ids)


def swung(swing: Swing, *, since: datetime, limit: int = MOST_SWUNG) -> list[CaseRow]:
    """Cases whose tone swung so since then and stayed there, newest first: turnarounds (Swing.GLAD)
    and what went wrong after our answer (Swing.WORSE)."""
    keys = fetch("cases/swung", {"swing": swing, "since": since, "limit": limit})
    return _rows([key[0] for key in keys])


def badges(agent_id: int, now: datetime) -> dict[str, Badge]:
    """The numbers on the queues, by name; at-risk numbers stop at MOST_AT_RISK, cases of incidents
    at MOST_IN_INCIDENTS."""
    counted = fetch("cases/badges", {"agent": agent_id, "most": MOST_IN_INCIDENTS})[0]
    mine, unassigned, team, waiting, snoozed, incidents = map(int, counted)
    risk = fetch("cases/at_risk", {"agent": agent_id, "soon": now + CLOSE, "most": MOST_AT_RISK})[0]
    return {
        "mine": Badge(mine, risk[0]),
        "unassigned": Badge(unassigned, risk[1]),
        "team": Badge(team, risk[2]),
        "waiting": Badge(waiting),
        "snoozed": Badge(snoozed),
        "incidents": Badge(incidents),
    }


def case_for(agent_id: int, case_id: int) -> CasePage:
    """The case as `agent_id` may see it, which is all of it; raises NoSuchCase or Merged."""
    found = fetch("cases/case", {"case": case_id})
    if not found:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    case = found[0]
    if case[14] is not None:
        raise Merged(case_id, case[14])
    return CasePage(
        id=case[0],
        standing=Standing(case[1], case[2], case[9], case[10], case[11], case[12], case[15]),
        title=case[3],
        kind=case[4],
        tone=case[5],
        urgency=case[6],
        reach=case[7],
        opened_at=case[8],
        ended_at=case[13],
        customer=Customer(case[16], Someone(*case[17:21]), *case[21:24]),
        account_id=case[24],
        account=Someone(case[26], case[25], case[19], case[27]),
        owner=_owner(case[29:33]),
        about_post=case[33],
        marks=_marks(case[34:37]),
        title_flags=tuple(case[37]),
        conversation=Conversation(tuple(case[38]), case[39], _sayings(case[28])),
        routing=Routing(case[40], case[41], case[42]),
    )


def timeline(case_id: int) -> Timeline:
    """Both rooms, notes and moves of a case; of a very long one the newest MOST_POSTS posts."""
    posts = fetch("cases/case_posts", {"case": case_id, "limit": MOST_POSTS + 1})
    shown = [_post(r) for r in reversed(posts[:MOST_POSTS])]
    cases = cases_of(case_id)
    return Timeline(shown, _notes(cases), _moves(cases), len(posts) > MOST_POSTS, cases)


def promises(case_id: int) -> list[CaseClock]:
    """What was promised for the newest turn of a case, and what still runs of earlier ones, in the
    order in which it was promised."""
    found = [CaseClock(*row) for row in fetch("cases/promised", {"case": case_id})]
    newest = max((c.started_at for c in found), default=None)
    return [c for c in found if c.runs or c.started_at == newest]


def alerts(agent_id: int, *, after: int, since: datetime) -> list[Alert]:
    """What was said since then, and after the fact of this number, about cases that the agent has
    or could take, oldest first; of very many the newest MOST_ALERTS."""
    params = {"agent": agent_id, "after": after, "since": since, "limit": MOST_ALERTS}
    return [Alert(*row) for row in reversed(fetch("cases/alerts", params))]


def earlier_cases(customer_id: int, but: int, others: Sequence[int] = ()) -> list[Earlier]:
    """The customer's other cases, newest first, at most MOST_EARLIER; `others` are identities of
    the same person."""
    params = {"customers": [customer_id, *others], "but": but, "limit": MOST_EARLIER}
    return [Earlier(*(*r[:5], tuple(r[5]))) for r in fetch("cases/earlier", params)]


def post(post_id: int) -> OnePost | None:
    """One post; None if there is none of this number."""
    for r in fetch("cases/post", {"post": post_id}):
        return OnePost(*(*r[:8], Someone(*r[8:12]), r[12]))
    return None


def column_posts(column_id: int, before: int | None = None, limit: int = 30) -> list[ColumnPost]:
    """A page of a deck column, newest first, going on below the post `before`."""
    found = fetch(
        "cases/column_posts",
        {"column": column_id, "before": before or 2**62, "limit": limit},
    )
    return [_column_post(r) for r in found]


def _rows(ids: list[int]) -> list[CaseRow]:
    """Rows in the order of `ids`; ids that are no case are left out."""
    found = {r[0]: _row(r) for r in fetch("cases/rows", {"ids": ids})} if ids else {}
    return [found[i] for i in ids if i in found]


def _row(r: Row) -> CaseRow:
    return CaseRow(
        id=r[0],
        kind=r[3],
        tone=r[4],
        urgency=r[5],
        reach=r[6],
        standing=Standing(r[1], r[2], r[7], r[8], r[9], r[10], r[11]),
        customer=Someone(*r[12:16]),
        text=r[16],
        room=r[17],
        deleted=r[18],
        why=r[19],
        owner=_owner(r[20:24]),
        about_post=r[24],
        marks=_marks(r[25:28]),
        team=r[28],
        incident=Part(*r[29:31]) if r[29] else None,
        looks_like=Part(*r[31:33]) if r[31] else None,
    )


def _sayings(reasons: Any) -> tuple[str, ...]:
    """What reasons say (core.verdict.Reason), without their rules and weights."""
    return tuple(says for _, says, *_ in from_json(reasons))


def _owner(r: Row) -> Owner | None:
    return Owner(*r) if r[0] is not None else None


def _marks(r: Row) -> Marks:
    judged, flags, unsure = r
    return Marks(judged, tuple(flags), tuple(unsure))


def _post(r: Row) -> CasePost:
    media = tuple(from_json(r[12] or "[]"))
    return CasePost(*(*r[:12], media, Someone(*r[13:17]), r[17], _marks(r[18:21])))


def _column_post(r: Row) -> ColumnPost:
    return ColumnPost(*(*r[:8], Someone(*r[8:12]), *r[12:18], _marks(r[20:23]), *r[23:25]))


def cases_of(case_id: int) -> list[int]:
    """The case, and those that became part of it."""
    merged = Case.objects.filter(merged_into_id=case_id).values_list("pk", flat=True)
    return [case_id, *merged]


def _notes(cases: list[int]) -> list[CaseNote]:
    found = (
        Note.objects.filter(case_id__in=cases)
        .order_by("at", "id")
        .values_list("id", "text", "at", "by_id", "by__name", "by__initials", "by__avatar")
    )
    return [CaseNote(*r[:3], Owner(*r[3:])) for r in found]


def _moves(cases: list[int]) -> list[CaseMove]:
    found = (
        Move.objects.filter(kind="case", row__in=cases)
        .order_by("id")
        .values_list("id", "was", "move", "at", "note", "by__name")
    )
    return [CaseMove(*r) for r in found]


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def key_text(key: Key | ReachKey) -> str:
    """A key as it stands in an address."""
    if isinstance(key, ReachKey):
        return f"{key.at}-{key.id}"
    return f"{(key.at - EPOCH) // timedelta(microseconds=1)}-{key.id}"


def key_from(text: str) -> Key | None:
    """The key that `key_text` wrote; None for anything else."""
    found = _numbers(text)
    try:
        return Key(EPOCH + timedelta(microseconds=found[0]), found[1]) if found else None
    except OverflowError:
        return None


def sorted_key_from(text: str, sort: str) -> Key | ReachKey | None:
    """The key that `key_text` wrote in a list that is sorted so; None for anything else."""
    if sort != "reach":
        return key_from(text)
    found = _numbers(text)
    return ReachKey(*found) if found and found[0] < 2**31 else None


def _numbers(text: str) -> tuple[int, int] | None:
    at, dash, case_id = text.partition("-")
    if not (dash and at.isdecimal() and case_id.isdecimal() and len(at + case_id) < 40):
        return None
    return int(at), int(case_id)
