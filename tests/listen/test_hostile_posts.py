"""Whatever comes from outside, the page goes in: text is bounded, an impossible event is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from river import NOON, connected, hear, minutes, says, writes
from sanderling.cases import work
from sanderling.cases.models import Case
from sanderling.core.network import Author, Deletion, Media, Page, Room, Signal
from sanderling.listen import actions, columns
from sanderling.listen.bounds import EARLIEST, LATEST, LONGEST_ID, LONGEST_TEXT
from sanderling.listen.models import Account, Identity, Post, RawPage, Unfinished

pytestmark = pytest.mark.django_db

TEXTS = {
    "NUL bytes": "@NorthwindCare my phone\0 is dead\0",
    "half characters": "@NorthwindCare my phone is \ud83d dead",
    "a megabyte": "@NorthwindCare dead " * 50_000,
    "nothing": "",
    "only marks": "\u202e\u200d\ufeff" + "e" + "\u0301" * 5_000,
    "markup": "<script>alert(1)</script> {{ 7*7 }} %(id)s %s '; drop table listen_post; --",
}
HUGE = "9" * 10_000


@pytest.fixture
def account() -> int:
    columns.add_column(name="All", query="phone OR dead OR url:example.com", by=None, now=NOON)
    return connected()


def hear_between_good_ones(account: int, *bad, **page) -> None:
    """A page with something bad in its middle; the good ones around it must stand."""
    hear(account, says("first"), *bad, says("last", who="omar"), cursor="next", **page)
    assert {"first", "last"} <= set(Post.objects.values_list("remote_id", flat=True))
    assert Account.objects.get().cursor == "next"
    assert not Unfinished.objects.exists()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_is_kept_as_far_as_it_can_be(account, text):
    hear_between_good_ones(account, says("bad", text, who="kim"))
    kept = Post.objects.get(remote_id="bad").text
    assert len(kept) <= LONGEST_TEXT
    assert kept[:14] == text[:14]


@pytest.mark.parametrize("followers", [2**31, 10**30, -5])
def test_absurd_follower_counts_are_bounded(account, followers):
    author = Author(id="kim", handle="kim", followers=followers)
    hear_between_good_ones(account, says("bad", author=author))
    assert 0 <= Identity.objects.get(remote_id="kim").followers < 2**31
    assert Case.objects.count() == 3


@pytest.mark.parametrize("at", [
    datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
], ids=["long ago", "far ahead"])  # fmt: skip
def test_years_far_away_come_nearer_and_stay_the_same_on_repeating(account, at):
    bad = [says("bad", who="kim", created_at=at), says("bad", who="kim", created_at=at)]
    gone = Deletion(remote_id="never seen", room=Room.PUBLIC, at=at)
    liked = Signal(remote_id="first", kind="like", actor="kim", at=at)
    hear_between_good_ones(account, *bad, deletions=(gone,), signals=(liked,))
    hear(account, says("bad", who="kim", created_at=at))
    post = Post.objects.get(remote_id="bad")
    assert post.created_at in (EARLIEST, LATEST)
    assert not post.edited
    assert Post.objects.get(remote_id="first").likes == 1


@pytest.mark.parametrize("where", [
    "remote_id", "reply_to", "reply_to_author", "thread", "quote_of", "counterpart", "author",
])  # fmt: skip
@pytest.mark.parametrize("name", [HUGE, "4\0", "4\ud83d"], ids=["huge", "NUL", "half a character"])
def test_an_impossible_id_refuses_its_event_alone_and_is_named_in_the_log(
    account, where, name, caplog
):
    bad = says("bad", who="kim")
    value = Author(id=name, handle="kim") if where == "author" else name
    fields = {field: getattr(bad, field) for field in bad.__struct_fields__}
    hear_between_good_ones(account, type(bad)(**{**fields, where: value}))
    assert Post.objects.count() == 2
    assert not Post.objects.filter(remote_id__startswith="9").exists(), "cut to another's id"
    assert "listen.refused" in caplog.text
    assert "bad" in caplog.text or where == "remote_id"


def test_an_id_as_long_as_they_may_be_is_kept_whole(account):
    name = "\N{PILE OF POO}" * LONGEST_ID
    hear(account, says(name, author=Author(id=name, handle="kim"), thread=name, reply_to=name))
    assert Post.objects.get().remote_id == name


def test_impossible_deletions_and_signals_hold_up_nothing(account):
    hear_between_good_ones(
        account,
        deletions=(Deletion(remote_id=HUGE, room=Room.PUBLIC, at=minutes(1)),
                   Deletion(remote_id="first", room=Room.PUBLIC, at=minutes(2))),
        signals=(Signal(remote_id="last", kind="like", actor=HUGE, at=minutes(1)),
                 Signal(remote_id="last", kind="like", actor="kim", at=minutes(1))),
    )  # fmt: skip
    assert Post.objects.get(remote_id="first").deleted_at == minutes(2)
    assert Post.objects.get(remote_id="last").likes == 1


def test_names_pictures_and_links_are_made_fit_to_keep(account):
    author = Author(id="kim", handle="k\0im\ud83d", name="K" * 10_000, avatar="https://x/\0")
    media = Media(kind="picture", url="https://x/\ud83d" + "9" * 10_000, alt="alt\0")
    hear_between_good_ones(
        account,
        says(
            "bad",
            author=author,
            media=(media,),
            links=("https://example.com/\ud83d",),
            lang="e\0n" * 100,
        ),
    )
    kim = Identity.objects.get(remote_id="kim")
    assert (len(kim.name), "\0" in kim.handle) == (200, False)
    assert Case.objects.count() == 3


def test_a_post_that_breaks_a_later_stage_waits_and_the_rest_goes_in(account, monkeypatch, caplog):
    judge = work.judge_heard

    def stumble(*, heard, now):
        if any(h.said.remote_id == "bad" for h in heard):
            raise ZeroDivisionError("the judge fell over")
        return judge(heard=heard, now=now)

    monkeypatch.setattr(work, "judge_heard", stumble)
    hear(
        account,
        says("first"),
        says("bad", who="kim"),
        says("last", who="omar"),
        cursor="next",
        raw=b"as it came",
    )
    assert Post.objects.count() == 3
    assert Case.objects.count() == 2
    assert RawPage.objects.count() == 1
    assert Account.objects.get().cursor == "next"
    waiting = Unfinished.objects.get()
    assert "fell over" in waiting.trouble
    work.finish_waiting(now=minutes(700))
    assert Unfinished.objects.get().tries == 1
    monkeypatch.undo()
    assert work.finish_waiting(now=minutes(800)) == 1
    assert Case.objects.count() == 3
    assert not Unfinished.objects.exists()


def test_trouble_told_by_a_network_can_be_kept_whatever_it_says(account):
    actions.rest(account_id=account, until=minutes(5), trouble="down\0" + "x" * 10_000)
    kept = Account.objects.get()
    assert (kept.rest_until, len(kept.trouble)) == (minutes(5), actions.LONGEST_TROUBLE)


ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=30)  # half characters too


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    bad=st.builds(
        says,
        remote_id=ANY_TEXT,
        text=ANY_TEXT,
        thread=ANY_TEXT,
        lang=ANY_TEXT,
        created_at=st.datetimes(timezones=st.just(UTC)),
        author=st.builds(
            Author, id=ANY_TEXT, handle=ANY_TEXT, name=ANY_TEXT, followers=st.none() | st.integers()
        ),
    )
)
def test_no_post_whatever_it_holds_keeps_its_neighbours_out(account, bad):
    page = Page(posts=(bad, says("good", who="lena")))
    with transaction.atomic():
        taken = actions.take_in(account_id=account, now=minutes(0), page=page)
        transaction.set_rollback(True)
    assert "good" in {h.said.remote_id for h in taken.heard}


def test_nobody_rewrites_the_words_of_another():
    account = connected()
    hear(account, writes("letter-1", "where is my parcel"))
    forged = writes("letter-1", "cancel my contract", who="mallory", counterpart="mallory", at=5)
    hear(account, forged, says("2", "and this one goes in"))
    assert Post.objects.get(remote_id="letter-1").text == "where is my parcel"
    assert Post.objects.filter(remote_id="2").exists()
