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

    `posts_per_s` has folding of the text in it. `rebuild_s` is a new matcher from the texts of all
    columns in a process that had one, `first_build_s` in a process that had none.
    `hits_per_post` says how much there was to find.
    """
    subjects = _subjects(_POSTS)
    return {str(n): _measure(n, subjects) for n in columns}


def _measure(n: int, subjects: list[Subject]) -> dict[str, float]:
    texts = corpus.columns(n)
    parse.cache_clear()
    first_build = _cpu_s(lambda: _matcher(texts), rounds=1)
    rebuild = _cpu_s(lambda: _matcher(texts), rounds=_ROUNDS)
    matcher = _matcher(texts)
    matching = _cpu_s(lambda: matcher.match(subjects), rounds=_ROUNDS)
    return {
        "posts_per_s": round(len(subjects) / matching),
        "rebuild_s": round(rebuild, 3),
        "first_build_s": round(first_build, 3),
        "hits_per_post": round(sum(map(len, matcher.match(subjects))) / len(subjects), 3),
    }


def _matcher(texts: list[str]) -> Matcher:
    return Matcher(enumerate(map(parse, texts)))


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
