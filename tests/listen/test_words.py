"""Words follow their posts: new, edited, deleted, erased, late."""

from __future__ import annotations

import pytest

import factories
from sanderling.listen import tidy, words
from sanderling.listen.models import Post, Reworded, Words
from sanderling.store.sql import as_json, run

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def write():
    account, author = factories.account(), factories.identity()

    def one(text="No signal", **given):
        return factories.post(account, author, text, **given)

    return one


def known() -> set[int]:
    return set(Words.objects.values_list("pk", flat=True))


def holding(word: str) -> set[int]:
    return set(Words.objects.filter(words=word).values_list("pk", flat=True))


def gone(post):
    rows = [{"scope": post.scope, "remote_id": post.remote_id, "at": NOW}]
    run("listen/put_deletions", {"network": post.network, "rows": as_json(rows)})


def test_new_posts_are_read_in_batches_of_any_size(write):
    posts = {write(f"word{n}").pk for n in range(7)}
    assert words.read_all(limit=3) == 3
    assert known() == posts
    assert words.read_all() == 1


def test_a_post_that_is_committed_late_is_found_all_the_same(write):
    late, first = write("late"), write("first")
    Post.objects.filter(pk=late.pk).update(text="")  # as if it were not there yet
    words.read_all()
    assert known() == {first.pk}
    Post.objects.filter(pk=late.pk).update(text="late")
    words.read_all()
    assert known() == {first.pk, late.pk}


def test_an_edit_is_read_again(write):
    post = write("no signal")
    words.read_all()
    edit = {"id": post.pk, "text": "all good", "version_at": "2026-11-30T00:00:00Z", "media": None}
    run("listen/edit_posts", {"rows": as_json([edit])})
    words.read_all()
    assert (holding("signal"), holding("good")) == (set(), {post.pk})
    assert not Reworded.objects.exists()


def test_what_is_deleted_leaves_and_never_enters(write):
    stood, new = write("stood here"), write("new")
    gone(new)
    words.read_all()
    assert known() == {stood.pk}
    gone(stood)
    words.read_all()
    assert known() == set()


def test_what_is_erased_leaves(write):
    post = write("secret")
    words.read_all()
    Post.objects.filter(pk=post.pk).update(deleted_at=NOW)  # by an older version of the desk
    assert tidy.forget_deleted([post.network]) == [post.pk]
    words.read_all()
    assert known() == set()
