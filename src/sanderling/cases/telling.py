"""Telling the stories of customers anew, and bringing their cases in line with them.

`core.placing` decides; this module asks the database once a table for all customers of a page, and
writes once a table. The caller holds the accounts (`listen.actions.hold`), so that one customer's
story is told by one worker at a time.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sanderling.cases import clocking, tally
from sanderling.cases.clocking import Matter, Standing, standing_clocks
from sanderling.cases.conversations import conversations
from sanderling.cases.routing import Routed, routes, unrouted
from sanderling.cases.ruling import Rulings
from sanderling.cases.stands import Customer, Stand
from sanderling.core.network import Room
from sanderling.core.placing import (
    Ended,
    Entry,
    Story,
    matters,
    move_between,
    standing,
    story,
)
from sanderling.core.timing import NEVER
from sanderling.store import announce
from sanderling.store.moves import record_all
from sanderling.store.sql import as_json, fetch, run

_NONE: Mapping[int, Customer] = MappingProxyType({})


class Told(NamedTuple):
    """What telling came to: cases opened, cases whose story went on."""

    opened: int
    changed: int


def tell(
    *,
    stands: Sequence[Stand],
    touched: Mapping[int, Customer],
    retold: Mapping[int, Customer] = _NONE,
    now: datetime,
    loosen: bool = True,
) -> Told:
    """Tell the stories of some customers anew, with new entries among the known ones.

    `touched` maps known posts that have just changed to their customers; `retold` those that say
    nothing new, but are seen in another way: they wake and reopen nothing. Without `loosen` no
    promise that was made becomes a later one.
    """
    concerned = (*touched.values(), *retold.values())
    new: dict[Customer, list[Stand]] = {customer: [] for customer in concerned}
    for stand in stands:
        new.setdefault(stand.customer, []).append(stand)
    if not new:
        return Told(0, 0)
    now_of = {stand.entry.post: stand.customer for stand in stands}
    known = {
        customer: [s for s in found if now_of.get(s.entry.post, customer) == customer]
        for customer, found in _known(new, touched).items()
    }
    cases = _cases(s.entry.case for found in known.values() for s in found)
    work = _Work(now, cases, standing_clocks(cases), retold, loosen)
    for customer, fresh in sorted(new.items()):
        work.tell(customer, _merged(known.get(customer, []), fresh))
    return work.write()


@dataclass
class _Case:
    """A case as it stood before this page. `account` and `requester` come from its customer."""

    id: int
    state: str
    owner: int | None
    team: int | None
    snoozed: bool
    ended_at: datetime | None
    invited_at: datetime | None
    route: Routed

    @property
    def standing(self) -> tally.Standing:
        return tally.Standing(self.state, self.owner or 0, self.team or 0, self.snoozed)


@dataclass
class _Work:
    """What a page's stories come to, gathered so that each table is written once."""

    now: datetime
    cases: dict[int, _Case]
    clocks: dict[int, Standing]
    retold: Container[int]
    loosen: bool
    placements: list[dict[str, Any]] = field(default_factory=list)
    opened: list[tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    merged: list[dict[str, Any]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    before: list[tally.Standing] = field(default_factory=list)
    after: list[tally.Standing] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    told: list[tuple[dict[str, Any], Story, list[Entry]]] = field(default_factory=list)
    routable: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, customer: Customer, stands: dict[int, Stand]) -> None:
        """Split one customer's entries into matters and settle each that has something new."""
        entries = [s.entry for s in stands.values()]
        ended = {
            c.id: Ended(c.ended_at, c.state == "closed")
            for c in self.cases.values()
            if c.ended_at is not None and c.state in ("resolved", "closed")
        }
        for matter in matters(entries, ended):
            held = sorted({e.case for e in matter if e.case is not None and e.case in self.cases})
            if len(held) > 1 or any(e.fresh or e.post in self.retold for e in matter):
                self._settle(customer, matter, held, stands)

    def _settle(
        self, customer: Customer, matter: list[Entry], held: list[int], stands: dict[int, Stand]
    ) -> None:
        told = story(matter)
        rows = [_placement(stands[e.post], e) for e in matter]
        if told is None:
            self.placements += [r for r, e in zip(rows, matter, strict=True) if e.fresh]
        elif held:
            survivor = min(held, key=lambda c: (self.cases[c].ended_at is not None, c))
            self.before.append(self.cases[survivor].standing)
            self._merge([c for c in held if c != survivor], survivor)
            self._continue(customer, told, self.cases[survivor], matter)
            self._came(self.cases[survivor], [stands[e.post] for e in matter])
            self._stand_in(survivor, rows, matter)
        else:
            self._open(customer, told, rows, matter)

    def _stand_in(self, case: int, rows: list[dict[str, Any]], matter: list[Entry]) -> None:
        for row, entry in zip(rows, matter, strict=True):
            if entry.fresh or entry.case != case:
                self.placements.append({**row, "case_id": case})

    def _open(
        self, customer: Customer, told: Story, rows: list[dict[str, Any]], matter: list[Entry]
    ) -> None:
        account, requester = customer
        state = standing(told, None, owned=False, fresh=True)
        case = {"account": account, "requester": requester, "state": state, **_telling(told)}
        self.opened.append((case, rows))
        self.told.append((case, told, matter))
        self.routable.append(case)

    def _continue(self, customer: Customer, told: Story, case: _Case, matter: list[Entry]) -> None:
        fresh = any(e.fresh and e.needs and not e.gone and e.role == "requester" for e in matter)
        state = case.state  # what is only seen in another way moves nothing
        if any(e.fresh or e.case != case.id for e in matter):
            state = standing(told, case.state, owned=case.owner is not None, fresh=fresh)
        snoozed = case.snoozed and not fresh and state in ("new", "open", "waiting")
        row = {
            "id": case.id,
            "requester": customer[1],
            "state": state,
            "owner": case.owner,
            "snoozed": snoozed,
            "ended": state in ("resolved", "closed"),
            "heard": fresh,
            **unrouted(case.team, case.route),
            **_telling(told),
        }
        self.changed.append(row)
        self.told.append((row, told, matter))
        if state == "new" and case.route.rule and any(e.post in self.retold for e in matter):
            self.routable.append(row)
        if move := move_between(case.state, state):
            self._moved(case.id, case.state, state, move)
        self.topics.add(announce.case(case.id))

    def _came(self, case: _Case, stands: list[Stand]) -> None:
        """The customer was invited to write in private, and did."""
        invited = case.invited_at
        came = (
            s.entry.at
            for s in stands
            if invited and s.room == Room.DIRECT and s.entry.role == "requester"
        )
        self.changed[-1]["came_at"] = min(
            (at for at in came if invited and at > invited), default=None
        )

    def _merge(self, others: list[int], survivor: int) -> None:
        for number in others:
            other = self.cases[number]
            self.before.append(other.standing)
            self.after.append(tally.Standing("merged", other.owner or 0, other.team or 0, False))
            self.merged.append({"id": number, "into_case": survivor})
            self._moved(number, other.state, "merged", "merge")
            self.cases[survivor].owner = self.cases[survivor].owner or other.owner
            self.topics.add(announce.case(number))

    def _moved(self, case: int, was: str, state: str, move: str) -> None:
        self.moves.append(
            {"kind": "case", "row": case, "was": was, "now": state, "move": move, "at": self.now}
        )

    def write(self) -> Told:
        """One statement a table, in an order that keys allow."""
        self._number_opened()
        self._hear_out()
        self._rule()
        for name, rows in (
            ("cases/open_cases", [case for case, _ in self.opened]),
            ("cases/change_cases", self.changed),
            ("cases/put_placements", self.placements),
            ("cases/merge_cases", self.merged),
        ):
            if rows:
                run(name, {"rows": as_json(rows), "now": self.now, "never": NEVER})
        record_all(self.moves)
        self.after += [_stands(row) for row, _, _ in self.told]
        tally.shift(self.before, self.after)
        if self.topics:
            announce.announce({*self.topics, announce.QUEUES})
        return Told(len(self.opened), len(self.changed))

    def _number_opened(self) -> None:
        if not self.opened:
            return
        numbers = fetch("cases/next_case_ids", {"count": len(self.opened)})
        for (number,), (case, rows) in zip(numbers, self.opened, strict=True):
            case["id"] = number
            self.placements += [{**row, "case_id": number} for row in rows]
            self.topics.add(announce.case(number))

    def _rule(self) -> None:
        """What the policy says: who is promised what, and where a case goes that is opened, or seen
        anew before anybody acted on it."""
        matters = self._matters()
        abouts = [row["about"] for row in self.routable]
        rulings = Rulings([*abouts, *clocking.concerned(matters)])
        for row, found in zip(self.routable, routes(abouts, rulings), strict=True):
            row.update(found)
        clocking.keep(matters, rulings, now=self.now)

    def _matters(self) -> list[Matter]:
        return [
            Matter(
                row,
                story,
                self.clocks.get(row["id"], {}),
                self._fresh(matter),
                self.loosen,
            )
            for row, story, matter in self.told
        ]

    def _fresh(self, matter: Iterable[Entry]) -> set[int]:
        """The posts that say something new; all of them where one was deleted, for what it asked
        for is promised no more."""
        fresh = [e for e in matter if e.fresh or e.post in self.retold]
        return {e.post for e in (matter if any(e.gone for e in fresh) else fresh)}

    def _hear_out(self) -> None:
        """What the conversations of all matters say, asked for once."""
        found = conversations([matter for _, _, matter in self.told])
        for (row, _, _), said in zip(self.told, found, strict=True):
            row.update(said)


def _telling(told: Story) -> dict[str, Any]:
    """The columns of a case that its story sets; when it is due follows from its clocks."""
    return {
        "first": told.first,
        "about": told.about,
        "opened_at": told.opened_at,
        "last_at": told.last_at,
    }


def _stands(row: dict[str, Any]) -> tally.Standing:
    owner, team, snoozed = row.get("owner"), row.get("team"), row.get("snoozed", False)
    return tally.Standing(row["state"], owner or 0, team or 0, snoozed)


def _known(customers: Iterable[Customer], touched: Container[int]) -> dict[Customer, list[Stand]]:
    rows = [{"account": account, "customer": customer} for account, customer in customers]
    found: dict[Customer, list[Stand]] = {}
    for (
        account,
        customer,
        post,
        room,
        at,
        role,
        needs,
        ends,
        gone,
        ids,
        starts,
        settled,
        case,
    ) in fetch("cases/entries_of_customers", {"rows": as_json(rows)}):
        entry = Entry(
            post, at, role, needs, ends, gone, tuple(ids), starts, settled, case, post in touched
        )
        found.setdefault((account, customer), []).append(Stand((account, customer), room, entry))
    return found


def _merged(known: Sequence[Stand], fresh: Sequence[Stand]) -> dict[int, Stand]:
    """Known and new entries of a customer, each post once, what is known of it kept."""
    stands = {s.entry.post: s for s in known}
    for s in fresh:
        entry = s.entry
        if old := stands.get(entry.post):
            was = old.entry
            entry = entry._replace(
                needs=max(entry.needs, was.needs),
                gone=entry.gone or was.gone,
                case=was.case,
                ends=was.ends,
                settled=was.settled and was.needs >= entry.needs,
            )
        stands[entry.post] = s._replace(entry=entry)
    return stands


def _cases(ids: Iterable[int | None]) -> dict[int, _Case]:
    wanted = sorted({i for i in ids if i is not None})
    if not wanted:
        return {}
    found = fetch("cases/cases_to_tell", {"ids": wanted})
    return {row[0]: _case(*row) for row in found}


def _case(*row: Any) -> _Case:
    number, state, owner, team, snoozed, ended_at, invited_at, *route = row
    return _Case(number, state, owner, team, snoozed, ended_at, invited_at, Routed(*route))


def _placement(stand: Stand, entry: Entry) -> dict[str, Any]:
    account, customer = stand.customer
    return {
        "post": entry.post,
        "account": account,
        "customer": customer,
        "case_id": entry.case,
        "role": entry.role,
        "room": stand.room,
        "at": entry.at,
        "needs": entry.needs,
        "ends": entry.ends,
        "gone": entry.gone,
        "starts": entry.starts,
        "settled": entry.settled,
        "names": entry.names,
    }
