"""How posts came in is counted, and what should have come sooner was repaired."""

from __future__ import annotations

import pytest

from river import NOON, US, connected, minutes, says, we_say, writes
from sanderling.cases.work import receive
from sanderling.core.network import Limits, Page
from sanderling.listen import work
from sanderling.listen.models import Account, Coverage

pytestmark = pytest.mark.django_db


def led(account: int, *posts, at: float = 1, **page) -> None:
    receive(account_id=account, page=Page(posts=posts, **page), now=minutes(at))


def counts(account: int) -> dict[str, int]:
    row = Coverage.objects.get(account_id=account)
    kinds = ("polled", "streamed", "pushed", "repaired", "listed", "seen")
    return {kind: n for kind in kinds if (n := getattr(row, kind))}


def test_each_new_post_to_us_is_counted_by_the_way_it_came():
    account = connected()
    led(account, says("1"), says("2"))
    led(account, says("2"), says("3"), way="stream")
    led(account, writes("4"), way="webhook")
    assert counts(account) == {"polled": 2, "streamed": 1, "pushed": 1}


def test_what_nobody_said_to_us_is_not_counted():
    account = connected()
    led(account, we_say("1"), says("2", "northwind is down", mentions=()))
    assert not Coverage.objects.exists()


def test_what_an_open_stream_did_not_tell_in_time_was_repaired():
    account = connected()
    led(account, says("before", at=-1), says("lost", at=1), says("fresh", at=4.9),
        at=5, live_since=NOON)  # fmt: skip
    assert counts(account) == {"polled": 2, "repaired": 1}
    assert Coverage.objects.get().missed_at == minutes(5)


def test_a_day_is_the_day_a_post_was_written():
    account = connected()
    led(account, says("1", at=0), says("2", at=24 * 60), at=25 * 60)
    days = Coverage.objects.order_by("day").values_list("day", "polled")
    assert list(days) == [(NOON.date(), 1), (minutes(24 * 60).date(), 1)]


class Shelf:
    """A network that lists posts two to a page."""

    name = "practice"
    limits = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)

    def __init__(self, *posts) -> None:
        self.posts = posts

    def pull(self, since):
        at = int(since or 0)
        return Page(posts=self.posts[at : at + 2], cursor=str(at + 2),
                    more=at + 2 < len(self.posts))  # fmt: skip


def repair(account: int, *posts) -> None:
    lead = lambda account_id, page: receive(  # noqa: E731  what jobs.py does, at a known time
        account_id=account_id, page=page, now=minutes(30)
    )
    work.repair(account, Shelf(*posts), lead, clock=lambda: minutes(30))


def test_reading_all_again_proves_the_day_and_says_what_had_to_be_repaired():
    account = connected()
    known = [says(str(n), at=n) for n in range(4)]
    led(account, *known, at=10)
    repair(account, *known, says("missed", at=5), we_say("ours", at=6))
    assert counts(account) == {"polled": 4, "repaired": 1, "listed": 5, "seen": 5}
    assert Account.objects.get().cursor is None, "reading again does not move the place"


def test_a_shorter_reading_proves_less_and_changes_nothing():
    account = connected()
    posts = [says(str(n), at=n) for n in range(4)]
    repair(account, *posts)
    repair(account, *posts[:2])
    assert counts(account) == {"repaired": 4, "listed": 4, "seen": 4}


def test_the_age_of_the_newest_post_is_the_lag_and_a_stream_shows_life():
    account = connected()
    led(account, says("1", at=1), at=3)
    assert Account.objects.get().lag_s == 120
    assert Account.objects.get().streamed_at is None
    led(account, at=4, way="stream")
    row = Account.objects.get()
    assert (row.lag_s, row.streamed_at) == (120, minutes(4))


def test_a_warning_stands_until_the_network_says_all_is_well():
    account = connected()
    led(account, warning="Direct messages cannot be read.")
    led(account, says("1"))
    assert Account.objects.get().warning == "Direct messages cannot be read."
    led(account, warning="")
    assert Account.objects.get().warning == ""


def test_a_quote_of_us_speaks_to_us():
    account = connected()
    quote = says("1", "well well", mentions=(), quote_of="x", quote_of_author=US.id)
    led(account, quote, says("2", "hm", mentions=(), quote_of="y", quote_of_author="lena"))
    assert counts(account) == {"polled": 1}
