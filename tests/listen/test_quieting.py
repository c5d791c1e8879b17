"""What a column leaves out: posts, authors and threads; they stay in the desk and come back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from river import NOON, connected, hear, says
from sanderling.cases.queries import column_posts
from sanderling.listen import columns, quieting
from sanderling.listen.decks import add_deck
from sanderling.listen.models import ColumnPost, Post
from sanderling.listen.queries import column, left_out, volumes
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def account():
    return factories.account()


@pytest.fixture
def sam():
    return factories.identity("Sam Oduya")


def shown(col) -> list[str]:
    return [p.text for p in column_posts(col.pk)]


def mute(col, post, what, ada, *, everywhere=False) -> int:
    return quieting.mute(
        column_id=col.pk, post_id=post.pk, what=what, everywhere=everywhere, by=ada.pk, now=NOON
    )


def test_an_ignored_post_leaves_its_column_only_and_comes_back(ada, account, sam):
    one, two = (factories.post(account, sam, text) for text in ("one", "two"))
    here, there = factories.column("Here", "x", one, two), factories.column("There", "x", one)
    for _ in "twice":
        quieting.ignore(column_id=here.pk, post_id=one.pk, by=ada.pk, now=NOON)
    assert (shown(here), shown(there)) == (["two"], ["one"])
    assert [(o.kind, o.name, o.by) for o in left_out(column(here.pk))] == [
        ("post", "one", "Ada Lund")
    ]
    quieting.bring_back(column_id=here.pk, post_id=one.pk, by=ada.pk, now=NOON)
    assert shown(here) == ["two", "one"]
    assert left_out(column(here.pk)) == []
    moves = Move.objects.filter(kind="post", row=one.pk).order_by("id")
    assert [m.move for m in moves][-2:] == ["ignored", "brought back"]


def test_a_muted_author_is_not_shown_here_or_in_the_whole_deck(ada, account, sam):
    loud, calm = factories.post(account, sam, "loud"), factories.post(
        account, factories.identity("Mara Lind"), "calm"
    )  # fmt: skip
    other = add_deck(name="Mine", shared="own", team=None, by=ada.pk, now=NOON)
    here, there = (factories.column(n, "x", loud, calm) for n in ("Here", "There"))
    elsewhere = factories.column("Elsewhere", "x", loud, deck=other)
    one = mute(here, loud, "author", ada)
    assert (shown(here), shown(there)) == (["calm"], ["calm", "loud"])
    everywhere = mute(there, loud, "author", ada, everywhere=True)
    assert mute(there, loud, "author", ada, everywhere=True) == everywhere
    assert (shown(there), shown(elsewhere)) == (["calm"], ["loud"])
    assert [o.everywhere for o in left_out(column(there.pk))] == [True]
    for made in (one, everywhere, everywhere):
        quieting.unmute(muted_id=made, by=ada.pk, now=NOON)
    assert (shown(here), shown(there)) == (["calm", "loud"], ["calm", "loud"])


def test_a_muted_thread_is_silent_whoever_writes_in_it(ada, account, sam):
    mara = factories.identity("Mara Lind")
    root = factories.post(account, sam, "root")
    told = factories.post(account, mara, "told", thread=root.remote_id, reply_to="between")
    untold = factories.post(account, mara, "untold", reply_to=root.remote_id)
    apart = factories.post(account, sam, "apart")
    away = factories.account(network="elsewhere")
    twin = factories.post(away, mara, "same id elsewhere", remote_id=root.remote_id)
    col = factories.column("Here", "x", root, told, untold, apart, twin)
    for post in (root, told, untold):
        made = mute(col, post, "thread", ada)
        assert shown(col) == ["same id elsewhere", "apart"]
        quieting.unmute(muted_id=made, by=ada.pk, now=NOON)
    assert len(shown(col)) == 5


def test_what_is_muted_makes_no_column_hot(ada, account, sam):
    loud = [factories.post(account, sam, "loud", created_at=NOON) for _ in range(3)]
    calm = factories.post(account, factories.identity("Mara Lind"), "calm", created_at=NOON)
    col = factories.column("Here", "x", *loud, calm)
    mute(col, loud[0], "author", ada)
    assert volumes([col.pk], NOON)[col.pk].lately == 1


def test_a_mute_changes_nothing_about_what_is_caught(ada):
    account = connected()
    col = columns.add_column(name="All", query="dead", by=None, now=NOON)
    hear(account, says("1"))
    quieting.mute(
        column_id=col, post_id=Post.objects.get().pk, what="author", everywhere=True,
        by=ada.pk, now=NOON,
    )  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as asked:
        hear(account, says("2"))
    assert ColumnPost.objects.filter(column_id=col).count() == 2
    assert column_posts(col) == []
    assert not [q for q in asked if "listen_muted" in q["sql"] or "listen_ignored" in q["sql"]]


def test_what_is_gone_cannot_be_left_out_and_that_is_said(ada, account, sam):
    post = factories.post(account, sam, "one")
    with pytest.raises(quieting.NothingThere, match="Nothing was changed"):
        quieting.ignore(column_id=987, post_id=post.pk, by=ada.pk, now=NOON)
    quieting.unmute(muted_id=987, by=ada.pk, now=NOON)
