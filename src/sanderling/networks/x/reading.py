"""Reading X by asking: mentions, our own posts, direct messages, and what columns search for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sanderling.core.network import Page, Refused, Throttled
from sanderling.core.pricing import Act, Charge
from sanderling.core.words import later
from sanderling.networks.x import told, translate
from sanderling.networks.x.bill import Bill
from sanderling.networks.x.client import Client, Json
from sanderling.networks.x.ids import born, is_id, newest
from sanderling.networks.x.place import Place, Reached
from sanderling.networks.x.told import Person
from sanderling.networks.x.worries import Worries

FIRST = {"mentions": 200, "own": 100, "messages": 100}
"""How far back we read when an account is connected: all of it is paid for."""
MOST = {"mentions": 800, "own": 800, "messages": 500}
"""How far back after a long silence; X keeps 800 mentions and 30 days of messages."""
FIRST_FOUND, MOST_FOUND = 20, 500
"""Posts that a new column begins with, and that one search may bring."""
SEARCHED = timedelta(days=6, hours=23)
"""X searches seven days and refuses ids older than that."""
GLANCE = 10
"""Messages asked for where some are known: X cannot be asked for newer ones only."""
MOST_PEOPLE = 5000


class Reader:
    """What one account reads, and what it has cost."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock
        self.bill, self.worries = Bill(clock), Worries(clock)
        self.people: dict[str, Person] = {}

    @property
    def us(self) -> str:
        """Our account's id."""
        return self._client.tokens.secret.user_id

    async def pull(self, at: Place) -> Page:
        """The next page of each list; messages wait where X wants that."""
        pages: list[Page] = []
        change: dict[str, Reached] = {}
        for name in ("mentions", "own", "messages"):
            if at.under_way and not getattr(at, name).sweep.under_way:
                continue
            page, change[name] = await getattr(self, name)(getattr(at, name))
            pages.append(page)
        now = msgspec.structs.replace(at, **change)
        return msgspec.structs.replace(
            merged(pages), cursor=now.text(), warning=self.worries.news()
        )

    async def mentions(self, at: Reached) -> tuple[Page, Reached]:
        """The next page of posts that mention us, and the place after it."""
        return await self._swept("mentions", at, self._client.mentions)

    async def own(self, at: Reached) -> tuple[Page, Reached]:
        """The next page of our own posts."""
        return await self._swept("own", at, self._client.posts_by)

    async def messages(self, at: Reached) -> tuple[Page, Reached]:
        """The next page of direct messages; none, and a worry, where we may not read them."""
        known = at.sweep.known
        try:
            answer = await self._client.messages(
                max_results=GLANCE if known and not at.sweep.under_way else 100,
                pagination_token=at.sweep.next or None,
            )
        except Throttled:
            return Page(), at
        except Refused as error:
            self.worries.tell(
                "messages", later("Direct messages cannot be read: {error}").format(error=error)
            )
            return Page(), at
        self.worries.tell("messages", "")
        ids = _ids(answer)
        old = [id for id in ids if known and is_id(known) and int(id) <= int(known)]
        page = Page(
            posts=translate.to_messages(answer, self.us),
            raw=msgspec.json.encode(answer),
            charges=self._charges(answer, Act.READ_MESSAGE),
        )
        return self._after("messages", at, page, answer, reached=bool(old))

    async def search(self, column: int, queries: Sequence[str], since: str) -> tuple[Page, str]:
        """What was posted for a column since an id ("" for a new column), and the newest id."""
        made = born(since)
        kept = since if made and made > self._clock() - SEARCHED else ""
        answers = [a for query in queries for a in await self._found(query, kept)]
        pages = [self._posts(answer, Act.READ_POST, column) for answer in answers]
        ids = [id for answer in answers for id in _ids(answer)]
        return merged(pages), newest([*ids, since])

    async def look_up(self, ids: Sequence[str]) -> Page:
        """Posts by their ids: those of which an event did not tell enough."""
        return self._posts(await self._client.posts(list(ids)[:100]), Act.READ_POST)

    async def recheck(self, ids: Sequence[str]) -> Page:
        """How these posts stand now, in their newest wording; those that are gone as deletions."""
        asked = [id for id in ids if is_id(id)][:100]
        if not asked:
            return Page()
        answer = await self._client.posts(asked)
        later = [p.history[-1] for p in _posts(answer) if p.history[-1] != p.id]
        pages = [self._posts(answer, Act.READ_POST)]
        if later:
            pages.append(self._posts(await self._client.posts(later), Act.READ_POST))
        gone = translate.to_deletions(answer, self._clock())
        wanted = set(asked)
        return msgspec.structs.replace(
            merged(pages), deletions=tuple(d for d in gone if d.remote_id in wanted)
        )

    def meet(self, people: dict[str, Person]) -> None:
        """Remember who they are: some events tell only an id."""
        self.people.update(people)
        while len(self.people) > MOST_PEOPLE:
            del self.people[next(iter(self.people))]

    async def _swept(
        self, name: str, at: Reached, ask: Callable[..., Awaitable[Json]]
    ) -> tuple[Page, Reached]:
        answer = await ask(
            self.us,
            max_results=100,
            since_id=at.sweep.known or None,
            pagination_token=at.sweep.next or None,
        )
        act = Act.READ_OWN if self._client.tokens.secret.owner else Act.READ_POST
        return self._after(name, at, self._posts(answer, act), answer, reached=False)

    def _after(
        self, name: str, at: Reached, page: Page, answer: Json, *, reached: bool
    ) -> tuple[Page, Reached]:
        ids = _ids(answer)
        read = at.read + len(ids)
        enough = read >= (MOST if at.sweep.known else FIRST)[name]
        sweep = at.sweep.after(newest=newest(ids), next=_next(answer), reached=reached or enough)
        now = Reached(sweep, read if sweep.under_way else 0)
        return msgspec.structs.replace(page, more=sweep.under_way), now

    async def _found(self, query: str, since: str) -> list[Json]:
        """The answers to a search, newest first."""
        answers: list[Json] = []
        left, token = (MOST_FOUND if since else FIRST_FOUND), ""
        while left > 0 and (token or not answers):
            answer = await self._client.search(
                query,
                max_results=max(10, min(left, 100)),
                since_id=since or None,
                next_token=token or None,
            )
            answers.append(answer)
            left, token = left - max(len(_ids(answer)), 10), _next(answer)
        return answers

    def _posts(self, answer: Json, act: Act, column: int | None = None) -> Page:
        self.meet(told.includes(answer).people)
        heard = translate.to_posts(answer, self.us, self.people)
        return Page(
            posts=heard.posts,
            signals=heard.signals,
            raw=msgspec.json.encode(answer),
            charges=self._charges(answer, act, column),
        )

    def _charges(self, answer: Json, act: Act, column: int | None = None) -> tuple[Charge, ...]:
        """What an answer cost: what was asked for, and what hangs on it."""
        around = told.includes(answer)
        return (
            *self.bill.charge(act, _ids(answer), column),
            *self.bill.charge(Act.READ_POST, around.posts, column),
            *self.bill.charge(Act.READ_PERSON, around.people, column),
        )


def merged(pages: Sequence[Page]) -> Page:
    """Several answers as one page."""
    return Page(
        posts=tuple(post for page in pages for post in page.posts),
        deletions=tuple(gone for page in pages for gone in page.deletions),
        signals=tuple(signal for page in pages for signal in page.signals),
        raw=b"\n".join(page.raw for page in pages if page.raw),
        charges=tuple(charge for page in pages for charge in page.charges),
        more=any(page.more for page in pages),
    )


def _posts(answer: Json) -> list[told.Told]:
    return told.each(answer.get("data"), told.Told)


def _ids(answer: Json) -> list[str]:
    """The ids of what was asked for, also of what cannot be understood."""
    data: Any = answer.get("data")
    items = data if isinstance(data, list) else []
    found = [item.get("id") for item in items if isinstance(item, dict)]
    return [id for id in found if isinstance(id, str) and is_id(id)]


def _next(answer: Json) -> str:
    meta = told.one(answer.get("meta") or {}, told.Meta)
    return meta.next_token if meta else ""
