"""From a page of posts to committed, matched, judged, placed and clocked cases."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from sanderling.bench import backlog, corpus, stand
from sanderling.bench.stand import START, database_cpu_s, empty_desk
from sanderling.cases.work import receive
from sanderling.core.network import Author, Page, Post, Room
from sanderling.core.policy import shipped_text
from sanderling.policy.actions import apply

PAGE = 500
BLOCK = 4
"""Pages taken in under one policy, before the other has its turn."""
COLUMNS = 1_000
BARE = """
name = "Two promises"
[[goals]]
name = "Everything"
when = "true"
acknowledge = "1h"
answer = "4h"
"""
"""What the full default policy is measured against: the same two promises for every post."""
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Page).decode


def run(*, stored: int, posts: int = 20_000) -> dict[str, float]:
    """Take in `posts` on a desk where `stored` stand already, then the same again as known ones.

    Blocks of pages are taken in under the default policy and under BARE in turn, so that what the
    machine does beside them weighs on both alike.
    """
    with empty_desk() as folder:
        account = stand.our_account()
        stand.add_columns(COLUMNS)
        if stored:
            cases = stored // backlog.POSTS
            backlog.build(cases=cases, account=account, agents=stand.agents(8), now=START)
            stand.settle(folder)
        everything = [_encode(p) for p in pages(posts, people=max(1_000, posts))]
        warm, measured = everything[:4], everything[4:]
        _take(account, warm)
        full, bare = _Cost(), _Cost()
        for number, start in enumerate(range(0, len(measured), BLOCK)):
            cost, text = (full, shipped_text()) if number % 2 == 0 else (bare, BARE)
            apply(text=text, by=None, note="", now=START)
            cost.add(folder, account, measured[start : start + BLOCK])
        count = posts - PAGE * len(warm)
        again = time.perf_counter()
        _take(account, measured)
        again = time.perf_counter() - again
    return {
        "posts": count,
        "posts_per_s": round(full.posts / full.wall),
        "cpu_us_per_post": full.us(full.own + full.database),
        "app_cpu_us_per_post": full.us(full.own),
        "database_cpu_us_per_post": full.us(full.database),
        "cpu_us_per_post_with_two_promises": bare.us(bare.own + bare.database),
        "policy_costs_pct": round(100 * (full.cpu / bare.cpu - 1), 1),
        "known_posts_per_s": round(count / again),
        "worker_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "stored": stored,
    }


@dataclass
class _Cost:
    """What it took to take posts in: seconds of CPU, here and in the database, and by the clock."""

    posts: int = 0
    own: float = 0
    database: float = 0
    wall: float = 0

    @property
    def cpu(self) -> float:
        """Seconds of CPU a post."""
        return (self.own + self.database) / max(1, self.posts)

    def us(self, seconds: float) -> float:
        """Microseconds a post."""
        return round(1e6 * seconds / max(1, self.posts), 1)

    def add(self, folder: Path, account: int, encoded: Sequence[bytes]) -> None:
        """Take some pages in."""
        database, own, wall = database_cpu_s(folder), time.process_time(), time.perf_counter()
        _take(account, encoded)
        self.wall += time.perf_counter() - wall
        self.own += time.process_time() - own
        self.database += database_cpu_s(folder) - database
        self.posts += PAGE * len(encoded)


def _take(account: int, encoded: Sequence[bytes]) -> None:
    for number, body in enumerate(encoded):
        receive(account_id=account, page=_decode(body), now=START + timedelta(seconds=number))


def pages(count: int, *, people: int) -> Iterator[Page]:
    """`count` posts in pages: mentions, a third replies in threads, one in twenty a message."""
    rng = random.Random(5)
    texts = corpus.posts(min(count, 20_000), seed=7)
    posts = [_post(rng, n, texts[n % len(texts)], people) for n in range(count)]
    for start in range(0, count, PAGE):
        part = tuple(posts[start : start + PAGE])
        yield Page(posts=part, cursor=str(start))


def _post(rng: random.Random, number: int, text: str, people: int) -> Post:
    who = f"p{rng.randrange(people)}"
    direct = rng.random() < 0.05
    reply = not direct and number > 10 and rng.random() < 0.33
    return Post(
        remote_id=f"r{number}",
        author=Author(id=who, handle=who, name=who.upper(), followers=len(who) * 100),
        text=text if direct else f"@NorthwindCare {text}",
        created_at=START + timedelta(seconds=number),
        room=Room.DIRECT if direct else Room.PUBLIC,
        reply_to=f"r{number - rng.randrange(1, 10)}" if reply else None,
        thread=None if direct else f"t{number // 3}",
        counterpart=who if direct else None,
        mentions=() if direct else ("us",),
        lang=rng.choice(["en", "de", None]),
    )
