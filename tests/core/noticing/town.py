"""A town that writes to its companies in invented words: quiet days, and what breaks into them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sanderling.core.noticing import Detector, Joined, Noticed, Said

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SOUNDS = ("ba", "do", "fe", "gi", "ka", "lu", "me", "no", "pi", "ro", "su", "ta", "vo", "zi")
VOCABULARY = list(
    dict.fromkeys("".join(random.Random(n).choices(SOUNDS, k=2 + n % 3)) for n in range(3_000))
)
ZIPF = list(accumulate(1 / (rank + 5) for rank in range(len(VOCABULARY))))
BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 9, 9, 9, 9, 9, 10, 11, 12, 11, 9, 6, 4)

OUTAGE = ("router", "blinking", "red", "internet", "down", "since", "storm", "ravensburg")


def quiet(
    days: int, *, a_day: int = 250, brand: str = "Northwind", seed: int = 1, first: int = 0
) -> list[Said]:
    """Posts about anything, with a daily rhythm; half of them complain."""
    rng = random.Random(seed)
    posts = []
    for hour in range(days * 24):
        for _ in range(round(rng.gauss(1, 0.2) * a_day * BY_HOUR[hour % 24] / sum(BY_HOUR))):
            at = MONDAY + timedelta(hours=hour, minutes=rng.uniform(0, 60))
            text = " ".join(rng.choices(VOCABULARY, cum_weights=ZIPF, k=rng.randrange(6, 14)))
            author = f"{brand} {rng.randrange(5_000)}"
            posts.append(Said(0, at, author, brand, text, rng.random() < 0.5))
    posts.sort(key=lambda said: said.at)
    return [numbered(said, first + number) for number, said in enumerate(posts)]


def numbered(said: Said, number: int) -> Said:
    return Said(number, said.at, said.author, said.brand, said.text, said.complains)


def burst(  # noqa: PLR0913  a burst is all of this
    count: int,
    begins: datetime,
    *,
    minutes: float = 60,
    brand: str = "Northwind",
    about: tuple[str, ...] = OUTAGE,
    first: int = 1_000_000,
    seed: int = 7,
) -> list[Said]:
    """Different people in the same trouble: each uses four of its words, and others."""
    rng = random.Random(seed)
    times = sorted(rng.uniform(0, minutes) for _ in range(count))
    return [
        Said(
            first + number,
            begins + timedelta(minutes=after),
            f"hit {first + number}",
            brand,
            " ".join(
                rng.sample(about, 4) + rng.choices(VOCABULARY, cum_weights=ZIPF, k=rng.randrange(4))
            ),
            complains=True,
        )
        for number, after in enumerate(times)
    ]


def hear(detector: Detector, posts: list[Said]) -> list[Noticed | Joined]:
    """All posts in order of time, minute by minute, as a worker would tell them."""
    told, page = [], []
    for said in sorted(posts, key=lambda said: said.at):
        if page and said.at - page[0].at > timedelta(minutes=1):
            told += detector.hear(page)
            page = []
        page.append(said)
    return told + detector.hear(page)


def noticed(told: list[Noticed | Joined]) -> list[Noticed]:
    return [one for one in told if isinstance(one, Noticed)]


def joined(told: list[Noticed | Joined], key: str) -> list[int]:
    return [
        post for one in told if isinstance(one, Joined) and one.key == key for post in one.posts
    ]
