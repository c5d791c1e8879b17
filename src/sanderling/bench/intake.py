"""From a page of posts to committed, matched, judged, placed and clocked cases."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec

from sanderling.bench import backlog, corpus, stand
from sanderling.bench.stand import START, database_cpu_s, empty_desk
from sanderling.cases.work import receive
from sanderling.core.network import Author, Page, Post, Room

PAGE = 500
COLUMNS = 1_000
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Page).decode


def run(*, posts: int, stored: int) -> dict[str, float]:
    """Take in `posts` on a desk where `stored` stand already, then the same again as known ones."""
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
        database, own, wall = database_cpu_s(folder), time.process_time(), time.perf_counter()
        _take(account, measured)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        database = database_cpu_s(folder) - database
        count = posts - PAGE * len(warm)
        again = time.perf_counter()
        _take(account, measured)
        again = time.perf_counter() - again
    return {
        "posts": count,
        "posts_per_s": round(count / wall),
        "cpu_us_per_post": round(1e6 * (own + database) / count, 1),
        "app_cpu_us_per_post": round(1e6 * own / count, 1),
        "database_cpu_us_per_post": round(1e6 * database / count, 1),
        "known_posts_per_s": round(count / again),
        "worker_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "stored": stored,
    }


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
