"""The load generator: the same posts for the same seed, of the promised mixture."""

from __future__ import annotations

from itertools import islice

import pytest

from sanderling.core.network import Room
from sanderling.networks.practice import flood
from sanderling.networks.practice.cast import CARE


def test_a_flood_has_so_many_posts_in_pages_and_never_the_same_one_twice() -> None:
    pages = list(flood(1030, page=100))
    posts = [post for page in pages for post in page.posts]
    assert [len(page.posts) for page in pages] == [100] * 10 + [30]
    assert [page.more for page in pages] == [True] * 10 + [False]
    assert len({post.remote_id for post in posts}) == len(posts) == 1030


def test_the_same_seed_floods_with_the_same_posts_and_another_with_others() -> None:
    assert list(flood(300, seed=5)) == list(flood(300, seed=5))
    ids = [{p.remote_id for page in flood(300, seed=s) for p in page.posts} for s in (5, 6)]
    assert not ids[0] & ids[1]


def test_half_come_from_someone_who_wrote_before_and_the_mixture_is_as_promised() -> None:
    posts = [post for page in flood(4000) for post in page.posts]
    authors = {post.author.id for post in posts}
    assert len(authors) / len(posts) == pytest.approx(0.5, abs=0.05)
    mentions = sum(CARE.id in post.mentions for post in posts)
    assert mentions / len(posts) == pytest.approx(0.85, abs=0.1)
    direct = [post for post in posts if post.room == Room.DIRECT]
    assert len(direct) / len(posts) == pytest.approx(1 / 16, abs=0.02)
    assert all(post.counterpart == post.author.id for post in direct)
    known = {post.remote_id: post for post in posts}
    replies = [post for post in posts if post.reply_to]
    assert len(replies) / len(posts) == pytest.approx(1 / 8, abs=0.03)
    assert all(known[post.reply_to or ""].thread == post.thread for post in replies)
    assert len({post.text for post in posts}) > 3000


def test_a_flood_is_endless_in_constant_memory() -> None:
    pages = islice(flood(10**9), 3)
    assert sum(len(page.posts) for page in pages) == 600
