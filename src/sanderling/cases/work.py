"""What the worker runs to turn pages into cases.

    page | listen takes it in | triage judges it | cases place it          one transaction

A page goes through the whole river in one transaction: a kill at any line leaves the cursor where
it was, and the page comes again. A page that stumbles is taken apart, so that one bad post holds up
nobody: what can be kept but not finished waits in `Unfinished` and is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, transaction

from sanderling.cases import actions, rejudging, rooms
from sanderling.cases.models import Case
from sanderling.cases.placing import place
from sanderling.cases.stands import need_of
from sanderling.cases.telling import Told
from sanderling.core.lifecycle import Impossible
from sanderling.core.network import Page
from sanderling.core.verdict import Verdict
from sanderling.core.words import later
from sanderling.listen import tidy, unfinished
from sanderling.listen.actions import Taken, hold, take_in
from sanderling.store.moves import Overtaken
from sanderling.store.sql import run
from sanderling.triage import looks
from sanderling.triage.actions import forget, judge_heard
from sanderling.triage.judges import Judge
from sanderling.triage.looks import Asked

log = logging.getLogger(__name__)
LOOKS = 64
"""Posts that the careful judge takes at once."""


class Received(NamedTuple):
    """What came of a page: wordings taken in, repeated posts, cases opened and changed."""

    taken: int
    repeated: int
    opened: int
    changed: int


def receive(*, account_id: int, page: Page, now: datetime, message_link: str = "") -> Received:
    """Lead one page through listening, triage and cases.

    `message_link` is that of the account's `Limits`: invitations are recognised by it. Raises
    OperationalError or InterfaceError where the database is away: then nothing happened and the
    page must come again.
    """
    try:
        return _receive(account_id, page, now, message_link)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("cases.receive.stumbled account=%s posts=%s", account_id, len(page.posts))
    for part in _apart(page):
        _receive_alone(account_id, part, now, message_link)
    return _receive(account_id, Page(cursor=page.cursor), now)


@transaction.atomic
def _receive(account_id: int, page: Page, now: datetime, message_link: str = "") -> Received:
    taken = take_in(account_id=account_id, page=page, now=now)
    placed = _finish(taken, now, message_link)
    return Received(len(taken.heard), taken.repeated, placed.opened, placed.changed)


def _finish(taken: Taken, now: datetime, message_link: str = "") -> Told:
    verdicts = judge_heard(heard=taken.heard, now=now)
    told = place(
        network=taken.network, heard=taken.heard, verdicts=verdicts, gone=taken.gone, now=now
    )
    rooms.heard([h.post for h in taken.heard if h.ours], message_link, now=now)
    return told


def _apart(page: Page) -> list[Page]:
    """The page as one page an event, its raw form first."""
    return [
        Page(raw=page.raw),
        *(Page(posts=(p,)) for p in page.posts),
        *(Page(deletions=(d,)) for d in page.deletions),
        Page(signals=page.signals),
    ]


def _receive_alone(account_id: int, page: Page, now: datetime, message_link: str) -> None:
    """One event: through the river, or taken in and set aside, or at least named in the log."""
    try:
        _receive(account_id, page, now, message_link)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _keep(account_id, page, now, error)


def _keep(account_id: int, page: Page, now: datetime, error: Exception) -> None:
    try:
        with transaction.atomic():
            taken = take_in(account_id=account_id, page=page, now=now)
            posts = [*(h.post for h in taken.heard if h.newest), *taken.gone]
            unfinished.set_aside(posts, trouble=repr(error), now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("cases.receive.lost account=%s event=%.2000r", account_id, page)


def finish_waiting(*, now: datetime, limit: int = 100) -> int:
    """Finish posts that were set aside; gives how many are done."""
    done = 0
    for _ in range(limit):
        with transaction.atomic():
            claimed = unfinished.claim(now=now)
            if claimed is None:
                return done
            row, network, heard = claimed
            hold(heard.account)
            try:
                with transaction.atomic():
                    _finish(Taken(network, [heard], [heard.post] if heard.gone else [], 0), now)
                    row.delete()
                    done += 1
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                unfinished.try_later(row, trouble=repr(error), now=now)
    return done


@transaction.atomic
def forget_deleted(networks: Sequence[str]) -> int:
    """Erase deleted posts here too, and their words in reasons and titles; gives how many.

    `networks` are those whose rules want it. One batch: called again and again, it ends.
    """
    posts = tidy.forget_deleted(networks)
    if posts:
        forget(posts)
        run("cases/forget_titles", {"posts": posts})
    return len(posts)


def look_again(judge: Judge, *, now: datetime, limit: int = LOOKS) -> int:
    """Let the careful judge look at the next posts that are asked for; gives how many it took.

    One transaction: killed at any line, the posts are still asked for. Nobody waits while the judge
    thinks; the accounts are held only to write. What a person decided stays.
    """
    with transaction.atomic():
        asked = looks.claim(now=now, limit=limit)
        if not asked:
            return 0
        verdicts = _looked(judge, asked)
        for _, account_id in sorted({a.network: a.account for a in asked}.items()):
            hold(account_id)
        if verdicts is None:
            looks.done([a.post for a in asked])
        else:
            kept = looks.keep(asked, verdicts, judge.name)
            needs = {
                post: need_of(c.after)
                for post, c in kept.items()
                if need_of(c.before) != need_of(c.after)
            }
            rejudging.follow([a.post for a in asked], needs, by=None, now=now)
    return len(asked)


def _looked(judge: Judge, asked: Sequence[Asked]) -> list[Verdict] | None:
    """None where the judge stumbles: then the fast verdicts stand."""
    try:
        return judge.judge([a.facts for a in asked])
    except Exception:
        log.exception("cases.look.stumbled posts=%s", [a.post for a in asked])
        return None


def drop_late_looks(*, now: datetime) -> int:
    """Ask no more for second looks that would come too late or are too many; gives how many."""
    return looks.drop_late(now=now)


def wake_due(*, now: datetime, limit: int = 200) -> int:
    """Wake what was snoozed until now, and close what stayed resolved; gives how many."""
    due = Case.objects.filter(wake_at__lte=now).order_by("wake_at").values_list("pk", "snoozed")
    for case_id, snoozed in due[:limit]:
        with suppress(Impossible, Overtaken):  # the customer wrote or an agent acted a moment ago
            if snoozed:
                actions.wake(case_id=case_id, now=now, why=later("its time came"))
            else:
                actions.close(case_id=case_id, now=now)
    return len(due[:limit])
