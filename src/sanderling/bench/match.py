"""How many posts a second one core puts into columns, and how long a new matcher takes."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable, Sequence

from sanderling.bench import corpus
from sanderling.core.query import Matcher, Subject, parse

_POSTS = 4_000
_ROUNDS = 5


def run(*, columns: Sequence[int] = (1_000, 10_000, 100_000)) -> dict[str, dict[str, float]]:
    """For each number of columns, by its digits: medians of CPU time on one core.

    `posts_per_s` has folding of the text in it. `rebuild_s` is a new matcher of parsed queries, as
    after a change of one column; `first_build_s` has the parsing of them all as well.
    `hits_per_post` says how much there was to find.
    """
    subjects = _subjects(_POSTS)
    return {str(n): _measure(n, subjects) for n in columns}


def _measure(n: int, subjects: list[Subject]) -> dict[str, float]:
    texts = corpus.columns(n)
    parsing = _cpu_s(lambda: list(map(parse, texts)), rounds=1)
    queries = dict(enumerate(map(parse, texts)))
    rebuild = _cpu_s(lambda: Matcher(queries), rounds=3)
    matcher = Matcher(queries)
    matching = _cpu_s(lambda: matcher.match(subjects), rounds=_ROUNDS)
    return {
        "posts_per_s": round(len(subjects) / matching),
        "rebuild_s": round(rebuild, 3),
        "first_build_s": round(parsing + rebuild, 3),
        "hits_per_post": round(sum(map(len, matcher.match(subjects))) / len(subjects), 3),
    }


def _cpu_s(work: Callable[[], object], rounds: int) -> float:
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def _subjects(n: int) -> list[Subject]:
    """The corpus as subjects, with the facts that a network tells beside the text."""
    rng = random.Random(3)
    return [_subject(rng, text) for text in corpus.posts(n, seed=11)]


def _subject(rng: random.Random, text: str) -> Subject:
    return Subject(
        text=text,
        handle=rng.choice(corpus.vocabulary()),
        mentions=tuple(re.findall(r"@(\w+)", text)),
        links=tuple(re.findall(r"https://\S+", text)),
        lang=rng.choice(["en", "en", "en", "de", "fr", None]),
        followers=int(rng.paretovariate(1) * 50),
        has_media=rng.random() < 0.2,
        is_reply=rng.random() < 0.3,
        is_repost=rng.random() < 0.2,
        network=rng.choice(["x", "bluesky", "mastodon"]),
        account="northwindcare",
    )
